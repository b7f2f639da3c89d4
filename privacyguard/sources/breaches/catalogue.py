"""The public list of leaks of Have I Been Pwned, compared here with the services and organisations a person named.

The whole list is downloaded and kept, so nobody learns what the person looks for. API: https://haveibeenpwned.com/API/v3
(read 2026-10-04): ``/breaches``, ``/latestbreach``; the data is under CC BY 4.0.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import Cache
from privacyguard.sources.breaches.hibp_model import BASE_URL, HOST, TERMS_URL, parse_breaches
from privacyguard.sources.breaches.matching import LeaksByService
from privacyguard.sources.reading import a_list, a_name, a_text, an_object

CACHE_NAME = "hibp-breaches"
FRESH_FOR = timedelta(hours=20)
"""A list younger than this is used without asking, so that a daily check asks once a day."""
USABLE_FOR = timedelta(days=30)
"""Without a connection an older list is no answer."""
TRY_AGAIN_AFTER = timedelta(minutes=10)
"""After news could not be had: hundreds of services are compared in one run, and each would ask again."""


@dataclass(frozen=True)
class _Kept:
    """A list that was read. ``newest``: name and day of its newest entry; ``current_at``: when it was known to be current."""

    content: bytes = field(repr=False)
    leaks: LeaksByService
    newest: tuple[str, str]
    current_at: datetime


class BreachCatalogue:
    """Compares services with all known leaks. Those of very private sites are in this list too."""

    info = SourceInfo(
        id="catalogue",
        name=N_("List of all known leaks"),
        theme=Theme.LEAKS,
        finds=N_("Leaks at the services and organisations that you name. Have I Been Pwned keeps the list."),
        accepts=frozenset({IdentifierKind.SERVICE, IdentifierKind.ORGANISATION}),
        hosts=frozenset({HOST}),
        discloses=N_("nothing personal: it downloads a public list"),
        cost=N_("Free"),
        terms_url=TERMS_URL,
        on_at_first=True,
        only_me=False,
    )

    def __init__(
        self, cache: Cache, base_url: str = BASE_URL, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.base_url = base_url
        self._cache = cache
        self._clock = clock
        self._kept: _Kept | None = None
        self._tried_at: datetime | None = None

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks at this service or organisation, by site or by name."""
        yield from self._current(gateway).leaks.at(identifier.value)

    def _current(self, gateway: Gateway) -> _Kept:
        """The list as kept or as downloaded now; an old one only while news cannot be had.

        Raises:
            SourceError: there is no list, or only one that is too old to be an answer.
        """
        kept = self._kept or self._load()
        if kept is None:
            kept = self._download(gateway)
        elif not self._is_younger(kept.current_at, FRESH_FOR):
            kept = self._refreshed(kept, gateway)
        self._kept = kept
        return kept

    def _refreshed(self, kept: _Kept, gateway: Gateway) -> _Kept:
        is_usable = self._is_younger(kept.current_at, USABLE_FOR)
        if is_usable and self._tried_at and self._is_younger(self._tried_at, TRY_AGAIN_AFTER):
            return kept
        self._tried_at = self._clock()
        try:
            if _newest([self._ask("latestbreach", gateway).json()]) > kept.newest:
                return self._download(gateway)
        except SourceError:
            if not is_usable:
                raise
            return kept
        self._cache.save(CACHE_NAME, kept.content)
        return _Kept(kept.content, kept.leaks, kept.newest, self._clock())

    def _download(self, gateway: Gateway) -> _Kept:
        reply = self._ask("breaches", gateway)
        kept = _read(reply.json(), reply.body, self._clock())
        self._cache.save(CACHE_NAME, reply.body)
        return kept

    def _load(self) -> _Kept | None:
        """The list in the cache; None where there is none, or one of another version's form."""
        found = self._cache.load(CACHE_NAME)
        if found is None:
            return None
        try:
            return _read(json.loads(found[0]), *found)
        except (ValueError, UnexpectedReply):
            return None

    def _ask(self, path: str, gateway: Gateway) -> Reply:
        reply = gateway.get(
            f"{self.base_url}/{path}", what=N_("nothing personal"), purpose=N_("list of all known leaks")
        )
        if reply.status != 200:
            raise UnexpectedReply(f"status {reply.status}")
        return reply

    def _is_younger(self, than: datetime, limit: timedelta) -> bool:
        """A time that lies ahead counts as old: the clock was set back since."""
        return timedelta(0) <= self._clock() - than < limit


def _read(untrusted: object, content: bytes, current_at: datetime) -> _Kept:
    """The list in ``content``. Raises :class:`UnexpectedReply` also where it is empty."""
    breaches = parse_breaches(untrusted)
    if not breaches:
        raise UnexpectedReply("an empty list")
    return _Kept(content, LeaksByService(breaches), _newest(untrusted), current_at)


def _newest(untrusted: object) -> tuple[str, str]:
    """When the newest entry was added (ISO texts sort by time), and its name."""
    entries = [an_object(each) for each in a_list(untrusted)]
    return max((a_text(each.get("AddedDate"), 40), a_name(each.get("Name"))) for each in entries)
