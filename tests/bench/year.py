"""A year of the regular check in seconds: ``python -m tests.bench.year [PACE] [SEED...]`` prints JSON.

The check, its schedule, the notices and the vault (an encrypted file) are the program's own; the computer, its owner, the
services and the clock are a plan by a seed (``tests/support/guard_world.py``): sleep, holidays, travel over time zones, summer
time, no network, networks that cost, battery, presentations, work, a locked password store, wrong clocks, kills at
the first question of a check or after its last, services that are down from hours to a month.

``late``: from the first moment at which a due check could run (the computer was awake, online, plugged in ... or the patience
for that was over) to its start; ``doubled``: a place that answered was asked again before half its pace was over, by true
time; ``silence``: from when a check had found something that needs doing, and a notice could be given, to the notice, or until
the person saw it in the app. By a wrong clock, and by hand, asking again is counted apart.
"""

import json
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median

from privacyguard.model.guard import Pace
from tests.support.guard_world import made
from tests.support.guard_year import Year

IN_MEMORY = Path("/dev/shm")
SEEDS = (1, 2, 3)
_HOUR = timedelta(hours=1)


def figures() -> dict[str, object]:
    """The table of each pace, over all seeds."""
    return {f"guard_year_{pace.value}": table(pace, SEEDS) for pace in Pace}


def table(pace: Pace, seeds: tuple[int, ...]) -> dict[str, object]:
    """One table over several years."""
    return summed([one_year(pace, seed) for seed in seeds])


def one_year(pace: Pace, seed: int) -> "Year":
    """The year of this seed, lived through."""
    folder = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as home:
        year = Year(Path(home), made(seed), pace)
        year.live()
    return year


def summed(years: list["Year"]) -> dict[str, object]:
    """What was counted in all of them."""
    late_min = [each / timedelta(minutes=1) for year in years for each in year.late]
    silences = [each for year in years for each in year.silences]
    gaps = [each for year in years for each in year.notice_gaps]
    counted: Counter[str] = Counter()
    for year in years:
        counted.update(year.counted)
    return {
        "years": len(years),
        "checks_due": sum(year.due for year in years),
        "checks_run": counted["run"],
        "of_them_to_catch_up": counted["caught up"],
        "killed_in_a_check": counted["killed"],
        "late_median_min": round(median(late_min), 1),
        "late_longest_min": round(max(late_min), 1),
        "doubled": counted["doubled"],
        "asked_again_by_a_wrong_clock": counted["wrong clock"],
        "asked_again_by_hand": counted["by hand"],
        "notices": counted["notices"],
        "shortest_between_notices_h": round(min(gaps) / _HOUR, 1) if gaps else None,
        "news_that_need_doing": counted["news"],
        "of_them_told": counted["told"],
        "of_them_seen_in_the_app_first": counted["seen first"],
        "of_them_neither": counted["neither"],
        "leaks_never_found": counted["never found"],
        "silence_longest_h": round(max(silences) / _HOUR, 1) if silences else None,
        "silence_longest_awake_h": round(max(year.awake_silence for year in years) / _HOUR, 1),
        "silence_longest_by_a_wrong_clock_h": round(max(year.wrong_clock_silence for year in years) / _HOUR, 1),
        "wakings_a_day": round(sum(year.counted["wakings"] for year in years) / sum(year.days_awake for year in years)),
    }


def main() -> None:
    """One pace and some seeds of the caller's, or all of them."""
    pace, *seeds = sys.argv[1:] or [""]
    result = table(Pace(pace), tuple(map(int, seeds)) or SEEDS) if pace else figures()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
