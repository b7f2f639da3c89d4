"""When the regular check runs: pure functions over what is kept, what the computer is at, and the time.

All is counted in lengths of time between instants, so that travelling and summer time change nothing. ``now`` needs its zone;
what is kept is in UTC, since to add to a time of another zone is to move the hands of its clock.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.guard import (
    Conditions,
    Decision,
    GuardState,
    Pace,
    RunNow,
    SourceRecord,
    Waits,
    WaitUntil,
)

LOOK_AGAIN = timedelta(minutes=15)
"""While a check that is due waits for the network, power, or a quiet moment."""

SETTLING = timedelta(minutes=5)
"""After the computer started or woke up: a check that was missed does not add to the rush of that moment."""

PATIENCE: Mapping[Pace, timedelta] = {
    Pace.DAILY: timedelta(days=1),
    Pace.WEEKLY: timedelta(days=3),
    Pace.MONTHLY: timedelta(days=7),
}
"""So long a due check waits for power or a quiet moment, then it runs all the same: some laptops are used on battery only.
It never gives up waiting for the network, or for one that does not cost by amount."""

AFTER_BREAK = timedelta(hours=1)
"""From a try that never ended to the next: a check must not bring the computer down again and again."""

FIRST_RETRY = timedelta(hours=4)
RETRY = timedelta(days=1)
RETRIED_FOR = timedelta(days=14)
"""A place that did not answer is asked again after four hours, then once a day, for two weeks, then in its own pace."""

PAUSE = timedelta(days=1)

BELIEVED_AFTER = timedelta(days=1)
"""A clock that is set back is not believed before: computers with an empty clock battery start in a year long ago, until they
have asked the network for the time."""

AHEAD_AT_MOST = timedelta(days=1)
"""What is kept may lie so far ahead of the clock before that counts as set back."""

OWN_PACE: Mapping[str, Pace] = {
    "whatsmyname": Pace.MONTHLY,  # hundreds of sites for each user name
    "pages": Pace.WEEKLY,  # whole sites of others are walked through
    "brave": Pace.WEEKLY,  # each search counts against what the person pays
    "searxng": Pace.WEEKLY,  # a server of somebody's own
    **dict.fromkeys(("gravatar", "libravatar", "github", "bluesky", "mastodon", "keybase"), Pace.WEEKLY),
}
"""The shortest pace of sources that are not asked daily, whatever the person chose."""


def decide(
    state: GuardState | None,
    conditions: Conditions,
    now: datetime,
    awake_since: datetime | None = None,
    *,
    is_checking: bool = False,
) -> Decision:
    """Whether the regular check runs now; else when to look again, and why.

    ``state``: settled (:func:`settled`); None where the vault cannot be opened without asking. ``awake_since``: when the
    computer or the program started or woke up last; ``is_checking``: another check is in progress.
    """
    now = now.astimezone(UTC)
    if state is None or conditions.keyring_locked:
        return WaitUntil(now + LOOK_AGAIN, Waits.KEYRING_LOCKED)
    return _by_its_state(state, now, awake_since, is_checking) or _by_conditions(state, conditions, now) or RunNow()


def _by_its_state(
    state: GuardState, now: datetime, awake_since: datetime | None, is_checking: bool
) -> WaitUntil | None:
    if not state.is_on:
        return WaitUntil(None, Waits.SWITCHED_OFF)
    if state.set_back_at is not None:
        return WaitUntil(min(state.set_back_at + BELIEVED_AFTER, now + AFTER_BREAK), Waits.CLOCK_SET_BACK)
    if state.paused_until is not None and now < state.paused_until:
        return WaitUntil(state.paused_until, Waits.PAUSED)
    if is_checking:
        return WaitUntil(now + LOOK_AGAIN, Waits.CHECKING)
    if state.due_at is not None and now < state.due_at:
        return WaitUntil(state.due_at, Waits.NOT_DUE)
    if state.trying_since is not None and state.last_try_at is not None and now < state.last_try_at + AFTER_BREAK:
        return WaitUntil(state.last_try_at + AFTER_BREAK, Waits.BROKEN_OFF)
    if awake_since is not None and awake_since <= now < awake_since + SETTLING:
        return WaitUntil(awake_since + SETTLING, Waits.JUST_STARTED)
    return None


def _by_conditions(state: GuardState, conditions: Conditions, now: datetime) -> WaitUntil | None:
    if not conditions.online:
        return WaitUntil(now + LOOK_AGAIN, Waits.OFFLINE)
    if conditions.metered:
        return WaitUntil(now + LOOK_AGAIN, Waits.METERED)
    if state.due_at is not None and now - state.due_at >= PATIENCE[state.pace]:
        return None
    if conditions.on_battery:
        return WaitUntil(now + LOOK_AGAIN, Waits.ON_BATTERY)
    return WaitUntil(now + LOOK_AGAIN, Waits.BUSY) if conditions.busy else None


def settled(state: GuardState, now: datetime) -> GuardState:
    """The state as it is to be read at this time: the same, but after the clock was set back.

    Then nothing is done for :data:`BELIEVED_AFTER`. If the clock is put right meanwhile, all is as before; if not, it is
    believed, and what lies ahead of it is brought to where it can lie at most.
    """
    now = now.astimezone(UTC)
    if not _is_ahead(state, now):
        return state if state.set_back_at is None else replace(state, set_back_at=None)
    since = state.set_back_at
    if since is None or since > now:
        return replace(state, set_back_at=now)
    if now - since < BELIEVED_AFTER:
        return state
    return replace(
        state,
        switched_at=_at_most(state.switched_at, now),
        due_at=_at_most(state.due_at, now + state.pace.period),
        regular_at=_at_most(state.regular_at, now + state.pace.period),
        last_try_at=_at_most(state.last_try_at, now),
        last_end_at=_at_most(state.last_end_at, now),
        trying_since=_at_most(state.trying_since, now),
        paused_until=_at_most(state.paused_until, now),
        last_notice_at=_at_most(state.last_notice_at, now),
        set_back_at=None,
    )


def _is_ahead(state: GuardState, now: datetime) -> bool:
    past = (state.switched_at, state.last_try_at, state.last_end_at, state.trying_since, state.last_notice_at)
    coming = ((state.due_at, state.pace.period), (state.regular_at, state.pace.period), (state.paused_until, PAUSE))
    return any(moment is not None and moment > now + AHEAD_AT_MOST for moment in past) or any(
        moment is not None and moment > now + length + AHEAD_AT_MOST for moment, length in coming
    )


def _at_most(moment: datetime | None, limit: datetime) -> datetime | None:
    return None if moment is None else min(moment, limit)


# --- sources ---


def period_of(source_id: str, pace: Pace) -> timedelta:
    """From one question to a source to the next: its own pace, where that is slower than the person's."""
    own = OWN_PACE.get(source_id, Pace.DAILY)
    return max(own.period, pace.period)


