"""What can be measured of one face, and when it is too poor to judge.

The bounds were chosen on the development pictures (``python -m tests.bench.quality`` prints the spread): each one for
enrolment refuses fewer than 1 in 100 of those that a person would call usable.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.detector import Detection
from privacyguard.model.picture import Quality

JUDGED_FROM_PX = 20
"""Smaller faces are counted as "could not judge": SFace sees 112 px, five times as many as are there."""

JUDGED_FROM_SHARPNESS = 4.0
"""Blurred beyond this, faces of different people look alike."""


def measure(pixels: NDArray[np.uint8], aligned: NDArray[np.uint8], detection: Detection, scale: float) -> Quality:
    """The quality of a face.

    Args:
        pixels: the decoded picture, RGB.
        aligned: the same face, 112 × 112 RGB.
        detection: where it is in ``pixels``.
        scale: original pixels per decoded pixel, so that ``size_px`` is told in original pixels.
    """
    grey = cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY)
    middle = grey[16:96, 16:96]
    sharpness = float(cv2.Laplacian(middle, cv2.CV_64F).var())
    size = float(min(detection.row[2], detection.row[3])) * scale
    return Quality(round(size), float(middle.mean()), sharpness, _yaw(detection), min(1.0, max(0.0, detection.score)))


def can_judge(quality: Quality) -> bool:
    """Whether a face is large and sharp enough for a comparison to mean something."""
    return quality.size_px >= JUDGED_FROM_PX and quality.sharpness >= JUDGED_FROM_SHARPNESS


def _yaw(detection: Detection) -> float:
    """The turn to the side, 0..1: how unevenly the nose divides the distance between the eyes."""
    right_eye, left_eye, nose = (detection.row[i : i + 2].astype(float) for i in (4, 6, 8))
    across = left_eye - right_eye
    length = float(np.hypot(*across))
    if length < 1e-6:
        return 1.0
    along = float(np.dot(nose - right_eye, across)) / (length * length)
    return float(min(1.0, abs(along - 0.5) * 2))
