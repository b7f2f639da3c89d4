"""Whether the desktop has a place for a sign beside the clock, asked without a window."""

import sys

from privacyguard.desktop.bus import Connection, Place, Which, ask

WATCHER = Place("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher")


def has_place() -> bool:
    """Whether one is named on the session bus. Windows and macOS always have one (untried)."""
    if sys.platform in ("win32", "darwin"):
        return True

    def look(bus: Connection) -> bool:
        return bus.property(WATCHER, "IsStatusNotifierHostRegistered", bool)

    return bool(ask(Which.SESSION, look))
