"""The pool of workers with real processes: a picture that breaks, hangs or kills costs that picture, never the app."""

import dataclasses
import hashlib
import io
import json
import math
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.errors import Cancelled, PictureUnreadable
from privacyguard.faces.detector import Detector
from privacyguard.faces.embedder import Embedder
from privacyguard.faces.matching import cosine
from privacyguard.faces.weights import MODEL_ID, weights_folder
from privacyguard.model.picture import Box, Candidate, PictureAnalysis, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.pictures.decode import load
from tests.conftest import Portraits
from tests.support import children

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE_S = 2.0

Looked = TypeVar("Looked")


def workers() -> dict[int, multiprocessing.process.BaseProcess]:
    """The living workers of this process, by number."""
    return {child.pid: child for child in multiprocessing.active_children() if child.pid}


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as pool:
        yield pool


@pytest.fixture
def fresh() -> Iterator[tuple[AnalysisPool, int]]:
    """A pool of its own with one worker that has started, and that worker's number."""
    before = set(workers())
    with AnalysisPool(workers=1, timeout_s=3.0) as pool:
        with suppress(PictureUnreadable):
            pool.analyse(b"not a picture")
        (worker,) = set(workers()) - before
        yield pool, worker


@pytest.mark.parametrize("who", ["astronaut", "grace_hopper"])
def test_one_face_is_found_in_a_portrait_and_everything_is_said_of_it(
    pool: AnalysisPool, free_portraits: Portraits, who: str
) -> None:
    path: Path = getattr(free_portraits, who)
    seen = pool.analyse(path)
    (face,) = seen.faces
    assert (seen.width, seen.height) == ((512, 512) if who == "astronaut" else (512, 600))
    assert seen.format == ("PNG" if who == "astronaut" else "JPEG")
    assert seen.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(seen.phash) == 16
    assert int(seen.phash, 16) > 0
    assert seen.model_id == MODEL_ID
    assert face.embedding is not None
    assert math.hypot(*face.embedding) == pytest.approx(1.0, abs=1e-5)
    assert 0 <= face.box.x < face.box.x + face.box.w <= seen.width
    assert 0 <= face.box.y < face.box.y + face.box.h <= seen.height
    assert all(face.box.x <= x <= face.box.x + face.box.w for x, _ in face.landmarks)
    assert face.quality.size_px == pytest.approx(min(face.box.w, face.box.h), abs=1)


def test_file_and_its_content_give_the_same(pool: AnalysisPool, free_portraits: Portraits) -> None:
    assert pool.analyse(free_portraits.astronaut) == pool.analyse(free_portraits.astronaut.read_bytes())


def test_every_worker_gives_the_very_same_numbers(pool: AnalysisPool, free_portraits: Portraits) -> None:
    """A worker that chose another precision than its fellows would make a second scan differ from the first."""
    expected = pool.analyse(free_portraits.grace_hopper)
    with AnalysisPool(workers=1) as other:
        assert other.analyse(free_portraits.grace_hopper) == expected
    pixels = load(free_portraits.grace_hopper, 1600).pixels
    embedder = Embedder(weights_folder())
    (found,) = Detector(weights_folder()).detect(pixels)
    assert embedder.embed([embedder.align(pixels, found)]) == [expected.faces[0].embedding]


def test_faces_are_cut_out_only_when_asked(pool: AnalysisPool, free_portraits: Portraits) -> None:
    (without,) = pool.analyse(free_portraits.astronaut).faces
    (with_cut,) = pool.analyse(free_portraits.astronaut, cuts=True).faces
    assert without.cut is None
    assert with_cut.cut is not None
    assert max(with_cut.cut.width, with_cut.cut.height) <= 160
    assert len(with_cut.cut.rgb) == with_cut.cut.width * with_cut.cut.height * 3
    assert pool.cut(free_portraits.astronaut, with_cut) == with_cut.cut


def test_a_cut_outside_of_the_picture_is_still_a_cut(pool: AnalysisPool, free_portraits: Portraits) -> None:
    (face,) = pool.analyse(free_portraits.astronaut).faces
    cut = pool.cut(free_portraits.astronaut, dataclasses.replace(face, box=Box(5000, -900, 10, 10)))
    assert cut.width >= 1
    assert cut.height >= 1


def test_second_opinion_on_a_face_is_the_one_that_enrolment_gets(pool: AnalysisPool, free_portraits: Portraits) -> None:
    (enrolled,) = pool.analyse(free_portraits.astronaut, cuts=True).faces
    (plain,) = pool.analyse(free_portraits.astronaut).faces
    assert plain.second is None
    second = pool.second_opinion(free_portraits.astronaut, plain)
    assert second is not None
    assert enrolled.second is not None
    assert cosine(second.mirrored, enrolled.second.mirrored) > 0.999
    assert math.dist(second.other_model, enrolled.second.other_model) < 0.01
    assert second.mirrored != plain.embedding


