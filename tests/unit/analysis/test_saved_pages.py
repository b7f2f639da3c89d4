"""What is taken out of a saved page, and that a hostile one costs little: no file, no network, bounded work."""

import time

import pytest

from privacyguard.analysis.saved_links import behind, read_words, web_address
from privacyguard.analysis.saved_mime import PARTS, Parts, spans
from privacyguard.analysis.saved_pages import LEAST_BYTES, PICTURES, read_saved
from privacyguard.model.saved import NoSavedPage
from tests.support import saved_pages as made
from tests.support.saved_pages import ADDRESS, Result

PATIENCE_S = 20.0


def png(number: int = 0) -> bytes:
    """Begins as a picture; each is another one."""
    return b"\x89PNG\r\n\x1a\n" + number.to_bytes(4, "big") * (LEAST_BYTES // 4)


CLUB = "https://club.example.org/gallery"


@pytest.mark.parametrize("write", [made.mhtml, made.single_file])
def test_each_picture_comes_with_the_page_it_led_to(write: object) -> None:
    results = [Result(png(1), CLUB), Result(png(2), None, "https://cdn.example.com/b.png")]
    saved = read_saved(write(results))  # type: ignore[operator]
    assert [each.content for each in saved.inside] == [png(1), png(2)]
    assert [each.page for each in saved.inside] == [CLUB, ADDRESS]
    assert (saved.title, saved.address, saved.left_out) == ("Results", ADDRESS, 0)


def test_a_picture_in_one_file_has_its_address() -> None:
    (inside,) = read_saved(made.mhtml([Result(png(), CLUB)])).inside
    assert inside.address == "https://cdn.example.com/a.png"


def test_a_picture_named_by_its_id_is_known() -> None:
    body = made.linked("cid:pic-1@example", CLUB)
    saved = read_saved(
        made.message([made.html_part(body), made.picture_part(png(), "cid:pic-1@example", "pic-1@example")])
    )
    assert [(each.address, each.page) for each in saved.inside] == [(None, CLUB)]


def test_of_pictures_beside_only_the_links_are_told() -> None:
    page = made.html(made.linked("./Results_files/a%20b.png?x=1", CLUB) + made.linked("Results_files/c.png", None))
    saved = read_saved(page.encode())
    assert saved.inside == []
    assert saved.beside == {"Results_files/a b.png": CLUB}


def test_the_same_picture_twice_is_one() -> None:
    assert len(read_saved(made.single_file([Result(png()), Result(png())])).inside) == 1
    twice = [made.html_part(""), *(made.picture_part(png(), f"https://cdn.example.com/{n}") for n in range(2))]
    assert len(read_saved(made.message(twice)).inside) == 1


def test_dots_and_drawings_are_no_pictures() -> None:
    dot = b"GIF89a" + b"\0" * 30
    body = made.linked(made.data_uri(dot, "gif"), None) + made.linked(made.data_uri(b"<svg/>" * 100, "svg+xml"), None)
    assert read_saved(made.html(body).encode()).inside == []


@pytest.mark.parametrize(
    "found",
    [
        "https://www.google.com/url?sa=i&url=https%3A%2F%2Fclub.example.org%2Fgallery",
        "https://www.google.com/imgres?imgurl=https%3A%2F%2Fx.example%2Fa.jpg&imgrefurl=https%3A%2F%2Fclub.example.org%2Fgallery",
    ],
)
def test_the_page_behind_a_search_engines_own_link_is_named(found: str) -> None:
    assert behind(found) == CLUB
    assert behind("https://share.example.net/post?url=https%3A%2F%2Fclub.example.org") == (
        "https://share.example.net/post?url=https%3A%2F%2Fclub.example.org"
    )


def test_a_link_within_the_same_site_leaves_the_page_itself() -> None:
    saved = read_saved(made.single_file([Result(png(), "https://www.results.example.com/large/1")]))
    assert [each.page for each in saved.inside] == [ADDRESS]


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "latin-1"])
def test_other_codings_are_read(coding: str) -> None:
    page = made.html("é", title="Gäste").replace("charset=utf-8", f"charset={coding}")
    assert read_saved(page.encode(coding)).title == "Gäste"


@pytest.mark.parametrize("charset", ["no-such-thing", "hex", "zlib", "utf-16", "x" * 500, "rot13"])
def test_a_wrong_charset_costs_no_picture(charset: str) -> None:
    parts = [made.html_part(made.linked("https://cdn.example.com/a.png", CLUB), charset)]
    saved = read_saved(made.message([*parts, made.picture_part(png(), "https://cdn.example.com/a.png")]))
    assert [each.content for each in saved.inside] == [png()]


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 1000, b"just a text", b"%PDF-1.7", b"PK\x03\x04", b"Subject: a letter\n\nHello"]
)
def test_what_is_no_page_is_refused(content: bytes) -> None:
    with pytest.raises(NoSavedPage):
        read_saved(content)


