"""Asking a source about many identifiers: what it was asked already, so that a stopped checkup is gone on with."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from privacyguard.model.person import Identifier
from privacyguard.vault import people
from privacyguard.vault.database import Connection, Transaction
from privacyguard.vault.fields import Fields, moment_text, strictly

ROUND_AGE = timedelta(days=7)
"""An older round is not gone on with: what it heard first is too old to be told as today's."""


class Rounds:
    """One source asked about all identifiers of one person, perhaps over several checkups. Each call is one transaction.

    Raises what the vault raises; LookupError for an unknown person, ValueError for a time without its zone.
    """

    def __init__(self, reading: Transaction, writing: Transaction) -> None:
        self._reading = reading
        self._writing = writing

    def open(
        self, person_id: str, source_id: str, identifiers: Sequence[Identifier], now: datetime
    ) -> tuple[Identifier, ...]:
        """Those of the identifiers that are still to be asked, those never asked first, then those asked longest ago.

        Goes on with the open round; begins a new one, over all, where none is open, it is older than :data:`ROUND_AGE`, or
        nothing is left of it. Identifiers that were named since it began are in it too.
        """
        named = tuple(dict.fromkeys(identifiers))
        with self._writing() as connection:
            people.require(connection, person_id)
            asked = _asked(connection, person_id, source_id)
            opened_at = _opened_at(connection, person_id, source_id)
            left = [one for one in named if not asked.get(one, (now, False))[1]]
            if opened_at is None or abs(now - opened_at) > ROUND_AGE or not left:
                _close(connection, person_id, source_id)
                row = (person_id, source_id, moment_text(now))
                connection.execute("INSERT INTO round VALUES (?, ?, ?)", row)
                left = list(named)
        never = [one for one in left if one not in asked]
        return (*never, *sorted((one for one in left if one in asked), key=lambda one: asked[one][0]))

    def asked(self, person_id: str, source_id: str, identifier: Identifier, now: datetime) -> None:
        """Note that the source answered about this identifier. With findings, use ``Vault.save_asked`` instead."""
        with self._writing() as connection:
            people.require(connection, person_id)
            note(connection, person_id, source_id, identifier, (), now)

    def close(self, person_id: str, source_id: str) -> None:
        """End the round: all were asked. The times at which they were stay, for the order of the next one."""
        with self._writing() as connection:
            _close(connection, person_id, source_id)

    def findings(self, person_id: str, source_id: str) -> tuple[str, ...]:
        """Keys of what was found in the open round so far, as the vault has them; empty where none is open."""
        statement = """SELECT key FROM round_finding JOIN finding USING (key)
            WHERE round_finding.person_id = ? AND source_id = ? ORDER BY finding.rowid"""
        with self._reading() as connection:
            rows = connection.execute(statement, (person_id, source_id)).fetchall()
        with strictly():
            return tuple(Fields.from_row(row).text("key") for row in rows)


def note(
    connection: Connection, person_id: str, source_id: str, identifier: Identifier, keys: Sequence[str], now: datetime
) -> None:
    """Note that the source answered about an identifier, and the keys of what it found. Not for one removed meanwhile."""
    # Without the condition, what the person removed during a checkup would come back, or stop the checkup.
    statement = """INSERT OR REPLACE INTO asked SELECT person_id, ?, kind, value, ?, 1 FROM identifier
        WHERE person_id = ? AND kind = ? AND value = ?"""
    row = (source_id, moment_text(now), person_id, identifier.kind.value, identifier.value)
    connection.execute(statement, row)
    if _opened_at(connection, person_id, source_id) is not None:
        rows = [(person_id, source_id, key) for key in keys]
        connection.executemany("INSERT OR IGNORE INTO round_finding VALUES (?, ?, ?)", rows)


def _close(connection: Connection, person_id: str, source_id: str) -> None:
    of_both = (person_id, source_id)
    connection.execute("DELETE FROM round WHERE person_id = ? AND source_id = ?", of_both)
    connection.execute("UPDATE asked SET in_round = 0 WHERE person_id = ? AND source_id = ?", of_both)


def _opened_at(connection: Connection, person_id: str, source_id: str) -> datetime | None:
    statement = "SELECT opened_at FROM round WHERE person_id = ? AND source_id = ?"
    row = connection.execute(statement, (person_id, source_id)).fetchone()
    if row is None:
        return None
    with strictly():
        return Fields.from_row(row).moment("opened_at")


def _asked(connection: Connection, person_id: str, source_id: str) -> dict[Identifier, tuple[datetime, bool]]:
    """When each identifier was asked, and whether in the open round."""
    from privacyguard.vault.records import identifier

    statement = "SELECT kind, value, at, in_round FROM asked WHERE person_id = ? AND source_id = ?"
    rows = connection.execute(statement, (person_id, source_id)).fetchall()
    with strictly():
        fields = [Fields.from_row(row) for row in rows]
        return {identifier(one): (one.moment("at"), one.truth("in_round")) for one in fields}
