"""Whether there is a network, and whether it costs by its use. Linux: NetworkManager. Windows and macOS: untried.

Nothing is sent to find out: the desktop is asked what it knows.
"""

import ctypes
import sys
from typing import Protocol

from privacyguard.desktop.bus import Connection, Place, Which, ask

NETWORK_MANAGER = Place(
    "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager"
)
# https://networkmanager.dev/docs/api/latest/nm-dbus-types.html (read 2026-11-20)
_METERED = {1: True, 2: False, 3: True, 4: False}
"""NMMetered: yes, no, and both as a guess. 0 is "unknown"."""
_NO_CONNECTION, _SIGN_IN_PAGE, _FULL = 1, 2, 4
"""NMConnectivityState. 3, "limited", is also what a network says that hides NetworkManager's own test page: not offline."""
_STATES = {10: False, 20: False, 30: False, 40: False, 50: False, 60: True, 70: True}
"""NMState, from asleep to connected to everywhere. 50: connected to what is beside this computer only."""


class Network(Protocol):
    """What the desktop knows of the network. None: that cannot be told."""

    def metered(self) -> bool | None:
        """Whether using it costs (a phone's connection, say)."""

    def online(self) -> bool | None:
        """Whether there is a way out. A network that first wants a sign-in is none."""


class LinuxNetwork:
    """What NetworkManager says, where it runs."""

    def metered(self) -> bool | None:
        """Whether using it costs."""
        return ask(Which.SYSTEM, _ask_metered)

    def online(self) -> bool | None:
        """Whether there is a way out."""
        return ask(Which.SYSTEM, _ask_online)


def _ask_metered(bus: Connection) -> bool | None:
    return _METERED.get(bus.property(NETWORK_MANAGER, "Metered", int))


def _ask_online(bus: Connection) -> bool | None:
    connectivity = bus.property(NETWORK_MANAGER, "Connectivity", int)
    if connectivity in {_NO_CONNECTION, _SIGN_IN_PAGE}:
        return False
    if connectivity == _FULL:
        return True
    return _STATES.get(bus.property(NETWORK_MANAGER, "State", int))


class WindowsNetwork:
    """What WinINet says. What a network costs is told to programs of another kind only. Untried."""

    def metered(self) -> bool | None:
        """Not told here."""
        return None

    def online(self) -> bool | None:
        """Whether there is a way out."""
        if sys.platform != "win32":
            return None
        else:
            flags = ctypes.c_uint32()
            return bool(ctypes.WinDLL("wininet").InternetGetConnectedState(ctypes.byref(flags), 0))


class UnknownNetwork:
    """A system that tells neither (macOS: only to programs that ask for a connection)."""

    def metered(self) -> bool | None:
        """Not told here."""
        return None

    def online(self) -> bool | None:
        """Not told here."""
        return None


def network() -> Network:
    """What tells it on this system."""
    if sys.platform == "win32":
        return WindowsNetwork()
    return UnknownNetwork() if sys.platform == "darwin" else LinuxNetwork()
