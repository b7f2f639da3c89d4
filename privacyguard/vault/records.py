"""Rows and the model's nouns, one pair of functions for each. Reading raises ValueError for what we did not write."""

from collections.abc import Sequence

from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Consent, EnrolledPhoto, Identifier, IdentifierKind, Relation
from privacyguard.model.picture import Box, FaceMatch, NotMe, SecondOpinion
from privacyguard.model.place import LookedAt, Place, PlaceKind
from privacyguard.model.source import Disclosure
from privacyguard.vault import evidence
from privacyguard.vault.blobs import (
    pack_cut,
    pack_embedding,
    pack_variants,
    unpack_cut,
    unpack_embedding,
    unpack_variants,
)
from privacyguard.vault.fields import Fields, day_text, moment_text, path_bytes, to_json

Row = tuple[object, ...]
"""Values in the order of the table's columns."""


def consent_row(person_id: str, consent: Consent) -> Row:
    """A row of ``consent``."""
    given_at = moment_text(consent.given_at)
    return person_id, consent.face_pattern, consent.folders, consent.text_version, given_at, consent.given_by.value


def consent(row: Fields) -> Consent:
    """What the person agreed to."""
    return Consent(
        face_pattern=row.truth("face_pattern"),
        folders=row.truth("folders"),
        text_version=row.text("text_version"),
        given_at=row.moment("given_at"),
        given_by=Relation(row.text("given_by")),
    )


def identifier(row: Fields) -> Identifier:
    """Something that is checked."""
    return Identifier(IdentifierKind(row.text("kind")), row.text("value"))


def photo_row(person_id: str, position: int, photo: EnrolledPhoto) -> Row:
    """A row of ``photo``."""
    cut, second = photo.cut, photo.second
    return (
        person_id,
        position,
        pack_embedding(photo.embedding),
        cut.width,
        cut.height,
        pack_cut(cut),
        photo.phash,
        photo.sha256,
        pack_embedding(second.mirrored) if second is not None else None,
        pack_embedding(second.other_model) if second is not None else None,
        pack_variants(photo.copy_variants),
    )


def photo(row: Fields) -> EnrolledPhoto:
    """What is kept of one photo."""
    return EnrolledPhoto(
        embedding=unpack_embedding(row.content("embedding")),
        cut=unpack_cut(row.integer("cut_width"), row.integer("cut_height"), row.content("cut")),
        phash=row.text("phash"),
        sha256=row.text("sha256"),
        second=_second(row),
        copy_variants=unpack_variants(row.optional_content("copy_variants")),
    )


def _second(row: Fields) -> SecondOpinion | None:
    mirrored, other_model = row.optional_content("mirrored"), row.optional_content("other_model")
    if (mirrored is None) != (other_model is None):
        raise ValueError("half a second opinion")
    if mirrored is None or other_model is None:
        return None
    return SecondOpinion(unpack_embedding(mirrored), unpack_embedding(other_model))


def finding_row(finding: Finding) -> Row:
    """A row of ``finding``."""
    cut = finding.evidence.cut if isinstance(finding.evidence, FaceMatch) else None
    mark = finding.mark
    return (
        finding.key,
        finding.person_id,
        finding.kind.value,
        to_json({"sources": list(finding.sources)}),
        moment_text(finding.first_seen),
        moment_text(finding.last_seen),
        _subjects_text(finding.subjects),
        evidence.pack(finding.kind, finding.evidence),
        *((cut.width, cut.height, pack_cut(cut)) if cut is not None else (None, None, None)),
        *((mark.kind.value, day_text(mark.until)) if mark is not None else (None, None)),
        to_json({"grown": list(finding.grown)}) if finding.grown else None,
    )


def finding(row: Fields) -> Finding:
    """What was found, with the person's decision. A row of a picture may come without its cut and what follows it."""
    row = row.with_defaults(cut=None, grown=None)
    kind = FindingKind(row.text("kind"))
    cut = None
    if row.value("cut") is not None:
        cut = unpack_cut(row.integer("cut_width"), row.integer("cut_height"), row.content("cut"))
    mark, grown = row.optional_text("mark"), row.optional_text("grown")
    return Finding(
        key=row.text("key"),
        kind=kind,
        person_id=row.text("person_id"),
        sources=Fields.from_json(row.text("sources")).texts("sources"),
        first_seen=row.moment("first_seen"),
        last_seen=row.moment("last_seen"),
        evidence=evidence.unpack(kind, row.text("evidence"), cut),
        subjects=_subjects(row.optional_text("subjects")),
        mark=None if mark is None else Mark(MarkKind(mark), row.day("mark_until")),
        grown=() if grown is None else Fields.from_json(grown).texts("grown"),
    )


def leak(row: Fields) -> Breach:
    """A leak alone, of a row of ``finding``."""
    leak = evidence.unpack(FindingKind(row.text("kind")), row.text("evidence"), None)
    if not isinstance(leak, Breach):
        raise ValueError("not a leak")
    return leak


def _subjects_text(subjects: Sequence[Identifier]) -> str | None:
    if not subjects:
        return None
    return to_json({"subjects": [{"kind": one.kind.value, "value": one.value} for one in subjects]})


