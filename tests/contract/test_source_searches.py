"""Searches by name and by photo against their services on loopback: hit, none, each error, and what is sent."""

import json
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from privacyguard.errors import (
    CodeRefused,
    NetworkIntercepted,
    PhotoMissing,
    ServiceDown,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import KeyTester, PictureQuery, PictureSource
from privacyguard.sources.catalogue import sources
from privacyguard.sources.pictures.named import PICTURES_AT_MOST, CreditUsedUp, PhotoNotTaken, PhotoTooLarge
from privacyguard.sources.pictures.searxng import AnswersSwitchedOff, EnginesSilent, ServerMissing, SomeEnginesSilent
from tests.support.fakes.cache import MemoryCache
from tests.support.fakes.searches import (
    IMAGE_ID,
    SEARCH_KEYS,
    SERPAPI_KEY,
    Searches,
    brave_result,
    file_names_in,
    form_in,
    lens_entry,
    searxng_result,
    tineye_error,
    tineye_match,
)
from tests.support.own_time import OwnTime, PatientToken
from tests.support.servers import Answer
from tests.support.services import Scenario, Services

NAME, OTHER_NAME = "Zoë Quatermain", "Zoë O'Hara & Sons"
PHOTO, SECOND_PHOTO = b"\xff\xd8\xff one photo", b"\xff\xd8\xff another"
ONE, TWO, THREE = (f"https://a.example.org/{n}.jpg" for n in (1, 2, 3))
PAGE, OTHER_PAGE = "https://a.example.org/page?a=1&b=2", "https://b.example.org/other"
BY_PHOTO = ["serpapi-lens", "tineye"]
EVERY = ["brave", "searxng", *BY_PHOTO]


class Bench:
    """The four searches over their services; waits take no time."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.recorded: list[Disclosure] = []
        time = OwnTime()
        self.cancel = PatientToken(time)
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        self.network = Network(self.recorded.append, settings, chance=lambda: 0.0, monotonic_s=time.steady_s)
        self.sources = {source.info.id: source for source in sources(services.base_urls(), MemoryCache())}

    @property
    def searches(self) -> Searches:
        return self.services.scenario.searches

    def ask(
        self, source_id: str, names: tuple[str, ...] = (NAME,), photos: tuple[bytes, ...] = (PHOTO,), key: str = ""
    ) -> Iterator[Candidate]:
        source = self.sources[source_id]
        assert isinstance(source, PictureSource)
        gateway = self.network.bind(source.info, self.cancel, key or SEARCH_KEYS.get(source_id))
        identifiers = tuple(Identifier(IdentifierKind.NAME, name) for name in names)
        return source.search(PictureQuery(identifiers, (), photos), gateway)

    def found(self, source_id: str, **how: Any) -> list[tuple[str | None, str | None, str | None]]:
        return [(each.address, each.page, each.title) for each in self.ask(source_id, **how)]

    def tested(self, source_id: str, key: str = "") -> str:
        source = self.sources[source_id]
        assert isinstance(source, KeyTester)
        return source.test_key(self.network.bind(source.info, self.cancel, key or SEARCH_KEYS[source_id]))

    def paths(self) -> list[str]:
        return [f"{seen.method} {seen.path.partition('?')[0]}" for seen in self.services.requests]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Services(Scenario(pictures={"small.jpg": b"\xff\xd8\xff small"})) as services:
        yield Bench(services)


def hit(bench: Bench) -> None:
    """Each service knows one picture on one page."""
    known = bench.searches
    known.named[NAME] = [brave_result(ONE, PAGE, "A <b>page</b>")]
    known.gathered[NAME] = [searxng_result(ONE, PAGE, "A <b>page</b>")]
    known.lens["visual_matches"] = [lens_entry(PAGE, "A <b>page</b>", image=ONE)]
    known.matches = [tineye_match([(ONE, PAGE)], domain="A <b>page</b>")]


@pytest.mark.parametrize("source_id", EVERY)
def test_a_hit_is_an_address_with_its_page_and_a_clean_title(bench: Bench, source_id: str) -> None:
    hit(bench)
    assert bench.found(source_id) == [(ONE, PAGE, "A page")]


@pytest.mark.parametrize("source_id", EVERY)
def test_none_is_an_empty_answer_after_asking(bench: Bench, source_id: str) -> None:
    assert bench.found(source_id) == []
    assert len(bench.services.requests_of(source_id)) == {"serpapi-lens": 4, "tineye": 2}.get(source_id, 1)


@pytest.mark.parametrize("source_id", BY_PHOTO)
def test_without_a_photo_nobody_is_asked(bench: Bench, source_id: str) -> None:
    with pytest.raises(PhotoMissing):
        bench.found(source_id, photos=())
    assert bench.services.requests == []


@pytest.mark.parametrize("source_id", ["brave", "searxng"])
def test_a_name_is_sent_as_it_is_and_told_as_a_kind(bench: Bench, source_id: str) -> None:
    bench.found(source_id, names=(NAME, OTHER_NAME))
    assert len(bench.services.requests) == 2
    for seen, words in zip(bench.services.requests, ("Zo%C3%AB+Quatermain", "Zo%C3%AB+O%27Hara+%26+Sons"), strict=True):
        assert f"q={words}&" in seen.path
        assert seen.body == b""
        assert "photo" not in seen.path
    assert all("Zo" not in f"{told.what}{told.purpose}{told.host}" for told in bench.recorded)
    assert {told.what.startswith("your name") for told in bench.recorded} == {True}


def test_brave_shows_all_there_is_and_mends_no_spelling(bench: Bench) -> None:
    bench.found("brave")
    (seen,) = bench.services.requests
    assert "safesearch=off" in seen.path
    assert "spellcheck=false" in seen.path
    assert seen.headers["x-subscription-token"] == SEARCH_KEYS["brave"]
    assert SEARCH_KEYS["brave"] not in seen.path


@pytest.mark.parametrize("source_id", ["brave", "searxng"])
def test_many_pictures_of_one_name_leave_the_next_its_own(bench: Bench, source_id: str) -> None:
    many = [f"https://a.example.org/many/{n}.jpg" for n in range(150)]
    bench.searches.named = {NAME: [brave_result(each, PAGE) for each in many], OTHER_NAME: [brave_result(ONE, PAGE)]}
    bench.searches.gathered = {
        NAME: [searxng_result(each, PAGE) for each in many],
        OTHER_NAME: [searxng_result(each, PAGE) for each in (many[0], ONE)],
    }
    found = bench.found(source_id, names=(NAME, OTHER_NAME))
    assert [address for address, _, _ in found] == [*many[:PICTURES_AT_MOST], ONE]


def test_a_small_copy_is_taken_only_where_there_is_no_other(bench: Bench) -> None:
    small = bench.services.picture_address("small.jpg")
    bench.searches.named[NAME] = [
        brave_result(None, PAGE, thumbnail={"src": small}),
        brave_result(ONE, OTHER_PAGE, thumbnail={"src": small}),
        brave_result(None, PAGE, thumbnail={"src": small}),
        brave_result(None, "https://c.example.org/", thumbnail={"src": bench.services.picture_address("gone.jpg")}),
        brave_result(None, "https://d.example.org/", thumbnail={}),
    ]
    found = [(each.content, each.address, each.page) for each in bench.ask("brave")]
    assert found == [
        (b"\xff\xd8\xff small", None, PAGE),
        (None, ONE, OTHER_PAGE),
        (b"", None, "https://c.example.org/"),  # counted as one that could not be opened
    ]
    assert [seen.path for seen in bench.services.requests_of("pictures")] == ["/small.jpg", "/gone.jpg"]
    assert [told.what for told in bench.recorded] == ["your name and your code", *["the address of a picture"] * 2]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(401, b"{}"), CodeRefused),
        (Answer(403, b"{}"), CodeRefused),
        (Answer(402, b"{}"), CreditUsedUp),
        (Answer(422, b'{"error": {"code": "SUBSCRIPTION_TOKEN_INVALID"}}'), CodeRefused),
        (Answer(422, b'{"error": {"code": "VALIDATION"}}'), UnexpectedReply),
        (Answer(429, b"{}", headers={"X-RateLimit-Reset": "1, 1419704"}), TooManyRequests),
        (Answer(200, b'{"type": "web", "results": []}'), UnexpectedReply),
        (Answer(200, b'{"type": "images"}'), UnexpectedReply),
        (Answer(422, b'{"error": 7}'), UnexpectedReply),
    ],
)
def test_errors_of_brave(bench: Bench, answer: Answer, error: type[SourceError]) -> None:
    bench.services.scenario.broken["brave"] = answer
    fails(lambda: bench.found("brave"), error)


def test_searxng_lets_a_server_without_answers_for_programs_be_known(bench: Bench) -> None:
    bench.searches.gives_json = False
    error = fails(lambda: bench.found("searxng"), AnswersSwitchedOff)
    assert "json" in error.remedy


def test_searxng_with_no_engine_that_answers_has_failed(bench: Bench) -> None:
    bench.searches.silent = [["google images", "timeout"], ["bing images", "Suspended: CAPTCHA"]]
    fails(lambda: bench.found("searxng"), EnginesSilent)


def test_searxng_with_some_silent_engines_hands_on_what_there_is_and_says_so(bench: Bench) -> None:
    hit(bench)
    bench.searches.silent = [["google images", "timeout"]]
    found: list[Candidate] = []
    with pytest.raises(SomeEnginesSilent):
        for candidate in bench.ask("searxng"):
            found.append(candidate)
    assert [candidate.address for candidate in found] == [ONE]


def test_searxng_without_a_server_asks_nobody(bench: Bench) -> None:
    source = next(each for each in sources({}, MemoryCache()) if each.info.id == "searxng")
    assert isinstance(source, PictureSource)
    gateway = bench.network.bind(source.info, bench.cancel, None)
    with pytest.raises(ServerMissing):
        list(source.search(PictureQuery((Identifier(IdentifierKind.NAME, NAME),)), gateway))
    assert bench.services.requests == []


def test_searxng_below_a_path_is_asked_there(bench: Bench) -> None:
    base = f"{bench.services.base_urls()['searxng']}/deep/"
    source = next(each for each in sources({"searxng": base}, MemoryCache()) if each.info.id == "searxng")
    assert isinstance(source, PictureSource)
    with pytest.raises(NetworkIntercepted):  # there is only a page
        list(
            source.search(
                PictureQuery((Identifier(IdentifierKind.NAME, NAME),)), bench.network.bind(source.info, bench.cancel)
            )
        )
    assert bench.paths() == ["GET /deep/search"]


def test_searxng_cannot_have_us_ask_its_own_host_for_pictures(bench: Bench) -> None:
    own = bench.services.base_urls()["searxng"]
    bench.searches.gathered[NAME] = [
        searxng_result(f"{own}/admin?do=x", PAGE, thumbnail_src=f"{own}/image_proxy?url=x"),
        searxng_result("http://127.0.0.1:1/x", OTHER_PAGE),
        searxng_result("//c.example.org/x.jpg", OTHER_PAGE),
        searxng_result("https://[::1", OTHER_PAGE),
        searxng_result("/image_proxy?url=x", OTHER_PAGE, thumbnail_src="data:image/png;base64,AAAA"),
    ]
    assert bench.found("searxng") == [("https://c.example.org/x.jpg", OTHER_PAGE, "A page")]
    assert len(bench.services.requests) == 1


def test_serpapi_is_asked_what_the_plan_holds_then_sent_the_photo_once(bench: Bench) -> None:
    bench.found("serpapi-lens")
    assert bench.paths() == ["GET /account.json", "POST /image", "GET /search.json", "GET /search.json"]
    upload, exact, visual = bench.services.requests[1:]
    assert form_in(upload) == {"api_key": SERPAPI_KEY.encode(), "image": PHOTO}
    assert file_names_in(upload) == ["photo.jpg"]
    assert "?" not in upload.path
    for seen, kind in ((exact, "exact_matches"), (visual, "visual_matches")):
        assert seen.path == (
            f"/search.json?engine=google_lens&image_id={IMAGE_ID}&type={kind}&safe=off&api_key={SERPAPI_KEY}"
        )
    assert [told.what for told in bench.recorded] == [
        "your code",
        "a photo that you chose, and your code",
        "your code",
        "your code",
    ]


def test_serpapi_takes_the_address_of_the_same_picture_from_the_other_list(bench: Bench) -> None:
    small = bench.services.picture_address("small.jpg")
    bench.searches.lens["exact_matches"] = [
        lens_entry(PAGE, "Known", thumbnail=small, actual_image_width=220, actual_image_height=262),
        lens_entry(OTHER_PAGE, "Small", thumbnail=small, actual_image_width=9, actual_image_height=9),
    ]
    bench.searches.lens["visual_matches"] = [
        lens_entry(OTHER_PAGE, "Another one there", image=TWO, image_width=900, image_height=900),
        lens_entry(PAGE, "Known", image=ONE, image_width=220, image_height=262),
        lens_entry("https://c.example.org/", "No size", image=THREE),
    ]
    found = [(each.address, each.content, each.page) for each in bench.ask("serpapi-lens")]
    assert found == [
        (ONE, None, PAGE),
        (None, b"\xff\xd8\xff small", OTHER_PAGE),
        (TWO, None, OTHER_PAGE),
        (THREE, None, "https://c.example.org/"),
    ]


def test_serpapi_hands_on_what_is_the_same_where_the_second_search_fails(bench: Bench) -> None:
    bench.searches.lens["exact_matches"] = [lens_entry(PAGE, image=ONE)]
    bench.searches.answers["type=visual_matches"] = Answer(503, b"{}")
    found = []
    with pytest.raises(ServiceDown):
        for candidate in bench.ask("serpapi-lens"):
            found.append(candidate.address)
    assert found == [ONE]


@pytest.mark.parametrize(("source_id", "left"), [("serpapi-lens", 3), ("tineye", 1)])
def test_no_photo_is_sent_where_the_plan_has_too_few_searches_left(bench: Bench, source_id: str, left: int) -> None:
    bench.searches.left[source_id] = left
    fails(lambda: bench.found(source_id, photos=(PHOTO, SECOND_PHOTO)), CreditUsedUp)
    assert all(seen.method == "GET" for seen in bench.services.requests)
    assert len(bench.services.requests) == 1
    bench.searches.left[source_id] = left + 1
    assert bench.found(source_id, photos=(PHOTO, SECOND_PHOTO)) == []


@pytest.mark.parametrize("source_id", BY_PHOTO)
def test_no_photo_is_sent_with_a_code_that_is_no_good(bench: Bench, source_id: str) -> None:
    fails(lambda: bench.found(source_id, key="no-such-code"), CodeRefused)
    assert all(seen.method == "GET" for seen in bench.services.requests)


@pytest.mark.parametrize(("source_id", "most"), [("serpapi-lens", 500_000), ("tineye", 20_000_000)])
def test_a_photo_that_is_too_large_is_refused_before_anything_is_sent(bench: Bench, source_id: str, most: int) -> None:
    fails(lambda: bench.found(source_id, photos=(PHOTO, bytes(most + 1))), PhotoTooLarge)
    assert bench.services.requests == []
    assert bench.found(source_id, photos=(bytes(most),)) == []


@pytest.mark.parametrize(
    ("part", "answer", "error"),
    [
        ("/account.json", Answer(401, b'{"error": "Invalid API key."}'), CodeRefused),
        ("/account.json", Answer(200, b'{"error": "Invalid API key."}'), CodeRefused),
        ("/account.json", Answer(200, b'{"total_searches_left": "many", "plan_name": "x"}'), UnexpectedReply),
        ("/account.json", Answer(200, b'{"total_searches_left": 7}'), UnexpectedReply),
        ("/account.json", Answer(429, b"{}"), TooManyRequests),
        ("/image", Answer(200, b'{"error": "Something new."}'), UnexpectedReply),
        ("/image", Answer(400, b'{"error": "The image could not be read."}'), PhotoNotTaken),
        ("/image", Answer(400, b'{"error": "File size is above 500 KB."}'), PhotoTooLarge),
        ("/image", Answer(413, b"{}"), PhotoTooLarge),
        ("/image", Answer(401, b'{"error": "Invalid API key."}'), CodeRefused),
        ("/image", Answer(200, b"{}"), UnexpectedReply),
        ("/image", Answer(200, b'{"image_id": ""}'), UnexpectedReply),
        ("/image", Answer(200, b'{"image_id": "a<b>c</b>"}'), UnexpectedReply),
        ("/image", Answer(200, json.dumps({"image_id": "x" * 1000}).encode()), UnexpectedReply),
        ("/image", Answer(302, b"", headers={"Location": "https://elsewhere.example.org/"}), UnexpectedReply),
        ("/search.json", Answer(400, b'{"error": "Unsupported request."}'), UnexpectedReply),
        ("/search.json", Answer(429, b'{"error": "Your account has run out of searches."}'), TooManyRequests),
        ("/search.json", Answer(200, b'{"error": "Something new.", "search_metadata": {}}'), UnexpectedReply),
        ("/search.json", Answer(200, b'{"search_metadata": {"status": "Processing"}}'), UnexpectedReply),
        ("/search.json", Answer(200, b'{"search_metadata": {"status": "Success"}}'), UnexpectedReply),
        ("/search.json", Answer(200, b'{"exact_matches": []}'), UnexpectedReply),
        ("/search.json", Answer(200, b"<html>", "text/html"), NetworkIntercepted),
    ],
)
def test_errors_of_serpapi(bench: Bench, part: str, answer: Answer, error: type[SourceError]) -> None:
    bench.searches.answers[part] = answer
    fails(lambda: bench.found("serpapi-lens"), error)


@pytest.mark.parametrize("place", ["/again", "https://elsewhere.example.org/", "/search.json"])
def test_the_code_of_serpapi_follows_no_redirect(bench: Bench, place: str) -> None:
    bench.searches.answers["/search.json"] = Answer(302, b"", headers={"Location": place})
    with pytest.raises(SourceError):
        bench.found("serpapi-lens")
    asked = [seen.path for seen in bench.services.requests if SERPAPI_KEY in seen.path]
    assert [path.partition("?")[0] for path in asked] == ["/account.json", "/search.json"]
    assert "engine=google_lens" in asked[1]  # as first asked, not as sent on


def test_tineye_is_asked_what_is_left_then_sent_the_photo_in_a_form(bench: Bench) -> None:
    bench.found("tineye")
    assert bench.paths() == ["GET /rest/remaining_searches/", "POST /rest/search/"]
    asked, upload = bench.services.requests
    form = form_in(upload)
    assert form.pop("image_upload") == PHOTO
    assert form == {"offset": b"0", "limit": b"100", "backlink_limit": b"20", "sort": b"score", "order": b"desc"}
    assert file_names_in(upload) == ["photo.jpg"]
    assert asked.headers["x-api-key"] == upload.headers["x-api-key"] == SEARCH_KEYS["tineye"]
    assert [told.what for told in bench.recorded] == ["your code", "a photo that you chose, and your code"]


def test_tineye_names_each_place_of_each_match_once(bench: Bench) -> None:
    small = bench.services.picture_address("small.jpg")
    bench.searches.matches = [
        tineye_match([(ONE, PAGE), (TWO, OTHER_PAGE)]),
        tineye_match([(ONE, OTHER_PAGE)]),
        tineye_match([("", "https://c.example.org/")], image_url=small),
        tineye_match([], image_url=small),
    ]
    found = [(each.address, each.content, each.page, each.title) for each in bench.ask("tineye")]
    assert found == [
        (ONE, None, PAGE, "example.com"),
        (TWO, None, OTHER_PAGE, "example.com"),
        (None, b"\xff\xd8\xff small", "https://c.example.org/", "example.com"),
        (small, None, None, "example.com"),
    ]


@pytest.mark.parametrize("part", ["/rest/remaining_searches/", "/rest/search/"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (tineye_error(401, "Please provide a valid API key."), CodeRefused),
        (tineye_error(403), CodeRefused),
        (tineye_error(402, "You have no more searches available. Please purchase another bundle."), CreditUsedUp),
        (tineye_error(400, "No more searches. Please purchase another bundle.", status=200), CreditUsedUp),
        (tineye_error(400, "Error.", "The image is too small or too simple."), PhotoNotTaken),
        (tineye_error(400, "Couldn't identify image file."), PhotoNotTaken),
        (tineye_error(400, "Something new."), UnexpectedReply),
        (tineye_error(500, "Something new.", status=200), UnexpectedReply),
        (tineye_error(429, "Too many requests."), TooManyRequests),
        (tineye_error(429, "Too many requests.", status=200), TooManyRequests),
        (tineye_error(503, "The service is busy due to high load."), ServiceDown),
        (tineye_error(503, "The service is busy due to high load.", status=200), ServiceDown),
        (Answer(200, b"{}"), UnexpectedReply),
        (Answer(200, b'{"code": 200, "results": {}}'), UnexpectedReply),
        (Answer(200, b'{"code": "200", "results": {"matches": []}}'), UnexpectedReply),
        (Answer(200, b'{"code": 500, "messages": "text"}'), UnexpectedReply),
        (Answer(200, b"<html>", "text/html"), NetworkIntercepted),
    ],
)
def test_errors_of_tineye(bench: Bench, part: str, answer: Answer, error: type[SourceError]) -> None:
    bench.searches.answers[part] = answer
    fails(lambda: bench.found("tineye"), error)


def test_what_a_code_has_left_is_told_without_a_search(bench: Bench) -> None:
    assert bench.tested("serpapi-lens") == "Plan: Free Plan. Searches left: 250. A photo takes two."
    assert bench.tested("tineye") == "5,000 searches left."
    assert bench.searches.left == {"serpapi-lens": 250, "tineye": 5000}
    for source_id in BY_PHOTO:
        with pytest.raises(CodeRefused):
            bench.tested(source_id, "no-such-code")


@pytest.mark.parametrize("source_id", EVERY)
def test_a_million_results_are_a_failure_or_cut_and_never_all_fetched(bench: Bench, source_id: str) -> None:
    """More than is agreed is not the agreed form; the small ones of a million fit into a reply."""
    million = b"[" + b"{}," * 999_999 + b"{}]"
    body = {
        "brave": b'{"type": "images", "results": %s}',
        "searxng": b'{"results": %s}',
        "serpapi-lens": b'{"search_metadata": {"status": "Success"}, "exact_matches": %s}',
        "tineye": b'{"code": 200, "messages": [], "results": {"matches": %s}}',
    }[source_id]
    part = {"brave": "/res", "searxng": "/search", "serpapi-lens": "/search.json", "tineye": "/rest/search/"}[source_id]
    bench.searches.answers[part] = Answer(200, body % million)
    fails(lambda: bench.found(source_id), UnexpectedReply)


def fails(work: Callable[[], object], kind: type[SourceError]) -> SourceError:
    """The error that it ends with: exactly of this kind, with words, and without a code or a name in it."""
    with pytest.raises(kind) as told:
        work()
    assert type(told.value) is kind
    assert told.value.title
    assert told.value.remedy
    shown = "".join(traceback.format_exception(told.value.with_traceback(None)))
    assert not any(secret in shown for secret in (*SEARCH_KEYS.values(), NAME, "Quatermain", "Zo%C3%AB"))
    return told.value
