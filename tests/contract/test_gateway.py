"""The one door to the network against servers that fail, lie, stall and point elsewhere. Real connections on loopback."""

import gzip
import json
import socket
import threading
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest

from privacyguard.errors import (
    AddressRefused,
    CodeMissing,
    ConnectionLost,
    DiskFull,
    HostRefused,
    NetworkIntercepted,
    NoNetwork,
    ReplyTooLarge,
    ServiceDown,
    TimedOut,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.exchange import Timeouts
from privacyguard.net.reply import Reply
from tests.support.doors import AT_ONCE_S, NOW, SECRET, Door, card, said
from tests.support.raw_servers import RawServer, resetting_after, saying, silent, slowly
from tests.support.servers import Answer, Seen, Server

# --- what goes out ----------------------------------------------------------------------------------------------


def test_request_and_reply_come_through_whole() -> None:
    with Server(lambda seen: Answer(200, json.dumps({"path": seen.path}).encode())) as server:
        door = Door(server.url)
        reply = door.get("/a%20b?c=d%2Be")
        assert reply.status == 200
        assert reply.json() == {"path": "/a%20b?c=d%2Be"}
        assert reply.headers["content-type"] == "application/json"
        (seen,) = server.requests
    assert seen.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "PrivacyGuard/test",
        "accept": "*/*",
        "accept-encoding": "gzip",
        "connection": "close",
        "x-key": SECRET,
    }


def test_each_request_is_recorded_before_it_arrives_retries_and_redirects_too() -> None:
    recorded: list[Disclosure] = []
    ahead: list[int] = []

    def answer(seen: Seen) -> Answer:
        ahead.append(len(recorded))
        if len(ahead) == 1:
            return Answer(429, headers={"Retry-After": "0"})
        return Answer(302, headers={"Location": "/there"}) if len(ahead) == 2 else Answer(200, b"{}")

    with Server(answer) as server:
        Door(server.url, record=recorded.append).get("/here")
        assert [seen.path for seen in server.requests] == ["/here", "/here", "/there"]
        assert [each.bytes for each in recorded] == [seen.size for seen in server.requests]
    assert ahead == [1, 2, 3]
    assert {(each.host, each.source_id, each.what, each.purpose, each.at) for each in recorded} == {
        ("127.0.0.1", "tested", "address", "test", NOW)
    }


def test_nothing_is_sent_when_it_cannot_be_recorded() -> None:
    def full(_: Disclosure) -> None:
        raise DiskFull

    with Server(lambda _: Answer()) as server:
        door = Door(server.url, record=full)
        for ask in (door.get, door.post):
            with pytest.raises(DiskFull):
                ask()
        assert server.requests == []


@pytest.mark.parametrize("url", ["https://elsewhere.example.com/", "https://sub.service.example.org/"])
def test_host_that_is_not_on_the_card_is_not_asked(url: str) -> None:
    door = Door(resolver=lambda host, port: pytest.fail("a look-up"))
    door.failure(HostRefused, url)
    with pytest.raises(HostRefused):
        door.gateway.picture(url, what="picture", purpose="test")
    assert door.recorded == []


def test_base_on_this_computer_stands_in_for_all_other_hosts() -> None:
    with Server(lambda _: Answer()) as server, Server(lambda _: Answer()) as other:
        door = Door(server.url)
        for url in (f"{other.url}/", "https://service.example.org/"):
            with pytest.raises((HostRefused, AddressRefused)):
                door.get(url)
        assert door.get().status == 200
        assert other.requests == []
    assert len(door.recorded) == 1


def test_code_that_is_missing_is_told_before_anything_is_sent() -> None:
    door = Door()
    with pytest.raises(CodeMissing):
        _ = door.network.bind(card(), CancelToken()).api_key


