"""dunst, a real daemon of notices, on a test's own bus and screen."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import children
from tests.support.display import start_display
from tests.support.keyring_session import wait_for_name

NAME = "org.freedesktop.Notifications"


@dataclass(frozen=True)
class Daemon:
    """``printed``: what it was asked to show, as it wrote it down itself."""

    environment: Mapping[str, str]
    printed: Path

    def control(self, *words: str) -> str:
        """What dunstctl answers: "action" clicks the newest notice, "close-all" takes all away."""
        done = subprocess.run(
            ["dunstctl", *words], env=dict(self.environment), capture_output=True, text=True, timeout=20, check=True
        )
        return done.stdout


@contextmanager
def notice_daemon(environment: Mapping[str, str], folder: Path) -> Iterator[Daemon]:
    """dunst runs meanwhile, for the bus of this environment."""
    display, name = start_display(environment)
    own = {**environment, "DISPLAY": name}
    printed = folder / "printed"
    with printed.open("wb") as out:
        daemon = children.start(["dunst", "-print"], own, stdout=out, stderr=subprocess.DEVNULL)
    try:
        wait_for_name(NAME, environment["DBUS_SESSION_BUS_ADDRESS"])
        yield Daemon(own, printed)
    finally:
        children.end(daemon)
        children.end(display)
