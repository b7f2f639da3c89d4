"""Connecting to checked numbers only. Real sockets, on loopback; the resolver lies as the test wants."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import pytest

from privacyguard.errors import AddressRefused, Cancelled, NetworkIntercepted, NoNetwork, TimedOut
from privacyguard.model.progress import CancelToken
from privacyguard.net.dialer import Dialer, Place, system_resolver

OWN = "service.example.org"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def full() -> Iterator[socket.socket]:
    """A listener that never answers a further connection: its queue is full."""
    with socket.socket() as server:
        server.bind(("127.0.0.2", 0))
        server.listen(0)
        waiting = []
        for _ in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(server.getsockname())
            waiting.append(each)
        yield server
        for each in waiting:
            each.close()


def dialer(
    numbers: Sequence[str] = (),
    *,
    cancel: CancelToken | None = None,
    detours: Mapping[Place, Place] | None = None,
    proxies: frozenset[Place] = frozenset(),
    connect_s: float = 5.0,
) -> Dialer:
    own = frozenset({OWN})
    return Dialer(
        cancel or CancelToken(),
        lambda host, port: numbers,
        connect_s,
        detours=detours or {},
        proxies=proxies,
        own_hosts=own,
    )


def test_a_detour_leads_to_its_place_on_this_computer_without_a_look_up(listening: socket.socket) -> None:
    place = listening.getsockname()
    for detours in ({("club.example", 0): place}, {("club.example", 80): place}):
        made = dialer(detours=detours)
        with made.connect("club.example", 80) as connected:
            assert connected.getpeername() == place
        made.close()
    with pytest.raises(AddressRefused):  # another port is another place: looked up, and nothing came
        dialer(detours={("club.example", 80): place}).connect("club.example", 81)


@pytest.mark.parametrize("number", ["10.0.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "fd00::1"])
def test_a_private_number_is_refused_and_for_an_own_host_the_network_is_named(number: str) -> None:
    with pytest.raises(AddressRefused):
        dialer([number]).connect("pictures.example.com", 443)
    with pytest.raises(NetworkIntercepted):
        dialer([number]).connect(OWN, 443)


@pytest.mark.parametrize("number", ["0.0.0.0", "127.0.0.1", "::", "::1"])
def test_a_blocked_name_of_an_own_host_is_no_connection_and_no_strange_network(number: str) -> None:
    with pytest.raises(NoNetwork):
        dialer([number]).connect(OWN, 443)
    with pytest.raises(AddressRefused):
        dialer([number]).connect("pictures.example.com", 443)


@pytest.mark.parametrize("numbers", [[], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8"] * 17, ["fe80::1%eth0"]])
def test_a_mix_too_many_or_no_numbers_are_refused(numbers: list[str]) -> None:
    with pytest.raises(AddressRefused):
        dialer(numbers).connect("pictures.example.com", 443)


def test_a_proxy_may_be_in_the_private_network_but_only_at_its_own_port(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    made = dialer(["127.0.0.1"], proxies=frozenset({("proxy.lan", port)}))
    with made.connect("proxy.lan", port) as connected:
        assert connected.getpeername()[1] == port
    with pytest.raises(AddressRefused):
        made.connect("proxy.lan", port + 1)
    made.close()


def test_a_number_that_does_not_answer_leaves_time_for_the_next_one(full: socket.socket) -> None:
    port = full.getsockname()[1]
    with socket.create_server(("127.0.0.1", port)):
        made = dialer(["127.0.0.2", "127.0.0.1"], proxies=frozenset({("proxy.lan", port)}), connect_s=1.0)
        with made.connect("proxy.lan", port) as connected:
            assert connected.getpeername() == ("127.0.0.1", port)
        made.close()


def test_no_answer_in_time_is_timed_out_and_a_refusal_is_no_network(full: socket.socket) -> None:
    port = full.getsockname()[1]
    made = dialer(["127.0.0.2"], proxies=frozenset({("proxy.lan", port)}), connect_s=0.4)
    start = time.monotonic()
    with pytest.raises(TimedOut):
        made.connect("proxy.lan", port)
    assert time.monotonic() - start < 2
    refusing = dialer(["127.0.0.3"], proxies=frozenset({("proxy.lan", port)}))
    with pytest.raises(NoNetwork):
        refusing.connect("proxy.lan", port)


def test_cancel_ends_the_wait_for_a_connection_at_once(full: socket.socket) -> None:
    cancel = CancelToken()
    made = dialer(["127.0.0.2"], cancel=cancel, proxies=frozenset({("proxy.lan", full.getsockname()[1])}), connect_s=30)
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        made.connect("proxy.lan", full.getsockname()[1])
    assert time.monotonic() - start < 2
    timer.join()


def test_a_look_up_that_takes_too_long_is_timed_out() -> None:
    ended = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        ended.wait(30)
        return ["8.8.8.8"]

    with pytest.raises(TimedOut):
        Dialer(CancelToken(), slow, 0.3, detours={}).connect("pictures.example.com", 443)
    ended.set()


@pytest.mark.parametrize("error", [OSError("canary"), UnicodeEncodeError("idna", "canary", 0, 1, "canary")])
def test_a_name_that_is_not_known_is_no_network_and_nothing_of_it_is_repeated(error: Exception) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise error

    with pytest.raises(NoNetwork) as told:
        Dialer(CancelToken(), unknown, 5.0, detours={}).connect("pictures.example.com", 443)
    assert "canary" not in str(told.value)


def test_cutting_off_wakes_who_waits_for_a_byte_and_no_connection_is_made_afterwards(listening: socket.socket) -> None:
    place = listening.getsockname()
    made = dialer(detours={("club.example", 0): place})
    with made.connect("club.example", 80) as connected:
        connected.settimeout(20)
        timer = threading.Timer(0.2, made.cut_off)
        timer.start()
        start = time.monotonic()
        assert connected.recv(1) == b""
        assert time.monotonic() - start < 2
        timer.join()
    with pytest.raises(TimedOut):
        made.connect("club.example", 80)
    made.close()


def test_the_system_resolver_gives_each_number_once() -> None:
    assert system_resolver("127.0.0.1", 80) == ["127.0.0.1"]
    assert len(set(system_resolver("localhost", 80))) == len(system_resolver("localhost", 80)) > 0
