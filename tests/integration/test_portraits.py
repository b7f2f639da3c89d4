"""One person from her photos to what is found in a folder: real faces, real workers, a real vault. Free portraits only."""

import io
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.look import Look
from privacyguard.checkup.scan import Scan, ScanMatch
from privacyguard.errors import Cancelled
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.finding import FindingKind, Mark, MarkKind
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import Candidate, Closeness, FaceMatch, PhotoProblem
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.folder import Folders
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support.keystores import MemoryKeyStore

BEGINNING = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=2) as pool:
        yield pool


@pytest.fixture(scope="module")
def her(free_portraits: Portraits) -> Image.Image:
    with Image.open(free_portraits.astronaut) as image:
        return image.convert("RGB")


@pytest.fixture(scope="module")
def stranger(free_portraits: Portraits) -> bytes:
    return free_portraits.grace_hopper.read_bytes()


@pytest.fixture(scope="module")
def template(pool: AnalysisPool, her: Image.Image) -> FaceTemplate:
    """Her face pattern, from three pictures that are none of those in the folder."""
    photos = [
        _saved(her, "JPEG", quality=80),
        _saved(ImageEnhance.Brightness(her.crop((80, 0, 420, 340))).enhance(1.25), "PNG"),
        _saved(ImageOps.mirror(her).crop((90, 0, 450, 420)), "JPEG", quality=60),
    ]
    looked = [pool.analyse(photo, cuts=True) for photo in photos]
    judgements = judge(looked)
    assert [judgement.used for judgement in judgements] == [True, True, True]
    return FaceTemplate(enrolled_photos(judgements), looked[0].model_id, BEGINNING)


@pytest.fixture
def folder(tmp_path: Path, her: Image.Image, stranger: bytes) -> Path:
    """Six pictures of her, two of a stranger, one without a face, one broken, and a letter."""
    top = tmp_path / "pictures"
    (top / "old").mkdir(parents=True)
    darker = ImageEnhance.Brightness(her).enhance(0.7)
    together = Image.new("RGB", (1024, 600), "white")
    together.paste(her, (0, 0))
    with Image.open(io.BytesIO(stranger)) as image:
        together.paste(image.convert("RGB"), (512, 0))
    turned = Image.Exif()
    turned[0x0112] = 6
    for name, content in {
        "small.jpg": _saved(her.resize((256, 256)), "JPEG", quality=70),
        "dark.png": _saved(darker, "PNG"),
        "cropped.webp": _saved(her.crop((120, 0, 380, 300)), "WEBP"),
        "old/grey.gif": _saved(her.convert("L"), "GIF"),
        "old/turned.jpg": _saved(her.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=turned),
        "together.txt": _saved(together, "JPEG", quality=90),
        "stranger.jpg": stranger,
        "old/stranger.png": _saved(Image.open(io.BytesIO(stranger)).convert("RGB").resize((300, 350)), "PNG"),
        "empty.png": _saved(Image.new("RGB", (300, 300), "white"), "PNG"),
        "broken.jpg": stranger[:2000],
        "letter.txt": b"only words",
    }.items():
        (top / name).write_bytes(content)
    return top


HERS = {"small.jpg", "dark.png", "cropped.webp", "old/grey.gif", "old/turned.jpg", "together.txt"}


