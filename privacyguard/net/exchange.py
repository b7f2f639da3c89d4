"""One request on the wire and its reply, within limits of time and size. Nothing is repeated or followed here."""

import ssl
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from privacyguard.errors import ConnectionLost, ReplyTooLarge, TimedOut, UnexpectedReply
from privacyguard.model.progress import CancelToken
from privacyguard.net.addresses import Address
from privacyguard.net.dialer import Dialer, Place, Resolver, detour_for
from privacyguard.net.failures import converted
from privacyguard.net.home import Origin, is_home_text
from privacyguard.net.reply import Reply
from privacyguard.net.request import number_and_port
from privacyguard.net.transport import guarded_adapter

if TYPE_CHECKING:
    import requests

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CODINGS = frozenset({"", "identity", "gzip", "x-gzip"})
_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Timeouts:
    """Seconds: for the look-up and again for the connection; from one byte to the next; for a whole reply."""

    connect_s: float = 10.0
    first_byte_s: float = 20.0
    total_s: float = 60.0


@dataclass(frozen=True)
class Wire:
    """How requests of one source travel.

    ``detours``: places on this computer that stand for others; ``proxies``: scheme, or scheme and host, to a proxy ("" for
    none); ``own_hosts``: the source's fixed hosts; ``home``: the base that the person typed and confirmed.
    """

    resolver: Resolver
    timeouts: Timeouts
    tls: ssl.SSLContext
    detours: Mapping[Place, Place]
    proxies: Mapping[str, str]
    own_hosts: frozenset[str]
    home: Origin | None = None

    def exchange(
        self, prepared: "requests.PreparedRequest", address: Address, max_bytes: int, cancel: CancelToken
    ) -> Reply:
        """Send the request and read the reply; the body of a redirect is left unread.

        Raises:
            SourceError: NoNetwork, ConnectionLost, CertificateRefused, TimedOut, ReplyTooLarge, AddressRefused,
                NetworkIntercepted or UnexpectedReply.
            Cancelled: at once.
        """
        with converted(cancel.check):
            proxy = self._proxy_for(prepared, address)
        dialer = Dialer(
            cancel,
            self.resolver,
            self.timeouts.connect_s,
            detours=self.detours,
            proxies=frozenset({proxy}) if proxy else frozenset(),
            own_hosts=self.own_hosts,
            home=self.home,
        )
        with _Deadline(self.timeouts.total_s, dialer, cancel) as deadline, converted(deadline.check):
            if proxy and address.host not in self.own_hosts:
                # The proxy resolves for itself: what a service named is looked up here as well.
                dialer.allowed_numbers(address.host, address.port)
            timeout = self.timeouts.connect_s, self.timeouts.first_byte_s
            proxies = dict(self.proxies) if proxy else {}
            with (
                closing(guarded_adapter(dialer, self.tls)) as adapter,
                adapter.send(prepared, stream=True, timeout=timeout, proxies=proxies) as sent,
            ):
                is_whole = sent.raw.chunked or sent.raw.length_remaining is not None
                body = b"" if sent.status_code in REDIRECTS else _whole_body(sent, max_bytes)
                headers = {name.lower(): text for name, text in sent.headers.items()}
                return Reply(sent.status_code, headers, body, is_whole)

    def _proxy_for(self, prepared: "requests.PreparedRequest", address: Address) -> Place | None:
        """Host and port of the proxy for this request. None without one: it cannot reach this computer's own places."""
        from requests.utils import select_proxy
        from urllib3.util import parse_url

        proxy = select_proxy(prepared.url or "", dict(self.proxies))
        if not proxy or detour_for(self.detours, address.host, address.port) is not None:
            return None
        if address.origin == self.home and is_home_text(address.host):
            return None
        parts = parse_url(proxy if "://" in proxy else f"http://{proxy}")
        return (parts.host or "").strip("[]"), parts.port or (443 if parts.scheme == "https" else 80)


class _Deadline:
    """Cuts the connections of a request when its time is up, and knows afterwards why they were cut."""

    def __init__(self, total_s: float, dialer: Dialer, cancel: CancelToken) -> None:
        self._dialer = dialer
        self._cancel = cancel
        self._is_over = threading.Event()
        self._timer = threading.Timer(total_s, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._timer.cancel()
        self._dialer.close()

    def check(self) -> None:
        """Raise where we cut the connection ourselves: Cancelled or :class:`TimedOut`."""
        self._cancel.check()
        if self._is_over.is_set():
            raise TimedOut("whole reply")

    def _end(self) -> None:
        self._is_over.set()
        self._dialer.cut_off()


def _whole_body(sent: "requests.Response", max_bytes: int) -> bytes:
    """The body, decoded. Both the bytes on the wire and the decoded ones are limited while they come."""
    coding = sent.headers.get("Content-Encoding", "").strip().lower()
    if coding not in _CODINGS:
        raise UnexpectedReply("a coding that we did not ask for")
    length = sent.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:15]) > max_bytes:
        raise ReplyTooLarge("named length")
    on_the_wire = _limited(sent.raw.stream(_CHUNK, decode_content=False), max_bytes)
    return b"".join(_limited(_unpacked(on_the_wire), max_bytes) if coding.endswith("gzip") else on_the_wire)


def _limited(parts: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > max_bytes:
            raise ReplyTooLarge("bytes")
        yield part


def _unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """What was packed with gzip, a little at a time. Its own end is looked for: one that was cut is no reply."""
    packed = None
    for part in parts:
        rest, is_full = part, False
        while rest or is_full:
            packed = packed or zlib.decompressobj(_GZIP)
            try:
                decoded = packed.decompress(rest, _CHUNK)
            except zlib.error:
                raise UnexpectedReply("not packed as it says") from None
            yield decoded
            rest, is_full = packed.unconsumed_tail, len(decoded) == _CHUNK
            if packed.eof:
                rest, packed, is_full = packed.unused_data, None, False
    if packed is not None:
        raise ConnectionLost("packed, and cut")


def detours_of(base: tuple[str, str, int] | None, resolve: Mapping[str, str]) -> dict[Place, Place]:
    """Where a configured base (scheme, host, port) and the names of ``[net] resolve`` are really found."""
    places: dict[Place, Place] = {(name, 0): number_and_port(place) for name, place in resolve.items()}
    if base is not None:
        _, host, port = base
        places[host, port] = ("127.0.0.1" if host == "localhost" else host, port)
    return places