# --- numbers that may not be asked ------------------------------------------------------------------------------


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to connect, none of which goes out."""
    tried: list[object] = []

    def connect(_: socket.socket, place: object) -> None:
        tried.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.mark.parametrize(
    "numbers",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["192.168.1.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fd00::1"],
        ["93.184.215.14", "10.0.0.1"],
        ["93.184.215.14"] * 17,
        [],
    ],
)
def test_name_that_leads_into_a_private_network_is_not_connected_to(
    numbers: list[str], no_connection: list[object]
) -> None:
    door = Door(info=card(fetches_pictures=True), resolver=lambda host, port: numbers)
    with pytest.raises(AddressRefused):
        door.gateway.picture("https://pictures.example.com/a.jpg", what="picture", purpose="test")
    assert no_connection == []


def test_name_that_leads_to_a_public_number_is_connected_to_at_that_number(no_connection: list[object]) -> None:
    door = Door(info=card(fetches_pictures=True), resolver=lambda host, port: ["93.184.215.14"])
    with pytest.raises(NoNetwork):
        door.gateway.picture("https://pictures.example.com/a.jpg", what="picture", purpose="test")
    assert no_connection[0] == ("93.184.215.14", 443)


def test_own_host_with_a_private_number_means_that_the_network_answers_for_it(no_connection: list[object]) -> None:
    door = Door(resolver=lambda host, port: ["192.168.0.1"])
    door.failure(NetworkIntercepted, "https://service.example.org/")
    assert no_connection == []


def test_name_that_is_not_known_is_no_network() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    Door(resolver=unknown).failure(NoNetwork, "https://service.example.org/")


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example.com/a.jpg",
        "https://10.0.0.1/a.jpg",
        "https://2130706433/",
        "https://[::1]/",
        "https://localhost/",
        "https://pictures.example.com:8443/",
        "https://a@pictures.example.com/",
        "file:///etc/passwd",
        "ftp://pictures.example.com/a",
    ],
)
def test_address_whose_text_may_not_be_asked_is_not_even_looked_up(url: str) -> None:
    door = Door(info=card(fetches_pictures=True), resolver=lambda host, port: pytest.fail("a look-up"))
    with pytest.raises(AddressRefused):
        door.gateway.picture(url, what="picture", purpose="test")
    assert door.recorded == []


# --- connections that fail ----------------------------------------------------------------------------------------


def test_refused_connection_is_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    Door(f"http://127.0.0.1:{port}").failure(NoNetwork)


def test_post_is_not_sent_twice() -> None:
    with RawServer(resetting_after(b"")) as server:
        with pytest.raises(ConnectionLost):
            Door(server.url).post()
        assert len(server.heads) == 1


def test_body_shorter_than_it_says_is_no_reply() -> None:
    with RawServer(saying(said(b"x" * 99, Content_Length="100"))) as server:
        Door(server.url).failure(ConnectionLost)
    with RawServer(saying(said(b"64\r\nabc", Transfer_Encoding="chunked"))) as server:
        Door(server.url).failure(ConnectionLost)


def test_what_is_no_http_is_an_unexpected_reply() -> None:
    for noise in (b"SSH-2.0-OpenSSH_9.6\r\n", b"\0\xff" * 100 + b"\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n"):
        with RawServer(saying(noise)) as server:
            Door(server.url).failure(UnexpectedReply)


# --- time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("timeouts", [Timeouts(total_s=1.0), Timeouts(first_byte_s=1.0)], ids=["total", "first byte"])
def test_server_that_says_nothing_is_given_up(timeouts: Timeouts) -> None:
    ended = threading.Event()
    with RawServer(silent(ended)) as server:
        start = time.monotonic()
        Door(server.url, timeouts=timeouts).failure(TimedOut)
        assert time.monotonic() - start < 1.0 + AT_ONCE_S
        assert len(server.heads) == 1
        ended.set()


def test_server_that_says_one_byte_at_a_time_is_given_up() -> None:
    ended = threading.Event()
    with RawServer(slowly(said(b"", Content_Length="100"), b"x" * 100, ended, 0.3)) as server:
        start = time.monotonic()
        Door(server.url, timeouts=Timeouts(total_s=1.5)).failure(TimedOut)
        assert time.monotonic() - start < 1.5 + AT_ONCE_S
        ended.set()


def test_server_that_says_one_byte_of_its_head_at_a_time_is_given_up() -> None:
    ended = threading.Event()
    with RawServer(slowly(b"", said(b"{}", Content_Length="2"), ended, 0.3)) as server:
        start = time.monotonic()
        Door(server.url, timeouts=Timeouts(total_s=1.5)).failure(TimedOut)
        assert time.monotonic() - start < 1.5 + AT_ONCE_S
        ended.set()


def test_slow_server_within_the_limit_is_waited_for() -> None:
    ended = threading.Event()
    with RawServer(slowly(said(b"", Content_Length="4"), b"slow", ended, 0.1)) as server:
        assert Door(server.url).get().body == b"slow"


# --- servers that ask to wait -----------------------------------------------------------------------------------


@pytest.mark.parametrize("wait", ["0", "1", format_datetime(NOW + timedelta(seconds=1), usegmt=True)])
@pytest.mark.parametrize("status", [429, 503])
def test_short_wait_that_is_asked_for_is_kept_and_the_request_repeated(status: int, wait: str) -> None:
    def answer(seen: Seen) -> Answer:
        times.append(time.monotonic())
        return Answer(status, headers={"Retry-After": wait}) if len(times) == 1 else Answer(200, b"{}")

    times: list[float] = []
    with Server(answer) as server:
        assert Door(server.url).get().status == 200
    assert len(times) == 2
    assert times[1] - times[0] >= (0.0 if wait == "0" else 0.99)


@pytest.mark.parametrize("wait", ["3600", format_datetime(NOW + timedelta(hours=1), usegmt=True)])
def test_long_wait_is_told_with_its_length_and_not_waited_for(wait: str) -> None:
    with Server(lambda _: Answer(429, headers={"Retry-After": wait})) as server:
        error = Door(server.url).failure(TooManyRequests)
        assert isinstance(error, TooManyRequests)
        assert error.wait_s == 3600.0
        assert len(server.requests) == 1


def test_server_that_always_asks_to_wait_is_given_up() -> None:
    with Server(lambda _: Answer(429, headers={"Retry-After": "0"})) as server:
        Door(server.url).failure(TooManyRequests)
        assert len(server.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_service_that_does_not_work_is_told(status: int) -> None:
    with Server(lambda _: Answer(status, b"<html>sorry</html>", "text/html")) as server:
        Door(server.url).failure(ServiceDown)
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418])
def test_other_statuses_are_for_the_source_to_read(status: int) -> None:
    with Server(lambda _: Answer(status, b"{}")) as server:
        assert Door(server.url).get().status == status


# --- size and form ------------------------------------------------------------------------------------------------


def test_body_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    with Server(lambda seen: Answer(200, b"x" * int(seen.path[1:]))) as server:
        door = Door(server.url)
        assert len(door.get("/1000", max_bytes=1000).body) == 1000
        door.failure(ReplyTooLarge, "/1001", max_bytes=1000)


def test_endless_body_is_cut_off() -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(said(b"", Content_Type="text/plain"))
        while True:
            connection.sendall(b"x" * 65536)

    with RawServer(endless) as server:
        Door(server.url).failure(ReplyTooLarge, max_bytes=1_000_000)


def test_small_body_that_unpacks_to_a_huge_one_is_cut_off() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    with Server(lambda _: Answer(200, bomb, headers={"Content-Encoding": "gzip"})) as server:
        start = time.monotonic()
        Door(server.url).failure(ReplyTooLarge, max_bytes=1_000_000)
        assert time.monotonic() - start < AT_ONCE_S
    small = gzip.compress(b'{"a": 1}')
    with Server(lambda _: Answer(200, small, headers={"Content-Encoding": "gzip"})) as server:
        assert Door(server.url).get().json() == {"a": 1}


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_coding_that_was_not_asked_for_is_refused(coding: str) -> None:
    with Server(lambda _: Answer(200, b"abc", headers={"Content-Encoding": coding})) as server:
        Door(server.url).failure(UnexpectedReply)


def test_body_that_is_not_packed_as_it_says_is_refused() -> None:
    with Server(lambda _: Answer(200, b"not packed", headers={"Content-Encoding": "gzip"})) as server:
        Door(server.url).failure(UnexpectedReply)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"[Infinity]", b'{"a": 1, "a": 2}', b"[" * 100_000, b"\xff", b"9" * 5000, b"text"],
    ids=lambda body: body[:10],
)
def test_hostile_json_is_an_unexpected_reply(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        Reply(200, {"content-type": "application/json"}, body).json()
    assert Reply(200, {"content-type": "application/json"}, b'{"a": [1, null]}').json() == {"a": [1, None]}


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json"])
def test_page_instead_of_data_is_the_networks_own(content_type: str) -> None:
    with Server(lambda _: Answer(200, b"<html>Sign in</html>", content_type)) as server:
        reply = Door(server.url).get()
    with pytest.raises(NetworkIntercepted):
        reply.json()
