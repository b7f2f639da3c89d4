"""Which leaks happened at a service or organisation that a person named: compared here, on this computer.

By site: what counts is the part that somebody registered (``example.co.uk`` of ``shop.example.co.uk``). By name: letters
and digits are equal. An organisation's name may also say more than the leak's ("Example Gym Zurich"); see
:func:`_tells_apart`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from privacyguard.model.breach import Breach
from privacyguard.model.sites import site_of

LETTERS_AT_LEAST = 8
WORDS_AT_MOST = 12
"""Of an organisation's name; what follows is not compared."""

_NOT_A_LETTER = re.compile(r"[\W_]+")
_APOSTROPHE = re.compile("['’]")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
# Words that many names share, and plain words that are somebody's name as well. Measured with the 290 leaks that were in the
# list in July 2018 and 41,472 ordinary names of schools, clubs, shops and offices: no false match; of the leaks' own names with
# "Zurich" behind them, half are found.
_COMMON = frozenset(
    """
a academy accounts agency amateur an ancestry and army art arts assembly association at authority bank beach beautiful
big black blue board book books business by cafe care center central centre children church city civil class clinic
club coffee college committee community company council country county creative dance data day dental department
direct directory district doctors dump east education emails estate estates events exchange express family federation
fitness flashback florida football for force forum forums foundation free friends from fun game games gaming garden
gas general global golf government great green group gym gyms hall health high holiday home homes hospital hotel house
housing in institute insurance international kids kitchen lake landlord law league learning leisure library life
lifeboat light line list little local london lookbook magazine mail management market medical medicine minefield
modern monsters museum music muslim my national network new news north nursery of office old on online open
organisation organization our paradise park partners party people personal pharmacy photo photos plaza poker police
pool power practice primary private programming project property public records red regional rental republic
restaurant river royal running saint salon school science scouts secondary security service services shop shopping
social society solutions south spa special sport sports square star state station store street studio studios sun
sunday supply surgery swimming team technology tennis the theatre to town trade training travel trust union united
university unlimited valley verified video village virtual water wellness west white wild with women work works world
yellow yoga young youth
""".split()
)


class LeaksByService:
    """Leaks, found by site or by name in constant time each. ``aliases``: a leak's name to other names of its service."""

    def __init__(self, breaches: Iterable[Breach], aliases: Mapping[str, Sequence[str]] | None = None) -> None:
        self._by_site: dict[str, list[Breach]] = {}
        self._by_name: dict[str, list[Breach]] = {}
        self._by_words: dict[tuple[str, ...], list[Breach]] = {}
        for breach in breaches:
            more = (aliases or {}).get(breach.name, ())
            self._add(breach, more)

    def _add(self, breach: Breach, aliases: Sequence[str]) -> None:
        site = site_of(breach.domain)
        if site:
            self._by_site.setdefault(site, []).append(breach)
        titles = {breach.title, _BRACKETS.sub("", breach.title), *aliases}
        for name in {_letters(title) for title in [*titles, breach.name]} - {""}:
            self._by_name.setdefault(name, []).append(breach)
        # To hear of a list of addresses, or of a very private site, a person must have named just that.
        if not (breach.sensitive or breach.spam_list or breach.malware):
            for words in {_words(_BRACKETS.sub("", title)) for title in titles}:
                if _tells_apart(words):
                    self._by_words.setdefault(words, []).append(breach)

    def at(self, named: str, is_organisation: bool = False) -> list[Breach]:
        """The leaks at what a person named, each once: those with pictures first, then as they came.

        Args:
            named: a site, an address of it, or a name.
            is_organisation: its name may also say more than the leak's.
        """
        site = site_of(named)
        found = list(self._by_site.get(site, ())) if site else []
        found += self._by_name.get(_letters(named), ())
        if is_organisation and not site:
            words = _words(named)[:WORDS_AT_MOST]
            found += [breach for run in _runs(words) for breach in self._by_words.get(run, ())]
        return sorted(dict.fromkeys(found), key=lambda breach: not breach.has_pictures)


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text.casefold())


def _words(text: str) -> tuple[str, ...]:
    # An apostrophe is inside a word: Domino's.
    words = tuple(_NOT_A_LETTER.sub(" ", _APOSTROPHE.sub("", text.casefold())).split())
    return words[1:] if words[:1] == ("the",) else words


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The neighbouring words in a name, two or more; and its first word alone, for names begin with what they are."""
    if words:
        yield words[:1]
    yield from (words[start:end] for start in range(len(words)) for end in range(start + 2, len(words) + 1))


def _tells_apart(words: tuple[str, ...]) -> bool:
    """Whether a name can be looked for inside a longer one.

    One word or more, of eight letters together, and not only common words: "Modern Business Solutions" is part of the names
    of many.
    """
    return sum(map(len, words)) >= LETTERS_AT_LEAST and any(
        word not in _COMMON and not word.isdecimal() and len(word) > 2 for word in words
    )
