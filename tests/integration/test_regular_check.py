"""The regular check over a real vault, the program's own sources and the services on loopback, in a time of the test's own."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup import guarding, notices, regular
from privacyguard.checkup.changes import Quiet, Silent, Speak
from privacyguard.checkup.parts import Parts
from privacyguard.checkup.plan import NOT_FOR_CHILD, NOT_FOR_HELPED, CheckupPlan
from privacyguard.checkup.regular import Chosen, Guard, Ran, run_due
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.schedule import AFTER_BREAK, FIRST_RETRY, LOOK_AGAIN
from privacyguard.checkup.waking import LONGEST, wake
from privacyguard.errors import DiskFull, NoNetwork
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.guard import FINE, Conditions, Icon, NewsKind, Pace, Waits, WaitUntil
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.catalogue import sources
from privacyguard.vault.guard import GuardStore
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.own_time import OwnTime
from tests.support.servers import Answer
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services
from tests.support.vault_samples import template

MAIL = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
SHOP = Identifier(IdentifierKind.SERVICE, "gym.example.org")
LEAKS = ("catalogue", "hibp", "xposedornot", "leakcheck")
DOWN = Answer(503, b"", "text/plain")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
DAY_S = 86400.0


class Bench:
    """A vault on guard, the services, and what the computer is at."""

    def __init__(self, home: Path, services: Services) -> None:
        self.time = OwnTime()
        self.services = services
        self.vault = Vault.open(home, MemoryKeyStore(), clock=self.time.now)
        self.sources = sources(services.base_urls(), self.vault)
        self.conditions: Conditions = FINE
        self.chosen = Chosen(True, frozenset(LEAKS), "DE")
        self.guard = Guard(self.vault, self.parts, lambda: self.conditions, self.time.now, lambda: self.chosen, Lock())
        guarding.switch(self.vault, True, self.time.now())

    def parts(self) -> Parts:
        settings = NetSettings("PrivacyGuard/test", self.services.base_urls(), self.services.resolve())
        network = Network(self.vault.record, settings, clock=self.time.now)
        keys = {"hibp": HIBP_KEY, "google-vision": VISION_KEY}
        return Parts(self.vault, self.sources, network, AnalysisPool(workers=2), self.time.now, keys.get)

    def person(self, relation: Relation = Relation.ME) -> Person:
        person = self.vault.add_person(relation.value, relation, is_adult=relation is not Relation.MY_CHILD)
        self.vault.add_identifiers(person.person_id, (MAIL, SHOP))
        self.vault.save_template(person.person_id, template(1))
        if relation is Relation.ME:
            self.vault.save_statement(person.person_id, self.time.now())
        return self.vault.person(person.person_id)

    def ran(self) -> tuple[Checkup, ...]:
        done = run_due(self.guard, CancelToken())
        assert isinstance(done, Ran), done
        return done.checkups

    def waits(self) -> Waits:
        before = len(self.services.requests)
        done = run_due(self.guard, CancelToken())
        assert isinstance(done, WaitUntil), done
        assert len(self.services.requests) == before
        return done.reason

    def says(self) -> Speak | Silent:
        return notices.to_say(self.guard)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Services(Scenario(leaks={MAIL.value: ["ExampleShop"]})) as services:
        made = Bench(tmp_path / "home", services)
        yield made
        made.vault.close()


def outcomes(checkup: Checkup) -> dict[str, Outcome]:
    return {one.source_id: one for one in checkup.outcomes}


def with_status(checkup: Checkup, status: Status) -> set[str]:
    return {one.source_id for one in checkup.outcomes if one.status is status}


# --- what is asked ---


def test_a_due_check_asks_what_is_switched_on_and_the_next_one_comes_a_week_later(bench: Bench) -> None:
    bench.person()
    (checkup,) = bench.ran()
    assert with_status(checkup, Status.CHECKED) == set(LEAKS)
    assert checkup.new and bench.vault.last_checkup() == checkup
    assert bench.waits() is Waits.NOT_DUE
    bench.time.s += 7 * DAY_S - 60
    assert bench.waits() is Waits.NOT_DUE
    bench.time.s += 60
    (again,) = bench.ran()
    assert with_status(again, Status.CHECKED) == set(LEAKS) and again.new == ()


def test_before_the_person_said_where_we_may_look_nothing_is_asked_and_every_outcome_is_skipped(bench: Bench) -> None:
    bench.person()
    bench.chosen = Chosen(False, frozenset({"folders", *LEAKS}))
    (checkup,) = bench.ran()
    assert {one.status for one in checkup.outcomes} == {Status.SKIPPED}
    assert outcomes(checkup)["hibp"].problem == outcomes(checkup)["folders"].problem == regular.NOTHING_SAID
    assert bench.services.requests == [] and bench.vault.disclosures() == ()


def test_a_guard_that_is_off_runs_only_at_once(bench: Bench) -> None:
    bench.person()
    guarding.switch(bench.vault, False, bench.time.now())
    assert bench.waits() is Waits.SWITCHED_OFF
    done = run_due(bench.guard, CancelToken(), at_once=True)
    assert isinstance(done, Ran) and with_status(done.checkups[0], Status.CHECKED) == set(LEAKS)
    assert not bench.vault.guard.state().is_on


@pytest.mark.parametrize("at_once", [False, True])
def test_a_place_that_takes_a_yes_each_time_is_never_asked(bench: Bench, at_once: bool) -> None:
    """Although the face, the statement and the code are there, and the places are on."""
    yes_each_time = {one.info.id for one in bench.sources if one.info.sends_pictures or one.info.searches_faces}
    assert yes_each_time == {"google-vision", "serpapi-lens", "tineye", "facecheck"}
    bench.person()
    bench.chosen = replace(bench.chosen, on=frozenset({*LEAKS, *yes_each_time}))
    done = run_due(bench.guard, CancelToken(), at_once=at_once)
    assert isinstance(done, Ran)
    for source_id in yes_each_time:
        assert outcomes(done.checkups[0])[source_id] == Outcome(source_id, Status.SKIPPED, problem=regular.ONLY_BY_YOU)
        assert bench.services.requests_of(source_id) == []
    assert bench.vault.searches(done.checkups[0].person_id) == ()


@pytest.mark.parametrize(
    ("relation", "refusal"), [(Relation.MY_CHILD, NOT_FOR_CHILD), (Relation.SOMEONE_I_HELP, NOT_FOR_HELPED)]
)
def test_for_a_child_and_someone_helped_only_what_is_allowed_is_asked(
    bench: Bench, relation: Relation, refusal: str
) -> None:
    bench.chosen = replace(bench.chosen, on=frozenset({*LEAKS, "gravatar"}))
    bench.person(relation)
    (checkup,) = bench.ran()
    assert with_status(checkup, Status.CHECKED) == {"catalogue"}
    assert outcomes(checkup)["hibp"].problem == outcomes(checkup)["gravatar"].problem == refusal
    assert all(MAIL.value not in seen.path for seen in bench.services.requests)
    me = bench.person()
    bench.time.s += 7 * DAY_S
    first, second = bench.ran()
    assert with_status(first, Status.CHECKED) == {"catalogue"} and second.person_id == me.person_id
    assert "hibp" in with_status(second, Status.CHECKED)


def test_each_source_keeps_its_own_pace_and_its_last_outcome_stays_known(bench: Bench) -> None:
    bench.person()
    guarding.set_pace(bench.vault, Pace.DAILY)
    bench.chosen = replace(bench.chosen, on=frozenset({*LEAKS, "gravatar"}))
    (first,) = bench.ran()
    assert "gravatar" in with_status(first, Status.CHECKED)
    asked = len(bench.services.requests_of("gravatar"))
    assert asked
    for _ in range(5):
        bench.time.s += DAY_S
        (next_one,) = bench.ran()
        assert outcomes(next_one)["gravatar"] == replace(outcomes(first)["gravatar"], asked_at=first.finished_at)
        assert outcomes(next_one)["hibp"].asked_at is None and bench.vault.last_checkup() == next_one
        assert len(bench.services.requests_of("gravatar")) == asked
    bench.time.s += 2 * DAY_S
    bench.ran()
    assert len(bench.services.requests_of("gravatar")) > asked


# --- failing, catching up, being broken off ---


def test_a_source_that_was_down_is_caught_up_and_the_others_are_not_asked_again(bench: Bench) -> None:
    bench.person()
    bench.services.scenario.broken["xposedornot"] = DOWN
    (checkup,) = bench.ran()
    assert with_status(checkup, Status.FAILED) == {"xposedornot"}
    assert bench.waits() is Waits.NOT_DUE
    del bench.services.scenario.broken["xposedornot"]
    bench.time.s += FIRST_RETRY.total_seconds() + 60
    before = len(bench.services.requests)
    (caught_up,) = bench.ran()
    assert bench.services.requests[before:] == bench.services.requests_of("xposedornot")[-1:]
    assert with_status(caught_up, Status.CHECKED) == set(LEAKS)
    assert outcomes(caught_up)["hibp"] == replace(outcomes(checkup)["hibp"], asked_at=checkup.finished_at)
    assert guarding.view(bench.guard).next_at == checkup.started_at + WEEK


def test_what_failed_without_a_network_is_no_failure_of_the_source(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = bench.person()

    def gone(*arguments: object, **more: object) -> object:
        bench.conditions = Conditions(online=False)
        raise NoNetwork("the network went away")

    with monkeypatch.context() as patched:
        for name in ("get", "post"):
            patched.setattr(f"privacyguard.net.gateway.Gateway.{name}", gone)
        (checkup,) = bench.ran()
    assert "xposedornot" in with_status(checkup, Status.FAILED)
    assert bench.vault.guard.sources(me.person_id).get("xposedornot") is None
    bench.time.s += LOOK_AGAIN.total_seconds() + 60
    assert bench.waits() is Waits.OFFLINE
    bench.conditions = FINE
    (again,) = bench.ran()
    assert with_status(again, Status.CHECKED) == set(LEAKS)


def test_a_check_that_the_person_stops_is_gone_on_with_later(bench: Bench) -> None:
    bench.person()
    cancel = CancelToken()
    cancel.cancel()
    done = run_due(bench.guard, cancel)
    assert isinstance(done, Ran) and done.checkups[0].cancelled
    assert outcomes(done.checkups[0])["hibp"].problem == regular.TO_BE_GONE_ON_WITH
    assert bench.waits() is Waits.NOT_DUE
    bench.time.s += FIRST_RETRY.total_seconds() + 60
    (checkup,) = bench.ran()
    assert with_status(checkup, Status.CHECKED) == set(LEAKS)


def break_off(bench: Bench, monkeypatch: pytest.MonkeyPatch, kept_by: type, name: str) -> None:
    """A person's check that ends as there is no room on the disk for this."""
    bench.person()

    def no_room(*arguments: object) -> None:
        raise DiskFull("no room")

    with monkeypatch.context() as patched, pytest.raises(DiskFull):
        patched.setattr(kept_by, name, no_room)
        run_due(bench.guard, CancelToken())


