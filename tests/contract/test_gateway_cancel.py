"""The person's wish to stop ends every phase of a request at once."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from privacyguard.errors import Cancelled
from privacyguard.model.source import Limit
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.doors import Door, card, said
from tests.support.fakes.proxy import TunnelProxy
from tests.support.raw_servers import RawServer, silent, slowly
from tests.support.servers import Answer, Server

AT_ONCE_S = 0.5
AFTER_S = 0.3
HOST = "service.example.org"


@pytest.fixture
def ended() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def full() -> Iterator[tuple[str, int]]:
    """A listener on this computer that never answers a further connection: its queue is full."""
    with socket.socket() as server:
        server.bind(("127.0.0.2", 0))
        server.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(server.getsockname())
        yield server.getsockname()
        for each in waiting:
            each.close()


@pytest.fixture
def dumb() -> Iterator[int]:
    """The port of a listener that accepts and never says a byte."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def cancelled(door: Door, url: str = "/") -> None:
    """Ask, stop after a while, and look how long it took until it was over."""
    stopped_at = []

    def stop() -> None:
        stopped_at.append(time.monotonic())
        door.cancel.cancel()

    timer = threading.Timer(AFTER_S, stop)
    timer.start()
    with pytest.raises(Cancelled):
        door.get(url)
    ended_at = time.monotonic()
    timer.join()
    assert stopped_at, "it was over before it was stopped"
    assert ended_at - stopped_at[0] < AT_ONCE_S


def test_during_the_look_up(ended: threading.Event) -> None:
    def slow(host: str, port: int) -> list[str]:
        ended.wait(30)
        return []

    cancelled(Door(resolver=slow), f"https://{HOST}/")


def test_during_the_connection(full: tuple[str, int]) -> None:
    cancelled(Door(resolve={HOST: f"{full[0]}:{full[1]}"}), f"https://{HOST}/")


def test_during_the_start_of_tls(dumb: int) -> None:
    cancelled(Door(resolve={HOST: f"127.0.0.1:{dumb}"}), f"https://{HOST}/")


def test_while_a_proxy_says_nothing(dumb: int) -> None:
    door = Door(proxies={"https": f"http://127.0.0.1:{dumb}"}, resolver=lambda host, port: ["127.0.0.1"])
    cancelled(door, f"https://{HOST}/")


def test_during_the_start_of_tls_behind_a_proxy(dumb: int) -> None:
    with TunnelProxy(("127.0.0.1", dumb)) as proxy:
        door = Door(proxies={"https": proxy.url}, resolver=lambda host, port: ["127.0.0.1"])
        cancelled(door, f"https://{HOST}/")


def test_before_the_first_byte(ended: threading.Event) -> None:
    with RawServer(silent(ended)) as server:
        cancelled(Door(server.url))
        ended.set()


def test_before_the_first_byte_with_tls(ended: threading.Event, tmp_path: Path) -> None:
    def answer(_: object) -> Answer:
        ended.wait(30)
        return Answer()

    authority = Authority.made(tmp_path)
    tls = tls_context()
    tls.load_verify_locations(authority.file)
    with Server(answer, authority.server(HOST)) as server:
        cancelled(Door(resolve={HOST: f"127.0.0.1:{server.port}"}, tls=tls), f"https://{HOST}/")
        assert len(server.requests) == 1
        ended.set()


def test_in_the_middle_of_the_head(ended: threading.Event) -> None:
    with RawServer(slowly(b"HTTP/1.1 200", b" OK\r\n" * 100, ended, 0.2)) as server:
        cancelled(Door(server.url))
        ended.set()


@pytest.mark.parametrize("pause_s", [0.2, 30.0])
def test_in_the_middle_of_the_body(ended: threading.Event, pause_s: float) -> None:
    with RawServer(slowly(said(b"", Content_Length="100"), b"x" * 100, ended, pause_s)) as server:
        cancelled(Door(server.url))
        ended.set()


def test_in_the_middle_of_a_body_that_comes_fast() -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(said(b""))
        while True:
            connection.sendall(bytes(1024))
            time.sleep(0.001)

    with RawServer(endless) as server:
        cancelled(Door(server.url))


def test_while_waiting_for_a_turn() -> None:
    info = replace(card(), limits=(Limit(1, 60.0),))
    with Server(lambda _: Answer(200, b"{}")) as server:
        door = Door(server.url, info=info)
        door.get()
        cancelled(door)
        assert len(server.requests) == len(door.recorded) == 1


@pytest.mark.parametrize("headers", [{"Retry-After": "50"}, {}])
def test_while_waiting_before_the_next_try(headers: dict[str, str]) -> None:
    with Server(lambda _: Answer(429, headers=headers)) as server:
        cancelled(Door(server.url, chance=lambda: 1.0))
        assert len(server.requests) == 1


def test_while_waiting_after_a_lost_connection() -> None:
    with RawServer(lambda connection: None) as server:
        cancelled(Door(server.url, chance=lambda: 1.0))
        assert len(server.heads) == 1


def test_nothing_is_sent_afterwards() -> None:
    with Server(lambda _: Answer()) as server:
        door = Door(server.url)
        door.cancel.cancel()
        with pytest.raises(Cancelled):
            door.get()
        assert server.requests == []
        assert door.recorded == []
