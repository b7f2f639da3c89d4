"""How long a place makes us wait: which limit it is, in plain words, rounded so that it is not less than it will be."""

import pytest

from privacyguard.checkup.waiting import (
    duration,
    goes_on,
    rate,
    reason_to_wait,
    time_left,
    why_it_takes_time,
    why_not_done,
)
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.progress import Progress, SourceState
from privacyguard.model.source import Limit

SECOND, HOUR, DAY = Limit(2, 1.0), Limit(25, 3600.0), Limit(100, 86400.0)
LIMITS = (SECOND, HOUR, DAY)


def progress(remaining_s: float | None, limit: Limit | None = None) -> Progress:
    return Progress("x", SourceState.RUNNING, 25, 100, 0, remaining_s, limit)


@pytest.mark.parametrize(
    ("requests", "remaining_s", "limit"),
    [
        (2, 0.0, SECOND),
        (20, 9.0, SECOND),
        (75, 3 * 3600.0, HOUR),  # 25 were asked a moment ago
        (101, 86400.0, DAY),
        (5, 20 * 3600.0, DAY),  # the day's requests were used before
        (200, 27 * 3600.0, DAY),
        (1, 2 * 86400.0, None),
    ],
)
def test_the_shortest_limit_that_explains_the_wait_is_the_reason(
    requests: int, remaining_s: float, limit: Limit | None
) -> None:
    assert reason_to_wait(LIMITS, requests, remaining_s) == limit


def test_without_limits_there_is_no_reason() -> None:
    assert reason_to_wait((), 5, 100.0) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "About 1 minute"),
        (61, "About 1 minute"),
        (67, "About 2 minutes"),
        (600, "About 10 minutes"),
        (660, "About 15 minutes"),
        (3600, "About 60 minutes"),
        (5400, "About 90 minutes"),
        (5401, "About 2 hours"),
        (7200, "About 2 hours"),
        (10_805, "About 3 hours"),
        (11_400, "About 4 hours"),
        (2 * 86400, "About 2 days"),
        (2.5 * 86400, "About 3 days"),
    ],
)
def test_a_time_is_rounded_up_to_what_people_say(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_no_time_is_said_to_be_a_tenth_shorter_than_it_is() -> None:
    for seconds in range(30, 6 * 86400, 97):
        _about, count, unit = duration(seconds).split()
        said = int(count) * {"m": 60, "h": 3600, "d": 86400}[unit[0]]
        assert 0.9 * seconds <= said <= max(60, 1.9 * seconds), seconds


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (SECOND, "2 times a second"),
        (Limit(10, 60.0), "10 times a minute"),
        (HOUR, "25 times an hour"),
        (Limit(1, 86400.0), "1 time a day"),
        (Limit(3, 15.0), "3 times in 15 seconds"),
    ],
)
def test_a_limit_in_words(limit: Limit, words: str) -> None:
    assert rate(limit) == words


def test_it_is_said_how_long_it_takes_why_and_that_it_goes_on() -> None:
    told = progress(3 * 3600.0, HOUR)
    assert time_left(told) == "About 3 hours left."
    assert why_it_takes_time(told) == (
        "About 3 hours left, because we ask this place 25 times an hour at most. You can stop; the next checkup goes on."
    )
    assert why_it_takes_time(progress(3 * 3600.0)) == "About 3 hours left. You can stop; the next checkup goes on."


@pytest.mark.parametrize("remaining_s", [None, 0.0, 60.0])
def test_up_to_a_minute_nothing_is_said(remaining_s: float | None) -> None:
    assert time_left(progress(remaining_s, HOUR)) == why_it_takes_time(progress(remaining_s, HOUR)) == ""


def test_a_place_that_stopped_in_the_middle_says_how_far_it_came() -> None:
    assert goes_on(40, 60) == "Asked about so far: 40 of 100. The next checkup goes on from there."
    assert goes_on(0, 100) == goes_on(100, 0) == ""


def test_the_reason_comes_with_how_far_it_came_and_what_to_do() -> None:
    stopped = Outcome("x", Status.FAILED, problem="It broke.", remedy="Try again.", seen=2, left=3)
    assert (
        why_not_done(stopped) == "It broke. Asked about so far: 2 of 5. The next checkup goes on from there. Try again."
    )
    assert why_not_done(Outcome("x", Status.SKIPPED, problem="It is off.")) == "It is off."
    assert why_not_done(Outcome("x", Status.CHECKED, seen=5)) == ""
