"""Limits of size and time, on real connections: how much is read of what is too much, and how long nobody waits."""

import gzip
import resource
import socket
import threading
import time
import zlib
from collections.abc import Callable

import pytest

from privacyguard.errors import ReplyTooLarge, SourceError, TimedOut, UnexpectedReply
from privacyguard.net.exchange import Timeouts
from tests.support.doors import Door, said
from tests.support.raw_servers import RawServer, Script, saying, silent, slowly

MAX = 1_000_000
TEN_GB = 10_000_000_000


class Counted:
    """A script that says the head and then parts for ever. ``sent``: bytes of them until the other side left."""

    def __init__(self, head: bytes, part: Callable[[], bytes]) -> None:
        self.sent = 0
        self._head, self._part = head, part

    def __call__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 100_000)
        connection.sendall(self._head)
        while self.sent < TEN_GB:
            part = self._part()
            connection.sendall(part)
            self.sent += len(part)


def in_chunks(part: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(part), part)


def bomb() -> Callable[[], bytes]:
    """Parts of a packed body of 10 GB of zeros, as they are needed."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(4_000_000)
    return lambda: packing.compress(zeros) + packing.flush(zlib.Z_SYNC_FLUSH)


BOMB = bomb()
GZIP, CHUNKED = {"Content_Encoding": "gzip"}, {"Transfer_Encoding": "chunked"}
FLOODS: dict[str, Counted] = {
    "named": Counted(said(b"", Content_Length=str(TEN_GB)), lambda: bytes(65536)),
    "unnamed": Counted(said(b""), lambda: bytes(65536)),
    "in chunks": Counted(said(b"", **CHUNKED), lambda: in_chunks(bytes(65536))),
    "one huge chunk": Counted(said(b"", **CHUNKED) + b"2540be400\r\n", lambda: bytes(65536)),
    "packed": Counted(said(b"", **GZIP), bomb()),
    "packed, named": Counted(said(b"", **GZIP, Content_Length="900000"), bomb()),
    "packed in chunks": Counted(said(b"", **GZIP, **CHUNKED), lambda: in_chunks(BOMB())),
    "packed, of nothing": Counted(said(b"", **GZIP), lambda: gzip.compress(b"") * 1000),
    "packed, not at all": Counted(said(b"", **GZIP), lambda: b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\xff\xff\0\0" * 1000),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_body_that_is_too_large_is_left_where_the_limit_is(kind: str) -> None:
    flood = FLOODS[kind]
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with RawServer(flood) as server:
        start = time.monotonic()
        with pytest.raises(SourceError) as told:
            Door(server.url).get(max_bytes=MAX)
        assert type(told.value) is (UnexpectedReply if kind == "packed, not at all" else ReplyTooLarge)
        assert time.monotonic() - start < 2
        assert len(server.heads) == 1
    assert flood.sent < 20 * MAX
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 40_000


def test_picture_has_a_limit_too() -> None:
    flood = Counted(said(b"", Content_Type="image/png", Content_Length=str(TEN_GB)), lambda: bytes(65536))
    with RawServer(flood) as server:
        door = Door(server.url)
        with pytest.raises(ReplyTooLarge):
            door.gateway.picture(f"{server.url}/a.png", what="a", purpose="b")


HEADS: dict[str, Script] = {
    "many lines": Counted(b"HTTP/1.1 200 OK\r\n", lambda: b"X: y\r\n" * 100),
    "one long line": Counted(b"HTTP/1.1 200 OK\r\nX: ", lambda: b"y" * 65536),
    "no first line": Counted(b"", lambda: b"H" * 65536),
    "endless size of a chunk": Counted(said(b"", **CHUNKED) + b"1;", lambda: b"x" * 65536),
}


@pytest.mark.parametrize("kind", HEADS)
def test_head_without_an_end_is_no_reply(kind: str) -> None:
    with RawServer(HEADS[kind]) as server:
        start = time.monotonic()
        Door(server.url).failure(UnexpectedReply)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("timeouts", "limit_s"),
    [(Timeouts(first_byte_s=0.6), 0.6), (Timeouts(total_s=0.6), 0.6), (Timeouts(connect_s=0.1, total_s=0.6), 0.6)],
)
def test_first_byte_that_does_not_come_is_not_waited_for(timeouts: Timeouts, limit_s: float) -> None:
    ended = threading.Event()
    with RawServer(silent(ended)) as server:
        start = time.monotonic()
        Door(server.url, timeouts=timeouts).failure(TimedOut)
        assert limit_s - 0.05 <= time.monotonic() - start < limit_s + 1
        ended.set()


@pytest.mark.parametrize(
    "script",
    [
        lambda ended: slowly(b"", said(b"", Content_Length="9"), ended, 0.25),
        lambda ended: slowly(said(b"", Content_Length="100"), b"x" * 100, ended, 0.25),
        lambda ended: slowly(said(b"", **CHUNKED), in_chunks(b"x" * 100), ended, 0.25),
        lambda ended: slowly(b"HTTP/1.1 302 Found\r\n", b"Location: /there\r\n\r\n", ended, 0.25),
    ],
    ids=["head", "body", "chunks", "redirect"],
)
def test_one_byte_after_the_other_is_waited_for_no_longer_than_a_whole_reply(
    script: Callable[[threading.Event], Script],
) -> None:
    ended = threading.Event()
    with RawServer(script(ended)) as server:
        start = time.monotonic()
        Door(server.url, timeouts=Timeouts(first_byte_s=1.0, total_s=1.2)).failure(TimedOut)
        assert 1.1 < time.monotonic() - start < 2.2
        assert len(server.heads) == 1
        ended.set()


def test_time_outs_are_those_of_the_threat_model() -> None:
    assert Timeouts() == Timeouts(connect_s=10.0, first_byte_s=20.0, total_s=60.0)


def test_reply_of_exactly_the_limit_is_taken_packed_or_not() -> None:
    body = bytes(MAX)
    packed = gzip.compress(body)
    for reply in (said(body, Content_Length=str(MAX)), said(packed, **GZIP, Content_Length=str(len(packed)))):
        with RawServer(saying(reply)) as server:
            assert Door(server.url).get(max_bytes=MAX).body == body
            Door(server.url).failure(ReplyTooLarge, max_bytes=MAX - 1)
