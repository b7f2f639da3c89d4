"""What a source is: a card (:class:`SourceInfo`) and one function. It builds requests and parses replies.

A source never sleeps, retries, logs, counts progress or touches the screen: the gateway and ``checkup.run`` do. Every
reply it does not know is an :class:`UnexpectedReply`, never "nothing found".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from privacyguard.model.archive import ArchiveCopies
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier
from privacyguard.model.picture import Candidate
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import SourceInfo
from privacyguard.model.webpage import LeftOut, PageContent, SeenPage, SiteMap
from privacyguard.net.gateway import Gateway


class PageReader(Protocol):
    """Reads hostile pages in a closed-off place. Each may raise PageUnreadable, NotConfined or Cancelled."""

    def page(self, content: bytes, address: str, charset: str | None, cancel: CancelToken) -> PageContent:
        """What a page holds that leads to pictures; ``charset``: of its header, if any."""

    def style(self, content: bytes, address: str, charset: str | None, cancel: CancelToken) -> PageContent:
        """The pictures that a style sheet names, and the sheets that it asks for."""

    def site_map(self, content: bytes, address: str, cancel: CancelToken) -> SiteMap:
        """What a site map names."""


class PageMemory(Protocol):
    """What is kept of the pages of a site, for one person, from one look to the next."""

    def begin(self, site: str) -> None:
        """A look at the site begins; or goes on, where the last one was stopped and is not older than a day."""

    def end(self, site: str) -> None:
        """The site was looked at to its end."""

    def page(self, address: str) -> SeenPage | None:
        """The page as it was last time, or None."""

    def is_of_this_look(self, page: SeenPage) -> bool:
        """Whether it was read since the look began, so that it needs no new request."""

    def keep_page(self, page: SeenPage) -> None:
        """Keep it in place of what was known."""

    def now(self) -> datetime:
        """The time, with its zone."""


@dataclass(frozen=True)
class SiteLook:
    """What a source of named sites works with. ``left_out``: is told of each page or picture that is not looked at;
    ``picture_bytes``: how many bytes of pictures were fetched in this run.
    """

    reader: PageReader
    memory: PageMemory
    left_out: Callable[[LeftOut, int], None]
    picture_bytes: Callable[[], int]


@dataclass(frozen=True)
class PictureQuery:
    """What a source of pictures is asked with; each uses what it accepts.

    ``photos``: photos of the person that they agreed to send this time: JPEG bytes, hidden details removed, at most
    1,280 px a side; empty where there is no such consent. ``sites``: addresses of pages that the person named, for a source
    of named sites, which needs ``look`` for it.
    """

    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)
    folders: tuple[Path, ...] = field(default=(), repr=False)
    photos: tuple[bytes, ...] = field(default=(), repr=False)
    sites: tuple[str, ...] = field(default=(), repr=False)
    look: SiteLook | None = None


class Cache(Protocol):
    """What is kept between checkups (the leak catalogue, what a code's plan includes). The vault provides it."""

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        """The kept bytes and when they were kept, or None."""

    def save(self, name: str, content: bytes) -> None:
        """Keep ``content`` under ``name`` from now on."""


@runtime_checkable
class BreachSource(Protocol):
    """A service that knows leaks."""

    info: SourceInfo

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold this identifier. Raises a :class:`SourceError` when it cannot tell."""


@runtime_checkable
class PictureSource(Protocol):
    """A place that brings pictures to look at."""

    info: SourceInfo

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """Pictures worth a look. Raises a :class:`SourceError` when it cannot tell."""


@runtime_checkable
class SiteSource(Protocol):
    """A source of pictures that asks the sites which the person named, and no others (``info.named_sites``)."""

    info: SourceInfo

    def sites(self, query: PictureQuery) -> tuple[str, ...]:
        """Addresses of the sites that a search with this query may ask: each as the person named it."""


@runtime_checkable
class PasswordSource(Protocol):
    """A list of leaked passwords. It is asked from a page and a command of its own, never by a checkup."""

    info: SourceInfo

    def times(self, sha1_hex: str, gateway: Gateway) -> int:
        """How often the list holds the password with this fingerprint, 0 for never. Raises a :class:`SourceError`."""


@runtime_checkable
class ArchiveSource(Protocol):
    """An archive of the web. It is asked about one found address at a time, never by a checkup."""

    info: SourceInfo

    def copies(self, address: str, gateway: Gateway) -> ArchiveCopies:
        """The copies that it shows of a page or picture. Raises a :class:`SourceError` when it cannot tell."""


@runtime_checkable
class KeyTester(Protocol):
    """A source with a code (API key) that can be tried without a search."""

    def test_key(self, gateway: Gateway) -> str:
        """What the service says of the code, in words (its plan, say). Raises :class:`CodeRefused`."""


Source = BreachSource | PictureSource | PasswordSource | ArchiveSource
