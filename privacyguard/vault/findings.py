"""Findings and what the person decided about them."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from privacyguard.errors import UsageError
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Evidence, Finding, Mark, MarkKind, profile_of
from privacyguard.model.picture import Box, FaceMatch, NotMe, PictureCopy
from privacyguard.vault import records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, strictly
from privacyguard.vault.joining import joined_finding, without_cut
from privacyguard.vault.leaks import KnownLeaks

WHOLE_PICTURE = Box(0, 0, 0, 0)
"""In "not me": the answer is about the picture, not about a face in it."""


class NotAProfile(UsageError):
    """Somebody else may have made a profile; of any other finding that cannot be said."""

    title = N_("Only a profile can be one that you did not make.")
    remedy = N_("Choose another answer.")


def findings(connection: Connection, person_id: str | None) -> tuple[Finding, ...]:
    """Every finding, or a person's, in the order they were first kept."""
    if person_id is None:
        rows = connection.execute("SELECT * FROM finding ORDER BY rowid").fetchall()
    else:
        statement = "SELECT * FROM finding WHERE person_id = ? ORDER BY rowid"
        rows = connection.execute(statement, (person_id,)).fetchall()
    with strictly():
        return tuple(records.finding(Fields.from_row(row)) for row in rows)


def finding(connection: Connection, key: str) -> Finding | None:
    """The finding with this key, or None."""
    row = connection.execute("SELECT * FROM finding WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    with strictly():
        return records.finding(Fields.from_row(row))


@dataclass(frozen=True)
class Saved:
    """Keys under which findings were kept: of all, and of those that the person has not seen before."""

    keys: tuple[str, ...]
    new: tuple[str, ...]


def save(connection: Connection, person_id: str, source_id: str, found: Iterable[Finding]) -> Saved:
    """Keep what a source found, joined with what was known of it; a leak also with what other sources know of it."""
    leaks = KnownLeaks(connection, person_id)
    keys: dict[str, None] = {}
    new: dict[str, None] = {}
    for one in found:
        leak = one.evidence if isinstance(one.evidence, Breach) else None
        key = one.key if leak is None else leaks.key_of(source_id, leak, one.key)
        sources = one.sources if source_id in one.sources else (*one.sources, source_id)
        fresh = dataclasses.replace(one, key=key, sources=sources)
        known = finding(connection, key)
        kept = fresh if known is None else joined_finding(known, fresh)
        keys[key] = None
        if known is None or (known.mark is not None and kept.mark is None):
            new[key] = None
        put(connection, kept)
        if leak is not None:
            leaks.kept(source_id, leak, kept)
    return Saved(tuple(keys), tuple(new))


def kept_keys(connection: Connection, person_id: str, source_id: str, found: Iterable[Finding]) -> tuple[str, ...]:
    """The keys under which these are kept, or would be, each once."""
    leaks = KnownLeaks(connection, person_id)
    keys = (
        leaks.key_of(source_id, one.evidence, one.key) if isinstance(one.evidence, Breach) else one.key for one in found
    )
    return tuple(dict.fromkeys(keys))


def mark(connection: Connection, key: str, decision: Mark) -> Finding:
    """The finding with the person's decision. "Not me" erases the face cut and remembers picture and box instead.

    Raises:
        LookupError: no finding has this key.
        ValueError: a date with another decision than "later".
        NotAProfile: "not mine" of a finding without a profile.
    """
    if decision.until is not None and decision.kind is not MarkKind.LATER:
        raise ValueError("only a reminder has a date")
    known = finding(connection, key)
    if known is None:
        raise LookupError("no finding with this key")
    if decision.kind is MarkKind.NOT_MINE and profile_of(known) is None:
        raise NotAProfile("mark")
    marked = dataclasses.replace(known, mark=decision, grown=())
    place = _where(known.evidence)
    if decision.kind is MarkKind.NOT_ME:
        marked = dataclasses.replace(marked, evidence=without_cut(known.evidence))
    if place is not None:
        _remember_not_me(connection, known.person_id, place, is_so=decision.kind is MarkKind.NOT_ME)
    put(connection, marked)
    return marked


def not_me(connection: Connection, person_id: str) -> frozenset[NotMe]:
    """The faces in pictures that the person called "not me"."""
    rows = connection.execute("SELECT * FROM not_me WHERE person_id = ?", (person_id,)).fetchall()
    with strictly():
        return frozenset(records.not_me(Fields.from_row(row)) for row in rows)


def forget_face(connection: Connection, person_id: str) -> int:
    """Erase the cuts of the person's face; how many."""
    statement = """UPDATE finding SET cut = NULL, cut_width = NULL, cut_height = NULL
        WHERE person_id = ? AND cut IS NOT NULL"""
    return connection.execute(statement, (person_id,)).rowcount


def put(connection: Connection, kept: Finding) -> None:
    """Keep a finding as it is, in place of what has its key."""
    statement = """INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
        sources = excluded.sources, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
        subjects = excluded.subjects, evidence = excluded.evidence, cut_width = excluded.cut_width,
        cut_height = excluded.cut_height, cut = excluded.cut, mark = excluded.mark, mark_until = excluded.mark_until,
        grown = excluded.grown"""
    connection.execute(statement, records.finding_row(kept))


def _where(evidence: Evidence) -> NotMe | None:
    match evidence:
        case FaceMatch():
            return NotMe(evidence.sha256, evidence.box, evidence.phash, evidence.size)
        case PictureCopy():
            return NotMe(evidence.sha256, WHOLE_PICTURE)
    return None


def _remember_not_me(connection: Connection, person_id: str, place: NotMe, *, is_so: bool) -> None:
    row = records.not_me_row(person_id, place)
    if is_so:
        connection.execute("INSERT OR REPLACE INTO not_me VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return
    statement = "DELETE FROM not_me WHERE person_id = ? AND sha256 = ? AND x = ? AND y = ? AND w = ? AND h = ?"
    connection.execute(statement, row[:6])
