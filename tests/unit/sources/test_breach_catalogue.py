"""The public list of leaks: kept, refreshed when there is news, and never silent when it is too old to say anything."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from privacyguard.errors import Cancelled, ServiceDown, SourceError, UnexpectedReply
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.breaches.catalogue import CACHE_NAME, FRESH_FOR, USABLE_FOR, BreachCatalogue
from tests.support.fakes.leaks import leak
from tests.support.servers import Answer
from tests.support.services import Services

GYM = Identifier(IdentifierKind.SERVICE, "gym.example.org")
DOWN = Answer(500, b"{}")
LIST, NEWEST = "/api/v3/breaches", "/api/v3/latestbreach"


class Days:
    """A catalogue on a clock and a cache of the test's own."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.now = datetime(2026, 6, 1, tzinfo=UTC)
        self.kept: dict[str, tuple[bytes, datetime]] = {}
        self.catalogue = self.started_again()
        settings = NetSettings("PrivacyGuard/test", services.base_urls())
        self.network = Network(lambda _: None, settings, chance=lambda: 0.0)
        self.gateway = self.network.bind(BreachCatalogue.info, CancelToken())

    def next_run(self) -> None:
        self.gateway = self.network.bind(BreachCatalogue.info, CancelToken())

    def started_again(self) -> BreachCatalogue:
        return BreachCatalogue(self, self.services.base_urls()["catalogue"], lambda: self.now)

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        return self.kept.get(name)

    def save(self, name: str, content: bytes) -> None:
        self.kept[name] = content, self.now

    def look(self, identifier: Identifier = GYM) -> list[str]:
        return [breach.name for breach in self.catalogue.check(identifier, self.gateway)]

    def asked(self) -> list[str]:
        """What was asked since the last time."""
        paths = [seen.path for seen in self.services.requests]
        self.services.requests.clear()
        return paths


@pytest.fixture
def days() -> Iterator[Days]:
    with Services() as services:
        yield Days(services)


def test_list_is_downloaded_once_and_serves_every_service_also_after_a_restart(days: Days) -> None:
    assert days.look() == ["ExampleGym"]
    assert days.look(Identifier(IdentifierKind.ORGANISATION, "Example Club")) == ["ExampleClub"]
    days.catalogue = days.started_again()
    assert days.look() == ["ExampleGym"]
    assert days.asked() == [LIST]


def test_after_a_day_only_the_newest_entry_is_asked_for_while_there_is_no_news(days: Days) -> None:
    days.look()
    days.asked()
    days.now += FRESH_FOR
    assert days.look() == days.look() == ["ExampleGym"]
    assert days.asked() == [NEWEST]
    days.now += FRESH_FOR - timedelta(minutes=1)  # known to be current since then
    days.catalogue = days.started_again()
    days.look()
    assert days.asked() == []


def test_news_bring_the_list_anew(days: Days) -> None:
    assert days.look(Identifier(IdentifierKind.SERVICE, "new.example")) == []
    days.services.scenario.catalogue.append(leak("Example New", "new.example", ["Photos"], "2026-06-02"))
    days.now += FRESH_FOR
    days.asked()
    assert days.look(Identifier(IdentifierKind.SERVICE, "new.example")) == ["ExampleNew"]
    assert days.asked() == [NEWEST, LIST]


def test_without_news_to_be_had_an_older_list_serves_and_is_not_asked_for_again_for_each_service(days: Days) -> None:
    days.look()
    days.asked()
    days.services.scenario.broken["catalogue"] = DOWN
    days.now += USABLE_FOR - timedelta(minutes=1)
    assert [days.look() for _ in range(5)] == [["ExampleGym"]] * 5
    assert days.asked() == [NEWEST]


def test_a_list_that_is_too_old_is_a_failure_and_never_an_empty_answer(days: Days) -> None:
    days.look()
    days.services.scenario.broken["catalogue"] = DOWN
    days.now += USABLE_FOR
    for _ in range(2):
        with pytest.raises(ServiceDown):
            days.look(Identifier(IdentifierKind.SERVICE, "nowhere.example"))
    days.services.scenario.broken.clear()
    days.next_run()
    assert days.look() == ["ExampleGym"]


def test_a_list_that_cannot_be_had_is_asked_for_once_in_a_run(days: Days) -> None:
    days.services.scenario.broken["catalogue"] = DOWN
    for _ in range(3):
        with pytest.raises(ServiceDown):
            days.look()
    assert days.asked() == [LIST]
    days.next_run()
    with pytest.raises(ServiceDown):
        days.look()
    assert days.asked() == [LIST]


