"""The regular check: what is kept of it, what it waits for, and what it has to say."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class Pace(StrEnum):
    """How often the regular check comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def period(self) -> timedelta:
        """From one check to the next. Lengths of time, not days of a calendar: they are the same in every time zone."""
        return _PERIODS[self]


_PERIODS = {Pace.DAILY: timedelta(days=1), Pace.WEEKLY: timedelta(days=7), Pace.MONTHLY: timedelta(days=30)}


class Waits(StrEnum):
    """Why there is no regular check now."""

    SWITCHED_OFF = "switched-off"
    PAUSED = "paused"
    KEYRING_LOCKED = "keyring-locked"
    CLOCK_SET_BACK = "clock-set-back"  # the computer's date lies long before what is kept
    NOT_DUE = "not-due"
    JUST_STARTED = "just-started"
    BROKEN_OFF = "broken-off"  # the last try never ended: the computer or the program was stopped in it
    CHECKING = "checking"  # another check is in progress
    OFFLINE = "offline"
    METERED = "metered"
    ON_BATTERY = "on-battery"
    BUSY = "busy"


class Icon(StrEnum):
    """What the tray shows."""

    RESTING = "resting"
    LOOKING = "looking"
    NEW = "new"
    COULD_NOT_CHECK = "could-not-check"


class NewsKind(StrEnum):
    """What the guard may have to say."""

    NEW = "new"  # a finding that was not known before
    RETURNED = "returned"  # a finding that was gone from the web and is back
    REMINDER = "reminder"  # "remind me": the day has come
    LETTER = "letter"  # no answer to a letter in time
    COULD_NOT_CHECK = "could-not-check"  # a place did not answer three times in a row, for a week


@dataclass(frozen=True)
class News:
    """Something to say, once. ``about``: the key of a finding, the id of a letter, or the id of a source.

    ``since``: tells one occasion from the next: the day of the reminder, the day an answer was due, the day it returned, the
    day the trouble began; None for a new finding. ``at``: when the guard learned of it; ``told_at``: when a notice was given;
    ``seen_at``: when the person saw it in the app.
    """

    kind: NewsKind
    person_id: str
    about: str = field(repr=False)
    at: datetime
    since: date | None = None
    told_at: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Conditions:
    """What the computer and the person are at now. What cannot be known counts as fine.

    ``presenting``: full screen or "do not disturb"; ``busy``: a small machine that is worked on.
    """

    on_battery: bool = False
    metered: bool = False
    online: bool = True
    presenting: bool = False
    busy: bool = False
    keyring_locked: bool = False


FINE = Conditions()
"""Nothing to wait for."""


@dataclass(frozen=True)
class GuardState:
    """What is kept of the regular check in the vault; off until the person switches it on. Times have their zone.

    ``switched_at``: when it was last switched on or off; ``due_at``: when the next check is due, of all places or of one that
    is caught up; ``regular_at``: when the next one of all places is; ``last_try_at``, ``last_end_at``: when the last check
    began and the last one ended; ``trying_since``: when the first check began that was broken off since then;
    ``set_back_at``: since when, by the clock of the computer, that clock lies before what is kept.
    """

    is_on: bool = False
    pace: Pace = Pace.WEEKLY
    switched_at: datetime | None = None
    due_at: datetime | None = None
    regular_at: datetime | None = None
    last_try_at: datetime | None = None
    last_end_at: datetime | None = None
    trying_since: datetime | None = None
    paused_until: datetime | None = None
    last_notice_at: datetime | None = None
    set_back_at: datetime | None = None


@dataclass(frozen=True)
class SourceRecord:
    """What is kept of one source, for one person.

    ``tried_at``: when it was last asked; ``asked_at``: when it last answered; ``failures``: how often in a row it did not,
    since ``failing_since``.
    """

    tried_at: datetime
    asked_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True)
class Presence:
    """What is kept of a finding on the web. ``missed``: good looks in a row that did not see it; ``gone_at``: since when it
    counts as gone; ``returned_at``: when it was back.
    """

    missed: int = 0
    gone_at: datetime | None = None
    returned_at: datetime | None = None


@dataclass(frozen=True)
class RunNow:
    """The regular check is due and nothing is in its way."""


@dataclass(frozen=True)
class WaitUntil:
    """Not now. ``at``: when to look again, None where only the person can change it; ``reason``: why."""

    at: datetime | None
    reason: Waits


Decision = RunNow | WaitUntil
