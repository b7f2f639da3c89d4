"""Something that happens later, unless it is called off: real time for the app, any other for tests."""

import threading
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
