"""Connecting: a name is resolved once, every answer is checked, and the checked number is the one that is connected to."""

import ipaddress
import selectors
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from privacyguard.errors import AddressRefused, NetworkIntercepted, NoNetwork, TimedOut
from privacyguard.model.progress import CancelToken
from privacyguard.net.addresses import check_answers
from privacyguard.net.home import Origin, check_home_answers, is_number

_TICK_S = 0.1

Place = tuple[str, int]
"""A name or number, and a port."""

Resolver = Callable[[str, int], Sequence[str]]


def system_resolver(host: str, port: int) -> list[str]:
    """The numbers that the system gives for a name, without doubles.

    Raises:
        OSError: the name is not known, or there is no network.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def detour_for(detours: Mapping[Place, Place], host: str, port: int) -> Place | None:
    """The place on this computer that stands for this one, if any; port 0 in ``detours`` means every port of a name."""
    return detours.get((host, port)) or detours.get((host, 0))


class Dialer:
    """Makes the connections of one request, and can cut them off at any moment.

    Args:
        cancel: cuts off at once when set.
        resolver: name and port to numbers (an argument so that tests can lie).
        connect_s: seconds for a look-up, and again for a connection.
        detours: places on this computer that stand for others, and skip the guard; see :func:`detour_for`.
        proxies: the system's proxies, which may be in the private network.
        own_hosts: the fixed hosts of the running source; a wrong answer for one of them is the network's own doing.
        home: the base that the person typed and confirmed, which may be in a private network.
    """

    def __init__(
        self,
        cancel: CancelToken,
        resolver: Resolver,
        connect_s: float,
        *,
        detours: Mapping[Place, Place],
        proxies: frozenset[Place] = frozenset(),
        own_hosts: frozenset[str] = frozenset(),
        home: Origin | None = None,
    ) -> None:
        self._cancel = cancel
        self._resolver = resolver
        self._connect_s = connect_s
        self._detours = detours
        self._proxies = proxies
        self._own_hosts = own_hosts
        self._home = home
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._lock = threading.Lock()
        cancel.on_cancel(self.cut_off)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected socket to the checked number of ``host``.

        Raises:
            AddressRefused: the name leads to a number that may not be asked. Nothing was sent.
            NetworkIntercepted: the same for one of the source's own hosts.
            NoNetwork: the name is not known, or no number answers.
            TimedOut: it took too long.
            Cancelled: the person stopped.
        """
        detour = detour_for(self._detours, host, port)
        if detour is not None:
            return self._first([detour[0]], detour[1])
        if (host, port) in self._proxies:
            return self._first(self._look_up(host, port), port)
        return self._first(self.allowed_numbers(host, port), port)

    def allowed_numbers(self, host: str, port: int) -> Sequence[str]:
        """What ``host`` resolves to, all of it checked. Raises as :meth:`connect`."""
        if self._home is not None and (host, port) == self._home[1:]:
            at_home = [host] if is_number(host) else self._look_up(host, port)
            check_home_answers(at_home, self._home[0])
            return at_home
        numbers = self._look_up(host, port)
        try:
            check_answers(numbers)
        except AddressRefused:
            if host not in self._own_hosts:
                raise
            if all(_is_nowhere(number) for number in numbers):  # a list of blocked names on this computer
                raise NoNetwork("name blocked") from None
            raise NetworkIntercepted("a number of its own for this name") from None
        return numbers

    def cut_off(self) -> None:
        """End every connection now and make no other: whoever waits for a byte gets an error at once."""
        with self._lock:
            self._is_cut = True
            open_now, self._open = self._open, []
        for each in open_now:
            with suppress(OSError):  # the other side was faster
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """End every connection, and stop listening for a cancel."""
        self._cancel.forget(self.cut_off)
        self.cut_off()

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread of its own: the system's look-up can neither be timed nor cancelled."""
        answer: list[Sequence[str] | OSError] = []

        def look_up() -> None:
            try:
                answer.append(self._resolver(host, port))
            except (OSError, UnicodeError) as error:  # UnicodeError: a name that the system cannot write
                answer.append(OSError(str(error)))

        thread = threading.Thread(target=look_up, name="look-up", daemon=True)
        thread.start()
        end = time.monotonic() + self._connect_s
        while thread.is_alive() and time.monotonic() < end:
            self._cancel.check()
            thread.join(_TICK_S)
        if not answer:
            raise TimedOut("look-up")
        if isinstance(answer[0], OSError):
            raise NoNetwork("name not known")
        return answer[0]

    def _first(self, numbers: Sequence[str], port: int) -> socket.socket:
        """Try one number after the other; each gets its share of the time, so that a dead one cannot use it all."""
        end = time.monotonic() + self._connect_s
        timed_out = False
        for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
            share_s = (end - time.monotonic()) / left
            try:
                return self._dial(number, port, share_s)
            except TimeoutError:
                timed_out = True
            except OSError:
                continue
        raise TimedOut("connection") if timed_out else NoNetwork("no number answers")

    def _dial(self, number: str, port: int, timeout_s: float) -> socket.socket:
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        dialled = socket.socket(family, socket.SOCK_STREAM)
        try:
            dialled.setblocking(False)
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._wait_for_connection(dialled, number, port, timeout_s)
            if ipaddress.ip_address(dialled.getpeername()[0]) != ipaddress.ip_address(number):
                raise AddressRefused("another number answered")
            with self._lock:
                if self._is_cut:
                    raise TimedOut("cut off")
                # A second handle: TLS takes the first one over, this one can still cut the connection.
                self._open.append(dialled.dup())
        except BaseException:
            dialled.close()
            raise
        return dialled

    def _wait_for_connection(self, dialled: socket.socket, number: str, port: int, timeout_s: float) -> None:
        with suppress(BlockingIOError):
            dialled.connect((number, port))
        end = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as ready:
            ready.register(dialled, selectors.EVENT_WRITE)
            while not ready.select(_TICK_S):
                self._cancel.check()
                if time.monotonic() > end:
                    raise TimeoutError
        error = dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, "connection")


def _is_nowhere(number: str) -> bool:
    address = ipaddress.ip_address(number)
    return address.is_unspecified or address.is_loopback
