"""The address of a page as people type it."""

import pytest

from privacyguard.net.typed_pages import PageNotTaken, typed_page


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://Club.Example.org/Team#top", "https://club.example.org/Team"),
        (" club.example.org ", "https://club.example.org/"),
        ("http://club.example.org:8081/a b", "http://club.example.org:8081/a%20b"),
        ("https://club.example.org:443/", "https://club.example.org/"),
        ("https://bücher.example.com/ä?ö=1", "https://xn--bcher-kva.example.com/%C3%A4?%C3%B6=1"),
        ("https://club.example/team", "https://club.example/team"),
    ],
)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert typed_page(typed) == address
    assert typed_page(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        *("", "https://", "javascript://x", "file:///etc/passwd", "ftp://club.example.org/", "//club.example.org/"),
        *("https://zoe:secret@club.example.org/", "https://club.example.org:22x/", "https://club..example.org/"),
        *("https://127.0.0.1/", "http://[::1]/", "https://2130706433/", "http://169.254.169.254/latest/"),
        *("https://localhost/", "http://router.lan/", "https://intranet/", "https://a.local/", "https://a.b.example/"),
        f"https://club.example.org/{'a' * 2048}",
        "https://club.example.org\\@127.0.0.1/",
    ],
)
def test_what_is_no_public_page_is_not_taken(typed: str) -> None:
    with pytest.raises(PageNotTaken) as told:
        typed_page(typed)
    assert "secret" not in f"{told.value} {told.value.title} {told.value.remedy}"


def test_names_of_the_settings_are_taken() -> None:
    assert typed_page("http://a.test/", ["a.test"]) == "http://a.test/"
