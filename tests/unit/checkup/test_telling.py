"""Telling how far each source is, also while it waits, and nothing after its end."""

from dataclasses import dataclass, field

import pytest

from privacyguard.checkup.parts import Tally
from privacyguard.checkup.telling import Telling
from privacyguard.errors import TooManyRequests
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.model.source import Limit
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.breaches.xposedornot import XposedOrNot
from tests.support.own_time import OwnTime, PatientToken

INFO = XposedOrNot.info
HOST = next(iter(INFO.hosts))


@dataclass
class Told:
    """What is told of XposedOrNot, in a time of the test's own. 25 addresses were asked a moment ago, 30 are left."""

    time: OwnTime = field(default_factory=OwnTime)
    said: list[Progress] = field(default_factory=list)
    tally: Tally = field(default_factory=lambda: Tally(seen=25, total=55, left=30))

    def __post_init__(self) -> None:
        settings = NetSettings("PrivacyGuard/test")
        self.network = Network(lambda disclosure: None, settings, clock=self.time.now, monotonic_s=self.time.steady_s)
        for _ in range(25):
            self.network.pace.wait_turn(HOST, INFO.limits, PatientToken(self.time))
        self.gateway = self.network.bind(INFO, CancelToken())
        self.telling = Telling(self.said.append, self.network)
        self.telling.started(INFO, self.gateway, self.tally)


@pytest.fixture
def told() -> Told:
    return Told()


def test_the_time_that_is_left_becomes_less_while_a_place_makes_us_wait(told: Told) -> None:
    told.telling.is_at(INFO.id)
    told.time.s += 600
    told.telling.still_waiting()
    first, second = told.said[1:]
    assert (first.seen, first.total, first.limit) == (25, 55, Limit(25, 3600.0))
    assert first.remaining_s is not None
    assert first.remaining_s > 3600
    assert second.remaining_s == pytest.approx(first.remaining_s - 600, abs=0.001)


def test_a_limit_that_the_service_named_itself_counts(told: Told) -> None:
    told.gateway.allow((Limit(100, 60.0),))
    told.telling.is_at(INFO.id)
    assert told.said[-1].remaining_s == 0.0


@pytest.mark.parametrize("asked_s", [61.0, 7200.0])
def test_no_time_is_told_of_a_place_that_asked_to_be_left_alone_for_it_is_not_waited_for(
    told: Told, asked_s: float
) -> None:
    told.gateway.allow((Limit(100, 60.0),))
    told.network.pace.leave_alone(HOST, asked_s)
    told.telling.is_at(INFO.id)
    assert (told.said[-1].remaining_s, told.said[-1].limit) == (None, None)
    with pytest.raises(TooManyRequests):
        told.network.pace.wait_turn(HOST, told.gateway.limits, PatientToken(told.time))
    told.time.s += asked_s - 60
    told.telling.still_waiting()
    assert told.said[-1].remaining_s == pytest.approx(60.0)


def test_a_place_that_is_done_or_asks_nothing_more_is_not_told_again(told: Told) -> None:
    told.tally.left = 0
    told.telling.still_waiting()
    assert len(told.said) == 1
    told.tally.left = 30
    told.telling.ended(Outcome(INFO.id, Status.SKIPPED, ("a", "b"), seen=25, left=30), 55)
    told.telling.still_waiting()
    assert told.said[1:] == [Progress(INFO.id, SourceState.SKIPPED, 25, 55, 2, left=30)]


def test_a_place_that_is_not_asked_is_told_once(told: Told) -> None:
    told.telling.skipped("hibp")
    told.telling.still_waiting()
    assert told.said[1] == Progress("hibp", SourceState.SKIPPED)
