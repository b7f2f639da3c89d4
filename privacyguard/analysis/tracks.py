"""The different faces of a video: each once, from the frame that shows it best. Pure Python."""

from dataclasses import dataclass, field

from privacyguard.faces.matching import cosine
from privacyguard.model.picture import Face

SAME_FROM = 0.5
"""Two faces of one video this alike are the same person's: strangers hardly ever are (facts: face-engines.md)."""

FACES_AT_MOST = 300
ALIGNED_PX = 112


@dataclass
class Tracks:
    """What was seen of a video so far."""

    _kept: list[Face] = field(default_factory=list)
    _unjudged: list[Face] = field(default_factory=list)

    def add(self, frame: list[Face]) -> None:
        """The faces of one more frame."""
        unjudged = [face for face in frame if face.embedding is None]
        if len(unjudged) > len(self._unjudged):
            self._unjudged = unjudged
        for face in frame:
            self._keep(face)

    @property
    def faces(self) -> list[Face]:
        """Each different face in its best frame, and the most faces at once that were too poor to tell."""
        return [*self._kept, *self._unjudged][:FACES_AT_MOST]

    def _keep(self, face: Face) -> None:
        if face.embedding is None:
            return
        alike = [
            (cosine(kept.embedding, face.embedding), place)
            for place, kept in enumerate(self._kept)
            if kept.embedding is not None
        ]
        most, place = max(alike, default=(-1.0, 0))
        if most < SAME_FROM:
            self._kept.append(face)
        elif shown(face) > shown(self._kept[place]):
            self._kept[place] = face


def shown(face: Face) -> float:
    """How well a face can be seen, higher is better: large enough, sure, turned to the camera, sharp."""
    quality = face.quality
    sharp = min(quality.sharpness, 100.0) / 100.0
    return min(quality.size_px, ALIGNED_PX) * quality.score * (1.0 - 0.5 * quality.yaw) * (0.5 + 0.5 * sharp)
