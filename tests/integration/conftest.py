"""The command line in a session with a real password store."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import Portraits
from tests.support.commands import CommandLine
from tests.support.keyring_session import Session


@pytest.fixture
def privacyguard(running_store: Session, tmp_path: Path) -> CommandLine:
    """The command line with a new, empty home."""
    return CommandLine(running_store, tmp_path / "home")


@pytest.fixture(scope="session")
def home_with_face(running_store: Session, free_portraits: Portraits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one face pattern, made once."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    assert CommandLine(running_store, home)("enrol", "--consent", free_portraits.astronaut).status == 0
    return home


@pytest.fixture
def enrolled(privacyguard: CommandLine, home_with_face: Path) -> CommandLine:
    """A copy of that home, so with the same entries in the password store: a test may not renew or erase the key."""
    shutil.copytree(home_with_face, privacyguard.folder)
    return privacyguard
