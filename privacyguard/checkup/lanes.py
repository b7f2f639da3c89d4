"""Work side by side: services that are waited for, and pictures that are looked at."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from privacyguard.model.progress import CancelToken

Lane = Callable[[], None]


def side_by_side(own: Lane, others: Sequence[Lane], cancel: CancelToken) -> None:
    """Run ``own`` in the caller's thread and each of the others in one of its own; returns when all have ended.

    An error of any of them sets ``cancel``, so that the rest ends soon, and is raised when all have.
    """

    def stopping_all(lane: Lane) -> None:
        try:
            lane()
        except BaseException:
            cancel.cancel()
            raise

    with ThreadPoolExecutor(max(1, len(others)), thread_name_prefix="lane") as threads:
        try:
            running = [threads.submit(stopping_all, lane) for lane in others]
            own()
            for ended in as_completed(running):
                ended.result()
        except BaseException:
            cancel.cancel()
            raise


@contextmanager
def repeated(work: Callable[[], None], every_s: float) -> Iterator[None]:
    """Meanwhile, ``work`` is done every so many seconds, in a thread of its own."""
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(every_s):
            work()

    thread = threading.Thread(target=repeat, name="repeated", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
