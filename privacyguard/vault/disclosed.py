"""What left this computer, request by request."""

from datetime import datetime

from privacyguard.model.source import Disclosure, DisclosureTotals
from privacyguard.vault import records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, strictly


def record(connection: Connection, disclosure: Disclosure) -> None:
    """Keep that a request is about to leave this computer."""
    statement = "INSERT INTO disclosure (at, host, source_id, what, purpose, bytes) VALUES (?, ?, ?, ?, ?, ?)"
    connection.execute(statement, records.disclosure_row(disclosure))


def disclosures(
    connection: Connection, source_id: str | None, since: datetime | None, host: str | None
) -> tuple[Disclosure, ...]:
    """Every request, the newest first; where given, only those of a source, from a time on, to a host."""
    statement = """SELECT * FROM disclosure
        WHERE (?1 IS NULL OR source_id = ?1) AND (?2 IS NULL OR host = ?2) ORDER BY id DESC"""
    rows = connection.execute(statement, (source_id, host)).fetchall()
    with strictly():
        found = [records.disclosure(Fields.from_row(row)) for row in rows]
    # Not in the statement: times are kept with their own zones, which do not compare as text.
    return tuple(one for one in found if since is None or one.at >= since)


def totals(connection: Connection, since: datetime | None) -> DisclosureTotals:
    """How many requests, bytes and hosts, from a time on where one is given."""
    rows = connection.execute("SELECT at, host, bytes FROM disclosure").fetchall()
    with strictly():
        fields = [Fields.from_row(row) for row in rows]
        found = [(one.moment("at"), one.text("host"), one.integer("bytes")) for one in fields]
    counted = [one for one in found if since is None or one[0] >= since]
    return DisclosureTotals(
        requests=len(counted),
        bytes=sum(size for _, _, size in counted),
        hosts=len({host for _, host, _ in counted}),
        since=min((at for at, _, _ in counted), default=None),
    )


def clear(connection: Connection) -> None:
    """Erase the list of requests."""
    connection.execute("DELETE FROM disclosure")
