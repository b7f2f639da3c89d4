"""Progress goes up, one cancel token comes down."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from privacyguard.errors import Cancelled

if TYPE_CHECKING:
    from privacyguard.model.source import Limit


class CancelToken:
    """Set once, from any thread, when the person wants to stop. Everything slow looks at it often."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """Ask the work to stop. Calling it again does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def on_cancel(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` at the moment of cancelling (to close a socket, say), at once if that has been."""
        with self._lock:
            if not self._event.is_set():
                self._listeners.append(listener)
                return
        listener()

    def forget(self, listener: Callable[[], None]) -> None:
        """Stop calling ``listener``."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    @property
    def is_cancelled(self) -> bool:
        """Whether the person wants to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise :class:`Cancelled` if the person wants to stop."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Wait, but not after the person wants to stop.

        Raises:
            Cancelled: at once when cancelled, before or during the wait.
        """
        if self._event.wait(seconds):
            raise Cancelled


class SourceState(StrEnum):
    """Where one source stands during a checkup."""

    WAITING = "waiting"
    RUNNING = "running"
    CHECKED = "checked"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """One source's state during a checkup.

    ``seen``: things looked at so far (pictures, addresses, services); ``total``: how many there are, None while unknown;
    ``found``: findings so far; ``remaining_s``: seconds that the rest will take by the service's pace, None where it
    is not known or the service asked to be left alone;
    ``limit``: which of the service's limits makes it take so long, None where none of them explains it; ``left``: of a
    source that has stopped in the middle, how many things the next checkup goes on with.
    """

    source_id: str
    state: SourceState
    seen: int = 0
    total: int | None = None
    found: int = 0
    remaining_s: float | None = None
    limit: "Limit | None" = None
    left: int = 0
