"""The list of sites for user names: fetched before anybody is asked, kept as it came, used when no newer one can be had.

Its place and the sites on it are servers on loopback; each request has to stand in the record when it arrives.
"""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.checkup.plan import NOT_FOR_CHILD, NOT_FOR_HELPED, NOT_UNDER_18, SWITCHED_OFF, CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.errors import AddressRefused, Cancelled, ConnectionLost, HostRefused, SourceError
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.person import FaceTemplate, Identifier, IdentifierKind, Relation
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.net.transport import tls_context
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.github import GitHub
from privacyguard.sources.pictures.user_names import NoUsableName
from privacyguard.sources.pictures.whatsmyname import SitesUnclear, WhatsMyName
from privacyguard.sources.pictures.whatsmyname_kept import (
    FRESH_FOR,
    LIST_BYTES,
    LIST_NAME,
    STATE_NAME,
    USABLE_FOR,
    ListMissing,
    ListOld,
)
from privacyguard.sources.pictures.whatsmyname_list import ListDamaged
from privacyguard.vault.vault import Vault
from tests.support.certificates import Authority
from tests.support.fakes.cache import MemoryCache
from tests.support.fakes.user_name_sites import LIST_HOST, LIST_PATH, UserNameSites, entry, etag_of, list_of
from tests.support.keystores import MemoryKeyStore
from tests.support.raw_servers import RawServer, saying
from tests.support.servers import Answer, Seen, Server

JANE = Identifier(IdentifierKind.USERNAME, "jane7")
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
LISTED_AT = f"/{LIST_HOST}{LIST_PATH}"
FIRST = list_of(entry("Album"), entry("Clips", cat="video"))
CHANGED = list_of(entry("Album"), entry("Newer"))


class Hurried(CancelToken):
    """Nobody waits for a pace here."""

    def wait(self, seconds: float) -> None:
        self.check()


class Ticks:
    """Seconds that go on by more than any pace with each look."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        self.s += 10.0
        return self.s


class Bench:
    """The list's place and the sites, a cache, a clock, and what was recorded before each request arrived."""

    def __init__(self, shipped: Path) -> None:
        self.now = START
        self.cache = MemoryCache(lambda: self.now)
        self.web = UserNameSites(FIRST, {"jane7"})
        self.shipped = shipped
        self.recorded: list[Disclosure] = []
        self.recorded_on_arrival: list[int] = []
        self.server = Server(self._answer)
        self.base = self.server.url

    def _answer(self, seen: Seen) -> Answer:
        self.recorded_on_arrival.append(len(self.recorded))
        return self.web.answer(seen)

    def ask(self, name: Identifier = JANE) -> list[str]:
        """The sites with an account, asked by a program that was just started."""
        source = WhatsMyName(self.cache, self.base, self.shipped, lambda: self.now)
        settings = NetSettings("PrivacyGuard/test", {"whatsmyname": self.base})
        network = Network(self.recorded.append, settings, monotonic_s=Ticks(), chance=lambda: 0.0)
        return [str(each.title) for each in source.search(PictureQuery((name,)), network.bind(source.info, Hurried()))]

    def paths(self) -> list[str]:
        return [seen.path for seen in self.server.requests]

    def fetches(self) -> list[str | None]:
        """What each request for the list said that it has."""
        return [seen.headers.get("if-none-match") for seen in self.server.requests if seen.path == LISTED_AT]

    @property
    def kept(self) -> bytes | None:
        found = self.cache.load(LIST_NAME)
        return found[0] if found else None


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "wmn-data.json")
    with made.server:
        yield made


def test_the_list_is_fetched_first_with_nothing_about_the_person_and_kept_as_it_came(bench: Bench) -> None:
    assert bench.ask() == ["Album", "Clips"]
    assert bench.paths() == [LISTED_AT, "/album.example.org/u/jane7", "/clips.example.org/u/jane7"]
    assert bench.kept == FIRST
    first = bench.server.requests[0]
    assert "jane" not in f"{first.path}{first.headers}{first.body!r}"
    assert [each.what for each in bench.recorded] == ["nothing personal", "your user name", "your user name"]
    assert [each.bytes for each in bench.recorded] == [seen.size for seen in bench.server.requests]
    assert bench.recorded_on_arrival == [1, 2, 3]


