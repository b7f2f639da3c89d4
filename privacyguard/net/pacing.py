"""How often a host may be asked, and how long it asked us to wait. Both are kept across restarts."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from privacyguard.errors import TooManyRequests
from privacyguard.i18n import N_
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Limit, PaceRecord

DAY_S = 24 * 3600.0
RETRY_AFTER_AT_MOST_S = DAY_S
WAIT_AT_MOST_S = 60.0
"""A host that asks for a longer wait is not waited for: the checkup goes on without it."""
BACK_OFF_AT_MOST_S = 30.0
KEPT_AT_MOST = 1200
_WAITS = (
    (WAIT_AT_MOST_S, TooManyRequests.title),
    (600.0, N_("This place asks us to wait some minutes.")),
    (3600.0, N_("This place asks us to wait up to an hour.")),
    (6 * 3600.0, N_("This place asks us to wait some hours.")),
)
_LONGEST_WAIT = N_("This place asks us to wait until tomorrow.")
_SLICE_S = 30.0  # a computer that slept looks at its clock again soon


class PaceStore(Protocol):
    """Keeps what is known of each host from one run to the next, by the time of day."""

    def load(self, host: str) -> PaceRecord:
        """What was saved, or an empty record."""
        ...

    def save(self, host: str, record: PaceRecord) -> None:
        """Keep it for good before returning."""
        ...


def steady_s() -> float:
    """Seconds that never jump and, where the system can tell, go on while the computer sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Pace:
    """No more requests to a host in any time than its limits say. One for the whole network, shared by its gateways.

    Args:
        monotonic_s: seconds that never jump: all waits are counted in them.
        clock: the time of day, with its zone: only what is kept for the next run is told in it.
        store: where that is kept; None for this run only.
    """

    def __init__(
        self, monotonic_s: Callable[[], float], clock: Callable[[], datetime], store: PaceStore | None = None
    ) -> None:
        self._monotonic_s = monotonic_s
        self._clock = clock
        self._store = store
        self._hosts: dict[str, _Turns] = {}
        self._lock = threading.Lock()

    def wait_turn(self, host: str, limits: Sequence[Limit], cancel: CancelToken) -> None:
        """Return when the host may be asked, and count this request.

        Args:
            host: each has a pace of its own.
            limits: all of them hold.
            cancel: ends the wait.

        Raises:
            TooManyRequests: the host asked to be left alone for longer than a minute from now.
            Cancelled: before or while waiting.
        """
        turns = self._turns(host)
        cancel.check()
        while (wait_s := turns.take(limits)) > 0:
            cancel.wait(min(wait_s, _SLICE_S))

    def starts(self, host: str) -> None:
        """The request whose turn it was leaves now: recording it took a moment, and the service counts from its arrival."""
        self._turns(host).starts()

    def leave_alone(self, host: str, seconds: float) -> None:
        """Remember that the host asked not to be asked for so long, at most a day."""
        self._turns(host).leave_alone(min(seconds, RETRY_AFTER_AT_MOST_S))

    def remaining_s(self, host: str, limits: Sequence[Limit], requests: int) -> float | None:
        """Seconds until the last of so many more requests may go. Nothing is counted and nobody waits.

        None where none of them will: :meth:`wait_turn` would raise.
        """
        return self._turns(host).remaining_s(limits, requests)

    def _turns(self, host: str) -> "_Turns":
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = _Turns(host, self._monotonic_s, self._clock, self._store)
            return self._hosts[host]


