"""The program without its window: one process that drops the window's memory, and becomes the window again when wanted."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.errors import VaultClosed
from privacyguard.logs import PersonalValues
from privacyguard.model.guard import FINE, Icon
from privacyguard.model.person import Relation
from privacyguard.net.instance import Role, Wish, ask
from privacyguard.paths import Paths, find_paths
from privacyguard.session import Session
from privacyguard.ui import resting as module
from privacyguard.ui.program import icon
from privacyguard.ui.resting import Next, Resting
from tests.support import children
from tests.support.background_home import in_vault, switch_on
from tests.support.commands import CommandLine
from tests.support.keyring_session import Session as KeyringSession
from tests.support.keyring_session import keyring_session

pytestmark = pytest.mark.timeout(120)

CLOSED_AT_ONCE = """
from PySide6.QtCore import QTimer
from privacyguard import app
from privacyguard.ui import on_guard
on_guard.RESTS_AFTER_S = 0
on_guard.LOOKS_AT_REST_S = 1
opened = app.App._opened
def close_then(self, vault):
    opened(self, vault)
    QTimer.singleShot(200, self.window.close)
app.App._opened = close_then
app.main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CommandLine]:
    with keyring_session() as session:
        nowhere = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere/at/all"}
        home = CommandLine(session, tmp_path / "home", nowhere)
        assert home("account", "add", "-", typed="zoe@example.org").status == 0
        switch_on(home)
        in_vault(home, "vault.set_flag('told-of-tray', 'yes')")
        yield home


@pytest.fixture
def tray_host() -> Iterator[None]:
    host = children.start(["trayer", "--edge", "top", "--align", "right", "--height", "24"], os.environ)
    time.sleep(1)
    yield
    children.end(host)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def memory_kib(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))


def has_vault_open(process: int) -> bool:
    """Then it is past its start: the vault is opened when all else is there."""
    try:
        return any(file.readlink().suffix == ".db" for file in Path(f"/proc/{process}/fd").iterdir())
    except FileNotFoundError:  # a file that was closed meanwhile
        return False


def test_a_closed_window_rests_in_the_same_process_and_comes_back(home: CommandLine, tray_host: None) -> None:
    environment = {
        **home.session.environment,
        **home.environment,
        "DISPLAY": os.environ["DISPLAY"],
        "PYTHONWARNINGS": "",
    }
    paths = find_paths(environment)
    program = subprocess.Popen([sys.executable, "-c", CLOSED_AT_ONCE], env={**environment, "QT_QPA_PLATFORM": "xcb"})
    try:
        said = Path(f"/proc/{program.pid}/cmdline")
        until(lambda: b"--resting" in said.read_bytes())
        until(lambda: has_vault_open(program.pid))
        assert home("account", "list").status != 0  # nobody else opens it meanwhile
        small = memory_kib(program.pid)
        until(lambda: ask(paths.runtime, paths.home, Role.WINDOW, wish=Wish.NEWS))
        until(lambda: b"--news" in said.read_bytes() and b"--resting" not in said.read_bytes())
        until(lambda: memory_kib(program.pid) > 1.3 * small and has_vault_open(program.pid))
        program.terminate()
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.wait()
    assert home("account", "list").status == 0  # what was kept is whole, and nobody holds it


@pytest.fixture
def rests(
    qtbot: QtBot, qapp: QApplication, secret_service: KeyringSession, tmp_path: Path
) -> Iterator[tuple[Resting, Session, list[Next]]]:
    """Over a vault with one person, whose regular check is on."""
    paths = Paths(tmp_path / "home", tmp_path, True)
    with Session(paths, PersonalValues()) as first:
        first.vault.add_person("me", Relation.ME, is_adult=True)
        first.vault.guard.change(lambda state: replace(state, is_on=True))
    session, ended = Session(paths, PersonalValues()), list[Next]()
    made = Resting(session, icon)
    made.ended.connect(ended.append)
    yield made, session, ended
    made.end()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def begun(qtbot: QtBot, resting: Resting) -> None:
    resting.begin()
    qtbot.waitUntil(lambda: resting.background is not None and not resting.tasks.is_busy, timeout=30_000)


def test_a_second_start_or_the_menu_brings_the_window_and_closes_the_vault(
    rests: tuple[Resting, Session, list[Next]], qtbot: QtBot
) -> None:
    resting, session, ended = rests
    begun(qtbot, resting)
    vault = session.vault
    assert vault.people()
    resting.tray.menu.actions()[0].trigger()
    assert ended == [Next.WINDOW] and not resting.tray.sign.isVisible()
    with pytest.raises(VaultClosed):
        vault.people()
    resting.asked.emit(Wish.NEWS)
    assert ended == [Next.WINDOW]  # once


@pytest.mark.parametrize(("wish", "then"), [(Wish.SHOW, Next.WINDOW), (Wish.NEWS, Next.NEWS)])
def test_what_a_second_start_wants_is_what_comes(
    rests: tuple[Resting, Session, list[Next]], wish: Wish, then: Next
) -> None:
    resting, _session, ended = rests
    resting.asked.emit(wish)
    assert ended == [then]


def test_quit_ends(rests: tuple[Resting, Session, list[Next]]) -> None:
    resting, _session, ended = rests
    resting.tray.menu.actions()[-1].trigger()
    assert ended == [Next.ENDS]


def test_a_check_from_the_menu_runs_and_then_the_memory_is_given_back(
    rests: tuple[Resting, Session, list[Next]], qtbot: QtBot
) -> None:
    resting, session, ended = rests
    resting._quiet.setInterval(0)
    resting.tray.menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: ended == [Next.RESTS], timeout=60_000)
    with Session(session.paths, PersonalValues()) as after:
        assert after.vault.guard.state().last_end_at is not None


def test_a_locked_store_is_not_opened_and_looked_at_again(
    rests: tuple[Resting, Session, list[Next]], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    resting, session, ended = rests

    class Locked:
        def now(self) -> object:
            return replace(FINE, keyring_locked=True)

    with monkeypatch.context() as locked:
        locked.setattr(module, "senses", Locked)
        resting.begin()
        qtbot.waitUntil(lambda: resting._again.isActive(), timeout=10_000)
        assert resting.background is None and resting.tray.icon is Icon.COULD_NOT_CHECK
        resting.tray.menu.actions()[2].trigger()  # a pause is wanted all the same
        qtbot.waitUntil(lambda: not resting.tasks.is_busy, timeout=10_000)
    resting._again.timeout.emit()
    qtbot.waitUntil(lambda: resting.background is not None, timeout=30_000)
    state = session.vault.guard.state()
    assert state.paused_until is not None and ended == []
