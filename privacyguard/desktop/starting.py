"""Which of the system's ways starts the regular check by itself here; one at a time, so that it is not started twice."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from privacyguard.desktop.autostart import Autostart
from privacyguard.desktop.files import StartRefused
from privacyguard.desktop.launch_agent import LaunchAgent
from privacyguard.desktop.program import Program
from privacyguard.desktop.systemd import UserTimer
from privacyguard.desktop.task_scheduler import ScheduledTask


class Way(Protocol):
    """A way in which the system starts us."""

    def is_on(self) -> bool:
        """Whether it does."""

    def switch_on(self, program: Program) -> None:
        """Have it start us. Raises :class:`~privacyguard.desktop.files.StartRefused`."""

    def switch_off(self) -> bool:
        """Have it start us no more: whether it did. Raises :class:`~privacyguard.desktop.files.StartRefused`."""

    def remove(self) -> bool:
        """Take away what we left there, however the system is: whether there was something."""


class Starting:
    """``ways``: those of this system, the best first."""

    def __init__(self, ways: tuple[Way, ...]) -> None:
        self._ways = ways

    def is_on(self) -> bool:
        """Whether the system starts the regular check."""
        return any(way.is_on() for way in self._ways)

    def switch_on(self, program: Program) -> None:
        """Have it start us in the best way that works, and in no other.

        Raises:
            StartRefused: none works.
        """
        refused = StartRefused("there is no way")
        for way in self._ways:
            try:
                way.switch_on(program)
            except StartRefused as error:
                refused = error
                continue
            for other in self._ways:
                if other is not way:
                    other.switch_off()
            return
        raise refused

    def switch_off(self) -> bool:
        """Have it start us no more: whether it did. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        was_on = [way.switch_off() for way in self._ways]
        return any(was_on)

    def remove(self) -> bool:
        """For "forget everything": nothing of ours is left there. Whether there was something."""
        was_there = [way.remove() for way in self._ways]
        return any(was_there)


def starting(environment: Mapping[str, str], home: Path, own_folder: Path) -> Starting:
    """What this system has. ``home``: the person's folder; ``own_folder``: of ours, private.

    Linux: the person's systemd where it runs, else the desktop's autostart folder.
    """
    if sys.platform == "win32":
        return Starting((ScheduledTask(own_folder),))
    if sys.platform == "darwin":
        return Starting((LaunchAgent.of(home),))
    timer, entry = UserTimer.of(environment, home), Autostart.of(environment, home)
    return Starting((timer, entry) if UserTimer.is_possible(environment) else (entry, timer))