def test_a_fresh_list_is_used_without_asking_for_it(bench: Bench) -> None:
    bench.ask()
    bench.now += FRESH_FOR - timedelta(seconds=1)
    bench.web.content = CHANGED
    assert bench.ask() == ["Album", "Clips"]
    assert bench.fetches() == [None]


def test_after_a_week_only_a_newer_one_is_asked_for(bench: Bench) -> None:
    bench.ask()
    bench.now += FRESH_FOR
    assert bench.ask() == ["Album", "Clips"]
    assert bench.fetches() == [None, etag_of(FIRST)]
    assert bench.cache.load(LIST_NAME) == (FIRST, bench.now)
    bench.now += FRESH_FOR - timedelta(seconds=1)
    bench.ask()
    assert len(bench.fetches()) == 2


def test_a_list_that_changed_takes_the_place_of_the_old_one(bench: Bench) -> None:
    bench.ask()
    bench.now += FRESH_FOR
    bench.web.content = CHANGED
    bench.server.requests.clear()
    assert bench.ask() == ["Album", "Newer"]
    assert bench.kept == CHANGED
    assert bench.paths() == [LISTED_AT, "/album.example.org/u/jane7", "/newer.example.org/u/jane7"]
    bench.now += FRESH_FOR
    bench.ask()
    assert bench.fetches()[-1] == etag_of(CHANGED)


def test_what_its_place_calls_another_list_is_not_sent_for_this_one(bench: Bench) -> None:
    """As after a break between the two: else a "not changed" would keep the wrong list alive."""
    bench.ask()
    bench.cache.save(LIST_NAME, CHANGED)
    bench.now += FRESH_FOR
    bench.ask()
    assert bench.fetches() == [None, None]
    bench.cache.save(STATE_NAME, b"\xff\xfe")
    bench.now += FRESH_FOR
    bench.ask()
    assert bench.fetches() == [None] * 3


def test_a_clock_that_was_set_back_makes_a_list_old_and_not_fresh_for_ever(bench: Bench) -> None:
    bench.ask()
    bench.now -= timedelta(days=30)
    bench.ask()
    assert len(bench.fetches()) == 2


PAGE = b"<html>Welcome to the hotel"
BAD: dict[str, tuple[Answer, type[SourceError], str]] = {
    "no list": (Answer(200, b'{"sites": {}}', "text/plain"), ListDamaged, "a form that we do not know"),
    "broken": (Answer(200, FIRST[:-20], "text/plain"), ListDamaged, "a form that we do not know"),
    "empty": (Answer(200, b"", "text/plain"), ListDamaged, "a form that we do not know"),
    "no sites": (Answer(200, list_of(), "text/plain"), ListDamaged, "a form that we do not know"),
    "none to ask": (Answer(200, list_of(entry("A", cat="dating")), "text/plain"), ListDamaged, "a form that we"),
    "huge": (Answer(200, b" " * (LIST_BYTES + 1), "text/plain"), ListMissing, "sent more than we can take"),
    "gone": (Answer(404, b"404: Not Found", "text/plain"), ListMissing, "did not hand it out"),
    "not asked for": (Answer(304, b"", ""), ListMissing, "did not hand it out"),
    "down": (Answer(500, b""), ListMissing, "not working at the moment"),
    "busy": (Answer(429, b"", headers={"Retry-After": "3600"}), ListMissing, "asks us to wait"),
    "hotel": (Answer(200, PAGE, "text/html"), ListMissing, "answers with its own page"),
    "hotel's data": (Answer(200, PAGE, "text/plain"), ListMissing, "answers with its own page"),
    "elsewhere": (Answer(302, b"", "", {"Location": "http://127.0.0.1:9/"}), ListMissing, "answers with its own page"),
}


@pytest.mark.parametrize("name", BAD)
def test_without_a_list_a_bad_reply_is_told_in_words_and_no_site_is_asked(bench: Bench, name: str) -> None:
    answer, kind, words = BAD[name]
    bench.web.broken_list = lambda _: answer
    with pytest.raises(kind) as told:
        bench.ask()
    assert words in told.value.title
    assert "So we asked no site." in told.value.title
    assert told.value.remedy
    assert "jane" not in f"{told.value!r} {told.value.title}"
    assert set(bench.paths()) == {LISTED_AT}
    assert bench.cache.kept == {}