class Bench:
    """A vault with her in it, and scans of a folder."""

    def __init__(self, home: Path, pool: AnalysisPool, template: FaceTemplate, folder: Path) -> None:
        self.now = BEGINNING
        self.pool, self.folder = pool, folder
        self.vault = Vault.open(home, MemoryKeyStore(), clock=lambda: self.now)
        self.sent: list[Disclosure] = []
        self.person_id = self.vault.add_person("Her", Relation.ME, True).person_id
        self.vault.save_template(self.person_id, template)

    def scan(self) -> Scan:
        person = self.vault.person(self.person_id)
        assert person.template
        look = Look(person, person.template, self.pool, self.vault.not_me(self.person_id))
        return Scan(look, self.vault, lambda: self.now)

    def candidates(self) -> Iterator[Candidate]:
        gateway = Network(self.sent.append, NetSettings("PrivacyGuard/test")).bind(Folders.info, CancelToken())
        return Folders().search(PictureQuery(folders=(self.folder,)), gateway)

    def run(self, fresh: bool = False) -> tuple[Scan, dict[str, ScanMatch]]:
        """A scan to its end, and its matches by path below the folder."""
        scan = self.scan()
        found = list(scan.matches(self.candidates(), CancelToken(), fresh))
        return scan, {str(Path(match.path).relative_to(self.folder)): match for match in found}


@pytest.fixture
def bench(tmp_path: Path, pool: AnalysisPool, template: FaceTemplate, folder: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "vault", pool, template, folder)
    yield bench
    bench.vault.close()


def test_she_is_found_in_each_picture_of_her_and_the_stranger_in_none(bench: Bench) -> None:
    scan, found = bench.run()
    assert set(found) == HERS
    assert {match.match.closeness for match in found.values()} == {Closeness.A_LOT}
    assert not any(match.remembered for match in found.values())
    assert (scan.counts.seen, scan.counts.matches, scan.counts.unreadable) == (10, 6, 1)
    assert scan.counts.faces == 9  # six of her, two of the stranger, and the stranger beside her
    assert bench.sent == []


def test_what_is_kept_of_a_match_is_her_face_and_where_it_is(bench: Bench) -> None:
    _, found = bench.run()
    kept = {finding.key: finding for finding in bench.vault.findings(bench.person_id)}
    assert len(kept) == 6
    for match in found.values():
        finding = kept[match.finding.key]
        assert finding.kind is FindingKind.FACE
        assert finding.sources == ("folders",)
        assert isinstance(finding.evidence, FaceMatch)
        assert finding.evidence.on_this_computer
        assert finding.evidence.cut is not None
        assert max(finding.evidence.cut.width, finding.evidence.cut.height) <= 160
    together = found["together.txt"].match
    assert together.box.x + together.box.w < 512  # she is on the left, the stranger on the right
    turned = found["old/turned.jpg"].match
    assert abs(turned.box.x - found["dark.png"].match.box.x) < 12  # in upright pixels


def test_second_scan_opens_nothing_again(bench: Bench) -> None:
    bench.run()
    bench.now += timedelta(days=1)
    scan, found = bench.run()
    assert set(found) == HERS
    assert all(match.remembered for match in found.values())
    assert scan.counts.skipped_unchanged == 9  # all but the broken one, which is counted as unreadable
    assert (scan.counts.seen, scan.counts.unreadable, scan.counts.faces) == (10, 1, 9)
    assert scan.new == []
    assert {finding.last_seen for finding in bench.vault.findings(bench.person_id)} == {bench.now}
    assert {finding.first_seen for finding in bench.vault.findings(bench.person_id)} == {BEGINNING}


def test_second_scan_needs_no_worker_at_all(bench: Bench) -> None:
    bench.run()
    closed = AnalysisPool(workers=1)
    closed.close()
    bench.pool = closed
    _, found = bench.run()
    assert set(found) == HERS


def test_asked_to_look_again_it_opens_everything(bench: Bench) -> None:
    bench.run()
    scan, found = bench.run(fresh=True)
    assert set(found) == HERS
    assert not any(match.remembered for match in found.values())
    assert scan.counts.skipped_unchanged == 0
    assert scan.new == []


def test_changed_and_new_files_are_looked_at(bench: Bench, stranger: bytes) -> None:
    bench.run()
    (bench.folder / "dark.png").write_bytes(stranger)
    (bench.folder / "new.png").write_bytes((bench.folder / "cropped.webp").read_bytes() + b"\0")
    scan, found = bench.run()
    assert set(found) == HERS - {"dark.png"} | {"new.png"}
    assert {name for name, match in found.items() if not match.remembered} == {"new.png"}
    assert scan.counts.skipped_unchanged == 8
    assert len(scan.new) == 1


