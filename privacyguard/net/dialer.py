"""Connecting: a name is resolved once, every answer is checked, and the checked number is the one that is connected to."""

import selectors
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from privacyguard.errors import AddressRefused, NoNetwork, TimedOut
from privacyguard.model.progress import CancelToken
from privacyguard.net.addresses import check_answers

RESOLVE_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 10.0
_TICK_S = 0.1

Resolver = Callable[[str, int], Sequence[str]]


def system_resolver(host: str, port: int) -> list[str]:
    """The numbers that the system gives for a name, without doubles.

    Raises:
        OSError: the name is not known, or there is no network.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Dialer:
    """Makes the connections of one gateway, and can cut them off at any moment.

    Args:
        cancel: cuts off at once when set.
        resolver: name and port to numbers (an argument so that tests can lie).
        detours: exact names to (number, port) on this computer; they skip the guard (``[net] resolve``, configured bases).
        proxies: names of proxies of the system, which may be in the private network and resolve for us.
    """

    def __init__(
        self,
        cancel: CancelToken,
        resolver: Resolver,
        detours: Mapping[tuple[str, int], tuple[str, int]],
        proxies: frozenset[str] = frozenset(),
    ) -> None:
        self._cancel = cancel
        self._resolver = resolver
        self._detours = detours
        self._proxies = proxies
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        cancel.on_cancel(self.cut_off)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected socket to the checked number of ``host``.

        Raises:
            AddressRefused: the name leads to a number that may not be asked. Nothing was sent.
            NoNetwork: the name is not known, or no number answers.
            TimedOut: it took too long.
            Cancelled: the person stopped.
        """
        detour = self._detours.get((host, port)) or self._detours.get((host, 0))
        if detour is not None:
            return self._first([detour[0]], detour[1])
        numbers = self._resolve(host, port)
        if host not in self._proxies:
            check_answers(numbers)
        return self._first(numbers, port)

    def cut_off(self) -> None:
        """End every connection now: whoever waits for a byte gets an error at once."""
        with self._lock:
            open_now, self._open = self._open, []
        for each in open_now:
            with suppress(OSError):  # the other side was faster
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """End every connection, and stop listening for a cancel."""
        self._cancel.forget(self.cut_off)
        self.cut_off()

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        """Look the name up in a thread of its own: the system's look-up can neither be timed nor cancelled."""
        answer: list[Sequence[str] | OSError] = []

        def look_up() -> None:
            try:
                answer.append(self._resolver(host, port))
            except OSError as error:
                answer.append(error)

        thread = threading.Thread(target=look_up, name="look-up", daemon=True)
        thread.start()
        end = time.monotonic() + RESOLVE_TIMEOUT_S
        while thread.is_alive() and time.monotonic() < end:
            self._cancel.check()
            thread.join(_TICK_S)
        if not answer:
            raise TimedOut("look-up")
        if isinstance(answer[0], OSError):
            raise NoNetwork("name not known")
        return answer[0]

    def _first(self, numbers: Sequence[str], port: int) -> socket.socket:
        for number in numbers:
            try:
                connected = self._dial(number, port)
            except OSError:
                continue
            if str(connected.getpeername()[0]).split("%")[0] != number.split("%")[0]:
                connected.close()
                raise AddressRefused("another number answered")
            return connected
        raise NoNetwork("no number answers")

    def _dial(self, number: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        dialled = socket.socket(family, socket.SOCK_STREAM)
        try:
            dialled.setblocking(False)
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._wait_for_connection(dialled, number, port)
        except BaseException:
            dialled.close()
            raise
        with self._lock:
            # A second handle: TLS takes the first one over, this one can still cut the connection.
            self._open.append(dialled.dup())
        if self._cancel.is_cancelled:
            self.cut_off()
        return dialled

    def _wait_for_connection(self, dialled: socket.socket, number: str, port: int) -> None:
        with suppress(BlockingIOError):
            dialled.connect((number, port))
        end = time.monotonic() + CONNECT_TIMEOUT_S
        with selectors.DefaultSelector() as ready:
            ready.register(dialled, selectors.EVENT_WRITE)
            while not ready.select(_TICK_S):
                self._cancel.check()
                if time.monotonic() > end:
                    raise TimedOut("connection")
        error = dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, "connection")