# On one server the sites are left alone too where it asks to wait.
@pytest.mark.parametrize("name", [name for name in BAD if name not in ("not asked for", "busy")])
def test_a_bad_reply_never_takes_the_place_of_a_good_list(bench: Bench, name: str) -> None:
    bench.ask()
    kept = dict(bench.cache.kept)
    bench.now += FRESH_FOR
    bench.web.broken_list = lambda _: BAD[name][0]
    assert bench.ask() == ["Album", "Clips"]
    assert bench.cache.kept == kept
    bench.web.broken_list = None  # nothing was lost: the next time it is asked for by its name again
    bench.ask()
    assert bench.fetches()[-1] == etag_of(FIRST)


def cut(bench: Bench) -> RawServer:
    """A place that ends in the middle of the list, after naming its whole length."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(FIRST)}\r\n\r\n".encode()
    return RawServer(saying(head + FIRST[:200]))


def unnamed(bench: Bench) -> RawServer:
    """A place that sends all of it, but names no end: it may have been cut."""
    return RawServer(saying(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + FIRST))


@pytest.mark.parametrize("place", [cut, unnamed])
def test_a_list_that_was_cut_or_may_have_been_is_none(bench: Bench, place: Callable[[Bench], RawServer]) -> None:
    with place(bench) as raw:
        bench.base = raw.url
        with pytest.raises(ListMissing) as told:
            bench.ask()
        assert raw.heads
    assert isinstance(told.value.__cause__, ConnectionLost)
    assert "broke before the answer was there" in told.value.title
    assert bench.cache.kept == {}


def test_a_cut_list_leaves_the_one_that_is_kept(bench: Bench) -> None:
    bench.ask()
    bench.now += FRESH_FOR
    with cut(bench) as raw:
        bench.base = raw.url
        with pytest.raises(SitesUnclear) as told:  # the sites too answer there, and never clearly
            bench.ask()
    assert told.value.asked == 2
    assert bench.kept == FIRST


def offline(bench: Bench) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        bench.base = f"http://127.0.0.1:{unused.getsockname()[1]}"


def test_offline_without_a_list_says_that_there_is_no_connection(bench: Bench) -> None:
    offline(bench)
    with pytest.raises(ListMissing, match="NoNetwork") as told:
        bench.ask()
    assert "could not be fetched" in told.value.title
    assert "no connection" in told.value.title
    assert "Check your internet connection" in told.value.remedy


def test_offline_the_kept_list_is_used_and_its_sites_are_not_called_clear(bench: Bench) -> None:
    bench.ask()
    bench.now += FRESH_FOR
    offline(bench)
    bench.recorded.clear()
    with pytest.raises(SitesUnclear) as told:
        bench.ask()
    assert told.value.title == "2 of 2 sites gave no clear answer."
    assert {each.what for each in bench.recorded} == {"nothing personal", "your user name"}


def test_by_a_list_that_is_too_old_no_site_is_called_clear(bench: Bench) -> None:
    bench.ask()
    bench.web.broken_list = lambda _: BAD["gone"][0]
    bench.now += USABLE_FOR - timedelta(seconds=1)
    assert bench.ask() == ["Album", "Clips"]
    bench.now += timedelta(seconds=1)
    bench.web.names.clear()
    bench.server.requests.clear()
    with pytest.raises(ListOld) as told:
        bench.ask()
    assert "an old list" in told.value.title
    assert bench.paths()[1:] == ["/album.example.org/u/jane7", "/clips.example.org/u/jane7"]


def test_a_list_that_came_along_is_the_first_one_and_gives_way_to_a_newer_one(bench: Bench) -> None:
    bench.shipped.write_bytes(list_of(entry("Album")))
    bench.web.broken_list = lambda _: BAD["down"][0]
    assert bench.ask() == ["Album"]
    assert bench.cache.kept == {}
    bench.web.broken_list = None
    assert bench.ask() == ["Album", "Clips"]
    assert bench.fetches()[-1] is None
    assert bench.kept == FIRST
    bench.shipped.write_bytes(b"broken")
    assert bench.ask() == ["Album", "Clips"]


def test_a_broken_list_that_came_along_is_as_if_there_were_none(bench: Bench) -> None:
    bench.shipped.write_bytes(b'{"sites": [')
    bench.web.broken_list = lambda _: BAD["down"][0]
    with pytest.raises(ListMissing):
        bench.ask()
    bench.web.broken_list = None
    assert bench.ask() == ["Album", "Clips"]


def test_a_kept_list_that_cannot_be_read_is_fetched_anew(bench: Bench) -> None:
    bench.cache.save(LIST_NAME, b"of another version")
    assert bench.ask() == ["Album", "Clips"]
    assert (bench.fetches(), bench.kept) == ([None], FIRST)


def test_nothing_is_fetched_for_a_name_that_no_site_can_have(bench: Bench) -> None:
    with pytest.raises(NoUsableName):
        bench.ask(Identifier(IdentifierKind.USERNAME, "jane doe"))
    assert (bench.paths(), bench.recorded) == ([], [])


# --- which hosts are asked ------------------------------------------------------------------------------------------


def no_look_up(host: str, port: int) -> list[str]:
    pytest.fail("a look-up")


def test_the_source_asks_its_lists_host_and_then_the_hosts_on_the_list_alone(tmp_path: Path) -> None:
    """Without a base: each host with a certificate and a server of its own."""
    authority, trusting = Authority.made(tmp_path), tls_context()
    trusting.load_verify_locations(authority.file)
    web, recorded = UserNameSites(FIRST, {"jane7"}), list[Disclosure]()
    web.answers["clips"] = Answer(302, b"", "text/html", {"Location": "https://album.example.org/u/other"})
    with ExitStack() as stack:
        servers = {
            host: stack.enter_context(Server(web.answer, authority.server(host))) for host in (LIST_HOST, *web.hosts)
        }
        resolve = {host: f"127.0.0.1:{server.port}" for host, server in servers.items()}
        settings = NetSettings("PrivacyGuard/test", {}, resolve)
        network = Network(recorded.append, settings, resolver=no_look_up, monotonic_s=Ticks(), tls=trusting)
        source = WhatsMyName(MemoryCache(), "", tmp_path / "none")
        found = source.search(PictureQuery((JANE,)), network.bind(source.info, Hurried()))
        assert next(found).page == "https://album.example.org/u/jane7"
        with pytest.raises(SitesUnclear):
            next(found)
        seen = {host: [each.path for each in server.requests] for host, server in servers.items()}
    assert seen == {LIST_HOST: [LIST_PATH], **{host: ["/u/jane7"] for host in web.hosts}}
    assert [each.host for each in recorded] == [LIST_HOST, *web.hosts]


def test_a_host_that_is_not_on_the_list_is_refused_and_so_is_the_lists_own() -> None:
    recorded: list[Disclosure] = []
    network = Network(recorded.append, NetSettings("PrivacyGuard/test"), resolver=no_look_up)
    gateway = network.bind(WhatsMyName.info, CancelToken(), "a code")
    with pytest.raises(HostRefused):  # before there is a list
        gateway.get("https://album.example.org/u/jane7", what="x", purpose="x")
    listed = gateway.for_listed(["album.example.org"])
    for host in ("www.album.example.org", "example.org", "other.example.org", "album.example.org.evil.org", LIST_HOST):
        with pytest.raises(HostRefused):
            listed.get(f"https://{host}/u/jane7", what="x", purpose="x")
    for url in ("http://album.example.org/", "https://album.example.org:8443/", "https://127.0.0.1/"):
        with pytest.raises((AddressRefused, HostRefused)):
            listed.get(url, what="x", purpose="x")
    assert recorded == []
    with pytest.raises(SourceError):  # the person's code is for the source's own hosts
        assert listed.api_key


@pytest.mark.parametrize("host", ["", "localhost", "10.0.0.1", "a b.example.org", "Album.example.org", "[::1]"])
def test_what_is_no_host_is_on_no_list(host: str) -> None:
    network = Network(lambda _: None, NetSettings("PrivacyGuard/test"))
    gateway = network.bind(WhatsMyName.info, CancelToken())
    with pytest.raises(ValueError, match="no hosts"):
        gateway.for_listed([host, "album.example.org"])
    assert gateway.for_listed(["album.example.org"])


def test_a_source_whose_card_does_not_say_so_goes_by_no_list() -> None:
    network = Network(lambda _: None, NetSettings("PrivacyGuard/test"))
    with pytest.raises(ValueError, match="a source that has none"):
        network.bind(GitHub.info, CancelToken()).for_listed(["album.example.org"])


@pytest.mark.parametrize("number", ["192.168.0.1", "127.0.0.1", "169.254.169.254", "::1"])
def test_a_site_that_leads_into_this_network_is_not_asked_and_is_unclear(tmp_path: Path, number: str) -> None:
    shipped = tmp_path / "wmn-data.json"
    shipped.write_bytes(list_of(entry("Album")))
    cache = MemoryCache()
    cache.save(LIST_NAME, shipped.read_bytes())
    network = Network(lambda _: None, NetSettings("PrivacyGuard/test"), resolver=lambda host, port: [number])
    source = WhatsMyName(cache, "", shipped)
    with pytest.raises(SitesUnclear):
        list(source.search(PictureQuery((JANE,)), network.bind(source.info, Hurried())))
    with pytest.raises(AddressRefused):
        listed = network.bind(source.info, CancelToken()).for_listed(["album.example.org"])
        listed.get("https://album.example.org/u/jane7", what="x", purpose="x")


def test_a_stopped_checkup_fetches_nothing(bench: Bench) -> None:
    source = WhatsMyName(bench.cache, bench.base, bench.shipped)
    cancel = CancelToken()
    cancel.cancel()
    network = Network(bench.recorded.append, NetSettings("PrivacyGuard/test", {"whatsmyname": bench.base}))
    with pytest.raises(Cancelled):
        list(source.search(PictureQuery((JANE,)), network.bind(source.info, cancel)))
    assert bench.paths() == []


# --- in a checkup ---------------------------------------------------------------------------------------------------


def outcome(bench: Bench, home: Path, relation: Relation, is_adult: bool, is_on: bool) -> tuple[Outcome, Vault]:
    """Of a checkup of this source over a vault, which keeps the list."""
    vault = Vault.open(home, MemoryKeyStore(), clock=lambda: bench.now)
    person_id = vault.add_person("Jane", relation, is_adult).person_id
    vault.add_identifier(person_id, JANE)
    vault.save_template(person_id, FaceTemplate((), "a model", bench.now))
    if relation is Relation.ME and is_adult:
        vault.save_statement(person_id, bench.now)
    source = WhatsMyName(vault, bench.base, bench.shipped, lambda: bench.now)
    settings = NetSettings("PrivacyGuard/test", {"whatsmyname": bench.base})
    network = Network(vault.record, settings, monotonic_s=Ticks(), chance=lambda: 0.0)
    parts = Parts(vault, (source,), network, None, lambda: bench.now, lambda _: None)  # type: ignore[arg-type]
    plan = CheckupPlan(person_id, frozenset({"whatsmyname"} if is_on else ()))
    (found,) = run_checkup(plan, parts, lambda _: None, Hurried()).outcomes
    return found, vault


def test_a_checkup_keeps_the_list_in_the_vault_and_finds_the_accounts(bench: Bench, tmp_path: Path) -> None:
    found, vault = outcome(bench, tmp_path / "home", Relation.ME, True, True)
    with vault:
        assert (found.status, found.seen, len(found.findings)) == (Status.CHECKED, 2, 2)
        assert vault.load(LIST_NAME) == (FIRST, START)
        assert json.loads(FIRST)["license"]
        told = sorted((each.what, each.host.partition(":")[0]) for each in vault.disclosures())
    assert told == [("nothing personal", "127.0.0.1"), *[("your user name", "127.0.0.1")] * 2]


@pytest.mark.parametrize(
    ("relation", "is_adult", "is_on", "reason"),
    [
        (Relation.ME, True, False, SWITCHED_OFF),
        (Relation.ME, False, True, NOT_UNDER_18),
        (Relation.MY_CHILD, False, True, NOT_FOR_CHILD),
        (Relation.MY_CHILD, True, True, NOT_FOR_CHILD),
        (Relation.SOMEONE_I_HELP, True, True, NOT_FOR_HELPED),
        (Relation.SOMEONE_I_HELP, False, True, NOT_FOR_HELPED),
    ],
)
def test_nothing_is_asked_when_off_or_for_somebody_else(
    bench: Bench, tmp_path: Path, relation: Relation, is_adult: bool, is_on: bool, reason: str
) -> None:
    found, vault = outcome(bench, tmp_path / "home", relation, is_adult, is_on)
    with vault:
        assert (found.status, found.problem) == (Status.SKIPPED, reason)
        assert (vault.load(LIST_NAME), vault.disclosures()) == (None, ())
    assert bench.paths() == []