@pytest.mark.parametrize("turns", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_second_opinion_on_a_turned_face_is_about_the_same_person(
    pool: AnalysisPool, free_portraits: Portraits, turns: Image.Transpose
) -> None:
    (upright,) = pool.analyse(free_portraits.astronaut, cuts=True).faces
    with Image.open(free_portraits.astronaut) as image:
        encoded = io.BytesIO()
        image.convert("RGB").transpose(turns).save(encoded, "PNG")
    (turned,) = pool.analyse(encoded.getvalue()).faces
    second = pool.second_opinion(encoded.getvalue(), turned)
    assert second is not None
    assert upright.second is not None
    assert math.dist(second.other_model, upright.second.other_model) < 0.4


def test_picture_for_upload_is_a_small_jpeg_without_hidden_details(
    pool: AnalysisPool, free_portraits: Portraits
) -> None:
    sent = pool.prepare_upload(free_portraits.grace_hopper)
    assert sent.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in sent
    assert pool.analyse(sent).width == 512


def test_picture_for_upload_is_no_larger_than_what_the_services_take(pool: AnalysisPool) -> None:
    noise = Image.frombytes("RGB", (1200, 900), random.Random(4711).randbytes(1200 * 900 * 3))
    encoded = io.BytesIO()
    noise.resize((1800, 1350)).save(encoded, "JPEG", quality=95)
    assert len(encoded.getvalue()) > 1_000_000
    assert 100_000 < len(pool.prepare_upload(encoded.getvalue())) <= 480_000  # Google Lens takes 500,000 at most


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unreadable.NOT_A_PICTURE),
        (b"just a text", Unreadable.NOT_A_PICTURE),
        (b"%PDF-1.7 a document", Unreadable.NOT_A_PICTURE),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Unreadable.BROKEN),
        (b"\xff\xd8\xff\xe0 cut", Unreadable.BROKEN),
    ],
)
def test_what_is_no_whole_picture_is_told_with_its_reason(
    pool: AnalysisPool, content: bytes, reason: Unreadable
) -> None:
    with pytest.raises(PictureUnreadable) as told:
        pool.analyse(content)
    assert told.value.reason == reason


