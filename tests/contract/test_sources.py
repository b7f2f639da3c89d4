"""Every source against its service on loopback: hit, none, each error, and nothing sent that is not recorded."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from privacyguard.errors import (
    CodeMissing,
    CodeRefused,
    NetworkIntercepted,
    ServiceDown,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.breach import Breach
from privacyguard.model.leaks import is_same_leak
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.sources.base import (
    ArchiveSource,
    BreachSource,
    PasswordSource,
    PictureQuery,
    PictureSource,
    Source,
)
from privacyguard.sources.breaches.passwords import sha1_of
from privacyguard.sources.catalogue import sources
from tests.support.fakes.cache import MemoryCache
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.searches import SEARCH_KEYS
from tests.support.servers import Answer
from tests.support.services import HIBP_KEY, HIBP_TEST_KEY, TEST_DOMAIN, VISION_KEY, Scenario, Services

MAIL = "jane.o'hara+gym@mail.example.org"
NAME = Identifier(IdentifierKind.NAME, "Zoë Canary-Name")
KEYS = {"hibp": HIBP_KEY, "google-vision": VISION_KEY, "facecheck": FACECHECK_KEY, **SEARCH_KEYS}
ADDRESS = Identifier(IdentifierKind.EMAIL, MAIL)
USER_NAMES = tuple(Identifier(IdentifierKind.USERNAME, each) for each in ("canary47", "canary47@social.example.org"))
PASSWORD = "correct horse, Größe 9"
PAGE = "https://club.example.org/team?who=jane"
PHOTO = b"\xff\xd8\xff made for this test"


class Bench:
    """The whole list of sources over fake services, with what was recorded."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.cache = MemoryCache()
        self.recorded: list[Disclosure] = []
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        self.network = Network(self.recorded.append, settings, chance=lambda: 0.0)
        self.sources = {source.info.id: source for source in sources(services.base_urls(), self.cache)}

    def gateway(self, source: Source, key: str | None = None) -> Gateway:
        return self.network.bind(source.info, CancelToken(), key or KEYS.get(source.info.id))

    def breaches(self, source_id: str, identifier: Identifier, key: str | None = None) -> Iterator[Breach]:
        source = self.sources[source_id]
        assert isinstance(source, BreachSource)
        return source.check(identifier, self.gateway(source, key))

    def leaks(self, source_id: str, identifier: Identifier, key: str | None = None) -> list[str]:
        return [breach.name for breach in self.breaches(source_id, identifier, key)]

    def ask(self, source_id: str) -> list[Any]:
        """Ask any source what it is there for."""
        source = self.sources[source_id]
        if isinstance(source, BreachSource):
            kind = next(iter(sorted(source.info.accepts)))
            identifier = (
                ADDRESS if kind is IdentifierKind.EMAIL else Identifier(IdentifierKind.SERVICE, "gym.example.org")
            )
            return list(source.check(identifier, self.gateway(source)))
        if isinstance(source, PasswordSource):
            return [source.times(sha1_of(PASSWORD), self.gateway(source))]
        if isinstance(source, ArchiveSource):
            return [source.copies(PAGE, self.gateway(source))]
        assert isinstance(source, PictureSource)
        return list(source.search(PictureQuery((ADDRESS, NAME, *USER_NAMES), (), (PHOTO,)), self.gateway(source)))


@pytest.fixture
def bench() -> Iterator[Bench]:
    scenario = Scenario(leaks={MAIL: ["ExampleGym", "ExampleShop"]}, avatars={MAIL: b"\xff\xd8\xff picture"})
    scenario.passwords[PASSWORD] = 7
    with Services(scenario) as services:
        yield Bench(services)


OUTSIDE = [
    *("catalogue", "hibp", "xposedornot", "leakcheck", "passwords", "gravatar"),
    *("libravatar", "github", "bluesky", "mastodon", "keybase"),
    *("brave", "searxng", "google-vision", "serpapi-lens", "tineye", "facecheck"),
    "wayback",
]


def test_list_of_sources_is_the_one_that_is_tested(bench: Bench) -> None:
    # Named sites and WhatsMyName go by a list of sites, and have tests of their own with one.
    assert [each for each in bench.sources if each not in ("pages", "whatsmyname")] == ["folders", *OUTSIDE]
    assert list(bench.sources).index("pages") == 1
    assert list(bench.sources).index("whatsmyname") == list(bench.sources).index("keybase") + 1


