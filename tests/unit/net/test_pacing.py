"""How often a host may be asked, on clocks of the test's own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.errors import Cancelled, DiskFull, TooManyRequests
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Limit, PaceRecord
from privacyguard.net.pacing import (
    BACK_OFF_AT_MOST_S,
    KEPT_AT_MOST,
    Pace,
    PaceStore,
    back_off_s,
    retry_after_s,
    steady_s,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOST = "a.example.org"
DAY_S = 86400.0
HOURLY = (Limit(2, 1.0), Limit(25, 3600.0), Limit(100, DAY_S))


class Clockwork(CancelToken):
    """Waiting moves its clocks on, so nobody waits. ``set_by``: how far somebody set the time of day."""

    def __init__(self, now_s: float = 1000.0, set_by: timedelta = timedelta()) -> None:
        super().__init__()
        self.start_s = now_s
        self.now_s = now_s
        self.set_by = set_by

    def wait(self, seconds: float) -> None:
        self.check()
        assert seconds > 0
        self.now_s += seconds

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.now_s - self.start_s) + self.set_by

    def pace(self, store: PaceStore | None = None) -> Pace:
        return Pace(lambda: self.now_s, self.clock, store)


class Kept:
    """Records in memory, in place of the vault."""

    def __init__(self, *asked_at: datetime, not_before: datetime | None = None) -> None:
        self.records = {HOST: PaceRecord(asked_at, not_before)}
        self.saved = 0

    def load(self, host: str) -> PaceRecord:
        return self.records.get(host, PaceRecord((), None))

    def save(self, host: str, record: PaceRecord) -> None:
        self.saved += 1
        self.records[host] = record


def turns(
    count: int, limits: Sequence[Limit], cancel: Clockwork | None = None, store: PaceStore | None = None
) -> list[float]:
    """When each of ``count`` requests to one host may go, in seconds from the first."""
    cancel = cancel or Clockwork()
    pace = cancel.pace(store)
    start_s, times = cancel.now_s, []
    for _ in range(count):
        pace.wait_turn(HOST, limits, cancel)
        times.append(cancel.now_s - start_s)
    return times


def holds(times: Sequence[float], limits: Sequence[Limit]) -> None:
    for limit in limits:
        for first, later in zip(times, times[limit.count :], strict=False):
            assert later - first >= limit.seconds - 1e-3


LIMITS = st.lists(
    st.builds(Limit, st.integers(1, 12), st.sampled_from([0.5, 7.0, 60.0, 3600.0])), min_size=1, max_size=3
)


# --- in one run -------------------------------------------------------------------------------------------------


def test_as_many_as_are_allowed_in_a_minute_go_at_once_and_the_next_waits() -> None:
    assert turns(10, [Limit(10, 60.0)]) == [0.0] * 10
    assert turns(11, [Limit(10, 60.0)])[-1] == pytest.approx(60.0)


@given(LIMITS, st.integers(1, 40))
def test_all_limits_hold_at_all_times_and_nobody_waits_without_one(limits: list[Limit], count: int) -> None:
    times = turns(count, limits)
    holds(times, limits)
    for at, (before, after) in enumerate(pairwise(times), 1):
        due_s = max((times[at - limit.count] + limit.seconds for limit in limits if at >= limit.count), default=0.0)
        assert after == pytest.approx(max(before, due_s))


def test_the_limits_of_a_second_an_hour_and_a_day_hold_together() -> None:
    times = turns(101, HOURLY)
    assert times[:3] == pytest.approx([0.0, 0.0, 1.0])
    assert times[25] == pytest.approx(3600.0, abs=2)
    assert times[99] < 4 * 3600
    assert times[100] == pytest.approx(DAY_S, abs=2)


def test_each_host_has_a_pace_of_its_own() -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    for host in (HOST, "b.example.org"):
        pace.wait_turn(host, [Limit(1, 5.0)], cancel)
    assert cancel.now_s == 1000.0


def test_sources_with_other_limits_share_the_turns_of_a_host() -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    for _ in range(3):
        pace.wait_turn(HOST, [Limit(60, 60.0)], cancel)
    cancel.now_s += 61
    pace.wait_turn(HOST, [Limit(60, 60.0)], cancel)
    assert pace.remaining_s(HOST, [Limit(4, 3600.0)], 1) == pytest.approx(3600.0 - 61)


def test_cancel_ends_the_wait_for_a_turn_and_takes_none() -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    pace.wait_turn(HOST, [Limit(1, 60.0)], cancel)
    cancel.cancel()
    for host in (HOST, "b.example.org"):
        with pytest.raises(Cancelled):
            pace.wait_turn(host, [Limit(1, 60.0)], cancel)
    assert pace.remaining_s("b.example.org", [Limit(1, 60.0)], 1) == 0.0


def test_steady_seconds_go_on() -> None:
    first = steady_s()
    assert first <= steady_s() < first + 60


# --- a host that asked to be left alone ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [
        (61.0, "some minutes"),
        (600.0, "some minutes"),
        (601.0, "up to an hour"),
        (3601.0, "some hours"),
        (6 * 3600.0 + 1, "until tomorrow"),
        (10 * DAY_S, "until tomorrow"),
    ],
)
def test_long_wait_is_told_in_words_and_never_waited_for(wait_s: float, words: str) -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    pace.leave_alone(HOST, wait_s)
    with pytest.raises(TooManyRequests) as told:
        pace.wait_turn(HOST, HOURLY, cancel)
    assert told.value.wait_s == min(wait_s, DAY_S)
    assert words in told.value.title
    assert cancel.now_s == 1000.0
    pace.wait_turn("b.example.org", HOURLY, cancel)


def test_wait_of_a_minute_is_waited_for() -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    pace.leave_alone(HOST, 3600.0)
    cancel.now_s += 3540.0
    pace.wait_turn(HOST, HOURLY, cancel)
    assert cancel.now_s == pytest.approx(1000.0 + 3600.0)


def test_a_shorter_wait_does_not_shorten_a_longer_one() -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    pace.leave_alone(HOST, 3600.0)
    pace.leave_alone(HOST, 1.0)
    with pytest.raises(TooManyRequests):
        pace.wait_turn(HOST, HOURLY, cancel)


# --- foreseeing -----------------------------------------------------------------------------------------------------


@given(LIMITS, st.integers(0, 20), st.integers(0, 30), st.sampled_from([0.0, 1.0, 60.0]))
def test_what_is_foreseen_is_what_it_takes(limits: list[Limit], before: int, count: int, alone_s: float) -> None:
    cancel = Clockwork()
    pace = cancel.pace()
    for _ in range(before):
        pace.wait_turn(HOST, limits, cancel)
    if alone_s:
        pace.leave_alone(HOST, alone_s)
    start_s = cancel.now_s
    foreseen_s = pace.remaining_s(HOST, limits, count)
    assert cancel.now_s == start_s
    for _ in range(count):
        pace.wait_turn(HOST, limits, cancel)
    assert foreseen_s == pytest.approx(cancel.now_s - start_s)


# --- kept for the next run ------------------------------------------------------------------------------------------


def test_a_new_run_goes_on_with_the_pace_of_the_last_one() -> None:
    kept, first = Kept(), Clockwork()
    turns(25, HOURLY, first, kept)
    later = Clockwork(now_s=5.0, set_by=first.clock() - NOW + timedelta(minutes=10))  # another start of the computer
    took_s = turns(1, HOURLY, later, kept)[0]
    assert took_s == pytest.approx(3600 - 600, abs=15)
    assert len(kept.records[HOST].asked_at) == 26


@given(LIMITS, st.integers(1, 12), st.integers(1, 12), st.floats(0, 100))
def test_limits_hold_across_a_restart(limits: list[Limit], before: int, after: int, gap_s: float) -> None:
    kept, first = Kept(), Clockwork()
    times = turns(before, limits, first, kept)
    later = Clockwork(now_s=77.0, set_by=first.clock() - NOW + timedelta(seconds=gap_s))
    start_s = (later.clock() - NOW).total_seconds()
    times += [start_s + at_s for at_s in turns(after, limits, later, kept)]
    holds(times, limits)


@pytest.mark.parametrize("set_by", [timedelta(days=-400), timedelta(hours=-1), timedelta(seconds=-2)])
def test_clock_set_back_makes_no_wait_longer_than_the_longest_limit_and_no_burst(set_by: timedelta) -> None:
    kept = Kept(*(NOW - timedelta(seconds=s) for s in range(25)))
    times = turns(30, HOURLY[:2], Clockwork(set_by=set_by), kept)
    assert times[0] <= 3600.0
    assert times[0] > 3500.0
    holds(times, HOURLY[:2])


@pytest.mark.parametrize("set_by", [timedelta(days=-400), timedelta(days=400), timedelta(hours=2)])
def test_clock_set_during_a_run_changes_nothing_in_it_and_nothing_in_the_next(set_by: timedelta) -> None:
    kept, first = Kept(), Clockwork()
    pace = first.pace(kept)
    for turn in range(25):
        if turn == 12:
            first.set_by = set_by
        pace.wait_turn(HOST, HOURLY, first)
    assert pace.remaining_s(HOST, HOURLY, 1) == pytest.approx(3600, abs=20)
    later = Clockwork(now_s=5.0, set_by=first.clock() - NOW)
    assert turns(1, HOURLY, later, kept)[0] == pytest.approx(3600, abs=20)


def test_clock_set_forward_between_runs_lets_no_more_through_than_a_new_start() -> None:
    kept = Kept(*[NOW] * 25)
    times = turns(60, HOURLY[:2], Clockwork(set_by=timedelta(days=400)), kept)
    holds(times, HOURLY[:2])


def test_wish_to_be_left_alone_outlives_a_restart() -> None:
    kept, first = Kept(), Clockwork()
    first.pace(kept).leave_alone(HOST, 7200.0)
    later = Clockwork(now_s=5.0, set_by=timedelta(hours=1))
    with pytest.raises(TooManyRequests) as told:
        later.pace(kept).wait_turn(HOST, HOURLY, later)
    assert told.value.wait_s == pytest.approx(3600.0)
    over = Clockwork(now_s=5.0, set_by=timedelta(hours=2))
    assert turns(1, HOURLY, over, kept) == [0.0]
    assert kept.records[HOST].not_before is None


def test_wish_that_lies_far_ahead_ends_after_a_day_however_often_it_is_started() -> None:
    kept = Kept(not_before=NOW + timedelta(days=400))
    for hour in (0, 10, 20):
        run = Clockwork(set_by=timedelta(hours=hour))
        with pytest.raises(TooManyRequests) as told:
            run.pace(kept).wait_turn(HOST, HOURLY, run)
        assert told.value.wait_s == pytest.approx(DAY_S - hour * 3600.0)
    assert turns(1, HOURLY, Clockwork(set_by=timedelta(hours=24)), kept) == [0.0]


def test_no_more_is_kept_than_a_day_and_a_fixed_number() -> None:
    kept = Kept(NOW - timedelta(days=2))
    turns(KEPT_AT_MOST + 50, [Limit(5000, 60.0)], store=kept)
    assert len(kept.records[HOST].asked_at) == KEPT_AT_MOST
    assert min(kept.records[HOST].asked_at) == NOW


def test_more_turns_than_are_kept_still_count_in_the_same_run() -> None:
    assert turns(1501, [Limit(1500, 60.0)])[-1] == pytest.approx(60.0)


def test_nothing_is_asked_where_the_turn_cannot_be_kept() -> None:
    class Full(Kept):
        def save(self, host: str, record: PaceRecord) -> None:
            raise DiskFull

    with pytest.raises(DiskFull):
        turns(1, HOURLY, store=Full())


def test_a_turn_is_kept_before_it_is_given() -> None:
    kept = Kept()
    turns(3, [Limit(60, 60.0)], store=kept)
    assert kept.saved == 3


# --- waiting before the next try ------------------------------------------------------------------------------------


@given(st.integers(0, 2000), st.floats(0, 1))
def test_back_off_doubles_up_to_its_limit_and_half_of_it_is_chance(attempt: int, chance: float) -> None:
    whole_s = min(2.0 ** min(attempt, 100), BACK_OFF_AT_MOST_S)
    assert whole_s / 2 <= back_off_s(attempt, chance) <= whole_s
    assert back_off_s(attempt, 0.0) == whole_s / 2
    assert back_off_s(attempt, 1.0) == whole_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 42 ", 42.0),
        ("86401", 86400.0),
        ("9" * 400, 86400.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime((NOW + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-8)))), 3600.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0.0),
        ("Mon, 04 May 2026 12:00:30 -0000", 30.0),
        (format_datetime(NOW + timedelta(days=400), usegmt=True), 86400.0),
    ],
)
def test_both_forms_of_retry_after_are_read(header: str, seconds: float) -> None:
    assert retry_after_s(header, NOW) == seconds


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "٤٢", "Mon, 99 Foo 2026", "Mon, 04 May 2026"])
def test_retry_after_that_says_nothing_usable_is_none(header: str | None) -> None:
    assert retry_after_s(header, NOW) is None


@given(st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,4} [A-Z][a-z]{2} \d{1,9} \d+:\d+:\d+ [+-]\d{1,20}"))
def test_no_retry_after_breaks_it_or_asks_for_more_than_a_day(header: str) -> None:
    seconds = retry_after_s(header, NOW)
    assert seconds is None or 0.0 <= seconds <= 86400.0


def test_a_request_counts_from_when_it_left_not_from_when_its_turn_came() -> None:
    cancel = Clockwork()
    pace = Pace(lambda: cancel.now_s, lambda: NOW)
    limits = (Limit(1, 10.0),)
    pace.wait_turn("a.example.org", limits, cancel)
    cancel.now_s += 3.0
    pace.starts("a.example.org")
    assert pace.remaining_s("a.example.org", limits, 1) == pytest.approx(10.0)
    pace.starts("b.example.org")
    assert pace.remaining_s("b.example.org", limits, 1) == 0.0
