"""What to do: computed from findings, never stored."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """The five states. Each is told by word, shape, place and colour."""

    DO_TODAY = "do-today"
    DO_THIS_WEEK = "do-this-week"
    GOOD_TO_KNOW = "good-to-know"
    NOTHING_FOUND = "nothing-found"
    COULD_NOT_CHECK = "could-not-check"

    @property
    def rank(self) -> int:
        """Order on screen: 0 is the most urgent."""
        return _RANK[self]


_RANK = {
    Level.DO_TODAY: 0,
    Level.DO_THIS_WEEK: 1,
    Level.COULD_NOT_CHECK: 2,
    Level.GOOD_TO_KNOW: 3,
    Level.NOTHING_FOUND: 4,
}


@dataclass(frozen=True)
class Step:
    """One thing to do. ``minutes``: about; ``link``: https address from our own resources, or None."""

    text: str
    minutes: int
    link: str | None = None


@dataclass(frozen=True)
class Advice:
    """The five-line pattern for one or more findings.

    ``title``: what we saw; ``why``: what it means; ``steps[0]``: first thing to do; ``later``: what can wait;
    ``help_line``: who can help. ``answers``: finding keys (or source ids for "could not check"); ``key``: stable.
    """

    key: str
    level: Level
    title: str
    why: str
    steps: tuple[Step, ...]
    answers: tuple[str, ...]
    later: str = ""
    help_line: str = ""
    due: date | None = None
    person_id: str = field(default="")
