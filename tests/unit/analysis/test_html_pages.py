"""What is taken out of a page, in which charset, and what hostile ones cost."""

import time

import pytest

from privacyguard.analysis.charsets import decoded
from privacyguard.analysis.html_pages import read_page, read_style
from privacyguard.analysis.html_pictures import in_json_ld, largest
from privacyguard.model.webpage import PageContent, PageUnreadable

AT = "https://club.example.org/team/index.html"
ROOT = "https://club.example.org"


def read(html: str | bytes, charset: str | None = None) -> PageContent:
    return read_page(html.encode() if isinstance(html, str) else html, AT, charset)


@pytest.mark.parametrize(
    ("html", "pictures"),
    [
        ("<img src=a.jpg>", ["/team/a.jpg"]),
        ("<img src=' /a b.jpg\n'>", ["/a%20b.jpg"]),
        ("<img src=a.jpg srcset='s.jpg 320w, m.jpg 1200w,x.jpg 9000w'>", ["/team/m.jpg"]),
        ("<img srcset='/a,b.jpg 1x, /c.jpg 2x'>", ["/c.jpg"]),
        ("<img srcset='/only.jpg'>", ["/only.jpg"]),
        ("<picture><source srcset=a.avif><source srcset=b.webp><img src=c.jpg></picture>", ["/team/a.avif"]),
        (
            "<picture><source media='(x)' srcset=a.webp><source media='(y)' srcset=b.webp><img src=c.jpg></picture>",
            ["/team/a.webp", "/team/b.webp", "/team/c.jpg"],
        ),
        ("<picture><source type=image/svg+xml srcset=a.svg><img src=c.jpg></picture>", ["/team/c.jpg"]),
        ("<picture></picture><img src=c.jpg>", ["/team/c.jpg"]),
        ("<source srcset=alone.jpg>", []),
        ("<img src=data:image/gif;base64,AA data-src=l.jpg>", ["/team/l.jpg"]),
        ("<div data-anything=/deep/l.png data-title='not one'></div>", ["/deep/l.png"]),
        ("<img data-src=/picture?id=7>", ["/picture?id=7"]),
        ("<noscript><img src=n.jpg></noscript>", ["/team/n.jpg"]),
        ("<meta property=og:image content=//cdn.example.org/o.jpg>", ["https://cdn.example.org/o.jpg"]),
        ("<meta name=twitter:image content=/t.jpg>", ["/t.jpg"]),
        ("<meta name=description content=/t.jpg>", []),
        ("<p style=\"background: url('/b.jpg')\">", ["/b.jpg"]),
        ('<style>a{background:url("b.png")} /* url(no.png) */ @font-face{src:url(f.ttf)}</style>', ["/team/b.png"]),
        ("<style>a{background:image-set('1.jpg' 1x, \"2.jpg\" 2x)}</style>", ["/team/1.jpg", "/team/2.jpg"]),
        (
            '<script type=application/ld+json>{"image":["/j.jpg",{"url":"/k.jpg"}],"url":"/"}</script>',
            ["/j.jpg", "/k.jpg"],
        ),
        ("<script>var a = '<img src=no.jpg>'</script>", []),
        ("<a href=/big.JPG>x</a>", ["/big.JPG"]),
        ("<video poster=p.jpg></video><input type=image src=i.gif><input src=no.gif>", ["/team/p.jpg", "/team/i.gif"]),
        (
            "<link rel=image_src href=/l.jpg><link rel=preload as=image href=/q.jpg><link rel=icon href=/i.png>",
            ["/l.jpg", "/q.jpg"],
        ),
        ("<base href=/other/><base href=/second/><img src=a.jpg>", ["/other/a.jpg"]),
        ("<svg><image xlink:href=/s.png></image></svg>", ["/s.png"]),
        ("<td background=/td.gif>", ["/td.gif"]),
        ("<object data=/o.png></object><embed src=/e.swf>", ["/o.png"]),
        ("<img src=a.jpg><img src=./a.jpg#x>", ["/team/a.jpg"]),
        ("<img src=javascript:alert(1)><img src=file:///etc/passwd><img src='http://[::1'><img src=''>", []),
        ("<img src=logo.svg><img src=font.woff2>", []),
        ("<!-- <img src=no.jpg> --><img src=a.jpg", []),
    ],
)
def test_pictures_in_every_way_that_pages_know(html: str, pictures: list[str]) -> None:
    expected = [each if "//" in each else ROOT + each for each in pictures]
    assert list(read(html).pictures) == expected


def test_links_next_pages_styles_and_wishes() -> None:
    page = read(
        """<title> Our
        <b>Team</b> </title><link rel="stylesheet alternate" href=/s.css><link rel=next href=2.html><a rel=next href=3.html>
        <a href=a.html>a</a><a rel="nofollow noopener" href=no.html>n</a><a href=mailto:a@b.example>m</a>
        <area href=map.html><iframe src=/frame.html></iframe><meta http-equiv=refresh content="0; URL='/there.html'">
        <link rel=canonical href=/team/><a href=?page=2#top>2</a><style>@import "more.css"; @import url(x.css);</style>"""
    )
    assert page.title == "Our <b>Team</b>"
    assert page.next_pages == (f"{ROOT}/team/2.html", f"{ROOT}/team/3.html")
    expected = ("/team/a.html", "/team/map.html", "/frame.html", "/there.html", "/team/index.html?page=2")
    assert page.links == tuple(ROOT + each for each in expected)
    assert page.styles == (f"{ROOT}/s.css", f"{ROOT}/team/more.css", f"{ROOT}/team/x.css")
    assert page.canonical == f"{ROOT}/team/"
    assert page.may_follow


