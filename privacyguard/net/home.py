"""Bases that a person typed and confirmed: a server of their own, at home or on this computer.

Only the source that it was typed for may reach it, and only that scheme, host and port. It may be in a private network, which
the address guard closes to everything else.
"""

import ipaddress
import re
from collections.abc import Sequence

from privacyguard.errors import AddressRefused
from privacyguard.net.addresses import MAX_ANSWERS, PRIVATE_ENDINGS, is_public, read_address

Origin = tuple[str, str, int]
"""Scheme, host and port."""

_HOME = [
    ipaddress.ip_network(network)
    for network in "10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7".split()
]
# The service that hands out keys to rented computers, where it has a number of a private network.
_NOT_HOME = [ipaddress.ip_address(number) for number in ("100.100.100.200", "fd00:ec2::254", "fd20:ce::254")]
_NOT_A_HOME_NAME = frozenset({"metadata", "metadata.google.internal", "instance-data"})
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def typed_base(untrusted_base: str) -> Origin:
    """Scheme, host and port of a base that a person typed, if it may be confirmed at all. Makes no look-up.

    http only for a number of a private network or a name (whose numbers are checked when it is asked).

    Raises:
        AddressRefused: not http or https; a user, question or part in it; a number in an unusual form, of nobody's home, or a
            public one without TLS.
    """
    address = read_address(untrusted_base)
    if "?" in untrusted_base or "#" in untrusted_base:
        raise AddressRefused("form")
    if is_number(address.host):
        check_home_answers([address.host], address.scheme)
    elif not _is_name(address.host):
        raise AddressRefused("name")
    return address.origin


def check_home_answers(numbers: Sequence[str], scheme: str) -> None:
    """Stage 2 for a confirmed base: all of its numbers are of a home network, or all are public (https only).

    Raises:
        AddressRefused: none, too many, a mix, or one that is neither.
    """
    if not 0 < len(numbers) <= MAX_ANSWERS:
        raise AddressRefused("number of answers")
    if all(is_home(number) for number in numbers):
        return
    if scheme != "https" or not all(is_public(number) for number in numbers):
        raise AddressRefused("not a number of a home network")


def is_home(number: str) -> bool:
    """Whether this IP address is of a private network or this computer's own."""
    address = _address(number)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and address not in _NOT_HOME and any(address in network for network in _HOME)


def is_number(host: str) -> bool:
    """Whether this is an IP address in its usual form: not an IPv4 one dressed up, no zone."""
    address = _address(host)
    return address is not None and str(address) == host and getattr(address, "ipv4_mapped", None) is None


def is_home_text(host: str) -> bool:
    """Whether a proxy outside cannot know this host: a number of a home network, or a name that only means something here."""
    return is_home(host) or "." not in host or any(host.endswith(f".{ending}") for ending in PRIVATE_ENDINGS)


def _is_name(host: str) -> bool:
    labels = host.split(".")
    is_plain = len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return is_plain and labels[-1][0].isalpha() and host not in _NOT_A_HOME_NAME


def _address(number: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return None if "%" in number else ipaddress.ip_address(number)
    except ValueError:
        return None
