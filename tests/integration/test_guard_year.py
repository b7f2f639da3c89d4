"""A year of the regular check, in seconds: nothing twice, nothing missed, never two notices within a day."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.checkup import schedule
from privacyguard.model.guard import GuardState, Pace
from tests.bench.year import one_year, summed
from tests.support.guard_world import DAY, SLOTS, made
from tests.support.guard_year import Year

pytestmark = pytest.mark.timeout(300)


def test_a_year_is_made_of_everything_that_can_come_in_the_way_and_the_same_each_time() -> None:
    world, again, other = made(4), made(4), made(5)
    flags = ("awake", "offline", "metered", "battery", "presenting", "busy", "locked")
    assert all(any(getattr(world, name)) and not all(getattr(world, name)) for name in flags)
    assert all(getattr(world, name) == getattr(again, name) for name in flags)
    assert world.awake != other.awake and world.leaks == again.leaks != other.leaks
    assert len(set(world.zones)) == 4 and any(world.offsets) and len(world.started) > 50 and len(world.woke) > 50
    assert all(any(down) for down in world.down.values()) and len(world.leaks) >= 16
    asleep = max(map(len, bytes(world.awake).split(b"\x01")))
    assert asleep > 14 * DAY and len(world.awake) == SLOTS


@pytest.mark.parametrize(("pace", "seed"), [(Pace.WEEKLY, 4), (Pace.MONTHLY, 5)])
def test_in_a_year_nothing_is_doubled_or_missed_and_notices_are_a_day_apart(pace: Pace, seed: int) -> None:
    year = one_year(pace, seed)
    counted = year.counted
    assert counted["run"] >= {Pace.WEEKLY: 40, Pace.MONTHLY: 10}[pace]
    assert counted["doubled"] == 0
    assert counted["never found"] == counted["neither"] == 0
    assert counted["news"] >= 5 and counted["told"] + counted["seen first"] >= counted["news"] - 1
    assert counted["notices"] >= 3 and min(year.notice_gaps) >= timedelta(days=1)
    # A timer of half an hour, five minutes after waking, an hour after each kill in a row.
    assert max(year.late) <= timedelta(minutes=40) + (counted["killed"] > 0) * timedelta(hours=2)
    # One notice a day; what comes after it waits for the next day, and then for the computer to be awake.
    assert max(year.silences) <= timedelta(days=4) and year.awake_silence <= timedelta(hours=24)
    table = summed([year])
    assert table["checks_run"] == counted["run"] and table["doubled"] == 0


def test_the_count_sees_a_schedule_that_asks_too_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_soon(state: GuardState, began_at: datetime, now: datetime, *others: object, **more: object) -> GuardState:
        return replace(state, due_at=now + timedelta(hours=6), last_end_at=now, trying_since=None)

    monkeypatch.setattr(schedule, "ended", too_soon)
    monkeypatch.setattr(schedule, "sources_due", lambda source_ids, *others, **more: frozenset(source_ids))
    year = Year(tmp_path, made(4), Pace.WEEKLY)
    year.live(20 * DAY)
    assert year.counted["doubled"] >= 10
