"""Sending one request with patience: its turn, a record before it leaves, repeated where that is safe, waits as asked."""

import random
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from privacyguard.errors import ConnectionLost, NetworkIntercepted, ServiceDown
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, Limit, SourceInfo
from privacyguard.net.addresses import Address
from privacyguard.net.dialer import Resolver, system_resolver
from privacyguard.net.exchange import Timeouts, Wire
from privacyguard.net.failures import converted
from privacyguard.net.pacing import WAIT_AT_MOST_S, Pace, PaceStore, back_off_s, retry_after_s, steady_s, too_many
from privacyguard.net.reply import Reply
from privacyguard.net.request import Request, size_on_the_wire
from privacyguard.net.settings import NetSettings
from privacyguard.net.transport import tls_context

TRIES = 3


class Shared:
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


class Sender:
    """Sends the requests of one source in one run. ``wire``: how they travel."""

    def __init__(self, shared: Shared, info: SourceInfo, wire: Callable[[], Wire], cancel: CancelToken) -> None:
        self._network = shared
        self._info = info
        self._wire = wire
        self._cancel = cancel

    def send(self, request: Request, address: Address) -> Reply:
        """The reply; asked again where the service names a short wait, and once where the connection broke."""
        network = self._network
        attempt = 0
        while True:
            network.pace.wait_turn(address.authority, network.limits_of(self._info), self._cancel)
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
            self._cancel.wait(pause_s)

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
        with converted(self._cancel.check):
            prepared = request.prepared(address, network.settings.user_agent)
        size = size_on_the_wire(prepared)
        network.record(Disclosure(network.clock(), address.host, self._info.id, request.what, request.purpose, size))
        self._cancel.check()
        network.pace.starts(address.authority)
        return self._wire().exchange(prepared, address, request.max_bytes, self._cancel)
