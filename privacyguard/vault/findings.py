"""Findings and what the person decided about them."""

import dataclasses
from collections.abc import Iterable

from privacyguard.model.breach import Breach
from privacyguard.model.finding import Evidence, Finding, Mark, MarkKind
from privacyguard.model.picture import Box, FaceMatch, NotMe, PictureCopy, overlap
from privacyguard.vault import records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, strictly

WHOLE_PICTURE = Box(0, 0, 0, 0)
"""In "not me": the answer is about the picture, not about a face in it."""

SAME_FACE = 0.5
"""Share of two boxes in one picture (intersection over union) from which on they hold one face."""


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


def save(connection: Connection, source_id: str, found: Iterable[Finding]) -> tuple[str, ...]:
    """Keep what a source found, joined with what was known; the keys that the person has not seen before."""
    new: dict[str, None] = {}
    for one in found:
        sources = one.sources if source_id in one.sources else (*one.sources, source_id)
        known = finding(connection, one.key)
        fresh = dataclasses.replace(one, sources=sources)
        kept = fresh if known is None else _joined(known, fresh)
        if known is None or (known.mark is not None and kept.mark is None):
            new[one.key] = None
        _put(connection, kept)
    return tuple(new)


def mark(connection: Connection, key: str, decision: Mark) -> Finding:
    """The finding with the person's decision. "Not me" erases the face cut and remembers picture and box instead.

    Raises:
        LookupError: no finding has this key.
        ValueError: a date with another decision than "later".
    """
    if decision.until is not None and decision.kind is not MarkKind.LATER:
        raise ValueError("only a reminder has a date")
    known = finding(connection, key)
    if known is None:
        raise LookupError("no finding with this key")
    marked = dataclasses.replace(known, mark=decision)
    place = _where(known.evidence)
    if decision.kind is MarkKind.NOT_ME:
        marked = dataclasses.replace(marked, evidence=_without_cut(known.evidence))
    if place is not None:
        _remember_not_me(connection, known.person_id, place, is_so=decision.kind is MarkKind.NOT_ME)
    _put(connection, marked)
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


def _put(connection: Connection, kept: Finding) -> None:
    statement = """INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
        sources = excluded.sources, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
        subject = excluded.subject, evidence = excluded.evidence, cut_width = excluded.cut_width,
        cut_height = excluded.cut_height, cut = excluded.cut, mark = excluded.mark, mark_until = excluded.mark_until"""
    connection.execute(statement, records.finding_row(kept))


def _joined(known: Finding, fresh: Finding) -> Finding:
    decision = known.mark
    if decision is not None and decision.kind is MarkKind.NOT_ME and _is_other_face(known, fresh):
        decision = None
    is_not_me = decision is not None and decision.kind is MarkKind.NOT_ME
    evidence = _evidence(known, fresh)
    return dataclasses.replace(
        known,
        sources=tuple(dict.fromkeys((*known.sources, *fresh.sources))),
        last_seen=max(known.last_seen, fresh.last_seen),
        evidence=_without_cut(evidence) if is_not_me else evidence,
        subject=fresh.subject if fresh.subject is not None else known.subject,
        mark=decision,
    )


def _evidence(known: Finding, fresh: Finding) -> Evidence:
    """The newer evidence; of a leak that another service described before, nothing that either said is lost."""
    old, new = known.evidence, fresh.evidence
    if not isinstance(old, Breach) or not isinstance(new, Breach) or set(known.sources) <= set(fresh.sources):
        return new
    names: dict[str, str] = {}
    for name in (*old.data_classes, *new.data_classes):
        names.setdefault(name.casefold(), name)
    return dataclasses.replace(
        new,
        title=new.title or old.title,
        domain=new.domain or old.domain,
        occurred_on=new.occurred_on or old.occurred_on,
        added_on=new.added_on or old.added_on,
        data_classes=tuple(names.values()),
        verified=new.verified or old.verified,
        sensitive=new.sensitive or old.sensitive,
        spam_list=new.spam_list and old.spam_list,
        malware=new.malware or old.malware,
    )


def _is_other_face(known: Finding, fresh: Finding) -> bool:
    """Whether the very same picture now brings another face of it: the person did not judge that one."""
    old, new = known.evidence, fresh.evidence
    if not isinstance(old, FaceMatch) or not isinstance(new, FaceMatch) or old.sha256 != new.sha256:
        return False
    return overlap(old.box, new.box) < SAME_FACE


def _without_cut(evidence: Evidence) -> Evidence:
    return dataclasses.replace(evidence, cut=None) if isinstance(evidence, FaceMatch) else evidence


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
