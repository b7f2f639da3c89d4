"""Names of sites: the host in an address, and the part of it that somebody registered (``example.co.uk`` of
``shop.example.co.uk``).

By the Public Suffix List inside the library (nothing is fetched), private entries too: ``a.github.io`` is its own.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
"""A host name in ASCII and lower case, of two labels at least, that is no number."""


@lru_cache(maxsize=4096)
def site_of(text: str) -> str | None:
    """The registered part of a site's name, in its ASCII form; None where the text names no site.

    Args:
        text: a host, or an address with one, as a person typed it or a service wrote it.
    """
    text = text.strip()
    if "." not in text or " " in text:
        return None
    host = host_of(text if "://" in text else f"//{text}").removeprefix("www.")
    if not HOST.fullmatch(host):
        return None
    # A name that is itself in the list (blogspot.com) stands for itself.
    return public_suffixes().privatesuffix(host) or host


def host_of(address: str) -> str:
    """The host in an address (``//`` in front of it, with or without a scheme); "" where there is none, or it is a number or a
    name of one part."""
    try:
        host = in_ascii(urlsplit(address).hostname or "")
    except ValueError:
        return ""
    return host if HOST.fullmatch(host) else ""


def in_ascii(host: str) -> str:
    """A host in lower case and in ASCII (IDNA), without a dot at the end; "" where it has no such form."""
    host = host.lower().removesuffix(".")
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii").removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        return ""


@lru_cache(maxsize=3)
def public_suffixes(*, accepts_unknown: bool = True, only_official: bool = False) -> "PublicSuffixList":
    """The list. ``accepts_unknown``: endings that are not in it too; ``only_official``: without names that companies lend."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=accepts_unknown, only_icann=only_official)
