"""A server that speaks bytes, so that it can speak them wrongly: cut, slow, reset, or not at all."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

Script = Callable[[socket.socket], None]
"""What is done with a connection once the request's head was read. The connection is closed afterwards."""


class RawServer:
    """Listens on a free port of 127.0.0.1. ``heads``: each request's head as it came; ``ended``: set when it closes."""

    def __init__(self, script: Script) -> None:
        self.heads: list[bytes] = []
        self.ended = threading.Event()
        self._script = script
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the client may leave at any moment
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            self.heads.append(head)
            self._script(connection)

    def __enter__(self) -> "RawServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


def saying(content: bytes) -> Script:
    """Says this and closes in the regular way."""
    return lambda connection: connection.sendall(content)


def resetting_after(content: bytes) -> Script:
    """Says this, then resets the connection."""

    def script(connection: socket.socket) -> None:
        connection.sendall(content)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def slowly(head: bytes, body: bytes, ended: threading.Event, seconds: float) -> Script:
    """Says the head, then one byte of the body after the other with a pause before each."""

    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        for byte in body:
            if ended.wait(seconds):
                return
            connection.sendall(bytes([byte]))

    return script


def silent(ended: threading.Event) -> Script:
    """Says nothing until the test is over."""
    return lambda connection: (ended.wait(60), None)[1]
