"""The server of faults: what each one is called, in words of its own. By hand, as a table: ``pytest -s -k table``."""

import functools
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from privacyguard.errors import (
    AddressRefused,
    CertificateRefused,
    ConnectionLost,
    HostRefused,
    NetworkIntercepted,
    NoNetwork,
    ReplyTooLarge,
    ServiceDown,
    SourceError,
    TimedOut,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.source import Disclosure
from privacyguard.net.exchange import Timeouts
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.doors import PRIVATE, SECRET, Door, Impatient, said
from tests.support.raw_servers import RawServer, Script, resetting_after, saying, silent, slowly
from tests.support.servers import Answer, Server

HOST = "service.example.org"
SHORT = Timeouts(connect_s=0.5, first_byte_s=0.5, total_s=0.8)
OVER = threading.Event()
TABLE: list[tuple[str, str, str, str]] = []


@pytest.fixture(scope="module", autouse=True)
def over() -> Iterator[None]:
    yield
    OVER.set()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("certificates"))


def endless(connection: socket.socket) -> None:
    connection.sendall(said(b""))
    while True:
        connection.sendall(bytes(65536))


def reply(status: str, body: bytes = b"", **headers: str) -> Script:
    return saying(said(body, Content_Length=str(len(body)), **headers).replace(b"200 OK", status.encode(), 1))


BOMB = gzip.compress(bytes(50_000_000))
JSON = {"Content_Type": "application/json"}
SPOKEN: dict[str, tuple[Script, type[SourceError]]] = {
    "ends before the first byte": (saying(b""), ConnectionLost),
    "reset before the first byte": (resetting_after(b""), ConnectionLost),
    "reset in the body": (resetting_after(said(b"x" * 9, Content_Length="99")), ConnectionLost),
    "body shorter than it says": (saying(said(b"x" * 9, Content_Length="99")), ConnectionLost),
    "chunks that are cut": (saying(said(b"64\r\nabc", Transfer_Encoding="chunked")), ConnectionLost),
    "head that is cut": (saying(b"HTTP/1.1 404 Not Found\r\nContent-Ty"), ConnectionLost),
    "no HTTP": (saying(b"SSH-2.0-OpenSSH_9.6\r\n"), UnexpectedReply),
    "slow first byte": (silent(OVER), TimedOut),
    "one byte per second": (slowly(said(b"", Content_Length="99"), b"x" * 99, OVER, 0.2), TimedOut),
    "429, no time": (reply("429 Slow"), TooManyRequests),
    "429, seconds": (reply("429 Slow", Retry_After="1800"), TooManyRequests),
    "429, a date": (reply("429 Slow", Retry_After="Mon, 04 May 2026 15:00:00 GMT"), TooManyRequests),
    "429, a year": (reply("429 Slow", Retry_After="31536000"), TooManyRequests),
    "500": (reply("500 Error", b"{}", **JSON), ServiceDown),
    "502, a page": (reply("502 Bad", b"<html>sorry", Content_Type="text/html"), ServiceDown),
    "503, an hour": (reply("503 Maintenance", Retry_After="3600"), ServiceDown),
    "511": (reply("511 Sign in", b"<html>sign in"), NetworkIntercepted),
    "truncated JSON": (reply("200 OK", b'{"a": [1, 2', **JSON), UnexpectedReply),
    "invalid JSON": (reply("200 OK", b"{'a': NaN}", **JSON), UnexpectedReply),
    "empty": (reply("200 OK", b"", **JSON), UnexpectedReply),
    "page instead of data": (reply("200 OK", b"<html>Welcome"), NetworkIntercepted),
    "wrong type": (reply("200 OK", b"{}", Content_Type="text/html"), NetworkIntercepted),
    "10 GB, named": (saying(said(b"", Content_Length="10000000000")), ReplyTooLarge),
    "10 GB, unnamed": (endless, ReplyTooLarge),
    "gzip bomb": (reply("200 OK", BOMB, Content_Encoding="gzip"), ReplyTooLarge),
    "no gzip": (reply("200 OK", b"text", Content_Encoding="gzip"), UnexpectedReply),
    "gzip that is cut": (reply("200 OK", gzip.compress(b"{}")[:-4], Content_Encoding="gzip"), ConnectionLost),
    "coding nobody asked for": (reply("200 OK", b"text", Content_Encoding="br"), UnexpectedReply),
    "redirect in a circle": (reply("302 Found", Location="/"), UnexpectedReply),
    "redirect to nowhere": (reply("302 Found"), UnexpectedReply),
    "redirect to a sign-in page": (reply("302 Found", Location="http://login.hotel.example.com/"), NetworkIntercepted),
    "redirect into the network, no TLS": (reply("302 Found", Location="http://192.168.1.1/"), NetworkIntercepted),
}


