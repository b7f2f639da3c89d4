"""What the person does at the computer just now: works it hard, or shows something that no notice may cover."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from privacyguard.desktop.bus import Connection, NoAnswer, Place, Which, ask
from privacyguard.desktop.screen import full_screen

GNOME_SESSION = Place("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager")
INHIBITIONS = Place(
    "org.freedesktop.PowerManagement",
    "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
)
NOTIFICATIONS = Place(
    "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
)

FREE_CORES = 0.5
"""With less than this left over by others, our work is felt. On a large computer that is rare, on a small one it is not."""

SPAN_S = 5.0
"""Over at least this long the work of the processors is measured; what is shorter is a moment's effort."""

_IDLE = 8
"""Of GNOME's flags for what a program keeps from happening: that the session counts as idle (a film, a talk)."""


class Activity(Protocol):
    """What the person does. None: that cannot be told."""

    def busy(self) -> bool | None:
        """Whether other work leaves too little of the processors. Ours does not count, as long as it has a low priority."""

    def presenting(self) -> bool | None:
        """Whether a window fills the screen, a program keeps the screen awake, or the desktop was told not to disturb."""


@dataclass(frozen=True)
class _Work:
    """Since the computer started, in ticks of all cores: at normal priority, and in all."""

    at: float
    normal: int
    whole: int


class LinuxActivity:
    """/proc/stat, the X server and the session's services.

    ``stat``, ``cores``, ``clock`` (seconds that only grow): for tests.
    """

    def __init__(
        self,
        stat: Path = Path("/proc/stat"),
        cores: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stat = stat
        self._cores = cores or os.cpu_count() or 1
        self._clock = clock
        self._before: _Work | None = None
        self._last: bool | None = None

    def busy(self) -> bool | None:
        """Whether other work leaves too little, over the time since the last answer. The first call knows nothing yet."""
        work = self._work()
        if work is None:
            return None
        if self._before is not None and work.at - self._before.at < SPAN_S:
            return self._last
        if self._before is not None and work.whole > self._before.whole:
            share = (work.normal - self._before.normal) / (work.whole - self._before.whole)
            self._last = self._cores * (1 - share) < FREE_CORES
        self._before = work
        return self._last

    def presenting(self) -> bool | None:
        """Whether a notice would disturb: the first that says yes settles it."""
        told = full_screen()
        return told or _any_of([told, ask(Which.SESSION, _ask_session)])

    def _work(self) -> _Work | None:
        """The first line counts all cores: user, nice, system, idle, iowait, irq, softirq, steal (man 5 proc)."""
        try:
            with self._stat.open("r", encoding="ascii") as file:
                counts = [int(each) for each in file.readline().split()[1:9]]
        except (OSError, ValueError):
            return None
        if len(counts) < 8:
            return None
        user, nice, system, idle, waiting, hardware, software, stolen = counts
        normal = user + system + hardware + software + stolen
        return _Work(self._clock(), normal, normal + nice + idle + waiting)


def _ask_session(bus: Connection) -> bool | None:
    """Whether a service says yes; None where none is there."""

    def of(question: Callable[[], bool]) -> bool | None:
        try:
            return question()
        except NoAnswer:
            return None

    return _any_of(
        [
            of(lambda: bus.answer(GNOME_SESSION, "IsInhibited", bool, "u", _IDLE)),
            of(lambda: bus.answer(INHIBITIONS, "HasInhibit", bool)),  # KDE and Xfce
            of(
                lambda: bus.property(NOTIFICATIONS, "Inhibited", bool)
            ),  # KDE: "do not disturb". Others hold notices back
        ]
    )


def _any_of(told: list[bool | None]) -> bool | None:
    if any(told):
        return True
    return None if all(each is None for each in told) else False


class WindowsActivity:
    """What the shell says: full screen, a game, presentation mode, quiet hours. Untried."""

    _DISTURBED = frozenset({2, 3, 4, 6})  # QUERY_USER_NOTIFICATION_STATE: busy, game, presentation, quiet time

    def busy(self) -> bool | None:
        """Not told here: work below normal priority gives way by itself."""
        return None

    def presenting(self) -> bool | None:
        """Whether a notice would disturb."""
        if sys.platform != "win32":
            return None
        else:
            state = ctypes.c_int()
            if ctypes.WinDLL("shell32").SHQueryUserNotificationState(ctypes.byref(state)) != 0:
                return None
            return state.value in self._DISTURBED


class UnknownActivity:
    """A system that tells neither. macOS holds notices back by itself while a screen is shown."""

    def busy(self) -> bool | None:
        """Not told here."""
        return None

    def presenting(self) -> bool | None:
        """Not told here."""
        return None


def activity() -> Activity:
    """What tells it on this system."""
    if sys.platform == "win32":
        return WindowsActivity()
    return UnknownActivity() if sys.platform == "darwin" else LinuxActivity()
