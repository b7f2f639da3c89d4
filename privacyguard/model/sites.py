"""The part of a site's name that somebody registered: ``example.co.uk`` of ``shop.example.co.uk``.

By the Public Suffix List inside the library (nothing is fetched), private entries too: ``a.github.io`` is its own.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


@lru_cache(maxsize=4096)
def site_of(text: str) -> str | None:
    """The registered part of a site's name, in its ASCII form; None where the text names no site.

    Args:
        text: a host, or an address with one, as a person typed it or a service wrote it.
    """
    host = _host(text)
    if not host:
        return None
    # A name that is itself in the list (blogspot.com) stands for itself.
    return _suffixes().privatesuffix(host) or host


def _host(text: str) -> str:
    """The host, without ``www.``; "" where there is none, or it is a number or a name of one part."""
    text = text.strip().lower()
    if "." not in text or " " in text:
        return ""
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".").removeprefix("www.")
    if not host.isascii():
        host = _in_ascii(host)
    return host if _HOST.fullmatch(host) else ""


def _in_ascii(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
