"""The public list of leaks of Have I Been Pwned, compared here with the services and organisations a person named.

Our own list of leaks of pictures is compared with them too: those are in no list that knows addresses.

The whole list is downloaded and kept, so nobody learns what the person looks for. API: https://haveibeenpwned.com/API/v3
(read 2026-10-04): ``/breaches``, ``/latestbreach``; the data is under CC BY 4.0.
"""

import json
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import Cache
from privacyguard.sources.breaches.hibp_model import (
    BASE_URL,
    HOST,
    TERMS_URL,
    breaches_by_name,
    refuse_other,
)
from privacyguard.sources.breaches.known_pictures import DATA, known_picture_leaks
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
    """A list that was read.

    ``by_name``: the service's names, case folded, to leaks, None for those that are left out; ``newest``: name and day of
    its newest entry; ``current_at``: when it was known to be current.
    """

    content: bytes = field(repr=False)
    leaks: LeaksByService
    by_name: Mapping[str, Breach | None]
    newest: tuple[str, str]
    current_at: datetime


class BreachCatalogue:
    """Compares services with the leaks on a public list. Those of very private sites are in this list too.

    Args:
        cache: where the list is kept.
        base_url: of the service.
        clock: the time, with its zone.
        known: our own list of leaks of pictures.
    """

    info = SourceInfo(
        id="catalogue",
        name=N_("List of known leaks"),
        theme=Theme.LEAKS,
        finds=N_(
            "Leaks at the services and organisations that you name. Have I Been Pwned keeps the list."
            " We add leaks of pictures that it does not know."
        ),
        accepts=frozenset({IdentifierKind.SERVICE, IdentifierKind.ORGANISATION}),
        hosts=frozenset({HOST}),
        discloses=N_("nothing personal: it downloads a public list"),
        cost=N_("Free"),
        terms_url=TERMS_URL,
        on_at_first=True,
        only_me=False,
        requests_each=0,  # one list for all
    )

    def __init__(
        self,
        cache: Cache,
        base_url: str = BASE_URL,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        known: Path = DATA,
    ) -> None:
        self.base_url = base_url
        self._cache = cache
        self._clock = clock
        self._known = known
        self._own: LeaksByService | None = None
        self._kept: _Kept | None = None
        self._tried_at: datetime | None = None
        self._trouble: tuple[weakref.ref[Gateway], SourceError] | None = None
        self._lock = threading.Lock()  # two sources use the list at the same time

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks at this service or organisation, by site or by name; those of our own list in any case.

        Raises:
            SourceError: after those of our own list, where the public one cannot be had.
        """
        is_organisation = identifier.kind is IdentifierKind.ORGANISATION
        yield from self._own_leaks().at(identifier.value, is_organisation)
        yield from self._current(gateway).leaks.at(identifier.value, is_organisation)

    def named(self, name: str, gateway: Gateway) -> Breach | None:
        """The leak with this name of the service, None where the list holds none. The name is not sent.

        Raises:
            SourceError: the list cannot be had.
        """
        return self._current(gateway).by_name.get(name.casefold())

    def described(self, names: Iterable[str], gateway: Gateway) -> Iterator[Breach]:
        """The leaks with these names. One that the list does not know yet has its name only; those that the service calls
        fabricated or retired are left out.

        Raises:
            SourceError: the list cannot be had; after all leaks, then with their names only.
        """
        known: Mapping[str, Breach | None] = {}
        trouble: SourceError | None = None
        try:
            known = self._current(gateway).by_name
        except SourceError as error:
            trouble = error
        for name in names:
            breach = known.get(name.casefold(), Breach(name, name, "", None, None, ()))
            if breach is not None:
                yield breach
        if trouble is not None:
            raise trouble

    def _own_leaks(self) -> LeaksByService:
        if self._own is None:
            leaks = known_picture_leaks(self._known)
            self._own = LeaksByService(
                [leak.breach for leak in leaks], {leak.breach.name: leak.aliases for leak in leaks}
            )
        return self._own

    def _current(self, gateway: Gateway) -> _Kept:
        """The list as kept or as downloaded now; an old one only while news cannot be had.

        Raises:
            SourceError: there is no list, or only one that is too old to be an answer.
        """
        with self._alone(gateway):
            if self._trouble is not None and self._trouble[0]() is gateway:
                # In this run it could not be had; it is not tried again for each of hundreds of services.
                raise self._trouble[1].with_traceback(None)
            try:
                self._kept = self._wanted(gateway)
            except SourceError as error:
                self._trouble = weakref.ref(gateway), error
                raise
            return self._kept

    def _wanted(self, gateway: Gateway) -> _Kept:
        kept = self._kept or self._load()
        if kept is None:
            return self._download(gateway)
        return kept if self._is_younger(kept.current_at, FRESH_FOR) else self._refreshed(kept, gateway)

    @contextmanager
    def _alone(self, gateway: Gateway) -> Iterator[None]:
        """One at a time, so that the list is downloaded once. Raises :class:`Cancelled` while waiting for the other."""
        while not self._lock.acquire(timeout=0.1):
            gateway.cancel.check()
        try:
            yield
        finally:
            self._lock.release()

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
        return replace(kept, current_at=self._clock())

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
        reply = gateway.get(f"{self.base_url}/{path}", what=N_("nothing personal"), purpose=N_("list of known leaks"))
        refuse_other(reply)
        return reply

    def _is_younger(self, than: datetime, limit: timedelta) -> bool:
        """A time that lies ahead counts as old: the clock was set back since."""
        return timedelta(0) <= self._clock() - than < limit


def _read(untrusted: object, content: bytes, current_at: datetime) -> _Kept:
    """The list in ``content``. Raises :class:`UnexpectedReply` also where it is empty."""
    by_name = breaches_by_name(untrusted)
    breaches = [breach for breach in by_name.values() if breach is not None]
    if not breaches:
        raise UnexpectedReply("an empty list")
    return _Kept(content, LeaksByService(breaches), by_name, _newest(untrusted), current_at)


def _newest(untrusted: object) -> tuple[str, str]:
    """When the newest entry was added (ISO texts sort by time), and its name."""
    entries = [an_object(each) for each in a_list(untrusted)]
    return max((a_text(each.get("AddedDate"), 40), a_name(each.get("Name"))) for each in entries)
