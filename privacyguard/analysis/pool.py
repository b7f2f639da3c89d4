"""Worker processes that look at pictures: started when first needed, replaced when one dies, ended with the pool.

A picture that crashes, hangs or lies costs that picture: it counts as unreadable, and its worker is replaced.
"""

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from privacyguard.analysis import worker
from privacyguard.analysis.messages import (
    REPLY_BYTES,
    BadAnswer,
    analysis_of,
    bytes_of,
    cut_of,
    parse_answer,
    unreadable_of,
)
from privacyguard.errors import Cancelled, PictureUnreadable
from privacyguard.model.picture import Box, Candidate, FaceCut, PictureAnalysis, Unreadable
from privacyguard.model.progress import CancelToken

PICTURE_TIMEOUT_S = 20.0
START_TIMEOUT_S = 60.0

Answer = TypeVar("Answer")


class AnalysisPool:
    """As many workers as cores by default. Safe to use from several threads; each call blocks its thread."""

    def __init__(self, workers: int | None = None, timeout_s: float = PICTURE_TIMEOUT_S) -> None:
        self.workers = workers or max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
        self._timeout_s = timeout_s
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(self.workers)
        self._closed = False
        # A worker dies with the thread that started it (PR_SET_PDEATHSIG), so one thread, which lives as long as the pool,
        # starts them all.
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
        for each in workers:
            each.kill()
        self._starter.shutdown(wait=True, cancel_futures=True)

    def analyse(
        self, source: Path | bytes, *, cuts: bool = False, cancel: CancelToken | None = None
    ) -> PictureAnalysis:
        """What is in one picture: a file, or its content. ``cuts``: with small cuts of the eight largest faces.

        Raises:
            PictureUnreadable: with the reason. The pool works on.
            Cancelled: ``cancel`` was set, or the pool was closed.
        """
        return self._ask({"do": "analyse", "cuts": cuts}, source, cancel, analysis_of)

    def cut(self, source: Path | bytes, box: Box, cancel: CancelToken | None = None) -> FaceCut:
        """The tight cut of one face, at most 160 px a side. ``box`` is in the picture's upright pixels. Raises as analyse."""
        request = {"do": "cut", "box": [box.x, box.y, box.w, box.h]}
        return self._ask(request, source, cancel, lambda answer: cut_of(answer.get("cut")))

    def prepare_upload(self, source: Path | bytes, cancel: CancelToken | None = None) -> bytes:
        """The picture as JPEG of at most 1,280 px a side, made from its pixels: nothing hidden in it. Raises as analyse."""
        return self._ask({"do": "upload"}, source, cancel, lambda answer: bytes_of(answer.get("jpeg")))

    def analyse_each(
        self, items: Iterable[Candidate], cancel: CancelToken
    ) -> Iterator[tuple[Candidate, PictureAnalysis | Unreadable]]:
        """Each candidate with what is in it, as they are done; pulls no more than two for each worker ahead.

        ``items`` is read in the caller's thread. Raises :class:`Cancelled` within a moment of ``cancel``.
        """
        queue = iter(items)
        pending: dict[Future[PictureAnalysis | Unreadable], Candidate] = {}
        with ThreadPoolExecutor(self.workers, thread_name_prefix="pictures") as threads:
            try:
                while True:
                    while len(pending) < 2 * self.workers and (item := next(queue, None)) is not None:
                        pending[threads.submit(self._look, item, cancel)] = item
                    if not pending:
                        return
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield pending.pop(future), future.result()
            finally:
                for future in pending:
                    future.cancel()

    def _look(self, item: Candidate, cancel: CancelToken) -> PictureAnalysis | Unreadable:
        if item.unreadable is not None:
            return item.unreadable
        source = item.path if item.path is not None else item.content
        try:
            return self.analyse(source or b"", cancel=cancel)
        except PictureUnreadable as error:
            return Unreadable(error.reason)

    def _ask(
        self,
        request: Mapping[str, object],
        source: Path | bytes,
        cancel: CancelToken | None,
        read: Callable[[Mapping[str, Any]], Answer],
    ) -> Answer:
        token = cancel or CancelToken()
        with self._slots:
            token.check()
            each = self._take()
            try:
                answer = parse_answer(each.ask(request, source, self._timeout_s, token))
                reason = unreadable_of(answer)
                result = None if reason else read(answer)
            except BadAnswer:
                self._drop(each)
                raise PictureUnreadable(Unreadable.CRASHED) from None
            except (Cancelled, PictureUnreadable):
                self._drop(each)
                raise
            self._give_back(each)
        if result is None:
            raise PictureUnreadable(reason or Unreadable.BROKEN)
        return result

    def _take(self) -> "_Worker":
        with self._lock:
            if self._closed:
                raise Cancelled
            if self._idle:
                return self._idle.pop()
        try:
            each = self._starter.submit(_Worker).result()
        except (RuntimeError, CancelledError):  # the pool was closed meanwhile
            raise Cancelled from None
        with self._lock:
            self._all.add(each)
            is_late = self._is_closed()
        if is_late:
            each.kill()
            raise Cancelled
        return each

    def _is_closed(self) -> bool:
        return self._closed

    def _give_back(self, each: "_Worker") -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(each)

    def _drop(self, each: "_Worker") -> None:
        with self._lock:
            closed = self._closed
            self._all.discard(each)
        each.kill()
        if closed:
            raise Cancelled