@pytest.mark.parametrize("source_id", ["folders", "pages", "whatsmyname", *OUTSIDE])
def test_card_says_what_it_finds_and_what_leaves(bench: Bench, source_id: str) -> None:
    info = bench.sources[source_id].info
    assert info.id == source_id
    assert info.name
    assert info.finds
    assert info.cost
    assert bool(info.hosts or info.own_server or info.named_sites) == bool(info.discloses)
    assert all(host == host.lower() and "/" not in host for host in info.hosts)
    assert not info.on_at_first or source_id in {"folders", "catalogue"}
    assert not info.needs_key or info.key_url.startswith("https://")


@pytest.mark.parametrize("source_id", OUTSIDE)
def test_each_request_that_arrives_was_recorded_with_its_size(bench: Bench, source_id: str) -> None:
    bench.ask(source_id)
    assert len(bench.recorded) == len(bench.services.requests) > 0
    for recorded, seen in zip(bench.recorded, bench.services.requests, strict=True):
        assert recorded.source_id == source_id
        assert recorded.bytes == seen.size
        assert recorded.what
        assert recorded.purpose
        assert MAIL not in f"{recorded.what}{recorded.purpose}{recorded.host}"
        assert "canary" not in f"{recorded.what}{recorded.purpose}{recorded.host}"
        assert "Canary" not in f"{recorded.what}{recorded.purpose}{recorded.host}"
        assert PASSWORD not in f"{recorded.what}{recorded.purpose}{seen.path}{seen.body!r}"


@pytest.mark.parametrize("source_id", OUTSIDE)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(500, b"{}"), ServiceDown),
        (Answer(503, b"", "text/html"), ServiceDown),
        (Answer(429, b"{}", headers={"Retry-After": "3600"}), TooManyRequests),
        (Answer(200, b"<html>Welcome to the hotel", "text/html"), NetworkIntercepted),
        (Answer(404, b"<html>Welcome to the hotel", "text/html"), SourceError),
        (Answer(418, b"{}"), SourceError),
    ],
)
def test_trouble_is_a_failure_and_never_an_empty_answer(
    bench: Bench, source_id: str, answer: Answer, error: type[SourceError]
) -> None:
    bench.services.scenario.broken[source_id] = answer
    with pytest.raises(error):
        bench.ask(source_id)


