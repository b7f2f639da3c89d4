"""Have I Been Pwned: what the plan includes decides what is sent; codes, plans that ended, public texts, test accounts."""

import gc
import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from privacyguard.errors import CodeMissing, CodeRefused, ServiceDown, SourceError, UnexpectedReply
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, Limit
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.sources.breaches.catalogue import BreachCatalogue
from privacyguard.sources.breaches.hibp import HaveIBeenPwned
from privacyguard.sources.breaches.hibp_model import PlanTooSmall
from privacyguard.sources.breaches.hibp_plan import CACHE_NAME, PlanEnded
from tests.support.fakes.leaks import TEST_ACCOUNTS, TEST_DOMAIN, TEST_PASTES, paste, shown
from tests.support.servers import Answer
from tests.support.services import HIBP_KEY, HIBP_TEST_KEY, PRO_PLAN, Scenario, Services

MAIL = "jane.o'hara+gym@mail.example.org"
NOBODY = "nobody@mail.example.org"
STATUS = "/subscription/status"


class Bench:
    """The source on a clock and a cache of the test's own."""

    def __init__(self, services: Services) -> None:
        self.services, self.scenario = services, services.scenario
        self.now = datetime(2026, 6, 1, tzinfo=UTC)
        self.kept: dict[str, tuple[bytes, datetime]] = {}
        self.recorded: list[Disclosure] = []
        base = services.base_urls()["hibp"]
        self.source = HaveIBeenPwned(self, BreachCatalogue(self, base, lambda: self.now), base, lambda: self.now)
        self.settings = NetSettings("PrivacyGuard/test", services.base_urls())

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        return self.kept.get(name)

    def save(self, name: str, content: bytes) -> None:
        self.kept[name] = content, self.now

    def gateway(self, key: str | None = HIBP_KEY) -> Gateway:
        # Each run has a network of its own here: its pace is not what is tested.
        return Network(self.recorded.append, self.settings).bind(self.source.info, CancelToken(), key)

    def find(self, address: str = MAIL, key: str | None = HIBP_KEY, gateway: Gateway | None = None) -> list[Breach]:
        identifier = Identifier(IdentifierKind.EMAIL, address)
        return list(self.source.check(identifier, gateway or self.gateway(key)))

    def asked(self) -> list[str]:
        """What was asked since the last time, without the base."""
        paths = [seen.path.removeprefix("/api/v3") for seen in self.services.requests]
        self.services.requests.clear()
        return paths


@pytest.fixture
def bench() -> Iterator[Bench]:
    scenario = Scenario(
        leaks={MAIL: ["ExampleGym", "ExampleShop"]}, pastes={MAIL: [paste("Pastebin", "abc", "A list")]}
    )
    with Services(scenario) as services:
        yield Bench(services)


@pytest.fixture
def pro(bench: Bench) -> Bench:
    bench.scenario.plan = dict(PRO_PLAN)
    return bench


def code_of(address: str) -> str:
    return hashlib.sha1(address.encode()).hexdigest().upper()


# --- the smallest plan --------------------------------------------------------------------------------------------


def test_the_small_plan_asks_for_leaks_and_public_texts_by_the_full_address(bench: Bench) -> None:
    assert [breach.name for breach in bench.find()] == ["ExampleGym", "ExampleShop", "paste-Pastebin-abc"]
    account = "jane.o%27hara%2Bgym%40mail.example.org"
    assert bench.asked() == [
        STATUS,
        f"/breachedaccount/{account}?truncateResponse=false&includeUnverified=true",
        f"/pasteaccount/{account}",
    ]
    assert bench.find(NOBODY) == []
    assert len(bench.asked()) == bench.source.info.requests_each == 2


def test_a_public_text_says_where_it_is(bench: Bench) -> None:
    bench.scenario.leaks.clear()
    bench.scenario.pastes[MAIL].append(paste("AdHocUrl", "http://x.example/<b>1", None, None))
    bench.scenario.pastes[MAIL].append(paste("PermanentOptOut", "1"))
    first, second = bench.find()
    assert (first.title, first.occurred_on, first.paste) == ("Pastebin abc (A list)", date(2014, 3, 4), True)
    assert first.data_classes == ("Email addresses",)
    assert not first.verified
    assert second.occurred_on is None
    assert "<" not in second.title


