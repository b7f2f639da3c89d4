"""forget, from the outside: what is gone, what stays, what is asked."""

import shutil
import signal
import sys
from pathlib import Path

import pytest

from privacyguard.net.instance import traces
from tests.conftest import Portraits
from tests.support.commands import CommandLine, command
from tests.support.keyring_session import Session, Store, keyring_session

OWN_ENTRIES = """
import sys
from pathlib import Path
from privacyguard.vault.keystore import SystemKeyStore, home_id
from privacyguard.vault.unlocking import ENTRIES
home = Path(sys.argv[1])
shared = SystemKeyStore(home_id(home))
(home / "home-id").unlink()
own = SystemKeyStore(home_id(home))
for entry in ENTRIES:
    secret = shared.load(entry)
    if secret is not None:
        own.save(entry, secret)
"""
"""A copied home gets entries of its own in the password store: here they are erased."""


@pytest.fixture
def kept(privacyguard: CommandLine, home_with_face: Path) -> CommandLine:
    """A home with a face, an address, a code and settings."""
    return filled(privacyguard, home_with_face)


@pytest.fixture(scope="module")
def untouched(running_store: Session, home_with_face: Path, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The same, shared by the tests that erase nothing."""
    return filled(CommandLine(running_store, tmp_path_factory.mktemp("kept") / "home"), home_with_face)


def filled(privacyguard: CommandLine, home_with_face: Path) -> CommandLine:
    shutil.copytree(home_with_face, privacyguard.folder)
    program: list[str | Path] = [sys.executable, "-c", OWN_ENTRIES, privacyguard.folder]
    privacyguard.session.run(program, extra=privacyguard.environment, check=True)
    assert privacyguard("account", "add", "zoe@example.org").status == 0
    assert privacyguard("key", "set", "hibp", typed="c0de-zoe\n").status == 0
    assert privacyguard("source", "on", "hibp").status == 0
    return privacyguard


def entries(session: Session) -> list[str]:
    """All entries in the session's password store. Not the schema: GNOME Keyring leaves it out after it read its file anew."""
    program = (
        "import secretstorage as s\n"
        "with s.dbus_init() as bus:\n"
        "    for item in s.get_default_collection(bus).get_all_items():\n"
        "        print(item.get_label(), {k: v for k, v in item.get_attributes().items() if k != 'xdg:schema'})"
    )
    # In an order of their own: GNOME Keyring gives another one after it read its file anew.
    return sorted(session.run([sys.executable, "-c", program], check=True).stdout.splitlines())


def test_everything_is_gone_and_told(kept: CommandLine) -> None:
    home_id = (kept.folder / "home-id").read_text().strip()
    assert len([entry for entry in entries(kept.session) if home_id in entry]) == 2
    assert kept("background").status == 0  # it is off, and ends; its lock stays
    own = traces(kept.session.runtime / "privacyguard", kept.folder)
    assert any(file.exists() for file in own)
    done = kept("forget", "--everything", "--yes", "--json")
    assert done.status == 0
    assert list(done.json) == ["erased"]
    assert len(done.json["erased"]) >= 4
    assert not kept.folder.exists()
    assert kept.left_in_memory() == set()
    assert not any(file.exists() for file in own)
    assert not [entry for entry in entries(kept.session) if home_id in entry]


def test_the_receipt_names_what_cannot_be_reached(kept: CommandLine) -> None:
    done = kept("forget", "--everything", "--yes")
    assert "We cannot reach backups" in done.out
    assert done.out.startswith("Erased today, ")


def test_a_copy_of_the_old_vault_is_refused(kept: CommandLine, tmp_path: Path) -> None:
    shutil.copytree(kept.folder, tmp_path / "copy")
    assert kept("forget", "--everything", "--yes").status == 0
    shutil.copytree(tmp_path / "copy", kept.folder)
    done = kept("findings")
    assert done.status == 4
    assert "zoe" not in done.out
    assert kept("account", "list").status == 4


def test_after_forgetting_it_starts_anew(kept: CommandLine) -> None:
    assert kept("forget", "--everything", "--yes").status == 0
    assert kept("account", "list", "--json").json == []
    assert kept("disclosures", "--json").json == []


def test_a_damaged_vault_and_damaged_settings_can_be_forgotten(kept: CommandLine) -> None:
    (kept.folder / "vault.db").write_bytes(b"no vault" * 1000)
    kept.settings("colour = 1")
    assert kept("findings").status == 4
    assert kept("forget", "--everything", "--yes").status == 0
    assert not kept.folder.exists()


def test_files_that_are_not_ours_stay(kept: CommandLine) -> None:
    mine = kept.folder / "my own notes.txt"
    mine.write_text("mine")
    assert kept("forget", "--everything", "--yes").status == 0
    assert [path.name for path in kept.folder.rglob("*")] == [mine.name]


@pytest.mark.parametrize("arguments", [["--everything"], ["--face"], ["--person", "me"]])
def test_without_a_yes_nothing_is_erased(untouched: CommandLine, arguments: list[str]) -> None:
    done = untouched("forget", *arguments, typed="yes\n")
    assert done.status == 2
    assert "--yes" in done.err
    assert len(untouched("account", "list", "--json").json) == 1


def test_on_a_terminal_it_asks(kept: CommandLine) -> None:
    assert asked(kept, "no") == 2
    assert len(kept("account", "list", "--json").json) == 1
    assert asked(kept, "yes") == 0
    assert not kept.folder.exists()


def asked(privacyguard: CommandLine, answer: str) -> int:
    """The exit status when the question is answered on a terminal (``script`` makes one)."""
    program = "import os, pty, sys\nstatus = pty.spawn(sys.argv[1:])\nsys.exit(os.waitstatus_to_exitcode(status))"
    done = privacyguard.session.run(
        [sys.executable, "-c", program, *command("forget", "--everything")],
        input=f"{answer}\n",
        extra=privacyguard.environment,
    )
    assert "This erases everything" in done.stdout
    return done.returncode


@pytest.mark.parametrize(
    "arguments", [[], ["--everything", "--face"], ["--everything", "--person", "me"], ["--person", "Nobody"]]
)
def test_it_has_to_be_said_what_to_forget(untouched: CommandLine, arguments: list[str]) -> None:
    assert untouched("forget", "--yes", *arguments).status == 2
    assert len(untouched("account", "list", "--json").json) == 1


def test_a_person_is_forgotten_and_the_others_stay(kept: CommandLine, free_portraits: Portraits) -> None:
    photo = free_portraits.grace_hopper
    child = ["--person", "Ben"]
    assert kept("enrol", "--consent", *child, "--relation", "my-child", photo).status == 0
    assert kept("forget", *child, "--yes").status == 0
    assert kept("scan", photo, *child).status == 3
    assert kept("scan", photo).status == 0


def test_a_running_copy_is_not_pulled_from_under(
    untouched: CommandLine, free_portraits: Portraits, tmp_path: Path
) -> None:
    content = free_portraits.astronaut.read_bytes()
    for number in range(300):
        (tmp_path / f"{number}.png").write_bytes(content + number.to_bytes(2, "big"))
    with untouched.start("scan", tmp_path, "--json") as running:
        assert running.stdout is not None
        running.stdout.readline()
        for arguments in (["forget", "--everything", "--yes"], ["account", "list"]):
            done = untouched(*arguments)
            assert done.status == 4
            assert "already running" in done.err
        checks = {check["what"]: check for check in untouched("doctor", "--json").json}
        assert checks["vault"] == {"what": "vault", "ok": True, "detail": "in use by another PrivacyGuard"}
        running.send_signal(signal.SIGTERM)
        running.stdout.read()
    assert running.returncode == 130
    assert len(untouched("account", "list", "--json").json) == 1


def test_another_home_keeps_its_key(kept: CommandLine, tmp_path: Path) -> None:
    other = CommandLine(kept.session, tmp_path / "other")
    assert other("account", "add", "ben@example.org").status == 0
    assert kept("forget", "--everything", "--yes").status == 0
    assert other("account", "list", "--json").json == [{"kind": "email", "value": "ben@example.org"}]


def test_with_a_locked_store_nothing_is_erased(tmp_path: Path) -> None:
    with keyring_session(Store.UNLOCKED) as session:
        privacyguard = CommandLine(session, tmp_path / "home")
        assert privacyguard("account", "add", "zoe@example.org").status == 0
        session.lock()
        done = privacyguard("forget", "--everything", "--yes")
        assert done.status == 4
        assert "locked" in done.err
        assert (privacyguard.folder / "vault.db").exists()
        session.unlock()
        assert privacyguard("forget", "--everything", "--yes").status == 0


def test_the_self_test_uses_nothing_of_the_persons(untouched: CommandLine) -> None:
    before = {path: path.stat().st_mtime_ns for path in untouched.folder.rglob("*") if "log" not in path.name}
    in_store = entries(untouched.session)
    done = untouched("--self-test", "--json")
    for part in ("faces", "second opinion", "vault", "certificates", "window"):
        assert f"{part}: " in done.err
    assert "does not work" not in done.err
    assert (done.status, done.json) == (0, {"ok": True})
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert entries(untouched.session) == in_store