@pytest.mark.parametrize(
    ("html", "may_follow"),
    [
        ("<meta name=robots content='noindex, NOFOLLOW'>", False),
        ("<meta name=PrivacyGuard content=none>", False),
        ("<meta name=robots content=noindex>", True),
        ("<meta name=otherbot content=nofollow>", True),
    ],
)
def test_a_page_may_ask_not_to_be_followed(html: str, may_follow: bool) -> None:
    assert read(html).may_follow is may_follow


def test_a_style_sheet_names_pictures_and_other_sheets() -> None:
    sheet = read_style(b"@import 'b.css'; a { background: url(../p.jpg) }", f"{ROOT}/css/a.css", None)
    assert sheet.pictures == (f"{ROOT}/p.jpg",)
    assert sheet.styles == (f"{ROOT}/css/b.css",)


@pytest.mark.parametrize(
    ("content", "named", "text"),
    [
        ("ä".encode(), None, "ä"),
        ("ä".encode("latin-1"), None, "ä"),
        ("ä€".encode("cp1252"), "iso-8859-1", "ä€"),
        ("я".encode("koi8-r"), "KOI8-R", "я"),
        (b"\xff\xfe" + "ä".encode("utf-16-le"), "latin-1", "ä"),
        (b"<meta charset=shift_jis>" + "猫".encode("cp932"), None, "<meta charset=shift_jis>猫"),
        (b"<meta charset=utf-16>a", None, "<meta charset=utf-16>a"),
        ("ä".encode(), "no-such-charset", "ä"),
        (b"abc", "rot13", "abc"),
        (b"eJw=", "base64", "eJw="),
        (b"\\x41", "unicode_escape", "\\x41"),
        (b"\xff", "utf-8", "\ufffd"),
    ],
)
def test_charsets_as_browsers_read_them(content: bytes, named: str | None, text: str) -> None:
    assert decoded(content, named) == text


HOSTILE = {
    "depth": b"<div>" * 1_000_000,
    "formatting": b"<b><p>" * 500_000,
    "tables": b"<table><tr><td>" * 300_000,
    "open tags": b"<a " * 1_600_000,
    "open comments": b"<!--" * 1_200_000,
    "brackets": b"<" * 5_000_000,
    "a long attribute": b"<img src='" + b"a" * 5_000_000,
    "many attributes": b"<a " + b"".join(b"x%d=1 " % each for each in range(400_000)) + b">",
    "references": b"&#" * 2_500_000,
    "open CSS comments": b"<style>" + b"/*" * 120_000,
    "open CSS addresses": b"<style>" + b"url(" * 60_000,
    "deep JSON": b"<script type=application/ld+json>" + b'{"image":[' * 20_000,
    "sizes": b"<img srcset='" + b"," * 4_000_000 + b"'>",
    "NUL": b"\0" * 5_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_costs_little_time(kind: str) -> None:
    started = time.thread_time()
    page = read_page(HOSTILE[kind][: 5 * 1024 * 1024], AT, None)
    assert time.thread_time() - started < 8
    assert len(page.pictures) <= 1


@pytest.mark.parametrize(
    "part", [b"url(", b'url("', b"url(  ", b"url(a", b"@font-face{", b"image-set(", b'image-set("', b"@import ", b"/*"]
)
def test_a_hostile_style_sheet_costs_little_time(part: bytes) -> None:
    started = time.thread_time()
    sheet = read_style((part * (5 * 1024 * 1024))[: 5 * 1024 * 1024], AT, None)
    assert time.thread_time() - started < 8
    assert len(sheet.pictures) + len(sheet.styles) <= 1


def test_a_page_without_end_is_bounded_and_says_how_much_is_left_out() -> None:
    page = read(b"".join(b"<img src=/%d.jpg><a href=/%d>" % (each, each) for each in range(100_000)))
    assert (len(page.pictures), len(page.links)) == (2000, 5000)
    assert page.left_out > 10_000
    assert page.pictures[0] == f"{ROOT}/0.jpg"
    long = read("".join(f"<a href=/{each}{'ä' * 1900}>" for each in range(1000)))
    assert sum(map(len, long.links)) * 6 <= 700_000
    assert long.left_out > 0


def test_more_than_5_mb_is_not_read() -> None:
    with pytest.raises(PageUnreadable):
        read(b" " * (5 * 1024 * 1024 + 1))
    with pytest.raises(PageUnreadable):
        read_style(b" " * (5 * 1024 * 1024 + 1), AT, None)


def test_an_empty_page_holds_nothing() -> None:
    assert read(b"") == read(b" \n") == PageContent()


def test_small_languages_take_what_is_none() -> None:
    assert largest("") is None
    assert largest(" , ,") in (None, "")
    assert largest("a.jpg 5q, b.jpg -3w") == "a.jpg"
    assert list(in_json_ld("not json")) == []
    assert list(in_json_ld("[" * 100_000)) == []
    assert list(in_json_ld('{"image": {"url": 7, "@id": null, "name": "/n.jpg"}}')) == []
