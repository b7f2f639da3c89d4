"""One worker as the app sees it: a child process, the pipe to it, and a clock that ends it. Spawned, never forked.

A fork would carry the vault's key along. Files are opened here, and only handed over: a worker can open none by itself.
"""

import json
import multiprocessing
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle

from privacyguard.analysis import worker
from privacyguard.analysis.confinement import Confinement, confinement_of
from privacyguard.analysis.messages import REPLY_BYTES, BadAnswer
from privacyguard.analysis.timers import Alarms
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken

START_TIMEOUT_S = 60.0
_ALARMS = Alarms()
READY_BYTES = 1000


class WorkerProcess:
    """A started worker. It dies with the thread that made it (PR_SET_PDEATHSIG), so that thread must last.

    ``run``: what it does, given its end of the pipe and this process's number; it looks at pictures when None.
    """

    def __init__(self, run: Callable[[Connection, int], None] | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=run or worker.run, args=(theirs, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()
        self._confinement: Confinement | None = None
        self._pipe_in_use = threading.Lock()

    def start(self, cancel: CancelToken) -> Confinement:
        """Wait until it is ready; what it gave up.

        Raises:
            PictureUnreadable: it died or took too long.
            BadAnswer: its first message has not the agreed form.
            Cancelled: ``cancel`` was set.
        """
        with self._pipe_in_use:
            if self._confinement is None:
                with self._bounded(START_TIMEOUT_S, cancel):
                    told = self._pipe.recv_bytes(READY_BYTES)
                self._confinement = confinement_of(told)
            return self._confinement

    def is_waiting(self) -> bool:
        """Whether it lives and said nothing since it was last asked: its next answer is the one to what is asked next."""
        with self._pipe_in_use:
            try:
                return not self._pipe.closed and not self._pipe.poll(0)  # also an end can be read
            except OSError:
                return False

    def ask(
        self,
        request: Mapping[str, object],
        source: int | bytes,
        timeout_s: float,
        cancel: CancelToken,
        reply_bytes: int = REPLY_BYTES,
    ) -> bytes:
        """The answer's bytes, at most ``reply_bytes``. ``source``: an open file, which stays open here, or a picture's content.

        Raises:
            PictureUnreadable: it died or took too long, and is ended.
            BadAnswer: an answer to something else.
            Cancelled: ``cancel`` was set; it is ended.
        """
        token = secrets.token_hex(8)
        header = {**request, "token": token, "has_content": isinstance(source, bytes)}
        with self._pipe_in_use, self._bounded(timeout_s, cancel):
            self._pipe.send_bytes(json.dumps(header).encode())
            if isinstance(source, bytes):
                self._pipe.send_bytes(source)
            else:
                self._hand_over(source)
            reply = self._pipe.recv_bytes(reply_bytes + len(token))
        if not reply.startswith(token.encode("ascii")):
            raise BadAnswer("not to what was asked")
        return reply[len(token) :]

    def _hand_over(self, descriptor: int) -> None:
        handle = descriptor
        if sys.platform == "win32":  # untried
            import msvcrt

            handle = msvcrt.get_osfhandle(descriptor)
        try:
            send_handle(self._pipe, handle, self._process.pid or 0)
        except RuntimeError:  # macOS (untried): it waits for a byte in return, and got another
            raise OSError("not taken") from None

    @contextmanager
    def _bounded(self, timeout_s: float, cancel: CancelToken) -> Iterator[None]:
        """Ends the worker when it is late or the person stops: that alone wakes whoever waits at its pipe.

        It may hang before it takes a whole picture, before an answer, or in the middle of one.
        """
        is_late = threading.Event()

        def end_late() -> None:
            is_late.set()
            self._process.kill()

        alarm = _ALARMS.set(timeout_s, end_late)
        cancel.on_cancel(self._process.kill)
        try:
            yield
        except (EOFError, OSError):
            cancel.check()
            raise PictureUnreadable(Unreadable.TIMED_OUT if is_late.is_set() else Unreadable.CRASHED) from None
        finally:
            alarm.cancel()
            cancel.forget(self._process.kill)

    def kill(self) -> None:
        """End the process now, whatever it does. Safe to call twice, and while another thread waits for its answer."""
        self._process.kill()
        # That thread wakes now. Closing the pipe under its hands, or twice, would hit whatever gets its number next.
        with self._pipe_in_use:
            self._process.join()
            if not self._pipe.closed:
                self._pipe.close()
