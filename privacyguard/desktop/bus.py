"""The desktop's services, asked over D-Bus. None is waited for long, and what one answers is believed only in its type.

We own no name on a bus: nobody can ask us anything there.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

Answer = TypeVar("Answer")

_BOTH_WAYS = 2  # SHUT_RDWR

PATIENCE_S = 2.0
"""How long a service of the desktop may stay silent before it counts as not there."""


class NoAnswer(Exception):
    """No bus, nobody of this name on it, an error, silence, or an answer of another type."""


class Which(StrEnum):
    """The bus of the person's session, or the computer's own."""

    SESSION = "SESSION"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True)
class Place:
    """An object on a bus: the name of its service, its path, and the interface that is meant."""

    name: str
    path: str
    interface: str


class Connection:
    """An open connection to one bus; each call is answered within ``patience_s`` or raises :class:`NoAnswer`."""

    def __init__(self, connection: "DBusConnection", patience_s: float) -> None:
        self.raw = connection
        self._patience_s = patience_s

    def hang_up(self) -> None:
        """End the talk, from any thread: who waits for an answer has none."""
        with suppress(OSError):  # it may have ended before
            self.raw.sock.shutdown(_BOTH_WAYS)

    def call(
        self, place: Place, member: str, signature: str = "", body: Sequence[object] = (), *, may_start: bool = False
    ) -> tuple[Any, ...]:
        """The untrusted answer. ``may_start``: the bus may start the service for it."""
        return self._ask(place, member, signature, body, may_start)[1]

    def call_and_tell_who(
        self, place: Place, member: str, signature: str, body: Sequence[object]
    ) -> tuple[str, tuple[Any, ...]]:
        """The unique name of who answered, and the untrusted answer. The bus may start the service for it."""
        return self._ask(place, member, signature, body, True)

    def property(self, place: Place, name: str, kind: type[Answer]) -> Answer:
        """The value of a property, of exactly this type."""
        properties = Place(place.name, place.path, "org.freedesktop.DBus.Properties")
        untrusted = self.call(properties, "Get", "ss", (place.interface, name))
        is_value = len(untrusted) == 1 and isinstance(untrusted[0], tuple) and len(untrusted[0]) == 2
        return of_type(untrusted[0][1] if is_value else None, kind)

    def answer(self, place: Place, member: str, kind: type[Answer], signature: str = "", *body: object) -> Answer:
        """The one value that a method answers with, of exactly this type."""
        untrusted = self.call(place, member, signature, body)
        return of_type(untrusted[0] if len(untrusted) == 1 else None, kind)

    def _ask(
        self, place: Place, member: str, signature: str, body: Sequence[object], may_start: bool
    ) -> tuple[str, tuple[Any, ...]]:
        from jeepney import DBusAddress, HeaderFields, MessageFlag, MessageType, new_method_call

        address = DBusAddress(place.path, bus_name=place.name, interface=place.interface)
        message = new_method_call(address, member, signature or None, tuple(body))
        if not may_start:
            message.header.flags |= MessageFlag.no_auto_start
        with converted():
            reply = self.raw.send_and_get_reply(message, timeout=self._patience_s)
        if reply.header.message_type is not MessageType.method_return:
            raise NoAnswer
        return str(reply.header.fields.get(HeaderFields.sender, "")), tuple(reply.body)


def of_type(untrusted: object, kind: type[Answer]) -> Answer:
    """The value, if it is of exactly this type (True is no number here). Raises :class:`NoAnswer`."""
    if type(untrusted) is not kind:
        raise NoAnswer
    return untrusted


@contextmanager
def opened(which: Which, patience_s: float = PATIENCE_S) -> Iterator[Connection]:
    """A connection to the bus. Only a bus that hangs right after it let us in is waited for without a limit: see :func:`ask`.

    Raises:
        NoAnswer: there is no such bus.
    """
    with converted():
        from jeepney.io.blocking import open_dbus_connection

        connection = open_dbus_connection(which.value, auth_timeout=patience_s)
    try:
        yield Connection(connection, patience_s)
    finally:
        connection.close()


def ask(which: Which, question: Callable[[Connection], Answer], patience_s: float = PATIENCE_S) -> Answer | None:
    """What ``question`` finds out on a new connection, within about ``patience_s``; None where there is no answer.

    In a thread of its own, since a bus that hangs would be waited for without a limit.
    """
    result: list[Answer] = []

    def look() -> None:
        try:
            with opened(which, patience_s) as connection:
                result.append(question(connection))
        except NoAnswer:
            return

    thread = threading.Thread(target=look, name="desktop", daemon=True)
    thread.start()
    thread.join(2 * patience_s)
    return result[0] if result else None


@contextmanager
def converted() -> Iterator[None]:
    """Turn what goes wrong on a bus into :class:`NoAnswer`, without its text."""
    try:
        from jeepney import DBusErrorResponse
    except ImportError:  # systems without D-Bus
        raise NoAnswer from None
    try:
        yield
    # KeyError, RuntimeError: no address of a bus, or one of a kind that is not known. ValueError, TypeError: a broken message.
    except (OSError, EOFError, KeyError, ValueError, TypeError, RuntimeError, DBusErrorResponse):
        raise NoAnswer from None
