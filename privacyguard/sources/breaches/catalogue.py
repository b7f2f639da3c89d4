"""The public list of leaks of Have I Been Pwned, compared here with the services and organisations a person named.

The whole list is downloaded and kept, so nobody learns what the person looks for. API: https://haveibeenpwned.com/API/v3
(read 2026-10-04): ``/breaches``, ``/latestbreach``; the data is under CC BY 4.0.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import Cache
from privacyguard.sources.breaches.hibp_model import BASE_URL, HOST, TERMS_URL, parse_breaches
from privacyguard.sources.reading import a_list, a_text, an_object

CACHE_NAME = "hibp-breaches"
FRESH_FOR = timedelta(hours=20)
"""A list younger than this is used without asking; then the newest entry is asked for first."""
USABLE_FOR = timedelta(days=30)
"""Without a connection an older list is no answer."""

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


class BreachCatalogue:
    """Compares services with all known leaks."""

    info = SourceInfo(
        id="catalogue",
        name=N_("List of all known leaks"),
        theme=Theme.LEAKS,
        finds=N_("Leaks at the services and organisations that you name."),
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
        self._read: tuple[bytes, list[Breach]] | None = None

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks at this service or organisation, by site or by name."""
        for breach in self._breaches(gateway):
            if is_same_service(identifier.value, breach):
                yield breach

    def _breaches(self, gateway: Gateway) -> list[Breach]:
        content = self._content(gateway)
        if self._read is None or self._read[0] is not content:
            self._read = content, parse_breaches(json.loads(content))
        return self._read[1]

    def _content(self, gateway: Gateway) -> bytes:
        """The list as kept or as downloaded now; an old one only while there is no connection."""
        kept = (self._read[0], None) if self._read else self._cache.load(CACHE_NAME)
        if kept is None:
            return self._download(gateway)
        content, kept_at = kept
        if kept_at is None or self._clock() - kept_at < FRESH_FOR:
            return content
        try:
            is_current = self._newest(gateway) in _names(content)
            if not is_current:
                return self._download(gateway)
        except SourceError:
            if self._clock() - kept_at > USABLE_FOR:
                raise
            return content
        self._cache.save(CACHE_NAME, content)
        return content

    def _newest(self, gateway: Gateway) -> str:
        reply = gateway.get(
            f"{self.base_url}/latestbreach", what=N_("nothing personal"), purpose=N_("news in the list of all leaks")
        )
        if reply.status != 200:
            raise UnexpectedReply(f"status {reply.status}")
        return a_text(an_object(reply.json()).get("Name"))

    def _download(self, gateway: Gateway) -> bytes:
        reply = gateway.get(f"{self.base_url}/breaches", what=N_("nothing personal"), purpose=N_("list of all leaks"))
        if reply.status != 200:
            raise UnexpectedReply(f"status {reply.status}")
        if not parse_breaches(reply.json()):
            raise UnexpectedReply("an empty list")
        self._cache.save(CACHE_NAME, reply.body)
        return reply.body


def is_same_service(service: str, breach: Breach) -> bool:
    """Whether a service the person named is where this leak happened: the same site, or the same name.

    A named site also stands for its own parts (``mail.example.org`` for ``example.org``).
    """
    named = service.lower().strip().removeprefix("https://").removeprefix("http://").split("/")[0]
    site = named.removeprefix("www.")
    if breach.domain and "." in site and (site == breach.domain or site.endswith(f".{breach.domain}")):
        return True
    words = _plain_name(service)
    return bool(words) and words in {_plain_name(breach.title), _plain_name(breach.name)}


def _plain_name(text: str) -> str:
    return _NOT_A_NAME.sub("", text.lower())


def _names(content: bytes) -> set[str]:
    return {a_text(an_object(each).get("Name")) for each in a_list(json.loads(content))}
