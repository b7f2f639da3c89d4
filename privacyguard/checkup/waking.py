"""What whoever has the one timer does each time it fires: a check if one is due, then a notice if there is something to say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from privacyguard.checkup import notices, regular
from privacyguard.checkup.changes import Silent, Speak
from privacyguard.checkup.regular import Guard, Ran
from privacyguard.model.guard import Waits
from privacyguard.model.progress import CancelToken, Progress

LONGEST = timedelta(minutes=30)
"""A timer stands still while the computer sleeps, and a clock may be put right: so it never runs for longer."""

SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class Woken:
    """``ran``: the check that ran, ``waits``: why none did; ``says``: the notice to give, then call ``notices.told``;
    ``next_in``: how long to sleep, None while the regular check is off.
    """

    ran: Ran | None
    waits: Waits | None
    says: Speak | Silent
    next_in: timedelta | None


def wake(
    guard: Guard,
    cancel: CancelToken,
    progress: Callable[[Progress], None] = lambda told: None,
    local: Callable[[datetime], datetime] = notices.system_local,
) -> Woken:
    """Do what is due now; blocks while a check runs. Raises what the vault raises."""
    done = regular.run_due(guard, cancel, progress)
    says = notices.to_say(guard, local)
    if isinstance(done, Ran):
        return Woken(done, None, says, _sleep(guard, done.next_at, says))
    if done.reason is Waits.SWITCHED_OFF:
        return Woken(None, done.reason, says, None)
    return Woken(None, done.reason, says, _sleep(guard, done.at, says))


def _sleep(guard: Guard, next_at: datetime | None, says: Speak | Silent) -> timedelta:
    now = guard.clock()
    coming = [next_at, says.again_at if isinstance(says, Silent) else None]
    lengths = [moment - now for moment in coming if moment is not None]
    return min(LONGEST, max(SHORTEST, min(lengths, default=LONGEST)))
