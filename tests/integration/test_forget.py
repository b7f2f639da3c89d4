"""Forget everything (T2): key first, then every file of ours; no copy of the vault opens any more; nothing else is touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import secretstorage

from privacyguard.errors import KeyMissing, PasswordStoreLocked, VaultInUse, VaultUnwritable, WrongKey
from privacyguard.vault.database import Database
from privacyguard.vault.forget import Receipt, forget_everything
from privacyguard.vault.key import VaultKey
from privacyguard.vault.keystore import SystemKeyStore, home_id
from tests.support.keyring_session import Session, Store, as_own_environment, keyring_session
from tests.support.vault_samples import fill, open_vault

CODES = ("api-hibp", "api-google-vision")


@pytest.fixture
def session(keyring_sessions: Callable[[], Session]) -> Iterator[Session]:
    with as_own_environment(keyring_sessions()) as session:
        yield session


def filled_home(home: Path) -> Path:
    """A home as it is after some use."""
    with open_vault(home, SystemKeyStore(home_id(home))) as vault:
        fill(vault)
    SystemKeyStore(home_id(home)).save(CODES[0], "zyxw-code")
    for name in ("settings.toml", ".settings.toml.new", "log/privacyguard.log", "log/privacyguard.log.1"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text("ours")
    (home / "runtime" / "tmp-12345").mkdir(parents=True)
    (home / "runtime" / "tmp-12345" / "left").write_text("by a kill")
    for name in ("vault.db-wal", "vault.db-shm", "vault.db.new", "vault.db.new-wal", "lock", "home-id.new"):
        (home / name).touch()
    return home


def forget(home: Path) -> Receipt:
    return forget_everything(home, SystemKeyStore(home_id(home)), CODES)


def entries() -> list[tuple[str, str]]:
    """Service and name of everything in the password store."""
    with secretstorage.dbus_init() as bus:
        collection: Any = secretstorage.get_default_collection(bus)
        found = [item.get_attributes() for item in collection.get_all_items()]
    return sorted((one["service"], one["username"]) for one in found)


def secrets() -> list[str]:
    with secretstorage.dbus_init() as bus:
        collection: Any = secretstorage.get_default_collection(bus)
        return [item.get_secret().decode() for item in collection.get_all_items()]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_of_ours_is_left_and_no_copy_opens(session: Session, tmp_path: Path) -> None:
    home, copy = filled_home(tmp_path / "home"), tmp_path / "copy"
    shutil.copytree(home, copy)
    receipt = forget(home)
    assert not home.exists()
    assert entries() == []
    assert len(receipt.erased) == 5
    assert receipt.not_reached == (
        "We cannot reach backups of this computer, files that you saved, or what you sent to a service."
    )
    # The copy put back, with and without its id, finds no key.
    for with_id in (True, False):
        shutil.copytree(copy, home)
        if not with_id:
            (home / "home-id").unlink()
        with pytest.raises(KeyMissing):
            open_vault(home, SystemKeyStore(home_id(home)))
        forget(home)
    # The copy over a vault that was begun anew does not open with its key, nor with any key in the store.
    open_vault(home, SystemKeyStore(home_id(home))).close()
    new = (home / "vault.db").read_bytes()
    shutil.copy(copy / "vault.db", home / "vault.db")
    with pytest.raises(WrongKey):
        open_vault(home, SystemKeyStore(home_id(home)))
    assert len(secrets()) == 1
    for secret in secrets():
        with pytest.raises(WrongKey):
            Database.open(home / "vault.db", VaultKey.from_store(secret))
    (home / "vault.db").write_bytes(new)
    open_vault(home, SystemKeyStore(home_id(home))).close()


def test_the_copy_did_open_before(session: Session, tmp_path: Path) -> None:
    """What the test above rests on."""
    home, copy = filled_home(tmp_path / "home"), tmp_path / "copy"
    shutil.copytree(home, copy)
    with open_vault(copy, SystemKeyStore(home_id(copy))) as vault:
        assert len(vault.people()) == 1


def test_another_home_and_other_programs_are_not_touched(session: Session, tmp_path: Path) -> None:
    home, other = filled_home(tmp_path / "home"), filled_home(tmp_path / "other")
    with secretstorage.dbus_init() as bus:
        collection = secretstorage.get_default_collection(bus)
        collection.create_item("Mail", {"service": "mail", "username": "vault-key-1"}, b"theirs")
    before, id_before = tree(other), home_id(other)
    forget(home)
    assert tree(other) == before
    service = f"PrivacyGuard {id_before}"
    assert entries() == sorted([(service, CODES[0]), (service, "vault-key-1"), ("mail", "vault-key-1")])
    with open_vault(other, SystemKeyStore(home_id(other))) as vault:
        assert len(vault.people()) == 1


def test_files_that_are_not_ours_stay(session: Session, tmp_path: Path) -> None:
    home, outside = filled_home(tmp_path / "home"), tmp_path / "outside"
    outside.mkdir()
    (outside / "settings.toml").write_text("theirs")
    (outside / "tmp-1").mkdir()
    for name in ("letter.odt", "vault.db.bak", "log/notes.txt", "runtime/other"):
        (home / name).write_text("theirs")
    (home / "settings.toml").unlink()
    (home / "settings.toml").symlink_to(outside / "settings.toml")
    (home / "vault.db-journal").mkdir()
    forget(home)
    assert tree(home) == dict.fromkeys(("letter.odt", "vault.db.bak", "log/notes.txt", "runtime/other"), b"theirs")
    assert (home / "vault.db-journal").is_dir()
    assert not (home / "settings.toml").is_symlink()
    assert (outside / "settings.toml").read_text() == "theirs" and (outside / "tmp-1").is_dir()


def test_a_linked_folder_of_ours_is_not_followed_into_others(session: Session, tmp_path: Path) -> None:
    home, outside = filled_home(tmp_path / "home"), tmp_path / "outside"
    shutil.rmtree(home / "runtime")
    (outside / "tmp-1").mkdir(parents=True)
    (home / "runtime").symlink_to(outside)
    forget(home)
    assert (outside / "tmp-1").is_dir()


RUNNING = """
import sys
from pathlib import Path
from privacyguard.vault.keystore import SystemKeyStore, home_id
from tests.support.vault_samples import open_vault
home = Path(sys.argv[1])
with open_vault(home, SystemKeyStore(home_id(home))):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_running_copy_is_not_robbed_of_its_vault(session: Session, tmp_path: Path) -> None:
    home = filled_home(tmp_path / "home")
    root = Path(__file__).parents[2]
    with session.start([sys.executable, "-c", RUNNING, home], extra={"PYTHONPATH": str(root)}) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stdout.readline() == b"open\n"
        before, names = entries(), set(tree(home))
        with pytest.raises(VaultInUse):
            forget(home)
        assert entries() == before and set(tree(home)) == names
        running.stdin.close()
    assert running.returncode == 0
    forget(home)
    assert not home.exists() and entries() == []


