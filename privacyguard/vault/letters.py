"""Letters that a person sent, until when an answer is due, and whether it came."""

from privacyguard.model.letter import SentLetter
from privacyguard.vault import people, records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, strictly


def letters(connection: Connection) -> tuple[SentLetter, ...]:
    """Every letter, in the order they were first kept."""
    rows = connection.execute("SELECT * FROM letter ORDER BY rowid").fetchall()
    with strictly():
        return tuple(records.letter(Fields.from_row(row)) for row in rows)


def save(connection: Connection, letter: SentLetter) -> None:
    """Keep a letter, in place of what has its id."""
    people.require(connection, letter.person_id)
    statement = """INSERT INTO letter VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        person_id = excluded.person_id, recipient = excluded.recipient, kind = excluded.kind,
        sent_on = excluded.sent_on, due_on = excluded.due_on, answered_on = excluded.answered_on"""
    connection.execute(statement, records.letter_row(letter))


def remove(connection: Connection, letter_id: str) -> bool:
    """Whether it was there."""
    return connection.execute("DELETE FROM letter WHERE id = ?", (letter_id,)).rowcount == 1