@pytest.mark.parametrize("field", ["Source", "Id", "Title", "Date"])
@pytest.mark.parametrize(
    "value", [None, 7, "", [], {}, "x" * 10**6, "<b>\x1b[2J\u202e\x00", [None]], ids=lambda v: repr(v)[:9]
)
def test_a_hostile_field_of_a_public_text(bench: Bench, field: str, value: Any) -> None:
    bench.scenario.leaks.clear()
    bench.scenario.pastes[MAIL] = [paste("Pastebin", "abc", "A list") | {field: value}]
    try:
        (found,) = bench.find()
    except UnexpectedReply:
        return
    for text in (found.name, found.title):
        assert text.isprintable()
        assert len(text) <= 300
        assert "<" not in text


def test_leaks_that_were_found_stay_where_the_public_texts_cannot_be_had(bench: Bench) -> None:
    found = []
    bench.scenario.pastes[MAIL] = [{"Source": 7}]
    with pytest.raises(UnexpectedReply):
        for breach in bench.source.check(Identifier(IdentifierKind.EMAIL, MAIL), bench.gateway()):
            found.append(breach.name)
    assert found == ["ExampleGym", "ExampleShop"]


# --- a plan with the prefix search --------------------------------------------------------------------------------


def test_the_big_plan_sends_six_signs_and_never_the_address(pro: Bench) -> None:
    gym, shop = pro.find()
    assert (gym.name, gym.title, gym.has_pictures, gym.has_passwords) == ("ExampleGym", "Example Gym", True, True)
    assert shop.name == "ExampleShop"
    # Public texts have no prefix search, so they are not asked for.
    assert pro.asked() == [STATUS, f"/breachedaccount/range/{code_of(MAIL)[:6]}", "/breaches"]
    for seen in pro.services.requests_of("hibp"):
        assert "jane" not in f"{seen.path}{seen.headers}"
        assert code_of(MAIL)[6:] not in seen.path.upper()
    assert [each.what for each in pro.recorded][1] == (
        "6 of the 40 signs of a fingerprint of your e-mail address, and your code"
    )


def test_nobody_is_in_no_leak_and_the_list_is_not_even_downloaded(pro: Bench) -> None:
    assert pro.find(NOBODY) == []
    assert pro.asked() == [STATUS, f"/breachedaccount/range/{code_of(NOBODY)[:6]}"]


def test_another_address_with_the_same_beginning_is_somebody_else(pro: Bench) -> None:
    """46E717 is the documented beginning of a test account."""
    account = f"not-active-and-active-breach@{TEST_DOMAIN}"
    assert code_of(account).startswith("46E717")
    assert [breach.name for breach in pro.find(account)] == ["Adobe"]
    (path,) = [path for path in pro.asked() if "range" in path]
    reply = json.loads(pro.services.answered("hibp", pro.services.requests_of("hibp")[1]).body)
    assert len(reply) == 201
    assert path == "/breachedaccount/range/46E717"


def test_endings_of_other_people_are_dropped_at_once(pro: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    finding = pro.source.check(Identifier(IdentifierKind.EMAIL, MAIL), pro.gateway())
    first = next(finding)
    (seen,) = [seen for seen in pro.services.requests if "range" in seen.path]
    others = {each["hashSuffix"] for each in json.loads(pro.services.answered("hibp", seen).body)} - {code_of(MAIL)[6:]}
    assert len(others) == 200
    gc.collect()
    left = [each for each in gc.get_objects() if isinstance(each, dict) and each.get("hashSuffix") in others]
    assert left == []
    kept = b"".join(content for content, _ in pro.kept.values()).decode()
    assert not any(ending in f"{kept}{caplog.text}{pro.recorded}{first}" for ending in others)


@pytest.mark.parametrize("field", ["hashSuffix", "websites"])
@pytest.mark.parametrize(
    "value", [None, 7, "", "AB", "x" * 10**6, "G" * 34, [], [""], [7], {}, "\u202e" * 34], ids=lambda v: repr(v)[:9]
)
def test_an_ending_of_another_form_is_a_failure_that_repeats_nothing(pro: Bench, field: str, value: Any) -> None:
    own = {"hashSuffix": code_of(MAIL)[6:], "websites": ["ExampleGym"]}
    other = {"hashSuffix": "A" * 34, "websites": ["ExampleShop"]}
    pro.scenario.broken["hibp-search"] = Answer(200, json.dumps([other, own | {field: value}]).encode())
    with pytest.raises(UnexpectedReply) as told:
        pro.find()
    assert "AAAA" not in str(told.value)
    assert code_of(MAIL)[6:] not in str(told.value)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, b"", "text/plain"),
        Answer(404, b"", ""),
        Answer(404, b"Not found", "text/plain"),
        Answer(404, b"<html>There are no hashes beginning with that prefix", "text/html"),
        Answer(404, b'{"statusCode": 404}'),
        Answer(400, b"Invalid hex prefix", "text/plain"),
        Answer(200, b"[]"),
    ],
)
def test_only_the_documented_404_of_the_prefix_search_is_none(pro: Bench, answer: Answer) -> None:
    pro.scenario.broken["hibp-search"] = answer
    with pytest.raises(SourceError):
        pro.find()


