"""The same leak, as several services tell of it: whether it is one, and what all of them say of it together."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from privacyguard.model.breach import Breach, letters
from privacyguard.model.sites import site_of

MONTHS_APART = 3
"""Between the dates that two services give for one leak: when it happened, or when it came to light."""

LETTERS_ALIKE = 4
""""scrape" and "scraped data" begin with these."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_SAME_WORDS = {
    "email": "email address",
    "mail address": "email address",
    "ip": "ip address",
    "phone": "phone number",
    "telephone number": "phone number",
    "dob": "date of birth",
    "birth date": "date of birth",
    "birthdate": "date of birth",
    "birthday": "date of birth",
}


def is_same_leak(a: Breach, b: Breach) -> bool:
    """Whether two services tell of one leak.

    Yes for equal names (letters and digits). Else their title or name is equal, or the site of both; and then the
    dates, where both are known, are at most :data:`MONTHS_APART` months apart. Two leaks of one site are told apart by
    a part of it (a.example.com, b.example.com), by a year in their name, or by what else it says ("Example Scrape",
    "Example 200M"). Pastes have nothing but their name.
    """
    if a.key == b.key:
        return True
    if a.paste or b.paste or not _dates_fit(a.occurred_on, b.occurred_on):
        return False
    site_a, site_b = site_of(a.domain), site_of(b.domain)
    if forms(a) & forms(b):
        return site_a is None or site_b is None or site_a == site_b
    return site_a is not None and site_a == site_b and not _told_apart(a, b, site_a)


def likeness(a: Breach, b: Breach) -> tuple[bool, bool, bool, float]:
    """How well two that may be one leak fit together, to be compared: of several known ones, the greatest is meant."""
    dates = a.occurred_on, b.occurred_on
    has_dates = None not in dates and _dates_fit(*dates)
    return a.key == b.key, bool(forms(a) & forms(b)), has_dates, SequenceMatcher(None, a.key, b.key).ratio()


def forms(breach: Breach) -> frozenset[str]:
    """Letters and digits of its name and of its title, case folded; of a paste, whose title says little, of its name."""
    return frozenset({breach.key, "" if breach.paste else letters(breach.title)} - {""})


def joined(old: Breach, new: Breach) -> Breach:
    """What both say of one leak, under the old one's name; of two words for one thing the one that says more."""
    return replace(
        old,
        title=max(old.title, new.title, key=lambda title: _title_rank(title, old.name, new.name)),
        domain=old.domain or new.domain,
        occurred_on=_finer(old.occurred_on, new.occurred_on),
        added_on=min(filter(None, (old.added_on, new.added_on)), default=None),
        data_classes=united(old.data_classes, new.data_classes),
        verified=old.verified or new.verified,
        sensitive=old.sensitive or new.sensitive,
        spam_list=old.spam_list and new.spam_list,
        malware=old.malware or new.malware,
        paste=old.paste or new.paste,
        knows_no_addresses=old.knows_no_addresses and new.knows_no_addresses,
    )


def united(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """The kinds of data of both, each once: of two spellings the longer one ("Passwords", not "password")."""
    words: dict[str, str] = {}
    for word in (*old, *new):
        form = class_form(word)
        words[form] = max(words.get(form, ""), word, key=len)
    return tuple(words.values())


def added(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """The new kinds of data that the old ones do not hold in any spelling."""
    known = {class_form(word) for word in old}
    return tuple(word for word in united((), new) if class_form(word) not in known)


@lru_cache(maxsize=1024)
def class_form(data_class: str) -> str:
    """One form for all spellings of a kind of data: case, apostrophes, hyphens and plurals do not count."""
    text = _APOSTROPHES.sub("", data_class.casefold().replace("e-mail", "email"))
    form = " ".join(_singular(word) for word in _WORD.findall(text))
    return _SAME_WORDS.get(form, form) or text


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


def _dates_fit(a: date | None, b: date | None) -> bool:
    if a is None or b is None:
        return True
    if a.year == b.year and (1, 1) in {(a.month, a.day), (b.month, b.day)}:
        return True  # where a service knows only the year, it says its first day
    return abs((a.year - b.year) * 12 + a.month - b.month) <= MONTHS_APART


def _told_apart(a: Breach, b: Breach, site: str) -> bool:
    part_a, part_b = (f".{one.domain.casefold().removeprefix('www.')}" for one in (a, b))
    if not part_a.endswith(part_b) and not part_b.endswith(part_a):
        return True  # two games of one company, say
    years_a, years_b = _years(a), _years(b)
    if years_a and years_b:
        if not years_a & years_b:
            return True
    elif any(_is_far(years, other.occurred_on) for years, other in ((years_a, b), (years_b, a))):
        return True
    rest_a, rest_b = _rest(a, site), _rest(b, site)
    return bool(rest_a and rest_b) and rest_a[:LETTERS_ALIKE] != rest_b[:LETTERS_ALIKE]


def _years(breach: Breach) -> frozenset[int]:
    return frozenset(int(year) for year in _YEAR.findall(f"{breach.name} {breach.title}"))


def _is_far(years: frozenset[int], day: date | None) -> bool:
    return bool(years) and day is not None and all(abs(year - day.year) > 1 for year in years)


def _rest(breach: Breach, site: str) -> str:
    """What the name says besides the site and a year; "" where the site is not in it."""
    name = letters(_YEAR.sub("", breach.name))
    for part in (letters(site), letters(site.partition(".")[0])):
        if part and part in name:
            return name.replace(part, "", 1)
    return ""


def _title_rank(title: str, *names: str) -> tuple[bool, bool, bool, bool, bool]:
    return bool(title), " " in title, title != title.lower(), title not in names, site_of(title) is None


def _finer(old: date | None, new: date | None) -> date | None:
    """The day that says more: services that know only the month or the year name its first day."""
    if old is None or new is None:
        return old or new
    is_rough = old.day == 1 and new.day != 1 and (old.year, old.month) == (new.year, new.month)
    is_rougher = (old.month, old.day) == (1, 1) != (new.month, new.day) and old.year == new.year
    return new if is_rough or is_rougher else old
