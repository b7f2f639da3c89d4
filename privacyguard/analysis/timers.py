"""Something that happens later, unless it is called off: real time for the app, any other for tests."""

import heapq
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that happens later, unless it is called off."""

    def cancel(self) -> None:
        """It does not happen."""


def start_timer(delay_s: float, act: Callable[[], None]) -> Timer:
    """``act`` is called in a thread of its own after ``delay_s``."""
    timer = threading.Timer(delay_s, act)
    timer.daemon = True
    timer.start()
    return timer


class Alarms:
    """Many timers of which hardly any goes off: one thread is there for all. To start one for each takes a millisecond.

    What they do must be quick and not fail. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._set: list[tuple[float, int, _Alarm]] = []
        self._count = 0
        self._thread: threading.Thread | None = None

    def set(self, delay_s: float, act: Callable[[], None]) -> Timer:
        """``act`` is called after ``delay_s``."""
        alarm = _Alarm(act)
        with self._changed:
            self._count += 1
            heapq.heappush(self._set, (time.monotonic() + delay_s, self._count, alarm))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="alarms", daemon=True)
                self._thread.start()
            elif self._set[0][2] is alarm:
                self._changed.notify()
        return alarm

    def _watch(self) -> None:
        while True:
            act = self._next()
            if act is not None:
                act()

    def _next(self) -> Callable[[], None] | None:
        """What is due, once it is; None for what was called off meanwhile."""
        with self._changed:
            while True:
                while self._set and self._set[0][2].act is None:
                    heapq.heappop(self._set)
                wait_s = self._set[0][0] - time.monotonic() if self._set else None
                if wait_s is not None and wait_s <= 0:
                    return heapq.heappop(self._set)[2].act
                self._changed.wait(wait_s)


class _Alarm:
    def __init__(self, act: Callable[[], None]) -> None:
        self.act: Callable[[], None] | None = act

    def cancel(self) -> None:
        self.act = None
