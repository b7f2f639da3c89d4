"""Foreign network errors become ours, once, here. ``from None``: their texts hold addresses and keys."""

from collections.abc import Iterator
from contextlib import contextmanager

from privacyguard.errors import CertificateRefused, NoNetwork, TimedOut, UnexpectedReply
from privacyguard.model.progress import CancelToken


@contextmanager
def converted(cancel: CancelToken) -> Iterator[None]:
    """Turn what requests and urllib3 raise into the source errors.

    Raises:
        Cancelled: the person stopped; the connection was cut for it.
        NoNetwork, CertificateRefused, TimedOut, UnexpectedReply: see their own words.
    """
    import requests
    import urllib3.exceptions as foreign

    try:
        yield
    except (requests.exceptions.SSLError, foreign.SSLError):
        cancel.check()
        raise CertificateRefused("certificate") from None
    except (requests.exceptions.Timeout, foreign.TimeoutError, TimeoutError):
        cancel.check()
        raise TimedOut("no byte in time") from None
    except (foreign.ProtocolError, foreign.DecodeError, requests.exceptions.ChunkedEncodingError):
        cancel.check()
        raise UnexpectedReply("cut in the middle") from None
    except requests.exceptions.ConnectionError as error:
        cancel.check()
        if _was_answered(error):
            raise UnexpectedReply("cut in the middle") from None
        raise NoNetwork("no connection") from None
    except (requests.exceptions.RequestException, foreign.HTTPError, ValueError):
        cancel.check()
        raise UnexpectedReply("not the agreed form") from None
    except OSError:
        cancel.check()
        raise NoNetwork("no connection") from None


def _was_answered(error: Exception) -> bool:
    """Whether a connection stood when it broke: then the service is there and answered badly."""
    import urllib3.exceptions as foreign

    inner = error.args[0] if error.args else None
    return isinstance(inner, foreign.ProtocolError)
