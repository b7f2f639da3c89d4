"""Pages are read by a closed-off worker; whatever it does, the reader works on."""

import gzip
import multiprocessing
import threading
import time
from collections.abc import Iterator

import pytest

from privacyguard.analysis import landlock
from privacyguard.analysis.page_reader import PageReader
from privacyguard.errors import Cancelled, NotConfined
from privacyguard.model.progress import CancelToken
from privacyguard.model.webpage import PageUnreadable
from tests.support import evil_pages, evil_workers
from tests.unit.test_light_imports import modules_after

AT = "https://club.example.org/"
PAGE = b"<title>Team</title><img src=/a.jpg>"
URLS = b"<urlset><url><loc>https://club.example.org/a</loc></url></urlset>"


@pytest.fixture
def reader() -> Iterator[PageReader]:
    running = PageReader()
    yield running
    running.close()


def test_pages_styles_and_site_maps_are_read_by_one_closed_off_process(reader: PageReader) -> None:
    before = set(multiprocessing.active_children())
    token = CancelToken()
    assert reader.page(PAGE, AT, None, token).pictures == (f"{AT}a.jpg",)
    (child,) = set(multiprocessing.active_children()) - before
    assert reader.style(b"a{background:url(b.jpg)}", AT, None, token).pictures == (f"{AT}b.jpg",)
    assert reader.site_map(URLS, AT, token).pages == (f"{AT}a",)
    assert set(multiprocessing.active_children()) - before == {child}
    worker = reader._worker
    assert worker is not None
    told = worker.start(token)
    assert told.holds_for_the_web
    assert told.landlock == landlock.version()
    reader.close()
    assert not child.is_alive()
    with pytest.raises(Cancelled):
        reader.page(PAGE, AT, None, token)


@pytest.mark.parametrize(
    ("content", "pages", "maps"),
    [
        (URLS, 1, 0),
        (gzip.compress(URLS, mtime=0), 1, 0),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n" + URLS, 1, 0),
        (b"https://club.example.org/a\nhttps://club.example.org/b\n\njavascript:x\n", 2, 0),
        (b"<sitemapindex><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>", 0, 1),
        (b"<urlset>" + b"<url><loc>/a</loc></url>" * 100_000 + b"</urlset>", 1, 0),
        (b"<urlset>" + b"".join(b"<url><loc>/%d</loc></url>" % each for each in range(9000)) + b"</urlset>", 5000, 0),
    ],
)
def test_site_maps_in_their_forms(reader: PageReader, content: bytes, pages: int, maps: int) -> None:
    found = reader.site_map(content, AT, CancelToken())
    assert (len(found.pages), len(found.maps)) == (pages, maps)


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
        b"<html></html>",
        b"<urlset>",
        b"<urlset>" * 100_000,
        gzip.compress(bytes(200_000_000), mtime=0),
        gzip.compress(URLS, mtime=0)[:-9],
        b"\x1f\x8b rubbish",
        b" " * (10 * 1024 * 1024 + 1),
    ],
)
def test_hostile_site_maps_cost_themselves(reader: PageReader, content: bytes) -> None:
    with pytest.raises(PageUnreadable):
        reader.site_map(content, AT, CancelToken())
    assert reader.site_map(URLS, AT, CancelToken()).pages == (f"{AT}a",)


@pytest.mark.parametrize("lie", evil_pages.LIES)
def test_a_lie_costs_the_page(lie: str) -> None:
    reader = PageReader(run=evil_pages.lies)
    try:
        with pytest.raises(PageUnreadable):
            reader.page(lie.encode(), AT, None, CancelToken())
        assert reader._worker is None
    finally:
        reader.close()


def test_the_same_without_the_lie_is_taken() -> None:
    reader = PageReader(run=evil_pages.tells)
    try:
        assert reader.page(b"", AT, None, CancelToken()).links == (evil_pages.A,)
    finally:
        reader.close()


@pytest.mark.parametrize(
    "evil",
    [
        evil_workers.pickles,
        evil_workers.pickles_without_a_token,
        evil_workers.pickles_when_ready,
        evil_workers.floods,
        evil_workers.babbles,
        evil_workers.answers_for_another,
        evil_workers.says_nothing_of_use,
        evil_workers.announces_gigabytes,
        evil_workers.dies,
        evil_workers.dies_at_the_start,
        evil_workers.is_silent,
        evil_workers.stops_within_an_answer,
    ],
)
def test_an_evil_reader_costs_the_page(evil: object) -> None:
    reader = PageReader(timeout_s=2.0, run=evil)  # type: ignore[arg-type]
    try:
        for _ in range(2):
            with pytest.raises((PageUnreadable, NotConfined)):
                reader.page(PAGE, AT, None, CancelToken())
    finally:
        reader.close()


def test_a_wish_to_stop_ends_the_worker_at_once() -> None:
    reader, token = PageReader(timeout_s=60.0, run=evil_workers.is_silent), CancelToken()
    threading.Timer(0.5, token.cancel).start()
    started = time.monotonic()
    try:
        with pytest.raises(Cancelled):
            reader.page(PAGE, AT, None, token)
        assert time.monotonic() - started < 10
        assert reader._worker is None
    finally:
        reader.close()


def test_an_idle_worker_is_ended_and_another_one_started() -> None:
    ends: list[object] = []

    class Called:
        def cancel(self) -> None:
            pass

    def timer(delay_s: float, act: object) -> Called:
        ends.append(act)
        return Called()

    reader = PageReader(timer=timer)
    try:
        reader.page(PAGE, AT, None, CancelToken())
        first = reader._worker
        ends[-1]()  # type: ignore[operator]
        assert first is not None
        assert reader._worker is None
        assert reader.page(PAGE, AT, None, CancelToken()).title == "Team"
    finally:
        reader.close()


def test_the_app_itself_loads_no_reader_of_html() -> None:
    assert "lxml" not in modules_after("import privacyguard.analysis.page_reader, privacyguard.checkup.run")
    assert "lxml" in modules_after(
        "from privacyguard.analysis.html_pages import read_page\nread_page(b'<p>', 'https://a.example.org/', None)"
    )
