"""Finding faces: YuNet through OpenCV. Only worker processes import this module."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.weights import DETECTOR, checked_weights

DETECTION_PX = 1024
"""Longer side of the picture that faces are looked for in: 90 ms on one core at most (facts: face-engines.md)."""

SCORE_AT_LEAST = 0.6
OVERLAP_AT_MOST = 0.3
FACES_AT_MOST = 500


@dataclass(frozen=True)
class Detection:
    """One face in the decoded picture's pixels: YuNet's row of 15 numbers (box, 5 landmarks, score)."""

    row: NDArray[np.float32]

    @property
    def score(self) -> float:
        """The detector's own score, 0..1."""
        return float(self.row[14])


class Detector:
    """YuNet, loaded once per process. Raises :class:`WeightsDamaged` when its file is not ours."""

    def __init__(self, weights: Path) -> None:
        model = np.frombuffer(checked_weights(DETECTOR, weights), dtype=np.uint8)
        no_config = np.empty(0, dtype=np.uint8)
        self._net = cv2.FaceDetectorYN.create(
            "onnx", model, no_config, (320, 320), SCORE_AT_LEAST, OVERLAP_AT_MOST, FACES_AT_MOST
        )

    def detect(self, pixels: NDArray[np.uint8]) -> list[Detection]:
        """The faces in RGB pixels (height, width, 3), largest first. Pictures over DETECTION_PX are reduced for it."""
        height, width = pixels.shape[:2]
        scale = min(1.0, DETECTION_PX / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        if scale < 1.0:
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        self._net.setInputSize(size)
        rows: object = self._net.detect(image)[1]  # None where there is no face, whatever the stubs say
        if not isinstance(rows, np.ndarray):
            return []
        back = np.array([width / size[0], height / size[1]] * 7 + [1.0], dtype=np.float32)
        found = [Detection(np.asarray(row, dtype=np.float32) * back) for row in rows if np.isfinite(row).all()]
        return sorted(found, key=lambda detection: -float(detection.row[2] * detection.row[3]))
