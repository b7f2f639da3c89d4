"""Through the system's proxy: it resolves, so what a service named is looked up here too; this computer needs none."""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from privacyguard.errors import AddressRefused, HostRefused, NetworkIntercepted, NoNetwork, SourceError, UnexpectedReply
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, SourceInfo, Theme
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.doors import Impatient
from tests.support.fakes.proxy import TunnelProxy
from tests.support.raw_servers import RawServer, saying
from tests.support.servers import Answer, Server

HOST, PICTURES = "service.example.org", "pictures.example.com"
INFO = SourceInfo("tested", "Tested", Theme.LEAKS, "", frozenset(), frozenset({HOST}), "an address", "")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("certificates"))


class Behind:
    """A gateway that has to go through a proxy. ``looked_up``: the names that were resolved here."""

    def __init__(
        self,
        authority: Authority,
        proxy: str,
        numbers: Sequence[str] = (),
        *,
        info: SourceInfo = INFO,
        base: str = "",
        cancel: CancelToken | None = None,
    ) -> None:
        self.looked_up: list[str] = []
        self.recorded: list[Disclosure] = []

        def resolver(host: str, port: int) -> Sequence[str]:
            self.looked_up.append(host)
            return ["127.0.0.1"] if host == "127.0.0.1" else numbers

        tls: ssl.SSLContext = tls_context()
        tls.load_verify_locations(authority.file)
        settings = NetSettings(
            "PrivacyGuard/test", {"tested": base} if base else {}, {}, {"https": proxy, "http": proxy}
        )
        network = Network(self.recorded.append, settings, resolver=resolver, tls=tls)
        self.gateway: Gateway = network.bind(info, cancel or CancelToken(), "code")

    def get(self, url: str) -> bytes:
        return self.gateway.get(url, what="address", purpose="test", secret_headers={"X-Key": "code"}).body

    def picture(self, url: str) -> bytes:
        return self.gateway.picture(url, what="picture", purpose="test")


@pytest.fixture
def service(authority: Authority) -> Iterator[Server]:
    with Server(lambda _: Answer(200, b"said"), authority.server(HOST)) as server:
        yield server


def test_a_listed_host_is_reached_through_the_proxy_and_resolved_by_it(authority: Authority, service: Server) -> None:
    with TunnelProxy(("127.0.0.1", service.port)) as proxy:
        behind = Behind(authority, proxy.url)
        assert behind.get(f"https://{HOST}/x") == b"said"
        assert proxy.asked == [f"CONNECT {HOST}:443"]
    assert HOST not in behind.looked_up
    (seen,), (recorded,) = service.requests, behind.recorded
    assert (recorded.host, recorded.bytes) == (HOST, seen.size)
    assert "proxy-connection" not in seen.headers


@pytest.mark.parametrize("numbers", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], []])
def test_a_picture_whose_name_is_not_public_is_not_asked_of_the_proxy(
    authority: Authority, service: Server, numbers: list[str]
) -> None:
    with TunnelProxy(("127.0.0.1", service.port)) as proxy:
        behind = Behind(authority, proxy.url, numbers, info=replace(INFO, fetches_pictures=True))
        with pytest.raises(AddressRefused):
            behind.picture(f"https://{PICTURES}/a.jpg")
        assert proxy.asked == []
    assert behind.looked_up == [PICTURES]


def test_a_picture_whose_name_is_public_is_asked_of_the_proxy(authority: Authority) -> None:
    with (
        Server(lambda _: Answer(200, b"picture", "image/png"), authority.server(PICTURES)) as server,
        TunnelProxy(("127.0.0.1", server.port)) as proxy,
    ):
        behind = Behind(authority, proxy.url, ["93.184.215.14"], info=replace(INFO, fetches_pictures=True))
        assert behind.picture(f"https://{PICTURES}/a.jpg") == b"picture"
        assert proxy.asked == [f"CONNECT {PICTURES}:443"]


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/", "https://router.lan/", "https://a.example.org:22/", "https://127.1/"]
)
def test_the_text_of_an_address_is_checked_before_the_proxy_is_asked(authority: Authority, url: str) -> None:
    with TunnelProxy(None) as proxy:
        behind = Behind(authority, proxy.url, ["93.184.215.14"], info=replace(INFO, fetches_pictures=True))
        with pytest.raises(AddressRefused):
            behind.picture(url)
        assert (proxy.asked, behind.looked_up, behind.recorded) == ([], [], [])


def test_this_computers_own_places_are_asked_without_the_proxy(authority: Authority) -> None:
    with TunnelProxy(None) as proxy, Server(lambda _: Answer(200, b"here")) as server:
        behind = Behind(authority, proxy.url, base=server.url)
        assert behind.get(f"{server.url}/x") == b"here"
        with pytest.raises(HostRefused):
            behind.get(f"https://{HOST}/x")
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("proxy", "kinds"),
    [
        ("http://127.0.0.1:1", (NoNetwork,)),
        ("socks5://127.0.0.1:1", (SourceError,)),
        ("http://", (SourceError,)),
        ("nonsense", (SourceError,)),
        ("http://[::1", (SourceError,)),
    ],
)
def test_a_proxy_that_does_not_work_is_a_failure_in_words(
    authority: Authority, proxy: str, kinds: tuple[type[SourceError], ...]
) -> None:
    behind = Behind(authority, proxy)
    with pytest.raises(kinds) as told:
        behind.get(f"https://{HOST}/canary")
    assert not isinstance(told.value, NetworkIntercepted)
    assert "canary" not in str(told.value)


def test_a_proxy_that_wants_a_password_is_no_network(authority: Authority) -> None:
    with TunnelProxy(None) as proxy, pytest.raises(NoNetwork):
        Behind(authority, proxy.url).get(f"https://{HOST}/")


def test_a_proxy_that_shows_a_certificate_of_its_own_is_refused(authority: Authority, tmp_path: Path) -> None:
    other = Authority.made(tmp_path)
    with (
        Server(lambda _: Answer(200, b"read by somebody else"), other.server(HOST)) as server,
        TunnelProxy(("127.0.0.1", server.port)) as proxy,
        pytest.raises(SourceError) as told,
    ):
        Behind(authority, proxy.url).get(f"https://{HOST}/")
    assert type(told.value).__name__ == "CertificateRefused"
    assert server.requests == []


def test_a_proxy_whose_answer_is_cut_at_any_byte_opened_no_tunnel(authority: Authority) -> None:
    whole = b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"
    said = b""
    with RawServer(lambda connection: connection.sendall(said)) as proxy:
        for cut_at in range(len(whole)):
            said = whole[:cut_at]
            with pytest.raises((NoNetwork, UnexpectedReply)):
                Behind(authority, proxy.url, cancel=Impatient()).get(f"https://{HOST}/")
        assert all(head.startswith(b"CONNECT ") for head in proxy.heads)
        assert not any(b"code" in head for head in proxy.heads)


@pytest.mark.parametrize(
    "answer", [b"302 Found\r\nLocation: http://login.hotel.lan/", b"403 Forbidden", b"511 Sign in"]
)
def test_a_proxy_that_opens_no_tunnel_is_no_network(authority: Authority, answer: bytes) -> None:
    with RawServer(saying(b"HTTP/1.1 " + answer + b"\r\nContent-Length: 0\r\n\r\n")) as proxy:
        with pytest.raises(NoNetwork):
            Behind(authority, proxy.url).get(f"https://{HOST}/")
        assert len(proxy.heads) == 1
