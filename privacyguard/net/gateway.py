"""The one door to the network: allow-listed hosts, a record before each request, patience, redirects, cancel at once."""

import json as json_text
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from privacyguard.errors import (
    AddressRefused,
    CodeMissing,
    CodeRefused,
    HostRefused,
    NetworkIntercepted,
    UnexpectedReply,
)
from privacyguard.model.progress import CancelToken
from privacyguard.model.sites import HOST
from privacyguard.model.source import Limit, SourceInfo
from privacyguard.net.addresses import Address, in_ascii, is_loopback, parse
from privacyguard.net.exchange import REDIRECTS, Wire, detours_of
from privacyguard.net.library import load_library
from privacyguard.net.named import NamedSites
from privacyguard.net.reply import Reply
from privacyguard.net.request import Headers, Request
from privacyguard.net.sending import TRIES, Sender, Shared
from privacyguard.net.settings import NetSettings

__all__ = ["TRIES", "Attachment", "Gateway", "NetSettings", "Network"]

REPLY_BYTES = 32 * 1024 * 1024
PICTURE_BYTES = 32 * 1024 * 1024
REDIRECTS_AT_MOST = 5
AFTERWARDS_S = 5.0
"""After the person stopped the work, for what must be said all the same."""


@dataclass(frozen=True)
class Attachment:
    """A file in a form: its name and type as the service is told, and the content. Never the name it has here."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


class Network(Shared):
    """The one way out: gives each source its gateway. Made with what :class:`~privacyguard.net.sender.Shared` takes."""

    def bind(
        self, info: SourceInfo, cancel: CancelToken, api_key: str | None = None, sites: Sequence[str] = ()
    ) -> "Gateway":
        """The gateway for one run of one source. ``sites``: addresses the person named, for a source of named sites.

        Raises:
            ValueError: a configured base or a detour is not on this computer; the settings refuse those before. Or the source
                is none of named sites.
            AddressRefused: the confirmed base is not one that may be confirmed, or a site is no address.
        """
        if sites and not info.named_sites:
            raise ValueError("sites for a source that asks none")
        self.allowed.pop(info.id, None)
        return Gateway(self, info, cancel, api_key, NamedSites.from_texts(sites))


class Gateway:
    """The network as one source may use it in one run. Every call blocks until the reply is whole, or raises."""

    def __init__(
        self, network: Network, info: SourceInfo, cancel: CancelToken, api_key: str | None, sites: NamedSites
    ) -> None:
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
        self._sites = sites
        self._sender = Sender(network, info, self._wire, cancel)

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

    @contextmanager
    def afterwards(self) -> Iterator["Gateway"]:
        """The same gateway for what has to be said even after the person stopped: that a photo is to be erased.

        Its calls raise Cancelled only :data:`AFTERWARDS_S` after the person stopped, before this or meanwhile.
        """
        cancel = CancelToken()
        timer = threading.Timer(AFTERWARDS_S, cancel.cancel)
        timer.daemon = True
        self.cancel.on_cancel(timer.start)
        try:
            yield Gateway(self._network, self._info, cancel, self._key, self._sites)
        finally:
            self.cancel.forget(timer.start)
            timer.cancel()

    def for_listed(self, hosts: Iterable[str]) -> "Gateway":
        """The gateway for the hosts on a list that the source fetched: each by its very name, and no others, also not the
        source's own. None of them gets the person's code, and none leads into this network.

        Raises:
            ValueError: the source's card does not say that it goes by a list, or a host is none.
        """
        listed = frozenset(hosts)
        if not self._info.listed_sites or not all(HOST.fullmatch(host) for host in listed):
            raise ValueError("hosts of a list for a source that has none, or no hosts")
        info = replace(self._info, hosts=frozenset())
        return Gateway(self._network, info, self.cancel, None, NamedSites(listed=listed))

    def get(
        self,
        url: str,
        *,
        what: str,
        purpose: str,
        headers: Headers | None = None,
        secret_headers: Headers | None = None,
        secret_query: Mapping[str, str] | None = None,
        max_bytes: int = REPLY_BYTES,
    ) -> Reply:
        """Ask with GET. ``what`` and ``purpose`` go into the record: the kind of data that leaves, and why.

        Raises:
            SourceError: one of its kinds for each thing that can go wrong; 429 and 5xx among them. Other statuses are
                the source's to read.
            Cancelled: at once.
        """
        secrets = secret_headers or {}, secret_query or {}
        request = Request("GET", url, what, purpose, headers or {}, *secrets, max_bytes=max_bytes)
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
        request = Request("POST", url, what, purpose, sent, secret_headers or {}, body=body, max_bytes=REPLY_BYTES)
        return self._fetch(request, self._check_listed)

    def post_form(
        self,
        url: str,
        *,
        files: Sequence[tuple[str, Attachment]],
        fields: Mapping[str, str] | None = None,
        what: str,
        purpose: str,
        headers: Headers | None = None,
        secret_headers: Headers | None = None,
    ) -> Reply:
        """Send a form with files (multipart/form-data) with POST: ``files`` by the field's name. As :meth:`post`.

        A code that a service takes as a field goes into ``fields``: no part of a body is kept or logged.
        """
        load_library()
        from urllib3.filepost import encode_multipart_formdata

        parts: list[tuple[str, str | tuple[str, bytes, str]]] = list((fields or {}).items())
        parts += [(name, (each.name, each.content, each.content_type)) for name, each in files]
        body, content_type = encode_multipart_formdata(parts)
        sent = {**(headers or {}), "Content-Type": content_type}
        request = Request("POST", url, what, purpose, sent, secret_headers or {}, body=body, max_bytes=REPLY_BYTES)
        return self._fetch(request, self._check_listed)

    def picture(self, url: str, *, what: str, purpose: str) -> bytes:
        """The bytes at an address that a service named: any public https address, if the source's card says so.

        Raises:
            HostRefused: the card does not say so.
            AddressRefused: the guard says no.
            SourceError: as :meth:`get`; a status other than 200, or a page, is an :class:`UnexpectedReply`.
        """
        return self.picture_if_changed(url, what=what, purpose=purpose, headers={}).body

    def picture_if_changed(self, url: str, *, what: str, purpose: str, headers: Headers) -> Reply:
        """As :meth:`picture`, with the reply; where ``headers`` ask for a newer one only, also one with status 304."""
        accepted = {**headers, "Accept": "image/*,video/*;q=0.5"}
        request = Request("GET", in_ascii(url), what, purpose, accepted, max_bytes=PICTURE_BYTES)
        reply = self._fetch(request, self._check_pictures_allowed)
        if reply.status == 304 and headers:
            return reply
        if reply.status != 200 or not reply.body or reply.is_page:
            raise UnexpectedReply("no picture at this address")
        return reply

    def _check_listed(self, address: Address) -> None:
        """A configured base stands in for all the source's hosts: then none of them is asked."""
        is_listed = address.host in self._info.hosts or self._sites.holds(address.host)
        allowed = address.origin == self._base if self._base else is_listed
        if not allowed:
            raise HostRefused(self._info.id)

    def _check_pictures_allowed(self, address: Address) -> None:
        if not self._info.fetches_pictures:
            self._check_listed(address)

    def _fetch(self, request: Request, check: Callable[[Address], None]) -> Reply:
        address = self._admitted(request, check)
        for _ in range(REDIRECTS_AT_MOST + 1):
            reply = self._sender.send(request, address)
            if reply.status not in REDIRECTS:
                return reply
            request, address = self._following(request, address, reply, check)
        raise UnexpectedReply("too many redirects")

    def _admitted(self, request: Request, check: Callable[[Address], None]) -> Address:
        address = parse(request.url, exceptions=self._exceptions, names=self._names, is_typed=self._sites.is_typed)
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

    def _wire(self) -> Wire:
        network = self._network
        return Wire(
            network.resolver,
            network.timeouts,
            network.tls,
            self._detours,
            network.settings.proxies,
            frozenset() if self._base else self._info.hosts,
            self._home,
        )
