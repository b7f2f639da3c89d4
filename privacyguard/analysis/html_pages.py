"""A page of the web as bytes → the pictures that it shows and where it leads. Hostile: only a closed-off worker calls this.

Read as a stream of tags by libxml2, which asks nobody: no tree, so that depth costs nothing. Scripts are not run. lxml is
loaded at the first page: the window's process has no use for it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import ClassVar

from privacyguard.analysis.charsets import decoded
from privacyguard.analysis.gathered import Enough, Gathered
from privacyguard.analysis.html_pictures import (
    ADDRESS_CHARS,
    imported_styles,
    in_css,
    in_json_ld,
    largest,
    names_a_picture,
)
from privacyguard.model.webpage import PageContent, PageUnreadable

PAGE_BYTES = 5 * 1024 * 1024
FED_BYTES = 64 * 1024
INSIDE_CHARS = 256 * 1024
"""Of one style element or one block of JSON-LD."""

_WEB = frozenset({"http", "https"})
_LAZY = frozenset(
    "data-src data-original data-lazy data-lazy-src data-bg data-background data-background-image data-image "
    "data-img data-large data-large-file data-full data-full-src data-hi-res-src data-zoom-image data-highres "
    "data-orig-file data-thumb data-url data-poster data-flickity-lazyload lowsrc background".split()
)
_PICTURES_IN_META = frozenset(
    "og:image og:image:url og:image:secure_url twitter:image twitter:image:src image thumbnailurl thumbnail".split()
)
_ROBOTS = frozenset({"robots", "privacyguard"})

Attributes = Mapping[str, str]


def read_page(content: bytes, address: str, charset: str | None, schemes: frozenset[str] = _WEB) -> PageContent:
    """What a page holds that leads to pictures.

    ``address``: where it was found, for what is relative; ``charset``: of the header, if it named one; ``schemes``: of the
    addresses that are told.

    Raises:
        PageUnreadable: over 5 MB.
    """
    if len(content) > PAGE_BYTES:
        raise PageUnreadable("size")
    reader = _Reader(address, schemes)
    with suppress(Enough):
        _feed(reader, decoded(content, charset))
    return reader.page()


def _feed(reader: "_Reader", text: str) -> None:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True)
    content = text.encode("utf-8", "replace")
    if not content.strip():
        return
    try:
        for start in range(0, len(content), FED_BYTES):
            parser.feed(content[start : start + FED_BYTES])
        parser.close()
    except etree.LxmlError:
        raise PageUnreadable("form") from None


def read_style(content: bytes, address: str, charset: str | None) -> PageContent:
    """The pictures in a style sheet, and the sheets that it asks for. Raises as :func:`read_page`."""
    if len(content) > PAGE_BYTES:
        raise PageUnreadable("size")
    reader = _Reader(address, _WEB)
    with suppress(Enough):
        reader.style(decoded(content, charset))
    return reader.page()


class _Reader:
    """Gathers while the tags go by: what lxml calls the target of a parser."""

    def __init__(self, address: str, schemes: frozenset[str]) -> None:
        self._found = Gathered(address, schemes)
        self._has_base = False
        self._inside = ""
        self._text: list[str] = []
        self._chars = 0
        # Of the innermost <picture>: the conditions for which a source was taken; "" is none, so that one always shows.
        self._conditions: set[str] | None = None

    def page(self) -> PageContent:
        """What was gathered."""
        self._end_inside()
        return self._found.page()

    def start(self, tag: str, attributes: Attributes) -> None:
        """A tag opens."""
        if tag in {"style", "script", "title"}:
            self._begin_inside(tag, attributes)
        read = self._READ.get(tag)
        if read is not None:
            read(self, attributes)
        self._anywhere(tag, attributes)

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag == "picture":
            self._conditions = None
        if tag in {"style", "script", "title"}:
            self._end_inside()

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._inside and self._chars < INSIDE_CHARS:
            self._text.append(text[: INSIDE_CHARS - self._chars])
            self._chars += len(text)

    def close(self) -> None:
        """The page ends."""

    def style(self, text: str) -> None:
        """Gather what CSS names."""
        for address in in_css(text):
            self._found.picture(address)
        for address in imported_styles(text):
            self._found.take(self._found.styles, address)

    def _begin_inside(self, tag: str, attributes: Attributes) -> None:
        is_data = attributes.get("type", "").strip().lower() == "application/ld+json"
        self._inside = {"script": "data" if is_data else ""}.get(tag, tag)
        self._text, self._chars = [], 0

    def _end_inside(self) -> None:
        inside, text = self._inside, "".join(self._text)
        self._inside, self._text, self._chars = "", [], 0
        if inside == "style":
            self.style(text)
        elif inside == "data":
            for address in in_json_ld(text):
                self._found.picture(address)
        elif inside == "title":
            self._found.title = self._found.title or text

    def _anywhere(self, tag: str, attributes: Attributes) -> None:
        """What any element may carry: a style, and pictures that scripts show later."""
        for name, value in attributes.items():
            if name == "style":
                self.style(value[:INSIDE_CHARS])
            elif name.startswith("data-") and "srcset" in name:
                self._found.picture(largest(value))
            elif name in _LAZY or (name.startswith("data-") and names_a_picture(value.strip())):
                self._found.picture(value)

    def _img(self, attributes: Attributes) -> None:
        if self._conditions is not None and "" in self._conditions:
            return  # one of the sources before it is always shown in its place
        self._found.picture(largest(attributes.get("srcset", "")) or attributes.get("src") or attributes.get("href"))
        self._found.picture(attributes.get("xlink:href"))

    def _input(self, attributes: Attributes) -> None:
        if attributes.get("type", "").lower() == "image":
            self._found.picture(attributes.get("src"))

    def _picture_begins(self, attributes: Attributes) -> None:
        self._conditions = set()

    def _source(self, attributes: Attributes) -> None:
        if self._conditions is None:
            return
        condition, kind = attributes.get("media", "").strip(), attributes.get("type", "").strip().lower()
        address = largest(attributes.get("srcset", ""))
        if address is None or condition in self._conditions or kind in {"image/svg+xml", "image/jxl"}:
            return
        self._conditions.add(condition)
        self._found.picture(address)

    def _poster(self, attributes: Attributes) -> None:
        self._found.picture(attributes.get("poster"))

    def _embedded(self, attributes: Attributes) -> None:
        address = attributes.get("data") or attributes.get("src") or ""
        if names_a_picture(address.strip()):
            self._found.picture(address)

    def _link(self, attributes: Attributes) -> None:
        kinds, address = _words(attributes.get("rel", "")), attributes.get("href", "")
        if "stylesheet" in kinds:
            self._found.take(self._found.styles, address)
        if "next" in kinds:
            self._found.take(self._found.next_pages, address)
        if "canonical" in kinds and self._found.canonical is None:
            self._found.canonical = self._found.absolute(address)
        if "image_src" in kinds or ("preload" in kinds and attributes.get("as", "").lower() == "image"):
            self._found.picture(largest(attributes.get("imagesrcset", "")) or address)

    def _anchor(self, attributes: Attributes) -> None:
        kinds, address = _words(attributes.get("rel", "")), attributes.get("href", "")
        if names_a_picture(address.strip()):
            self._found.picture(address)
        elif "nofollow" not in kinds:
            self._found.take(self._found.next_pages if "next" in kinds else self._found.links, address)

    def _frame(self, attributes: Attributes) -> None:
        self._found.take(self._found.links, attributes.get("src"))

    def _meta(self, attributes: Attributes) -> None:
        names = {attributes.get(name, "").strip().lower() for name in ("name", "property", "itemprop")}
        content = attributes.get("content", "")
        if names & _PICTURES_IN_META:
            self._found.picture(content)
        if names & _ROBOTS and _words(content.replace(",", " ")) & {"nofollow", "none"}:
            self._found.may_follow = False
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            _seconds, _equals, address = content[: 2 * ADDRESS_CHARS].partition("=")
            self._found.take(self._found.links, address.strip().strip("'\""))

    def _base_named(self, attributes: Attributes) -> None:
        if not self._has_base and attributes.get("href"):
            self._has_base = True
            self._found.base = self._found.absolute(attributes["href"]) or self._found.base

    _READ: ClassVar[Mapping[str, Callable[["_Reader", Attributes], None]]] = {
        "img": _img,
        "amp-img": _img,
        "image": _img,
        "input": _input,
        "picture": _picture_begins,
        "source": _source,
        "video": _poster,
        "object": _embedded,
        "embed": _embedded,
        "link": _link,
        "a": _anchor,
        "area": _anchor,
        "iframe": _frame,
        "frame": _frame,
        "meta": _meta,
        "base": _base_named,
    }


def _words(text: str) -> set[str]:
    return set(text[:1000].lower().split())