def test_a_check_that_was_broken_off_waits_an_hour_and_what_it_had_found_is_still_news(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(bench, monkeypatch, Vault, "save_checkup")
    found = bench.vault.findings()
    assert found and bench.vault.guard.news() == ()
    assert bench.waits() is Waits.BROKEN_OFF
    bench.time.s += AFTER_BREAK.total_seconds()
    (checkup,) = bench.ran()
    assert checkup.new == ()
    says = bench.says()
    assert isinstance(says, Speak) and {one.about for one in says.news} <= {one.key for one in found}


def test_a_check_that_was_broken_off_after_its_last_question_asks_nothing_again_and_tells_what_it_found(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(bench, monkeypatch, GuardStore, "note")
    assert bench.vault.last_checkup() is not None and bench.vault.guard.news() == ()
    bench.time.s += AFTER_BREAK.total_seconds()
    asked = len(bench.services.requests)
    assert bench.ran() == ()
    assert len(bench.services.requests) == asked
    assert isinstance(bench.says(), Speak)
    assert bench.waits() is Waits.NOT_DUE


def test_two_checks_never_run_side_by_side(bench: Bench) -> None:
    bench.person()
    running, go_on = threading.Event(), threading.Event()

    def told(progress: Progress) -> None:
        if progress.state is SourceState.RUNNING:
            running.set()
            assert go_on.wait(20)

    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(run_due(bench.guard, CancelToken(), told)))
    thread.start()
    assert running.wait(20)
    for at_once in (False, True):
        beside = run_due(bench.guard, CancelToken(), at_once=at_once)
        assert isinstance(beside, WaitUntil) and beside.reason is Waits.CHECKING
    assert guarding.view(bench.guard).icon is Icon.LOOKING
    go_on.set()
    thread.join()
    assert isinstance(done[0], Ran)
    assert guarding.view(bench.guard).icon is Icon.NEW


def test_on_battery_pictures_are_opened_by_one_worker(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.person()
    workers: list[int] = []

    def noted(plan: CheckupPlan, parts: Parts, *others: object) -> Checkup:
        workers.append(parts.pool.workers)
        return Checkup(bench.time.now(), bench.time.now(), (), plan.person_id)

    monkeypatch.setattr("privacyguard.checkup.run.run_checkup", noted)
    for on_battery in (True, False):
        bench.conditions = Conditions(on_battery=on_battery)
        assert isinstance(run_due(bench.guard, CancelToken(), at_once=True), Ran)
    assert workers == [1, 2]


# --- the person's own checkups ---


def test_the_persons_own_checkup_counts_and_is_no_news(bench: Bench) -> None:
    me = bench.person()
    plan = CheckupPlan(me.person_id, frozenset(LEAKS))
    own = run_checkup(plan, bench.parts(), lambda told: None, CancelToken())
    assert own.new
    bench.time.s += 60
    assert bench.waits() is Waits.NOT_DUE
    shown = guarding.view(bench.guard)
    assert (shown.next_at, shown.last_at) == (own.started_at + WEEK, own.finished_at)
    assert bench.says() == Silent(Quiet.NOTHING_NEW)


def test_a_checkup_of_one_place_counts_for_that_place_only(bench: Bench) -> None:
    me = bench.person()
    bench.ran()
    bench.time.s += 6 * DAY_S
    run_checkup(CheckupPlan(me.person_id, frozenset({"hibp"})), bench.parts(), lambda told: None, CancelToken())
    asked = len(bench.services.requests_of("xposedornot"))
    bench.time.s += DAY_S
    (checkup,) = bench.ran()
    assert with_status(checkup, Status.CHECKED) == set(LEAKS)
    assert len(bench.services.requests_of("xposedornot")) > asked
    records = bench.vault.guard.sources(me.person_id)
    assert records["hibp"].tried_at < records["xposedornot"].tried_at


# --- notices ---


def test_news_are_told_once_in_words_that_hold_nothing_personal_and_shown_until_they_are_seen(bench: Bench) -> None:
    bench.person()
    bench.ran()
    bench.conditions = Conditions(presenting=True)
    assert bench.says() == Silent(Quiet.PRESENTING, bench.time.now() + timedelta(minutes=15))
    bench.conditions = FINE
    says = bench.says()
    assert isinstance(says, Speak) and {one.kind for one in says.news} == {NewsKind.NEW}
    assert bench.says() == says  # not told yet: the notice may have failed
    notices.want(bench.vault, False)
    assert bench.says() == Silent(Quiet.NOT_WANTED)
    notices.want(bench.vault, True)
    assert bench.says() == says
    notices.told(bench.guard, says)
    assert bench.says() == Silent(Quiet.NOTHING_NEW)
    assert guarding.view(bench.guard).icon is Icon.NEW
    bench.vault.guard.seen({one.about for one in says.news}, bench.time.now())
    assert guarding.view(bench.guard).icon is Icon.RESTING
    bench.time.s += 30 * DAY_S
    bench.ran()
    assert bench.says() == Silent(Quiet.NOTHING_NEW)


def test_reminders_and_letters_come_through_the_same_door_one_notice_a_day(bench: Bench) -> None:
    me = bench.person()
    bench.ran()
    says = bench.says()
    assert isinstance(says, Speak)
    notices.told(bench.guard, says)
    today = notices.system_local(bench.time.now()).date()
    key = says.news[0].about
    bench.vault.mark(key, Mark(MarkKind.LATER, today + 3 * DAY))
    bench.vault.save_letter(SentLetter("1" * 16, me.person_id, "Gym", "delete", today, today))
    bench.time.s += DAY_S
    letter = bench.says()
    assert isinstance(letter, Speak) and [one.kind for one in letter.news] == [NewsKind.LETTER]
    notices.told(bench.guard, letter)
    bench.time.s += 2 * DAY_S
    reminder = bench.says()
    assert isinstance(reminder, Speak) and [one.kind for one in reminder.news] == [NewsKind.REMINDER]
    assert reminder.opens == key
    notices.told(bench.guard, reminder)
    bench.time.s += DAY_S
    assert bench.says() == Silent(Quiet.NOTHING_NEW)


def test_a_place_that_is_down_for_long_is_told_of_once_and_shown_until_it_answers(bench: Bench) -> None:
    bench.person()
    bench.ran()
    bench.vault.guard.seen(None, bench.time.now())
    bench.services.scenario.broken["xposedornot"] = DOWN
    told: list[tuple[float, Speak]] = []
    bench.time.s += 7 * DAY_S
    began_s = bench.time.s
    while bench.time.s < began_s + 30 * DAY_S:
        woken = wake(bench.guard, CancelToken())
        if isinstance(woken.says, Speak):
            told.append((bench.time.s - began_s, woken.says))
            notices.told(bench.guard, woken.says)
        bench.time.s += 6 * 3600
    ((after_s, says),) = told
    assert [(one.kind, one.about) for one in says.news] == [(NewsKind.COULD_NOT_CHECK, "xposedornot")]
    assert 7 * DAY_S <= after_s <= 8.5 * DAY_S
    bench.vault.guard.seen(None, bench.time.now())
    shown = guarding.view(bench.guard)
    assert shown.has_trouble and shown.icon is Icon.COULD_NOT_CHECK
    del bench.services.scenario.broken["xposedornot"]
    bench.time.s += 8 * DAY_S
    bench.ran()
    assert not guarding.view(bench.guard).has_trouble


def test_the_one_timer_wakes_for_the_next_thing_and_never_sleeps_for_long(bench: Bench) -> None:
    bench.person()
    woken = wake(bench.guard, CancelToken())
    assert woken.ran is not None and isinstance(woken.says, Speak) and woken.next_in == LONGEST
    bench.time.s += 7 * DAY_S - 600
    assert wake(bench.guard, CancelToken()).next_in == timedelta(seconds=600)
    bench.time.s += 600
    bench.conditions = Conditions(metered=True)
    woken = wake(bench.guard, CancelToken())
    assert (woken.waits, woken.next_in) == (Waits.METERED, LOOK_AGAIN)
    guarding.switch(bench.vault, False, bench.time.now())
    woken = wake(bench.guard, CancelToken())
    assert (woken.waits, woken.next_in, woken.says) == (Waits.SWITCHED_OFF, None, Silent(Quiet.SWITCHED_OFF))


def test_a_clock_that_was_wrong_for_years_does_not_end_the_checks(bench: Bench) -> None:
    bench.person()
    bench.time.s = 1500 * DAY_S
    bench.ran()
    bench.time.s = 60.0
    assert bench.waits() is Waits.CLOCK_SET_BACK
    assert guarding.view(bench.guard).icon is not Icon.RESTING
    bench.time.s += DAY_S
    assert bench.waits() is Waits.NOT_DUE
    bench.time.s += 7 * DAY_S
    (checkup,) = bench.ran()
    assert checkup.started_at < datetime(2026, 4, 1, tzinfo=UTC)
    assert with_status(checkup, Status.CHECKED) == set(LEAKS)
