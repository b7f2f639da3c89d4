"""A face as a direction of 128 numbers: SFace through OpenCV. Only worker processes import this module."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.detector import Detection
from privacyguard.faces.weights import EMBEDDER, checked_weights
from privacyguard.model.picture import Embedding

ALIGNED_PX = 112


class Embedder:
    """SFace, loaded once per process. Raises :class:`WeightsDamaged` when its file is not ours."""

    def __init__(self, weights: Path) -> None:
        model = np.frombuffer(checked_weights(EMBEDDER, weights), dtype=np.uint8)
        self._net = cv2.FaceRecognizerSF.create("onnx", model, np.empty(0, dtype=np.uint8))

    def align(self, pixels: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """The face turned upright and cut to 112 × 112 BGR pixels, by its five landmarks."""
        image = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        return np.asarray(self._net.alignCrop(image, detection.row), dtype=np.uint8)

    def embed(self, aligned: NDArray[np.uint8]) -> Embedding | None:
        """The unit-length embedding of an aligned face, or None where the net gives no direction."""
        vector = self._net.feature(aligned).flatten().astype(np.float64)
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length < 1e-6:
            return None
        # Rounded to what is stored (float32), so that a kept and a fresh embedding are the same.
        return tuple(float(number) for number in (vector / length).astype(np.float32))
