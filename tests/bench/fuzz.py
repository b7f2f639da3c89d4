"""2,000 broken and hostile pictures and videos through real workers: ``python -m tests.bench.fuzz``.

The method: one seed makes all files (``tests/support/fuzz.py``), each is opened from disk by the pool as in a scan, and timed
from the question to the answer, which includes waiting for a worker that is replaced. Files that are none (pipes, links,
folders, 10 GB of nothing) come on top.
"""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from privacyguard.analysis.pool import PICTURE_TIMEOUT_S, VIDEO_TIMEOUT_S, AnalysisPool
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from tests.support.fuzz import special_files, specimens, write

FILES, SEED = 2_000, 20
_VIDEOS = frozenset({".mp4", ".mov", ".webm", ".mkv", ".avi"})


@dataclass(frozen=True)
class Told:
    """What the pool said of one file, and after how many seconds."""

    path: Path
    kind: str
    outcome: str
    seconds: float


def look_at_all(files: Iterable[tuple[Path, str]], pool: AnalysisPool) -> list[Told]:
    """Each file (path, kind) once, on as many threads as the pool has workers."""

    def look(file: tuple[Path, str]) -> Told:
        path, kind = file
        start = time.monotonic()
        try:
            pool.analyse(path)
            outcome = "looked at"
        except PictureUnreadable as error:
            outcome = Unreadable(error.reason).value
        seconds = time.monotonic() - start
        return Told(path, kind, outcome, seconds)

    with ThreadPoolExecutor(pool.workers) as threads:
        return list(threads.map(look, files))


def figures() -> dict[str, object]:
    """Files, outcomes, crashes and times, and what was slowest beside its limit."""
    with tempfile.TemporaryDirectory() as name, AnalysisPool() as pool:
        folder = Path(name)
        (folder / "files").mkdir()
        files = [(write(each, folder / "files"), each.kind) for each in specimens(FILES, SEED, folder)]
        files += [(path, "special") for path in special_files(folder / "special")]
        start = time.monotonic()
        told = look_at_all(files, pool)
        seconds = time.monotonic() - start
    return {"fuzz": summary(told, len(files)) | {"seconds": round(seconds, 1)}}


def summary(told: list[Told], asked: int) -> dict[str, object]:
    """What came of it."""
    videos = [each for each in told if each.path.suffix in _VIDEOS]
    pictures = [each for each in told if each.path.suffix not in _VIDEOS]
    slowest = sorted(told, key=lambda each: -each.seconds)[:5]
    return {
        "files": asked,
        "counted": len(told),
        "outcomes": dict(Counter(each.outcome for each in told).most_common()),
        "kinds": dict(sorted(Counter(each.kind for each in told).items())),
        "crashed workers": [each.path.name for each in told if each.outcome == Unreadable.CRASHED],
        "timed out": [each.path.name for each in told if each.outcome == Unreadable.TIMED_OUT],
        "slowest picture s": round(max(each.seconds for each in pictures), 2),
        "limit of a picture s": PICTURE_TIMEOUT_S,
        "slowest video s": round(max(each.seconds for each in videos), 2),
        "limit of a video s": VIDEO_TIMEOUT_S,
        "slowest": [f"{each.path.name}: {each.seconds:.2f} s, {each.outcome}" for each in slowest],
    }


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
