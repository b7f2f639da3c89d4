"""What a person brings back: saved pages, screenshots and pictures. Real faces, workers and vault; two free portraits."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps

from privacyguard.analysis.confinement import Confinement, Network
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.brought import SOURCE_ID, Brought, BroughtBack, NotCompared
from privacyguard.checkup.plan import NO_STATEMENT
from privacyguard.errors import Cancelled, NotConfined, NothingEnrolled, PictureUnreadable
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind, place_of
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import Closeness, FaceMatch, PictureCopy
from privacyguard.model.progress import CancelToken
from privacyguard.model.saved import NoSavedPage
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support import saved_pages as made
from tests.support.keystores import MemoryKeyStore
from tests.support.saved_pages import Result

BEGINNING = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLUB, SHOP = "https://club.example.org/p/1", "https://shop.example.net/team"


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=2) as pool:
        yield pool


@pytest.fixture(scope="module")
def astronaut(free_portraits: Portraits) -> Image.Image:
    with Image.open(free_portraits.astronaut) as image:
        return image.convert("RGB")


@pytest.fixture(scope="module")
def hopper(free_portraits: Portraits) -> Image.Image:
    with Image.open(free_portraits.grace_hopper) as image:
        return image.convert("RGB")


@pytest.fixture(scope="module")
def template(pool: AnalysisPool, astronaut: Image.Image) -> FaceTemplate:
    photos = [saved(astronaut), saved(ImageOps.mirror(astronaut).crop((90, 0, 450, 420)))]
    looked = [pool.analyse(photo, cuts=True) for photo in photos]
    return FaceTemplate(enrolled_photos(judge(looked)), looked[0].model_id, BEGINNING)


@pytest.fixture(scope="module")
def hers(astronaut: Image.Image) -> bytes:
    """A tight, brighter cut of her face on a ground of its own: her, and no copy of a chosen photo."""
    ground = Image.new("RGB", (640, 480), (30, 90, 60))
    ground.paste(ImageEnhance.Brightness(astronaut.crop((150, 10, 300, 230))).enhance(1.2), (400, 200))
    return saved(ground)


class Bench:
    """A vault with her in it."""

    def __init__(self, home: Path, pool: AnalysisPool, template: FaceTemplate) -> None:
        self.now = BEGINNING
        self.pool = pool
        self.vault = Vault.open(home, MemoryKeyStore(), clock=lambda: self.now)
        self.person_id = self.vault.add_person("Her", Relation.ME, True).person_id
        self.vault.save_template(self.person_id, template)
        self.vault.save_statement(self.person_id, self.now)

    def brought(self) -> Brought:
        return Brought(self.vault.person(self.person_id), self.vault, self.pool, lambda: self.now)

    def look(self, source: Path | bytes, own: bool = False) -> BroughtBack:
        return self.brought().look(source, CancelToken(), own=own)

    @property
    def kept(self) -> tuple[Finding, ...]:
        return self.vault.findings(self.person_id)


@pytest.fixture
def bench(tmp_path: Path, pool: AnalysisPool, template: FaceTemplate) -> Iterator[Bench]:
    bench = Bench(tmp_path / "vault", pool, template)
    yield bench
    bench.vault.close()


def places(back: BroughtBack) -> list[str]:
    return sorted(place_of(one.evidence) for one in back.findings if isinstance(one.evidence, FaceMatch | PictureCopy))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# --- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "is_adult"), [(Relation.MY_CHILD, False), (Relation.SOMEONE_I_HELP, True), (Relation.ME, False)]
)
def test_it_is_refused_for_anybody_but_a_grown_up_themselves(
    bench: Bench, template: FaceTemplate, relation: Relation, is_adult: bool
) -> None:
    other = bench.vault.add_person("Other", relation, is_adult)
    bench.vault.save_template(other.person_id, template)
    with pytest.raises(NotCompared) as told:
        Brought(bench.vault.person(other.person_id), bench.vault, bench.pool, lambda: bench.now)
    assert told.value.title


def test_it_needs_a_face_and_a_statement(bench: Bench, template: FaceTemplate) -> None:
    bench.brought()
    with_statement = bench.vault.person(bench.person_id)
    bench.vault.forget_face(bench.person_id)
    with pytest.raises(NothingEnrolled):
        bench.brought()
    with pytest.raises(NotCompared) as told:  # the face as it was; its statement went with it
        Brought(with_statement, bench.vault, bench.pool, lambda: bench.now)
    assert told.value.title == NO_STATEMENT


def test_without_a_closed_off_worker_only_her_own_files_are_looked_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hers: bytes
) -> None:
    monkeypatch.setattr(bench.pool, "confinement", lambda cancel: Confinement(0, False, 0, Network.BEST_EFFORT))
    picture = written(tmp_path / "a.png", hers)
    with pytest.raises(NotConfined):
        bench.look(picture)
    assert bench.look(picture, own=True).matches


# --- saved pages ----------------------------------------------------------------------------------------------------


Write = Callable[[Path, list[Result]], Path]
FORMS: dict[str, Write] = {
    "one file": lambda folder, results: written(folder / "r.mhtml", made.mhtml(results)),
    "inside": lambda folder, results: written(folder / "r.html", made.single_file(results)),
    "folder": lambda folder, results: made.with_folder(folder, results),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_page_of_results_gives_the_pages_that_show_her(
    bench: Bench, tmp_path: Path, hers: bytes, hopper: Image.Image, form: str
) -> None:
    page = FORMS[form](
        tmp_path,
        [
            Result(hers, CLUB, "https://cdn.example.com/1.png"),
            Result(saved(hopper), SHOP, "https://cdn.example.com/2.png"),
            Result(saved(hopper.resize((200, 234))), None, "https://cdn.example.com/3.png"),
        ],
    )
    back = bench.look(page)
    assert (back.seen, back.unreadable, back.left_out, back.is_page, back.problem) == (3, 0, 0, True, None)
    assert places(back) == [CLUB]
    (finding,) = bench.kept
    assert (finding.key, finding.sources) == (back.findings[0].key, (SOURCE_ID,))
    assert isinstance(finding.evidence, FaceMatch)
    assert (finding.evidence.closeness, finding.evidence.on_this_computer) == (Closeness.A_LOT, False)
    assert finding.evidence.title == "Results"
    assert finding.evidence.cut is not None
    assert max(finding.evidence.cut.width, finding.evidence.cut.height) <= 160


def test_two_pictures_on_one_page_without_links_are_two_findings(bench: Bench, tmp_path: Path, hers: bytes) -> None:
    other = saved(ImageOps.mirror(Image.open(io.BytesIO(hers))))
    back = bench.look(written(tmp_path / "r.html", made.single_file([Result(hers), Result(other)])))
    assert places(back) == [made.ADDRESS, made.ADDRESS]
    assert len({one.key for one in bench.kept}) == 2
    again = bench.look(written(tmp_path / "later.html", made.single_file([Result(hers), Result(other)])))
    assert {one.key for one in again.findings} == {one.key for one in bench.kept}


def test_a_page_of_unknown_address_is_named_by_its_file(bench: Bench, tmp_path: Path, hers: bytes) -> None:
    page = written(tmp_path / "r.html", made.single_file([Result(hers)], address=None))
    assert places(bench.look(page)) == [str(page)]


@pytest.mark.parametrize(
    ("address", "link", "found"),
    [
        ("https://tineye.com/search/1", None, False),
        ("https://tineye.com/search/1", CLUB, True),
        ("https://www.google.com/search?q=x", None, False),
        ("https://club.example.org/team", None, True),
    ],
)
def test_the_photo_that_was_searched_with_is_no_finding(
    bench: Bench, tmp_path: Path, astronaut: Image.Image, address: str, link: str | None, found: bool
) -> None:
    """It is on every page of results. The same picture that leads to another site is one."""
    page = written(tmp_path / "r.html", made.single_file([Result(saved(astronaut), link)], address=address))
    back = bench.look(page)
    assert bool(back.findings) is found
    assert back.own_photos == (not found)
    assert bool(bench.kept) is found


def test_broken_pictures_of_a_page_are_counted_and_cost_no_other(bench: Bench, tmp_path: Path, hers: bytes) -> None:
    back = bench.look(made.with_folder(tmp_path, [Result(hers, CLUB), Result(hers[: len(hers) // 2], SHOP)]))
    assert (back.seen, back.unreadable) == (2, 1)
    assert places(back) == [CLUB]


def test_a_page_without_pictures_is_no_nothing_found(bench: Bench, tmp_path: Path) -> None:
    back = bench.look(written(tmp_path / "r.html", made.html("words").encode()))
    assert (back.seen, back.findings, back.problem, back.is_page) == (0, (), None, True)


def test_a_reader_that_dies_in_the_middle_is_a_problem_and_what_was_found_stays(
    bench: Bench, tmp_path: Path, hers: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privacyguard.analysis.saved_reader import OpenSavedPage
    from privacyguard.model.saved import SavedPageUnreadable

    whole = OpenSavedPage._inside

    def dies(self: OpenSavedPage, number: int, told: object) -> bytes:
        if number:
            raise SavedPageUnreadable
        return whole(self, number, told)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenSavedPage, "_inside", dies)
    results = [Result(hers, CLUB), Result(hers + b"1", SHOP), Result(hers + b"2", SHOP)]
    back = bench.look(written(tmp_path / "r.html", made.single_file(results)))
    assert isinstance(back.problem, SavedPageUnreadable)
    assert back.left_out >= 2
    assert len(bench.kept) == back.seen - back.unreadable <= 1


def test_a_stop_keeps_what_was_found(bench: Bench, tmp_path: Path, hers: bytes, hopper: Image.Image) -> None:
    stranger = saved(hopper)
    results = [Result(hers, CLUB), *(Result(stranger + bytes([n]), SHOP) for n in range(60))]
    page = written(tmp_path / "r.html", made.single_file(results))
    token = CancelToken()

    def told(done: int, count: int) -> None:
        if done >= 5:
            threading.Thread(target=token.cancel).start()

    with pytest.raises(Cancelled):
        bench.brought().look(page, token, told)
    assert [place_of(one.evidence) for one in bench.kept if isinstance(one.evidence, FaceMatch)] == [CLUB]


def test_a_face_that_was_called_not_me_stays_away(bench: Bench, tmp_path: Path, hers: bytes) -> None:
    page = written(tmp_path / "r.html", made.single_file([Result(hers, CLUB)]))
    (finding,) = bench.look(page).findings
    bench.vault.mark(finding.key, Mark(MarkKind.NOT_ME))
    assert bench.look(page).findings == ()


# --- pictures and screenshots ---------------------------------------------------------------------------------------


def test_a_picture_from_the_web_counts_as_one_of_the_web(bench: Bench, tmp_path: Path, hers: bytes) -> None:
    picture = written(tmp_path / "a.png", hers)
    back = bench.look(picture)
    assert places(back) == [str(picture)]
    (finding,) = bench.kept
    assert isinstance(finding.evidence, FaceMatch)
    assert not finding.evidence.on_this_computer
    assert back.analysis is not None
    assert back.analysis.hidden is None


def test_her_own_file_counts_as_on_this_computer_and_tells_what_is_hidden(
    bench: Bench, tmp_path: Path, astronaut: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Example Phone 3"
    astronaut.save(tmp_path / "own.jpg", exif=exif)
    back = bench.look(tmp_path / "own.jpg", own=True)
    (finding,) = bench.kept
    assert isinstance(finding.evidence, FaceMatch)
    assert finding.evidence.on_this_computer
    assert back.analysis is not None
    assert back.analysis.hidden is not None
    assert back.analysis.hidden.device is not None
    assert bench.look(tmp_path / "own.jpg").analysis.hidden is None  # type: ignore[union-attr]


def test_what_was_pasted_is_looked_at(bench: Bench, hers: bytes, hopper: Image.Image) -> None:
    assert len(bench.look(hers).matches) == 1
    assert bench.look(saved(hopper)).findings == ()


@pytest.mark.parametrize("thumbnail", [(160, 110), (230, 160)])
@pytest.mark.parametrize("screen", [(1920, 1080), (1366, 768)])
def test_a_screenshot_of_many_small_results_is_looked_at_as_one_picture(
    bench: Bench,
    tmp_path: Path,
    astronaut: Image.Image,
    hopper: Image.Image,
    thumbnail: tuple[int, int],
    screen: tuple[int, int],
) -> None:
    """Faces of 35 px and more in it; without hers there is no finding."""
    width, height = thumbnail
    for has_her in (True, False):
        shot = Image.new("RGB", screen, "white")
        places = [
            (x, y) for y in range(60, screen[1] - height, height + 24) for x in range(20, screen[0] - width, width + 16)
        ]
        for number, place in enumerate(places):
            of_her = has_her and number == len(places) // 2
            face = astronaut.crop((100, 0, 380, 192)) if of_her else hopper.crop((80, 20, 440, 268))
            shot.paste(face.resize(thumbnail), place)
        back = bench.look(written(tmp_path / f"shot-{has_her}.png", saved(shot)))
        assert len(back.matches) == has_her, (len(places), has_her)
        assert back.analysis is not None
        assert len(back.analysis.faces) >= len(places) * 0.9


@pytest.mark.parametrize("content", [b"\xff\xd8\xff broken", b"just words"])
def test_what_cannot_be_opened_is_a_problem_and_never_nothing_found(
    bench: Bench, tmp_path: Path, content: bytes
) -> None:
    back = bench.look(written(tmp_path / "a.png", content))
    assert (back.seen, back.unreadable) == (1, 1)
    assert isinstance(back.problem, PictureUnreadable | NoSavedPage)


def test_a_pipe_a_link_and_a_missing_file_are_problems(bench: Bench, tmp_path: Path, hers: bytes) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to(written(tmp_path / "a.png", hers))
    for name in ("pipe.png", "link.png", "missing.png", "."):
        back = bench.look(tmp_path / name)
        assert back.problem is not None, name
        assert back.findings == ()
    assert bench.kept == ()


def test_a_copy_without_her_face_is_told_as_one(bench: Bench, tmp_path: Path, astronaut: Image.Image) -> None:
    covered = astronaut.copy()
    covered.paste((128, 128, 128), (180, 60, 290, 200))
    back = bench.look(written(tmp_path / "a.png", saved(covered)))
    assert back.matches == ()
    assert [one.kind for one in back.copies] == [FindingKind.COPY]
    assert [one.key for one in bench.kept] == [one.key for one in back.copies]
