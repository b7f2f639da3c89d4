"""A vault outlives kill -9 at any moment: first start, forgetting a face, forgetting everything. Real store, real file."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.keyring_session import Session

SECONDS = os.environ.get("PRIVACYGUARD_TEST_KILL_SECONDS", "4")
"""For each loop. By hand a larger number finds rarer moments."""


def killing(session: Session, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.support.kill_loop", *arguments]
    root = Path(__file__).parents[2]
    result = session.run(command, extra={"PYTHONPATH": str(root)}, timeout_s=100 + float(SECONDS))
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def session(keyring_sessions: Callable[[], Session]) -> Session:
    return keyring_sessions()


@pytest.mark.parametrize("what", ["first-start", "forget-face", "forget-all"])
def test_a_kill_by_chance_leaves_something_whole(session: Session, tmp_path: Path, what: str) -> None:
    result = killing(session, what, str(tmp_path), SECONDS, "1")
    assert result["kills"] >= 3, result
    assert len(result["found"]) >= 2, result  # not always at the same moment


def test_a_kill_between_store_and_file_leaves_something_whole(session: Session, tmp_path: Path) -> None:
    assert killing(session, "at-moments", str(tmp_path)) == {
        "first-start, before save": "id, no file",
        "first-start, after save": "id, no file",
        "forget-face, before save": "vault-key-1, saved",
        "forget-face, after save": "vault-key-1+vault-key-2, saved",
        "forget-face, before delete": "vault-key-1+vault-key-2, saved",
        "forget-face, after delete": "vault-key-2, saved",
        "forget-all, before delete": "key, 3 files",
        "forget-all, after delete": "no key, 3 files",
    }
