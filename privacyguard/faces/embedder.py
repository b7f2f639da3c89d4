"""A face as a direction of 128 numbers: SFace. Only worker processes import this module."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.detector import Detection
from privacyguard.faces.network import Network, has_bfloat16
from privacyguard.faces.onnx_file import read_graph
from privacyguard.faces.ranges import EMBEDDER_APART_RANGES, EMBEDDER_RANGES
from privacyguard.faces.weights import EMBEDDER, checked_weights
from privacyguard.model.picture import Embedding

ALIGNED_PX = 112
TOGETHER = 4
"""Faces of a picture that are embedded in one go. More are no quicker."""

_POINTS = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
"""Where the landmarks of an aligned face are, in pixels. SFace was trained with them (OpenCV: face_recognize.cpp)."""


class Embedder:
    """SFace, loaded once per process. Raises :class:`WeightsDamaged` when its file is not ours."""

    def __init__(self, weights: Path) -> None:
        graph = read_graph(checked_weights(EMBEDDER, weights))
        ranges = EMBEDDER_RANGES if has_bfloat16() else EMBEDDER_RANGES | EMBEDDER_APART_RANGES
        self._net = Network(graph, ["fc1"], ranges)

    def align(self, pixels: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        """The face turned upright and cut to 112 x 112 RGB pixels, by its five landmarks."""
        movement = _similarity(detection.row[4:14].reshape(5, 2).astype(np.float64))
        return np.asarray(cv2.warpAffine(pixels, movement, (ALIGNED_PX, ALIGNED_PX)), dtype=np.uint8)

    def embed(self, aligned: Sequence[NDArray[np.uint8]]) -> list[Embedding | None]:
        """The unit-length embedding of each aligned face, or None where the net gives no direction.

        Several in one go: the net's numbers are fetched from memory once.
        """
        embeddings: list[Embedding | None] = []
        for start in range(0, len(aligned), TOGETHER):
            vectors = self._net.run(np.stack(aligned[start : start + TOGETHER]))[0]
            embeddings += [_direction(vector.astype(np.float64)) for vector in vectors]
        return embeddings


def _direction(vector: NDArray[np.float64]) -> Embedding | None:
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length < 1e-6:
        return None
    # Rounded to what is stored (float32), so that a kept and a fresh embedding are the same.
    return tuple((vector / length).astype(np.float32).tolist())


def _similarity(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turn, scale and shift (2, 3) that brings five points (5, 2) nearest to :data:`_POINTS`, by least squares.

    S. Umeyama, Least-squares estimation of transformation parameters between two point patterns, 1991, without mirroring.
    """
    middle, aim = points.mean(axis=0), _POINTS.mean(axis=0)
    centred, aimed = points - middle, _POINTS - aim
    size = float((centred**2).sum())
    if size < 1e-9:
        return np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    cosine = float((centred * aimed).sum()) / size
    sine = float((centred[:, 0] * aimed[:, 1] - centred[:, 1] * aimed[:, 0]).sum()) / size
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.concatenate([turn, (aim - turn @ middle)[:, None]], axis=1)
