"""A page, and where it was found: the links in it are read against the place that the last redirect led to."""

from privacyguard.net.addresses import Address
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.net.request import Headers, Request


def landed_page(
    gateway: Gateway, url: str, *, what: str, purpose: str, headers: Headers, max_bytes: int
) -> tuple[Reply, str]:
    """The reply, and the address that it came from. Asks and raises as :meth:`Gateway.get`."""
    landed = [url]

    def check(address: Address) -> None:
        gateway._check_listed(address)
        landed.append(address.url)

    reply = gateway._fetch(Request("GET", url, what, purpose, headers, max_bytes=max_bytes), check)
    return reply, landed[-1]
