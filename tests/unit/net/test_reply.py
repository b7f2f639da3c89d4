"""What a service answered, read without trusting it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.errors import NetworkIntercepted, UnexpectedReply
from privacyguard.net.reply import Reply


def reply(body: bytes, content_type: str = "application/json") -> Reply:
    return Reply(200, {"content-type": content_type}, body)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_every_json_value_is_read_as_it_was_written(value: object) -> None:
    assert reply(json.dumps(value).encode()).json() == value
    assert reply(b"\xef\xbb\xbf" + json.dumps(value, ensure_ascii=True).encode()).json() == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1,]",
        b"NaN",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b'{"a":1,"a":1}',
        b'[{"b":{"a":1,"a":2}}]',
        b"9" * 5000,
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"\xff\xfe[\x00]\x00",
        '"ü"'.encode("latin-1"),
        "[1]".encode("utf-16"),
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_agreed_json_is_an_unexpected_reply(body: bytes) -> None:
    with pytest.raises(UnexpectedReply) as told:
        reply(body).json()
    assert told.value.__suppress_context__


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_a_failure_in_words(body: bytes) -> None:
    try:
        reply(body).json()
    except (UnexpectedReply, NetworkIntercepted):
        return
    json.loads(body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html><body>Welcome", "application/json"),
        (b" \r\n<!DOCTYPE HTML><p>Welcome", "application/json"),
        (b"Welcome", "text/html; charset=utf-8"),
        (b"[]", "application/xhtml+xml"),
    ],
)
def test_a_page_where_data_should_be_is_the_networks_own(body: bytes, content_type: str) -> None:
    with pytest.raises(NetworkIntercepted):
        reply(body, content_type).json()


def test_a_page_is_told_by_its_first_bytes() -> None:
    assert reply(b"\n <HTML lang=en>", "image/jpeg").is_page
    assert reply(b"\xef\xbb\xbf<!-- hotel --><p>Welcome").is_page
    assert reply(b"<?xml version='1.0'?>\n<HTML xmlns='x'>").is_page
    assert not reply(b"<?xml version='1.0'?><Error/>").is_page
    assert not reply(b"404 Not Found", "text/html").is_page
    assert not reply(b"").is_page


def test_content_type_is_named_without_its_parameters() -> None:
    assert reply(b"", "Text/HTML; charset=UTF-8").content_type == "text/html"
    assert Reply(200, {}, b"").content_type == ""


def test_text_that_is_not_utf_8_is_replaced_and_nothing_of_a_reply_is_in_its_repr() -> None:
    said = Reply(200, {"x": "canary"}, b"canary \xff")
    assert said.text() == "canary \ufffd"
    assert "canary" not in repr(said)