def test_file_with_another_time_is_looked_at_again(bench: Bench) -> None:
    bench.run()
    os.utime(bench.folder / "dark.png", ns=(1, 1))
    _, found = bench.run()
    assert {name for name, match in found.items() if not match.remembered} == {"dark.png"}


def test_another_face_pattern_makes_every_file_due_again(bench: Bench, template: FaceTemplate) -> None:
    bench.run()
    later = FaceTemplate(template.photos[:2], template.model_id, BEGINNING + timedelta(days=2))
    bench.vault.save_template(bench.person_id, later)
    scan, found = bench.run()
    assert set(found) == HERS
    assert scan.counts.skipped_unchanged == 0
    assert not any(match.remembered for match in found.values())


def test_cancel_keeps_what_was_found(bench: Bench) -> None:
    cancel = CancelToken()
    scan = bench.scan()
    found = []
    with pytest.raises(Cancelled):
        for match in scan.matches(bench.candidates(), cancel):
            found.append(match.finding.key)
            cancel.cancel()
    # With the first one may come what the workers had done by then; of the six not all.
    assert 1 <= len(found) <= 2 * bench.pool.workers < len(HERS)
    assert set(found) <= {finding.key for finding in bench.vault.findings(bench.person_id)}
    again, matches = bench.run()
    assert set(matches) == HERS
    assert again.counts.skipped_unchanged >= 1


def _of(name: str) -> Callable[[dict[str, ScanMatch]], str]:
    return lambda found: found[name].finding.key


def test_face_called_not_me_is_not_found_again(bench: Bench) -> None:
    _, found = bench.run()
    marked = bench.vault.mark(_of("dark.png")(found), Mark(MarkKind.NOT_ME))
    assert isinstance(marked.evidence, FaceMatch)
    assert marked.evidence.cut is None
    for fresh in (True, False):
        scan, again = bench.run(fresh)
        # Copies of that picture are quiet too: resized, grey, stored on their side.
        assert set(again) == HERS - {"dark.png", "small.jpg", "old/grey.gif", "old/turned.jpg"}
        assert scan.new == []
    (bench.folder / "moved.png").write_bytes((bench.folder / "dark.png").read_bytes())
    _, again = bench.run(fresh=True)
    assert "moved.png" not in again


def test_same_picture_in_two_places_is_one_finding(bench: Bench) -> None:
    (bench.folder / "old" / "again.png").write_bytes((bench.folder / "dark.png").read_bytes())
    _, found = bench.run()
    assert found["old/again.png"].finding.key == found["dark.png"].finding.key
    assert len(bench.vault.findings(bench.person_id)) == 6


def test_childs_matches_are_kept_without_a_cut(bench: Bench, template: FaceTemplate) -> None:
    child = bench.vault.add_person("Child", Relation.MY_CHILD, False)
    bench.vault.save_template(child.person_id, template)
    bench.person_id = child.person_id
    _, found = bench.run()
    assert found
    assert all(match.match.cut is None for match in found.values())
    assert "stranger.jpg" not in found


def test_stranger_among_her_photos_is_refused(pool: AnalysisPool, her: Image.Image, stranger: bytes) -> None:
    photos = [_saved(her, "PNG"), stranger, _saved(ImageOps.mirror(her), "PNG"), _saved(her, "JPEG", quality=50)]
    said = [(j.used, j.problem) for j in judge([pool.analyse(photo, cuts=True) for photo in photos])]
    assert said == [
        (True, None),
        (False, PhotoProblem.DIFFERENT_PERSON),
        (True, None),
        (False, PhotoProblem.SAME_PHOTO),
    ]
