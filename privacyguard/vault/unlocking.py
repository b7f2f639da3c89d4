"""The vault's file and its key together: first start, opening, and a new key.

Two entries take turns in the password store, so that while the key changes both the old and the new one are kept. The
key is saved before the file is made. So a kill at any moment leaves a file that opens, or no file and a key for it.
"""

import os
from pathlib import Path

from privacyguard.errors import DiskFull, KeyMissing, WrongKey
from privacyguard.vault import folder
from privacyguard.vault.database import Database
from privacyguard.vault.folder import VAULT_FILE, FolderLock
from privacyguard.vault.key import VaultKey
from privacyguard.vault.keystore import KeyStore

ENTRIES = ("vault-key-1", "vault-key-2")


class Unlocked:
    """The open file, the name of its key's entry, and the lock on the folder. The key itself is not kept."""

    def __init__(self, home: Path, keys: KeyStore) -> None:
        """Open the vault of ``home``, or make it at first start.

        Raises:
            VaultInUse: before the password store is asked.
            KeyMissing: the file is there, its key is not.
            WrongKey: no key of the store opens the file.
            VaultError: the other reasons, as their names say.
        """
        self._file = home / VAULT_FILE
        self._keys = keys
        folder.prepare(home)
        self._lock = FolderLock.take(home)
        try:
            self.database, self._entry = self._open()
        except BaseException:
            self._lock.release()
            raise

    def renew(self) -> None:
        """Write the whole file anew under a new key and erase the old key: copies of the file so far are dead.

        Raises:
            DiskFull: the old key stays in force.
        """
        other = _other(self._entry)
        new = VaultKey.new()
        self._keys.save(other, new.for_store())
        try:
            self.database.rewrite(new)
        finally:
            # In any case with what is on the disk now: that decides which of the two keys stays.
            self.database.close()
            self.database, self._entry = self._open()
        if self._entry != other:
            raise DiskFull("the file kept its key")

    def close(self) -> None:
        """Close the file and let go of the folder. Calling it again does nothing."""
        self.database.close()
        self._lock.release()

    def _open(self) -> tuple[Database, str]:
        known = [(entry, text) for entry in ENTRIES if (text := self._keys.load(entry)) is not None]
        # Not exists(): behind a link may be a vault on a disk that is not plugged in.
        if not os.path.lexists(self._file):
            return self._make(known)
        if not known:
            raise KeyMissing("no key in the store")
        database, entry = self._try_each(known)
        if len(known) > 1:
            self._keys.delete(_other(entry))  # left by a kill while the key changed
        return database, entry

    def _make(self, known: list[tuple[str, str]]) -> tuple[Database, str]:
        for entry, text in known:
            return Database.create(self._file, VaultKey.from_store(text)), entry
        key = VaultKey.new()
        self._keys.save(ENTRIES[0], key.for_store())
        return Database.create(self._file, key), ENTRIES[0]

    def _try_each(self, known: list[tuple[str, str]]) -> tuple[Database, str]:
        for entry, text in known:
            try:
                return Database.open(self._file, VaultKey.from_store(text)), entry
            except WrongKey:
                continue
        raise WrongKey("no key of the store opens the file")


def _other(entry: str) -> str:
    return ENTRIES[1 - ENTRIES.index(entry)]