@pytest.mark.parametrize(
    "source_id",
    [
        *("catalogue", "hibp", "xposedornot", "leakcheck", "passwords", "google-vision", "wayback"),
        *("brave", "searxng", "serpapi-lens", "tineye", "facecheck"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[[", b"7", b'"text"', b'{"a":NaN}', b"[" * 200_000, b'{"a":1,"a":2}', b"\xff\xfe", b"9" * 5000],
)
def test_unknown_form_is_a_failure_and_never_an_empty_answer(bench: Bench, source_id: str, body: bytes) -> None:
    bench.services.scenario.broken[source_id] = Answer(200, body)
    with pytest.raises(UnexpectedReply):
        bench.ask(source_id)


def test_address_in_leaks_is_found_by_each_service(bench: Bench) -> None:
    assert bench.leaks("hibp", ADDRESS) == ["ExampleGym", "ExampleShop"]
    assert bench.leaks("xposedornot", ADDRESS) == ["ExampleGym", "ExampleShop"]
    assert bench.leaks("leakcheck", ADDRESS) == ["Example Gym", "Example Shop"]


def test_the_same_leak_from_each_service_is_one(bench: Bench) -> None:
    found = [list(bench.breaches(source_id, ADDRESS)) for source_id in ("hibp", "xposedornot", "leakcheck")]
    for same in zip(*found, strict=True):
        assert len({breach.key for breach in same}) == 1
        assert all(is_same_leak(same[0], breach) for breach in same)
    assert not is_same_leak(found[0][0], found[2][1])


def test_address_in_no_leak_is_an_empty_answer(bench: Bench) -> None:
    nobody = Identifier(IdentifierKind.EMAIL, "nobody@mail.example.org")
    for source_id in ("hibp", "xposedornot", "leakcheck"):
        assert bench.leaks(source_id, nobody) == []


@pytest.mark.parametrize(
    ("account", "names"),
    [
        ("account-exists", ["Adobe", "paste-Pastebin-8Q0BvKD8"]),
        ("paste-sensitive-breach", ["paste-Pastebin-7Qx0aKD1"]),
        ("multiple-breaches", ["Adobe", "ExampleGym", "ExampleShop"]),
        ("not-active-and-active-breach", ["Adobe"]),
        ("opt-out", []),
        ("sensitive-breach", []),
        ("spam-list-only", ["ExampleList"]),
    ],
)
def test_official_test_accounts_of_hibp(bench: Bench, account: str, names: list[str]) -> None:
    identifier = Identifier(IdentifierKind.EMAIL, f"{account}@{TEST_DOMAIN}")
    assert bench.leaks("hibp", identifier, HIBP_TEST_KEY) == names


def test_hibp_key_travels_in_its_header_only_and_a_wrong_one_is_refused(bench: Bench) -> None:
    bench.leaks("hibp", ADDRESS)
    for seen in bench.services.requests:
        assert seen.headers["hibp-api-key"] == HIBP_KEY
        assert HIBP_KEY not in seen.path
        assert seen.headers["user-agent"].startswith("PrivacyGuard/")
    bench.services.requests.clear()
    with pytest.raises(CodeRefused):
        bench.leaks("hibp", ADDRESS, "f" * 32)
    # The address is not sent along with a code that is no good.
    assert [seen.path for seen in bench.services.requests] == ["/api/v3/subscription/status"]


def test_no_key_is_said_before_anything_is_sent(bench: Bench) -> None:
    for source_id in ("hibp", "google-vision"):
        source = bench.sources[source_id]
        gateway = bench.network.bind(source.info, CancelToken(), None)
        with pytest.raises(CodeMissing):
            if isinstance(source, BreachSource):
                list(source.check(ADDRESS, gateway))
            elif isinstance(source, PictureSource):
                list(source.search(PictureQuery(photos=(PHOTO,)), gateway))
    assert bench.services.requests == []


@pytest.mark.parametrize(
    ("status", "body", "is_clear"),
    [
        (200, {"Error": "Not found", "email": None}, True),
        (404, {"Error": "No breaches found", "email": MAIL, "status": "failed"}, True),
        (404, {"Error": "Not found", "email": MAIL, "status": "failed"}, False),
        (200, {"Error": "Something new"}, False),
        (200, {"breaches": [[]], "status": "success"}, False),
    ],
)
def test_xposedornot_says_none_in_two_ways_and_trouble_in_another(
    bench: Bench, status: int, body: dict[str, Any], is_clear: bool
) -> None:
    bench.services.scenario.broken["xposedornot"] = Answer(status, json.dumps(body).encode())
    if is_clear:
        assert bench.leaks("xposedornot", ADDRESS) == []
    else:
        with pytest.raises(SourceError):
            bench.leaks("xposedornot", ADDRESS)


@pytest.mark.parametrize(
    ("kind", "value", "names"),
    [
        (IdentifierKind.SERVICE, "gym.example.org", ["ExampleGym"]),
        (IdentifierKind.SERVICE, "https://www.gym.example.org/login", ["ExampleGym"]),
        (IdentifierKind.SERVICE, "members.gym.example.org", ["ExampleGym"]),
        (IdentifierKind.ORGANISATION, "example gym", ["ExampleGym"]),
        (IdentifierKind.SERVICE, "other.example", []),
        (IdentifierKind.SERVICE, "example.org", ["ExampleGym"]),
        (IdentifierKind.ORGANISATION, "Example Gym Zurich", ["ExampleGym"]),
        (IdentifierKind.SERVICE, "Example Gym Zurich", []),
        (IdentifierKind.ORGANISATION, "Total Fitness Wigan", ["TotalFitness"]),
        (IdentifierKind.ORGANISATION, "gym", []),
        (IdentifierKind.SERVICE, "invented.example", []),
        (IdentifierKind.ORGANISATION, "…", []),
    ],
)
def test_catalogue_is_compared_here_by_site_and_name(
    bench: Bench, kind: IdentifierKind, value: str, names: list[str]
) -> None:
    assert bench.leaks("catalogue", Identifier(kind, value)) == names
    assert all(value not in seen.path for seen in bench.services.requests)


def test_catalogue_is_downloaded_once_and_then_kept(bench: Bench) -> None:
    for _ in range(3):
        bench.leaks("catalogue", Identifier(IdentifierKind.SERVICE, "gym.example.org"))
    again = {source.info.id: source for source in sources(bench.services.base_urls(), bench.cache)}["catalogue"]
    assert isinstance(again, BreachSource)
    list(again.check(Identifier(IdentifierKind.SERVICE, "gym.example.org"), bench.gateway(again)))
    assert [seen.path for seen in bench.services.requests] == ["/api/v3/breaches"]


def test_leakcheck_sends_a_fingerprint_and_never_the_address(bench: Bench) -> None:
    found = list(bench.breaches("leakcheck", ADDRESS))
    assert [(breach.occurred_on, breach.domain) for breach in found] == [(date(2026, 5, 1), ""), (date(2019, 3, 1), "")]
    # What leaked is said for all together, so of none of the two is it known.
    assert {breach.data_classes for breach in found} == {("Email addresses",)}
    (seen,) = bench.services.requests
    assert seen.path == f"/api/public?check={hashlib.sha256(MAIL.encode()).hexdigest()[:24]}"


def test_passwords_are_counted_by_five_signs_with_padding(bench: Bench) -> None:
    assert bench.ask("passwords") == [7]
    source = bench.sources["passwords"]
    assert isinstance(source, PasswordSource)
    assert source.times(sha1_of("another password"), bench.gateway(source)) == 0
    assert source.times(sha1_of(PASSWORD).lower(), bench.gateway(source)) == 7
    prefixes = [
        f"/range/{hashlib.sha1(word.encode()).hexdigest()[:5].upper()}" for word in (PASSWORD, "another password")
    ]
    assert [seen.path for seen in bench.services.requests] == [*prefixes, prefixes[0]]
    assert all(seen.headers["add-padding"] == "true" for seen in bench.services.requests)


def test_padding_is_not_a_leak(bench: Bench) -> None:
    prefix = sha1_of(PASSWORD)[:5]
    padded = prefix + hashlib.sha1(f"{prefix}-1".encode()).hexdigest().upper()[5:]
    source = bench.sources["passwords"]
    assert isinstance(source, PasswordSource)
    assert source.times(padded, bench.gateway(source)) == 0
    (seen,) = bench.services.requests
    assert f"{padded[5:]}:0".encode() in bench.services.answered("passwords", seen).body


@pytest.mark.parametrize("code", ["", "0" * 39, "0" * 41, "g" * 40, "/" * 40, PASSWORD])
def test_what_is_no_fingerprint_of_a_password_is_not_sent(bench: Bench, code: str) -> None:
    source = bench.sources["passwords"]
    assert isinstance(source, PasswordSource)
    with pytest.raises(ValueError, match="40 hexadecimal signs"):
        source.times(code, bench.gateway(source))
    assert bench.services.requests == []


def test_gravatar_sends_a_code_and_never_the_address(bench: Bench) -> None:
    (candidate,) = bench.ask("gravatar")
    assert candidate.content == b"\xff\xd8\xff picture"
    assert len(bench.services.requests) == 2
    for seen in bench.services.requests:
        assert "@" not in seen.path
        assert "jane" not in seen.path


def test_gravatar_without_a_picture_is_an_empty_answer(bench: Bench) -> None:
    bench.services.scenario.avatars.clear()
    assert bench.ask("gravatar") == []


def test_vision_names_pictures_once_with_their_page_and_clean_title(bench: Bench) -> None:
    one, two, three = "https://a.example.org/1.jpg", "https://a.example.org/2.jpg", "https://a.example.org/3.jpg"
    bench.services.scenario.vision = {
        "fullMatchingImages": [{"url": one}, {"url": two}],
        "pagesWithMatchingImages": [
            {"url": "https://a.example.org/p", "pageTitle": "A <b>page</b>", "fullMatchingImages": [{"url": one}]}
        ],
        "visuallySimilarImages": [{"url": three}],
    }
    found = bench.ask("google-vision")
    assert [(c.address, c.page, c.title) for c in found] == [
        (one, "https://a.example.org/p", "A page"),
        (two, None, None),
        (three, None, None),
    ]
    (seen,) = bench.services.requests
    assert seen.headers["x-goog-api-key"] == VISION_KEY
    assert "key" not in seen.path


def test_vision_without_a_match_is_empty_and_with_an_inner_error_a_failure(bench: Bench) -> None:
    assert bench.ask("google-vision") == []
    inner = {"responses": [{"error": {"code": 3, "message": "Bad image data."}}]}
    bench.services.scenario.broken["google-vision"] = Answer(200, json.dumps(inner).encode())
    with pytest.raises(UnexpectedReply):
        bench.ask("google-vision")


def test_vision_wrong_key_is_refused_in_words(bench: Bench) -> None:
    source = bench.sources["google-vision"]
    assert isinstance(source, PictureSource)
    with pytest.raises(CodeRefused):
        list(source.search(PictureQuery(photos=(PHOTO,)), bench.gateway(source, "wrong")))
