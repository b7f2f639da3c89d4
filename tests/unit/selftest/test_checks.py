"""The self-test's checks say no where something is missing, broken or another thing than it should be."""

import dataclasses
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from privacyguard.analysis.confinement import Confinement, Network
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.provenance import Credentials, Provenance, Seal
from privacyguard.paths import names_foreign_places, resources
from privacyguard.selftest import closed_off, drawings, parts, portraits

GIB = 1024**3


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as pool:
        yield pool


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A copy of the samples."""
    return Path(shutil.copytree(resources() / "selftest", tmp_path / "samples"))


def told(landlock: int, seccomp: bool) -> Confinement:
    return Confinement(landlock, seccomp, 3 * GIB, Network.NONE if seccomp else Network.BEST_EFFORT)


@pytest.mark.parametrize(
    ("landlock", "seccomp", "platform", "version", "ok", "words"),
    [
        (4, True, "linux", 4, True, "Landlock 4"),
        (0, True, "linux", 0, True, "cannot close off files"),
        (0, True, "linux", 4, False, "files are not closed off"),  # what a thread before Landlock would do
        (4, False, "linux", 4, False, "not filtered"),
        (0, False, "win32", 0, True, "as far as"),
    ],
)
def test_worker_limits_hold_only_when_everything_that_there_is_was_used(
    landlock: int, seccomp: bool, platform: str, version: int, ok: bool, words: str
) -> None:
    check = closed_off.judged(told(landlock, seccomp), platform, version)
    assert check.ok == ok
    assert words in check.detail


def test_whole_samples_are_all_opened(pool: AnalysisPool, samples: Path) -> None:
    assert closed_off.pictures(pool, samples).ok
    assert closed_off.videos(pool, samples).ok


def test_a_missing_a_cut_and_an_exchanged_picture_are_named_and_no_other(pool: AnalysisPool, samples: Path) -> None:
    (samples / "face.webp").unlink()
    heic = samples / "face.heic"
    heic.write_bytes(heic.read_bytes()[:300])
    shutil.copy(samples / "face.jpg", samples / "face.avif")
    check = closed_off.pictures(pool, samples)
    assert not check.ok
    assert check.detail.endswith(": WEBP, HEIF, AVIF")


def test_a_picture_of_another_face_is_not_what_was_drawn(pool: AnalysisPool, samples: Path) -> None:
    (samples / "face.jpg").write_bytes(drawings.png(drawings.drawn_face(1)))
    found = pool.analyse(samples / "face.jpg")
    same = pool.analyse(drawings.png(drawings.drawn_face(0)), own=True)
    assert not closed_off.shows(found, "PNG", same.faces[0])
    assert closed_off.shows(same, "PNG", same.faces[0])
    assert not closed_off.shows(same, "JPEG", same.faces[0])


def test_a_video_that_does_not_play_is_named(pool: AnalysisPool, samples: Path) -> None:
    mov = samples / "face.mov"
    mov.write_bytes(mov.read_bytes()[:-600])
    (samples / "face.mkv").write_bytes((samples / "face.webm").read_bytes())
    check = closed_off.videos(pool, samples)
    assert not check.ok
    assert check.detail.endswith(": MOV, MKV")


def test_faces_and_second_opinion_work_here(pool: AnalysisPool) -> None:
    assert closed_off.faces(pool).ok
    assert closed_off.second_opinion(pool).ok


def test_a_person_in_a_photo_is_known_again_and_nobody_else(pool: AnalysisPool, samples: Path) -> None:
    assert portraits.photos(pool, samples).ok
    person, again, other = (
        samples / name for name in (portraits.PERSON, portraits.PERSON_AGAIN, portraits.SOMEBODY_ELSE)
    )
    kept = again.read_bytes()
    again.write_bytes(other.read_bytes())
    assert portraits.photos(pool, samples).detail == "a person was not known again"
    again.write_bytes(kept)
    other.write_bytes(person.read_bytes())
    assert portraits.photos(pool, samples).detail == "two people were taken for one"
    other.write_bytes(Path(samples / "face.gif").read_bytes()[:200])
    assert not portraits.photos(pool, samples).ok


def test_certificates_that_are_missing_or_none_are_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parts.certificates().ok
    for content in (None, "no certificate", Path(certifi.where()).read_text("utf-8").partition("\n\n")[0]):
        place = tmp_path / "cacert.pem"
        if content is not None:
            place.write_text(content, "utf-8")
        monkeypatch.setattr(certifi, "where", lambda place=place: str(place))
        assert not parts.certificates().ok
        monkeypatch.undo()


def test_a_report_needs_its_page(tmp_path: Path) -> None:
    assert parts.report(resources()).ok
    assert not parts.report(tmp_path).ok
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.html").write_text("<html>")
    assert not parts.report(tmp_path).ok


@pytest.mark.parametrize(
    "variable", ["LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "PYTHONPATH", "PYTHONHOME", "DYLD_INSERT_LIBRARIES"]
)
def test_variables_that_bring_foreign_code_are_known(variable: str) -> None:
    assert names_foreign_places(variable)


@pytest.mark.parametrize(
    "variable", ["QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "PATH", "HOME", "PRIVACYGUARD_HOME", "LANG"]
)
def test_variables_that_the_app_needs_stay(variable: str) -> None:
    assert not names_foreign_places(variable)


def test_signed_pictures_and_cleaned_copies_are_told(pool: AnalysisPool) -> None:
    for check in (closed_off.seals(pool), closed_off.copies(pool)):
        assert check.ok, check
        assert check.detail in ("read", "can be made")


def test_without_what_reads_seals_the_check_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind(AnalysisPool):
        def analyse(self, source, **_more):  # type: ignore[no-untyped-def]  # as the real one
            seen = super().analyse(source, own=True)
            return dataclasses.replace(seen, provenance=Provenance(None, (), Credentials(Seal.NOT_READ)))

    with Blind(workers=1) as blind:
        assert not closed_off.seals(blind).ok
        monkeypatch.setattr(sys, "platform", "win32")
        assert closed_off.seals(blind).detail == "cannot be read on this system"
