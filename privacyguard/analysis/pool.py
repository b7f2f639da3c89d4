"""Worker processes that look at pictures: started when first needed, replaced when one dies, ended when idle.

A picture that crashes, hangs or lies costs that picture: it counts as unreadable, and its worker is replaced.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from privacyguard.analysis.confinement import Confinement
from privacyguard.analysis.copies import COPY_BYTES, HEAD_BYTES, CleanedCopy, SeveralPages, copy_of
from privacyguard.analysis.messages import (
    REPLY_BYTES,
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
from privacyguard.analysis.told import hidden_of
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.analysis.workers import Workers
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Candidate, Face, FaceCut, PictureAnalysis, SecondOpinion, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.provenance import HiddenDetails

PICTURE_TIMEOUT_S = 20.0
VIDEO_TIMEOUT_S = 90.0
IDLE_S = 60.0

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
        self._timeout_s, self._video_timeout_s = timeout_s, video_timeout_s
        self._slots = threading.Semaphore(self.workers)
        self._processes = Workers(idle_s, clock, timer)

    def __enter__(self) -> "AnalysisPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers at once; calls under way raise :class:`Cancelled`."""
        self._processes.close()

    def confinement(self, cancel: CancelToken | None = None) -> Confinement:
        """What a worker gave up on this computer, told by one that was started. Raises as analyse."""
        with self._slots:
            return self._processes.with_worker(lambda each, token: each.start(token), cancel or CancelToken())

    def analyse(
        self,
        source: Path | bytes,
        *,
        cuts: bool = False,
        own: bool = False,
        hidden: bool = False,
        cancel: CancelToken | None = None,
    ) -> PictureAnalysis:
        """What is in one picture or video: a file, or its content. ``cuts``: with small cuts of the eight largest faces.

        ``hidden``: also what the file tells beside what it shows: only for files that the person chose as their own.
        ``own``: content that the person gave for a face pattern. Any other content is from the web, and is not looked at
        where a worker cannot be closed off (``Unreadable.NOT_CONFINED``).

        Raises:
            PictureUnreadable: with the reason. The pool works on.
            Cancelled: ``cancel`` was set, or the pool was closed.
        """
        return self._ask({"do": "analyse", "cuts": cuts, "hidden": hidden}, source, own, cancel, analysis_of)

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

    def hidden_details(self, source: Path | bytes, cancel: CancelToken | None = None) -> HiddenDetails | None:
        """What a file that the person chose as their own tells beside what it shows, read without decoding the picture.

        None for a video, and for a file that holds nothing that we could read. Raises as analyse.
        """
        return self._ask({"do": "hidden"}, source, True, cancel, lambda answer: hidden_of(answer.get("hidden")))

    def clean(self, source: Path | bytes, cancel: CancelToken | None = None) -> CleanedCopy:
        """A copy of the person's own picture without hidden details, made and read again in a worker.

        Raises as analyse, and :class:`SeveralPages`.
        """
        copy = self._ask_for_bytes({"do": "clean"}, source, True, cancel, copy_of, COPY_BYTES + HEAD_BYTES)
        if copy is None:
            raise SeveralPages
        return copy

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
        *,
        hidden: bool = False,
    ) -> Iterator[tuple[Candidate, PictureAnalysis | Unreadable, Judged | None]]:
        """As :meth:`analyse_each`, each with what ``judge`` says, None where it could not be opened. ``hidden``: as analyse.

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
                analysis = self.analyse(source, hidden=hidden, cancel=cancel)
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
        def read_json(untrusted: bytes) -> Answer | Unreadable:
            answer = parse_answer(untrusted)
            return unreadable_of(answer) or read(answer)

        return self._ask_for_bytes(request, source, own, cancel, read_json, REPLY_BYTES)

    def _ask_for_bytes(
        self,
        request: Mapping[str, object],
        source: Path | bytes,
        own: bool,
        cancel: CancelToken | None,
        read: Callable[[bytes], Answer | Unreadable],
        reply_bytes: int,
    ) -> Answer:
        token = cancel or CancelToken()
        with self._slots, opened_for_worker(source) as (opened, has_time):
            token.check()
            limit = self._video_timeout_s if has_time else self._timeout_s

            def ask(each: WorkerProcess, token: CancelToken) -> Answer | Unreadable:
                confinement = each.start(token)
                if isinstance(opened, bytes) and not own and not confinement.holds_for_the_web:
                    return Unreadable.NOT_CONFINED
                return read(each.ask(request, opened, limit, token, reply_bytes))

            result = self._processes.with_worker(ask, token)
        if isinstance(result, Unreadable):
            raise PictureUnreadable(result)
        return result


def _cores() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
