"""Where the list of WhatsMyName comes from: fetched from its project, kept as it came, and looked for anew once a week.

``resources/whatsmyname/wmn-data.json`` is the first one, where whoever made this copy of PrivacyGuard put one there. A list
that is no list, or was cut, is never kept: the one before stays.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from privacyguard.errors import SourceError
from privacyguard.i18n import N_, _
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import Cache
from privacyguard.sources.pictures.crawl.documents import if_changed, validators
from privacyguard.sources.pictures.whatsmyname_list import ListDamaged, Site, read_sites

LIST_HOST = "raw.githubusercontent.com"
LIST_PATH = "/WebBreacher/WhatsMyName/main/wmn-data.json"
LIST_BYTES = 8 * 1024 * 1024
"""At most; it has less than 1 MB."""
DATA = Path(__file__).resolve().parents[3] / "resources" / "whatsmyname" / "wmn-data.json"

LIST_NAME, STATE_NAME = "whatsmyname-list", "whatsmyname-list-state"
FRESH_FOR = timedelta(days=7)
"""A list younger than this is used without asking."""
USABLE_FOR = timedelta(days=90)
"""Sites change: what an older list says is no clear answer any more."""

_logger = logging.getLogger(__name__)


class ListMissing(SourceError):
    """There is no list yet, and none could be fetched: ``cause`` says why. No site was asked; that is no "nothing found"."""

    title = N_("The list of sites for this check could not be fetched. So we asked no site.")

    def __init__(self, cause: SourceError) -> None:
        super().__init__(type(cause).__name__)
        self.title = f"{_(ListMissing.title)} {_(cause.title)}"
        self.remedy = cause.remedy


class ListRefused(SourceError):
    """The list's place answers with something else. The argument is the status."""

    title = N_("Its place at GitHub did not hand it out.")


class ListOld(SourceError):
    """All sites were asked, but by a list that is too old to be sure."""

    title = N_("We asked by an old list of sites, as no newer one came. Some of it may be wrong.")


@dataclass(frozen=True)
class KeptList:
    """A list that was read. ``current_at``: when it was known to be current, None where nobody knows; ``state``: what its
    place calls it (ETag), None where that is not known.
    """

    content: bytes = field(repr=False)
    sites: tuple[Site, ...]
    current_at: datetime | None = None
    state: str | None = None


class SiteList:
    """The list, fetched when there is none or when it is a week old.

    Args:
        cache: where it is kept.
        address: where it is fetched.
        data: the file that came with this copy of PrivacyGuard, if there is one.
        clock: the time, with its zone.
    """

    def __init__(
        self, cache: Cache, address: str, data: Path = DATA, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._cache = cache
        self._address = address
        self._data = data
        self._clock = clock

    def current(self, gateway: Gateway) -> KeptList:
        """The list as kept or as fetched now; the kept one also where a newer one cannot be had.

        Raises:
            ListMissing, ListDamaged: there is none, and none that can be used came.
        """
        kept = self._kept() or self._shipped()
        if kept is not None and self._is_younger(kept, FRESH_FOR):
            return kept
        try:
            return self._fetched(kept, gateway)
        except SourceError as error:
            if kept is not None:
                _logger.warning("the list of sites could not be renewed: %s", type(error).__name__)
                return kept
            if isinstance(error, ListDamaged):
                raise
            raise ListMissing(error) from error

    def is_old(self, kept: KeptList) -> bool:
        """Whether it is known to be too old for a clear answer."""
        return kept.current_at is not None and not self._is_younger(kept, USABLE_FOR)

    def _fetched(self, kept: KeptList | None, gateway: Gateway) -> KeptList:
        """The list as it is now, kept from now on. Raises :class:`SourceError`; then what was kept stays."""
        state = kept.state if kept is not None else None
        reply = gateway.get(
            self._address,
            what=N_("nothing personal"),
            purpose=N_("the list of sites to look at"),
            headers=if_changed(state, None),
            max_bytes=LIST_BYTES,
        )
        if reply.status == 304 and kept is not None and state is not None:
            self._cache.save(LIST_NAME, kept.content)  # from now on it is known to be current
            return replace(kept, current_at=self._clock())
        if reply.status != 200:
            raise ListRefused(f"status {reply.status}")
        return self._keep(reply)

    def _keep(self, reply: Reply) -> KeptList:
        reply.text()  # raises where a network's own page came, or where it may have been cut
        sites, state = read_sites(reply.body), validators(reply)[0]
        self._cache.save(LIST_NAME, reply.body)
        self._cache.save(STATE_NAME, f"{_fingerprint(reply.body)} {state or ''}".encode())
        return KeptList(reply.body, sites, self._clock(), state)

    def _kept(self) -> KeptList | None:
        """The list in the cache; None where there is none, or one that this version does not read."""
        found = self._cache.load(LIST_NAME)
        if found is None:
            return None
        content, current_at = found
        try:
            return KeptList(content, read_sites(content), current_at, self._state_of(content))
        except ListDamaged:
            _logger.warning("the list of sites that was kept is not of its form")
            return None

    def _state_of(self, content: bytes) -> str | None:
        """What the list's place calls this very content: the two are kept one after the other, so they may not belong
        together."""
        found = self._cache.load(STATE_NAME)
        fingerprint, _space, state = found[0].decode("ascii", "replace").partition(" ") if found else ("", "", "")
        return state or None if fingerprint == _fingerprint(content) else None

    def _shipped(self) -> KeptList | None:
        try:
            content = self._data.read_bytes()
            return KeptList(content, read_sites(content))
        except FileNotFoundError:
            return None
        except (OSError, ListDamaged) as error:
            _logger.warning("the list of sites that came along cannot be used: %s", type(error).__name__)
            return None

    def _is_younger(self, kept: KeptList, limit: timedelta) -> bool:
        """A time that lies ahead counts as old: the clock was set back since."""
        return kept.current_at is not None and timedelta(0) <= self._clock() - kept.current_at < limit


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
