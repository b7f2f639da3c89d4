"""Every field of every noun is kept: one that is added to the model and forgotten here fails these tests."""

import dataclasses
import json
import struct
from datetime import UTC, datetime, timezone
from datetime import timedelta as delta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Evidence, FindingKind
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Box, Closeness, FaceCut, FaceMatch, PictureCopy
from privacyguard.vault import blobs, evidence, records
from privacyguard.vault.fields import Fields, path_bytes
from tests.support.vault_samples import breach, cut, face_match, finding, letter, picture_copy

TEXT = st.text(st.characters(), max_size=20)
"""Any character, lone surrogates and control characters too."""

MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(delta(hours=-9, minutes=-30))]))
NUMBERS = st.integers(-(2**63), 2**63 - 1)
IDENTIFIERS = st.builds(Identifier, st.sampled_from(IdentifierKind), TEXT)
BOXES = st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
MATCHES = st.builds(
    FaceMatch,
    picture=TEXT,
    page=st.none() | TEXT,
    box=BOXES,
    similarity=st.floats(-1, 1),
    closeness=st.sampled_from(Closeness),
    model_id=TEXT,
    sha256=TEXT,
    phash=TEXT,
    title=st.none() | TEXT,
    on_this_computer=st.booleans(),
    cut=st.none(),
    copy_distance=st.none() | NUMBERS,
)
COPIES = st.builds(PictureCopy, TEXT, st.none() | TEXT, NUMBERS, TEXT, st.none() | TEXT, st.booleans())
DAYS = st.none() | st.dates()
BREACHES = st.builds(Breach, TEXT, TEXT, TEXT, DAYS, DAYS, st.lists(TEXT).map(tuple), *[st.booleans()] * 6)
OUTCOMES = st.builds(
    Outcome,
    TEXT,
    st.sampled_from(Status),
    st.lists(TEXT).map(tuple),
    st.none() | TEXT,
    st.none() | TEXT,
    NUMBERS,
    NUMBERS,
    NUMBERS,
)


def names(noun: object) -> set[str]:
    assert dataclasses.is_dataclass(noun)
    return {field.name for field in dataclasses.fields(noun)}


@pytest.mark.parametrize(
    ("kind", "one"),
    [(FindingKind.BREACH, breach()), (FindingKind.FACE, face_match()), (FindingKind.COPY, picture_copy())],
)
def test_evidence_keeps_every_field(kind: FindingKind, one: Evidence) -> None:
    assert set(json.loads(evidence.pack(kind, one))) == names(one) - {"cut"}


def test_outcomes_keep_every_field() -> None:
    part = Outcome("hibp", Status.CHECKED, asked_at=datetime.now(UTC))
    row = records.checkup_row(Checkup(datetime.now(UTC), datetime.now(UTC), (part,)))
    assert set(json.loads(str(row[4]))["outcomes"][0]) == names(part)


@given(MATCHES | COPIES | BREACHES)
def test_any_evidence_comes_out_as_it_went_in(one: Evidence) -> None:
    kind = {FaceMatch: FindingKind.FACE, PictureCopy: FindingKind.COPY, Breach: FindingKind.BREACH}[type(one)]
    packed = evidence.pack(kind, one)
    packed.encode("ascii")
    assert evidence.unpack(kind, packed, None) == one


@given(st.builds(Checkup, MOMENTS, MOMENTS, st.lists(OUTCOMES, max_size=3).map(tuple), TEXT))
def test_any_checkup_comes_out_as_it_went_in(one: Checkup) -> None:
    columns = ("person_id", "started_at", "finished_at", "cancelled", "outcomes", "new")
    assert records.checkup(Fields(dict(zip(columns, records.checkup_row(one), strict=True)))) == one


@given(st.lists(IDENTIFIERS, max_size=3, unique=True).map(tuple), st.lists(TEXT, max_size=3).map(tuple))
def test_subjects_and_grown_come_out_as_they_went_in(subjects: tuple[Identifier, ...], grown: tuple[str, ...]) -> None:
    one = dataclasses.replace(finding("p", breach()), subjects=subjects, grown=grown)
    columns = """key person_id kind sources first_seen last_seen subjects evidence cut_width cut_height cut mark mark_until
        grown""".split()
    assert records.finding(Fields(dict(zip(columns, records.finding_row(one), strict=True)))) == one


def test_a_letter_without_its_days_is_refused() -> None:
    columns = ("id", "person_id", "recipient", "kind", "sent_on", "due_on", "answered_on")
    row = dict(zip(columns, records.letter_row(letter("p")), strict=True))
    assert records.letter(Fields(row)) == letter("p")
    for day in ("sent_on", "due_on"):
        with pytest.raises(ValueError):
            records.letter(Fields(row | {day: None}))


@given(TEXT)
def test_any_path_comes_out_as_it_went_in(path: str) -> None:
    assert Fields({"path": path_bytes(path)}).path("path") == path


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=600).map(tuple))
def test_a_face_pattern_comes_out_bit_for_bit(numbers: tuple[float, ...]) -> None:
    packed = blobs.pack_embedding(numbers)
    assert packed == struct.pack(f"<{len(numbers)}f", *numbers)
    assert blobs.unpack_embedding(packed) == numbers


@given(st.binary(max_size=600))
def test_any_bytes_are_a_face_pattern_or_refused(untrusted: bytes) -> None:
    try:
        numbers = blobs.unpack_embedding(untrusted)
    except ValueError:
        return
    assert len(numbers) * 4 == len(untrusted)
    assert blobs.pack_embedding(numbers) == untrusted


def test_a_cut_is_kept_smaller_and_comes_out_whole() -> None:
    for one in (cut(1), cut(1, 160), FaceCut(160, 160, bytes(160 * 160 * 3)), FaceCut(1, 2, b"abcdef")):
        packed = blobs.pack_cut(one)
        assert blobs.unpack_cut(one.width, one.height, packed) == one
    assert len(blobs.pack_cut(FaceCut(160, 160, bytes(160 * 160 * 3)))) < 1000


@pytest.mark.parametrize(
    "wrong", [FaceCut(0, 5, b""), FaceCut(2, 2, bytes(11)), FaceCut(600, 600, bytes(600 * 600 * 3))]
)
def test_a_cut_that_could_not_be_read_again_is_not_kept(wrong: FaceCut) -> None:
    with pytest.raises(ValueError, match="cut"):
        blobs.pack_cut(wrong)


@pytest.mark.parametrize("similarity", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_not_kept(similarity: float) -> None:
    with pytest.raises(ValueError):
        evidence.pack(FindingKind.FACE, face_match(similarity=similarity))
