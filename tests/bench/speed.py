"""Photos per second, against ``face_recognition``'s own command line and a bare loop: ``python -m tests.bench.speed``.

Pictures: ``PICTURES`` JPEG of 12 megapixels with 0 to 10 faces each, from 48 px up (development faces pasted, half of the
pictures with one of the person). All three look at the same files, each with two processes, one after the other:

- ``face_recognition --cpus 2 KNOWN FOLDER``, with one photo of the person; the whole process is timed;
- a scan as the app makes it: worker processes, a vault on disk, the second look on, from the first start of a worker to the
  last write; and the command ``privacyguard scan`` as a whole process with a real password store;
- a bare loop of the same decoding, looks and embeddings in two processes: no vault, no hashes, no checks, no limits.
"""

import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.look import Look
from privacyguard.checkup.scan import Scan, ScanCounts
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.faces.matching import best_match
from privacyguard.faces.weights import MODEL_ID
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import Candidate, PictureAnalysis
from privacyguard.model.progress import CancelToken
from privacyguard.vault.vault import Vault
from tests.bench.detection import jpeg
from tests.support.commands import CommandLine
from tests.support.keyring_session import keyring_session
from tests.support.keystores import MemoryKeyStore
from tests.support.lfw import FOLDER, enrolled_pictures, strangers
from tests.support.scenes import Pasted, found, scene

PICTURES, PROCESSES = 528, 2
SMALLEST_PX, LARGEST_PX = 48, 600
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_RUN = "import sys; from face_recognition.face_recognition_cli import main; sys.exit(main())"


