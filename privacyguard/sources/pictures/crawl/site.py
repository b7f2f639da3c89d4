"""One site, from the pages that the person named: page after page, within limits, and the pictures that they show."""

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from privacyguard.errors import AddressRefused, HostRefused
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Limit
from privacyguard.model.webpage import LeftOut, PageContent, SeenPage
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import SiteLook
from privacyguard.sources.pictures.crawl.addresses import (
    does_something,
    goes_on_with,
    may_be_a_page,
    one_form,
    site_named,
)
from privacyguard.sources.pictures.crawl.documents import Documents
from privacyguard.sources.pictures.crawl.frontier import DEPTH, Frontier
from privacyguard.sources.reading import an_address

PAGES = 200
PICTURES = 1000
BYTES = 512 * 1024 * 1024
"""Of a whole site in one look, pages and pictures together."""

STYLES = 10
SITE_MAPS = 10
PACE_S = 1.0
"""Between two requests to one host, where the site does not wish for more."""


class SiteWalk:
    """A look at one site. ``starts``: the pages that the person named, all of ``site``."""

    def __init__(self, site: str, starts: tuple[str, ...], gateway: Gateway, look: SiteLook) -> None:
        self._site = site
        self._starts = starts
        self._gateway = gateway
        self._look = look
        self._is_plain = any(start.startswith("http://") for start in starts)
        self._documents = Documents(gateway, look)
        self._frontier = Frontier()
        self._pictures: set[str] = set()
        self._elsewhere: set[str] = set()
        self._styles: set[str] = set()
        self._hashes: set[str] = set()
        self._pages = 0
        self._bytes_before = look.picture_bytes()

    def candidates(self) -> Iterator[Candidate]:
        """Every picture, once, with the first page that shows it.

        Raises:
            SourceError: a named page could not be read, or the site wants to be left alone, or brings no answer any more.
                What was yielded before counts.
        """
        self._look.memory.begin(self._site)
        for start in self._starts:
            self._keep_pace(start)
            self._frontier.note(start)
            page = self._documents.named_page(start)
            self._pages += 1
            yield from self._of(page, 0)
        for start in self._starts:
            yield from self._of_site_maps(start)
        yield from self._of_linked_pages()
        self._look.memory.end(self._site)

    def _keep_pace(self, start: str) -> None:
        """The pace that the site wishes for holds for all of its requests."""
        delay_s = self._documents.robots(start).delay_s
        self._gateway.allow((Limit(1, max(PACE_S, delay_s)),))

    def _of_linked_pages(self) -> Iterator[Candidate]:
        while (waiting := self._frontier.next()) is not None:
            limit = self._limit()
            if limit is not None:
                self._look.left_out(limit, 1 + len(self._frontier))
                return
            refusal = self._documents.refusal(waiting.address)
            if refusal is not None:
                self._look.left_out(refusal, 1)
                continue
            self._pages += 1
            page = self._documents.linked_page(waiting.address)
            if isinstance(page, LeftOut):
                self._look.left_out(page, 1)
            else:
                yield from self._of(page, waiting.depth)

    def _limit(self) -> LeftOut | None:
        if self._pages >= PAGES:
            return LeftOut.TOO_MANY_PAGES
        if len(self._pictures) >= PICTURES:
            return LeftOut.TOO_MANY_PICTURES
        received = self._documents.bytes + self._look.picture_bytes() - self._bytes_before
        return LeftOut.TOO_MUCH if received >= BYTES else None

    def _of(self, page: SeenPage, depth: int) -> Iterator[Candidate]:
        """The pictures of a page; its links wait from now on."""
        content = page.content
        self._frontier.note(page.landed)
        if page.sha256 in self._hashes:
            self._look.left_out(LeftOut.SAME_PAGE, 1)
            return
        self._hashes.add(page.sha256)
        before = len(self._pictures)
        if content.left_out:
            self._look.left_out(LeftOut.TOO_MUCH, content.left_out)
        yield from self._shown(page, content.pictures)
        for style in content.styles:
            yield from self._of_style(page, style)
        if not content.may_follow:
            self._look.left_out(LeftOut.NOT_FOLLOWED, len(content.links) + len(content.next_pages))
        elif len(self._pictures) == before and self._is_known_as(content, page):
            self._look.left_out(LeftOut.SAME_PAGE, 1)
        else:
            self._follow(page.landed, content.next_pages, depth, goes_on=True)
            self._follow(page.landed, content.links, depth, goes_on=False)

    def _is_known_as(self, content: PageContent, page: SeenPage) -> bool:
        """Whether the page says that it is another one, which was read or waits. Alone, this is often wrong."""
        own = one_form(content.canonical or "")
        return own is not None and own not in (page.address, page.landed) and self._frontier.knows(own)

    def _shown(self, page: SeenPage, addresses: Iterable[str]) -> Iterator[Candidate]:
        yield from self._candidates(((page.landed, address) for address in addresses), page.content.title or None)

    def _candidates(self, pairs: Iterable[tuple[str, str]], title: str | None = None) -> Iterator[Candidate]:
        for page, untrusted in pairs:
            address = self._by_tls(an_address(untrusted))
            if address is None:
                self._look.left_out(LeftOut.REFUSED, 1)
            elif address in self._pictures:
                continue
            elif len(self._pictures) >= PICTURES:
                self._look.left_out(LeftOut.TOO_MANY_PICTURES, 1)
            else:
                self._pictures.add(address)
                # Pictures of other places are fetched as a browser does that shows the page.
                refusal = self._documents.refusal(address) if site_named(address) == self._site else None
                if refusal is None:
                    yield Candidate(address=address, page=page, title=title)
                else:
                    self._look.left_out(refusal, 1)

    def _by_tls(self, address: str | None) -> str | None:
        """The address with https where it is of this site and no page of it was typed with http, as browsers do."""
        if address is None or self._is_plain or not address.startswith("http://") or site_named(address) != self._site:
            return address
        return f"https://{address.removeprefix('http://')}"

    def _of_style(self, page: SeenPage, untrusted: str) -> Iterator[Candidate]:
        """The pictures of a style sheet of the site, and of those that it asks for."""
        waiting = [untrusted]
        while waiting:
            address = self._by_tls(one_form(waiting.pop(0)))
            if address is None or address in self._styles or site_named(address) != self._site:
                continue
            if len(self._styles) >= STYLES:
                self._look.left_out(LeftOut.TOO_MUCH, 1)
                return
            self._styles.add(address)
            style = self._documents.style(address)
            if isinstance(style, LeftOut):
                self._look.left_out(style, 1)
            else:
                yield from self._shown(page, style.content.pictures)
                waiting += style.content.styles

    def _of_site_maps(self, start: str) -> Iterator[Candidate]:
        """The pictures that site maps name; their pages below the named one wait from now on."""
        named = self._documents.robots(start).site_maps
        waiting = list(named) or [urljoin(start, "/sitemap.xml")]
        read: set[str] = set()
        below = start.rpartition("/")[0] + "/"
        while waiting and len(read) < SITE_MAPS:
            address = self._by_tls(one_form(waiting.pop(0)))
            if address is None or address in read or site_named(address) != self._site:
                continue
            read.add(address)
            try:
                found = self._documents.site_map(address)
            except (AddressRefused, HostRefused):
                found = LeftOut.REFUSED
            if isinstance(found, LeftOut):
                if named:
                    self._look.left_out(found, 1)
                continue
            waiting += found.maps
            pages = [page for page in found.pages if page.startswith(below)]
            self._follow(start, pages, DEPTH - 2, goes_on=False)
            yield from self._candidates(pair for pair in found.pictures if pair[0].startswith(below))

    def _follow(self, page: str, untrusted: Iterable[str], depth: int, goes_on: bool) -> None:
        for each in untrusted:
            link = self._by_tls(one_form(each))
            if link is None:
                self._look.left_out(LeftOut.REFUSED, 1)
            elif site_named(link) != self._site:
                if link not in self._elsewhere:
                    self._elsewhere.add(link)
                    self._look.left_out(LeftOut.OTHER_SITE, 1)
            elif not self._frontier.knows(link):
                self._take(page, link, depth, goes_on)

    def _take(self, page: str, link: str, depth: int, goes_on: bool) -> None:
        is_deeper = not goes_on and not goes_on_with(page, link)
        if may_be_a_page(link) and not does_something(urlsplit(link).path):
            reason = self._frontier.add(link, depth + 1 if is_deeper else depth)
        else:
            self._frontier.note(link)
            reason = LeftOut.NOT_A_PAGE
        if reason is not None:
            self._look.left_out(reason, 1)