def _subjects(untrusted_text: str | None) -> tuple[Identifier, ...]:
    if untrusted_text is None:
        return ()
    return tuple(identifier(fields) for fields in Fields.from_json(untrusted_text).objects("subjects"))


def looked_at_row(person_id: str, looked_at: LookedAt) -> Row:
    """A row of ``looked_at`` without ``due``."""
    return (
        person_id,
        path_bytes(looked_at.path),
        looked_at.size,
        looked_at.mtime_ns,
        looked_at.template_id,
        looked_at.faces,
        looked_at.could_not_judge,
        looked_at.finding,
        looked_at.unreadable,
        looked_at.sha256,
        looked_at.scene,
    )


def looked_at(row: Fields) -> LookedAt:
    """A picture that was looked at."""
    return LookedAt(
        path=row.path("path"),
        size=row.integer("size"),
        mtime_ns=row.integer("mtime_ns"),
        template_id=row.text("template_id"),
        faces=row.integer("faces"),
        could_not_judge=row.integer("could_not_judge"),
        finding=row.optional_text("finding"),
        unreadable=row.optional_text("unreadable"),
        sha256=row.optional_text("sha256"),
        scene=row.optional_text("scene"),
    )


def not_me_row(person_id: str, not_me: NotMe) -> Row:
    """A row of ``not_me``."""
    box = not_me.box
    width, height = not_me.size if not_me.size is not None else (None, None)
    return person_id, not_me.sha256, box.x, box.y, box.w, box.h, not_me.phash, width, height


def not_me(row: Fields) -> NotMe:
    """A face that the person called "not me"."""
    width, height = row.optional_integer("width"), row.optional_integer("height")
    return NotMe(
        sha256=row.text("sha256"),
        box=Box(*(row.integer(side) for side in "xywh")),
        phash=row.optional_text("phash"),
        size=(width, height) if width is not None and height is not None else None,
    )


def place(row: Fields) -> Place:
    """A folder or page."""
    return Place(PlaceKind(row.text("kind")), row.path("value"))


def disclosure_row(disclosure: Disclosure) -> Row:
    """A row of ``disclosure``, after its id."""
    at = moment_text(disclosure.at)
    return at, disclosure.host, disclosure.source_id, disclosure.what, disclosure.purpose, disclosure.bytes


def disclosure(row: Fields) -> Disclosure:
    """One request that left this computer."""
    return Disclosure(
        at=row.moment("at"),
        host=row.text("host"),
        source_id=row.text("source_id"),
        what=row.text("what"),
        purpose=row.text("purpose"),
        bytes=row.integer("bytes"),
    )


def checkup_row(checkup: Checkup) -> Row:
    """A row of ``checkup``, after its id."""
    outcomes = [
        {
            "source_id": outcome.source_id,
            "status": outcome.status.value,
            "findings": list(outcome.findings),
            "problem": outcome.problem,
            "remedy": outcome.remedy,
            "seen": outcome.seen,
            "unreadable": outcome.unreadable,
            "left": outcome.left,
            **({} if outcome.asked_at is None else {"asked_at": moment_text(outcome.asked_at)}),
        }
        for outcome in checkup.outcomes
    ]
    return (
        checkup.person_id,
        moment_text(checkup.started_at),
        moment_text(checkup.finished_at),
        checkup.cancelled,
        to_json({"outcomes": outcomes}),
        to_json({"new": list(checkup.new)}),
    )


def checkup(row: Fields) -> Checkup:
    """A checkup's results."""
    return Checkup(
        started_at=row.moment("started_at"),
        finished_at=row.moment("finished_at"),
        outcomes=tuple(_outcome(outcome) for outcome in Fields.from_json(row.text("outcomes")).objects("outcomes")),
        person_id=row.text("person_id"),
        new=Fields.from_json(row.text("new")).texts("new"),
        cancelled=row.truth("cancelled"),
    )


def _outcome(fields: Fields) -> Outcome:
    fields = fields.with_defaults(left=0, asked_at=None)
    return Outcome(
        source_id=fields.text("source_id"),
        status=Status(fields.text("status")),
        findings=fields.texts("findings"),
        problem=fields.optional_text("problem"),
        remedy=fields.optional_text("remedy"),
        seen=fields.integer("seen"),
        unreadable=fields.integer("unreadable"),
        left=fields.integer("left"),
        asked_at=None if fields.value("asked_at") is None else fields.moment("asked_at"),
    )


def letter_row(letter: SentLetter) -> Row:
    """A row of ``letter``."""
    days = (day_text(letter.sent_on), day_text(letter.due_on), day_text(letter.answered_on))
    return letter.letter_id, letter.person_id, letter.recipient, letter.kind, *days


def letter(row: Fields) -> SentLetter:
    """A letter that the person sent."""
    sent_on, due_on = row.day("sent_on"), row.day("due_on")
    if sent_on is None or due_on is None:
        raise ValueError("a letter without its days")
    return SentLetter(
        letter_id=row.text("id"),
        person_id=row.text("person_id"),
        recipient=row.text("recipient"),
        kind=row.text("kind"),
        sent_on=sent_on,
        due_on=due_on,
        answered_on=row.day("answered_on"),
    )
