"""The command line in a session with a real password store."""

from pathlib import Path

import pytest

from tests.support.commands import CommandLine
from tests.support.keyring_session import Session


@pytest.fixture
def privacyguard(running_store: Session, tmp_path: Path) -> CommandLine:
    """The command line with a new, empty home."""
    return CommandLine(running_store, tmp_path / "home")
