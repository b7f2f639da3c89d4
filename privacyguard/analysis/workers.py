"""The worker processes of a pool: each used by one call at a time, replaced when one dies, ended when idle."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TypeVar

from privacyguard.analysis.messages import BadAnswer
from privacyguard.analysis.timers import Timer
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import Cancelled, PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken

STARTS = 3
"""Workers that are started for one picture, where they are ended before they are ready."""

Answer = TypeVar("Answer")


class Workers:
    """Workers at hand. A worker that had nothing to do for ``idle_s`` is ended. Safe to use from several threads."""

    def __init__(
        self, idle_s: float, clock: Callable[[], float], timer: Callable[[float, Callable[[], None]], Timer]
    ) -> None:
        self._idle_s, self._clock, self._timer = idle_s, clock, timer
        self._idle: list[tuple[WorkerProcess, float]] = []  # with the moment from which on; the last is the newest
        self._idle_watch: Timer | None = None
        self._all: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._closed = False
        # A worker dies with the thread that started it, so one thread, which lives as long as the pool, starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="start-workers")

    def close(self) -> None:
        """End all workers at once; calls under way raise :class:`Cancelled`."""
        with self._lock:
            self._closed = True
            workers, self._all, self._idle = self._all, set(), []
            watch, self._idle_watch = self._idle_watch, None
        if watch is not None:
            watch.cancel()
        for each in workers:
            each.kill()
        self._starter.shutdown(wait=True, cancel_futures=True)

    def with_worker(self, work: Callable[[WorkerProcess, CancelToken], Answer], token: CancelToken) -> Answer:
        """What ``work`` gives with a worker of its own. One that failed is ended; the next call gets another.

        Raises:
            PictureUnreadable: the worker died, took too long or lied.
            Cancelled: the token was set, or the pool was closed.
        """
        each = self._ready(token)
        try:
            result = work(each, token)
        except BadAnswer:
            self._drop(each)
            raise PictureUnreadable(Unreadable.CRASHED) from None
        except (Cancelled, PictureUnreadable):
            self._drop(each)
            raise
        self.give_back(each)
        return result

    def _ready(self, token: CancelToken, starts: int = STARTS) -> WorkerProcess:
        """A worker that is ready. One that was ended before that has seen no picture: another one is started for it."""
        each = self.take()
        try:
            each.start(token)
        except BadAnswer:
            self._drop(each)
            raise PictureUnreadable(Unreadable.CRASHED) from None
        except Cancelled:
            self._drop(each)
            raise
        except PictureUnreadable as error:
            self._drop(each)
            if error.reason != Unreadable.CRASHED or starts <= 1:
                raise
            return self._ready(token, starts - 1)
        return each

    def take(self) -> WorkerProcess:
        """An idle worker, or a new one, that may not be ready yet. Raises :class:`Cancelled` when closed."""
        while (each := self._next_idle()) is not None:
            if each.is_waiting():
                return each
            self._drop(each)  # it died, or said what nobody asked
        try:
            each = self._starter.submit(WorkerProcess).result()
        except (RuntimeError, CancelledError):  # the pool was closed meanwhile
            raise Cancelled from None
        with self._lock:
            self._all.add(each)
            is_late = self._is_closed()
        if is_late:
            each.kill()
            raise Cancelled
        return each

    def _next_idle(self) -> WorkerProcess | None:
        with self._lock:
            if self._closed:
                raise Cancelled
            return self._idle.pop()[0] if self._idle else None

    def _is_closed(self) -> bool:
        return self._closed

    def give_back(self, each: WorkerProcess) -> None:
        """The worker has nothing to do any more."""
        with self._lock:
            if not self._closed:
                self._idle.append((each, self._clock()))
                self._watch_idle()

    def _drop(self, each: WorkerProcess) -> None:
        with self._lock:
            closed = self._closed
            self._all.discard(each)
        each.kill()
        if closed:
            raise Cancelled

    def _watch_idle(self) -> None:
        """Come back when the worker that is idle for longest has been so for long enough. The lock is held."""
        if self._idle and self._idle_watch is None:
            wait_s = self._idle[0][1] + self._idle_s - self._clock()
            self._idle_watch = self._timer(max(wait_s, 0.0), self._end_idle)

    def _end_idle(self) -> None:
        with self._lock:
            self._idle_watch = None
            until = self._clock() - self._idle_s
            ended = [each for each, since in self._idle if since <= until]
            self._idle = [(each, since) for each, since in self._idle if since > until]
            self._all -= set(ended)
            for each in ended:
                each.kill()
            if not self._closed:
                self._watch_idle()