# --- hostile ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "untrusted",
    [
        "file:///etc/passwd", "javascript:alert(1)", "//10.0.0.1/x y", r"\\host\share", "https://a@b.example.org/", "smb://h/x",
        "https://club.example.org/\u202e", "https://club.example.org/" + "a" * 600, "http:///x", "https://[::1", "",
        "data:text/html,x",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_of_the_web_is_dropped(untrusted: str) -> None:
    assert web_address(untrusted) is None
    links = read_words(made.html(made.linked("a.png", untrusted)), None).links
    assert links == {}


def test_a_base_changes_nothing_that_is_opened() -> None:
    page = made.html("<base href='file:///etc/'>" + made.linked("passwd", CLUB) + made.linked(r"\\host\x.png", CLUB))
    saved = read_saved(page.encode())
    assert saved.inside == []
    assert set(saved.beside) == {"passwd", r"\\host\x.png"}  # words to look up in a list, which has no such file


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "x",
        "<a href='https://club.example.org/'>" * 100_000,
        f"<img alt='{'x' * 50_000_000}'>",
        "<img src=a.png>" * 1_000_000,
        "<!--" * 200_000,
        "<" * 500_000,
        "<a " * 300_000,
        "data:image/png;base64," * 100_000,
        f"<img src='data:image/png;base64,{'A' * 20_000_000}'>",
        "<script>while(1);</script><img src='data:image/png;base64,####'>",
        "</title>" * 100_000 + "&#x110000;" * 100_000,
    ],
    ids=range(11),
)
def test_a_hostile_page_is_read_in_little_time(page: str) -> None:
    start = time.monotonic()
    read_saved(made.html(page).encode())
    assert time.monotonic() - start < PATIENCE_S


def test_no_more_than_so_many_pictures_are_taken_and_the_rest_is_counted() -> None:
    body = "".join(f"<img src='{made.data_uri(png(number))}'>" for number in range(PICTURES + 7))
    saved = read_saved(made.html(body).encode())
    assert (len(saved.inside), saved.left_out) == (PICTURES, 7)


def test_ten_thousand_parts() -> None:
    parts = [made.html_part(""), *(made.part({"Content-Type": "text/css"}, b"x") for _ in range(10_000))]
    start = time.monotonic()
    saved = read_saved(made.message(parts))
    assert saved.left_out == 10_002 - PARTS  # the message and each of its parts count
    assert time.monotonic() - start < PATIENCE_S


def test_parts_within_parts_a_thousand_deep() -> None:
    body = b"x"
    for number in range(1_000):
        body = f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'.encode() + body
    content = b"MIME-Version: 1.0\r\n" + body
    parts = Parts(content)
    assert list(parts) == []
    assert parts.left_out == 1
    with pytest.raises(NoSavedPage):
        read_saved(content)


@pytest.mark.parametrize("boundary", ["(a+)+$" * 10, "[" * 60, "\\", "*" * 70])
def test_a_boundary_is_text_and_no_pattern(boundary: str) -> None:
    content = b"\r\n".join([f"--{boundary}".encode(), b"\r\nbody", f"--{boundary}--".encode(), b"--a" * 100_000])
    assert [content[start:end] for start, end in spans(content, boundary, 0, len(content))] == [b"\r\nbody"]


@pytest.mark.parametrize("boundary", ["", "x" * 201, "\udfff"])
def test_an_impossible_boundary_gives_no_part(boundary: str) -> None:
    quoted = boundary.encode("utf-8", "surrogatepass")
    head = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="'
        + quoted
        + b'"\r\n\r\n--'
        + quoted
        + b"\r\n\r\nx"
    )
    assert [part for part in Parts(head) if part.kind != "text/plain"] == []


def test_a_damaged_coding_costs_that_picture_and_is_counted() -> None:
    parts = [made.html_part(""), made.picture_part(png(), "https://cdn.example.com/a.png")]
    bad = made.part({"Content-Type": "image/png", "Content-Transfer-Encoding": "base64"}, b"iVBOR")
    saved = read_saved(made.message([*parts, bad]))
    assert (len(saved.inside), saved.left_out) == (1, 1)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_page_that_was_cut_off_gives_what_is_whole(share: float) -> None:
    content = made.mhtml([Result(png(number), CLUB, f"https://cdn.example.com/{number}.png") for number in range(20)])
    cut = content[: int(len(content) * share)]
    try:
        saved = read_saved(cut)
    except NoSavedPage:
        assert share < 0.5
    else:
        assert len(saved.inside) >= int(20 * share) - 2
