"""Foreign network errors become ours, once, here. ``from None``: their texts hold addresses and keys."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException, IncompleteRead

from privacyguard.errors import CertificateRefused, ConnectionLost, NoNetwork, SourceError, TimedOut, UnexpectedReply


@contextmanager
def converted(check: Callable[[], None]) -> Iterator[None]:
    """Turn what requests, urllib3, TLS and sockets raise into the source errors.

    Args:
        check: raises where we cut the connection ourselves (the person stopped, or the time is up): then that is the reason.

    Raises:
        NoNetwork, ConnectionLost, CertificateRefused, TimedOut, UnexpectedReply: see their own words.
    """
    import urllib3.exceptions as foreign

    try:
        yield
    except SourceError:
        check()
        raise
    # All of requests' own errors are OSErrors or ValueErrors.
    except (OSError, ValueError, foreign.HTTPError, HTTPException) as error:
        check()
        raise _ours(error) from None
    check()


def _ours(error: BaseException) -> SourceError:
    import requests.exceptions
    import urllib3.exceptions as foreign

    causes = tuple(_causes(error))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if has(ssl.CertificateError):
        return CertificateRefused("certificate")
    if has(TimeoutError, foreign.TimeoutError, requests.exceptions.Timeout):
        return TimedOut("no byte in time")
    if has(ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError, IncompleteRead):
        return ConnectionLost("cut in the middle")
    if has(ssl.SSLError, foreign.SSLError):
        return CertificateRefused("not a connection that can be trusted")
    if has(foreign.ProxyError, foreign.ProxySchemeUnknown, requests.exceptions.InvalidProxyURL):
        return NoNetwork("proxy")
    if has(foreign.HTTPError, HTTPException, ValueError, requests.exceptions.RequestException):
        return UnexpectedReply("not the agreed form")
    return NoNetwork("no connection")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and every one that it wraps: requests and urllib3 keep theirs in different places."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