def test_a_locked_store_is_told_and_nothing_is_erased(session: Session, tmp_path: Path) -> None:
    home = filled_home(tmp_path / "home")
    before = tree(home)
    session.lock()
    with pytest.raises(PasswordStoreLocked):
        forget(home)
    assert tree(home) == before
    session.unlock()
    forget(home)
    assert not home.exists() and entries() == []


def test_without_a_store_the_files_go_and_the_receipt_says_what_is_left(tmp_path: Path) -> None:
    with keyring_session() as session, as_own_environment(session):
        home = filled_home(tmp_path / "home")
    with keyring_session(Store.MISSING) as session, as_own_environment(session):
        receipt = forget(home)
    assert not home.exists()
    assert "password store" in receipt.not_reached
    assert not any("key" in words for words in receipt.erased)


def test_a_file_that_cannot_be_erased_is_told_and_the_rest_goes(session: Session, tmp_path: Path) -> None:
    home = filled_home(tmp_path / "home")
    stubborn = home / "settings.toml"
    if os.getuid() != 0 or subprocess.run(["chattr", "+i", stubborn], capture_output=True, check=False).returncode:
        pytest.skip("this file system knows no file that cannot be erased")
    try:
        with pytest.raises(VaultUnwritable) as caught:
            forget(home)
        assert "settings" not in str(caught.value)
        assert set(tree(home)) == {"settings.toml"} and entries() == []
    finally:
        subprocess.run(["chattr", "-i", stubborn], check=True)
    forget(home)
    assert not home.exists()
