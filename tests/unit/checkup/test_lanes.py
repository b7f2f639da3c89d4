"""Work side by side: all of it ends, an error ends the rest and is raised."""

import threading

import pytest

from privacyguard.checkup.lanes import repeated, side_by_side
from privacyguard.errors import Cancelled, DiskFull
from privacyguard.model.progress import CancelToken


def test_all_lanes_run_at_the_same_time_and_the_own_one_in_this_thread() -> None:
    meeting = threading.Barrier(3, timeout=10)
    threads: list[threading.Thread] = []

    def lane() -> None:
        meeting.wait()
        threads.append(threading.current_thread())

    side_by_side(lane, [lane, lane], CancelToken())
    assert len(set(threads)) == 3
    assert threading.current_thread() in threads
    assert not any(thread.is_alive() for thread in threads if thread is not threading.current_thread())


def test_the_own_lane_alone_is_enough() -> None:
    done: list[int] = []
    side_by_side(lambda: done.append(1), [], CancelToken())
    assert done == [1]


@pytest.mark.parametrize("where", ["own", "other"])
def test_an_error_ends_the_other_lanes_and_is_raised(where: str) -> None:
    cancel, ended = CancelToken(), threading.Event()

    def waits() -> None:
        with pytest.raises(Cancelled):
            cancel.wait(60)
        ended.set()

    def breaks() -> None:
        raise DiskFull("test")

    own, other = (breaks, waits) if where == "own" else (waits, breaks)
    with pytest.raises(DiskFull):
        side_by_side(own, [other], cancel)
    assert ended.is_set()
    assert cancel.is_cancelled


def test_the_caller_is_kept_until_a_waiting_lane_has_ended() -> None:
    started, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def slow() -> None:
        started.set()
        assert go_on.wait(10)
        done.append("slow")

    def own() -> None:
        assert started.wait(10)
        done.append("own")
        go_on.set()

    side_by_side(own, [slow], CancelToken())
    assert done == ["own", "slow"]


def test_repeated_work_ends_with_its_block() -> None:
    three = threading.Semaphore(0)
    with repeated(three.release, 0.001):
        for _ in range(3):
            assert three.acquire(timeout=10)
        threads = {thread.name for thread in threading.enumerate()}
    assert "repeated" in threads
    assert "repeated" not in {thread.name for thread in threading.enumerate()}
