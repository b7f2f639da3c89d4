"""The address guard: which addresses may be asked. Two stages, both must pass (threat model, section 3).

Stage 1 reads the text of an address before any look-up, stage 2 the numbers that its name resolves to. Each redirect and each
picture starts again at stage 1. The table of public numbers is our own: ``ipaddress.is_global`` differs between Pythons and
lets several forms of loopback through.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from privacyguard.errors import AddressRefused
from privacyguard.net.library import load_library

MAX_ADDRESS_BYTES = 2048
MAX_ANSWERS = 16

_ALLOWED_TEXT = re.compile(r"[\x21-\x7e]+")
_FORBIDDEN = frozenset('\\<>"^`{|}')
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
PRIVATE_ENDINGS = """
localhost local internal intranet lan home corp home.arpa localdomain test example invalid onion alt arpa
""".split()
_DEFAULT_PORTS = {"https": 443, "http": 80}
_HEAD = re.compile(r"(https?://)([^/?#\\\s]+)(.*)", re.DOTALL | re.IGNORECASE)

_NOT_PUBLIC_4 = [
    ipaddress.IPv4Network(network)
    for network in """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
240.0.0.0/4 168.63.129.16/32
""".split()
]
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = [
    ipaddress.IPv6Network(network)
    for network in ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"]
]
_CARRY_IPV4 = [ipaddress.IPv6Network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96")]


@dataclass(frozen=True)
class Address:
    """An address as all readers read it: it passed stage 1, or is an exact exception of the settings."""

    scheme: str
    host: str
    port: int
    url: str = field(repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what may be compared with an exception."""
        return self.scheme, self.host, self.port

    @property
    def has_usual_port(self) -> bool:
        """Whether the port is the scheme's own."""
        return self.port == _DEFAULT_PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.has_usual_port else f"{host}:{self.port}"


def parse(
    untrusted_url: str,
    *,
    exceptions: frozenset[tuple[str, str, int]],
    names: frozenset[str],
    is_typed: Callable[[Address], bool] = lambda address: False,
) -> Address:
    """The address if its text may be asked (stage 1).

    Args:
        untrusted_url: may come from a service's reply or a redirect.
        exceptions: exact (scheme, host, port) of the source's configured or confirmed base, which skips the guard.
        names: exact names of ``[net] resolve``, which skip it too.
        is_typed: whether the person typed this scheme and port for this site: they need not be https and 443 then.

    Raises:
        AddressRefused: any rule says no. No look-up was made.
    """
    address = read_address(untrusted_url)
    if address.origin in exceptions or address.host in names:
        return address
    _check_public_text(address, is_typed(address))
    return address


def read_address(untrusted_url: str) -> Address:
    """The parts of an address that every reader reads alike. Whether it may be asked is not said.

    Raises:
        AddressRefused: not http or https, a user in it, a port that is no number, or readers do not agree.
    """
    if not _ALLOWED_TEXT.fullmatch(untrusted_url) or _FORBIDDEN & set(untrusted_url):
        raise AddressRefused("characters")
    if len(untrusted_url) > MAX_ADDRESS_BYTES:
        raise AddressRefused("length")
    return _split(untrusted_url)


def in_ascii(untrusted_url: str) -> str:
    """A linked address as a browser would send it: the host in its ASCII form (IDNA, strict), the rest percent-encoded.

    It is no less suspicious than before: :func:`parse` still has to read it.

    Raises:
        AddressRefused: not http or https, or a host without an ASCII form.
    """
    import idna

    match = _HEAD.fullmatch(untrusted_url)
    if match is None or match[3][:1] not in ("", "/", "?", "#"):
        raise AddressRefused("form")
    scheme, authority, rest = match.groups()
    if not authority.isascii() or "xn--" in authority.lower():
        host, colon, port = authority.partition(":")
        try:
            host = idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise AddressRefused("name") from None
        authority = host + colon + port
    try:
        return scheme.lower() + authority + quote(rest, safe="%/:@!$&'()*+,;=~-._?[]#")
    except UnicodeEncodeError:  # half of a surrogate pair
        raise AddressRefused("characters") from None


def check_answers(numbers: Sequence[str]) -> None:
    """Stage 2: every number that a name resolves to must be public; at most 16.

    Raises:
        AddressRefused: none, too many, or one that is not public (a mix is refused).
    """
    if not 0 < len(numbers) <= MAX_ANSWERS:
        raise AddressRefused("number of answers")
    if not all(is_public(number) for number in numbers):
        raise AddressRefused("not a public number")


def is_public(number: str) -> bool:
    """Whether this IP address is one of the public internet, by our own table."""
    if "%" in number:
        return False
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if not any(address in network for network in _CARRY_IPV4):
            return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return not any(address in network for network in _NOT_PUBLIC_4)


def is_loopback(number: str) -> bool:
    """Whether this IP address is this computer's own."""
    try:
        return ipaddress.ip_address(number).is_loopback
    except ValueError:
        return False


def _split(url: str) -> Address:
    load_library()
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        parts, other = urlsplit(url), parse_url(url)
        port = parts.port
    except (ValueError, LocationParseError):
        raise AddressRefused("form") from None
    host = parts.hostname or ""
    # Two readers must agree: urlsplit and the one that connects read "https://127.0.0.1\\@a.example" differently.
    other_host = (other.host or "").strip("[]").lower()
    if not host or host != other_host or parts.scheme not in _DEFAULT_PORTS or not url.startswith(f"{parts.scheme}://"):
        raise AddressRefused("form")
    if "@" in parts.netloc or (other.port or None) != port:
        raise AddressRefused("form")
    _check_port_text(parts.netloc, port)
    return Address(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], url)


def _check_port_text(netloc: str, port: int | None) -> None:
    """A port is plain digits: urlsplit also takes other alphabets' digits, a sign, and leaves an empty one out."""
    after_host = netloc.rpartition("]")[2] if "]" in netloc else netloc
    _, colon, text = after_host.partition(":")
    if colon and (not text.isascii() or not text.isdecimal() or port == 0):
        raise AddressRefused("port")


def _check_public_text(address: Address, is_typed: bool) -> None:
    if address.scheme != "https" and not is_typed:
        raise AddressRefused("scheme")
    if not address.has_usual_port and not is_typed:
        raise AddressRefused("port")
    labels = address.host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("name")
    if not labels[-1][0].isalpha():
        raise AddressRefused("name")
    if any(address.host == ending or address.host.endswith(f".{ending}") for ending in PRIVATE_ENDINGS):
        raise AddressRefused("name")
    if len(address.host) > 253:
        raise AddressRefused("name")
