"""Starting the program twice, as a double click does, and the background that makes room for it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import children
from tests.support.commands import CommandLine
from tests.support.keyring_session import Session

pytestmark = pytest.mark.timeout(120)


def until(is_so: Callable[[], bool], patience_s: float = 40) -> None:
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def start(session: Session, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return children.start([sys.executable, "-P", "-m", "privacyguard"], {**session.environment, **environment})


def test_the_second_start_shows_the_first_and_ends(
    display: str, keyring_sessions: Callable[..., Session], tmp_path: Path
) -> None:
    session = keyring_sessions()
    home = CommandLine(session, tmp_path / "home")
    environment = {**home.environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONWARNINGS": ""}
    first = start(session, environment)
    until(lambda: any(home.folder.glob("vault.*")) and any(runtime_of(session).glob("window-*.socket")))
    try:
        second = start(session, environment)
        assert second.wait(30) == 0
        assert first.poll() is None
        elsewhere = start(session, {**environment, "PRIVACYGUARD_HOME": str(tmp_path / "other")})
        try:
            until(lambda: any((tmp_path / "other").glob("vault.*")))  # another home has a window of its own
        finally:
            elsewhere.terminate()
            assert elsewhere.wait(20) == 0
    finally:
        first.terminate()
        assert first.wait(20) == 0
    assert not list(runtime_of(session).glob("*.socket"))


def runtime_of(session: Session) -> Path:
    return session.runtime / "privacyguard"
