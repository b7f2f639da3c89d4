"""Hidden details in the person's own photos: counted for each folder, remembered, and never asked of anybody else's."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.look import Look
from privacyguard.checkup.scan import Scan
from privacyguard.errors import Cancelled
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind, finding_key
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Candidate
from privacyguard.model.progress import CancelToken
from privacyguard.model.provenance import HiddenInPhotos, HiddenKind
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support.keystores import MemoryKeyStore
from tests.support.photos import encoded, exif, tiff_block
from tests.support.scan_bench import BEGINNING

QUIET = tiff_block([(0x0110, 2, b"Example Phone 5\0")], [(0x9003, 2, b"2024:05:17 14:03:22\0")])
"""A time and a device only."""


class CountingPool(AnalysisPool):
    """``read``: the files whose hidden details were asked for one by one."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.read: list[str] = []

    def hidden_details(self, source, cancel=None):  # type: ignore[no-untyped-def]  # as the real one
        self.read.append(source.name)
        return super().hidden_details(source, cancel)


@pytest.fixture(scope="module")
def pool() -> Iterator[CountingPool]:
    pool = CountingPool()
    yield pool
    pool.close()


@dataclass
class Bench:
    vault: Vault
    pool: CountingPool
    folder: Path
    face: bytes
    person_id: str = ""
    days: int = 0

    def photo(self, name: str, block: bytes | None, quality: int = 90) -> Path:
        """The person's photo with this EXIF block; ``quality`` makes it another one."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(io.BytesIO(self.face)) as image:
            more = {} if block is None else {"exif": b"Exif\0\0" + block}
            path.write_bytes(encoded(image.convert("RGB"), "JPEG", quality=quality, **more))
        return path

    def add_person(self, relation: Relation, template: FaceTemplate) -> None:
        self.person_id = self.vault.add_person(relation.value, relation, relation is not Relation.MY_CHILD).person_id
        self.vault.save_template(self.person_id, template)

    def scan(self, *paths: Path, cancel: CancelToken | None = None) -> Scan:
        """A scan of all files of the folder, or of these."""
        self.pool.read.clear()
        person = self.vault.person(self.person_id)
        assert person.template is not None
        look = Look(person, person.template, self.pool, self.vault.not_me(self.person_id))
        scan = Scan(look, self.vault, lambda: BEGINNING + timedelta(days=self.days))
        files = sorted(paths or (path for path in self.folder.rglob("*") if path.is_file()))
        items = [Candidate(path=path, size=path.stat().st_size, mtime_ns=path.stat().st_mtime_ns) for path in files]
        for _match in scan.matches(items, cancel or CancelToken()):
            pass
        return scan

    def told(self) -> dict[str, HiddenInPhotos]:
        """The counts in the vault by the name of the folder."""
        evidence = [finding.evidence for finding in self.vault.findings(self.person_id)]
        return {Path(each.folder).name: each for each in evidence if isinstance(each, HiddenInPhotos)}

    def finding(self, folder: Path) -> Finding | None:
        return self.vault.finding(finding_key(FindingKind.HIDDEN, self.person_id, str(folder)))


@pytest.fixture(scope="module")
def template(pool: CountingPool, free_portraits: Portraits) -> FaceTemplate:
    seen = pool.analyse(free_portraits.astronaut, cuts=True)
    (face,) = seen.faces
    assert face.embedding is not None
    assert face.cut is not None
    photo = EnrolledPhoto(face.embedding, face.cut, seen.phash, seen.sha256, face.second)
    return FaceTemplate((photo,), seen.model_id, BEGINNING)


@pytest.fixture
def bench(tmp_path: Path, pool: CountingPool, free_portraits: Portraits, template: FaceTemplate) -> Iterator[Bench]:
    with Vault.open(tmp_path / "home", MemoryKeyStore(), clock=lambda: BEGINNING) as vault:
        made = Bench(vault, pool, tmp_path / "pictures", free_portraits.astronaut.read_bytes())
        made.add_person(Relation.ME, template)
        yield made


def test_photos_that_tell_are_counted_for_each_folder(bench: Bench, free_portraits: Portraits) -> None:
    first = bench.photo("trip/a.jpg", exif())
    bench.photo("trip/b.jpg", QUIET, 80)
    bench.photo("trip/c.jpg", None, 70)
    bench.photo("plain/d.jpg", None, 60)
    bench.photo("time-only/e.jpg", QUIET, 85)
    stranger = bench.folder / "trip" / "stranger.jpg"
    with Image.open(free_portraits.grace_hopper) as image:
        stranger.write_bytes(encoded(image.convert("RGB"), "JPEG", exif=b"Exif\0\0" + exif()))
    scan = bench.scan()
    told = bench.told()
    assert set(told) == {"trip"}
    assert dict(told["trip"].counts) == {
        HiddenKind.PLACE: 1,
        HiddenKind.TIME: 2,
        HiddenKind.DEVICE: 2,
        HiddenKind.SERIAL: 1,
        HiddenKind.NAME: 1,
        HiddenKind.OTHER: 1,
    }
    assert (told["trip"].photos, told["trip"].examples) == (2, (str(first),))
    finding = bench.finding(first.parent)
    assert finding is not None
    assert list(scan.hidden.keys) == [finding.key]
    assert finding.key in scan.new
    assert bench.pool.read == []  # each was read while it was looked at


def test_unchanged_scan_keeps_the_counts_and_opens_nothing(bench: Bench) -> None:
    bench.photo("trip/a.jpg", exif())
    bench.scan()
    before = bench.told()
    again = bench.scan()
    assert bench.told() == before
    assert (again.new, list(again.hidden.keys), bench.pool.read) == ([], [], [])


def test_new_photo_counts_with_those_that_were_there(bench: Bench) -> None:
    bench.photo("trip/a.jpg", exif())
    bench.photo("other/b.jpg", exif(), 80)
    bench.scan()
    new = bench.photo("trip/c.jpg", exif(), 70)
    scan = bench.scan(new)
    assert bench.told()["trip"].photos == 2
    assert bench.told()["other"].photos == 1
    assert bench.pool.read == ["a.jpg"]  # of the other folder nothing is read again
    assert scan.new == [key for key in scan.new if not key.startswith("hidden")]


def test_cleaned_photos_tell_nothing_any_more(bench: Bench) -> None:
    photo = bench.photo("trip/a.jpg", exif())
    bench.scan()
    photo.write_bytes(bench.pool.clean(photo).content)
    bench.scan()
    assert bench.told()["trip"] == HiddenInPhotos(str(photo.parent))


def test_moved_photos_count_where_they_are(bench: Bench) -> None:
    photo = bench.photo("trip/a.jpg", exif())
    bench.scan()
    (bench.folder / "album").mkdir()
    shutil.move(photo, bench.folder / "album" / "a.jpg")
    bench.scan()
    told = bench.told()
    assert (told["trip"].photos, told["album"].photos) == (0, 1)


def test_stopped_scan_is_made_good_by_the_next(bench: Bench) -> None:
    bench.photo("trip/a.jpg", exif())
    cancel = CancelToken()
    person = bench.vault.person(bench.person_id)
    assert person.template is not None
    look = Look(person, person.template, bench.pool, frozenset())
    scan = Scan(look, bench.vault, lambda: BEGINNING)
    path = bench.folder / "trip" / "a.jpg"
    items = [Candidate(path=path, size=path.stat().st_size, mtime_ns=path.stat().st_mtime_ns)]
    with pytest.raises(Cancelled):
        for _match in scan.matches(items, cancel):
            cancel.cancel()
    assert bench.told() == {}
    bench.scan()
    assert bench.told()["trip"].photos == 1
    assert bench.pool.read == ["a.jpg"]


def test_photos_that_are_not_the_person_do_not_count(bench: Bench) -> None:
    photo = bench.photo("trip/a.jpg", exif())
    bench.scan()
    (face,) = [each for each in bench.vault.findings(bench.person_id) if each.kind is not FindingKind.HIDDEN]
    bench.vault.mark(face.key, Mark(MarkKind.NOT_ME))
    with Image.open(bench.photo("trip/b.jpg", None)) as image:
        other = encoded(ImageOps.mirror(image), "JPEG")  # another picture: what is not them is known again in copies
    (bench.folder / "trip" / "b.jpg").write_bytes(other)
    assert bench.scan().counts.matches == 1
    finding = bench.finding(photo.parent)
    assert finding is not None
    assert isinstance(finding.evidence, HiddenInPhotos)
    assert finding.evidence.photos == 0


@pytest.mark.parametrize("relation", [Relation.MY_CHILD, Relation.SOMEONE_I_HELP])
def test_nothing_is_read_for_anybody_else(bench: Bench, template: FaceTemplate, relation: Relation) -> None:
    bench.photo("trip/a.jpg", exif())
    bench.add_person(relation, template)
    scan = bench.scan()
    assert scan.counts.matches == 1
    assert bench.told() == {}
    assert (list(scan.hidden.keys), bench.pool.read) == ([], [])
