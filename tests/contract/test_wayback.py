"""The Wayback Machine on loopback: what counts as a copy, as none, as hidden; what is sent; what is never asked."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from privacyguard.errors import (
    AddressRefused,
    Cancelled,
    ConnectionLost,
    NetworkIntercepted,
    ServiceDown,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.archive import ArchiveCopies
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.wayback import COUNTED_AT_MOST, Wayback
from tests.support.fakes.archives import Archive
from tests.support.own_time import Hurried
from tests.support.raw_servers import RawServer, saying
from tests.support.servers import Answer, Server

PAGE = "https://club.example.org/team?year=2019&who=jane%20d"
LIST, NEWEST = "/cdx/", "/available"


class Bench:
    """An archive, and the source that asks it."""

    def __init__(self, server: Server, archive: Archive) -> None:
        self.server, self.archive = server, archive
        self.recorded: list[Disclosure] = []
        self.cancel = Hurried()

    def copies(self, address: str = PAGE, base: str | None = None) -> ArchiveCopies:
        source = Wayback(base or self.server.url)
        settings = NetSettings("PrivacyGuard/test", {"wayback": base or self.server.url})
        network = Network(self.recorded.append, settings, chance=lambda: 0.0, monotonic_s=lambda: self.cancel.now_s)
        return source.copies(address, network.bind(source.info, self.cancel))

    @property
    def asked(self) -> list[str]:
        return [urlsplit(seen.path).path for seen in self.server.requests]


@pytest.fixture
def bench() -> Iterator[Bench]:
    archive = Archive()
    with Server(archive.answer) as server:
        yield Bench(server, archive)


def days(*stamps: str, status: str = "200") -> list[tuple[str, str]]:
    return [(stamp, status) for stamp in stamps]


def test_copies_are_counted_with_the_first_the_last_and_the_newest(bench: Bench) -> None:
    bench.archive.copies[PAGE] = days("20190203040506", "20200101000000", "20240229235959")
    found = bench.copies()
    assert found == ArchiveCopies(
        3, False, date(2019, 2, 3), date(2024, 2, 29), f"https://web.archive.org/web/20240229235959/{PAGE}"
    )
    assert found.has_any


def test_the_very_address_is_asked_about_and_recorded_without_it(bench: Bench) -> None:
    bench.copies(f"{PAGE}#people")
    assert bench.asked == ["/wayback/available", "/cdx/search/cdx"]
    queries = [parse_qs(urlsplit(seen.path).query) for seen in bench.server.requests]
    assert [query["url"] for query in queries] == [[PAGE], [PAGE]]
    assert queries[1]["filter"] == ["!statuscode:[345].."]
    assert "matchType" not in queries[1]
    assert [each.bytes for each in bench.recorded] == [seen.size for seen in bench.server.requests]
    assert {each.what for each in bench.recorded} == {"the address of a page or picture that was found"}
    assert "club" not in repr(bench.recorded)
    assert "club" not in repr(bench.copies())


def test_two_requests_to_a_host_are_six_seconds_apart(bench: Bench) -> None:
    before_s = bench.cancel.now_s
    bench.copies()
    assert bench.cancel.now_s - before_s >= 6.0


def test_no_copy_is_said_only_by_the_list(bench: Bench) -> None:
    assert bench.copies() == ArchiveCopies()
    assert not bench.copies().has_any
    bench.archive.answers[LIST] = Answer(200, b"", "application/json")
    assert bench.copies() == ArchiveCopies()


def test_a_place_that_says_none_is_not_believed(bench: Bench) -> None:
    bench.archive.forgetful = True
    bench.archive.copies[PAGE] = days("20190203040506")
    assert bench.copies().count == 1
    bench.archive.answers[LIST] = Answer(503, b"{}")
    with pytest.raises(ServiceDown):
        bench.copies()


@pytest.mark.parametrize(
    "answer", [Answer(503, b"{}"), Answer(200, b"{"), Answer(429, b"{}", headers={"Retry-After": "900"})]
)
def test_a_copy_that_was_named_is_told_also_where_the_list_does_not_answer(bench: Bench, answer: Answer) -> None:
    bench.archive.copies[PAGE] = days("20190203040506", "20240229235959")
    bench.archive.answers[LIST] = answer
    found = bench.copies()
    assert found == ArchiveCopies(
        None, last_on=date(2024, 2, 29), newest=f"https://web.archive.org/web/20240229235959/{PAGE}"
    )
    assert found.has_any


def test_a_copy_that_was_named_counts_also_where_the_list_is_empty(bench: Bench) -> None:
    bench.archive.copies[PAGE] = days("20190203040506")
    bench.archive.answers[LIST] = Answer(200, b"[]")
    assert bench.copies().count is None


def test_copies_of_errors_and_redirects_are_none(bench: Bench) -> None:
    bench.archive.copies[PAGE] = [*days("20190203040506", status="404"), *days("20190303040506", status="301")]
    assert bench.copies() == ArchiveCopies()
    bench.archive.copies[PAGE] += days("20190403040506", status="-")
    assert bench.copies().count == 1


def test_a_site_whose_copies_are_shown_to_nobody_is_told_as_that(bench: Bench) -> None:
    bench.archive.hidden = frozenset({"club.example.org"})
    found = bench.copies()
    assert found == ArchiveCopies(is_hidden=True)
    assert not found.has_any


@pytest.mark.parametrize("header", ["", "SomethingElse: Blocked"])
def test_a_no_without_that_reason_is_not_understood(bench: Bench, header: str) -> None:
    bench.archive.answers[LIST] = Answer(
        403, b"", "text/plain", {"X-Archive-Wayback-Runtime-Error": header} if header else {}
    )
    with pytest.raises(UnexpectedReply):
        bench.copies()


def test_many_copies_are_counted_to_an_end_and_the_last_is_asked_for(bench: Bench) -> None:
    stamps = [
        f"2019{month:02}{day:02}{hour:02}0000" for month in range(1, 13) for day in range(1, 29) for hour in range(4)
    ]
    assert len(stamps) > COUNTED_AT_MOST
    bench.archive.copies[PAGE] = days(*stamps)
    found = bench.copies()
    assert (found.count, found.has_more) == (COUNTED_AT_MOST, True)
    assert (found.first_on, found.last_on) == (date(2019, 1, 1), date(2019, 12, 28))
    assert len(bench.asked) == 2
    bench.archive.forgetful = True
    assert bench.copies() == found
    assert len(bench.asked) == 2 + 3


@pytest.mark.parametrize("seconds", ["900", "172800"])
def test_too_many_requests_ends_it_at_once(bench: Bench, seconds: str) -> None:
    bench.archive.answers[NEWEST] = Answer(429, b"{}", headers={"Retry-After": seconds})
    with pytest.raises(TooManyRequests):
        bench.copies()
    assert bench.asked == ["/wayback/available"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (NEWEST, {}),
        (NEWEST, {"archived_snapshots": []}),
        (NEWEST, {"archived_snapshots": {"closest": {"available": True, "timestamp": "2019", "status": "200"}}}),
        (NEWEST, {"archived_snapshots": {"closest": {"available": 1, "timestamp": "20190203040506", "status": "200"}}}),
        (
            NEWEST,
            {"archived_snapshots": {"closest": {"available": True, "timestamp": "20191303040506", "status": "200"}}},
        ),
        (LIST, {}),
        (LIST, [{}]),
        (LIST, [["timestamp"], ["20190203040506"]]),
        (LIST, [["timestamp", "statuscode"], ["20190203040506"]]),
        (LIST, [["timestamp", "statuscode"], [20190203040506, "200"]]),
        (LIST, [["timestamp", "statuscode"], ["20190203040506/../", "200"]]),
        (LIST, [["timestamp", "statuscode"], ["20190203040506", "404"]]),
        (LIST, [["timestamp", "statuscode"], *[["20190203040506", "200"]] * (COUNTED_AT_MOST + 1)]),
    ],
)
def test_another_form_is_a_failure_and_never_none(bench: Bench, place: str, value: Any) -> None:
    bench.archive.answers[place] = Answer(200, json.dumps(value).encode())
    with pytest.raises(UnexpectedReply):
        bench.copies()


def test_full_rows_are_read_by_the_names_of_their_columns(bench: Bench) -> None:
    rows = [
        ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
        ["org,archive)/", "19970126045828", "http://www.archive.org:80/", "text/html", "200", "Q4YULN75", "1415"],
    ]
    bench.archive.answers[LIST] = Answer(200, json.dumps(rows).encode())
    assert bench.copies().first_on == date(1997, 1, 26)


@pytest.mark.parametrize("place", [NEWEST, LIST])
@pytest.mark.parametrize("status", [200, 404])
def test_a_page_of_the_network_is_no_answer(bench: Bench, place: str, status: int) -> None:
    bench.archive.answers[place] = Answer(status, b"<html>Welcome to the hotel", "text/html")
    with pytest.raises(NetworkIntercepted):
        bench.copies()


def test_an_empty_list_that_may_be_cut_is_not_none(bench: Bench) -> None:
    none = b'{"archived_snapshots": {}}'
    heads = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(none), none),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
    )
    answers = iter(heads)
    with RawServer(lambda connection: saying(next(answers))(connection)) as server, pytest.raises(ConnectionLost):
        bench.copies(base=server.url)


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.5/camera",
        "https://127.0.0.1/me",
        "https://nas.home.arpa/photos",
        "https://intranet/people",
        "https://printer.local/",
        "https://jane:secret@club.example.org/",
        "file:///home/jane/me.jpg",
        "/home/jane/me.jpg",
        "https://club.example.org/" + "a" * 3000,
    ],
)
def test_what_is_not_of_the_public_web_is_never_asked_about(bench: Bench, address: str) -> None:
    with pytest.raises(AddressRefused):
        bench.copies(address)
    assert bench.asked == []
    assert bench.recorded == []


@pytest.mark.parametrize(
    "address", ["http://club.example.org/a", "https://club.example.org:8443/a", "https://bücher.example.org/ä"]
)
def test_pages_of_other_forms_are_asked_about(bench: Bench, address: str) -> None:
    assert bench.copies(address) == ArchiveCopies()
    assert len(bench.asked) == 2


def test_nothing_is_ever_saved_there(bench: Bench) -> None:
    bench.archive.copies[PAGE] = days("20190203040506")
    bench.copies()
    assert {seen.method for seen in bench.server.requests} == {"GET"}
    assert not any("save" in path for path in bench.asked)


def test_the_real_places_are_its_only_hosts() -> None:
    source = Wayback()
    assert {urlsplit(each).hostname for each in (source.base_url, source.list_url)} == source.info.hosts
    assert source.info.by_hand
    assert source.info.only_me


def test_it_stops_when_the_person_says_so(bench: Bench) -> None:
    bench.cancel.cancel()
    with pytest.raises(Cancelled):
        bench.copies()
    assert not isinstance(Cancelled(), SourceError)
