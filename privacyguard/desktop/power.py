"""Whether this computer runs on its battery. Linux: UPower, else what the kernel tells. Windows and macOS: untried."""

import ctypes
import sys
from pathlib import Path
from typing import Protocol

from privacyguard.desktop.bus import Connection, Place, Which, ask

UPOWER = Place("org.freedesktop.UPower", "/org/freedesktop/UPower", "org.freedesktop.UPower")
SUPPLIES = Path("/sys/class/power_supply")


class Power(Protocol):
    """What the computer runs on."""

    def on_battery(self) -> bool | None:
        """Whether no mains feed it; None where that cannot be told."""


class LinuxPower:
    """UPower where it runs, else the kernel's own files. ``supplies``: where those are."""

    def __init__(self, supplies: Path = SUPPLIES) -> None:
        self._supplies = supplies

    def on_battery(self) -> bool | None:
        """Whether no mains feed it."""
        told = ask(Which.SYSTEM, _ask_upower)
        return told if told is not None else _from_files(self._supplies)


def _ask_upower(bus: Connection) -> bool:
    return bus.property(UPOWER, "OnBattery", bool)


def _from_files(supplies: Path) -> bool | None:
    """A charger that gives current settles it; else a battery of the computer itself (not of its mouse) does."""
    states = []
    for supply in sorted(supplies.glob("*")):
        kind = _line(supply / "type")
        if kind == "Battery" and _line(supply / "scope") != "Device":
            states.append(_line(supply / "status"))
        elif kind in {"Mains", "USB"} and _line(supply / "online") == "1":
            return False
    if "Discharging" in states:
        return True
    return False if states else None


def _line(file: Path) -> str:
    try:
        return file.read_text("ascii", errors="replace").strip()
    except OSError:  # not every supply tells everything
        return ""


class WindowsPower:
    """What GetSystemPowerStatus says. Untried."""

    def on_battery(self) -> bool | None:
        """Whether no mains feed it."""
        if sys.platform != "win32":
            return None
        else:
            status = (ctypes.c_ubyte * 12)()  # SYSTEM_POWER_STATUS: the first byte tells of the mains
            if not ctypes.WinDLL("kernel32").GetSystemPowerStatus(ctypes.byref(status)):
                return None
            return {0: True, 1: False}.get(status[0])


class MacPower:
    """How long IOKit thinks that power lasts: without an end, there are mains. Untried."""

    _UNLIMITED = -2.0

    def on_battery(self) -> bool | None:
        """Whether no mains feed it."""
        if sys.platform != "darwin":
            return None
        else:
            kit = ctypes.CDLL("/System/Library/Frameworks/IOKit.framework/IOKit")
            kit.IOPSGetTimeRemainingEstimate.restype = ctypes.c_double
            return bool(kit.IOPSGetTimeRemainingEstimate() != self._UNLIMITED)


def power() -> Power:
    """What tells it on this system."""
    if sys.platform == "win32":
        return WindowsPower()
    return MacPower() if sys.platform == "darwin" else LinuxPower()
