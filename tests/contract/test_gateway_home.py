"""A server of the person's own, at a base that they typed and confirmed: that scheme, host and port, for one source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from privacyguard.errors import AddressRefused, HostRefused, SourceError
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.doors import SECRET, Door, card
from tests.support.fakes.proxy import TunnelProxy
from tests.support.servers import Answer, Seen, Server

INFO = card("service.example.org", fetches_pictures=True)


@pytest.fixture
def home() -> Iterator[Server]:
    with Server(lambda _: Answer(200, b"{}")) as server:
        yield server


def answering(*numbers: str) -> Callable[[str, int], Sequence[str]]:
    return lambda host, port: numbers


def test_number_that_was_typed_is_asked_with_the_code_and_recorded(home: Server) -> None:
    door = Door(confirmed=home.url, resolver=answering("10.0.0.9"))
    assert door.get("/search?q=x").json() == {}
    (seen,), (recorded,) = home.requests, door.recorded
    assert seen.headers["x-key"] == SECRET
    assert (recorded.host, recorded.bytes) == ("127.0.0.1", seen.size)


def test_name_that_was_typed_may_lead_into_the_home_network(home: Server) -> None:
    base = f"http://nas.local:{home.port}"
    door = Door(confirmed=base, resolver=answering("127.0.0.1"))
    assert door.get().status == 200
    assert home.requests[0].host == f"nas.local:{home.port}"
    assert door.recorded[0].host == "nas.local"


@pytest.mark.parametrize(
    "numbers", [["169.254.169.254"], ["127.0.0.1", "93.184.216.34"], ["93.184.216.34"], ["0.0.0.0"], ["224.0.0.1"], []]
)
def test_name_that_leads_elsewhere_later_is_refused(home: Server, numbers: list[str]) -> None:
    answers = [["127.0.0.1"], numbers]
    door = Door(confirmed=f"http://nas.local:{home.port}", resolver=lambda host, port: answers.pop(0))
    door.get()
    door.failure(AddressRefused)
    assert len(home.requests) == 1


def test_only_exactly_this_scheme_host_and_port(home: Server) -> None:
    door = Door(confirmed=home.url, resolver=answering("127.0.0.1"))
    for url in (
        f"https://127.0.0.1:{home.port}/",
        f"http://127.0.0.1:{home.port + 1}/",
        f"http://localhost:{home.port}/",
        f"http://127.1:{home.port}/",
        "http://192.168.1.1/",
        "https://service.example.org/",
    ):
        with pytest.raises((AddressRefused, HostRefused)):
            door.get(url)
    assert home.requests == []
    assert door.recorded == []


def test_no_other_source_reaches_it(home: Server) -> None:
    settings = NetSettings("PrivacyGuard/test", confirmed={"tested": home.url})
    network = Network(lambda _: None, settings, resolver=answering("127.0.0.1"))
    other = network.bind(replace(INFO, id="other"), CancelToken(), SECRET)
    asks: list[Callable[[], object]] = [
        lambda: other.get(home.url, what="a", purpose="b"),
        lambda: other.picture(f"{home.url}/a.jpg", what="a", purpose="b"),
        lambda: other.post(home.url, json={}, what="a", purpose="b"),
    ]
    for ask in asks:
        with pytest.raises(AddressRefused):
            ask()
    assert home.requests == []


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example.com/", "http://192.168.1.1/", "http://127.0.0.1:9/", "/on"]
)
def test_redirect_away_from_it_is_refused_and_within_it_is_followed(target: str) -> None:
    def answer(seen: Seen) -> Answer:
        return Answer(302, headers={"Location": target}) if seen.path == "/" else Answer(200, b"{}")

    with Server(answer) as server:
        door = Door(confirmed=server.url)
        if target == "/on":
            assert door.get().status == 200
            assert [seen.headers.get("x-key") for seen in server.requests] == [SECRET, SECRET]
        else:
            with pytest.raises((AddressRefused, HostRefused)):
                door.get()
            assert len(server.requests) == 1


def test_picture_elsewhere_does_not_lead_into_the_home_network(home: Server, tmp_path: Path) -> None:
    authority = Authority.made(tmp_path)
    tls = tls_context()
    tls.load_verify_locations(authority.file)
    moved = Answer(302, headers={"Location": f"{home.url}/admin"})
    with Server(lambda _: moved, authority.server("pictures.example.com")) as pictures:
        resolve = {"pictures.example.com": f"127.0.0.1:{pictures.port}"}
        door = Door(confirmed=home.url, info=INFO, resolve=resolve, tls=tls)
        with pytest.raises(AddressRefused):
            door.gateway.picture("https://pictures.example.com/a.jpg", what="a", purpose="b")
        assert len(pictures.requests) == 1
    assert home.requests == []


def test_its_own_pictures_may_be_fetched(home: Server) -> None:
    with Server(lambda _: Answer(200, b"picture", "image/png")) as server:
        door = Door(confirmed=server.url, info=INFO)
        assert door.gateway.picture(f"{server.url}/proxied.png", what="a", purpose="b") == b"picture"


@pytest.mark.parametrize("base", ["http://169.254.169.254", "http://93.184.216.34", "http://me@nas", "nas"])
def test_base_that_may_not_be_confirmed_is_refused_before_anything_is_asked(base: str) -> None:
    with pytest.raises(AddressRefused):
        Door(confirmed=base)


def test_base_of_the_settings_counts_before_the_typed_one(home: Server) -> None:
    with Server(lambda _: Answer(200, b"[1]")) as tested:
        door = Door(tested.url, confirmed=home.url)
        assert door.get().json() == [1]
        with pytest.raises((HostRefused, AddressRefused)):
            door.get(f"{home.url}/")
    assert home.requests == []


def test_proxy_of_the_system_is_not_asked_for_the_home_network(home: Server) -> None:
    with TunnelProxy(("127.0.0.1", home.port)) as proxy:
        for base in (home.url, f"http://nas.local:{home.port}"):
            door = Door(confirmed=base, proxies={"http": proxy.url}, resolver=answering("127.0.0.1"))
            assert door.get().status == 200
        assert proxy.asked == []
    assert len(home.requests) == 2


def test_typed_name_of_the_internet_goes_through_the_proxy_and_its_numbers_are_looked_at(tmp_path: Path) -> None:
    authority = Authority.made(tmp_path)
    tls = tls_context()
    tls.load_verify_locations(authority.file)
    with (
        Server(lambda _: Answer(200, b"{}"), authority.server("search.example.org")) as server,
        TunnelProxy(("127.0.0.1", server.port)) as proxy,
    ):
        options = {"confirmed": "https://search.example.org", "proxies": {"https": proxy.url}, "tls": tls}

        def lies(*numbers: str) -> Callable[[str, int], Sequence[str]]:
            return lambda host, port: ["127.0.0.1"] if host == "127.0.0.1" else numbers

        assert Door(resolver=lies("93.184.216.34"), **options).get().status == 200  # type: ignore[arg-type]
        with pytest.raises(SourceError) as told:
            Door(resolver=lies("169.254.169.254"), **options).get()  # type: ignore[arg-type]
        assert type(told.value) is AddressRefused
        assert proxy.asked == ["CONNECT search.example.org:443"]


def test_own_certificate_of_a_home_server_is_refused_like_any_other(tmp_path: Path) -> None:
    context = Authority.made(tmp_path).server("nas.local", self_signed=True)
    with Server(lambda _: Answer(), context) as server, pytest.raises(SourceError) as told:
        Door(confirmed=f"https://nas.local:{server.port}", resolver=answering("127.0.0.1")).get()
    assert type(told.value).__name__ == "CertificateRefused"
    assert server.requests == []
