"""Asking without going on to where a redirect leads: for services that say something with it."""

from privacyguard.net.exchange import REDIRECTS
from privacyguard.net.gateway import REPLY_BYTES, Gateway
from privacyguard.net.reply import Reply
from privacyguard.net.request import Request

__all__ = ["REDIRECTS", "get_unfollowed"]


def get_unfollowed(gateway: Gateway, url: str, *, what: str, purpose: str, max_bytes: int = REPLY_BYTES) -> Reply:
    """As :meth:`Gateway.get`, but a redirect is the reply: its place is not asked."""
    request = Request("GET", url, what, purpose, max_bytes=max_bytes)
    return gateway._sender.send(request, gateway._admitted(request, gateway._check_listed))
