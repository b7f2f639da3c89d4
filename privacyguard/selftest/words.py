"""Whether the words are there and whole, in every language that the app is offered in."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from privacyguard import i18n
from privacyguard.advice import helplines, letters
from privacyguard.advice import visits as by_hand
from privacyguard.doctor import Check
from privacyguard.i18n import N_, _
from privacyguard.model.visit import Visit
from privacyguard.selftest import parts

KNOWN = N_("Get help now")
"""On every page, so in every catalogue, and nowhere the same as in English."""

BROKEN = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, struct.error)
"""What comes of a file that is missing, cut, or another than it should be, and of a blank in a sentence that nothing fills."""


def words(resources: Path, languages: Sequence[str] = i18n.LANGUAGES) -> Check:
    """Whether each language has a catalogue and letters, and every letter, all help and the report can be made in it.

    ``resources``: the folder of our texts.
    """
    what = _("words")
    broken = [f"{part} ({language})" for language in languages for part in _broken(language, resources)]
    if broken:
        return Check(what, False, _("missing or broken: {names}").format(names=", ".join(broken)))
    return Check(what, True, _("whole in each language: {names}").format(names=", ".join(languages)))


def _broken(language: str, resources: Path) -> list[str]:
    each: Mapping[str, Callable[[], bool]] = {
        "catalogue": lambda: language == letters.ENGLISH or _(KNOWN) != KNOWN,
        "letters": lambda: all(_letters(language, resources / "letters")),
        "help": lambda: all(_help(resources / "help")),
        "report": lambda: parts.report(resources).ok,
    }
    try:
        with _speaking(language, resources / "locale"):
            return [name for name, is_whole in each.items() if not _holds(is_whole)]
    except BROKEN:
        return ["catalogue"]


def _holds(is_whole: Callable[[], bool]) -> bool:
    try:
        return is_whole()
    except BROKEN:
        return False


@contextmanager
def _speaking(language: str, catalogues: Path) -> Iterator[None]:
    """In this language meanwhile. Raises one of :data:`BROKEN` for a catalogue that cannot be read."""
    before = i18n.chosen()
    try:
        i18n.install(catalogues, [language])
        yield
    finally:
        i18n.choose(before)


def _letters(language: str, data: Path) -> Iterator[bool]:
    """For each letter, to everybody that one can be written to, whether it says something and every blank is filled."""
    yield (data / f"{language}.json").is_file()  # else the letter would be English
    for law in letters.laws(data):
        for kind in letters.LETTER_KINDS:
            for child in (None, "Kim"):
                made = letters.letter(
                    kind,
                    "Example Gym",
                    "Zoe",
                    min(law.countries, default=""),
                    law.checked_on,
                    child_name=child,
                    leaked_on=law.checked_on,
                    language=language,
                    data=data,
                )
                yield all((made.title, made.note, "Example Gym" in made.body)) and "{" not in made.text


def _help(data: Path) -> Iterator[bool]:
    """For each country whether there is something to do first, and for each visit whether there is something to say."""
    lines, visits = data / "helplines.json", data / "visits.json"
    yield bool(helplines.countries(lines)) and bool(by_hand.visits(visits))
    for country, name in helplines.countries(lines):
        for under_18 in (True, False):
            steps = helplines.first_help(under_18, True, True, helplines.help_for(country, lines))
            yield bool(name and steps) and all(step.text for step in steps)
    for visit in by_hand.visits(visits):
        yield all(_told(visit))


def _told(visit: Visit) -> Sequence[str]:
    return (by_hand.finds(visit), *by_hand.leaving(visit), *by_hand.notes(visit), *by_hand.steps(visit))
