"""First start, opening, and each reason why a vault does not open, told apart."""

import os
import pickle
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from privacyguard.errors import (
    KeyMissing,
    PasswordStoreLocked,
    VaultClosed,
    VaultDamaged,
    VaultError,
    VaultInUse,
    VaultUnwritable,
    WrongKey,
)
from privacyguard.model.person import Relation
from privacyguard.vault.key import VaultKey
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import disclosure, fill, open_vault

ENTRY = "vault-key-1"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_makes_a_key_and_private_files_whatever_the_umask(tmp_path: Path) -> None:
    keys, home = MemoryKeyStore(), tmp_path / "new" / "home"
    before = os.umask(0)
    try:
        with open_vault(home, keys) as vault:
            vault.set_flag("a", "b")
            assert {path.name for path in home.iterdir()} == {"vault.db", "vault.db-wal"}
            assert mode(home) == 0o700
            assert [mode(path) for path in home.iterdir()] == [0o600, 0o600]
    finally:
        os.umask(before)
    assert list(keys.entries) == [ENTRY]
    assert len(bytes.fromhex(keys.entries[ENTRY])) == 32
    assert not (home / "vault.db").read_bytes().startswith(b"SQLite format 3")
    assert [path.name for path in home.iterdir()] == ["vault.db"]


def test_two_homes_get_two_keys(tmp_path: Path) -> None:
    stores = [MemoryKeyStore(), MemoryKeyStore()]
    for number, keys in enumerate(stores):
        open_vault(tmp_path / str(number), keys).close()
    assert stores[0].entries != stores[1].entries


