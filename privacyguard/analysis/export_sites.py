"""The site in an address that a password manager or browser kept: its registrable name, or nothing.

What stands in the Public Suffix List counts as a site of the internet, so names of a home or an office network are none.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from privacyguard.model.sites import host_of, public_suffixes

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

NAME_AT_MOST = 100
"""Letters in the name of an entry; longer ones are texts."""

_SCHEMES = frozenset({"http", "https", "ftp", "ftps"})
_APPS = frozenset({"android", "androidapp", "iosapp", "ios-app"})
# Names that routers answer to although they could be registered.
_ROUTERS = frozenset("fritz.box easy.box routerlogin.net routerlogin.com tplinkwifi.net asusrouter.com".split())
# The first words of many programs' ids, whose makers are others.
_NOT_THE_MAKER = frozenset("android.com github.com github.io gitlab.com gitlab.io".split())
_NEVER_PUBLIC = (".arpa", ".onion")


def sites_of(addresses: str) -> tuple[str, ...]:
    """The sites in a cell, each once. Bitwarden joins an entry's addresses with commas; others hold one.

    A program's id counts as a site where it is one turned round (``android://…@com.example.app/`` for ``example.com``).
    """
    found = (_site_of(part) for part in re.split(r"[,\r\n]", addresses))
    return tuple(dict.fromkeys(site for site in found if site))


def is_web_address(text: str) -> bool:
    """Whether a cell begins as an address of the web does."""
    return text.lstrip().lower().startswith(("https://", "http://"))


def is_app(addresses: str) -> bool:
    """Whether a cell names a program of a telephone."""
    return any(scheme in _APPS for scheme, _rest in _parts(addresses))


def name_of(title: str) -> str:
    """The title in one form, or "" where it is no name of a service: a text, a formula, or with an address of a person."""
    text = " ".join(title.split())
    # Before it is brought into one form: of a long row of accents that takes minutes.
    text = unicodedata.normalize("NFC", text) if len(text) <= 4 * NAME_AT_MOST else ""
    if not text or len(text) > NAME_AT_MOST or text[0] in "=+-@" or "@" in text or "://" in text or "\ufffd" in text:
        return ""
    return text if text.isprintable() and any(letter.isalnum() for letter in text) else ""


def _parts(addresses: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"[,\r\n]", addresses):
        scheme, separator, rest = part.strip().partition("://")
        if separator:
            yield scheme.lower(), rest


@lru_cache(maxsize=4096)
def _site_of(address: str) -> str | None:
    text = address.strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        # Without a scheme an "@" is part of a person's address.
        return None if "@" in text.partition("/")[0] else _registrable(host_of(f"//{text}"))
    if scheme.lower() in _APPS:
        return _maker_of(host_of(f"//{rest}"))
    return _registrable(host_of(text)) if scheme.lower() in _SCHEMES else None


def _registrable(host: str) -> str | None:
    if not host or host.endswith(_NEVER_PUBLIC):
        return None
    # A name that itself lends out names (github.io) is a site too.
    site = _known_suffixes(False).privatesuffix(host) or _known_suffixes(True).privatesuffix(host)
    return None if site in _ROUTERS else site


def _maker_of(app: str) -> str | None:
    host = ".".join(reversed(app.split(".")))
    site = _known_suffixes(True).privatesuffix(host) if app else None
    return None if site in _NOT_THE_MAKER else site


def _known_suffixes(only_official: bool) -> "PublicSuffixList":
    return public_suffixes(accepts_unknown=False, only_official=only_official)
