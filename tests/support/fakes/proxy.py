"""A proxy on loopback that opens tunnels (CONNECT) to where the test says, whatever name it is asked for."""

import select
import socket
import threading
from contextlib import suppress
from types import TracebackType


class TunnelProxy:
    """``asked``: method and place of each request. Every tunnel leads to ``place``; with None it refuses (407)."""

    def __init__(self, place: tuple[str, int] | None) -> None:
        self.asked: list[str] = []
        self._place = place
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> "TunnelProxy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # either side may leave at any moment
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            self.asked.append(head.split(b"\r\n")[0].decode().rpartition(" ")[0])
            if self._place is None:
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(self._place) as behind:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _join(connection, behind)


def _join(one: socket.socket, other: socket.socket) -> None:
    across = {one: other, other: one}
    while True:
        for ready in select.select(list(across), [], [])[0]:
            part = ready.recv(65536)
            if not part:
                return
            across[ready].sendall(part)
