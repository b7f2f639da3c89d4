"""The sweep over sites that know a user name: found, missing and unclear by the list, with invented sites on loopback."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from privacyguard.errors import NoNetwork
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.user_names import NoUsableName
from privacyguard.sources.pictures.whatsmyname import SitesUnclear, WhatsMyName
from privacyguard.sources.pictures.whatsmyname_kept import DATA, LIST_NAME
from privacyguard.sources.pictures.whatsmyname_list import SITES_AT_MOST, Answer, ListDamaged, Site, read_sites
from tests.support.fakes.cache import MemoryCache
from tests.support.fakes.user_name_sites import FOUND, LIST_PATH, MISSING, UserNameSites, entry, list_of
from tests.support.servers import Answer as Said
from tests.support.servers import Seen, Server

JANE = Identifier(IdentifierKind.USERNAME, "jane.doe")


def read(*entries: dict[str, Any]) -> tuple[Site, ...]:
    return read_sites(list_of(*entries))


class Bench:
    """Sites that answer what they are told, by their host, after the list was fetched; and what was recorded."""

    def __init__(self, answers: dict[str, Said]) -> None:
        self.answers = answers
        self.recorded: list[Disclosure] = []
        self.cache = MemoryCache()
        self.server = Server(self._answer)

    def _answer(self, seen: Seen) -> Said:
        return UserNameSites(self.listed, answers=self.answers).answer(seen)

    def paths(self) -> list[str]:
        return [seen.path for seen in self.server.requests if LIST_PATH not in seen.path]

    def ask(self, *entries: dict[str, Any], names: tuple[Identifier, ...] = (JANE,)) -> Iterator[Candidate]:
        self.listed = list_of(*entries)
        source = WhatsMyName(self.cache, self.server.url)
        settings = NetSettings("PrivacyGuard/test", {"whatsmyname": self.server.url})
        now_s = [0.0]

        class Hurried(CancelToken):
            def wait(self, seconds: float) -> None:
                now_s[0] += seconds

        network = Network(self.recorded.append, settings, monotonic_s=lambda: now_s[0], chance=lambda: 0.0)
        return source.search(PictureQuery(names), network.bind(source.info, Hurried()))


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench({})
    with made.server:
        yield made


def test_found_is_an_account_and_missing_is_none(bench: Bench) -> None:
    bench.answers = {"one": FOUND, "two": MISSING}
    pretty = "https://one.example.org/people/{account}"
    (found,) = bench.ask(entry("One", uri_pretty=pretty, strip_bad_char="."), entry("Two"))
    assert found.profile is not None
    assert (found.profile.site, found.profile.page) == ("One", "https://one.example.org/people/janedoe")
    assert (found.profile.user_name, found.profile.source_id) == ("jane.doe", "whatsmyname")
    assert (found.content, found.address) == (None, None)
    assert bench.paths() == ["/one.example.org/u/janedoe", "/two.example.org/u/jane.doe"]
    assert [each.bytes for each in bench.recorded] == [seen.size for seen in bench.server.requests]
    assert [each.what for each in bench.recorded] == ["nothing personal", "your user name", "your user name"]
    assert {each.source_id for each in bench.recorded} == {"whatsmyname"}


def test_an_unclear_answer_is_told_and_counted_after_all_others_were_asked(bench: Bench) -> None:
    unclear = {
        "status": Said(410, b"Profile of"),
        "text": Said(200, b"<html>Please sign in", "text/html"),
        "moved": Said(302, b"", "text/html", {"Location": "/one.example.org/u/jane.doe"}),
        "away": Said(302, b"", "text/html", {"Location": "http://10.0.0.1/"}),
        "down": Said(500, b"Profile of"),
        "busy": Said(429, b"Profile of"),
        "cut": Said(200, b""),
    }
    bench.answers = {**unclear, "one": FOUND, "two": MISSING}
    came = bench.ask(*(entry(name.title()) for name in unclear), entry("One"), entry("Two"))
    assert next(came).title == "One"
    with pytest.raises(SitesUnclear) as told:
        next(came)
    assert told.value.title == "7 of 9 sites gave no clear answer."
    assert "does not mean" in told.value.remedy
    assert "/one.example.org/u/jane.doe" in bench.paths()
    assert bench.paths().count("/one.example.org/u/jane.doe") == 1  # a redirect is not followed


def test_each_name_is_asked_at_each_site_by_turns(bench: Bench) -> None:
    bench.answers = {"one": MISSING, "two": MISSING}
    names = (JANE, Identifier(IdentifierKind.USERNAME, "@jd"), Identifier(IdentifierKind.USERNAME, "jd@server.example"))
    assert list(bench.ask(entry("One"), entry("Two"), names=names)) == []
    hosts = ["one", "two"] * 2
    assert [path.split("/")[1].partition(".")[0] for path in bench.paths()] == hosts
    assert all("server.example" not in path for path in bench.paths())


def test_names_that_cannot_be_there_are_not_asked_about_and_not_called_clear(bench: Bench) -> None:
    with pytest.raises(NoUsableName):
        list(bench.ask(entry("One"), names=(Identifier(IdentifierKind.USERNAME, "jane doe"),)))
    assert bench.paths() == []


def test_a_name_stays_one_part_of_the_address() -> None:
    (site,) = read(entry("One", uri_check="https://one.example.org/u?name={account}&x=1"))
    assert site.address("a/../b&c#d?é") == "https://one.example.org/u?name=a%2F..%2Fb%26c%23d%3F%C3%A9&x=1"


def test_without_a_network_it_stops_soon_and_says_so(bench: Bench) -> None:
    many = [entry(f"Site{number}") for number in range(9)]
    bench.cache.save(LIST_NAME, list_of(*many))
    made = bench.ask(*many)
    bench.server.close()
    with pytest.raises(NoNetwork):
        list(made)
    assert len(bench.recorded) <= 6
    bench.server = Server(bench._answer)


@pytest.mark.parametrize(
    ("status", "body", "codes", "answer"),
    [
        (200, "Profile of x", (200, 404), Answer.FOUND),
        (404, "No such user", (200, 404), Answer.MISSING),
        (404, "Profile of x", (200, 404), Answer.UNCLEAR),
        (200, "No such user", (200, 404), Answer.UNCLEAR),
        (200, "No such user", (200, 200), Answer.MISSING),
        (200, "Profile of No such user", (200, 200), Answer.UNCLEAR),
        (404, "anything", (200, 404), Answer.UNCLEAR),
    ],
)
def test_status_and_text_together_decide(status: int, body: str, codes: tuple[int, int], answer: Answer) -> None:
    (site,) = read(entry("One", e_code=codes[0], m_code=codes[1]))
    assert site.says(Reply(status, {}, body.encode())) is answer
    assert site.says(Reply(status, {}, body.encode(), is_whole=False)) is Answer.UNCLEAR


def test_an_empty_text_for_missing_is_in_every_body() -> None:
    (site,) = read(entry("One", m_string="", m_code=302))
    assert site.says(Reply(302, {}, b"")) is Answer.MISSING
    (same,) = read(entry("One", m_string="", m_code=200))
    assert same.says(Reply(200, {}, b"Profile of x")) is Answer.FOUND
    assert same.says(Reply(200, {}, b"else")) is Answer.MISSING


@pytest.mark.parametrize(
    "changes",
    [
        {"valid": False},
        {"protection": ["cloudflare"]},
        {"post_body": "a={account}", "headers": {"A": "b"}},
        {"headers": {"User-Agent": "Mozilla"}},
        {"cat": "xx NSFW xx"},
        {"cat": "dating"},
        {"uri_check": "http://one.example.org/{account}"},
        {"uri_check": "https://one.example.org:8443/{account}"},
        {"uri_check": "https://{account}.example.org/"},
        {"uri_check": "https://127.0.0.1/{account}"},
        {"uri_check": "https://one.example.org/none"},
        {"uri_check": "https://api.github.com/users/{account}"},
        {"name": "Mastodon-one.example"},
        {"e_string": ""},
        {"e_code": 500},
        {"m_code": 429},
        {"m_code": 302},
        {"e_code": 301},
        {"e_code": "200"},
        {"m_string": None},
        {"name": 7},
    ],
)
def test_what_is_not_to_be_asked_is_left_out(changes: dict[str, Any]) -> None:
    sites = read(entry("One") | changes, entry("Two"))
    assert [site.name for site in sites] == ["Two"]


def test_at_most_as_many_sites_each_host_once_pictures_first() -> None:
    many = [entry(f"S{number}", cat="social") for number in range(80)]
    sites = read(*many, entry("S1", cat="video"), entry("Album"))
    assert len(sites) == SITES_AT_MOST == len({site.host for site in sites})
    assert [site.name for site in sites[:3]] == ["Album", "S1", "S0"]


def test_the_card_says_what_is_told_to_whom_and_where_the_list_comes_from() -> None:
    card = WhatsMyName.info
    assert f"on a list of up to {SITES_AT_MOST}; each also sees your internet address" in card.discloses
    assert "The list is fetched from GitHub (raw.githubusercontent.com)" in card.discloses
    assert card.hosts == {"raw.githubusercontent.com"}
    assert "CC BY-SA 4.0" in card.cost
    assert card.requests_each == SITES_AT_MOST
    assert (card.only_me, card.on_at_first, card.listed_sites) == (True, False, True)


@pytest.mark.parametrize(
    "content",
    [b'{"sites": [', b'{"sites": {}}', b'{"sites": []}', b'{"sites": [7]}', b"[]", b"[" * 100_000, b"\xff\xfe", b""],
    ids=lambda content: str(content[:12]),
)
def test_what_is_no_list_is_damaged(content: bytes) -> None:
    with pytest.raises(ListDamaged):
        read_sites(content)
    assert read(entry("One"))


def test_the_projects_own_file_is_of_its_form() -> None:
    if not DATA.exists():
        pytest.skip("no list came with this copy: see resources/whatsmyname/README.md")
    sites = read_sites(DATA.read_bytes())
    assert 30 <= len(sites) <= SITES_AT_MOST
    assert "Micah Hoffman" in " ".join(json.loads(DATA.read_text(encoding="utf-8"))["license"])
