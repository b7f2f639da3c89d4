"""The one door to the network: allow-listed hosts, a record before each request, patience, redirects, cancel at once."""

import json as json_text
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from privacyguard.errors import (
    CodeMissing,
    CodeRefused,
    ConnectionLost,
    HostRefused,
    NetworkIntercepted,
    ServiceDown,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, SourceInfo
from privacyguard.net.addresses import Address, in_ascii, is_loopback, parse
from privacyguard.net.dialer import Resolver, system_resolver
from privacyguard.net.exchange import REDIRECTS, Timeouts, Wire, detours_of
from privacyguard.net.failures import converted
from privacyguard.net.pacing import Pace, retry_after_s
from privacyguard.net.reply import Reply
from privacyguard.net.request import Headers, Request, origin_of, size_on_the_wire
from privacyguard.net.transport import tls_context

REPLY_BYTES = 32 * 1024 * 1024
PICTURE_BYTES = 32 * 1024 * 1024
REDIRECTS_AT_MOST = 5
TRIES = 3
WAIT_AT_MOST_S = 60.0


@dataclass(frozen=True)
class NetSettings:
    """How the network is to be used.

    ``bases``: source id to a configured base address on this computer; ``resolve``: exact name to "number:port" on this
    computer (tests); ``proxies``: scheme, or scheme and host, to the system's proxy, "" for none.
    """

    user_agent: str
    bases: Mapping[str, str] = field(default_factory=dict)
    resolve: Mapping[str, str] = field(default_factory=dict)
    proxies: Mapping[str, str] = field(default_factory=dict)


class Network:
    """What all gateways of one run share: the settings, the pace for each host, and where requests are recorded.

    Args:
        record: keeps a disclosure for good before it returns; when it raises, nothing is sent.
        settings: see :class:`NetSettings`.
        clock: the time, with its zone.
        monotonic_s: seconds that never jump, for the pace.
        resolver: name and port to numbers.
        chance: 0..1, for spreading repeated tries.
        tls: what certificates are trusted; certifi's list when None.
        timeouts: for one request with its reply.
    """

    def __init__(
        self,
        record: Callable[[Disclosure], None],
        settings: NetSettings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_s: Callable[[], float] = time.monotonic,
        resolver: Resolver = system_resolver,
        chance: Callable[[], float] = random.random,
        tls: ssl.SSLContext | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.record = record
        self.settings = settings
        self.clock = clock
        self.resolver = resolver
        self.chance = chance
        self.pace = Pace(monotonic_s)
        self.timeouts = timeouts or Timeouts()
        self._tls = tls

    @property
    def tls(self) -> ssl.SSLContext:
        """The certificates that are trusted, loaded at first use."""
        if self._tls is None:
            self._tls = tls_context()
        return self._tls

    def bind(self, info: SourceInfo, cancel: CancelToken, api_key: str | None = None) -> "Gateway":
        """The gateway for one run of one source.

        Raises:
            ValueError: a configured base or a detour is not on this computer; the settings refuse those before.
        """
        return Gateway(self, info, cancel, api_key)


class Gateway:
    """The network as one source may use it in one run. Every call blocks until the reply is whole, or raises."""

    def __init__(self, network: Network, info: SourceInfo, cancel: CancelToken, api_key: str | None) -> None:
        self.cancel = cancel
        self._network = network
        self._info = info
        self._key = api_key
        settings = network.settings
        base = settings.bases.get(info.id)
        self._base = origin_of(base) if base else None
        self._exceptions = frozenset({self._base}) if self._base else frozenset()
        self._names = frozenset(settings.resolve)
        self._detours = detours_of(self._base, settings.resolve)
        if not all(is_loopback(number) for number, _ in self._detours.values()):
            raise ValueError("a detour that leads off this computer")

    @property
    def api_key(self) -> str:
        """The person's code for this source, for ``secret_headers`` only.

        Raises:
            CodeMissing: there is none.
            CodeRefused: it holds characters that no code has and no header can carry.
        """
        if not self._key:
            raise CodeMissing(self._info.id)
        if not self._key.isascii() or not self._key.isprintable() or " " in self._key:
            raise CodeRefused("form")
        return self._key

    def get(
        self,
        url: str,
        *,
        what: str,
        purpose: str,
        headers: Headers | None = None,
        secret_headers: Headers | None = None,
        max_bytes: int = REPLY_BYTES,
    ) -> Reply:
        """Ask with GET. ``what`` and ``purpose`` go into the record: the kind of data that leaves, and why.

        Raises:
            SourceError: one of its kinds for each thing that can go wrong; 429 and 5xx among them. Other statuses are
                the source's to read.
            Cancelled: at once.
        """
        request = Request("GET", url, what, purpose, headers or {}, secret_headers or {}, max_bytes=max_bytes)
        return self._fetch(request, self._check_listed)

    def post(
        self,
        url: str,
        *,
        json: object,
        what: str,
        purpose: str,
        headers: Headers | None = None,
        secret_headers: Headers | None = None,
    ) -> Reply:
        """Send JSON with POST. Never repeated, never redirected: it may have arrived. Raises as :meth:`get`."""
        body = json_text.dumps(json).encode()
        sent = {**(headers or {}), "Content-Type": "application/json"}
        request = Request("POST", url, what, purpose, sent, secret_headers or {}, body, REPLY_BYTES)
        return self._fetch(request, self._check_listed)

    def picture(self, url: str, *, what: str, purpose: str) -> bytes:
        """The bytes at an address that a service named: any public https address, if the source's card says so.

        Raises:
            HostRefused: the card does not say so.
            AddressRefused: the guard says no.
            SourceError: as :meth:`get`; a status other than 200, or a page, is an :class:`UnexpectedReply`.
        """
        accepted = {"Accept": "image/*"}
        request = Request("GET", in_ascii(url), what, purpose, accepted, max_bytes=PICTURE_BYTES)
        reply = self._fetch(request, self._check_pictures_allowed)
        if reply.status != 200 or not reply.body or reply.is_page:
            raise UnexpectedReply("no picture at this address")
        return reply.body

    def _check_listed(self, address: Address) -> None:
        """A configured base stands in for all the source's hosts: then none of them is asked."""
        allowed = address.origin == self._base if self._base else address.host in self._info.hosts
        if not allowed:
            raise HostRefused(self._info.id)

    def _check_pictures_allowed(self, address: Address) -> None:
        if not self._info.fetches_pictures:
            self._check_listed(address)

    def _fetch(self, request: Request, check: Callable[[Address], None]) -> Reply:
        for _ in range(REDIRECTS_AT_MOST + 1):
            address = self._parsed(request.url)
            check(address)
            reply = self._with_patience(request, address)
            if reply.status not in REDIRECTS:
                return reply
            request = self._following(request, address, reply)
        raise UnexpectedReply("too many redirects")

    def _parsed(self, url: str) -> Address:
        return parse(url, exceptions=self._exceptions, names=self._names)

    def _following(self, request: Request, address: Address, reply: Reply) -> Request:
        """The request that a redirect asks for. A secret goes on to the same scheme, host and port only."""
        location = reply.headers.get("location", "")
        if request.body is not None or not location:
            raise UnexpectedReply("redirect")
        try:
            target = urljoin(request.url, location)
        except ValueError:
            raise UnexpectedReply("redirect") from None
        is_same = self._parsed(target).origin == address.origin
        return replace(request, url=target, secret_headers=request.secret_headers if is_same else {})

    def _with_patience(self, request: Request, address: Address) -> Reply:
        """The reply; asked again where the service names a short wait, and once where the connection broke."""
        attempt = 0
        while True:
            self._network.pace.wait_turn(address.host, self._info.per_minute, self._info.gap_s, self.cancel)
            back_off_s = 2.0**attempt * (0.5 + self._network.chance())
            attempt += 1
            may_repeat = request.body is None and attempt < TRIES
            try:
                reply = self._once(request, address)
            except ConnectionLost:
                if not may_repeat or attempt > 1:
                    raise
                self.cancel.wait(back_off_s)
                continue
            if reply.status != 429 and reply.status < 500:
                return reply
            self.cancel.wait(self._wait_asked_for(reply, back_off_s, may_repeat))

    def _wait_asked_for(self, reply: Reply, back_off_s: float, may_repeat: bool) -> float:
        """Seconds to wait before the request is repeated. Raises where it is not to be repeated."""
        asked_s = retry_after_s(reply.headers.get("retry-after"), self._network.clock())
        if reply.status == 511:  # RFC 6585: sign in to this network first
            raise NetworkIntercepted("status 511")
        if reply.status == 429:
            wait_s = back_off_s if asked_s is None else asked_s
            if not may_repeat or wait_s > WAIT_AT_MOST_S:
                raise TooManyRequests(asked_s)
            return wait_s
        if reply.status != 503 or asked_s is None or not may_repeat or asked_s > WAIT_AT_MOST_S:
            raise ServiceDown(f"status {reply.status}")
        return asked_s

    def _once(self, request: Request, address: Address) -> Reply:
        """Record the request, then make it."""
        network = self._network
        with converted(self.cancel.check):
            prepared = request.prepared(address, network.settings.user_agent)
        size = size_on_the_wire(prepared)
        network.record(Disclosure(network.clock(), address.host, self._info.id, request.what, request.purpose, size))
        self.cancel.check()
        wire = Wire(
            network.resolver,
            network.timeouts,
            network.tls,
            self._detours,
            network.settings.proxies,
            frozenset() if self._base else self._info.hosts,
        )
        return wire.exchange(prepared, address, request.max_bytes, self.cancel)
