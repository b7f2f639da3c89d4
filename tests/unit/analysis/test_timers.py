"""Alarms: what is due happens once, what was called off does not, and one thread is there for all."""

import threading
import time

import pytest

from privacyguard.analysis.timers import Alarms

PATIENCE_S = 10.0


def test_what_is_due_first_happens_first_also_when_it_was_set_last() -> None:
    alarms, rung, all_rung = Alarms(), list[str](), threading.Event()
    alarms.set(0.2, lambda: rung.append("late"))
    alarms.set(0.25, all_rung.set)
    alarms.set(0.1, lambda: rung.append("middle"))
    alarms.set(0.02, lambda: rung.append("early"))
    assert all_rung.wait(PATIENCE_S)
    assert rung == ["early", "middle", "late"]


def test_what_was_called_off_does_not_happen() -> None:
    alarms, rung, last = Alarms(), list[str](), threading.Event()
    off = alarms.set(0.02, lambda: rung.append("off"))
    alarms.set(0.1, last.set)
    off.cancel()
    off.cancel()
    assert last.wait(PATIENCE_S)
    assert rung == []


def test_nothing_happens_before_its_time() -> None:
    alarms, rung = Alarms(), threading.Event()
    start = time.monotonic()
    alarms.set(0.15, rung.set)
    assert rung.wait(PATIENCE_S)
    assert time.monotonic() - start >= 0.15


def test_one_thread_is_there_for_all() -> None:
    before = threading.active_count()
    alarms = Alarms()
    for alarm in [alarms.set(60, lambda: None) for _each in range(500)]:
        alarm.cancel()
    assert threading.active_count() == before + 1


def test_an_alarm_that_failed_costs_none_that_is_set_later(monkeypatch: pytest.MonkeyPatch) -> None:
    told, rung = list[threading.Thread | None](), threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda fault: told.append(fault.thread))

    def fail() -> None:
        raise OSError

    alarms = Alarms()
    alarms.set(0.0, fail)
    deadline = time.monotonic() + PATIENCE_S
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    (ended,) = told
    assert ended is not None
    ended.join(PATIENCE_S)
    alarms.set(0.01, rung.set)
    assert rung.wait(PATIENCE_S)
