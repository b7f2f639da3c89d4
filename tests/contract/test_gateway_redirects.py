"""Redirects, each one read again from the start, within the hosts of the source; and networks that answer themselves."""

import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from privacyguard.errors import (
    AddressRefused,
    CertificateRefused,
    HostRefused,
    NetworkIntercepted,
    SourceError,
    UnexpectedReply,
)
from privacyguard.net.gateway import REDIRECTS_AT_MOST
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.doors import SECRET, Door, card
from tests.support.raw_servers import RawServer, saying
from tests.support.servers import Answer, Seen, Server

HOST, SIBLING, PICTURES = "service.example.org", "api.example.org", "pictures.example.com"
REFUSED: dict[str, type[SourceError]] = {
    "https://elsewhere.example.com/": HostRefused,
    "https://sub.service.example.org/": HostRefused,
    "//elsewhere.example.com/": HostRefused,
    "https://127.0.0.1/": AddressRefused,
    "https://10.0.0.1/": AddressRefused,
    "//10.0.0.1/": AddressRefused,
    "https://169.254.169.254/latest/meta-data/": AddressRefused,
    "https://2130706433/": AddressRefused,
    "https://0x7f.1/": AddressRefused,
    "https://[::1]/": AddressRefused,
    "https://[::ffff:127.0.0.1]/": AddressRefused,
    "https://[fd00:ec2::254]/": AddressRefused,
    "https://localhost/": AddressRefused,
    "https://router.lan/": AddressRefused,
    "https://elsewhere.example.com:22/": AddressRefused,
    "http://elsewhere.example.com/": AddressRefused,
    f"https://me:word@{HOST}/": AddressRefused,
    f"https://{HOST}\\@127.0.0.1/": AddressRefused,
    "file:///etc/passwd": AddressRefused,
    "ftp://elsewhere.example.com/": AddressRefused,
    "javascript:alert(1)": AddressRefused,
    "data:text/html,x": AddressRefused,
    "https://[broken/": UnexpectedReply,
    "/" + "a" * 60_000: AddressRefused,
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def tls(authority: Authority) -> ssl.SSLContext:
    context = tls_context()
    context.load_verify_locations(authority.file)
    return context


class Moving:
    """A service with TLS under three names, and a door to it. ``answer`` may be changed."""

    def __init__(self, authority: Authority, tls: ssl.SSLContext) -> None:
        self.answer: Callable[[Seen], Answer] = lambda _: Answer(200, b"{}")
        self.server = Server(lambda seen: self.answer(seen), authority.server(HOST, SIBLING, PICTURES))
        place = f"127.0.0.1:{self.server.port}"
        info = card(HOST, SIBLING, fetches_pictures=True)
        self.door = Door(info=info, resolve=dict.fromkeys((HOST, SIBLING, PICTURES), place), tls=tls)

    def to(self, location: str) -> None:
        self.answer = lambda seen: (
            Answer(302, headers={"Location": location}) if seen.path == "/" else Answer(200, b"{}")
        )

    @property
    def seen(self) -> list[tuple[str, str, str | None]]:
        return [(seen.host, seen.path, seen.headers.get("x-key")) for seen in self.server.requests]


@pytest.fixture
def moving(authority: Authority, tls: ssl.SSLContext) -> Iterator[Moving]:
    service = Moving(authority, tls)
    with service.server:
        yield service


@pytest.mark.parametrize("target", REFUSED, ids=lambda target: target[:40])
def test_service_that_points_to_where_it_may_not_go_is_told_so(moving: Moving, target: str) -> None:
    moving.to(target)
    moving.door.failure(REFUSED[target], f"https://{HOST}/")
    assert len(moving.seen) == len(moving.door.recorded) == 1


@pytest.mark.parametrize("target", [each for each, kind in REFUSED.items() if kind is AddressRefused])
def test_picture_that_points_to_where_it_may_not_go_is_not_fetched(moving: Moving, target: str) -> None:
    moving.to(target)
    with pytest.raises(AddressRefused):
        moving.door.gateway.picture(f"https://{PICTURES}/", what="picture", purpose="test")
    assert len(moving.seen) == 1


@pytest.mark.parametrize("target", ["/there", "there", "?there", f"https://{HOST}/there", f"//{HOST}/there"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_within_the_same_place_the_code_goes_on(moving: Moving, target: str, status: int) -> None:
    moving.answer = lambda seen: (
        Answer(status, headers={"Location": target}) if seen.path == "/" else Answer(200, b"{}")
    )
    assert moving.door.get(f"https://{HOST}/").status == 200
    assert [key for _, _, key in moving.seen] == [SECRET, SECRET]
    assert len(moving.door.recorded) == 2


def test_to_another_host_of_the_source_the_code_stays_behind_for_good(moving: Moving) -> None:
    moved = {"/": f"https://{SIBLING}/there", "/there": f"https://{HOST}/back"}
    moving.answer = lambda seen: (
        Answer(302, headers={"Location": moved[seen.path]}) if seen.path in moved else Answer(200, b"{}")
    )
    assert moving.door.get(f"https://{HOST}/").status == 200
    assert moving.seen == [(HOST, "/", SECRET), (SIBLING, "/there", None), (HOST, "/back", None)]


def test_back_to_the_place_without_tls_is_refused(authority: Authority, tls: ssl.SSLContext) -> None:
    moved = Answer(302, headers={"Location": "http://pictures.example.net/"})
    with Server(lambda _: moved, authority.server(HOST)) as server:
        door = Door(resolve={HOST: f"127.0.0.1:{server.port}"}, tls=tls)
        door.failure(AddressRefused, f"https://{HOST}/")


def test_no_more_than_five_in_a_row_and_no_loop(moving: Moving) -> None:
    moving.answer = lambda seen: Answer(302, headers={"Location": f"/{len(moving.server.requests)}"})
    moving.door.failure(UnexpectedReply, f"https://{HOST}/")
    assert len(moving.seen) == REDIRECTS_AT_MOST + 1 == 6
    moving.to("/")
    moving.door.failure(UnexpectedReply, f"https://{HOST}/")
    assert len(moving.seen) == 12
    moving.answer = lambda seen: (
        Answer(302, headers={"Location": f"/{len(moving.seen)}"}) if len(moving.seen) < 18 else Answer(200, b"{}")
    )
    assert moving.door.get(f"https://{HOST}/").status == 200


@pytest.mark.parametrize("locations", [[], [""], ["/one", "/two"], ["https://10.0.0.1/", "/two"]])
def test_no_place_or_two_is_no_redirect(locations: list[str]) -> None:
    lines = "".join(f"Location: {location}\r\n" for location in locations)
    with RawServer(saying(f"HTTP/1.1 302 Found\r\n{lines}Content-Length: 0\r\n\r\n".encode())) as server:
        with pytest.raises((UnexpectedReply, AddressRefused, NetworkIntercepted)):
            Door(server.url).get()
        assert len(server.heads) == 1


def test_post_is_not_sent_to_another_place() -> None:
    with Server(lambda _: Answer(307, headers={"Location": "/there"})) as server:
        with pytest.raises(UnexpectedReply):
            Door(server.url).post()
        assert len(server.requests) == 1


def test_body_of_a_redirect_is_not_read() -> None:
    bomb = gzip.compress(bytes(10_000_000))

    def script(connection: socket.socket) -> None:
        head = connection.getpeername()  # one connection for each request
        assert head
        first = len(server.heads) == 1
        if not first:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            return
        lines = b"Location: /there\r\nContent-Encoding: gzip\r\nContent-Length: 2000000000\r\n"
        connection.sendall(b"HTTP/1.1 302 Found\r\n" + lines + b"\r\n")
        for _ in range(200):
            connection.sendall(bomb)

    with RawServer(script) as server:
        start = time.monotonic()
        assert Door(server.url).get(max_bytes=1000).json() == {}
        assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"{}", headers={"Refresh": "0; url=https://10.0.0.1/"}),
        Answer(200, b'<meta http-equiv="refresh" content="0;url=https://10.0.0.1/">'),
        Answer(300, b"{}", headers={"Location": "https://10.0.0.1/"}),
        Answer(201, b"{}", headers={"Location": "https://10.0.0.1/"}),
        Answer(200, b"{}", headers={"Link": "<https://10.0.0.1/>; rel=canonical"}),
    ],
)
def test_what_only_looks_like_a_redirect_is_none(moving: Moving, answer: Answer) -> None:
    moving.answer = lambda seen: answer
    assert moving.door.get(f"https://{HOST}/").status == answer.status
    assert len(moving.seen) == 1