def test_no_list_and_no_service_is_a_failure(days: Days) -> None:
    days.services.scenario.broken["catalogue"] = DOWN
    with pytest.raises(ServiceDown):
        days.look()
    assert days.kept == {}


def test_a_clock_that_was_set_back_does_not_keep_an_old_list_for_ever(days: Days) -> None:
    days.look()
    days.asked()
    days.now -= timedelta(days=400)
    days.look()
    assert days.asked() == [NEWEST]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'[{"Name": 7}]', b"\xff"])
def test_a_kept_list_that_cannot_be_read_is_downloaded_anew(days: Days, content: bytes) -> None:
    days.save(CACHE_NAME, content)
    assert days.look() == ["ExampleGym"]
    assert days.asked() == [LIST]


@pytest.mark.parametrize("body", [b"[]", b"{}", b"null", b"[[]]", b'[{"Name":"A"}]'])
def test_a_list_of_another_form_is_refused_and_not_kept(days: Days, body: bytes) -> None:
    days.services.scenario.broken["catalogue"] = Answer(200, body)
    with pytest.raises(UnexpectedReply):
        days.look()
    assert days.kept == {}


@pytest.mark.parametrize("answer", [Answer(200, b"<html>", "text/html"), Answer(200, b"[]"), Answer(404, b"{}")])
def test_strange_news_leave_the_kept_list_as_it_was(days: Days, answer: Answer) -> None:
    days.look()
    kept = days.kept[CACHE_NAME]
    days.services.scenario.broken["catalogue"] = answer
    days.now += FRESH_FOR
    assert days.look() == ["ExampleGym"]
    assert days.kept[CACHE_NAME] == kept
    days.now += USABLE_FOR
    with pytest.raises(SourceError):
        days.look()


GYM_CHAIN = Identifier(IdentifierKind.ORGANISATION, "Total Fitness Health Clubs, Wigan")


def test_our_own_list_of_leaks_of_pictures_is_compared_too(days: Days) -> None:
    for kind, named in (
        (IdentifierKind.ORGANISATION, "Total Fitness"),
        (IdentifierKind.ORGANISATION, "total fitness Wigan"),
        (IdentifierKind.SERVICE, "https://www.totalfitness.co.uk/join"),
        (GYM_CHAIN.kind, GYM_CHAIN.value),
    ):
        (found,) = days.catalogue.check(Identifier(kind, named), days.gateway)
        assert found.title == "Total Fitness"
        assert found.knows_no_addresses
    assert days.look(Identifier(IdentifierKind.SERVICE, "totalfitness.example")) == []
    assert days.look(Identifier(IdentifierKind.SERVICE, "total fitness Wigan")) == []


def test_our_own_list_speaks_first_and_then_the_missing_list_is_a_failure(days: Days) -> None:
    days.services.scenario.broken["catalogue"] = DOWN
    found = []
    with pytest.raises(ServiceDown):
        for breach in days.catalogue.check(GYM_CHAIN, days.gateway):
            found.append(breach.title)
    assert found == ["Total Fitness"]


def test_a_leak_is_known_by_the_services_name_for_it(days: Days) -> None:
    breach = days.catalogue.named("examplegym", days.gateway)
    assert breach is not None
    assert breach.title == "Example Gym"
    assert days.catalogue.named("ExampleInvented", days.gateway) is None
    assert days.catalogue.named("NeverHeardOf", days.gateway) is None
    assert days.asked() == [LIST]


def test_two_that_use_the_list_at_the_same_time_download_it_once(days: Days) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: days.look(), range(8)))
    assert found == [["ExampleGym"]] * 8
    assert days.asked() == [LIST]


def test_whoever_waits_for_the_list_of_another_can_be_stopped(days: Days) -> None:
    cancel = CancelToken()
    waiting = days.network.bind(BreachCatalogue.info, cancel)
    with days.catalogue._lock, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(days.catalogue.named, "ExampleGym", waiting)
        cancel.cancel()
        with pytest.raises(Cancelled):
            asked.result(2)


@pytest.mark.parametrize(("name", "is_there"), [("Invented", False), ("Withdrawn", False), ("Dating", True)])
def test_fabricated_and_withdrawn_leaks_are_left_out_and_private_ones_are_not(
    days: Days, name: str, is_there: bool
) -> None:
    found = days.look(Identifier(IdentifierKind.SERVICE, f"{name.lower()}.example"))
    assert found == ([f"Example{name}"] if is_there else [])
    assert name in json.dumps(days.services.scenario.catalogue)
