"""A vault, a folder and a pool whose pictures say themselves what is in them: the logic of a scan without models.

The pool is the real one but for the look into a file: what it says is written in the file (:func:`picture`).
"""

import hashlib
import json
import math
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.look import Look
from privacyguard.checkup.scan import Scan, ScanMatch
from privacyguard.errors import PictureUnreadable
from privacyguard.faces.matching import cosine, unit_mean
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import (
    Box,
    Candidate,
    Embedding,
    Face,
    FaceCut,
    Fingerprint,
    PictureAnalysis,
    Quality,
    SecondOpinion,
    Unreadable,
)
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.folder import Folders
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import cut, embedding, template

MODEL_ID = template(1).model_id
BEGINNING = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
ANN, STRANGER = 1, 99
FACE = Box(10, 20, 50, 60)
PHASH = "5a" * 8
"""Far from those of the photos that the person chose."""


def picture(*faces: float, box: Box = FACE, phash: str = PHASH, scene: str | None = None, more: str = "") -> bytes:
    """The content of a picture; ``more`` makes it another picture.

    ``faces``: whole numbers are the seeds of their embeddings, 0 is one that cannot be judged; a share below 1 is a face
    this much like Ann's. ``scene``: its hash, 36 hex digits.
    """
    said = {"faces": faces, "box": [box.x, box.y, box.w, box.h], "phash": phash, "scene": scene, "more": more}
    return HEAD + json.dumps(said).encode()


class TellingPool(AnalysisPool):
    """``looked_at``: the files in their order; ``crashes``: how often the look into a file of this name ends the worker."""

    def __init__(self, workers: int = 2) -> None:
        super().__init__(workers)
        self.looked_at: list[str] = []
        self.crashes: dict[str, int] = {}
        self.crashes_at_cut: dict[str, int] = {}
        self._list = threading.Lock()

    def analyse(
        self,
        source: Path | bytes,
        *,
        cuts: bool = False,
        own: bool = False,
        hidden: bool = False,
        cancel: CancelToken | None = None,
    ) -> PictureAnalysis:
        """What the file says. Raises PictureUnreadable for a crash and for what is no picture of this module."""
        assert isinstance(source, Path)
        with self._list:
            self.looked_at.append(source.name)
        _crash(self.crashes, source.name)
        if not source.exists():
            raise PictureUnreadable(Unreadable.GONE)
        content = source.read_bytes()
        try:
            said = json.loads(content.removeprefix(HEAD))
        except ValueError:
            raise PictureUnreadable(Unreadable.BROKEN) from None
        fingerprint = Fingerprint(said["phash"], said["phash"], said["scene"] or f"5c{said['phash']}", said["scene"])
        faces = tuple(_face(seed, Box(*said["box"])) for seed in said["faces"])
        sha256 = hashlib.sha256(content).hexdigest()
        return PictureAnalysis(400, 300, "PNG", sha256, said["phash"], MODEL_ID, faces, fingerprint)

    def cut(self, source: Path | bytes, face: Face, cancel: CancelToken | None = None) -> FaceCut:
        """A small cut."""
        assert isinstance(source, Path)
        _crash(self.crashes_at_cut, source.name)
        return cut(1)

    def second_opinion(
        self, source: Path | bytes, face: Face, cancel: CancelToken | None = None
    ) -> SecondOpinion | None:
        """None: no doubt in these pictures needs one."""
        return None


class ScanBench:
    """``now``: the time of the next scan. ``scan()`` reads the person anew, so that a new face pattern counts."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.now = BEGINNING
        self.folder = folder
        self.pool = TellingPool()
        self.vault = Vault.open(home, MemoryKeyStore(), clock=lambda: self.now)
        self.person_id = self.vault.add_person("Ann", Relation.ME, True).person_id
        self.vault.save_template(self.person_id, template(ANN))
        folder.mkdir(exist_ok=True)

    def close(self) -> None:
        """Close vault and pool."""
        self.vault.close()
        self.pool.close()

    def write(self, name: str, content: bytes) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def enrol(self, face: FaceTemplate) -> None:
        """Another face pattern."""
        self.vault.save_template(self.person_id, face)

    def scan(self) -> Scan:
        """A new scan."""
        person = self.vault.person(self.person_id)
        assert person.template is not None
        look = Look(person, person.template, self.pool, self.vault.not_me(self.person_id))
        return Scan(look, self.vault, lambda: self.now)

    def candidates(self, *places: Path) -> Iterator[Candidate]:
        """The walk through the folder, or through these places."""
        gateway = Network(lambda _: None, NetSettings("PrivacyGuard/test")).bind(Folders.info, CancelToken())
        return Folders().search(PictureQuery(folders=places or (self.folder,)), gateway)

    def run(self, *places: Path, fresh: bool = False) -> tuple[Scan, dict[str, ScanMatch]]:
        """A scan to its end, and its matches by the name of the file. ``pool.looked_at`` begins anew."""
        self.pool.looked_at.clear()
        scan = self.scan()
        found = {Path(match.path).name: match for match in scan.matches(self.candidates(*places), CancelToken(), fresh)}
        return scan, found


def _face(face: float, box: Box) -> Face:
    points = ((20.0, 30.0), (40.0, 30.0), (30.0, 40.0), (22.0, 55.0), (38.0, 55.0))
    return Face(box, points, Quality(50, 120.0, 50.0, 0.0, 0.9), _embedding(face))


def _embedding(face: float) -> Embedding | None:
    if isinstance(face, int):
        return embedding(face) if face else None
    hers, other = embedding(ANN), embedding(STRANGER)
    common = cosine(hers, other)
    across = unit_mean((tuple(o - common * h for h, o in zip(hers, other, strict=True)),))
    return tuple(face * h + math.sqrt(1 - face * face) * a for h, a in zip(hers, across, strict=True))


def _crash(left: dict[str, int], name: str) -> None:
    if left.get(name, 0) > 0:
        left[name] -= 1
        raise PictureUnreadable(Unreadable.CRASHED)
