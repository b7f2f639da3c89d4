"""A request before it is made: what it says, and how large it will be on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from privacyguard.errors import UnexpectedReply
from privacyguard.net.addresses import Address

if TYPE_CHECKING:
    import requests

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """One request of a source. ``what`` and ``purpose``: the kind of data and the reason, for the record.

    ``secret_query``: a code that a service takes in the address only; it is put there last, and does not follow a redirect.
    """

    method: str
    url: str = field(repr=False)
    what: str
    purpose: str
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    secret_headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    secret_query: Mapping[str, str] = field(repr=False, default_factory=dict)
    body: bytes | None = field(repr=False, default=None)
    max_bytes: int = field(default=32 * 1024 * 1024, kw_only=True)

    def prepared(self, address: Address, user_agent: str) -> "requests.PreparedRequest":
        """The request as it will be sent, every header named: nothing is added on the way."""
        import requests

        headers = {
            "Host": address.authority,
            "User-Agent": user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **self.headers,
            **self.secret_headers,
        }
        url = address.url
        if self.secret_query:
            url += ("&" if "?" in url else "?") + urlencode(self.secret_query)
        return requests.Request(self.method, url, headers=headers, data=self.body).prepare()

    def moved(self, untrusted_location: str) -> "Request":
        """The same request at the place that a redirect names; whether it may go there is not said.

        Raises:
            UnexpectedReply: it names none, or this request may not be sent twice.
        """
        if self.body is not None or not untrusted_location:
            raise UnexpectedReply("redirect")
        try:
            return replace(self, url=urljoin(self.url, untrusted_location), secret_query={})
        except ValueError:
            raise UnexpectedReply("redirect") from None


def size_on_the_wire(prepared: "requests.PreparedRequest") -> int:
    """Bytes of request line, headers and body."""
    lines = [f"{prepared.method} {prepared.path_url} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in prepared.headers.items()]
    return sum(len(line) + 2 for line in lines) + 2 + len(prepared.body or b"")


def origin_of(base: str) -> tuple[str, str, int]:
    """Scheme, host and port of a base address."""
    parts = urlsplit(base)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def number_and_port(place: str) -> tuple[str, int]:
    """ "127.0.0.1:8081" as number and port."""
    number, _, port = place.rpartition(":")
    return number.strip("[]").replace("localhost", "127.0.0.1"), int(port)