# --- a network that answers with a page of its own ------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "http://login.hotel.example.com/?from=x",
        "https://login.hotel.example.com/",
        "http://192.168.1.1/login",
        "https://10.0.0.1/",
        "http://login.hotel.lan/",
    ],
)
def test_sign_in_page_that_a_request_without_tls_is_sent_to_is_the_networks_own(target: str) -> None:
    with Server(lambda _: Answer(302, headers={"Location": target})) as server:
        door = Door(server.url)
        door.failure(NetworkIntercepted)
        assert len(server.requests) == len(door.recorded) == 1


def test_network_that_says_that_one_has_to_sign_in_is_told() -> None:
    page = Answer(511, b"<html>Sign in</html>", "text/html", {"Retry-After": "60"})
    with Server(lambda _: page) as server:
        door = Door(server.url)
        door.failure(NetworkIntercepted)
        with pytest.raises(NetworkIntercepted):
            door.post()
        with pytest.raises(NetworkIntercepted):
            door.gateway.picture(f"{server.url}/a.jpg", what="a", purpose="b")
        assert len(server.requests) == 3  # nothing was remembered of a wait that the network asked for


@pytest.mark.parametrize("read", ["json", "text"])
@pytest.mark.parametrize(
    "page", [b"<html>Sign in</html>", b"\n<!DOCTYPE html><p>Welcome", b"\xef\xbb\xbf<html>", b"Welcome"]
)
def test_page_instead_of_data_is_no_data(page: bytes, read: str) -> None:
    kind = "text/html" if page == b"Welcome" else "text/plain"
    with Server(lambda _: Answer(200, page, kind)) as server, pytest.raises(NetworkIntercepted):
        getattr(Door(server.url).get(), read)()


def test_page_instead_of_a_picture_is_no_picture() -> None:
    with Server(lambda _: Answer(200, b"<html>Sign in</html>", "image/jpeg")) as server:
        door = Door(server.url)
        with pytest.raises(UnexpectedReply):
            door.gateway.picture(f"{server.url}/a.jpg", what="a", purpose="b")


def test_network_that_shows_its_own_page_under_the_name_of_a_service_is_not_trusted(
    authority: Authority, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    page = Answer(200, b"<html>Sign in</html>", "text/html")
    portal = Authority.made(tmp_path)
    for context in (authority.server("login.hotel.example.com"), portal.server(HOST), None):
        with Server(lambda _: page, context) as server:
            door = Door(resolve={HOST: f"127.0.0.1:{server.port}"}, tls=tls)
            door.failure(CertificateRefused, f"https://{HOST}/")
            assert server.requests == []


@pytest.mark.parametrize("number", ["10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "169.254.1.1", "fd00::1"])
def test_network_that_answers_for_every_name_with_a_number_of_its_own_is_told(number: str) -> None:
    Door(resolver=lambda host, port: [number]).failure(NetworkIntercepted, f"https://{HOST}/")
