"""requests and urllib3, told to connect through our dialer and to trust nothing of the environment."""

import logging
import ssl
from typing import TYPE_CHECKING, Any

from privacyguard.net.dialer import Dialer

if TYPE_CHECKING:
    import socket

    import requests


def tls_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, verified against certifi's list. SSLKEYLOGFILE is not obeyed, unlike in the default contexts."""
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


def guarded_session(dialer: Dialer, tls: ssl.SSLContext, proxies: dict[str, str]) -> "requests.Session":
    """A session without cookies, Referer, netrc and environment whose every connection the dialer makes."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    # Their debug texts hold addresses and keys.
    logging.getLogger("urllib3").disabled = True
    logging.getLogger("requests").disabled = True

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
            manager = super().proxy_manager_for(proxy, ssl_context=tls, **kwargs)
            manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
            return manager

    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.proxies.update(proxies)
    session.mount("https://", Guarded(max_retries=0))
    session.mount("http://", Guarded(max_retries=0))
    return session
