"""The one door to the network: allow-listed hosts, a record before each request, patience, redirects, cancel at once."""

import json as json_text
import random
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from privacyguard.errors import (
    AddressRefused,
    CodeMissing,
    CodeRefused,
    ConnectionLost,
    HostRefused,
    NetworkIntercepted,
    ServiceDown,
    UnexpectedReply,
)
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, Limit, SourceInfo
from privacyguard.net.addresses import Address, in_ascii, is_loopback, parse
from privacyguard.net.dialer import Resolver, system_resolver
from privacyguard.net.exchange import REDIRECTS, Timeouts, Wire, detours_of
from privacyguard.net.failures import converted
from privacyguard.net.pacing import WAIT_AT_MOST_S, Pace, PaceStore, back_off_s, retry_after_s, steady_s, too_many
from privacyguard.net.reply import Reply
from privacyguard.net.request import Headers, Request, size_on_the_wire
from privacyguard.net.settings import NetSettings
from privacyguard.net.transport import tls_context

__all__ = ["Gateway", "NetSettings", "Network"]

REPLY_BYTES = 32 * 1024 * 1024
PICTURE_BYTES = 32 * 1024 * 1024
REDIRECTS_AT_MOST = 5
TRIES = 3


class Network:
    """What all gateways of one run share: the settings, the pace for each host, and where requests are recorded.

    Args:
        record: keeps a disclosure for good before it returns; when it raises, nothing is sent.
        settings: see :class:`NetSettings`.
        pace_store: keeps the pace of each host for the next run; None for this run only.
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
        pace_store: PaceStore | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_s: Callable[[], float] = steady_s,
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
        self.pace = Pace(monotonic_s, clock, pace_store)
        self.allowed: dict[str, tuple[Limit, ...]] = {}
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
            AddressRefused: the confirmed base is not one that may be confirmed.
        """
        self.allowed.pop(info.id, None)
        return Gateway(self, info, cancel, api_key)

    def limits_of(self, info: SourceInfo) -> tuple[Limit, ...]:
        """How often a host of this source may be asked: what the service itself allowed in this run, else its card."""
        return self.allowed.get(info.id, info.limits)

    def remaining_s(self, info: SourceInfo, host: str | None, requests: int) -> float | None:
        """Seconds until the last of so many more requests may go; None where the host wants to be left alone till later.

        ``host``: None for the source's base, or else the first of its hosts by name.
        """
        base = self.settings.base_of(info.id)
        place = host or (Address(*base, "").authority if base else min(info.hosts, default=""))
        return self.pace.remaining_s(place, self.limits_of(info), requests)


class Gateway:
    """The network as one source may use it in one run. Every call blocks until the reply is whole, or raises."""

    def __init__(self, network: Network, info: SourceInfo, cancel: CancelToken, api_key: str | None) -> None:
        self.cancel = cancel
        self._network = network
        self._info = info
        self._key = api_key
        settings = network.settings
        self._base = settings.base_of(info.id)
        self._home = settings.home_of(info.id)
        self._exceptions = frozenset({self._base}) if self._base else frozenset()
        self._names = frozenset(settings.resolve)
        self._detours = detours_of(None if self._home else self._base, settings.resolve)
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

    @property
    def limits(self) -> tuple[Limit, ...]:
        """How often one host may be asked; all of them hold."""
        return self._network.limits_of(self._info)

    def allow(self, limits: tuple[Limit, ...]) -> None:
        """The service itself said how often it may be asked (a subscription): in place of the card's limits, for this run.

        Raises:
            ValueError: no limit, or one that allows nothing.
        """
        if not limits or any(limit.count < 1 or limit.seconds <= 0 for limit in limits):
            raise ValueError("a limit that is none")
        self._network.allowed[self._info.id] = limits

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
        address = self._admitted(request, check)
        for _ in range(REDIRECTS_AT_MOST + 1):
            reply = self._with_patience(request, address)
            if reply.status not in REDIRECTS:
                return reply
            request, address = self._following(request, address, reply, check)
        raise UnexpectedReply("too many redirects")

    def _admitted(self, request: Request, check: Callable[[Address], None]) -> Address:
        address = parse(request.url, exceptions=self._exceptions, names=self._names)
        check(address)
        return address

    def _following(
        self, request: Request, address: Address, reply: Reply, check: Callable[[Address], None]
    ) -> tuple[Request, Address]:
        """The request that a redirect asks for. A secret goes on to the same scheme, host and port only."""
        moved = request.moved(reply.headers.get("location", ""))
        try:
            target = self._admitted(moved, check)
            if target.origin == self._home != address.origin:  # nobody else leads into a home network
                raise AddressRefused("redirect")
        except (AddressRefused, HostRefused):
            # Without TLS anybody on the way can answer: then it is the sign-in page of this network.
            if address.scheme == "http" and address.origin != self._home:
                raise NetworkIntercepted("redirect") from None
            raise
        is_same = target.origin == address.origin
        return replace(moved, secret_headers=request.secret_headers if is_same else {}), target

    def _with_patience(self, request: Request, address: Address) -> Reply:
        """The reply; asked again where the service names a short wait, and once where the connection broke."""
        network = self._network
        attempt = 0
        while True:
            network.pace.wait_turn(address.authority, self.limits, self.cancel)
            pause_s = back_off_s(attempt, network.chance())
            attempt += 1
            may_repeat = request.body is None and attempt < TRIES
            try:
                reply = self._once(request, address)
            except ConnectionLost:
                if not may_repeat or attempt > 1:
                    raise
            else:
                if reply.status != 429 and reply.status < 500:
                    return reply
                if self._asks_to_wait(reply, address, may_repeat):
                    continue  # waiting for the next turn is waiting for what the host asked
            self.cancel.wait(pause_s)

    def _asks_to_wait(self, reply: Reply, address: Address, may_repeat: bool) -> bool:
        """Whether the service named a wait, which is remembered. Raises where the request is not to be repeated."""
        if reply.status == 511:  # RFC 6585: sign in to this network first
            raise NetworkIntercepted("status 511")
        asked_s = retry_after_s(reply.headers.get("retry-after"), self._network.clock())
        if asked_s is not None and reply.status in (429, 503):
            self._network.pace.leave_alone(address.authority, asked_s)
        is_short = may_repeat and (asked_s or 0.0) <= WAIT_AT_MOST_S
        if reply.status == 429 and not is_short:
            raise too_many(asked_s)
        if reply.status != 429 and (reply.status != 503 or asked_s is None or not is_short):
            raise ServiceDown(f"status {reply.status}")
        return asked_s is not None

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
            self._home,
        )
        network.pace.starts(address.authority)
        return wire.exchange(prepared, address, request.max_bytes, self.cancel)
