"""Letters to who may hold a person's data. Written here, sent by the person. Facts: advice-facts 3.1 and 3.3.

The texts are in ``resources/letters``, one file for each language; what a law says, in ``laws.json`` beside them.
"""

import json
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from privacyguard import wording
from privacyguard.advice.helplines import ELSEWHERE, countries
from privacyguard.i18n import N_, _

DATA = Path(__file__).resolve().parents[2] / "resources" / "letters"
ENGLISH = "en"

ASK, DELETE, LEAK, ARCHIVED = LETTER_KINDS = ("what-do-you-hold", "delete", "leak-question", "archive-removal")
ORGANISATION_KINDS = (ASK, DELETE, LEAK)
"""What can be asked of any organisation."""

_KIND_WORDS: Mapping[str, str] = {
    ASK: N_("Ask what they hold"),
    DELETE: N_("Ask them to delete it"),
    LEAK: N_("Ask what leaked"),
    ARCHIVED: N_("Ask an archive to take out its copies"),
}

_NOT_NAMED_IN: Mapping[str, frozenset[str]] = {ARCHIVED: frozenset({"us"})}
"""By kind of letter, laws that it does not name: the Act of California speaks of businesses, and the archive is none."""

CURRENT_FOR = timedelta(days=366)
"""A law that was looked up longer ago is not named any more (advice-facts, rule 13)."""

NO_LAW = "none"


@dataclass(frozen=True)
class Letter:
    """A letter, plain text. ``due_on``: by when an answer is due, or wanted; ``note``: for the person who sends it."""

    title: str
    body: str = field(repr=False)
    due_on: date
    note: str

    @property
    def text(self) -> str:
        """All of it, as it is copied or saved."""
        return f"{self.title}\n\n{self.body}\n"


@dataclass(frozen=True)
class Law:
    """What a letter may name in some countries. An answer is due after ``months`` and ``days``, of which one is 0."""

    code: str
    name: str
    countries: frozenset[str]
    months: int
    days: int
    checked_on: date

    def due_after(self, day: date) -> date:
        """By when an answer is due to a letter that arrives on this day."""
        return _months_later(day, self.months) + timedelta(days=self.days)


_NONE = Law(NO_LAW, "", frozenset(), 1, 0, date.max)


def letter(
    kind: str,
    recipient: str,
    person_name: str,
    country: str,
    today: date,
    *,
    child_name: str | None = None,
    leaked_on: date | None = None,
    addresses: Sequence[str] = (),
    language: str = ENGLISH,
    data: Path = DATA,
) -> Letter:
    """The letter, filled in. What is not known is left as a blank in brackets.

    Args:
        kind: one of :data:`LETTER_KINDS`.
        recipient: the organisation's name; shown as one line.
        person_name: of whoever signs; "" for a blank.
        country: two letters, of the person ("EU": some country of the Union); "" where it is not known.
        today: when it is sent.
        child_name: set for a parent's letter about a child; "" for a blank.
        leaked_on: when the leak was, for a question about one.
        addresses: of pages, pictures and copies, for a letter to an archive; a blank where there are none.
        language: of the text; English where there is no file for it in the folder ``data``.

    Raises:
        ValueError: an unknown kind, or a recipient without any sign that can be seen.
    """
    to = _one_line(recipient)
    if kind not in LETTER_KINDS or not to:
        raise ValueError("no such letter")
    texts, law = _texts(language, data), _law_of(country, kind, data)
    named = law if today - law.checked_on <= CURRENT_FOR else _NONE
    who = "adult" if child_name is None else "child"
    blanks = texts["blanks"]
    parts = {
        "recipient": to,
        "day": wording.day(today),
        "name": _one_line(person_name) or blanks["name"],
        "child": _one_line(child_name or "") or blanks["child"],
        "contact": blanks["contact"],
        "when": texts["when"].format(month=wording.month(leaked_on)) if leaked_on else "",
        "law": texts["laws"][named.code][kind],
        "addresses": "\n- ".join(map(_one_line, addresses)) or blanks["addresses"],
        "reach": blanks["reach"],
    }
    chosen = texts["letters"][kind][who]
    paragraphs = [*texts["head"], *chosen["paragraphs"], *chosen.get("tail", texts["tail"][who])]
    body = "\n\n".join(paragraph.format(**parts) for paragraph in paragraphs)
    return Letter(chosen["title"].format(**parts), body, law.due_after(today), _note(law, named))


def kind_words(kind: str) -> str:
    """What a kind of letter does, in a list of choices. Raises KeyError for an unknown one."""
    return _(_KIND_WORDS[kind])


def letter_countries() -> tuple[tuple[str, str], ...]:
    """Code and name of the countries to choose from: those with help lines, and those whose law alone we know."""
    known = [*countries(), ("CH", _("Switzerland"))]
    return tuple(sorted(known, key=lambda pair: (pair[0] in {"EU", ELSEWHERE}, pair[1])))


def law_of(country: str, kind: str = ASK) -> Law | None:
    """The law that gives a right to an answer to this letter in this country (two letters), None where we know of none."""
    law = _law_of(country, kind, DATA)
    return None if law is _NONE else law


def _law_of(country: str, kind: str, data: Path) -> Law:
    law = next((law for law in laws(data) if country.upper() in law.countries), _NONE)
    return _NONE if law.code in _NOT_NAMED_IN.get(kind, frozenset()) else law


def _note(law: Law, named: Law) -> str:
    advice = _("This is general information, not legal advice.")
    if law is _NONE:
        words = _("We know no law on this for your country. So the letter names none, and we remind you in a month.")
    elif named is _NONE:
        words = _("The law may have changed since we last looked. So the letter names none.")
    else:
        words = _("{law}. We last looked on {day}.").format(law=_(law.name), day=wording.day(law.checked_on))
    return f"{words} {advice}"


def _months_later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _one_line(text: str) -> str:
    """The text without line ends and without signs that hide or turn it."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())


@lru_cache(maxsize=4)
def _texts(language: str, data: Path) -> Mapping[str, Any]:
    file = data / f"{language if language.isascii() and language.isalpha() else ENGLISH}.json"
    found = file if file.is_file() else data / f"{ENGLISH}.json"
    texts: Mapping[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return texts


@lru_cache(maxsize=2)
def laws(data: Path = DATA) -> tuple[Law, ...]:
    """Every law that we know."""
    content = json.loads((data / "laws.json").read_text(encoding="utf-8"))
    return tuple(
        Law(
            code,
            str(entry["name"]),
            frozenset(entry["countries"]),
            int(entry.get("months", 0)),
            int(entry.get("days", 0)),
            date.fromisoformat(entry["checked_on"]),
        )
        for code, entry in content["laws"].items()
    )
