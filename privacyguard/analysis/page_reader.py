"""Pages of the web, read by one closed-off worker: started at the first page, replaced when it dies, ended when idle."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import TypeVar

from privacyguard.analysis import page_worker
from privacyguard.analysis.messages import BadAnswer
from privacyguard.analysis.page_messages import map_of, page_of
from privacyguard.analysis.timers import Timer, start_timer
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import Cancelled, NotConfined, PictureUnreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.webpage import PageContent, PageUnreadable, SiteMap

PAGE_TIMEOUT_S = 10.0
IDLE_S = 60.0

Answer = TypeVar("Answer", PageContent, SiteMap)


class PageReader:
    """Reads one page at a time; other threads wait. Nothing is started before the first page.

    ``run``: what the worker does, for tests.
    """

    def __init__(
        self,
        timeout_s: float = PAGE_TIMEOUT_S,
        *,
        idle_s: float = IDLE_S,
        timer: Callable[[float, Callable[[], None]], Timer] = start_timer,
        run: Callable[[Connection, int], None] = page_worker.run,
    ) -> None:
        self._timeout_s, self._idle_s = timeout_s, idle_s
        self._timer, self._run = timer, run
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._idle_watch: Timer | None = None
        self._starter: ThreadPoolExecutor | None = None
        self._is_closed = False

    def page(self, content: bytes, address: str, charset: str | None, cancel: CancelToken) -> PageContent:
        """What a page holds that leads to pictures; ``address``: where it was found; ``charset``: of its header, if any.

        Raises:
            PageUnreadable: it is over a limit, or the worker died, lied or took too long. The reader works on.
            NotConfined: a worker cannot be closed off on this computer, so no page is read.
            Cancelled: ``cancel`` was set, or the reader was closed.
        """
        return self._ask({"do": "page", "address": address, "charset": charset}, content, cancel, page_of)

    def style(self, content: bytes, address: str, charset: str | None, cancel: CancelToken) -> PageContent:
        """The pictures that a style sheet names, and the sheets that it asks for. Raises as :meth:`page`."""
        return self._ask({"do": "style", "address": address, "charset": charset}, content, cancel, page_of)

    def site_map(self, content: bytes, address: str, cancel: CancelToken) -> SiteMap:
        """What a site map names. Raises as :meth:`page`."""
        return self._ask({"do": "map", "address": address}, content, cancel, map_of)

    def close(self) -> None:
        """End the worker at once; a call under way raises :class:`Cancelled`."""
        self._is_closed = True
        worker = self._worker
        if worker is not None:
            worker.kill()
        with self._lock:
            self._end_worker()
            starter, self._starter = self._starter, None
        if starter is not None:
            starter.shutdown(wait=True, cancel_futures=True)

    def _ask(
        self,
        request: Mapping[str, object],
        content: bytes,
        cancel: CancelToken,
        checked: Callable[[bytes], Answer],
    ) -> Answer:
        with self._lock:
            self._call_off_watch()
            try:
                return checked(self._ready(cancel).ask(request, content, self._timeout_s, cancel))
            except BadAnswer:
                self._end_worker()
                raise PageUnreadable("worker") from None
            except (PictureUnreadable, Cancelled):
                self._end_worker()
                cancel.check()
                if self._is_closed:
                    raise Cancelled from None
                raise PageUnreadable("worker") from None
            finally:
                if self._worker is not None:
                    self._idle_watch = self._timer(self._idle_s, self._end_if_idle)

    def _ready(self, cancel: CancelToken) -> WorkerProcess:
        """A worker that is closed off. It dies with the thread that starts it, so one that lasts starts it."""
        if self._is_closed:
            raise Cancelled
        if self._worker is not None and not self._worker.is_waiting():
            self._end_worker()
        if self._worker is None:
            self._starter = self._starter or ThreadPoolExecutor(1, thread_name_prefix="start-page-reader")
            self._worker = self._starter.submit(WorkerProcess, self._run).result()
        if not self._worker.start(cancel).holds_for_the_web:
            self._end_worker()
            raise NotConfined
        return self._worker

    def _end_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):  # else it is at work
            try:
                self._end_worker()
            finally:
                self._lock.release()

    def _end_worker(self) -> None:
        self._call_off_watch()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def _call_off_watch(self) -> None:
        watch, self._idle_watch = self._idle_watch, None
        if watch is not None:
            watch.cancel()