class _Turns:
    """When one host was asked in the last day, and until when it asked to be left alone."""

    def __init__(
        self, host: str, monotonic_s: Callable[[], float], clock: Callable[[], datetime], store: PaceStore | None
    ) -> None:
        self._host = host
        self._monotonic_s = monotonic_s
        self._clock = clock
        self._store = store
        self._lock = threading.Lock()
        self._asked: deque[float] = deque()
        self._not_before_s = monotonic_s()
        if store is not None:
            self._recall(store.load(host))

    def take(self, limits: Sequence[Limit]) -> float:
        """Seconds to wait, or 0.0 and this request is counted."""
        with self._lock:
            now_s = self._monotonic_s()
            alone_s = self._not_before_s - now_s
            if alone_s > WAIT_AT_MOST_S:
                raise too_many(alone_s)
            wait_s = max(alone_s, _wait_s(self._asked, limits, now_s))
            if wait_s > 0:
                return wait_s
            self._asked.append(now_s)
            self._forget_old(limits, now_s)
            self._keep(now_s)
            return 0.0

    def starts(self) -> None:
        with self._lock:
            if self._asked:
                self._asked[-1] = self._monotonic_s()

    def leave_alone(self, seconds: float) -> None:
        with self._lock:
            now_s = self._monotonic_s()
            self._not_before_s = max(self._not_before_s, now_s + seconds)
            self._keep(now_s)

    def remaining_s(self, limits: Sequence[Limit], requests: int) -> float | None:
        if requests <= 0:
            return 0.0
        with self._lock:
            asked, now_s = list(self._asked), self._monotonic_s()
            at_s = max(now_s, self._not_before_s)
        if at_s - now_s > WAIT_AT_MOST_S:
            return None
        for _ in range(requests):
            at_s += max(0.0, _wait_s(asked, limits, at_s))
            asked.append(at_s)
        return at_s - now_s

    def _recall(self, record: PaceRecord) -> None:
        """Read what an earlier run kept. What lies ahead (the clock was set back) counts as now: no wait gets longer."""
        now, now_s = self._clock(), self._monotonic_s()
        ages_s = sorted((max(0.0, (now - at).total_seconds()) for at in record.asked_at), reverse=True)
        self._asked.extend(now_s - age_s for age_s in ages_s if age_s < DAY_S)
        if record.not_before is not None:
            alone_s = (record.not_before - now).total_seconds()
            self._not_before_s = now_s + max(0.0, min(alone_s, RETRY_AFTER_AT_MOST_S))
            if alone_s > RETRY_AFTER_AT_MOST_S:  # else each start would ask for a day more
                self._keep(now_s)

    def _keep(self, now_s: float) -> None:
        if self._store is None:
            return
        now = self._clock()
        asked_at = [now - timedelta(seconds=now_s - at_s) for at_s in self._asked if now_s - at_s < DAY_S]
        alone_s = self._not_before_s - now_s
        not_before = now + timedelta(seconds=alone_s) if alone_s > 0 else None
        self._store.save(self._host, PaceRecord(tuple(asked_at[-KEPT_AT_MOST:]), not_before))

    def _forget_old(self, limits: Sequence[Limit], now_s: float) -> None:
        longest_s = max([DAY_S, *(limit.seconds for limit in limits)])
        most = max([KEPT_AT_MOST, *(limit.count for limit in limits)])
        while self._asked[0] <= now_s - longest_s or len(self._asked) > most:
            self._asked.popleft()


def _wait_s(asked: Sequence[float], limits: Sequence[Limit], now_s: float) -> float:
    full = [limit for limit in limits if len(asked) >= limit.count]
    return max((asked[-limit.count] + limit.seconds - now_s for limit in full), default=0.0)


def too_many(wait_s: float | None) -> TooManyRequests:
    """The error of a service that asks to be left alone, with the time in words where it is longer than a minute."""
    return TooManyRequests(
        wait_s, next((words for most_s, words in _WAITS if (wait_s or 0.0) <= most_s), _LONGEST_WAIT)
    )


def back_off_s(attempt: int, chance: float) -> float:
    """Seconds before the next try: doubled with each, half of it by chance, so that many computers do not come at once.

    Args:
        attempt: 0 for the first repetition.
        chance: 0..1.
    """
    whole_s = min(2.0 ** min(attempt, 16), BACK_OFF_AT_MOST_S)
    return whole_s / 2 + whole_s / 2 * chance


def retry_after_s(untrusted_header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait, in either form, at most a day; None where it says nothing usable."""
    if not untrusted_header:
        return None
    text = untrusted_header.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:10]), RETRY_AFTER_AT_MOST_S)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), RETRY_AFTER_AT_MOST_S)
