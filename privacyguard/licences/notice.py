"""The notice of everything inside: one text for people, which the window reads back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_

PAGE = "\f\n"
"""Between two parts; a page break for whoever prints it. No text of a licence keeps one."""

HEAD = "What PrivacyGuard is made of. Each part has a page: its name, its version, its licence, and the whole text of that.\n"


class LicenceMissing(PrivacyGuardError):
    """A part brings no text of its licence, or nobody says whose it is. The argument is its name or place."""

    title = N_("The licence of a part could not be read.")
    remedy = N_("Install PrivacyGuard again.")


@dataclass(frozen=True)
class Part:
    """Something inside the app. ``version``: "" where it has none; ``licence``: its short name, as SPDX where it is known."""

    name: str
    version: str
    licence: str
    text: str


def written(parts: Iterable[Part]) -> str:
    """The notice as a text."""
    return PAGE.join([HEAD, *map(_page, parts)])


def read(notice: str) -> tuple[Part, ...]:
    """The parts of a notice that :func:`written` made."""
    return tuple(map(_part, notice.split(PAGE)[1:]))


def _page(part: Part) -> str:
    lines = (f"Name: {part.name}", f"Version: {part.version}", f"Licence: {part.licence}", "")
    return "\n".join([*lines, part.text.replace("\f", "")])


def _part(page: str) -> Part:
    head, _blank, text = page.partition("\n\n")
    name, version, licence = (line.partition(": ")[2] for line in head.split("\n"))
    return Part(name, version, licence, text)


def holding(parts: Sequence[Part], wanted: str) -> tuple[Part, ...]:
    """Those whose name or licence has these letters; all for none."""
    letters = wanted.strip().casefold()
    return tuple(part for part in parts if letters in f"{part.name} {part.version} {part.licence}".casefold())
