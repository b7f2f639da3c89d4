"""What pictures say of themselves, asked of real closed-off workers; and answers of a worker that lies."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.analysis.checked import BadAnswer
from privacyguard.analysis.copies import SeveralPages, copy_of
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.analysis.told import hidden_of, hidden_to_json, provenance_of, provenance_to_json
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Candidate, PictureAnalysis, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.provenance import Credentials, HiddenDetails, HiddenKind, Making, Provenance, Seal
from tests.support.photos import PLACE, SECRETS, SERIAL, drawing, encoded, exif, phone_jpeg, png, png_text
from tests.support.seals import Signer, created

PARAMETERS = "a face\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Model: x"


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as pool:
        yield pool


def test_closed_off_worker_reads_seals_and_marks_from_content_and_files(pool: AnalysisPool, tmp_path: Path) -> None:
    assert pool.confinement().seccomp
    signed = Signer().sign(encoded(drawing(), "JPEG"), "image/jpeg", created())
    broken = bytearray(signed)
    broken[-20] ^= 1
    photo = tmp_path / "signed.jpg"
    photo.write_bytes(signed)
    seal = Credentials(Seal.UNKNOWN_SIGNER, "Example Pictures", "Example Maker", Making.MADE_BY_AI)
    expected = Provenance(Making.MADE_BY_AI, ("Content Credentials",), seal)
    assert pool.analyse(photo).provenance == expected
    assert pool.analyse(signed).provenance == expected
    assert pool.analyse(bytes(broken)).provenance == Provenance(None, (), Credentials(Seal.BROKEN))
    drawn = pool.analyse(png(png_text("parameters", PARAMETERS))).provenance
    assert drawn == Provenance(Making.MADE_BY_AI, ("Stable Diffusion",), None)
    assert pool.analyse(phone_jpeg()).provenance is None


def test_hidden_details_come_only_where_they_are_asked_for(pool: AnalysisPool, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_jpeg())
    assert pool.analyse(photo).hidden is None
    assert pool.analyse(photo.read_bytes()).hidden is None
    told = pool.analyse(photo, hidden=True).hidden
    assert told is not None
    assert told.kinds == frozenset(HiddenKind)
    assert told.place == pytest.approx(PLACE, abs=1e-5)
    assert told.serial == SERIAL
    assert pool.hidden_details(photo) == told
    assert SERIAL not in repr(told)


def test_judged_pictures_bring_hidden_details_where_they_are_asked_for(pool: AnalysisPool, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_jpeg())

    def kinds(_candidate: Candidate, analysis: PictureAnalysis) -> bool:
        return analysis.hidden is not None

    for hidden in (True, False):
        ((_item, _analysis, has_details),) = pool.judge_each(
            [Candidate(path=photo)], kinds, CancelToken(), hidden=hidden
        )
        assert has_details is hidden


def test_worker_cleans_a_photo_and_leaves_the_file(pool: AnalysisPool, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_jpeg(6))
    copy = pool.clean(photo)
    assert (copy.format, copy.removed) == ("JPEG", frozenset(HiddenKind))
    assert not any(secret in copy.content for secret in SECRETS)
    assert photo.read_bytes() == phone_jpeg(6)
    assert pool.hidden_details(copy.content) == HiddenDetails()
    again = pool.clean(copy.content)
    assert (again.content, again.removed) == (copy.content, frozenset())


def test_copy_larger_than_other_answers_comes_through(pool: AnalysisPool) -> None:
    import random

    noise = drawing(1200, 900)
    noise.putdata(list(zip(*[iter(random.Random(1).randbytes(1200 * 900 * 3))] * 3, strict=True)))
    original = encoded(noise, "PNG", exif=exif())
    copy = pool.clean(original)
    assert len(copy.content) > 3_000_000
    assert HiddenKind.PLACE in copy.removed


def test_what_cannot_be_cleaned_is_said_and_the_pool_works_on(pool: AnalysisPool) -> None:
    with pytest.raises(PictureUnreadable) as unreadable:
        pool.clean(b"no picture")
    assert unreadable.value.reason == Unreadable.NOT_A_PICTURE
    with pytest.raises(SeveralPages):
        pool.clean(encoded(drawing(), "TIFF", save_all=True, append_images=[drawing()]))
    assert pool.clean(phone_jpeg()).format == "JPEG"


@pytest.mark.parametrize(
    "value",
    [
        None,
        Provenance(Making.CHANGED_BY_AI, ("IPTC", "Google AI"), None),
        Provenance(None, (), Credentials(Seal.BROKEN)),
        Provenance(None, (), Credentials(Seal.VALID, "Übersee · 写真", "Tool", None)),
    ],
)
def test_provenance_comes_back_as_it_was(value: Provenance | None) -> None:
    assert provenance_of(json.loads(json.dumps(provenance_to_json(value)))) == value


@pytest.mark.parametrize(
    "change",
    [
        {"marks": ["Somebody's own words"]},
        {"marks": ["IPTC"] * 9},
        {"marks": "IPTC"},
        {"making": "by-hand"},
        {"credentials": {"seal": "perfect"}},
        {"credentials": {"seal": "broken", "making": "made-by-ai"}},
        {"credentials": {"seal": "not-read", "signer": "Somebody"}},
        {"credentials": {"seal": "valid", "signer": "x" * 81}},
        {"credentials": {"seal": "valid", "tool": "a\u202eb"}},
    ],
)
def test_lie_about_provenance_is_refused(change: dict[str, object]) -> None:
    good = {"making": "made-by-ai", "marks": ["IPTC"], "credentials": None}
    assert provenance_of(good) is not None
    with pytest.raises(BadAnswer):
        provenance_of({**good, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": ["place", "shoe size"]},
        {"kinds": "place"},
        {"place": [91, 0]},
        {"place": [0]},
        {"place": ["0", "0"]},
        {"serial": 5},
        {"device": "x\ny"},
    ],
)
def test_lie_about_hidden_details_is_refused(change: dict[str, object]) -> None:
    told = HiddenDetails(frozenset({HiddenKind.PLACE}), (-90.0, 180.0), "2024", "Phone", "1")
    good = hidden_to_json(told)
    assert good is not None
    assert hidden_of(json.loads(json.dumps(good))) == told
    assert hidden_of(None) is None
    with pytest.raises(BadAnswer):
        hidden_of({**good, **change})


@pytest.mark.parametrize(
    "answer",
    [
        b'{"format": "JPEG", "removed": [], "bytes": 3}\n\xff\xd8\xff\xe0',
        b'{"format": "JPEG", "removed": [], "bytes": 4}\nGIF8',
        b'{"format": "EXE", "removed": [], "bytes": 2}\nMZ',
        b'{"format": "JPEG", "removed": ["all"], "bytes": 4}\n\xff\xd8\xff\xe0',
        b'{"format": "JPEG", "removed": [], "bytes": 0}\n',
        b"{}" + b" " * 2000 + b"\n",
        b"\xff\xd8\xff",
        b"",
    ],
)
def test_lie_about_a_copy_is_refused(answer: bytes) -> None:
    good = b'{"format": "JPEG", "removed": ["time"], "bytes": 4}\n\xff\xd8\xff\xe0'
    copy = copy_of(good)
    assert dataclasses.is_dataclass(copy)
    with pytest.raises(BadAnswer):
        copy_of(answer)
