"""One SQLCipher file: opened with its key or not at all, errors in our words, one user at a time."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, Row
from typing import cast

from privacyguard.errors import DiskFull, VaultClosed, VaultDamaged, VaultError, VaultUnwritable
from privacyguard.vault import folder
from privacyguard.vault.failures import converted
from privacyguard.vault.key import VaultKey
from privacyguard.vault.migrations import migrate, refuse_newer

# The driver has no stubs; its connections and rows have the shape of the standard library's, which opens nothing here.
__all__ = ["Connection", "Database", "Row", "Transaction", "remove"]

Transaction = Callable[[], AbstractContextManager[Connection]]
"""Opens one around a block."""

PAGE_BYTES = 4096
BESIDE = ("", "-wal", "-shm", "-journal")
"""Endings of the files that belong to one database."""

_BEFORE_THE_KEY = "PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;"
# Exclusive, so that the index of the write-ahead log lies in memory: no third file, the vault can be read on a full
# disk, and programs that do not know our lock are kept out too.
_AFTER_THE_KEY = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF;"

CACHE_KIB = 1024
"""Of decrypted pages in memory. SQLite's own measure would let a scan's memory grow by 12 MB; a second scan is as quick."""


class Database:
    """An open file. One thread at a time: the vault holds a lock around it."""

    def __init__(self, connection: Connection, file: Path) -> None:
        self._connection: Connection | None = connection
        self._file = file

    @classmethod
    def open(cls, file: Path, key: VaultKey) -> "Database":
        """The existing file, brought to the current schema.

        Raises:
            WrongKey: the first page does not open with this key.
            VaultDamaged: cut, or damaged behind the first page.
            VaultTooNew: written by a newer version; not changed.
            VaultInUse, VaultUnwritable, DiskFull: as their names say.
        """
        _check_file(file)
        with converted(file, opening=True):
            connection = _connect(file, key)
        try:
            with converted(file):
                _prepare(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection, file)

    @classmethod
    def create(cls, file: Path, key: VaultKey) -> "Database":
        """A new file. It gets its name only when it is whole, so a file of this name is never half made.

        Raises:
            DiskFull, VaultUnwritable: nothing was made.
        """
        unfinished = file.with_name(file.name + ".new")
        try:
            remove(unfinished)
            os.close(folder.new_private_file(unfinished))
        except OSError as error:
            raise folder.meaning(error) from None
        with converted(unfinished), closing(_connect(unfinished, key)) as connection:
            _prepare(connection)
        try:
            remove(file)  # a log without its file would be played back into the new one
            unfinished.replace(file)
            folder.write_to_disk(file.parent)
        except OSError as error:
            raise folder.meaning(error) from None
        return cls.open(file, key)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection, for statements that change nothing."""
        with converted(self._file):
            yield self._usable()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The connection in one transaction: all of the block is kept, or nothing of it."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def rewrite(self, key: VaultKey) -> None:
        """Write every page anew, without what was erased, under another key. Close and open it again afterwards.

        A kill or an error at any moment leaves a file that opens with the old key or with the new one.

        Raises:
            DiskFull: it needs about twice the room of the file meanwhile.
        """
        with self.reading() as connection:
            connection.execute("VACUUM")
            connection.executescript(key.pragma("rekey"))
            is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_busy:
                raise DiskFull("the log could not be written back")

    def check(self) -> None:
        """Read and decrypt every page, and look at the order of all rows.

        Raises:
            VaultDamaged: a page was changed or lost.
        """
        with self.reading() as connection:
            broken = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            if broken or tuple(connection.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
                raise VaultDamaged("a page does not open")

    def close(self) -> None:
        """Write the log back and let go of the key. Calling it again does nothing."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _usable(self) -> Connection:
        if self._connection is None:
            raise VaultClosed("used after closing")
        return self._connection


def remove(file: Path) -> bool:
    """Remove a database's file and what lies beside it; whether there was anything. Raises OSError."""
    found = False
    for ending in BESIDE:
        part = file.with_name(file.name + ending)
        found = found or os.path.lexists(part)
        part.unlink(missing_ok=True)
    return found


def _check_file(file: Path) -> None:
    try:
        with file.open("r+b") as opened:
            size = os.fstat(opened.fileno()).st_size
            if os.name == "posix" and os.fstat(opened.fileno()).st_mode & 0o077:
                os.fchmod(opened.fileno(), 0o600)
    except OSError as error:
        raise folder.meaning(error) from None
    # The driver takes an empty file for a new one; ours are never empty (see create), so content was lost.
    if size < PAGE_BYTES:
        raise VaultDamaged("the file was cut")


def _connect(file: Path, key: VaultKey) -> Connection:
    """A connection whose key is proven by the first page; of another version: raises :class:`VaultTooNew`."""
    from sqlcipher3 import dbapi2

    connection = cast("Connection", dbapi2.connect(file, isolation_level=None, check_same_thread=False, timeout=0))
    try:
        # executescript: unlike execute, it does not keep the statement, and the key in it, for later.
        connection.executescript(_BEFORE_THE_KEY)
        connection.executescript(key.pragma("key"))
        connection.executescript(_AFTER_THE_KEY)
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise VaultError("the driver cannot encrypt")
        refuse_newer(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Connection) -> None:
    from sqlcipher3 import dbapi2

    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise VaultUnwritable("the log cannot be used here")
    connection.execute("PRAGMA synchronous = FULL")
    migrate(connection)
    connection.row_factory = dbapi2.Row