def figures() -> dict[str, object]:
    """Seconds, ratios and shares found; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"speed": None, "speed_missing": "the development faces are not beside the project"}
    with tempfile.TemporaryDirectory() as folder:
        return {"speed": _figures(Path(folder))}


def _figures(place: Path) -> dict[str, object]:
    person, photos = max(enrolled_pictures().items(), key=lambda item: len(item[1]))
    truth = _make(place / "pictures", photos[5:])
    (place / "known").mkdir()
    (place / "known" / f"{person}.jpg").write_bytes(photos[0].read_bytes())
    theirs = _timed_cli(place)
    scanned, counts = _timed_scan(place, photos[:5])
    command = _timed_command(place, photos[:5])
    bare = _timed_bare(place / "pictures")
    return {
        "pictures": PICTURES,
        "faces pasted": sum(map(len, truth.values())),
        "face_recognition, whole process, s": round(theirs, 2),
        "scan, workers' start to last write, s": round(scanned, 2),
        "privacyguard scan, whole process, s": round(command, 2),
        "bare loop, processes' start to end, s": round(bare, 2),
        "pictures per second": round(PICTURES / scanned, 2),
        "times face_recognition's pictures per second": round(theirs / scanned, 2),
        "the same by whole processes": round(theirs / command, 2),
        "scan by bare loop": round(scanned / bare, 3),
        "matches": counts.matches,
        **_shares(place, truth, photos[:5], set(photos)),
    }


def _make(folder: Path, theirs: list[Path]) -> dict[Path, list[Pasted]]:
    folder.mkdir()
    chance = random.Random(12)
    truth = {}
    for number in range(PICTURES):
        faces = [(chance.choice(strangers()), _size(chance)) for _ in range(number % 11)]
        if faces and number % 2:
            faces[0] = (theirs[number % len(theirs)], faces[0][1])
        pixels, pasted = scene(faces, number)
        path = folder / f"{number:03}.jpg"
        path.write_bytes(jpeg(pixels, 88))
        truth[path] = pasted
    return truth


def _size(chance: random.Random) -> int:
    return int(SMALLEST_PX * float(LARGEST_PX / SMALLEST_PX) ** chance.random())


def _timed_cli(place: Path) -> float:
    folders = [str(place / "known"), str(place / "pictures")]
    command = [sys.executable, "-W", "ignore", "-c", _RUN, "--cpus", str(PROCESSES), *folders]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    if len({line.partition(",")[0] for line in done.stdout.splitlines()}) != PICTURES:
        raise RuntimeError("face_recognition did not look at every picture")
    return seconds


def _template(pool: AnalysisPool, photos: list[Path]) -> FaceTemplate:
    return FaceTemplate(enrolled_photos(judge([pool.analyse(p, cuts=True) for p in photos])), MODEL_ID, MOMENT)


def _timed_scan(place: Path, photos: list[Path]) -> tuple[float, ScanCounts]:
    with AnalysisPool(PROCESSES) as pool:
        template = _template(pool, photos)
    with Vault.open(place / "home", MemoryKeyStore(), clock=lambda: MOMENT) as vault:
        person = vault.add_person("Ann", Relation.ME, True)
        vault.save_template(person.person_id, template)
        files = sorted((place / "pictures").iterdir())
        candidates = [Candidate(path=f, size=f.stat().st_size, mtime_ns=f.stat().st_mtime_ns) for f in files]
        start = time.perf_counter()
        with AnalysisPool(PROCESSES) as pool:
            look = Look(vault.person(person.person_id), template, pool, frozenset())
            scan = Scan(look, vault, lambda: datetime.now(UTC))
            list(scan.matches(candidates, CancelToken()))
        return time.perf_counter() - start, scan.counts


def _timed_command(place: Path, photos: list[Path]) -> float:
    with keyring_session() as session:
        run = CommandLine(session, place / "command")
        if run("enrol", "--consent", *photos).status != 0:
            raise RuntimeError("not enrolled")
        start = time.perf_counter()
        done = run("scan", place / "pictures", "--json", timeout_s=1200)
        seconds = time.perf_counter() - start
        if done.status != 0 or done.lines[-1]["summary"]["seen"] != PICTURES:
            raise RuntimeError("not scanned")
        return seconds


def _timed_bare(folder: Path) -> float:
    files = sorted(map(str, folder.iterdir()))
    start = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    halves = [context.Process(target=bare_loop, args=(files[part::PROCESSES],)) for part in range(PROCESSES)]
    for each in halves:
        each.start()
    for each in halves:
        each.join()
        if each.exitcode != 0:
            raise RuntimeError("the bare loop failed")
    return time.perf_counter() - start


def bare_loop(files: list[str]) -> None:
    """Decode, look, align, embed: nothing else."""
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    import cv2

    from privacyguard.analysis.looker import DECODED_PX
    from privacyguard.faces.detector import Detector
    from privacyguard.faces.embedder import Embedder
    from privacyguard.faces.weights import weights_folder
    from privacyguard.pictures.decode import load

    cv2.setNumThreads(1)
    detector, embedder = Detector(weights_folder()), Embedder(weights_folder())
    for file in files:
        pixels = load(Path(file), DECODED_PX).pixels
        embedder.embed([embedder.align(pixels, detection) for detection in detector.detect(pixels)])


def _shares(place: Path, truth: dict[Path, list[Pasted]], photos: list[Path], theirs: set[Path]) -> dict[str, float]:
    """How many of the pasted faces were counted, and of the person's found, in the same pictures."""
    hits, person_hits, person_faces = 0, 0, 0
    with AnalysisPool(PROCESSES) as pool:
        template = _template(pool, photos)
        for candidate, analysis in pool.analyse_each((Candidate(path=path) for path in truth), CancelToken()):
            path = candidate.path
            if path is None or not isinstance(analysis, PictureAnalysis):
                raise RuntimeError("not looked at")
            match = best_match(template, analysis, Relation.ME, partial(pool.second_opinion, path))
            for pasted in truth[path]:
                face = found(pasted, analysis.faces)
                hits += face is not None
                if pasted.source in theirs:
                    person_faces += 1
                    person_hits += match is not None and match.face is face
    return {
        "pasted faces counted": round(hits / sum(map(len, truth.values())), 4),
        "person's faces": person_faces,
        "person's faces found": round(person_hits / person_faces, 4),
    }


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
