"""The one door to the network: allow-listed hosts, a record before each request, limits, time-outs, cancel at once."""

import json as json_text
import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from privacyguard.errors import (
    CodeMissing,
    HostRefused,
    ReplyTooLarge,
    ServiceDown,
    TimedOut,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, SourceInfo
from privacyguard.net.addresses import Address, parse, percent_encoded
from privacyguard.net.dialer import Dialer, Resolver, system_resolver
from privacyguard.net.failures import converted
from privacyguard.net.pacing import Pace, retry_after_s
from privacyguard.net.reply import Reply
from privacyguard.net.request import Headers, Request, number_and_port, origin_of, size_on_the_wire
from privacyguard.net.transport import guarded_session, tls_context

if TYPE_CHECKING:
    import requests

READ_TIMEOUT_S = 20.0
TOTAL_TIMEOUT_S = 60.0
REPLY_BYTES = 32 * 1024 * 1024
PICTURE_BYTES = 32 * 1024 * 1024
REDIRECTS_AT_MOST = 5
TRIES = 3
WAIT_AT_MOST_S = 60.0
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class NetSettings:
    """How the network is to be used.

    ``bases``: source id to a configured base address on this computer; ``resolve``: exact name to "number:port" (tests);
    ``proxies``: scheme to the system's proxy.
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
        resolver: name and port to numbers.
        chance: 0..1, for spreading repeated tries.
        tls: what certificates are trusted; certifi's list when None.
        total_timeout_s: for one request with its reply.
    """

    def __init__(
        self,
        record: Callable[[Disclosure], None],
        settings: NetSettings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolver: Resolver = system_resolver,
        chance: Callable[[], float] = random.random,
        tls: ssl.SSLContext | None = None,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        self.record = record
        self.settings = settings
        self.clock = clock
        self.resolver = resolver
        self.chance = chance
        self.pace = Pace(time.monotonic)
        self.total_timeout_s = total_timeout_s
        self._tls = tls

    @property
    def tls(self) -> ssl.SSLContext:
        """The certificates that are trusted, loaded at first use."""
        if self._tls is None:
            self._tls = tls_context()
        return self._tls

    def bind(self, info: SourceInfo, cancel: CancelToken, api_key: str | None = None) -> "Gateway":
        """The gateway for one run of one source."""
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
        self._names = frozenset(settings.resolve)
        detours = {(name, 0): number_and_port(place) for name, place in settings.resolve.items()}
        if self._base is not None:
            _, host, port = self._base
            detours[host, port] = ("127.0.0.1" if host == "localhost" else host.strip("[]"), port)
        proxy_hosts = frozenset(urlsplit(proxy).hostname or "" for proxy in settings.proxies.values())
        self._detours, self._proxy_hosts = detours, proxy_hosts

    @property
    def api_key(self) -> str:
        """The person's code for this source. Raises :class:`CodeMissing`. Hand it over in ``secret_headers`` only."""
        if not self._key:
            raise CodeMissing(self._info.id)
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
        request = Request("GET", url, what, purpose, dict(headers or {}), dict(secret_headers or {}), None, max_bytes)
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
        """Send JSON with POST. Not repeated after a failed connection: it may have arrived. Raises as :meth:`get`."""
        body = json_text.dumps(json).encode()
        sent = {**(headers or {}), "Content-Type": "application/json"}
        request = Request("POST", url, what, purpose, sent, dict(secret_headers or {}), body, REPLY_BYTES)
        return self._fetch(request, self._check_listed)

    def picture(self, url: str, *, what: str, purpose: str) -> bytes:
        """The bytes at an address that a service named: any public https address, if the source's card says so.

        Raises:
            HostRefused: the card does not say so.
            AddressRefused: the guard says no.
            SourceError: as :meth:`get`; a status other than 200 is an :class:`UnexpectedReply`.
        """
        accepted = {"Accept": "image/*"}
        request = Request("GET", percent_encoded(url), what, purpose, accepted, {}, None, PICTURE_BYTES)
        reply = self._fetch(request, self._check_pictures_allowed)
        if reply.status != 200 or not reply.body:
            raise UnexpectedReply("no picture at this address")
        return reply.body

    def _check_listed(self, address: Address) -> None:
        if address.host not in self._info.hosts and address.origin != self._base:
            raise HostRefused(self._info.id)

    def _check_pictures_allowed(self, address: Address) -> None:
        if not self._info.fetches_pictures:
            self._check_listed(address)

    def _fetch(self, request: Request, check: Callable[[Address], None]) -> Reply:
        for _ in range(REDIRECTS_AT_MOST + 1):
            address = self._parsed(request.url)
            check(address)
            reply = self._with_patience(request, address)
            if reply.status not in _REDIRECTS:
                return reply
            target = urljoin(request.url, reply.headers.get("location", ""))
            following = self._parsed(target)
            secret = request.secret_headers if following.origin == address.origin else {}
            if request.body is not None or not reply.headers.get("location"):
                raise UnexpectedReply("redirect")
            request = replace(request, url=target, secret_headers=secret)
        raise UnexpectedReply("too many redirects")

    def _parsed(self, url: str) -> Address:
        exceptions = frozenset({self._base}) if self._base else frozenset()
        return parse(url, exceptions=exceptions, names=self._names)

    def _with_patience(self, request: Request, address: Address) -> Reply:
        """The reply, tried again where the service asks for a short wait."""
        for attempt in range(TRIES):
            self._network.pace.wait_turn(address.host, self._info.per_minute, self.cancel)
            reply = self._once(request, address)
            if reply.status != 429 and reply.status < 500:
                return reply
            asked_s = retry_after_s(reply.headers.get("retry-after"), self._network.clock())
            wait_s = asked_s if asked_s is not None else 2.0**attempt * (0.5 + self._network.chance())
            is_last = attempt == TRIES - 1 or wait_s > WAIT_AT_MOST_S
            if reply.status == 429 and is_last:
                raise TooManyRequests(asked_s)
            if is_last or request.body is not None or (asked_s is None and reply.status != 429):
                raise ServiceDown(f"status {reply.status}")
            self.cancel.wait(wait_s)
        raise ServiceDown("no answer")

    def _once(self, request: Request, address: Address) -> Reply:
        headers = {
            "Host": address.url.split("/", 3)[2],
            "User-Agent": self._network.settings.user_agent,
            "Accept-Encoding": "gzip",
            "Accept": "*/*",
            "Connection": "close",
            **request.headers,
            **request.secret_headers,
        }
        if request.body is not None:
            headers["Content-Length"] = str(len(request.body))
        self._record(request, address, headers)
        self.cancel.check()
        dialer = Dialer(self.cancel, self._network.resolver, self._detours, self._proxy_hosts)
        timer = threading.Timer(self._network.total_timeout_s, dialer.cut_off)
        timer.daemon = True
        timer.start()
        started = time.monotonic()
        try:
            session = guarded_session(dialer, self._network.tls, dict(self._network.settings.proxies))
            with session, converted(self.cancel):
                sent = session.request(
                    request.method,
                    request.url,
                    headers=headers,
                    data=request.body,
                    stream=True,
                    allow_redirects=False,
                    timeout=READ_TIMEOUT_S,
                )
                with sent:
                    body = self._read(sent, request.max_bytes)
                    named = {name.lower(): value for name, value in sent.headers.items()}
                    return Reply(sent.status_code, named, body)
        except UnexpectedReply:
            if time.monotonic() - started >= self._network.total_timeout_s:
                raise TimedOut("whole reply") from None
            raise
        finally:
            timer.cancel()
            dialer.close()

    def _record(self, request: Request, address: Address, headers: Headers) -> None:
        now, size = self._network.clock(), size_on_the_wire(request, address, headers)
        self._network.record(Disclosure(now, address.host, self._info.id, request.what, request.purpose, size))

    def _read(self, sent: "requests.Response", max_bytes: int) -> bytes:
        """The whole body, decoded. Both the bytes on the wire and the decoded ones are limited while they come."""
        parts: list[bytes] = []
        size = 0
        for part in sent.raw.stream(_CHUNK, decode_content=True):
            self.cancel.check()
            size += len(part)
            if size > max_bytes or sent.raw.tell() > max_bytes:
                raise ReplyTooLarge(self._info.id)
            parts.append(part)
        length = sent.headers.get("Content-Length", "")
        if length.isdecimal() and sent.raw.tell() < int(length) and sent.status_code not in {204, 304}:
            raise UnexpectedReply("cut in the middle")
        return b"".join(parts)
