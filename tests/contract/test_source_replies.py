"""Replies of every source with each field wrong: cleaned, or a failure in words; never a crash, never "nothing found"."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from privacyguard.errors import (
    CodeRefused,
    ConnectionLost,
    NetworkIntercepted,
    PhotoMissing,
    ServiceDown,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.net.reply import Reply
from privacyguard.sources.base import BreachSource, PictureQuery, PictureSource, Source
from privacyguard.sources.breaches import leakcheck, passwords, xposedornot
from privacyguard.sources.breaches.hibp_model import is_none, parse_breaches
from privacyguard.sources.catalogue import sources
from privacyguard.sources.pictures import google_vision
from tests.support.fakes.leaks import leak
from tests.support.hostile import HOSTILE, changed, is_clean, places
from tests.support.servers import Answer
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services

MAIL = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
XPOSEDORNOT = {
    "breaches": [["ExampleGym"]],
    "email": "jane@mail.example.org",
    "status": "success",
    "breach_details": [
        {
            "name": "ExampleGym",
            "breach_date": "",
            "company": {"name": "gym.example.org"},
            "security": {"is_verified": True},
            "exposed_data": ["Photos"],
        }
    ],
}
VISION = {
    "responses": [
        {
            "webDetection": {
                "fullMatchingImages": [{"url": "https://a.example.org/1.jpg"}],
                "partialMatchingImages": [{"url": "https://a.example.org/2.jpg"}],
                "pagesWithMatchingImages": [
                    {
                        "url": "https://a.example.org/p",
                        "pageTitle": "A page",
                        "fullMatchingImages": [{"url": "https://a.example.org/1.jpg"}],
                    }
                ],
                "visuallySimilarImages": [{"url": "https://a.example.org/3.jpg"}],
            }
        }
    ]
}


def clean_breaches(found: list[Breach]) -> None:
    for breach in found:
        assert breach.name
        assert breach.title
        assert all(is_clean(text, 300) for text in (breach.name, breach.title, breach.domain, *breach.data_classes))


@pytest.mark.parametrize("way", list(places([leak("Example Gym", "gym.example.org", ["Photos"])])), ids=str)
def test_each_field_of_a_leak(way: tuple[Any, ...]) -> None:
    good = [leak("Example Gym", "gym.example.org", ["Photos"])]
    for value in HOSTILE:
        try:
            found = parse_breaches(changed(good, way, value))
        except UnexpectedReply:
            continue
        # Only a list that the service itself left empty, or a leak that it calls made up, is none.
        if not found:
            assert (way, value) == ((), []) or way[-1] in {"IsFabricated", "IsRetired"}
        clean_breaches(found)


@pytest.mark.parametrize("way", list(places(XPOSEDORNOT)), ids=str)
def test_each_field_of_an_answer_of_xposedornot(way: tuple[Any, ...]) -> None:
    for value in HOSTILE:
        try:
            found = xposedornot.parse(changed(XPOSEDORNOT, way, value), 200)
        except SourceError:
            continue
        assert found
        clean_breaches(found)


LEAKCHECK: dict[str, Any] = {
    "success": True,
    "found": 2,
    "fields": ["username", "password", "shoe_size"],
    "sources": [{"name": "Example Gym", "date": "2026-05"}, {"name": "shop.example", "date": ""}],
}


@pytest.mark.parametrize("way", list(places(LEAKCHECK)), ids=str)
def test_each_field_of_an_answer_of_leakcheck(way: tuple[Any, ...]) -> None:
    for value in HOSTILE:
        try:
            found = leakcheck.parse(changed(LEAKCHECK, way, value), 200)
        except SourceError:
            continue
        assert found
        clean_breaches(found)


@pytest.mark.parametrize(
    "error", [*HOSTILE, "Invalid", "Key not found", "not found here"], ids=lambda value: repr(value)[:20]
)
@pytest.mark.parametrize("status", [200, 400, 404])
def test_each_error_of_leakcheck_that_is_not_documented_is_a_failure(status: int, error: object) -> None:
    with pytest.raises(SourceError):
        leakcheck.parse({"success": False, "error": error}, status)


@pytest.mark.parametrize(
    ("reply", "status", "kind"),
    [
        ({"success": False, "error": "Not found"}, 200, None),
        ({"success": False, "error": "Not found"}, 404, None),
        ({"success": True, "found": 0, "fields": [], "sources": []}, 200, None),
        ({"success": True, "found": 0}, 200, None),
        ({"success": False, "error": "Not found"}, 403, UnexpectedReply),
        ({"success": True, "found": 0}, 404, UnexpectedReply),
        ({"success": True, "found": 3, "sources": []}, 200, UnexpectedReply),
        ({"success": True, "found": 0, "sources": LEAKCHECK["sources"]}, 200, UnexpectedReply),
        ({"success": True}, 200, UnexpectedReply),
        ({"found": 0}, 200, UnexpectedReply),
        ({"success": False, "error": "Limit reached"}, 403, TooManyRequests),
    ],
)
def test_only_the_documented_answers_of_leakcheck_are_none(
    reply: object, status: int, kind: type[SourceError] | None
) -> None:
    if kind is None:
        assert leakcheck.parse(reply, status) == []
        return
    with pytest.raises(kind):
        leakcheck.parse(reply, status)


def test_words_of_leakcheck_become_those_of_the_other_services_and_unknown_ones_stay() -> None:
    alone = LEAKCHECK | {"found": 1, "sources": LEAKCHECK["sources"][:1]}
    (gym,) = leakcheck.parse(alone, 200)
    assert gym.data_classes == ("Email addresses", "Usernames", "Passwords", "shoe_size")
    assert gym.has_passwords
    (stolen,) = leakcheck.parse(LEAKCHECK | {"sources": [{"name": "Stealer Logs", "date": ""}]}, 200)
    assert stolen.malware


def test_of_several_leaks_in_leakcheck_each_is_only_known_to_hold_the_address() -> None:
    gym, shop = leakcheck.parse(LEAKCHECK, 200)
    assert gym.data_classes == shop.data_classes == ("Email addresses",)
    assert (gym.occurred_on, shop.occurred_on) == (date(2026, 5, 1), None)
    assert (gym.domain, shop.domain) == ("", "shop.example")


def test_two_leaks_of_one_name_in_leakcheck_stay_two() -> None:
    twice = [{"name": "shop.example", "date": "2019-05"}, {"name": "shop.example", "date": "2021-01"}]
    old, new = leakcheck.parse(LEAKCHECK | {"sources": twice}, 200)
    assert old.key != new.key
    assert old.title == new.title == "shop.example"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"{}",
        b"A" * 35,
        b"A" * 35 + b":",
        b"A" * 34 + b":1",
        b"A" * 36 + b":1",
        b"A" * 35 + b":-1",
        b"A" * 35 + b":1.5",
        b"A" * 35 + b":" + b"9" * 100_000,
        b"A" * 35 + b":1\r\n" + b"B" * 20,
        b"G" * 35 + b":1",
        b"A" * 35 + b":1\r\n<b>",
        b"A" * 35 + b":\xd9\xa1",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_lines_of_another_form_are_no_answer_about_a_password(body: bytes) -> None:
    with pytest.raises(UnexpectedReply):
        passwords.parse(Reply(200, {"content-type": "text/plain"}, body))


def test_a_list_of_passwords_that_may_have_been_cut_is_no_answer() -> None:
    line = b"A" * 35 + b":1\r\n"
    assert passwords.parse(Reply(200, {}, line)) == {"A" * 35: 1}
    assert passwords.parse(Reply(200, {}, b"A" * 35 + b":0\n" + b"b" * 35 + b":2")) == {"B" * 35: 2}
    with pytest.raises(ConnectionLost):
        passwords.parse(Reply(200, {}, line, is_whole=False))
    with pytest.raises(NetworkIntercepted):
        passwords.parse(Reply(200, {"content-type": "text/html"}, line))


def test_a_none_that_may_have_been_cut_is_no_answer() -> None:
    assert is_none(Reply(404, {}, b""))
    with pytest.raises(ConnectionLost):
        is_none(Reply(404, {}, b"", is_whole=False))


def test_a_password_is_told_from_every_other_one() -> None:
    assert passwords.sha1_of("password") == "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"
    assert passwords.sha1_of(" password") != passwords.sha1_of("password")
    assert passwords.sha1_of("Gr\u00f6\u00dfe") != passwords.sha1_of("Gro\u0308\u00dfe")
    assert len(passwords.sha1_of("\ud800")) == 40  # half a character, from a damaged file


@pytest.mark.parametrize(
    "error", [value for value in HOSTILE if value != "Not found"], ids=lambda value: repr(value)[:20]
)
@pytest.mark.parametrize("status", [200, 404])
def test_each_error_of_xposedornot_that_is_not_documented_is_a_failure(status: int, error: object) -> None:
    with pytest.raises(SourceError):
        xposedornot.parse({"Error": error}, status)


@pytest.mark.parametrize("way", list(places(VISION)), ids=str)
def test_each_field_of_an_answer_of_vision(way: tuple[Any, ...]) -> None:
    for value in HOSTILE:
        reply = changed(VISION, way, value)
        if reply == {"responses": [{}]}:
            continue  # the documented way of saying "no match"
        try:
            found = google_vision.parse(reply)
        except SourceError:
            continue
        assert found or way == ("responses", 0, "webDetection")
        for candidate in found:
            assert candidate.address
            assert candidate.address.startswith("https://")
            assert is_clean(candidate.address)
            assert is_clean(candidate.page)
            assert is_clean(candidate.title, 300)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (3, UnexpectedReply),
        (7, CodeRefused),
        (8, TooManyRequests),
        (14, ServiceDown),
        (16, CodeRefused),
        ([], UnexpectedReply),
    ],
)
def test_each_error_inside_an_answer_of_vision(code: object, kind: type[SourceError]) -> None:
    with pytest.raises(kind):
        google_vision.parse({"responses": [{"error": {"code": code, "message": "x"}}]})


def test_vision_names_ten_similar_pictures_at_most_and_keeps_addresses_as_they_are() -> None:
    similar = [{"url": f"https://a.example.org/{n}.jpg?a=1&copy=2"} for n in range(50)]
    found = google_vision.parse({"responses": [{"webDetection": {"visuallySimilarImages": similar}}]})
    assert [candidate.address for candidate in found] == [each["url"] for each in similar[:10]]


class Bench:
    """The sources over fake services."""

    def __init__(self, services: Services) -> None:
        self.services = services
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        self.network = Network(lambda _: None, settings, chance=lambda: 0.0)
        self.sources = {source.info.id: source for source in sources(services.base_urls(), self)}

    def load(self, name: str) -> None:
        return None

    def save(self, name: str, content: bytes) -> None:
        assert content

    def leaks(self, source_id: str, identifier: Identifier = MAIL, key: str = HIBP_KEY) -> list[str]:
        source: Source = self.sources[source_id]
        assert isinstance(source, BreachSource)
        return [each.name for each in source.check(identifier, self.network.bind(source.info, CancelToken(), key))]

    def pictures(self, source_id: str, query: PictureQuery) -> list[Candidate]:
        source: Source = self.sources[source_id]
        assert isinstance(source, PictureSource)
        return list(source.search(query, self.network.bind(source.info, CancelToken(), VISION_KEY)))


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Services(Scenario(leaks={MAIL.value: ["Adobe"]}, avatars={MAIL.value: b"\xff\xd8\xff"})) as services:
        yield Bench(services)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(404, b"", ""), None),
        (Answer(404, b'{"statusCode": 404, "message": "x"}'), None),
        (Answer(404, b"", "text/html"), NetworkIntercepted),
        (Answer(404, b"<html>Not here", "text/html"), NetworkIntercepted),
        (Answer(404, b"<html>Not here", "application/json"), NetworkIntercepted),
        (Answer(404, b"nothing here", "text/plain"), UnexpectedReply),
        (Answer(404, b'{"statusCode": 500}'), UnexpectedReply),
        (Answer(404, b"[]"), UnexpectedReply),
        (Answer(200, b"[]"), UnexpectedReply),
        (Answer(200, b'[{"Name": "Adobe"}]'), UnexpectedReply),
        (Answer(400, b"{}"), UnexpectedReply),
        (Answer(401, b"{}"), CodeRefused),
        (Answer(403, b"Your HIBP API key does not have access to this resource", "text/plain"), CodeRefused),
        (Answer(403, b"API request must include a user agent", "text/plain"), UnexpectedReply),
        (Answer(503, b"<html>", "text/html"), ServiceDown),
    ],
)
def test_only_the_documented_answer_of_hibp_is_none(
    bench: Bench, answer: Answer, kind: type[SourceError] | None
) -> None:
    bench.services.scenario.broken["hibp-search"] = answer
    if kind is None:
        assert bench.leaks("hibp") == []
        return
    with pytest.raises(kind):
        bench.leaks("hibp")


@pytest.mark.parametrize("key", ["with blank", "ключ", "a\nX-Other: b", "a\x00"])
def test_a_code_that_no_header_can_carry_is_refused_before_anything_is_sent(bench: Bench, key: str) -> None:
    with pytest.raises(CodeRefused):
        bench.leaks("hibp", key=key)
    assert bench.services.requests == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(404, b"404 Not Found", "text/html; charset=utf-8"), None),
        (Answer(404, b"<html>Welcome", "text/html"), NetworkIntercepted),
        (Answer(200, b"<html>Welcome", "image/jpeg"), NetworkIntercepted),
        (Answer(200, b"Welcome", "text/html"), NetworkIntercepted),
        (Answer(200, b"Welcome", "text/plain"), UnexpectedReply),
        (Answer(200, b"", "image/jpeg"), UnexpectedReply),
        (Answer(403, b"", "image/jpeg"), UnexpectedReply),
    ],
)
def test_only_a_404_of_gravatar_is_none_and_only_a_picture_is_one(
    bench: Bench, answer: Answer, kind: type[SourceError] | None
) -> None:
    bench.services.scenario.accounts.answers["/avatar/"] = answer
    query = PictureQuery((MAIL, Identifier(IdentifierKind.USERNAME, "jane")))
    if kind is None:
        assert bench.pictures("gravatar", query) == []
        assert len(bench.services.requests) == 2
        return
    with pytest.raises(kind):
        bench.pictures("gravatar", query)


def test_vision_without_a_photo_is_no_answer_and_nothing_is_sent(bench: Bench) -> None:
    with pytest.raises(PhotoMissing):
        bench.pictures("google-vision", PictureQuery((MAIL,)))
    assert bench.services.requests == []


def test_vision_names_sixty_pictures_at_most_for_all_photos_together(bench: Bench) -> None:
    many = [{"url": f"https://a.example.org/{n}.jpg"} for n in range(100)]
    bench.services.scenario.vision = {"fullMatchingImages": many}
    found = bench.pictures("google-vision", PictureQuery(photos=(b"one", b"two")))
    assert len(found) == len({candidate.address for candidate in found}) == 60


@pytest.mark.parametrize("status", [401, 403])
def test_vision_that_is_not_allowed_for_a_code_is_told(bench: Bench, status: int) -> None:
    error = {"error": {"code": status, "status": "PERMISSION_DENIED"}}
    bench.services.scenario.broken["google-vision"] = Answer(status, json.dumps(error).encode())
    with pytest.raises(CodeRefused):
        bench.pictures("google-vision", PictureQuery(photos=(b"one",)))
