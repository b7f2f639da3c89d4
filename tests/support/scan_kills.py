"""Kills a scan, or its workers, at moments by chance, and compares what is known at the end with an undisturbed scan.

Used by ``tests/bench/kills.py`` and ``tests/integration/test_scan_kills.py``.
"""

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.commands import CommandLine

WORKER_BEGINS_S = 2.0
"""A worker younger than this loads its models: to kill each one then would only keep the scan from ever beginning."""


@dataclass(frozen=True)
class Known:
    """What a home knows of a folder: the matches by path and the counts, without what differs from scan to scan."""

    matches: tuple[tuple[str, tuple[int, ...], float, str], ...]
    counts: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, str], ...]


class Kills:
    """``home``: with a face pattern and no scan so far; each round begins with a copy of it (and so with its key)."""

    def __init__(self, home: CommandLine, folder: Path, seed: int) -> None:
        self._home = home
        self._folder = folder
        self._chance = random.Random(seed)
        self._copies = 0

    def undisturbed(self) -> tuple[Known, float]:
        """What a scan that nobody disturbs brings, and how many seconds it takes."""
        copy = self._copy()
        start = time.monotonic()
        done = copy("scan", self._folder, "--json", timeout_s=3600)
        seconds = time.monotonic() - start
        assert done.status == 0, done.err
        return self._known(copy, done.lines), seconds

    def of_the_app(self, count: int, expected: Known, seconds: float) -> dict[str, int]:
        """Kill the app ``count`` times, within ``seconds`` after its start, and let the scan finish.

        A round ends when a scan was quicker than its kill; then the next one begins. Raises AssertionError where something
        is lost, twice, or other than in the undisturbed scan.
        """
        kills = rounds = 0
        while kills < count:
            rounds += 1
            copy, before = self._copy(), set[tuple[str, str]]()
            while kills < count and self._is_killed(copy, self._chance.uniform(0, seconds)):
                kills += 1
                after = _findings(copy)
                assert len(after) == len(set(after)), "a finding twice"
                assert before <= set(after), "a finding was lost"
                before = set(after)
            last = copy("scan", self._folder, "--json", timeout_s=3600)
            assert last.status == 0, last.err
            _same(self._known(copy, last.lines), expected)
            self._nothing_is_left_to_do(copy, expected)
        return {"kills": kills, "rounds": rounds}

    def of_workers(self, count: int, expected: Known, pause_s: float) -> dict[str, int]:
        """Kill a worker ``count`` times while scans run, each within ``pause_s`` after the one before; raises as above."""
        kills = rounds = 0
        while kills < count:
            rounds += 1
            copy = self._copy()
            with copy.start("scan", self._folder, "--json") as app:
                assert app.stdout is not None and app.stdin is not None
                app.stdin.close()
                reader = _Reader(app.stdout.read)
                while app.poll() is None and kills < count:
                    kills += _kill_one(app.pid, self._chance)
                    reader.wait(self._chance.uniform(0, pause_s))
                lines = [json.loads(line) for line in reader.all().splitlines()]
                assert app.wait() == 0
            _same(self._known(copy, lines), expected)
            self._nothing_is_left_to_do(copy, expected)
        return {"kills": kills, "rounds": rounds}

    def _copy(self) -> CommandLine:
        self._copies += 1
        folder = self._home.folder.with_name(f"copy-{self._copies}")
        shutil.copytree(self._home.folder, folder)
        return replace(self._home, folder=folder)

    def _is_killed(self, copy: CommandLine, after_s: float) -> bool:
        with copy.start("scan", self._folder, "--json") as app:
            assert app.stdout is not None
            reader = _Reader(app.stdout.read)
            reader.wait(after_s)
            app.kill()
            reader.all()
            return app.wait() == -signal.SIGKILL

    def _known(self, copy: CommandLine, lines: Sequence[Any]) -> Known:
        *matches, last = lines
        counts = last["summary"]
        names = ("seen", "unreadable", "could_not_judge", "faces", "matches")
        found = [(one["path"], tuple(one["box"]), one["similarity"], one["closeness"]) for one in matches]
        assert len(found) == len({path for path, *_ in found}), "a file twice"
        return Known(
            tuple(sorted(found)), tuple((name, counts[name]) for name in names), tuple(sorted(_findings(copy)))
        )

    def _nothing_is_left_to_do(self, copy: CommandLine, expected: Known) -> None:
        again = copy("scan", self._folder, "--json", timeout_s=600)
        _same(self._known(copy, again.lines), expected)
        summary = again.lines[-1]["summary"]
        assert summary["skipped_unchanged"] + summary["unreadable"] == summary["seen"]
        assert all(match["remembered"] for match in again.lines[:-1])


def _same(known: Known, expected: Known) -> None:
    """Raises AssertionError with what differs, without naming the whole."""
    pairs = ((known.matches, expected.matches), (known.counts, expected.counts), (known.findings, expected.findings))
    differs = [set(one) ^ set(other) for one, other in pairs if one != other]
    assert not differs, differs


class _Reader:
    """Reads a stream to its end in a thread, so that nobody waits at a full pipe; ``wait`` ends early with the stream."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._threads = ThreadPoolExecutor(1)
        self._content = self._threads.submit(read)

    def wait(self, seconds: float) -> None:
        """Wait, at most until the stream ends."""
        wait([self._content], timeout=seconds)

    def all(self) -> bytes:
        """Everything until the end."""
        content = self._content.result()
        self._threads.shutdown()
        return content


def _findings(copy: CommandLine) -> list[tuple[str, str]]:
    """Key and place of each finding that the vault holds."""
    done = copy("findings", "--json")
    assert done.status == 0, done.err
    return [(finding["key"], finding["evidence"]["picture"]) for finding in done.json]


def _kill_one(app: int, chance: random.Random) -> int:
    """Kill a worker that has begun; 1, or 0 where there is none just now."""
    begun = [pid for pid in _children(app) if _is_worker(pid) and _age_s(pid) >= WORKER_BEGINS_S]
    if not begun:
        return 0
    os.kill(chance.choice(begun), signal.SIGKILL)
    return 1


def _children(pid: int) -> list[int]:
    try:
        lists = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        return sorted(int(child) for each in lists for child in each.read_text().split())
    except FileNotFoundError:
        return []  # it ended


def _is_worker(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _age_s(pid: int) -> float:
    try:
        started = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")
