"""Replies that are cut: at every byte, by a reset or a regular end, in each form that a body can have. None counts as whole."""

import gzip
import json
import socket
from collections.abc import Callable

import pytest

from privacyguard.errors import ConnectionLost, NetworkIntercepted, UnexpectedReply
from privacyguard.net.reply import Reply
from tests.support.doors import Door, Impatient, said
from tests.support.raw_servers import RawServer, resetting_after, saying

VALUE = {"leaks": ["Adobe", "Example Gym"], "count": 2}
BODY = json.dumps(VALUE).encode()
LIST = b"0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2"


def chunked(body: bytes, size: int = 20) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def not_found(length: int) -> bytes:
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n" % length + b"{}"[:length]


def status(door: Door) -> object:
    return door.get().status


def value(door: Door) -> object:
    return door.get().json()


def text(door: Door) -> object:
    return door.get().text()


PACKED = gzip.compress(BODY, mtime=0)
JSON = {"Content_Type": "application/json"}
FORMS: dict[str, tuple[bytes, Callable[[Door], object], object]] = {
    "length": (said(BODY, **JSON, Content_Length=str(len(BODY))), value, VALUE),
    "chunks": (said(chunked(BODY), **JSON, Transfer_Encoding="chunked"), value, VALUE),
    "packed": (said(PACKED, **JSON, Content_Encoding="gzip", Content_Length=str(len(PACKED))), value, VALUE),
    "packed chunks": (said(chunked(PACKED), Content_Encoding="gzip", Transfer_Encoding="chunked"), value, VALUE),
    "not found": (not_found(2), status, 404),
    "not found, empty": (not_found(0), status, 404),
    "until it closes": (said(BODY, **JSON), value, VALUE),
    "text in chunks": (said(chunked(LIST), Transfer_Encoding="chunked"), text, LIST.decode()),
    "text with a length": (said(LIST, Content_Length=str(len(LIST))), text, LIST.decode()),
}


@pytest.mark.parametrize("script", [saying, resetting_after])
@pytest.mark.parametrize("form", FORMS)
def test_reply_that_is_cut_at_any_byte_is_never_taken_for_a_whole_one(
    form: str, script: Callable[[bytes], Callable[[socket.socket], None]]
) -> None:
    whole, read, expected = FORMS[form]
    said_now = b""
    with RawServer(lambda connection: script(said_now)(connection)) as server:
        for cut_at in range(len(whole)):
            said_now = whole[:cut_at]
            door = Door(server.url, cancel=Impatient())
            with pytest.raises((ConnectionLost, UnexpectedReply)) as told:
                read(door)
            assert type(told.value) in (ConnectionLost, UnexpectedReply), cut_at
            assert len(door.recorded) <= 2
        assert len(server.heads) <= 2 * len(whole)
    with RawServer(saying(whole)) as server:
        assert read(Door(server.url)) == expected


def test_text_whose_end_nobody_named_is_no_answer() -> None:
    with RawServer(saying(said(LIST, Content_Type="text/plain"))) as server:
        reply = Door(server.url).get()
        assert not reply.is_whole
        with pytest.raises(ConnectionLost):
            reply.text()
    for body in (b"12", b"null", b"true", b'"a"'):
        with pytest.raises(ConnectionLost):
            Reply(200, {}, body, is_whole=False).json()
    assert Reply(200, {}, b"[1]", is_whole=False).json() == [1]
    assert Reply(403, {}, b"no", is_whole=False).text() == "no"


def test_page_is_no_text_that_was_asked_for() -> None:
    with pytest.raises(NetworkIntercepted):
        Reply(200, {}, b"<!doctype html><p>Welcome").text()
    assert Reply(403, {}, b"<html>no").text() == "<html>no"


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "5, 6"])
def test_length_that_is_none_or_wrong_is_no_whole_text(length: str) -> None:
    with RawServer(saying(said(LIST, Content_Length=length))) as server:
        door = Door(server.url, cancel=Impatient())
        with pytest.raises((ConnectionLost, UnexpectedReply)):
            door.get().text()


def test_body_that_is_longer_than_it_says_is_read_as_long_as_it_says() -> None:
    with RawServer(saying(said(BODY + b"more", Content_Length=str(len(BODY))))) as server:
        assert Door(server.url).get().json() == VALUE
    with RawServer(saying(said(BODY, Content_Length=str(len(BODY) - 1)))) as server, pytest.raises(UnexpectedReply):
        Door(server.url).get().json()


def test_packed_body_that_is_cut_and_says_so_itself_is_no_reply() -> None:
    for cut in (PACKED[:-1], PACKED[:-8], PACKED[:12]):
        with RawServer(saying(said(cut, Content_Encoding="gzip", Content_Length=str(len(cut))))) as server:
            Door(server.url, cancel=Impatient()).failure(ConnectionLost)
    damaged = PACKED[:-6] + bytes(6)
    with RawServer(saying(said(damaged, Content_Encoding="gzip", Content_Length=str(len(damaged))))) as server:
        Door(server.url).failure(UnexpectedReply)


def test_body_that_is_packed_in_several_parts_is_read_whole() -> None:
    twice = gzip.compress(b"[1,") + gzip.compress(b"2]")
    with RawServer(saying(said(chunked(twice, 1), Content_Encoding="gzip", Transfer_Encoding="chunked"))) as server:
        assert Door(server.url).get().json() == [1, 2]


@pytest.mark.parametrize("size", [65535, 65536, 65537, 131072, 1_000_000])
def test_packed_body_of_any_size_comes_out_as_it_went_in(size: int) -> None:
    packed = gzip.compress(bytes(size))
    with RawServer(saying(said(packed, Content_Encoding="gzip", Content_Length=str(len(packed))))) as server:
        assert Door(server.url).get().body == bytes(size)