def test_files_that_are_none_are_told_with_their_reason(pool: AnalysisPool, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    for path, reason in (
        (pipe, Unreadable.NOT_A_FILE),
        (tmp_path, Unreadable.NOT_A_FILE),
        (tmp_path / "gone.jpg", Unreadable.GONE),
    ):
        with pytest.raises(PictureUnreadable) as told:
            pool.analyse(path)
        assert told.value.reason == reason


def test_file_whose_name_is_not_utf8_is_opened(pool: AnalysisPool, free_portraits: Portraits, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe\n.png"))
    path.write_bytes(free_portraits.astronaut.read_bytes())
    assert len(pool.analyse(path).faces) == 1


def test_killed_worker_costs_one_picture_and_the_pool_goes_on(
    fresh: tuple[AnalysisPool, int], free_portraits: Portraits
) -> None:
    pool, worker = fresh
    os.kill(worker, signal.SIGSTOP)  # so that the kill comes for certain while the picture is looked at
    threading.Timer(0.3, os.kill, (worker, signal.SIGKILL)).start()
    with pytest.raises(PictureUnreadable) as told:
        pool.analyse(free_portraits.astronaut)
    assert told.value.reason == Unreadable.CRASHED
    assert len(pool.analyse(free_portraits.astronaut).faces) == 1
    assert worker not in workers()


def test_worker_killed_while_idle_costs_no_picture(fresh: tuple[AnalysisPool, int], free_portraits: Portraits) -> None:
    pool, worker = fresh
    os.kill(worker, signal.SIGKILL)
    children.wait_for_end(worker)
    assert len(pool.analyse(free_portraits.astronaut).faces) == 1
    assert worker not in workers()


def test_worker_that_hangs_is_ended_after_the_limit(fresh: tuple[AnalysisPool, int], free_portraits: Portraits) -> None:
    pool, worker = fresh
    os.kill(worker, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(PictureUnreadable) as told:
        pool.analyse(free_portraits.astronaut)
    assert told.value.reason == Unreadable.TIMED_OUT
    assert 3.0 <= time.monotonic() - start < 3.0 + AT_ONCE_S
    assert worker not in workers()
    assert len(pool.analyse(free_portraits.astronaut).faces) == 1


def test_worker_that_does_not_take_a_large_picture_is_ended_after_the_limit(fresh: tuple[AnalysisPool, int]) -> None:
    """More than a pipe holds: sending must not wait for ever."""
    pool, worker = fresh
    os.kill(worker, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(PictureUnreadable) as told:
        pool.analyse(b"\xff\xd8\xff" + bytes(8_000_000))
    assert told.value.reason == Unreadable.TIMED_OUT
    assert time.monotonic() - start < 3.0 + AT_ONCE_S


@pytest.mark.parametrize("size", [3, 8_000_000])
def test_cancel_ends_the_wait_for_a_worker_at_once(fresh: tuple[AnalysisPool, int], size: int) -> None:
    pool, worker = fresh
    os.kill(worker, signal.SIGSTOP)
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        pool.analyse(bytes(size), cancel=cancel)
    assert time.monotonic() - start < AT_ONCE_S
    assert worker not in workers()


def test_nothing_is_asked_after_a_cancel(pool: AnalysisPool, free_portraits: Portraits) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        pool.analyse(free_portraits.astronaut, cancel=cancel)


def test_close_ends_calls_under_way_and_leaves_no_process(free_portraits: Portraits) -> None:
    before = set(workers())
    pool = AnalysisPool(workers=2)
    pool.analyse(free_portraits.astronaut)
    (worker,) = set(workers()) - before
    os.kill(worker, signal.SIGSTOP)
    threading.Timer(0.3, pool.close).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        pool.analyse(free_portraits.astronaut)
    assert time.monotonic() - start < AT_ONCE_S
    pool.close()
    assert set(workers()) <= before
    assert not Path(f"/proc/{worker}").exists()
    with pytest.raises(Cancelled):
        pool.analyse(free_portraits.astronaut)


def test_close_from_several_threads_while_pictures_are_looked_at_closes_each_pipe_once(
    free_portraits: Portraits,
) -> None:
    """A number that is closed twice may be somebody else's file by then: the vault's, say."""
    failed: list[BaseException] = []

    def ask(pool: AnalysisPool) -> None:
        with suppress(Cancelled):
            while True:
                pool.analyse(free_portraits.astronaut)

    def end(pool: AnalysisPool) -> None:
        try:
            pool.close()
        except OSError as error:
            failed.append(error)

    for _ in range(3):
        pool = AnalysisPool(workers=2)
        pool.analyse(free_portraits.astronaut)
        asking = [threading.Thread(target=ask, args=(pool,)) for _ in range(4)]
        ending = [threading.Thread(target=end, args=(pool,)) for _ in range(4)]
        for thread in (*asking, *ending):
            thread.start()
        for thread in (*asking, *ending):
            thread.join(20)
            assert not thread.is_alive()
    assert failed == []


def test_a_worker_is_kept_for_the_next_picture(fresh: tuple[AnalysisPool, int], free_portraits: Portraits) -> None:
    pool, worker = fresh
    pool.analyse(free_portraits.astronaut)
    pool.analyse(free_portraits.grace_hopper)
    assert worker in workers()


def test_a_worker_lives_longer_than_the_thread_that_asked_first(free_portraits: Portraits) -> None:
    before = set(workers())
    with AnalysisPool(workers=1) as pool:
        first = threading.Thread(target=pool.analyse, args=(free_portraits.astronaut,))
        first.start()
        first.join()
        (worker,) = set(workers()) - before
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
        assert worker in workers()


# --- many pictures ------------------------------------------------------------------------------------------------


def test_each_candidate_comes_back_once_also_those_that_cannot_be_read(
    pool: AnalysisPool, free_portraits: Portraits, tmp_path: Path
) -> None:
    items = [
        Candidate(path=free_portraits.astronaut),
        Candidate(content=free_portraits.grace_hopper.read_bytes()),
        Candidate(path=tmp_path / "gone.png"),
        Candidate(path=tmp_path / "text.jpg", unreadable=Unreadable.NOT_A_PICTURE),
        Candidate(content=b"no picture"),
        Candidate(path=free_portraits.grace_hopper),
    ]
    done = list(pool.analyse_each(items, CancelToken()))
    assert sorted(items.index(item) for item, _ in done) == list(range(6))
    results = {items.index(item): result for item, result in done}
    assert [results[2], results[3], results[4]] == [Unreadable.GONE, Unreadable.NOT_A_PICTURE, Unreadable.NOT_A_PICTURE]
    assert all(isinstance(results[index], PictureAnalysis) for index in (0, 1, 5))
    assert results[1] == results[5]


def test_no_more_than_two_pictures_for_each_worker_are_pulled_ahead(
    pool: AnalysisPool, free_portraits: Portraits
) -> None:
    pulled = 0

    def many() -> Iterator[Candidate]:
        nonlocal pulled
        for _ in range(20):
            pulled += 1
            yield Candidate(path=free_portraits.astronaut)

    done = pool.analyse_each(many(), CancelToken())
    assert pulled == 0
    for received in range(1, 6):
        next(done)
        assert pulled <= received + 2
    done.close()  # type: ignore[attr-defined]
    assert pulled <= 7


def test_cancel_ends_a_long_list_at_once(free_portraits: Portraits) -> None:
    cancel = CancelToken()
    items = (Candidate(path=free_portraits.astronaut) for _ in range(10_000))
    with AnalysisPool(workers=2) as pool:
        done = pool.analyse_each(items, cancel)
        next(done)
        cancel.cancel()
        start = time.monotonic()
        with pytest.raises(Cancelled):
            for _ in done:
                pass
        assert time.monotonic() - start < AT_ONCE_S


# --- what a worker has, and what the app's own process has -----------------------------------------------------------


def test_worker_gave_up_core_files_privileges_and_files_to_write(fresh: tuple[AnalysisPool, int]) -> None:
    _, worker = fresh
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{worker}/status").read_text().splitlines() if ":\t" in line
    )
    assert status["NoNewPrivs"] == "1"
    limits = {
        line[:25].strip(): line[25:].split()[:2] for line in Path(f"/proc/{worker}/limits").read_text().splitlines()
    }
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max open files"] == ["64", "64"]
    assert int(limits["Max address space"][0]) <= 3 * 1024**3
    opened = in_worker(worker, lambda: [str(each.readlink()) for each in Path(f"/proc/{worker}/fd").iterdir()])
    assert opened is None or sorted(where.partition(":")[0] for where in opened) == [os.devnull] * 3 + ["socket"]


def in_worker(worker: int, look: Callable[[], Looked]) -> Looked | None:
    """What is seen of a worker from outside, or None where even its own user sees nothing, which is as it should be."""
    try:
        return look()
    except PermissionError:
        assert os.geteuid() != 0
        assert Path(f"/proc/{worker}").exists()
        return None


CHILD = """
import json, multiprocessing, os, sys
from pathlib import Path
from privacyguard.analysis.pool import AnalysisPool

if __name__ == "__main__":
    pool = AnalysisPool(workers=1)
    faces = len(pool.analyse(Path(sys.argv[1])).faces)
    (worker,) = multiprocessing.active_children()
    heavy = sorted({"numpy", "cv2", "PIL", "scipy", "dlib", "pillow_heif", "imagehash"} & set(sys.modules))
    print(json.dumps({"faces": faces, "worker": worker.pid, "heavy": heavy}), flush=True)
    sys.stdin.read()
    pool.close()
"""


@pytest.fixture
def parent(free_portraits: Portraits, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A program with one worker that looked at a picture. Its environment holds a value that must not go anywhere."""
    program = tmp_path / "program.py"
    program.write_text(CHILD)
    packages = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": packages, "SECRET_OF_PARENT": "canary-3f71"}
    with subprocess.Popen(
        [sys.executable, str(program), str(free_portraits.astronaut)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_nothing_of_ours_is_in_a_workers_environment_or_arguments(
    parent: "subprocess.Popen[str]", free_portraits: Portraits
) -> None:
    assert parent.stdout
    told = json.loads(parent.stdout.readline())
    process = Path(f"/proc/{told['worker']}")
    environment = in_worker(told["worker"], lambda: (process / "environ").read_bytes())
    shown = (process / "cmdline").read_bytes() + (environment or b"")
    assert b"canary-3f71" in Path(f"/proc/{parent.pid}/environ").read_bytes()  # it would be seen
    assert b"canary-3f71" not in shown
    assert str(free_portraits.astronaut).encode() not in shown


def test_the_apps_own_process_never_loads_a_decoder(parent: "subprocess.Popen[str]") -> None:
    assert parent.stdout
    told = json.loads(parent.stdout.readline())
    assert told["faces"] == 1
    assert told["heavy"] == []


def test_workers_die_with_the_app(parent: "subprocess.Popen[str]") -> None:
    assert parent.stdout
    worker = json.loads(parent.stdout.readline())["worker"]
    os.kill(worker, signal.SIGSTOP)  # it cannot notice the closed pipe by itself
    parent.kill()
    parent.wait()
    children.wait_for_end(worker)
    assert not Path(f"/proc/{worker}").exists() or _is_dead(worker)


def _is_dead(process: int) -> bool:
    return ") Z " in Path(f"/proc/{process}/stat").read_text()
