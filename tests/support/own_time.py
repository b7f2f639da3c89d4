"""A time of the test's own: whoever waits lets it pass."""

from datetime import UTC, datetime, timedelta

from privacyguard.errors import Cancelled
from privacyguard.model.progress import CancelToken


class OwnTime:
    """``s``: seconds since the start. For one thread that waits: of several, each would move it for all."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) -> None:
        self.s = 0.0
        self._start = start

    def now(self) -> datetime:
        """The time of day."""
        return self._start + timedelta(seconds=self.s)

    def steady_s(self) -> float:
        """Seconds that never jump."""
        return self.s


class PatientToken(CancelToken):
    """Waits in a time of the test's own; at ``until_s`` the person stops the work."""

    def __init__(self, time: OwnTime, until_s: float = float("inf")) -> None:
        super().__init__()
        self._time = time
        self._until_s = until_s

    def wait(self, seconds: float) -> None:
        """Let time pass instead of waiting for it."""
        self.check()
        if self._time.s + seconds >= self._until_s:
            self._time.s = max(self._time.s, self._until_s)
            self.cancel()
            raise Cancelled
        self._time.s += seconds


class Hurried(CancelToken):
    """Waits in no time; its clock goes on as if it had waited."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0

    def wait(self, seconds: float) -> None:
        """Go on at once."""
        self.check()
        self.now_s += seconds
