"""Site maps: the pages and pictures that a site names for programs. https://www.sitemaps.org/protocol.html (read 2026-11).

Hostile as any page: only a closed-off worker reads them. Plain lists of addresses and packed files are read too.
"""

import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from privacyguard.analysis.gathered import Enough, Gathered
from privacyguard.model.webpage import PageUnreadable, SiteMap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAP_BYTES = 10 * 1024 * 1024
MAPS_AT_MOST = 50
PICTURES_AT_MOST = 2000
_GZIP = 16 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"
_WEB = frozenset({"http", "https"})


def read_site_map(content: bytes, address: str) -> SiteMap:
    """What a site map names; ``address``: where it was found.

    Raises:
        PageUnreadable: no site map, cut, with entities of its own, or over 10 MB once unpacked.
    """
    content = _unpacked(content) if content.startswith(_MAGIC) else content
    if len(content) > MAP_BYTES:
        raise PageUnreadable("size")
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of_lines(content, address)
    return _of_xml(content, address)


def _of_lines(content: bytes, address: str) -> SiteMap:
    pages = Gathered(address, _WEB)
    try:
        for line in content.decode("utf-8-sig", "replace").splitlines():
            pages.take(pages.links, line)
    except Enough:
        pass
    return SiteMap(tuple(pages.links.found), left_out=pages.links.left_out)


def _of_xml(content: bytes, address: str) -> SiteMap:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise PageUnreadable("form") from None
    kind = _name(root.tag)
    if kind not in {"urlset", "sitemapindex"}:
        raise PageUnreadable("form")
    found = Gathered(address, _WEB)
    pictures: dict[tuple[str, str], None] = {}
    left_out = 0
    try:
        for entry in root:
            page = found.absolute(_text_of(entry, "loc"))
            if page is None:
                continue
            found.take(found.links, page)
            for image in entry:
                picture = found.absolute(_text_of(image, "loc")) if _name(image.tag) == "image" else None
                if picture is None or page not in found.links.found:
                    continue
                if len(pictures) < PICTURES_AT_MOST:
                    found.take(found.pictures, picture)
                    pictures[page, picture] = None
                else:
                    left_out += 1
    except Enough:
        left_out += 1
    links, left_out = tuple(found.links.found), left_out + found.links.left_out
    if kind == "sitemapindex":
        return SiteMap(maps=links[:MAPS_AT_MOST], left_out=left_out + max(0, len(links) - MAPS_AT_MOST))
    told = tuple(pair for pair in pictures if pair[1] in found.pictures.found)
    return SiteMap(links, told, left_out=left_out)


def _name(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _text_of(parent: "Iterable[Element]", name: str) -> str:
    return next((child.text or "" for child in list(parent) if _name(child.tag) == name), "")


def _unpacked(content: bytes) -> bytes:
    packed = zlib.decompressobj(_GZIP)
    try:
        unpacked = packed.decompress(content, MAP_BYTES + 1)
    except zlib.error:
        raise PageUnreadable("form") from None
    if not packed.eof:
        raise PageUnreadable("size" if packed.unconsumed_tail else "form")
    return unpacked
