"""The regular check joined: what the system starts, and what is left of it after "forget everything"."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard import guards
from privacyguard.desktop.autostart import FILE, Autostart
from privacyguard.desktop.program import Program
from privacyguard.errors import VaultInUse
from privacyguard.logs import PersonalValues
from privacyguard.net.instance import Role, claim
from privacyguard.paths import Paths, make_private
from privacyguard.session import Session
from privacyguard.vault.folder import FolderLock

PROGRAM = Program(Path("/usr/bin/privacyguard"), False)


@pytest.fixture
def session(secret_service: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A home in its usual place, of a person with a new configuration; the sockets are in the home too."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Session(Paths(tmp_path / "home", tmp_path / "home" / "runtime", False), PersonalValues()) as session:
        yield session


def test_a_moved_home_is_started_by_nothing(tmp_path: Path) -> None:
    assert guards.own_starting(Paths(tmp_path, tmp_path, True)) is None
    assert guards.own_starting(Paths(tmp_path, tmp_path, False)) is not None


def test_from_its_sources_the_command_is_started() -> None:
    program = guards.own_program()
    assert program is not None and program.path.name == "privacyguard"


def test_forgetting_takes_away_what_starts_us_and_the_sockets(session: Session, tmp_path: Path) -> None:
    assert session.vault.people() == ()
    make_private(session.paths.runtime)
    claimed = claim(session.paths.runtime, session.paths.home, Role.BACKGROUND)
    assert claimed is not None
    claimed.close()
    assert list(session.paths.runtime.iterdir())
    Autostart.of(os.environ, tmp_path).switch_on(PROGRAM)
    receipt = guards.forget_everything(session)
    assert guards.REMOVED in receipt.erased
    assert not session.paths.home.exists()
    assert not (tmp_path / "config" / "autostart" / FILE).exists()


def test_what_was_not_there_is_not_on_the_receipt(session: Session) -> None:
    assert session.vault.people() == ()
    receipt = guards.forget_everything(session)
    assert receipt.erased and guards.REMOVED not in receipt.erased
    assert guards.NOT_REMOVED not in receipt.not_reached


def test_while_another_copy_runs_all_stays(session: Session, tmp_path: Path) -> None:
    make_private(session.paths.home)
    Autostart.of(os.environ, tmp_path).switch_on(PROGRAM)
    with FolderLock.take(session.paths.home), pytest.raises(VaultInUse):
        guards.forget_everything(session)
    assert Autostart.of(os.environ, tmp_path).is_on()


def test_what_cannot_be_taken_away_is_said(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert session.vault.people() == ()
    (tmp_path / "config" / "autostart" / FILE / "in-the-way").mkdir(parents=True)  # a folder where the file should be
    receipt = guards.forget_everything(session)
    assert guards.NOT_REMOVED in receipt.not_reached and not session.paths.home.exists()
