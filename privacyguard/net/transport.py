"""requests and urllib3, told to connect through our dialer and to trust nothing of the environment."""

import logging
import ssl
from typing import TYPE_CHECKING, Any

from privacyguard.net.dialer import Dialer

if TYPE_CHECKING:
    import socket

    from requests.adapters import HTTPAdapter


def tls_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, verified against certifi's list. SSLKEYLOGFILE is not obeyed, unlike in the default contexts."""
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


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
        def _new_conn(self) -> "socket.socket":
            return dial(self)

    class Tls(HTTPSConnection):
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