def test_modes_that_somebody_opened_are_closed_again(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    open_vault(tmp_path, keys).close()
    tmp_path.chmod(0o755)
    (tmp_path / "vault.db").chmod(0o644)
    open_vault(tmp_path, keys).close()
    assert (mode(tmp_path), mode(tmp_path / "vault.db")) == (0o700, 0o600)


def test_the_file_is_opened_with_every_guard_on(tmp_path: Path) -> None:
    expected = {
        "foreign_keys": 1,
        "secure_delete": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "trusted_schema": 0,
        "cipher_memory_security": "1",
        "temp_store": 0,
        "locking_mode": "exclusive",
    }
    with open_vault(tmp_path, MemoryKeyStore()) as vault, vault._reading() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
        options = {row[0] for row in connection.execute("PRAGMA compile_options").fetchall()}
    assert found == expected
    assert "TEMP_STORE=2" in options  # temporary tables in memory, unless a pragma asks for a file


def test_a_key_without_a_file_is_used_for_the_new_one(tmp_path: Path) -> None:
    for entry in (ENTRY, "vault-key-2"):
        keys = MemoryKeyStore({entry: VaultKey.new().for_store()})
        before = dict(keys.entries)
        open_vault(tmp_path / entry, keys).close()
        assert keys.entries == before
        open_vault(tmp_path / entry, keys).close()


def test_what_a_kill_left_beside_is_cleared_before_the_new_file(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    for name in ("vault.db.new", "vault.db.new-wal", "vault.db-wal"):
        (tmp_path / name).write_bytes(b"left by a kill" * 1000)
    with open_vault(tmp_path, keys) as vault:
        vault.set_flag("a", "b")
    with open_vault(tmp_path, keys) as vault:
        assert vault.flag("a") == "b"
    assert [path.name for path in tmp_path.iterdir()] == ["vault.db"]


def test_a_file_without_its_key_is_not_replaced(tmp_path: Path) -> None:
    open_vault(tmp_path, MemoryKeyStore()).close()
    before, empty = (tmp_path / "vault.db").read_bytes(), MemoryKeyStore()
    with pytest.raises(KeyMissing):
        open_vault(tmp_path, empty)
    assert empty.entries == {}
    assert (tmp_path / "vault.db").read_bytes() == before


def test_another_key_and_a_key_one_bit_off_are_refused(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        fill(vault)
    right = keys.entries[ENTRY]
    one_bit_off = f"{int(right, 16) ^ 1:064x}"
    for wrong in (VaultKey.new().for_store(), one_bit_off, "", "not a key", right[:-2], right + "00"):
        keys.entries[ENTRY] = wrong
        with pytest.raises(WrongKey) as caught:
            open_vault(tmp_path, keys)
        assert right not in str(caught.value) and (not wrong or wrong not in str(caught.value))
    keys.entries[ENTRY] = right
    with open_vault(tmp_path, keys) as vault:
        assert len(vault.people()) == 1


def test_of_two_keys_the_one_that_opens_stays(tmp_path: Path) -> None:
    for right, other in (("vault-key-1", "vault-key-2"), ("vault-key-2", "vault-key-1")):
        key = VaultKey.new().for_store()
        keys = MemoryKeyStore({right: key})
        open_vault(tmp_path / right, keys).close()
        keys.entries[other] = VaultKey.new().for_store()
        open_vault(tmp_path / right, keys).close()
        assert keys.entries == {right: key}


def test_of_two_wrong_keys_neither_is_erased(tmp_path: Path) -> None:
    open_vault(tmp_path, MemoryKeyStore()).close()
    keys = MemoryKeyStore({entry: VaultKey.new().for_store() for entry in ("vault-key-1", "vault-key-2")})
    before = dict(keys.entries)
    with pytest.raises(WrongKey):
        open_vault(tmp_path, keys)
    assert keys.entries == before


def test_a_file_that_was_cut_is_damaged_and_not_taken_for_a_new_one(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        fill(vault)
    whole = (tmp_path / "vault.db").read_bytes()
    for size in (0, 1, 4095, 4096, len(whole) // 2, len(whole) - 4096):
        (tmp_path / "vault.db").write_bytes(whole[:size])
        with pytest.raises(VaultDamaged):
            open_vault(tmp_path, keys)
        assert (tmp_path / "vault.db").read_bytes() == whole[:size]
    (tmp_path / "vault.db").write_bytes(whole[:-1])
    with pytest.raises(VaultDamaged), open_vault(tmp_path, keys) as vault:
        vault.check()


def test_a_second_copy_is_refused_before_the_store_is_asked(tmp_path: Path) -> None:
    keys, others = MemoryKeyStore(), MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        with pytest.raises(VaultInUse):
            open_vault(tmp_path, others)
        assert others.asked == []
        vault.set_flag("still", "works")
    open_vault(tmp_path, keys).close()


OTHER_COPY = """
import sys
from pathlib import Path
from privacyguard.errors import VaultInUse
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import open_vault
try:
    vault = open_vault(Path(sys.argv[1]), MemoryKeyStore({"vault-key-1": sys.stdin.readline().strip()}))
except VaultInUse:
    print("in use", flush=True)
else:
    print("open", flush=True)
    sys.stdin.readline()
"""


def other_copy(home: Path, key: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_COPY, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdin is not None
    process.stdin.write(key + "\n")
    process.stdin.flush()
    return process


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_copy_in_another_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys), other_copy(tmp_path, keys.entries[ENTRY]) as refused:
        assert said(refused) == "in use"
    with other_copy(tmp_path, keys.entries[ENTRY]) as process:
        assert said(process) == "open"
        with pytest.raises(VaultInUse):
            open_vault(tmp_path, keys)
        process.kill()
        process.wait()
        open_vault(tmp_path, keys).close()


def test_a_locked_store_is_asked_once_and_nothing_is_made(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    keys.failure = PasswordStoreLocked("closed")
    with pytest.raises(PasswordStoreLocked):
        open_vault(tmp_path, keys)
    assert keys.asked == [ENTRY]
    assert list(tmp_path.iterdir()) == []
    keys.failure = None
    open_vault(tmp_path, keys).close()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    keys = MemoryKeyStore()
    with pytest.raises(VaultUnwritable) as caught:
        open_vault(tmp_path / "file" / "home", keys)
    assert str(tmp_path) not in str(caught.value)
    assert keys.entries == {}
    (tmp_path / "home" / "vault.db").mkdir(parents=True)
    with pytest.raises(VaultUnwritable):
        open_vault(tmp_path / "home", MemoryKeyStore({ENTRY: VaultKey.new().for_store()}))


def test_a_link_to_a_disk_that_is_not_there_is_not_replaced(tmp_path: Path) -> None:
    keys, home, disk = MemoryKeyStore(), tmp_path / "home", tmp_path / "disk"
    open_vault(home, keys).close()
    disk.mkdir()
    (home / "vault.db").rename(disk / "vault.db")
    (home / "vault.db").symlink_to(disk / "vault.db")
    open_vault(home, keys).close()
    disk.rename(tmp_path / "unplugged")
    with pytest.raises(VaultUnwritable):
        open_vault(home, keys)
    assert (home / "vault.db").is_symlink()


def test_another_program_that_holds_the_file_is_told(tmp_path: Path) -> None:
    from sqlcipher3 import dbapi2

    keys = MemoryKeyStore()
    open_vault(tmp_path, keys).close()
    other = dbapi2.connect(tmp_path / "vault.db", isolation_level=None)
    other.execute(VaultKey.from_store(keys.entries[ENTRY]).pragma("key"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(VaultInUse):
        open_vault(tmp_path, keys)
    other.close()
    with open_vault(tmp_path, keys):
        other = dbapi2.connect(tmp_path / "vault.db", timeout=0)
        other.execute(VaultKey.from_store(keys.entries[ENTRY]).pragma("key"))
        with pytest.raises(dbapi2.OperationalError, match="locked"):
            other.execute("SELECT * FROM person")
        other.close()


def test_a_folder_of_somebody_else_is_told(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    keys = MemoryKeyStore()
    open_vault(tmp_path / "home", keys).close()
    tmp_path.chmod(0o755)
    child = os.fork()
    if child == 0:  # another user of this computer
        status = 2
        try:
            os.setgid(65534)
            os.setuid(65534)
            open_vault(tmp_path / "home", keys)
            status = 3
        except VaultUnwritable:
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_closed_vault_says_so_and_closing_twice_does_nothing(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, MemoryKeyStore())
    vault.close()
    vault.close()
    with pytest.raises(VaultClosed):
        vault.people()
    with pytest.raises(VaultClosed):
        vault.set_flag("a", "b")


def test_threads_write_at_the_same_time_and_lose_nothing(tmp_path: Path) -> None:
    failures: list[VaultError] = []
    with open_vault(tmp_path, MemoryKeyStore()) as vault:
        person_id = vault.add_person("Ann", Relation.ME, True).person_id

        def write(start: int) -> None:
            try:
                for number in range(start, start + 25):
                    vault.record(disclosure(number))
                    vault.person(person_id)
            except VaultError as error:
                failures.append(error)

        threads = [threading.Thread(target=write, args=(start,)) for start in range(0, 100, 25)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert sorted(one.bytes for one in vault.disclosures()) == list(range(300, 400))


def test_the_key_shows_itself_to_nobody() -> None:
    key = VaultKey.new()
    secret = key.for_store()
    assert secret not in repr(key) and secret not in str(key) and secret not in f"{key}"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(ValueError, match="length") as caught:
        VaultKey(bytes.fromhex(secret)[:31])
    assert secret[:16] not in str(caught.value)
    assert VaultKey.from_store(secret).for_store() == secret
    assert VaultKey.new().for_store() != secret
