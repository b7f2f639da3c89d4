"""What a site sends, asked for politely: its robots.txt first, nothing twice that did not change, each failure counted."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from privacyguard.errors import (
    AddressRefused,
    HostRefused,
    NetworkIntercepted,
    ReplyTooLarge,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.i18n import N_
from privacyguard.model.webpage import LeftOut, PageContent, PageUnreadable, SeenPage, SiteMap
from privacyguard.net.gateway import Gateway
from privacyguard.net.landing import landed_page
from privacyguard.net.reply import Reply
from privacyguard.sources.base import SiteLook
from privacyguard.sources.pictures.crawl.robots import Robots, read_robots

PAGE_BYTES = 5 * 1024 * 1024
MAP_BYTES = 10 * 1024 * 1024
ROBOTS_BYTES = 2 * 1024 * 1024
TROUBLE_AT_MOST = 5
"""Pages in a row that bring no answer, before the site is left for today."""

VALIDATOR_CHARS = 300
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_ACCEPT_PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([a-zA-Z0-9_:.+-]{1,40})", re.IGNORECASE)

WHAT = N_("the address of a page")
PURPOSE = N_("pages that you named, to look for pictures")


class SiteAsksNotTo(SourceError):
    """The site's robots.txt asks programs to leave a named page alone. Nothing was sent to that page."""

    title = N_("This site asks programs not to look at the page that you named, so we did not.")
    remedy = N_("You can open the page in your browser, save it, and bring it back here.")


class PageNotThere(SourceError):
    """A named page answers with a status that is none of a page. The argument is the status."""

    title = N_("The page that you named is not there, or it needs a sign-in.")
    remedy = N_("Check its address under “Where may we look?”.")


class NotAPage(SourceError):
    """What is at a named address is no page and no picture, or cannot be read."""

    title = N_("What is at the address that you named cannot be read as a page.")
    remedy = N_("Check its address under “Where may we look?”.")


