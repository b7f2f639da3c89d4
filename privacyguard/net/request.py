"""A request before it is made: what it says, and how large it will be on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from privacyguard.net.addresses import Address

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """One request of a source. ``what`` and ``purpose``: the kind of data and the reason, for the record."""

    method: str
    url: str = field(repr=False)
    what: str
    purpose: str
    headers: dict[str, str] = field(repr=False)
    secret_headers: dict[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    max_bytes: int


def origin_of(base: str) -> tuple[str, str, int]:
    """Scheme, host and port of a base address."""
    parts = urlsplit(base)
    return parts.scheme, parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80)


def number_and_port(place: str) -> tuple[str, int]:
    """ "127.0.0.1:8081" as number and port."""
    number, _, port = place.rpartition(":")
    return number.strip("[]"), int(port)


def size_on_the_wire(request: Request, address: Address, headers: Headers) -> int:
    """Bytes of request line, headers and body."""
    path = urlsplit(address.url)
    line = f"{request.method} {path.path or '/'}{'?' if path.query else ''}{path.query} HTTP/1.1\r\n"
    lines = sum(len(name) + len(value) + 4 for name, value in headers.items())
    return len(line) + lines + 2 + len(request.body or b"")
