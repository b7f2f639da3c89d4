"""A heap of pictures: how much memory the first scan takes over its time, and how fast the second one passes over it.

``python -m tests.bench.rescan [COUNT]``. The pictures are the development faces, re-encoded so that each differs in bytes
and size, in a folder that is thrown away (in memory where there is room). The first scan is a real one through the command
line, in a session with a real password store. Its memory is the proportional share (PSS, of ``/proc/<pid>/smaps_rollup``) of
the app and all its children together, read every half second (of a worker that only root may examine: all its resident
pages). "Growth" compares the most of the last ten seconds of the first 1,000 pictures (of the first quarter, with less than
4,000) with the most of all the time after that. The second scan is a command of its own too; files per second are by its
own summary, the best and the worst of three.
"""

import io
import itertools
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.support import lfw
from tests.support.commands import CommandLine
from tests.support.keyring_session import keyring_session

COUNT = 20_000
FIRST = 1_000
IN_MEMORY = Path("/dev/shm")
BYTES_EACH = 30_000
_EVERY_S = 0.5
_WINDOW = 20


def figures(count: int = COUNT) -> dict[str, object]:
    """Seconds, files per second, and megabytes."""
    with _folder(count) as top, keyring_session() as session:
        pictures = top / "pictures"
        _make(pictures, count)
        home = CommandLine(session, top / "home")
        enrolled = lfw.enrolled_pictures().popitem()[1][:5]
        done = home("enrol", "--consent", *enrolled)
        assert done.status == 0, done.err
        first, readings = _first_scan(home, pictures)
        assert first["seen"] == count and first["skipped_unchanged"] == first["unreadable"] == 0, first
        again = [_second_scan(home, pictures, first) for _ in range(3)]
    begin, later = _flatness(readings, count)
    return {
        "rescan_files": count,
        "rescan_first_scan_s": first["seconds"],
        "rescan_matches": first["matches"],
        "rescan_files_per_s": round(max(again)),
        "rescan_files_per_s_worst": round(min(again)),
        "rescan_memory_first_mb": round(begin, 1),
        "rescan_memory_later_mb": round(later, 1),
        "rescan_memory_growth_percent": round(100 * (later / begin - 1), 2),
        "rescan_memory_peak_mb": round(max(reading.mb for reading in readings), 1),
    }


@dataclass(frozen=True)
class _Reading:
    at_s: float
    mb: float


def _make(pictures: Path, count: int) -> None:
    """``count`` JPEG files, no two of one size (so none is compared by content), in folders of 500."""
    sources = [*lfw.strangers(), *(path for paths in lfw.enrolled_pictures().values() for path in paths)]
    taken: set[int] = set()
    for number, source in enumerate(itertools.islice(itertools.cycle(sources), count)):
        folder = pictures / f"{number // 500:03}"
        folder.mkdir(parents=True, exist_ok=True)
        encoded = io.BytesIO()
        with Image.open(source) as image:
            image.convert("RGB").save(encoded, "JPEG", quality=70 + number // len(sources) % 25)
        content = encoded.getvalue()
        # Bytes behind the picture's end are not part of it.
        size = next(size for size in itertools.count(len(content) + 1) if size not in taken)
        taken.add(size)
        (folder / f"IMG_{number:05}.jpg").write_bytes(content.ljust(size, b"\0"))


def _first_scan(home: CommandLine, pictures: Path) -> tuple[dict[str, Any], list[_Reading]]:
    readings: list[_Reading] = []
    with home.start("scan", pictures, "--json") as app:
        assert app.stdin is not None and app.stdout is not None
        app.stdin.close()
        out: list[bytes] = []
        reader = threading.Thread(target=lambda: out.extend(app.stdout or ()))
        reader.start()
        start = time.monotonic()
        while reader.is_alive():
            readings.append(_Reading(time.monotonic() - start, _memory_mb(app.pid)))
            reader.join(_EVERY_S)
        assert app.wait() == 0
    return json.loads(out[-1])["summary"], readings[:-1]


def _second_scan(home: CommandLine, pictures: Path, first: dict[str, Any]) -> float:
    done = home("scan", pictures, "--json", timeout_s=600)
    summary = done.lines[-1]["summary"]
    same = ("seen", "faces", "could_not_judge", "matches")
    assert all(summary[name] == first[name] for name in same), (summary, first)
    assert summary["skipped_unchanged"] == first["seen"]
    return float(summary["seen"] / summary["seconds"])


def _flatness(readings: list[_Reading], count: int) -> tuple[float, float]:
    """The memory at the end of the first pictures, and the most of any time after that, in MB."""
    end_s = readings[-1].at_s
    first_s = end_s * min(FIRST / count, 1 / 4)
    before = [reading.mb for reading in readings if reading.at_s <= first_s][-_WINDOW:]
    after = [reading.mb for reading in readings if reading.at_s > first_s]
    return max(before), max(after)


def _memory_mb(app: int) -> float:
    return sum(_pss_kb(pid) for pid in _family(app)) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        lists = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return
    for child in " ".join(lists).split():
        yield from _family(int(child))


def _pss_kb(pid: int) -> int:
    """Of a process that has ended: 0."""
    try:
        try:
            return _number_kb(pid, "smaps_rollup", "Pss:")
        except PermissionError:
            return _number_kb(pid, "status", "VmRSS:")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _number_kb(pid: int, file: str, name: str) -> int:
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


@contextmanager
def _folder(count: int) -> Iterator[Path]:
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > 2 * count * BYTES_EACH
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if has_room else None) as top:
        yield Path(os.path.realpath(top))


if __name__ == "__main__":
    print(json.dumps(figures(*map(int, sys.argv[1:])), indent=2))
