"""Pages of the web: what is taken out of one, what is kept of it for the next look, and why one is left out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_


class PageUnreadable(PrivacyGuardError):
    """A page could not be read by the closed-off reader: it crashed, hung or lied, or the page is over a limit."""

    title = N_("This page cannot be read.")
    remedy = N_("We will try again at the next check.")


@dataclass(frozen=True)
class PageContent:
    """What a page holds that leads to pictures. Addresses are absolute, each once, in the order of the page; all untrusted.

    ``title``: plain text; ``pictures``: those that it shows or links to; ``links``: other pages; ``next_pages``: those that
    go on with this one; ``styles``: style sheets, which may name pictures; ``canonical``: the address that the page gives as
    its own, None where it gives none; ``may_follow``: False where its author asks programs not to follow its links;
    ``left_out``: pictures and links over the limits.
    """

    title: str = field(default="", repr=False)
    pictures: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)
    next_pages: tuple[str, ...] = field(default=(), repr=False)
    styles: tuple[str, ...] = field(default=(), repr=False)
    canonical: str | None = field(default=None, repr=False)
    may_follow: bool = True
    left_out: int = 0


@dataclass(frozen=True)
class SiteMap:
    """What a site map names: ``pages``, ``pictures`` as (page, picture), and further ``maps``. All untrusted."""

    pages: tuple[str, ...] = field(default=(), repr=False)
    pictures: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    maps: tuple[str, ...] = field(default=(), repr=False)
    left_out: int = 0


@dataclass(frozen=True)
class SeenPage:
    """A page as it was at ``seen_at``. ``etag`` and ``modified``: what the site called that state, None where it said nothing.

    ``address``: as it was asked for; ``landed``: where it was found, after redirects; ``sha256``: hex, of its bytes.
    """

    address: str = field(repr=False)
    landed: str = field(repr=False)
    etag: str | None = field(repr=False)
    modified: str | None = field(repr=False)
    sha256: str = field(repr=False)
    content: PageContent = field(repr=False)
    seen_at: datetime


@dataclass(frozen=True)
class SeenPicture:
    """A picture of the web that was looked at for a person with a certain face pattern; never anything of what it shows.

    ``template_id`` names the face pattern; ``finding``: the key of the person's finding in it, None where there is none;
    ``unreadable``: the reason where it cannot be opened. The rest as :class:`SeenPage`.
    """

    address: str = field(repr=False)
    etag: str | None = field(repr=False)
    modified: str | None = field(repr=False)
    sha256: str = field(repr=False)
    template_id: str = field(repr=False)
    finding: str | None
    unreadable: str | None
    seen_at: datetime


class LeftOut(StrEnum):
    """Why a page or picture of a named site was not looked at."""

    ROBOTS = "robots"  # the site asks programs not to
    NOT_FOLLOWED = "not-followed"  # the page asks programs not to follow its links
    OTHER_SITE = "other-site"  # a page that is not of the named site
    TOO_DEEP = "too-deep"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_PICTURES = "too-many-pictures"
    TOO_MUCH = "too-much"  # more bytes than one site may take
    ENDLESS = "endless"  # calendars and addresses that never end
    SAME_PAGE = "same-page"  # another address of a page that was read
    NOT_A_PAGE = "not-a-page"
    NOT_THERE = "not-there"
    REFUSED = "refused"  # the address guard said no
    UNREADABLE = "unreadable"  # it could not be read, or not whole
    NO_ANSWER = "no-answer"
