"""Checkups, places, and small things kept by name."""

from datetime import datetime

from privacyguard.model.checkup import Checkup
from privacyguard.model.place import Place
from privacyguard.vault import records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, moment_text, path_bytes, strictly

CHECKUPS_KEPT = 100
"""Of each person; older ones are erased, the findings stay."""


def places(connection: Connection) -> tuple[Place, ...]:
    """Every place, in the order they were added."""
    rows = connection.execute("SELECT kind, value FROM place ORDER BY id").fetchall()
    with strictly():
        return tuple(records.place(Fields.from_row(row)) for row in rows)


def add_place(connection: Connection, place: Place) -> bool:
    """Whether it is new."""
    row = (place.kind.value, path_bytes(place.value))
    return connection.execute("INSERT OR IGNORE INTO place (kind, value) VALUES (?, ?)", row).rowcount == 1


def remove_place(connection: Connection, place: Place) -> bool:
    """Whether it was there."""
    row = (place.kind.value, path_bytes(place.value))
    return connection.execute("DELETE FROM place WHERE kind = ? AND value = ?", row).rowcount == 1


def save_checkup(connection: Connection, checkup: Checkup) -> None:
    """Keep a checkup's results."""
    statement = """INSERT INTO checkup (person_id, started_at, finished_at, cancelled, outcomes, new)
        VALUES (?, ?, ?, ?, ?, ?)"""
    connection.execute(statement, records.checkup_row(checkup))
    statement = """DELETE FROM checkup WHERE person_id = ?1 AND id NOT IN
        (SELECT id FROM checkup WHERE person_id = ?1 ORDER BY id DESC LIMIT ?2)"""
    connection.execute(statement, (checkup.person_id, CHECKUPS_KEPT))


def last_checkup(connection: Connection, person_id: str | None) -> Checkup | None:
    """The latest checkup, or a person's, or None."""
    if person_id is None:
        row = connection.execute("SELECT * FROM checkup ORDER BY id DESC LIMIT 1").fetchone()
    else:
        statement = "SELECT * FROM checkup WHERE person_id = ? ORDER BY id DESC LIMIT 1"
        row = connection.execute(statement, (person_id,)).fetchone()
    if row is None:
        return None
    with strictly():
        return records.checkup(Fields.from_row(row))


def load(connection: Connection, name: str) -> tuple[bytes, datetime] | None:
    """The kept bytes and when they were kept, or None."""
    row = connection.execute("SELECT content, kept_at FROM kept WHERE name = ?", (name,)).fetchone()
    if row is None:
        return None
    with strictly():
        fields = Fields.from_row(row)
        return fields.content("content"), fields.moment("kept_at")


def save(connection: Connection, name: str, content: bytes, now: datetime) -> None:
    """Keep bytes under a name, in place of those before."""
    connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (name, content, moment_text(now)))


def flag(connection: Connection, name: str) -> str | None:
    """A small value kept by name, or None."""
    row = connection.execute("SELECT value FROM flag WHERE name = ?", (name,)).fetchone()
    if row is None:
        return None
    with strictly():
        return Fields.from_row(row).text("value")


def set_flag(connection: Connection, name: str, value: str) -> None:
    """Keep a small value by name."""
    connection.execute("INSERT OR REPLACE INTO flag VALUES (?, ?)", (name, value))


def clear_flag(connection: Connection, name: str) -> None:
    """Erase a small value."""
    connection.execute("DELETE FROM flag WHERE name = ?", (name,))
