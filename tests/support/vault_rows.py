"""What is in a vault, decrypted and written out, so that it can be searched for what must not be in there at all."""

import shutil
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from privacyguard.vault import schema
from privacyguard.vault.database import BESIDE, Database
from privacyguard.vault.folder import VAULT_FILE
from privacyguard.vault.key import VaultKey


def copied(home: Path, folder: Path) -> Path:
    """A copy of the vault in ``home``, with what lies beside it; nothing has it open."""
    for ending in BESIDE:
        file = home / f"{VAULT_FILE}{ending}"
        if file.exists():
            shutil.copy(file, folder)
    return folder / VAULT_FILE


def written_out(file: Path, key: str, folder: Path) -> dict[str, int]:
    """Write every cell of every table into ``folder``, one file for each table; how many rows each has."""
    counts = {}
    with closing(Database.open(file, VaultKey.from_store(key))) as database, database.reading() as connection:
        for table in sorted(schema.TABLES):
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            cells = (cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)
            (folder / table).write_bytes(b"\n".join(cells))
            counts[table] = len(rows)
    return counts


def planted(file: Path, key: str, needles: Iterable[bytes]) -> None:
    """Put each of these into a row of the vault."""
    with closing(Database.open(file, VaultKey.from_store(key))) as database, database.writing() as connection:
        rows = [(f"planted {number}", b"before" + needle + b"after") for number, needle in enumerate(needles)]
        connection.executemany("INSERT INTO kept VALUES (?, ?, '2026-01-01T00:00:00+00:00')", rows)