def told(fault: str, door: Door, kind: type[SourceError], url: str, read: Callable[[Door, str], object]) -> None:
    with pytest.raises(SourceError) as raised:
        read(door, url)
    error = raised.value
    assert type(error) is kind
    assert error.title
    assert error.remedy
    assert PRIVATE not in f"{error!r} {error.title} {error.remedy}"
    TABLE.append((fault, kind.__name__, error.title, error.remedy))


def as_json(door: Door, url: str) -> object:
    return door.get(url).json()


@pytest.mark.parametrize("fault", SPOKEN)
def test_fault_of_a_service_has_its_words(fault: str) -> None:
    script, kind = SPOKEN[fault]
    with RawServer(script) as server:
        door = Door(server.url, cancel=Impatient(), timeouts=SHORT)
        told(fault, door, kind, f"/?for={PRIVATE}", as_json)


def test_fault_of_the_network_has_its_words() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    def slow(host: str, port: int) -> list[str]:
        OVER.wait(30)
        return []

    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    url = f"https://{HOST}/?for={PRIVATE}"
    told("refused connection", Door(f"http://127.0.0.1:{closed}"), NoNetwork, "/", as_json)
    told("name not known", Door(resolver=unknown), NoNetwork, url, as_json)
    told("look-up without an answer", Door(resolver=slow, timeouts=SHORT), TimedOut, url, as_json)
    told("name blocked here (0.0.0.0)", Door(resolver=lambda h, p: ["0.0.0.0"]), NoNetwork, url, as_json)
    told("name with a private number", Door(resolver=lambda h, p: ["10.0.0.1"]), NetworkIntercepted, url, as_json)
    proxied = Door(proxies={"https": f"http://127.0.0.1:{closed}"}, resolver=lambda h, p: ["127.0.0.1"])
    told("proxy that does not answer", proxied, NoNetwork, url, as_json)
    told("host that is not on the card", Door(), HostRefused, "https://elsewhere.example.com/", as_json)
    told("address that may not be asked", Door(), AddressRefused, "https://127.1/", as_json)


@pytest.mark.parametrize(
    "fault", ["wrong name", "expired", "signed by itself", "SHA-1", "old TLS", "plain http on 443"]
)
def test_fault_of_tls_has_its_words(fault: str, authority: Authority) -> None:
    contexts: dict[str, Callable[[], ssl.SSLContext | None]] = {
        "wrong name": lambda: authority.server("other.example.org"),
        "expired": lambda: authority.server(HOST, ended=True),
        "signed by itself": lambda: authority.server(HOST, self_signed=True),
        "SHA-1": lambda: authority.server(HOST, over_sha1=True),
        "old TLS": lambda: _old(authority.server(HOST)),
        "plain http on 443": lambda: None,
    }
    recorded: list[Disclosure] = []
    tls = tls_context()
    tls.load_verify_locations(authority.file)
    with Server(lambda _: Answer(200, b"{}"), contexts[fault]()) as server:
        door = Door(resolve={HOST: f"127.0.0.1:{server.port}"}, tls=tls, record=recorded.append)
        told(fault, door, CertificateRefused, f"https://{HOST}/?for={PRIVATE}", as_json)
        assert server.requests == []
    assert len(recorded) == 1


def test_redirects_of_a_service_with_tls_have_their_words(authority: Authority, tmp_path: Path) -> None:
    tls = tls_context()
    tls.load_verify_locations(authority.file)
    for fault, target, kind in (
        ("redirect to another host", "https://elsewhere.example.com/", HostRefused),
        ("redirect to a private address", "https://10.0.0.1/", AddressRefused),
        ("redirect to a metadata address", "http://169.254.169.254/latest/meta-data/", AddressRefused),
    ):
        moved = Answer(302, headers={"Location": target})
        with Server(functools.partial(lambda answer, _: answer, moved), authority.server(HOST)) as server:
            door = Door(resolve={HOST: f"127.0.0.1:{server.port}"}, tls=tls)
            told(fault, door, kind, f"https://{HOST}/", as_json)


def test_table_of_all_faults() -> None:
    """Also: each kind of failure has a sentence of its own."""
    for row in TABLE:
        print(" | ".join(row))
    kinds = {kind: {title for _, other, title, _ in TABLE if other == kind} for _, kind, _, _ in TABLE}
    for kind, titles in kinds.items():
        assert not any(titles & others for name, others in kinds.items() if name != kind)
    assert SECRET not in str(TABLE)


def _old(context: ssl.SSLContext) -> ssl.SSLContext:
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context
