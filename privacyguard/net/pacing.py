"""How often a host may be asked, and how long a service asks us to wait."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from privacyguard.model.progress import CancelToken

WINDOW_S = 60.0
RETRY_AFTER_AT_MOST_S = 24 * 3600.0


class Pace:
    """No more than so many requests to a host in any minute. One for the whole network, shared by its gateways.

    Args:
        monotonic_s: seconds that never jump.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._asked: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait_turn(self, host: str, per_minute: int, gap_s: float, cancel: CancelToken) -> None:
        """Return when the host may be asked, and count this request.

        Args:
            host: each has a pace of its own.
            per_minute: requests in any minute.
            gap_s: seconds from one request to the next.
            cancel: ends the wait.

        Raises:
            Cancelled: before or while waiting.
        """
        cancel.check()
        while (wait_s := self._take_turn(host, per_minute, gap_s)) > 0:
            cancel.wait(wait_s)

    def _take_turn(self, host: str, per_minute: int, gap_s: float) -> float:
        with self._lock:
            now = self._monotonic_s()
            asked = self._asked.setdefault(host, deque())
            while asked and asked[0] <= now - WINDOW_S:
                asked.popleft()
            wait_s = asked[-1] + gap_s - now if asked else 0.0
            if len(asked) >= per_minute:
                wait_s = max(wait_s, asked[-per_minute] + WINDOW_S - now)
            if wait_s > 0:
                return wait_s
            asked.append(now)
            return 0.0


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