def test_a_leak_that_the_list_does_not_know_yet_has_its_name(pro: Bench) -> None:
    pro.find()
    pro.scenario.broken["hibp-search"] = Answer(
        200,
        json.dumps([{"hashSuffix": code_of(MAIL)[6:], "websites": ["BrandNew", "ExampleInvented", "Adobe"]}]).encode(),
    )
    new, adobe = pro.find()
    assert (new.name, new.title, new.data_classes) == ("BrandNew", "BrandNew", ())
    assert adobe.has_passwords


def test_leaks_have_their_names_and_the_check_failed_where_the_list_cannot_be_had(pro: Bench) -> None:
    pro.scenario.broken["catalogue"] = Answer(500, b"{}")
    found = []
    with pytest.raises(ServiceDown):
        for breach in pro.source.check(Identifier(IdentifierKind.EMAIL, MAIL), pro.gateway()):
            found.append(breach.name)
    assert found == ["ExampleGym", "ExampleShop"]


# --- what the plan is ---------------------------------------------------------------------------------------------


def test_the_plan_is_asked_for_once_a_day_also_after_a_restart(bench: Bench) -> None:
    bench.find()
    bench.find(NOBODY)
    assert bench.asked().count(STATUS) == 1
    bench.now += timedelta(hours=23)
    bench.source = HaveIBeenPwned(bench, BreachCatalogue(bench), bench.source.base_url, lambda: bench.now)
    bench.find(NOBODY)
    assert bench.asked().count(STATUS) == 0
    bench.now += timedelta(hours=1)
    bench.find(NOBODY)
    assert bench.asked().count(STATUS) == 1
    bench.now -= timedelta(days=3)  # the clock was set back
    bench.find(NOBODY)
    assert bench.asked().count(STATUS) == 1


def test_the_plan_is_asked_for_anew_with_another_code_and_no_code_is_kept(bench: Bench) -> None:
    bench.find()
    with pytest.raises(CodeRefused):
        bench.find(NOBODY, "f" * 32)
    assert bench.asked().count(STATUS) == 2
    bench.find(NOBODY)
    kept = b"".join(content for content, _ in bench.kept.values())
    assert bench.kept[CACHE_NAME][0] != b"{}"
    for form in (HIBP_KEY, HIBP_KEY.upper(), hashlib.sha256(HIBP_KEY.encode()).hexdigest()):
        assert form.encode() not in kept


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"of": 7}'])
def test_a_kept_plan_of_another_form_is_asked_for_anew(bench: Bench, content: bytes) -> None:
    bench.save(CACHE_NAME, content)
    bench.find()
    assert bench.asked()[0] == STATUS


def test_how_often_it_may_be_asked_is_what_the_plan_says(pro: Bench) -> None:
    gateway = pro.gateway()
    assert gateway.limits == (Limit(10, 60.0),)
    pro.find(NOBODY, gateway=gateway)
    assert gateway.limits == (Limit(1000, 60.0),)


