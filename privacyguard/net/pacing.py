"""How often a host may be asked."""

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

    def wait_turn(self, host: str, per_minute: int, cancel: CancelToken) -> None:
        """Return when the host may be asked, and count this request.

        Raises:
            Cancelled: while waiting.
        """
        while (wait_s := self._take_turn(host, per_minute)) > 0:
            cancel.wait(wait_s)
        cancel.check()

    def _take_turn(self, host: str, per_minute: int) -> float:
        with self._lock:
            now = self._monotonic_s()
            asked = self._asked.setdefault(host, deque())
            while asked and asked[0] <= now - WINDOW_S:
                asked.popleft()
            if len(asked) < per_minute:
                asked.append(now)
                return 0.0
            return asked[0] + WINDOW_S - now


def retry_after_s(untrusted_header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait, in either form, at most a day; None where it says nothing usable."""
    if not untrusted_header:
        return None
    text = untrusted_header.strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return min(float(text), RETRY_AFTER_AT_MOST_S)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), RETRY_AFTER_AT_MOST_S)