class Documents:
    """The pages, style sheets and site maps of one site. ``bytes``: received so far."""

    def __init__(self, gateway: Gateway, look: SiteLook) -> None:
        self.bytes = 0
        self._gateway = gateway
        self._look = look
        self._robots: dict[tuple[str, str], Robots | SourceError] = {}
        self._trouble = 0

    def robots(self, address: str) -> Robots:
        """The rules of the host of this address.

        Raises:
            SourceError: its robots.txt brings no answer: then nothing may be asked there now (RFC 9309).
        """
        parts = urlsplit(address)
        place = parts.scheme, parts.netloc
        if place not in self._robots:
            try:
                self._robots[place] = self._robots_of(f"{parts.scheme}://{parts.netloc}/robots.txt")
            except SourceError as error:
                self._robots[place] = error
        found = self._robots[place]
        if isinstance(found, SourceError):
            raise found
        return found

    def refusal(self, address: str) -> LeftOut | None:
        """Why a program may not ask for this address of the site, None where it may."""
        try:
            return None if self.robots(address).allows(address) else LeftOut.ROBOTS
        except (AddressRefused, HostRefused):
            return LeftOut.REFUSED
        except (TooManyRequests, NetworkIntercepted):
            raise
        except SourceError:
            return LeftOut.NO_ANSWER

    def named_page(self, address: str) -> SeenPage:
        """A page that the person named. Raises :class:`SourceError` where it cannot be read: it is never passed over."""
        if not self.robots(address).allows(address):
            raise SiteAsksNotTo("robots")
        known = self._look.memory.page(address)
        if known is not None and self._look.memory.is_of_this_look(known):
            return known
        reply, landed = self._asked(address, known, PAGE_BYTES)
        if reply.status == 304 and known is not None:
            return self._kept(replace(known, seen_at=self._look.memory.now()))
        if reply.status != 200:
            raise PageNotThere(f"status {reply.status}")
        if not _is_page(reply) and not reply.content_type.startswith("image/"):
            raise NotAPage("type")
        try:
            return self._read(address, landed, reply, known)
        except PageUnreadable:
            raise NotAPage("content") from None

    def linked_page(self, address: str) -> SeenPage | LeftOut:
        """A page that another one links to, or why it is left out.

        Raises:
            SourceError: the site wants to be left alone, or brings no answer any more.
        """
        return self._document(address, is_style=False)

    def style(self, address: str) -> SeenPage | LeftOut:
        """A style sheet of the site, or why it is left out. Raises as :meth:`linked_page`."""
        return self._document(address, is_style=True)

    def site_map(self, address: str) -> SiteMap | LeftOut:
        """A site map, or why it is left out. Raises as :meth:`linked_page`."""
        answered = self._tried(address, None, MAP_BYTES)
        if isinstance(answered, LeftOut):
            return answered
        reply, landed = answered
        if reply.status != 200:
            return LeftOut.NOT_THERE
        try:
            return self._look.reader.site_map(reply.body, landed, self._gateway.cancel)
        except PageUnreadable:
            return LeftOut.UNREADABLE

    def _document(self, address: str, is_style: bool) -> SeenPage | LeftOut:
        known = self._look.memory.page(address)
        if known is not None and self._look.memory.is_of_this_look(known):
            return known
        answered = self._tried(address, known, PAGE_BYTES)
        if isinstance(answered, LeftOut):
            return answered
        reply, landed = answered
        if reply.status == 304 and known is not None:
            return self._kept(replace(known, seen_at=self._look.memory.now()))
        if reply.status != 200:
            return LeftOut.NOT_THERE
        is_right = not _is_page(reply) if is_style else _is_page(reply) or reply.content_type.startswith("image/")
        if not is_right:
            return LeftOut.NOT_A_PAGE
        try:
            return self._read(address, landed, reply, known, is_style)
        except PageUnreadable:
            return LeftOut.UNREADABLE

    def _tried(self, address: str, known: SeenPage | None, max_bytes: int) -> tuple[Reply, str] | LeftOut:
        refusal = self.refusal(address)
        if refusal is not None:
            return refusal
        try:
            answered = self._asked(address, known, max_bytes)
        except HostRefused:
            return LeftOut.OTHER_SITE
        except AddressRefused:
            return LeftOut.REFUSED
        except (ReplyTooLarge, UnexpectedReply):
            return LeftOut.UNREADABLE
        except TooManyRequests:
            raise
        except NetworkIntercepted:
            self._count_trouble(address)
            return LeftOut.OTHER_SITE
        except SourceError:
            self._count_trouble(address)
            return LeftOut.NO_ANSWER
        self._trouble = 0
        return answered

    def _count_trouble(self, address: str) -> None:
        """Whether some pages bring no answer, or none of the site does any more: then its error is raised.

        Without TLS a link that leads to another site looks like a network that answers for itself.
        """
        self._trouble += 1
        if self._trouble >= TROUBLE_AT_MOST:
            parts = urlsplit(address)
            self._robots_of(f"{parts.scheme}://{parts.netloc}/robots.txt")
            self._trouble = 0

    def _asked(self, address: str, known: SeenPage | None, max_bytes: int) -> tuple[Reply, str]:
        headers = {
            "Accept": _ACCEPT_PAGE,
            **if_changed(known.etag if known else None, known.modified if known else None),
        }
        reply, landed = landed_page(
            self._gateway, address, what=WHAT, purpose=PURPOSE, headers=headers, max_bytes=max_bytes
        )
        self.bytes += len(reply.body)
        return reply, landed

    def _read(
        self, address: str, landed: str, reply: Reply, known: SeenPage | None, is_style: bool = False
    ) -> SeenPage:
        sha256 = hashlib.sha256(reply.body).hexdigest()
        etag, modified = validators(reply)
        named = _CHARSET.search(reply.headers.get("content-type", ""))
        charset, cancel = named[1] if named else None, self._gateway.cancel
        if known is not None and (known.sha256, known.landed) == (sha256, landed):
            content = known.content
        elif is_style:
            content = self._look.reader.style(reply.body, landed, charset, cancel)
        elif _is_page(reply):
            content = self._look.reader.page(reply.body, landed, charset, cancel)
        else:
            content = PageContent(pictures=(landed,))
        if {"nofollow", "none"} & set(re.split(r"[\s,:]+", reply.headers.get("x-robots-tag", "").lower())):
            content = replace(content, may_follow=False)
        return self._kept(SeenPage(address, landed, etag, modified, sha256, content, self._look.memory.now()))

    def _kept(self, page: SeenPage) -> SeenPage:
        self._look.memory.keep_page(page)
        return page

    def _robots_of(self, address: str) -> Robots:
        try:
            reply = self._gateway.get(address, what=WHAT, purpose=N_("what this site asks programs to leave alone"))
        except UnexpectedReply:  # redirects without an end: as if there were none (RFC 9309, 2.3.1.2)
            return Robots()
        self.bytes += len(reply.body)
        return read_robots(reply.body) if reply.status == 200 else Robots()


def if_changed(etag: str | None, modified: str | None) -> Mapping[str, str]:
    """Headers that ask for a newer state only."""
    headers = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in headers.items() if value}


def validators(reply: Reply) -> tuple[str | None, str | None]:
    """What the site calls this state: ETag and Last-Modified, None where it says nothing that can be sent back."""
    etag, modified = (_sendable(reply.headers.get(name)) for name in ("etag", "last-modified"))
    return etag, modified


def _sendable(untrusted: str | None) -> str | None:
    if not untrusted or len(untrusted) > VALIDATOR_CHARS or not untrusted.isascii() or not untrusted.isprintable():
        return None
    return untrusted


def _is_page(reply: Reply) -> bool:
    return reply.content_type in _HTML or (not reply.content_type.startswith(("image/", "text/css")) and reply.is_page)
