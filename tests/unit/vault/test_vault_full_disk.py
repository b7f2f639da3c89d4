"""A full disk is told in words, nothing that was saved is lost, and what is due is done when there is room again."""

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.errors import DiskFull
from privacyguard.vault.keystore import home_id
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import disclosure, fill, open_vault

DISK_BYTES = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 1 MB, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def use_up(disk: Path, leaving: int = 0) -> Path:
    """Fill the disk with a file until no more than ``leaving`` bytes (in whole blocks) are free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize > leaving:
                file.write(bytes(4096))
        except OSError:
            pass
    return filler


def write_until_full(vault: Vault, size: int) -> int:
    """How many pieces were taken before there was no room."""
    for number in range(1000):
        try:
            vault.save(f"piece {number}", bytes([number % 256]) * size)
        except DiskFull:
            return number
    raise AssertionError("the disk never got full")


def test_a_full_file_keeps_what_was_acknowledged_and_takes_more_when_there_is_room(tmp_path: Path) -> None:
    with open_vault(tmp_path, MemoryKeyStore()) as vault:
        filled = fill(vault)
        with vault._reading() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        count = write_until_full(vault, 8000)
        assert count > 2
        assert [vault.load(f"piece {number}") is not None for number in range(count + 1)] == [True] * count + [False]
        assert vault.findings() == filled.findings
        with vault._reading() as connection:
            connection.execute("PRAGMA max_page_count = 100000")
        vault.save(f"piece {count}", b"x")
        vault.check()


def test_a_full_disk_loses_nothing_and_the_vault_still_opens(small_disk: Path) -> None:
    home, keys = small_disk / "home", MemoryKeyStore()
    reserve = small_disk / "reserve"
    reserve.write_bytes(bytes(64_000))
    with open_vault(home, keys) as vault:
        filled = fill(vault)
        count = write_until_full(vault, 20_000)
        assert count > 3
        filler = use_up(small_disk)
        with pytest.raises(DiskFull):
            vault.save("one more", os.urandom(30_000))
        assert vault.findings() == filled.findings
    with open_vault(home, keys) as vault:  # on the full disk
        assert vault.people() == (filled.person,)
        assert all(vault.load(f"piece {number}") for number in range(count))
        assert vault.load("one more") is None
    filler.unlink()
    reserve.unlink()
    with open_vault(home, keys) as vault:
        vault.check()
        vault.record(disclosure(1))
        assert vault.disclosures() == (disclosure(1), filled.disclosure)


def test_a_limit_on_the_size_of_files_is_told_as_a_full_disk(tmp_path: Path) -> None:
    """As a used-up quota is, for which there is no test: both are told to SQLite in words that it does not know."""
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        filled = fill(vault)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, before[1]))
    try:
        with open_vault(tmp_path, keys) as vault:
            count = write_until_full(vault, 20_000)
            assert count > 3
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["vault.db"]
    with open_vault(tmp_path, keys) as vault:
        assert vault.people() == (filled.person,)
        assert all(vault.load(f"piece {number}") for number in range(count))
        vault.check()


def test_first_start_on_a_full_disk_can_be_tried_again(small_disk: Path) -> None:
    home, keys = small_disk / "home", MemoryKeyStore()
    home.mkdir()
    filler = use_up(small_disk)
    for _ in range(2):
        with pytest.raises(DiskFull):
            home_id(home)
        with pytest.raises(DiskFull):
            open_vault(home, keys)
        assert not (home / "vault.db").exists()
    filler.unlink()
    assert len(home_id(home)) == 32
    open_vault(home, keys).close()
    assert len(keys.entries) == 1


@pytest.mark.parametrize("room", range(0, 480 * 1024, 48 * 1024))
def test_forgetting_on_a_nearly_full_disk_ends_with_one_key_and_no_half_face(small_disk: Path, room: int) -> None:
    home, keys = small_disk / "home", MemoryKeyStore()
    with open_vault(home, keys) as vault:
        filled = fill(vault)
        before = dict(keys.entries)
        filler = use_up(small_disk, leaving=room)
        try:
            vault.forget_face(filled.person.person_id)
        except DiskFull:
            vault.people()  # goes on working
        is_erased = vault.person(filled.person.person_id).template is None
        assert vault.places() == filled.places
    with open_vault(home, keys) as vault:  # whether or not there is room now, it opens
        assert (vault.person(filled.person.person_id).template is None) == is_erased
    filler.unlink()
    with open_vault(home, keys) as vault:
        vault.check()
        person = vault.person(filled.person.person_id)
        assert person.template == (None if is_erased else filled.person.template)
        assert len(keys.entries) == 1
        # Once the rows are erased, the key that opened them goes too, at the latest now.
        assert (set(keys.entries.values()) == set(before.values())) == (not is_erased)