class _Worker:
    """One child process and the pipe to it. Spawned, never forked: a fork would carry the vault's key along."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=worker.run, args=(theirs, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()
        self._is_ready = False
        self._pipe_in_use = threading.Lock()

    def ask(self, request: Mapping[str, object], source: Path | bytes, timeout_s: float, cancel: CancelToken) -> bytes:
        """The answer's bytes. Raises PictureUnreadable when the worker dies or takes too long, Cancelled, BadAnswer."""
        is_content = isinstance(source, bytes)
        header = {**request, "has_content": is_content, "path": "" if is_content else str(source)}
        with self._pipe_in_use:
            if not self._is_ready:
                self._answer(START_TIMEOUT_S, cancel)
                self._is_ready = True
            self._send(json.dumps(header).encode(), timeout_s, cancel)
            if isinstance(source, bytes):
                self._send(source, timeout_s, cancel)
            return self._answer(timeout_s, cancel)

    def _send(self, content: bytes, timeout_s: float, cancel: CancelToken) -> None:
        with self._bounded(timeout_s, cancel):
            self._pipe.send_bytes(content)

    def _answer(self, timeout_s: float, cancel: CancelToken) -> bytes:
        with self._bounded(timeout_s, cancel):
            return self._pipe.recv_bytes(REPLY_BYTES)

    @contextmanager
    def _bounded(self, timeout_s: float, cancel: CancelToken) -> Iterator[None]:
        """Ends the worker when it is late or the person stops: that alone wakes whoever waits at its pipe.

        It may hang before it takes a whole picture, before an answer, or in the middle of one.
        """
        is_late = threading.Event()

        def end_late() -> None:
            is_late.set()
            self._process.kill()

        timer = threading.Timer(timeout_s, end_late)
        timer.daemon = True
        timer.start()
        cancel.on_cancel(self._process.kill)
        try:
            yield
        except (EOFError, OSError):
            cancel.check()
            raise PictureUnreadable(Unreadable.TIMED_OUT if is_late.is_set() else Unreadable.CRASHED) from None
        finally:
            timer.cancel()
            cancel.forget(self._process.kill)

    def kill(self) -> None:
        """End the process now, whatever it does. Safe to call twice, and while another thread waits for its answer."""
        self._process.kill()
        # That thread wakes now. Closing the pipe under its hands, or twice, would hit whatever gets its number next.
        with self._pipe_in_use:
            self._process.join()
            if not self._pipe.closed:
                self._pipe.close()
