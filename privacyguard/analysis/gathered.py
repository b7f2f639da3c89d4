"""What is gathered from one page: addresses, made whole and bounded."""

from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from privacyguard.analysis.html_pictures import ADDRESS_CHARS, may_be_a_picture
from privacyguard.model.webpage import PageContent

PICTURES_AT_MOST = 2000
LINKS_AT_MOST = 5000
NEXT_AT_MOST = 20
STYLES_AT_MOST = 20
TITLE_CHARS = 300

CHARS_IN_ALL = 700_000
"""Of all addresses of one page: the answer of a worker is bounded."""

SEEN_AT_MOST = 50_000
"""Addresses of one page that are thought about; the rest of the page is left unread."""


class Enough(Exception):
    """So much was read that the rest is left."""


class _Addresses:
    """Addresses, each once, in order, up to a number."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.found: dict[str, None] = {}
        self.left_out = 0

    def add(self, address: str, room: int) -> int:
        """Take an address; the characters it costs, as JSON writes them."""
        if address in self.found:
            return 0
        cost = len(address) if address.isascii() else 6 * len(address)
        if len(self.found) >= self.most or cost > room:
            self.left_out += 1
            return 0
        self.found[address] = None
        return cost


class Gathered:
    """What one page names. ``base``: against what its addresses are read; ``schemes``: of those that are taken."""

    def __init__(self, base: str, schemes: frozenset[str]) -> None:
        self.base = base
        self.title = ""
        self.canonical: str | None = None
        self.may_follow = True
        self.pictures = _Addresses(PICTURES_AT_MOST)
        self.links = _Addresses(LINKS_AT_MOST)
        self.next_pages = _Addresses(NEXT_AT_MOST)
        self.styles = _Addresses(STYLES_AT_MOST)
        self._schemes = schemes
        self._room = CHARS_IN_ALL
        self._thought = 0

    def page(self) -> PageContent:
        """All of it."""
        gathered = (self.pictures, self.links, self.next_pages, self.styles)
        return PageContent(
            title=_plain(self.title),
            pictures=tuple(self.pictures.found),
            links=tuple(self.links.found),
            next_pages=tuple(self.next_pages.found),
            styles=tuple(self.styles.found),
            canonical=self.canonical,
            may_follow=self.may_follow,
            left_out=sum(each.left_out for each in gathered),
        )

    def picture(self, written: str | None) -> None:
        """Take the address of a picture, if it does not end like something else. Raises :class:`Enough`."""
        if written and may_be_a_picture(written.strip()):
            self.take(self.pictures, written)

    def take(self, addresses: _Addresses, written: str | None) -> None:
        """Take an address as the page writes it. Raises :class:`Enough`."""
        self._thought += 1
        if self._thought > SEEN_AT_MOST:
            addresses.left_out += 1
            raise Enough
        address = self.absolute(written or "")
        if address is not None:
            self._room -= addresses.add(address, self._room)

    def absolute(self, written: str) -> str | None:
        """The whole address, without the part behind "#"; None for another scheme, and for what is none."""
        written = _without(written.strip(), "\t\r\n")
        if not written or len(written) > ADDRESS_CHARS:
            return None
        try:
            address = urldefrag(urljoin(self.base, written.replace(" ", "%20"))).url
            scheme = urlsplit(address).scheme
        except ValueError:
            return None
        is_taken = scheme in self._schemes and len(address) <= ADDRESS_CHARS and address.isprintable()
        return address if is_taken else None


def _without(text: str, signs: Iterable[str]) -> str:
    for sign in signs:
        text = text.replace(sign, "")
    return text


def _plain(title: str) -> str:
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in title[: 20 * TITLE_CHARS]).split())
    return text if len(text) <= TITLE_CHARS else text[: TITLE_CHARS - 1] + "…"
