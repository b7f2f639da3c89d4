"""A checkup's results."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """How one source's part of a checkup ended."""

    CHECKED = "checked"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """One source's part of a checkup.

    ``findings``: keys; ``problem``: plain words, set when skipped or failed, or checked in part; ``seen``: how many things
    were looked at; ``unreadable``: how many of them could not be opened; ``left``: of a source that stopped in the middle,
    how many are still to be asked about: the next checkup goes on with them.
    """

    source_id: str
    status: Status
    findings: tuple[str, ...] = ()
    problem: str | None = None
    remedy: str | None = None
    seen: int = 0
    unreadable: int = 0
    left: int = 0
    asked_at: datetime | None = None
    """When it was asked, where that was in an earlier checkup whose outcome stays; None: in this one, or not at all."""


@dataclass(frozen=True)
class Checkup:
    """One run over the chosen sources. ``new``: keys of findings that were not known before."""

    started_at: datetime
    finished_at: datetime
    outcomes: tuple[Outcome, ...]
    person_id: str = ""
    new: tuple[str, ...] = field(default=())
    cancelled: bool = False
