"""The self-test as it is started from the sources: by the file that the installed app is made of, so its workers are too."""

import sys
import time
from pathlib import Path

import pytest

from privacyguard.analysis import landlock
from privacyguard.selftest import closed_off
from tests.support.commands import ROOT, CommandLine, Done
from tests.support.keyring_session import Store, keyring_session

CHECKS = [
    "worker limits",
    "faces",
    "photos",
    "second opinion",
    "pictures",
    "videos",
    "signed pictures",
    "cleaned copies",
    "lists of accounts",
    "vault",
    "certificates",
    "report",
    "words",
    "window",
]


def self_test(privacyguard: CommandLine, *arguments: str) -> Done:
    command = [sys.executable, "-P", str(ROOT / "main.py"), "--self-test", *arguments]
    done = privacyguard.session.run(command, extra=privacyguard.environment, timeout_s=100)
    return Done(done.returncode, done.stdout, done.stderr)


def told(done: Done) -> dict[str, str]:
    """What was said of each part."""
    return dict(line.split(": ", 1) for line in done.err.splitlines())


@pytest.mark.skipif(not landlock.version(), reason="this system cannot close off files")
def test_every_part_works_and_is_named(privacyguard: CommandLine) -> None:
    begin = time.monotonic()
    done = self_test(privacyguard)
    assert time.monotonic() - begin < 60
    assert (done.status, done.out) == (0, "Everything starts.\n")
    said = told(done)
    assert list(said) == CHECKS
    assert f"Landlock {landlock.version()}" in said["worker limits"]
    assert "seccomp" in said["worker limits"]
    assert said["pictures"].endswith(": " + ", ".join([*closed_off.DRAWN_HERE, *closed_off.PICTURES]))
    assert said["videos"].endswith(": " + ", ".join(closed_off.VIDEOS))


def test_without_a_password_store_the_vault_alone_does_not_work(tmp_path: Path) -> None:
    with keyring_session(Store.MISSING) as session:
        done = self_test(CommandLine(session, tmp_path / "home"), "--json")
    assert (done.status, done.json) == (1, {"ok": False})
    assert [what for what, words in told(done).items() if words.startswith("does not work. ")] == ["vault"]
    assert "password store" in told(done)["vault"]
