"""People, what is checked for them, their consent and their face pattern."""

import secrets

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_
from privacyguard.model.person import Consent, FaceTemplate, Identifier, Person, Relation
from privacyguard.model.statement import PEOPLE_AT_MOST
from privacyguard.vault import records
from privacyguard.vault.database import Connection, Row
from privacyguard.vault.fields import Fields, moment_text, strictly

ID_BYTES = 8
"""Of a person's random id."""


class TooManyPeople(PrivacyGuardError):
    """There are as many people as there may be."""

    title = N_("PrivacyGuard looks out for six people at most.")
    remedy = N_("Forget somebody first. It is made for a home, not for lists of people.")


def people(connection: Connection) -> tuple[Person, ...]:
    """Everybody, in the order they were added."""
    rows = connection.execute("SELECT * FROM person ORDER BY rowid").fetchall()
    return tuple(_person(connection, row) for row in rows)


def person(connection: Connection, person_id: str) -> Person:
    """The person with this id. Raises LookupError when there is none."""
    row = connection.execute("SELECT * FROM person WHERE id = ?", (person_id,)).fetchone()
    if row is None:
        raise LookupError("no person with this id")
    return _person(connection, row)


def named(connection: Connection, name: str) -> Person | None:
    """The person with this name, or None."""
    row = connection.execute("SELECT * FROM person WHERE name = ?", (_name(name),)).fetchone()
    return None if row is None else _person(connection, row)


def require(connection: Connection, person_id: str) -> None:
    """Raise LookupError when there is no such person."""
    if connection.execute("SELECT 1 FROM person WHERE id = ?", (person_id,)).fetchone() is None:
        raise LookupError("no person with this id")


def add(connection: Connection, name: str, relation: Relation, is_adult: bool) -> str:
    """A new person's id. Raises ValueError for a name that is taken or cannot be shown, and TooManyPeople."""
    shown = _new_name(connection, name)
    if connection.execute("SELECT count(*) FROM person").fetchone()[0] >= PEOPLE_AT_MOST:
        raise TooManyPeople("as many as there may be")
    person_id = secrets.token_hex(ID_BYTES)
    connection.execute("INSERT INTO person VALUES (?, ?, ?, ?)", (person_id, shown, relation.value, is_adult))
    return person_id


def rename(connection: Connection, person_id: str, name: str) -> None:
    """Another name for a person. Raises ValueError for a name that is taken or cannot be shown."""
    require(connection, person_id)
    connection.execute("UPDATE person SET name = ? WHERE id = ?", (_new_name(connection, name), person_id))


def add_identifier(connection: Connection, person_id: str, identifier: Identifier) -> bool:
    """Whether it is new. The person is known to be there."""
    row = (person_id, identifier.kind.value, identifier.value)
    return connection.execute("INSERT OR IGNORE INTO identifier VALUES (?, ?, ?)", row).rowcount == 1


def remove_identifier(connection: Connection, person_id: str, identifier: Identifier) -> bool:
    """Whether it was there."""
    row = (person_id, identifier.kind.value, identifier.value)
    statement = "DELETE FROM identifier WHERE person_id = ? AND kind = ? AND value = ?"
    return connection.execute(statement, row).rowcount == 1


def save_consent(connection: Connection, person_id: str, consent: Consent) -> None:
    """Keep what the person agreed to, in place of what they agreed to before."""
    require(connection, person_id)
    row = records.consent_row(person_id, consent)
    connection.execute("INSERT OR REPLACE INTO consent VALUES (?, ?, ?, ?, ?, ?)", row)


def save_template(connection: Connection, person_id: str, template: FaceTemplate) -> None:
    """Keep a face pattern in place of the one before."""
    require(connection, person_id)
    connection.execute("DELETE FROM template WHERE person_id = ?", (person_id,))
    row = (person_id, template.model_id, moment_text(template.enrolled_at))
    connection.execute("INSERT INTO template VALUES (?, ?, ?)", row)
    photos = [records.photo_row(person_id, position, photo) for position, photo in enumerate(template.photos)]
    connection.executemany("INSERT INTO photo VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", photos)


def forget_face(connection: Connection, person_id: str) -> bool:
    """Erase the face pattern and the yes to it; whether there was one."""
    require(connection, person_id)
    connection.execute("UPDATE consent SET face_pattern = 0 WHERE person_id = ?", (person_id,))
    return connection.execute("DELETE FROM template WHERE person_id = ?", (person_id,)).rowcount == 1


def forget(connection: Connection, person_id: str) -> None:
    """Erase a person and every row that is about them."""
    require(connection, person_id)
    connection.execute("DELETE FROM checkup WHERE person_id = ?", (person_id,))
    connection.execute("DELETE FROM person WHERE id = ?", (person_id,))


def _new_name(connection: Connection, name: str) -> str:
    shown = _name(name)
    if not shown.isprintable():
        raise ValueError("a name with control characters")
    if connection.execute("SELECT 1 FROM person WHERE name = ?", (shown,)).fetchone() is not None:
        raise ValueError("the name is taken")
    return shown


def _name(name: str) -> str:
    return " ".join(name.split())


def _person(connection: Connection, row: Row) -> Person:
    with strictly():
        fields = Fields.from_row(row)
        person_id = fields.text("id")
        return Person(
            person_id=person_id,
            name=fields.text("name"),
            relation=Relation(fields.text("relation")),
            is_adult=fields.truth("is_adult"),
            identifiers=_identifiers(connection, person_id),
            template=_template(connection, person_id),
            consent=_consent(connection, person_id),
        )


def _identifiers(connection: Connection, person_id: str) -> tuple[Identifier, ...]:
    statement = "SELECT kind, value FROM identifier WHERE person_id = ? ORDER BY rowid"
    rows = connection.execute(statement, (person_id,)).fetchall()
    return tuple(records.identifier(Fields.from_row(row)) for row in rows)


def _consent(connection: Connection, person_id: str) -> Consent | None:
    row = connection.execute("SELECT * FROM consent WHERE person_id = ?", (person_id,)).fetchone()
    return None if row is None else records.consent(Fields.from_row(row))


def _template(connection: Connection, person_id: str) -> FaceTemplate | None:
    row = connection.execute("SELECT * FROM template WHERE person_id = ?", (person_id,)).fetchone()
    if row is None:
        return None
    fields = Fields.from_row(row)
    rows = connection.execute("SELECT * FROM photo WHERE person_id = ? ORDER BY position", (person_id,)).fetchall()
    photos = tuple(records.photo(Fields.from_row(row)) for row in rows)
    return FaceTemplate(photos, fields.text("model_id"), fields.moment("enrolled_at"))
