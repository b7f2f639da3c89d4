"""A regular check makes room for the person, and does not run for ever. The time is the test's own."""

from datetime import timedelta

import pytest

from privacyguard.checkup.manners import AT_MOST, LOOKED_EVERY_S, Manners, own_token
from privacyguard.errors import Cancelled
from privacyguard.model.guard import FINE, Conditions
from privacyguard.model.progress import CancelToken, Progress, SourceState
from tests.support.own_time import OwnTime, PatientToken

STEP = Progress("folders", SourceState.RUNNING, 1)
BUSY = Conditions(busy=True)


class Computer:
    """Busy until a time; ``looks``: how often it was asked."""

    def __init__(self, time: OwnTime, busy_until_s: float) -> None:
        self.looks = 0
        self._time, self._busy_until_s = time, busy_until_s

    def conditions(self) -> Conditions:
        self.looks += 1
        return BUSY if self._time.s < self._busy_until_s else FINE


def test_a_check_stands_still_while_the_person_is_busy_and_goes_on_after() -> None:
    time, told = OwnTime(), list[Progress]()
    computer, cancel = Computer(time, 600.0), PatientToken(time)
    manners = Manners(told.append, computer.conditions, cancel, time.steady_s)
    manners.told(STEP)
    assert computer.looks == 0 and time.s == 0.0
    time.s = LOOKED_EVERY_S
    manners.told(STEP)
    assert 600.0 <= time.s < 600.0 + 2 * LOOKED_EVERY_S
    assert told == [STEP, STEP] and not cancel.is_cancelled


def test_a_computer_that_is_not_busy_costs_one_look_in_five_seconds() -> None:
    time = OwnTime()
    computer = Computer(time, 0.0)
    manners = Manners(lambda progress: None, computer.conditions, PatientToken(time), time.steady_s)
    for _ in range(1000):
        time.s += 0.05
        manners.told(STEP)
    assert 8 <= computer.looks <= 10


@pytest.mark.parametrize("busy_until_s", [0.0, 1e9])
def test_after_two_hours_a_check_ends_busy_or_not(busy_until_s: float) -> None:
    time = OwnTime()
    cancel = PatientToken(time)
    manners = Manners(lambda progress: None, Computer(time, busy_until_s).conditions, cancel, time.steady_s)
    time.s = AT_MOST.total_seconds() - 600
    if not busy_until_s:
        manners.told(STEP)
        assert not cancel.is_cancelled
        time.s += 600
    manners.told(STEP)
    assert cancel.is_cancelled
    assert timedelta(hours=2) == AT_MOST and time.s < AT_MOST.total_seconds() + 2 * LOOKED_EVERY_S


def test_the_person_can_stop_a_check_that_stands_still() -> None:
    time = OwnTime()
    cancel = PatientToken(time, until_s=60.0)
    manners = Manners(lambda progress: None, lambda: BUSY, cancel, time.steady_s)
    time.s = LOOKED_EVERY_S
    manners.told(STEP)  # the next step looks at the token
    assert time.s == 60.0
    with pytest.raises(Cancelled):
        cancel.check()


def test_a_check_that_runs_out_of_time_does_not_cancel_what_its_caller_does() -> None:
    caller = CancelToken()
    with own_token(caller) as own:
        own.cancel()
        assert not caller.is_cancelled
    with own_token(caller) as own:
        caller.cancel()
        assert own.is_cancelled
    with own_token(caller) as own:
        assert own.is_cancelled
