"""How often a host may be asked, on a clock of the test's own."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.errors import Cancelled
from privacyguard.model.progress import CancelToken
from privacyguard.net.pacing import Pace, retry_after_s

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Clockwork(CancelToken):
    """Waiting moves its clock on, so nobody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0

    def wait(self, seconds: float) -> None:
        self.check()
        self.now_s += seconds


def turns(count: int, per_minute: int, gap_s: float = 0.0) -> list[float]:
    """When each of ``count`` requests to one host may go, in seconds from the first."""
    cancel = Clockwork()
    pace = Pace(lambda: cancel.now_s)
    times = []
    for _ in range(count):
        pace.wait_turn("a.example.org", per_minute, gap_s, cancel)
        times.append(cancel.now_s - 1000.0)
    return times


def test_as_many_as_are_allowed_in_a_minute_go_at_once_and_the_next_waits() -> None:
    assert turns(10, per_minute=10) == [0.0] * 10
    assert turns(11, per_minute=10)[-1] == pytest.approx(60.0)


@given(st.integers(1, 30), st.integers(1, 80), st.sampled_from([0.0, 0.5, 7.0]))
def test_never_more_than_allowed_in_any_minute_and_never_closer_than_the_gap(
    per_minute: int, count: int, gap_s: float
) -> None:
    times = turns(count, per_minute, gap_s)
    for first, later in zip(times, times[per_minute:], strict=False):
        assert later - first >= 60.0 - 1e-6
    for before, after in pairwise(times):
        assert after - before >= gap_s - 1e-6


def test_each_host_has_a_pace_of_its_own() -> None:
    cancel = Clockwork()
    pace = Pace(lambda: cancel.now_s)
    for host in ("a.example.org", "b.example.org"):
        pace.wait_turn(host, 1, 5.0, cancel)
    assert cancel.now_s == 1000.0


def test_cancel_ends_the_wait_for_a_turn_and_takes_none() -> None:
    cancel = Clockwork()
    pace = Pace(lambda: cancel.now_s)
    pace.wait_turn("a.example.org", 1, 0.0, cancel)
    cancel.cancel()
    for host in ("a.example.org", "b.example.org"):
        with pytest.raises(Cancelled):
            pace.wait_turn(host, 1, 0.0, cancel)


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
