"""A source's card, and what left this computer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from privacyguard.model.person import IdentifierKind


@dataclass(frozen=True)
class Limit:
    """At most ``count`` requests to one host in any ``seconds``."""

    count: int
    seconds: float


@dataclass(frozen=True)
class PaceRecord:
    """What is kept of one host for the next run: when it was asked, in the last day, and until when it is to be left alone."""

    asked_at: tuple[datetime, ...] = ()
    not_before: datetime | None = None


class Theme(StrEnum):
    """What a source is about."""

    LEAKS = "leaks"
    PICTURES = "pictures"


@dataclass(frozen=True)
class SourceInfo:
    """A source's card. Texts are marked with ``N_`` and shown with ``_``.

    ``finds``: what it can find; ``accepts``: the kinds of identifier it is asked about (empty: none, it works on
    pictures or folders); ``hosts``: the only hosts its requests may go to; ``discloses``: what leaves this computer,
    "" for nothing; ``cost``: in words; ``sends_pictures``: uploads a photo, so it is asked for each time;
    ``fetches_pictures``: names pictures at other addresses, which are fetched through the address guard;
    ``only_me``: asked only for the grown-up who uses this computer; ``on_at_first``: on before the person chose;
    ``limits``: how often one host may be asked, all of them hold; ``requests_each``: how many requests one identifier takes
    (to foresee the time); ``by_hand``: used from a page of its own, never by a checkup; ``keeps``: what the service keeps of
    a photo, shown before one is sent; ``named_sites``: asks the sites that the person named, and no others; ``own_server``:
    asks a server whose address the person typed; ``searches_faces``: compares faces itself, so it takes a yes of its own;
    ``listed_sites``: fetches a list from ``hosts``, then asks the hosts on that list, and no others.
    """

    id: str
    name: str
    theme: Theme
    finds: str
    accepts: frozenset[IdentifierKind]
    hosts: frozenset[str]
    discloses: str
    cost: str
    needs_key: bool = False
    terms_url: str = ""
    key_url: str = ""
    on_at_first: bool = False
    sends_pictures: bool = False
    fetches_pictures: bool = False
    only_me: bool = True
    limits: tuple[Limit, ...] = (Limit(60, 60.0),)
    requests_each: int = 1
    by_hand: bool = False
    keeps: str = ""
    named_sites: bool = False
    own_server: bool = False
    searches_faces: bool = False
    listed_sites: bool = False


@dataclass(frozen=True)
class Disclosure:
    """One request that left, or was about to leave, this computer. ``what``: the kind of data, never the data."""

    at: datetime
    host: str
    source_id: str
    what: str
    purpose: str
    bytes: int


@dataclass(frozen=True)
class DisclosureTotals:
    """Requests that left this computer, their bytes, to how many hosts; ``since``: the oldest one's time, None for none."""

    requests: int
    bytes: int
    hosts: int
    since: datetime | None