def due_of(source_id: str, record: SourceRecord | None, pace: Pace) -> datetime | None:
    """When a source is due again; None: at once, it was never asked."""
    if record is None:
        return None
    period = period_of(source_id, pace)
    if not record.failures or record.failing_since is None:
        return (record.asked_at or record.tried_at) + period
    if record.failures == 1:
        return record.tried_at + FIRST_RETRY
    is_recent = record.tried_at - record.failing_since < RETRIED_FOR
    return record.tried_at + (RETRY if is_recent else period)


def sources_due(
    source_ids: Iterable[str],
    records: Mapping[str, SourceRecord],
    pace: Pace,
    now: datetime,
    *,
    in_regular: bool,
) -> frozenset[str]:
    """Which of the sources are asked in a check at this time.

    One of all places asks each in the check that is nearest to its time, so that neither a late answer nor a minute's
    difference makes it miss a turn. One that catches up asks only those that were asked before and whose time has come.
    """
    until = now + pace.period / 2 if in_regular else now

    def is_due(source_id: str) -> bool:
        record = records.get(source_id)
        due_at = due_of(source_id, record, pace)
        if record is None or due_at is None:
            return in_regular
        return due_at <= until or record.tried_at > now + AHEAD_AT_MOST

    return frozenset(source_id for source_id in source_ids if is_due(source_id))


def record_after(before: SourceRecord | None, outcome: Outcome, at: datetime, was_online: bool) -> SourceRecord | None:
    """What is kept of a source after a check; None: as before, since it was not asked, or there was no network."""
    at = at.astimezone(UTC)
    if outcome.status is Status.CHECKED:
        return SourceRecord(at, at)
    if outcome.status is Status.SKIPPED or not was_online:
        return None
    before = before or SourceRecord(at)
    since = before.failing_since if before.failures else None
    return SourceRecord(at, before.asked_at, before.failures + 1, min(since or at, at))


# --- the course of a check ---


def begun(state: GuardState, now: datetime) -> GuardState:
    """A check begins: kept before the first question, so that one that is broken off is known."""
    now = now.astimezone(UTC)
    return replace(state, last_try_at=now, trying_since=state.trying_since or now)


def ended(
    state: GuardState,
    began_at: datetime,
    now: datetime,
    retries: Collection[datetime],
    *,
    was_regular: bool,
    is_complete: bool,
) -> GuardState:
    """A check has ended: when the next one is due.

    ``retries``: when sources that did not answer are due; ``was_regular``: it was one of all places; ``is_complete``: it came
    to its end, was not stopped, and the network was there. Else it is gone on with after :data:`FIRST_RETRY` or the first of
    ``retries``, with those places that it did not come to.
    """
    began_at, now, regular_at = began_at.astimezone(UTC), now.astimezone(UTC), state.regular_at
    if is_complete and (was_regular or regular_at is None):
        regular_at = began_at + state.pace.period
    last = regular_at if is_complete and regular_at is not None else now + FIRST_RETRY
    due_at = max(now + LOOK_AGAIN, min([last, *retries]))
    return replace(state, due_at=due_at, regular_at=regular_at, last_end_at=now, trying_since=None)


def is_regular(state: GuardState, now: datetime) -> bool:
    """Whether a check at this time is one of all places, and not only to catch up."""
    return state.regular_at is None or now >= state.regular_at