def test_a_smaller_plan_since_is_told_and_asked_for_next_time(pro: Bench) -> None:
    pro.find(NOBODY)
    pro.scenario.plan |= {"IncludesKAnon": False}
    with pytest.raises(PlanTooSmall):
        pro.find(NOBODY)
    pro.asked()
    assert pro.find(NOBODY) == []
    assert pro.asked()[0] == STATUS


def test_a_plan_that_ended_is_told_and_the_address_is_not_sent(bench: Bench) -> None:
    bench.scenario.is_subscribed = False
    with pytest.raises(PlanEnded):
        bench.find()
    assert bench.asked() == [STATUS]


@pytest.mark.parametrize(
    "plan",
    [
        {"Rpm": None},
        {"Rpm": 0},
        {"Rpm": -1},
        {"Rpm": 10.5},
        {"Rpm": True},
        {"Rpm": "10"},
        {"Rpm": 10**9},
        {"IncludesKAnon": "yes"},
        {"IncludesKAnon": 1},
        {"SubscriptionName": ""},
        {"SubscriptionName": None},
        {"SubscribedUntil": "soon"},
    ],
    ids=str,
)
def test_a_plan_of_another_form_is_a_failure_and_the_address_is_not_sent(bench: Bench, plan: dict[str, Any]) -> None:
    told = {**bench.scenario.plan, "SubscribedUntil": None, **plan}
    bench.scenario.broken["hibp"] = Answer(200, json.dumps(told).encode())
    with pytest.raises(UnexpectedReply):
        bench.find()
    assert bench.asked() == [STATUS]


def test_no_code_is_told_before_anything_is_sent(bench: Bench) -> None:
    with pytest.raises(CodeMissing):
        bench.find(key=None)
    assert bench.asked() == []


# --- the test of a code and the official test accounts ------------------------------------------------------------


def test_a_code_is_tested_in_words(bench: Bench) -> None:
    small = bench.source.test_key(bench.gateway())
    assert small == "Plan: Core 1. You can ask 10 times a minute. We send your full address."
    bench.scenario.plan = dict(PRO_PLAN)
    big = bench.source.test_key(bench.gateway())
    assert big.startswith("Plan: Pro 1. You can ask 1000 times a minute. We send only a part of a fingerprint")
    assert bench.asked() == [STATUS, STATUS]
    bench.find(NOBODY)  # the plan that the test learned of is used
    assert bench.asked() == [f"/breachedaccount/range/{code_of(NOBODY)[:6]}"]


def test_a_wrong_code_and_a_plan_that_ended_are_two_things(bench: Bench) -> None:
    for key in (HIBP_TEST_KEY, "short", "f" * 32):
        with pytest.raises(CodeRefused) as told:
            bench.source.test_key(bench.gateway(key))
        assert type(told.value) is CodeRefused
    bench.scenario.is_subscribed = False
    with pytest.raises(PlanEnded) as ended:
        bench.source.test_key(bench.gateway())
    assert ended.value.title != CodeRefused.title
    assert ended.value.remedy != CodeRefused.remedy


@pytest.mark.parametrize("account", TEST_ACCOUNTS)
def test_every_official_test_account_with_the_official_test_code(bench: Bench, account: str) -> None:
    found = [breach.name for breach in bench.find(f"{account}@{TEST_DOMAIN}", HIBP_TEST_KEY)]
    pastes = [f"paste-{each['Source']}-{each['Id']}" for each in TEST_PASTES.get(account, [])]
    assert found == [each["Name"] for each in shown(TEST_ACCOUNTS[account])] + pastes


@pytest.mark.parametrize("account", TEST_ACCOUNTS)
def test_every_official_test_account_by_prefix(pro: Bench, account: str) -> None:
    found = {breach.name for breach in pro.find(f"{account}@{TEST_DOMAIN}")}
    assert found == {each["Name"] for each in shown(TEST_ACCOUNTS[account])}
    assert not any(account in path for path in pro.asked())


def test_the_official_test_code_is_good_for_test_accounts_alone(bench: Bench) -> None:
    with pytest.raises(CodeRefused):
        bench.find(MAIL, HIBP_TEST_KEY)
    with pytest.raises(CodeRefused):
        bench.find(f"jane@x{TEST_DOMAIN}", HIBP_TEST_KEY)
    assert bench.asked() == [STATUS, STATUS]
