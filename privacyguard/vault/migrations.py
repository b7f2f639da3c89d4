"""From the version of the file to the current one, in one transaction: whole or not at all."""

from sqlite3 import Connection

from privacyguard.errors import VaultDamaged, VaultTooNew
from privacyguard.vault.schema import CURRENT, STEPS, TABLES


def version(connection: Connection) -> int:
    """The version of the file's content, 0 for an empty file. Reads the first page, writes nothing."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: Connection) -> None:
    """Raise :class:`VaultTooNew` where a newer PrivacyGuard wrote the file. Nothing is changed."""
    if version(connection) > CURRENT:
        raise VaultTooNew("a newer schema")


def migrate(connection: Connection) -> None:
    """Bring the file to the current version. A kill or a full disk at any moment leaves the old version whole.

    Raises:
        VaultTooNew: written by a newer version.
        VaultDamaged: the content does not hold together.
    """
    refuse_newer(connection)
    if version(connection) < CURRENT:
        _take_steps(connection)
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    if TABLES - {name for (name,) in rows}:
        raise VaultDamaged("a table is missing")


def _take_steps(connection: Connection) -> None:
    # Off, or dropping a table that is rebuilt would erase the rows that point at it; works only outside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[version(connection) :]:
            for statement in step:
                connection.execute(statement)
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            raise VaultDamaged("rows without their owner")
        connection.execute(f"PRAGMA user_version = {CURRENT}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA foreign_keys = ON")
