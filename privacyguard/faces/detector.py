"""Finding faces: which parts of a picture are looked at, how closely, and which way up. Only worker processes import it.

One look at the whole picture costs by its pixels, so the first one is at about 1,000 px, where a face of 10 px is at least
suspected. Each suspicion is looked at by itself, enlarged, which is quick and sure. Where many small faces are found, or none
at all, the whole picture is looked at closely; a picture without a clear face is turned. Figures: ``python -m
tests.bench.detection``.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.yunet import Pixels, Rows, YuNet, once

FIRST_LOOK_PX = 1024
CLOSE_LOOK_PX = 1500
"""Of 480 faces of 48 px in 4,000 all are suspected at this size, and enlarged from what was decoded."""

COARSE_LOOK_PX = 320
"""For faces that fill the picture: the detector misses those of more than about 350 px."""

SURE_FROM = 0.6
"""A face, by the detector's own score."""

SMALL_PX = 28
"""In a look: smaller faces are looked at again by themselves, for their landmarks too."""

SUSPECTED_FROM = 0.1
ENLARGED_PX = 40
"""What the side of a suspected face is enlarged or reduced to, in the middle of a square of PATCH_PX."""

PATCH_PX = 128
ENLARGED_SURE_FROM = 0.8
"""Measured on faces of 24 px that the look before gave 0.2 to 0.5: all had 0.85 or more, nearly all of what was no face less
than 0.7."""

CROWD = 8
"""Small faces from which on the whole picture is looked at closely: the first look misses some 5 in 100 of 12 px."""

CLEAR_FROM = 0.905
"""Nearly all upright portraits of the development pictures have a higher score, no turned one has."""

TURNED_LOOK_PX = 512
TURNED_BETTER_BY = 0.01

_NONE = np.empty((0, 15), dtype=np.float32)


@dataclass(frozen=True)
class Detection:
    """One face in the decoded picture's pixels: box (x, y, w, h), 5 landmarks (x, y) and score, float32 (15,)."""

    row: NDArray[np.float32]

    @property
    def score(self) -> float:
        """The detector's own score, 0..1."""
        return float(self.row[14])


