"""When the regular check runs: told by what is kept, what the computer is at, and the time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from privacyguard.checkup import schedule
from privacyguard.checkup.schedule import (
    AFTER_BREAK,
    BELIEVED_AFTER,
    FIRST_RETRY,
    LOOK_AGAIN,
    PATIENCE,
    SETTLING,
    decide,
    due_of,
    ended,
    record_after,
    settled,
    sources_due,
)
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.guard import (
    FINE,
    Conditions,
    GuardState,
    Pace,
    RunNow,
    SourceRecord,
    Waits,
    WaitUntil,
)

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ON = GuardState(is_on=True, due_at=NOW - MINUTE, regular_at=NOW - MINUTE, last_end_at=NOW - 7 * DAY)


def after(state: GuardState, began_at: datetime = NOW, *retries: datetime, **how: bool) -> GuardState:
    return ended(state, began_at, began_at + 5 * MINUTE, retries, **({"was_regular": True, "is_complete": True} | how))


# --- whether it runs ---


def test_a_check_that_is_due_runs_and_one_that_is_not_waits_for_its_time() -> None:
    assert decide(ON, FINE, NOW) == RunNow()
    assert decide(ON, FINE, NOW - 2 * MINUTE) == WaitUntil(NOW - MINUTE, Waits.NOT_DUE)


def test_the_first_check_after_switching_on_is_due_at_once_and_without_that_there_is_none() -> None:
    assert decide(GuardState(is_on=True), FINE, NOW) == RunNow()
    assert decide(GuardState(), FINE, NOW) == WaitUntil(None, Waits.SWITCHED_OFF)


@pytest.mark.parametrize("missed", [HOUR, 30 * DAY, 400 * DAY])
def test_checks_missed_while_the_computer_was_off_are_made_up_once_and_soon_after(missed: timedelta) -> None:
    state, woke_at = replace(ON, due_at=NOW - missed, regular_at=NOW - missed), NOW
    assert decide(state, FINE, NOW, woke_at) == WaitUntil(NOW + SETTLING, Waits.JUST_STARTED)
    assert decide(state, FINE, NOW + SETTLING, woke_at) == RunNow()
    again = after(state, NOW + SETTLING)
    assert decide(again, FINE, NOW + HOUR, woke_at) == WaitUntil(NOW + SETTLING + 7 * DAY, Waits.NOT_DUE)


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        (Conditions(online=False), Waits.OFFLINE),
        (Conditions(metered=True), Waits.METERED),
        (Conditions(on_battery=True), Waits.ON_BATTERY),
        (Conditions(busy=True), Waits.BUSY),
        (Conditions(keyring_locked=True), Waits.KEYRING_LOCKED),
        (Conditions(on_battery=True, metered=True, online=False, busy=True), Waits.OFFLINE),
    ],
)
def test_what_is_in_the_way_is_waited_for_and_looked_at_again_soon(conditions: Conditions, reason: Waits) -> None:
    assert decide(ON, conditions, NOW) == WaitUntil(NOW + LOOK_AGAIN, reason)


def test_presenting_keeps_no_check_from_running() -> None:
    assert decide(ON, Conditions(presenting=True), NOW) == RunNow()


@pytest.mark.parametrize("pace", Pace)
def test_power_and_quiet_are_waited_for_only_so_long_and_the_network_for_ever(pace: Pace) -> None:
    state = replace(ON, pace=pace)
    late = NOW - MINUTE + PATIENCE[pace]
    for conditions, reason in (
        (Conditions(on_battery=True), Waits.ON_BATTERY),
        (Conditions(busy=True), Waits.BUSY),
    ):
        assert decide(state, conditions, late - MINUTE) == WaitUntil(late - MINUTE + LOOK_AGAIN, reason)
        assert decide(state, conditions, late) == RunNow()
    for conditions, reason in ((Conditions(metered=True), Waits.METERED), (Conditions(online=False), Waits.OFFLINE)):
        assert decide(state, conditions, late + 50 * DAY) == WaitUntil(late + 50 * DAY + LOOK_AGAIN, reason)


def test_a_vault_that_cannot_be_opened_yet_is_waited_for() -> None:
    assert decide(None, FINE, NOW) == WaitUntil(NOW + LOOK_AGAIN, Waits.KEYRING_LOCKED)


def test_a_pause_holds_until_its_end() -> None:
    state = replace(ON, paused_until=NOW + DAY)
    assert decide(state, FINE, NOW) == WaitUntil(NOW + DAY, Waits.PAUSED)
    assert decide(state, FINE, NOW + DAY) == RunNow()


def test_a_check_is_not_begun_beside_another() -> None:
    assert decide(ON, FINE, NOW, is_checking=True) == WaitUntil(NOW + LOOK_AGAIN, Waits.CHECKING)


def test_a_check_that_brought_the_computer_down_is_not_tried_again_at_once() -> None:
    state = schedule.begun(ON, NOW)
    assert decide(state, FINE, NOW + 5 * MINUTE) == WaitUntil(NOW + AFTER_BREAK, Waits.BROKEN_OFF)
    assert decide(state, FINE, NOW + AFTER_BREAK) == RunNow()
    again = schedule.begun(state, NOW + AFTER_BREAK)
    assert (again.trying_since, again.last_try_at) == (NOW, NOW + AFTER_BREAK)
    assert after(again).trying_since is None


# --- the next one ---


@pytest.mark.parametrize(("pace", "days"), [(Pace.DAILY, 1), (Pace.WEEKLY, 7), (Pace.MONTHLY, 30)])
def test_the_next_check_is_counted_from_the_beginning_of_this_one(pace: Pace, days: int) -> None:
    state = after(replace(ON, pace=pace))
    assert state.due_at == state.regular_at == NOW + days * DAY
    assert state.last_end_at == NOW + 5 * MINUTE


def test_a_place_that_did_not_answer_is_caught_up_before_and_the_check_of_all_stays_where_it_was() -> None:
    state = after(ON, NOW, NOW + FIRST_RETRY)
    assert (state.due_at, state.regular_at) == (NOW + FIRST_RETRY, NOW + 7 * DAY)
    caught_up = after(state, NOW + FIRST_RETRY, was_regular=False)
    assert caught_up.due_at == caught_up.regular_at == NOW + 7 * DAY
    assert not schedule.is_regular(state, NOW + FIRST_RETRY) and schedule.is_regular(state, NOW + 7 * DAY)


def test_a_check_that_was_stopped_is_gone_on_with_as_one_of_all_places() -> None:
    state = after(ON, is_complete=False)
    assert (state.due_at, state.regular_at) == (NOW + 5 * MINUTE + FIRST_RETRY, ON.regular_at)
    assert schedule.is_regular(state, NOW + DAY)


def test_the_next_check_is_never_at_once() -> None:
    assert after(ON, NOW, NOW - DAY).due_at == NOW + 5 * MINUTE + LOOK_AGAIN


# --- the clock, and where the computer is ---


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"])
def test_another_time_zone_changes_nothing(zone: str) -> None:
    there = ZoneInfo(zone)
    state = after(ON)
    assert decide(state, FINE, (NOW + 6 * DAY).astimezone(there)) == WaitUntil(NOW + 7 * DAY, Waits.NOT_DUE)
    assert decide(state, FINE, (NOW + 7 * DAY).astimezone(there)) == RunNow()


def test_summer_time_makes_no_day_longer_or_shorter() -> None:
    home = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=home)  # the clocks go forward in the night
    due_at = after(replace(ON, pace=Pace.DAILY), before).due_at
    assert due_at is not None and due_at.astimezone(home) == datetime(2026, 3, 29, 13, 0, tzinfo=home)
    assert due_at - before.astimezone(UTC) == DAY


def test_a_clock_that_jumps_ahead_makes_one_check_due_and_no_more() -> None:
    ahead = NOW + 900 * DAY
    assert decide(settled(ON, ahead), FINE, ahead) == RunNow()
    state = after(ON, ahead)
    assert isinstance(decide(state, FINE, ahead + DAY), WaitUntil)


def test_a_clock_that_starts_years_ago_until_the_network_puts_it_right_changes_nothing() -> None:
    state, wrong = after(ON), datetime(2000, 1, 1, tzinfo=UTC)
    held = settled(state, wrong)
    assert held == replace(state, set_back_at=wrong)
    decision = decide(held, FINE, wrong)
    assert isinstance(decision, WaitUntil) and decision.reason is Waits.CLOCK_SET_BACK
    assert settled(held, wrong + HOUR) == held
    assert settled(held, NOW + DAY) == state
    assert settled(held, wrong - HOUR) == replace(held, set_back_at=wrong - HOUR)  # it started anew


def test_a_clock_that_stays_set_back_is_believed_after_a_day_and_the_checks_go_on() -> None:
    state = replace(after(ON), last_notice_at=NOW, paused_until=NOW + DAY, last_try_at=NOW)
    back = NOW - 3000 * DAY
    held = settled(state, back)
    believed = settled(held, back + BELIEVED_AFTER)
    now = back + BELIEVED_AFTER
    assert believed.set_back_at is None
    assert believed.due_at == believed.regular_at == now + 7 * DAY
    assert believed.last_end_at == believed.last_notice_at == believed.last_try_at == believed.paused_until == now
    assert settled(believed, now) == believed
    assert decide(believed, FINE, now + 7 * DAY) == RunNow()


def test_a_clock_that_goes_back_a_little_is_no_trouble() -> None:
    state = after(ON)
    assert settled(state, NOW - 3 * HOUR) == state
    assert settled(GuardState(), NOW) == GuardState()


# --- sources ---

ALL = ("hibp", "catalogue", "whatsmyname")
ANSWERED = SourceRecord(NOW, NOW)


def test_each_source_is_asked_in_the_slower_one_of_its_own_pace_and_the_persons() -> None:
    assert due_of("hibp", ANSWERED, Pace.DAILY) == NOW + DAY
    assert due_of("hibp", ANSWERED, Pace.MONTHLY) == NOW + 30 * DAY
    assert due_of("whatsmyname", ANSWERED, Pace.DAILY) == NOW + 30 * DAY
    assert due_of("hibp", None, Pace.DAILY) is None


def test_a_check_of_all_places_asks_those_whose_turn_is_nearest_to_it() -> None:
    records = {"hibp": ANSWERED, "catalogue": SourceRecord(NOW + DAY, NOW + DAY), "whatsmyname": ANSWERED}
    week_later = NOW + 7 * DAY - MINUTE
    assert sources_due(ALL, records, Pace.WEEKLY, week_later, in_regular=True) == {"hibp", "catalogue"}
    month_later = NOW + 28 * DAY
    assert "whatsmyname" in sources_due(ALL, records, Pace.WEEKLY, month_later, in_regular=True)
    assert sources_due(ALL, records, Pace.WEEKLY, NOW + 3 * DAY, in_regular=True) == frozenset()


def test_one_that_catches_up_asks_only_what_did_not_answer_and_nothing_for_the_first_time() -> None:
    records = {"hibp": SourceRecord(NOW, NOW - 7 * DAY, 1, NOW), "catalogue": ANSWERED}
    assert sources_due(ALL, records, Pace.WEEKLY, NOW + FIRST_RETRY, in_regular=False) == {"hibp"}
    assert sources_due(ALL, records, Pace.WEEKLY, NOW + HOUR, in_regular=False) == frozenset()
    assert sources_due(ALL, records, Pace.WEEKLY, NOW + 4 * DAY, in_regular=True) == {
        "hibp",
        "catalogue",
        "whatsmyname",
    }


def test_a_source_that_was_asked_in_a_year_to_come_is_asked_now() -> None:
    records = {"hibp": SourceRecord(NOW + 900 * DAY, NOW + 900 * DAY)}
    assert sources_due(["hibp"], records, Pace.WEEKLY, NOW, in_regular=True) == {"hibp"}


def test_a_source_that_is_down_is_asked_after_hours_then_daily_then_in_its_own_pace() -> None:
    record: SourceRecord | None = None
    at, times = NOW, []
    for _ in range(20):
        record = record_after(record, Outcome("hibp", Status.FAILED), at, was_online=True)
        assert record is not None
        next_at = due_of("hibp", record, Pace.WEEKLY)
        assert next_at is not None
        times.append(next_at - at)
        at = next_at
    assert times[0] == FIRST_RETRY and times[1:14] == [DAY] * 13 and set(times[16:]) == {7 * DAY}
    assert record is not None and record.failures == 20 and record.failing_since == NOW


def test_only_a_source_that_was_asked_and_could_answer_counts() -> None:
    before = SourceRecord(NOW - DAY, NOW - DAY, 0, None)
    failed, skipped = Outcome("hibp", Status.FAILED), Outcome("hibp", Status.SKIPPED)
    assert record_after(before, Outcome("hibp", Status.CHECKED), NOW, was_online=False) == SourceRecord(NOW, NOW)
    assert record_after(before, skipped, NOW, was_online=True) is None
    assert record_after(before, failed, NOW, was_online=False) is None
    assert record_after(before, failed, NOW, was_online=True) == SourceRecord(NOW, NOW - DAY, 1, NOW)
    again = SourceRecord(NOW - DAY, None, 2, NOW - 2 * DAY)
    assert record_after(again, failed, NOW, was_online=True) == SourceRecord(NOW, None, 3, NOW - 2 * DAY)
    assert record_after(again, Outcome("hibp", Status.CHECKED), NOW, was_online=True) == SourceRecord(NOW, NOW)
