"""Real HTTP servers on loopback that note every request they see."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Seen:
    """A request as the server saw it. ``size``: bytes of request line, headers and body."""

    method: str
    host: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    size: int = 0


@dataclass(frozen=True)
class Answer:
    """What the server answers."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """Answers with what ``answer`` says, and keeps what it saw; on a free port of 127.0.0.1 where no place is named."""

    def __init__(
        self,
        answer: Callable[[Seen], Answer],
        tls: ssl.SSLContext | None = None,
        place: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self.requests: list[Seen] = []
        self._host = place[0]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                lines = [f"{name}: {value}\r\n" for name, value in self.headers.items()]
                size = len(self.requestline) + 2 + sum(map(len, lines)) + 2 + len(body)
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = Seen(self.command, headers.get("host", ""), self.path, headers, body, size)
                outer.requests.append(seen)
                said = answer(seen)
                self.send_response(said.status)
                if said.content_type:
                    self.send_header("Content-Type", said.content_type)
                self.send_header("Content-Length", str(len(said.body)))
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.body)

            do_GET = do_POST = _handle  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(place, Handler)
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        ending = threading.Thread(target=self._server.shutdown)
        ending.start()
        with suppress(OSError):  # wakes it, so that it does not sleep on until its next look
            socket.create_connection((self._host, self.port)).close()
        ending.join()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
