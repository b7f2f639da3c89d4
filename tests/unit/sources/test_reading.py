"""Foreign fields: checked for their type, cut to a length, without markup and hidden characters."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.errors import UnexpectedReply
from privacyguard.sources.reading import (
    TEXT_AT_MOST,
    a_day,
    a_flag,
    a_list,
    a_name,
    a_text,
    an_address,
    an_object,
    classes,
    objects,
    plain,
)

NOT_TEXT: list[Any] = [None, 7, 1.5, True, [], {}]


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("A <b>page</b>", "A page"),
        ("Fish &amp; Chips", "Fish & Chips"),
        ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("a\u202egpj.exe", "a gpj.exe"),
        ("a\x00b\x1b[2Jc", "a b [2Jc"),
        (" many \n\t blanks ", "many blanks"),
        ("Zoë's Café – 例え", "Zoë's Café – 例え"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_foreign_text_becomes_plain_text_of_one_line(untrusted: str, shown: str) -> None:
    assert plain(untrusted) == shown


@given(st.text())
def test_any_text_becomes_printable_text_of_a_limited_length(untrusted: str) -> None:
    shown = a_text(untrusted)
    assert shown.isprintable()
    assert len(shown) <= TEXT_AT_MOST
    assert shown == " ".join(shown.split())


def test_long_text_is_cut_and_the_cut_is_visible() -> None:
    assert a_text("x" * 1_000_000) == "x" * (TEXT_AT_MOST - 1) + "…"
    assert a_text("x" * TEXT_AT_MOST) == "x" * TEXT_AT_MOST
    assert len(a_text("<" * 1_000_000)) == TEXT_AT_MOST


@pytest.mark.parametrize("untrusted", NOT_TEXT)
def test_what_is_no_text_is_not_taken_for_one(untrusted: object) -> None:
    for read in (a_text, a_name, an_address):
        with pytest.raises(UnexpectedReply):
            read(untrusted)


@pytest.mark.parametrize("untrusted", ["", " ", "<b></b>", "\u202e"])
def test_a_name_is_never_empty(untrusted: str) -> None:
    with pytest.raises(UnexpectedReply):
        a_name(untrusted)
    assert a_name("x") == "x"


@pytest.mark.parametrize(
    ("untrusted", "address"),
    [
        ("https://a.example.org/p?a=1&copy=2&amp;x", "https://a.example.org/p?a=1&copy=2&amp;x"),
        (" http://a.example.org/ä ", "http://a.example.org/%C3%A4"),
        ("https://a.example.org/\u202egpj", "https://a.example.org/%E2%80%AEgpj"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("//a.example.org/", None),
        ("https://a.example.org\\@b/", None),
        ("https://a.example.org/" + "x" * 2048, None),
        ("https://a.example.org/" + "ä" * 1000, None),
        ("", None),
    ],
)
def test_an_address_keeps_its_form_or_is_none(untrusted: str, address: str | None) -> None:
    assert an_address(untrusted) == address


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://a.example.org/"]))
def test_any_address_is_plain_ascii_or_none(text: str, head: str) -> None:
    address = an_address(head + text)
    assert address is None or address.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize("untrusted", [None, 7, "x", []])
def test_an_object_is_nothing_else(untrusted: object) -> None:
    with pytest.raises(UnexpectedReply):
        an_object(untrusted)
    assert an_object({"a": 1}) == {"a": 1}


@pytest.mark.parametrize("untrusted", [None, 7, "x", {}, [1, 2, 3]])
def test_a_list_is_nothing_else_and_not_too_long(untrusted: object) -> None:
    with pytest.raises(UnexpectedReply):
        a_list(untrusted, 2)
    assert a_list([1, 2], 2) == [1, 2]


@pytest.mark.parametrize("untrusted", [{"a": None}, {"a": {}}, {"a": [1]}, {"a": [{}, None]}])
def test_a_list_of_objects_may_be_missing_but_not_be_something_else(untrusted: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedReply):
        objects(untrusted, "a")
    assert objects({}, "a") == []
    assert objects({"a": [{"b": 1}]}, "a") == [{"b": 1}]


@pytest.mark.parametrize("untrusted", ["true", 1, 0, "", []])
def test_a_flag_is_true_or_false(untrusted: object) -> None:
    with pytest.raises(UnexpectedReply):
        a_flag(untrusted, True)
    assert a_flag(None, True)
    assert not a_flag(False, True)


@pytest.mark.parametrize("untrusted", [7, "soon", "2026-13-01", "x" * 10**6, [], "\x00", "04.05.2026"])
def test_a_day_is_an_iso_date(untrusted: object) -> None:
    with pytest.raises(UnexpectedReply):
        a_day(untrusted)
    assert a_day("2026-05-04") == a_day("2026-05-04T10:00:00Z") == date(2026, 5, 4)
    assert a_day(None) is None
    assert a_day("") is None


@pytest.mark.parametrize("untrusted", [None, "Passwords", [None], [[]], ["x"] * 101])
def test_data_classes_are_a_short_list_of_texts(untrusted: object) -> None:
    with pytest.raises(UnexpectedReply):
        classes(untrusted)
    assert classes(["Passwords", "<i>Photos</i>"]) == ("Passwords", "Photos")
