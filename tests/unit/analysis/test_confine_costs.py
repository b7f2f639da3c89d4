"""A worker that was taken over, starves or is no longer needed: it costs its own picture at most, and no memory of ours."""

import gc
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from privacyguard.analysis import worker
from privacyguard.analysis.confine import OPEN_FILES
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from tests.conftest import Portraits
from tests.support import children, evil_workers

Evil = Callable[[Any, int], None]


def workers() -> set[int]:
    """The numbers of this process's living workers."""
    return {child.pid for child in multiprocessing.active_children() if child.pid}


def reason(pool: AnalysisPool, content: bytes | Path) -> Unreadable:
    with pytest.raises(PictureUnreadable) as told:
        pool.analyse(content)
    return Unreadable(told.value.reason)


# --- taken over -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evil",
    [
        evil_workers.pickles_without_a_token,
        evil_workers.pickles_when_ready,
        evil_workers.sends_gigabytes,
        evil_workers.answers_with_no_number,
        evil_workers.answers_for_another,
    ],
)
def test_evil_worker_costs_its_picture_and_no_memory(
    evil: Evil, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_portraits: Portraits
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with chdir(tmp_path), AnalysisPool(workers=1, timeout_s=10.0) as pool:
        with monkeypatch.context() as patched:
            patched.setattr(worker, "run", evil)
            assert reason(pool, b"picture") is Unreadable.CRASHED
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1  # a new worker
    assert list(tmp_path.iterdir()) == []  # nothing was unpickled
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024  # KiB


def test_answer_in_store_is_not_taken_for_the_next_picture(
    monkeypatch: pytest.MonkeyPatch, free_portraits: Portraits
) -> None:
    with AnalysisPool(workers=1, timeout_s=10.0) as pool:
        with monkeypatch.context() as patched:
            patched.setattr(worker, "run", evil_workers.answers_twice)
            assert reason(pool, b"picture") is Unreadable.NOT_A_PICTURE  # an answer in the agreed form
            assert reason(pool, b"picture") in {Unreadable.NOT_A_PICTURE, Unreadable.CRASHED}
        for _ in range(2):  # whatever is in store, it is not the answer for her
            try:
                assert len(pool.analyse(free_portraits.astronaut).faces) == 1
            except PictureUnreadable as error:
                assert error.reason == Unreadable.CRASHED


# --- starves --------------------------------------------------------------------------------------------------------


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnalysisPool]:
    """Real workers whose decoder has faults."""
    monkeypatch.setattr(worker, "run", evil_workers.has_faulty_decoders)
    with AnalysisPool(workers=1, timeout_s=15.0) as pool:
        yield pool


def test_memory_without_end_is_refused_and_costs_one_picture(faulty: AnalysisPool, free_portraits: Portraits) -> None:
    assert reason(faulty, evil_workers.HUNGRY) is Unreadable.TOO_LARGE
    assert len(faulty.analyse(free_portraits.astronaut).faces) == 1


def test_crash_in_a_decoder_costs_one_picture(faulty: AnalysisPool, free_portraits: Portraits) -> None:
    first = faulty.confinement()
    before = workers()
    assert reason(faulty, evil_workers.FATAL) is Unreadable.CRASHED
    assert len(faulty.analyse(free_portraits.astronaut).faces) == 1
    assert workers().isdisjoint(before)
    assert faulty.confinement() == first


# --- files that were handed over --------------------------------------------------------------------------------------


def open_files() -> int:
    """Of this process, without those that wait for the garbage collector."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def test_files_are_closed_after_each_answer(free_portraits: Portraits, tmp_path: Path) -> None:
    """More of them than a worker may have open at a time, also of those that are no pictures."""
    text = tmp_path / "text.jpg"
    text.write_bytes(b"a text")
    before = open_files()
    with AnalysisPool(workers=1) as pool:
        for _ in range(OPEN_FILES + 10):
            assert reason(pool, text) is Unreadable.NOT_A_PICTURE
        assert len(workers()) >= 1
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
    assert open_files() == before


def test_picture_over_the_limit_never_reaches_a_worker_and_a_video_gets_more_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, video = tmp_path / "large.jpg", tmp_path / "large.mp4"
    for path, head in ((picture, b"\xff\xd8\xff\xe0"), (video, b"\0\0\0\x20ftypisom\0\0\0\0")):
        with path.open("wb") as file:
            file.write(head)
            file.truncate(64 * 1024 * 1024 + 1)
    monkeypatch.setattr(worker, "run", evil_workers.is_silent_after_a_file)
    with AnalysisPool(workers=1, timeout_s=30.0, video_timeout_s=1.0) as pool:
        assert reason(pool, picture) is Unreadable.TOO_LARGE
        assert reason(pool, video) is Unreadable.TIMED_OUT  # by the limit of videos
    with AnalysisPool(workers=1, timeout_s=1.0, video_timeout_s=30.0) as pool:
        picture.write_bytes(b"\xff\xd8\xff\xe0")
        assert reason(pool, picture) is Unreadable.TIMED_OUT  # by the limit of pictures


# --- no longer needed -------------------------------------------------------------------------------------------------


class Clock:
    """Time that stands still, and what is to happen later."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self.now_s

    def timer(self, delay_s: float, act: Callable[[], None]) -> "Later":
        self.due.append((self.now_s + delay_s, act))
        return Later(self, self.due[-1])

    def go_on(self, seconds: float) -> None:
        until = self.now_s + seconds
        while due := sorted((each for each in self.due if each[0] <= until), key=lambda each: each[0]):
            self.due.remove(due[0])
            self.now_s = due[0][0]
            due[0][1]()
        self.now_s = until


class Later:
    def __init__(self, clock: Clock, due: tuple[float, Callable[[], None]]) -> None:
        self._clock, self._due = clock, due

    def cancel(self) -> None:
        self._clock.due.remove(self._due)


def test_worker_without_work_is_ended_after_a_while_and_another_comes_when_needed(free_portraits: Portraits) -> None:
    before = workers()
    clock = Clock()
    with AnalysisPool(workers=1, idle_s=60.0, clock=clock, timer=clock.timer) as pool:
        pool.analyse(free_portraits.astronaut)
        (first,) = workers() - before
        clock.go_on(59.0)
        pool.analyse(free_portraits.astronaut)  # its rest begins anew
        clock.go_on(59.0)
        assert first in workers()
        clock.go_on(2.0)
        assert first not in workers()
        assert clock.due == []  # nobody waits for nothing
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
        assert workers() - before
    assert clock.due == []
    assert workers() <= before


def test_worker_at_work_is_not_ended_as_idle(free_portraits: Portraits) -> None:
    """The other one's time is up while this one has a picture."""
    clock = Clock()
    with AnalysisPool(workers=1, timeout_s=2.0, idle_s=60.0, clock=clock, timer=clock.timer) as pool:
        pool.confinement()
        (at_work,) = [child for child in multiprocessing.active_children() if child.pid]
        taken = pool._processes.take()
        clock.go_on(1000.0)
        assert at_work.is_alive()
        pool._processes.give_back(taken)
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
        assert at_work.is_alive()


def test_worker_that_was_stopped_for_a_while_is_still_used(free_portraits: Portraits) -> None:
    with AnalysisPool(workers=1) as pool:
        pool.confinement()
        (only,) = workers()
        os.kill(only, signal.SIGSTOP)
        os.kill(only, signal.SIGCONT)
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
        assert only in workers()
        os.kill(only, signal.SIGKILL)
        children.wait_for_end(only)
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