class Detector:
    """YuNet, loaded once per process. Raises :class:`WeightsDamaged` when its file is not ours."""

    def __init__(self, weights: Path) -> None:
        self._net = YuNet(weights)

    def detect(self, pixels: Pixels) -> list[Detection]:
        """The faces in RGB pixels (height, width, 3), largest first.

        A face that lies on its side or head has its landmarks where they are, so that it is aligned like any other.
        """
        rows = self._upright(pixels)
        best = float(rows[:, 14].max(initial=0.0))
        if best < CLEAR_FROM:
            turns = self._best_turns(pixels, best)
            if turns:
                turned = self._upright(np.ascontiguousarray(np.rot90(pixels, turns)))
                rows = turned_back(turned, turns, pixels.shape[1], pixels.shape[0])
        return [Detection(row) for row in sorted(rows, key=lambda row: -float(row[2] * row[3]))]

    def _upright(self, pixels: Pixels) -> Rows:
        small, times = reduced(pixels, FIRST_LOOK_PX)
        coarse, more_times = reduced(pixels, COARSE_LOOK_PX)
        large = self._look(coarse, SURE_FROM, more_times) if more_times > times else _NONE
        found = self._settled(pixels, np.concatenate([self._look(small, SUSPECTED_FROM, times), large]), times)
        is_crowd = (found[:, 2:4].min(axis=1) < SMALL_PX * times).sum() >= CROWD if len(found) else True
        if times == 1 or not is_crowd:
            return found
        closer, less = _no_larger(pixels, CLOSE_LOOK_PX)
        return once(np.concatenate([found, self._settled(pixels, self._look(closer, SUSPECTED_FROM, less), less)]))

    def _look(self, pixels: Pixels, score: float, times: float) -> Rows:
        rows = self._net.look(pixels, score)
        rows[:, :14] *= times
        return rows

    def _settled(self, pixels: Pixels, suspected: Rows, times: float) -> Rows:
        """What is a face of what was suspected in a look at the picture, made smaller by ``times``."""
        faces = []
        for row in once(suspected):
            is_sure, is_small = row[14] >= SURE_FROM, min(row[2:4]) < SMALL_PX * times
            if is_sure and not is_small:
                faces.append(row)
                continue
            enlarged = self._enlarged(pixels, row)
            if enlarged is not None and enlarged[14] >= (SURE_FROM if is_sure else ENLARGED_SURE_FROM):
                faces.append(enlarged)
        return once(np.stack(faces)) if faces else _NONE

    def _enlarged(self, pixels: Pixels, row: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """The face in the place of ``row``, looked at by itself, or None."""
        scale = ENLARGED_PX / max(1.0, float(min(row[2:4])))
        middle = (row[:2] + row[2:4] / 2).astype(np.float64)
        corner = middle - PATCH_PX / 2 / scale
        movement = np.array([[scale, 0.0, -scale * corner[0]], [0.0, scale, -scale * corner[1]]])
        flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        patch = cv2.warpAffine(pixels, movement, (PATCH_PX, PATCH_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        rows = self._net.look(np.asarray(patch, dtype=np.uint8), SURE_FROM)
        rows[:, :14] /= scale
        rows[:, 0:14:2] += corner[0]
        rows[:, 1:14:2] += corner[1]
        rows[:, 2:4] -= corner  # a size does not move
        off = np.abs(rows[:, :2] + rows[:, 2:4] / 2 - middle).max(axis=1)
        same = rows[off < min(row[2:4]) / 2]
        return same[0] if len(same) else None

    def _best_turns(self, pixels: Pixels, upright: float) -> int:
        """By how many quarters (anticlockwise) the picture has to be turned for its clearest face, 0 where it is upright."""
        small, _times = reduced(pixels, TURNED_LOOK_PX)
        scores = {0: upright + TURNED_BETTER_BY}
        for turns in (1, 2, 3):
            rows = self._net.look(np.rot90(small, turns), SURE_FROM)
            scores[turns] = float(rows[:, 14].max(initial=0.0))
        return max(scores, key=lambda turns: scores[turns])


def reduced(pixels: Pixels, longest_px: int) -> tuple[Pixels, int]:
    """The picture at about this longer side, and how many times smaller it is: a whole number, so that it is quick."""
    height, width = pixels.shape[:2]
    times = max(1, round(max(height, width) / longest_px))
    if times == 1:
        return pixels, 1
    size = (max(1, width // times), max(1, height // times))
    part = pixels[: size[1] * times, : size[0] * times]
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), times


def _no_larger(pixels: Pixels, longest_px: int) -> tuple[Pixels, float]:
    """The picture at no more than this longer side, and how many times smaller it is."""
    height, width = pixels.shape[:2]
    times = max(height, width) / longest_px
    if times <= 1:
        return pixels, 1.0
    size = (max(1, round(width / times)), max(1, round(height / times)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8), times


def turned_back(rows: Rows, turns: int, width: int, height: int) -> Rows:
    """Rows found in a picture turned by so many quarters anticlockwise, in the pixels of the picture before.

    Args:
        rows: (n, 15).
        turns: 1 to 3.
        width: of the picture before it was turned, with ``height``.
    """
    back = rows.copy()
    corners = np.concatenate([rows[:, :2], rows[:, :2] + rows[:, 2:4]], axis=1)
    for source, target in ((corners, corners), (rows[:, 4:14].copy(), back[:, 4:14])):
        x, y = source[:, 0::2].copy(), source[:, 1::2].copy()
        moved = {1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}[turns]
        target[:, 0::2], target[:, 1::2] = moved
    left, top = np.minimum(corners[:, :2], corners[:, 2:]).T
    right, bottom = np.maximum(corners[:, :2], corners[:, 2:]).T
    back[:, 0], back[:, 1], back[:, 2], back[:, 3] = left, top, right - left, bottom - top
    return back
