"""What sources keep between checkups, in memory."""

from collections.abc import Callable
from datetime import UTC, datetime


class MemoryCache:
    """A cache for one test. ``kept``: name to content and time."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.kept: dict[str, tuple[bytes, datetime]] = {}
        self._clock = clock

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        return self.kept.get(name)

    def save(self, name: str, content: bytes) -> None:
        self.kept[name] = content, self._clock()
