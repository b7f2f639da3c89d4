"""Worker processes that look at pictures: started when first needed, replaced when one dies, ended when idle.

A picture that crashes, hangs or lies costs that picture: it counts as unreadable, and its worker is replaced.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from privacyguard.analysis.confinement import Confinement
from privacyguard.analysis.messages import (
    BadAnswer,
    about,
    analysis_of,
    bytes_of,
    cut_of,
    parse_answer,
    second_of,
    unreadable_of,
)
from privacyguard.analysis.opening import opened_for_worker
from privacyguard.analysis.timers import Timer, start_timer
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import Cancelled, PictureUnreadable
from privacyguard.model.picture import Candidate, Face, FaceCut, PictureAnalysis, SecondOpinion, Unreadable
from privacyguard.model.progress import CancelToken

PICTURE_TIMEOUT_S = 20.0
VIDEO_TIMEOUT_S = 90.0
IDLE_S = 60.0
STARTS = 3
"""Workers that are started for one picture, where they are ended before they are ready."""

Answer = TypeVar("Answer")
Judged = TypeVar("Judged")


class AnalysisPool:
    """As many workers as cores by default. Safe to use from several threads; each call blocks its thread.

    A worker that had nothing to do for ``idle_s`` is ended. ``clock`` (seconds) and ``timer`` are for tests.
    """

    def __init__(
        self,
        workers: int | None = None,
        timeout_s: float = PICTURE_TIMEOUT_S,
        *,
        video_timeout_s: float = VIDEO_TIMEOUT_S,
        idle_s: float = IDLE_S,
        clock: Callable[[], float] = time.monotonic,
        timer: Callable[[float, Callable[[], None]], Timer] = start_timer,
    ) -> None:
        self.workers = workers or _cores()
        self._timeout_s, self._video_timeout_s, self._idle_s = timeout_s, video_timeout_s, idle_s
        self._clock, self._timer = clock, timer
        self._idle: list[tuple[WorkerProcess, float]] = []  # with the moment from which on; the last is the newest
        self._idle_watch: Timer | None = None
        self._all: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(self.workers)
        self._closed = False
        # A worker dies with the thread that started it, so one thread, which lives as long as the pool, starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="start-workers")

    def __enter__(self) -> "AnalysisPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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

    def confinement(self, cancel: CancelToken | None = None) -> Confinement:
        """What a worker gave up on this computer, told by one that was started. Raises as analyse."""
        with self._slots:
            return self._with_worker(lambda each, token: each.start(token), cancel or CancelToken())

    def analyse(
        self, source: Path | bytes, *, cuts: bool = False, own: bool = False, cancel: CancelToken | None = None
    ) -> PictureAnalysis:
        """What is in one picture or video: a file, or its content. ``cuts``: with small cuts of the eight largest faces.

        ``own``: content that the person gave for a face pattern. Any other content is from the web, and is not looked at
        where a worker cannot be closed off (``Unreadable.NOT_CONFINED``).

        Raises:
            PictureUnreadable: with the reason. The pool works on.
            Cancelled: ``cancel`` was set, or the pool was closed.
        """
        return self._ask({"do": "analyse", "cuts": cuts}, source, own, cancel, analysis_of)

    def cut(self, source: Path | bytes, face: Face, cancel: CancelToken | None = None) -> FaceCut:
        """The tight cut of a face that was found in this picture or video, at most 160 px a side. Raises as analyse."""
        return self._ask(about("cut", face), source, False, cancel, lambda answer: cut_of(answer.get("cut")))

    def second_opinion(
        self, source: Path | bytes, face: Face, cancel: CancelToken | None = None
    ) -> SecondOpinion | None:
        """What is asked about a face of this picture or video in doubt, None where there is no answer. Raises as analyse.

        Takes a tenth of a second, the first time in a worker about two.
        """
        return self._ask(about("second", face), source, False, cancel, lambda answer: second_of(answer.get("second")))

    def prepare_upload(self, source: Path | bytes, cancel: CancelToken | None = None) -> bytes:
        """The person's own photo as JPEG of at most 1,280 px a side, made from its pixels: nothing hidden in it.

        Raises as analyse.
        """
        return self._ask({"do": "upload"}, source, True, cancel, lambda answer: bytes_of(answer.get("jpeg")))

    def analyse_each(
        self, items: Iterable[Candidate], cancel: CancelToken
    ) -> Iterator[tuple[Candidate, PictureAnalysis | Unreadable]]:
        """Each candidate with what is in it, as they are done; pulls no more than two for each worker ahead.

        ``items`` is read in the caller's thread. Raises :class:`Cancelled` within a moment of ``cancel``.
        """
        for item, result, _nothing in self.judge_each(items, lambda item, analysis: None, cancel):
            yield item, result

    def judge_each(
        self,
        items: Iterable[Candidate],
        judge: Callable[[Candidate, PictureAnalysis], Judged],
        cancel: CancelToken,
    ) -> Iterator[tuple[Candidate, PictureAnalysis | Unreadable, Judged | None]]:
        """As :meth:`analyse_each`, each with what ``judge`` says, None where it could not be opened.

        ``judge`` is called in one of the pool's threads, right after the picture was analysed: what it asks about the same
        picture is answered by a worker that still has it. What it raises as PictureUnreadable counts as the result.
        """
        queue = iter(items)
        pending: dict[Future[tuple[PictureAnalysis | Unreadable, Judged | None]], Candidate] = {}

        def look(item: Candidate) -> tuple[PictureAnalysis | Unreadable, Judged | None]:
            if item.unreadable is not None:
                return item.unreadable, None
            source = item.path if item.path is not None else item.content or b""
            try:
                analysis = self.analyse(source, cancel=cancel)
                return analysis, judge(item, analysis)
            except PictureUnreadable as error:
                return Unreadable(error.reason), None

        with ThreadPoolExecutor(self.workers, thread_name_prefix="pictures") as threads:
            try:
                while True:
                    while len(pending) < 2 * self.workers and (item := next(queue, None)) is not None:
                        pending[threads.submit(look, item)] = item
                    if not pending:
                        return
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield pending.pop(future), *future.result()
            finally:
                for future in pending:
                    future.cancel()

    def _ask(
        self,
        request: Mapping[str, object],
        source: Path | bytes,
        own: bool,
        cancel: CancelToken | None,
        read: Callable[[Mapping[str, Any]], Answer],
    ) -> Answer:
        token = cancel or CancelToken()
        with self._slots, opened_for_worker(source) as (opened, has_time):
            token.check()
            limit = self._video_timeout_s if has_time else self._timeout_s

            def ask(each: WorkerProcess, token: CancelToken) -> Answer | Unreadable:
                confinement = each.start(token)
                if isinstance(opened, bytes) and not own and not confinement.holds_for_the_web:
                    return Unreadable.NOT_CONFINED
                answer = parse_answer(each.ask(request, opened, limit, token))
                return unreadable_of(answer) or read(answer)

            result = self._with_worker(ask, token)
        if isinstance(result, Unreadable):
            raise PictureUnreadable(result)
        return result

    def _with_worker(self, work: Callable[[WorkerProcess, CancelToken], Answer], token: CancelToken) -> Answer:
        """What ``work`` gives with a worker of its own. One that failed is ended; the next call gets another."""
        each = self._ready(token)
        try:
            result = work(each, token)
        except BadAnswer:
            self._drop(each)
            raise PictureUnreadable(Unreadable.CRASHED) from None
        except (Cancelled, PictureUnreadable):
            self._drop(each)
            raise
        self._give_back(each)
        return result

    def _ready(self, token: CancelToken, starts: int = STARTS) -> WorkerProcess:
        """A worker that is ready. One that was ended before that has seen no picture: another one is started for it."""
        each = self._take()
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

    def _take(self) -> WorkerProcess:
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

    def _give_back(self, each: WorkerProcess) -> None:
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


def _cores() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
