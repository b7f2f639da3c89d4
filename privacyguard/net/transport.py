"""requests and urllib3, told to connect through our dialer and to trust nothing of the environment."""

import io
import logging
import ssl
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from privacyguard.net.dialer import Dialer

if TYPE_CHECKING:
    import socket

    from requests.adapters import HTTPAdapter


_LINE_AT_MOST = 64 * 1024


def tls_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, verified against certifi's list. SSLKEYLOGFILE is not obeyed, unlike in the default contexts."""
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


class _WholeLines(io.BufferedReader):
    """Reads lines that end: http.client takes a head that was cut in the middle for a whole one ("404" for "not found")."""

    def readline(self, size: int | None = -1, /) -> bytes:
        most = _LINE_AT_MOST if size is None or size < 0 else size
        line = super().readline(most)
        if line.endswith(b"\n") or len(line) == size:  # of the size that the reader asked for: it judges it
            return line
        if len(line) == most:
            raise ValueError("a line without end")
        raise ConnectionResetError("cut in the middle of a line")


class _WholeHead(HTTPResponse):
    """A response whose head, sizes of chunks and last line are whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fp = _WholeLines(self.fp.detach())


def guarded_adapter(dialer: Dialer, tls: ssl.SSLContext) -> "HTTPAdapter":
    """What makes requests, with every connection through ``dialer``.

    There is no session around it: so no cookies, no Referer, no netrc, no proxies, certificates or redirects that we did
    not name. (A session reads the whole body of a redirect into memory even where it does not follow it.)
    """
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    for library in ("urllib3", "requests"):  # their debug texts hold addresses and keys
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)

    def dial(connection: HTTPConnection) -> "socket.socket":
        connected = dialer.connect(connection._dns_host, connection.port or 0)
        connected.settimeout(connection.timeout if isinstance(connection.timeout, int | float) else None)
        return connected

    class Plain(HTTPConnection):
        response_class = _WholeHead

        def _new_conn(self) -> "socket.socket":
            return dial(self)

    class Tls(HTTPSConnection):
        response_class = _WholeHead

        def _new_conn(self) -> "socket.socket":
            return dial(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            super().init_poolmanager(*args, ssl_context=tls, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401
            manager = super().proxy_manager_for(proxy, ssl_context=tls, proxy_ssl_context=tls, **kwargs)
            manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
            return manager

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ANN401
            # Trust is in our context alone; requests would load its own list into it again for each connection.
            conn.cert_reqs = "CERT_REQUIRED"

    return Guarded(max_retries=0)
