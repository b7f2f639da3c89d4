"""Finding faces: which parts of a picture are looked at, how closely, and which way up. Only worker processes import it.

One look at the whole picture costs by its pixels, so the first one is at 1,000 px, where a face of 12 px is at least suspected.
Each suspicion is looked at by itself, enlarged, which is quick and sure. Where many small faces are found, or none at all, the
whole picture is looked at closely; a picture without a clear face is turned. Figures: ``python -m tests.bench.detection``.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.ranges import DETECTOR_RANGES
from privacyguard.faces.yunet import Pixels, Rows, YuNet, once

REDUCED_PX = 1024
"""What a large picture is reduced to before anything else, by a whole number, which is quick."""

FIRST_LOOK_PX = 1000
"""Large pictures only. Of 2,581 faces from 48 to 600 px in 4,000 this look and what follows find 2,571, and all 240 of one
person (with 800 px, which has two thirds of the pixels: 231). The pictures: those of ``tests/bench/speed.py``."""

CLOSE_LOOK_PX = 1500
"""For crowds. Of 480 faces of 48 px in 4,000 all are suspected at this size, and enlarged from what was decoded."""

LONE_LOOK_PX = 1200
"""Where nothing was found: of 60 faces of 48 px in 4,000, one in each picture, as many are found as with 1,500 px."""

COARSE_LOOK_PX = 200
LARGE_PX = 64
"""In the coarse look: the detector misses faces of more than about 350 px in the first one, and this is for them alone."""

SURE_FROM = 0.6
"""A face, by the detector's own score."""

SMALL_PX = 28
"""In a look: smaller faces are looked at again by themselves, for their landmarks too."""

SUSPECTED_FROM = 0.1
LONE_SUSPECTED_FROM = 0.05
ENLARGED_PX = 40
"""What the side of a suspected face is enlarged or reduced to, in the middle of a square of PATCH_PX."""

PATCH_PX, PATCHES_AT_ONCE = 96, 8
"""So many side by side, also where there are fewer: a net that meets another size loses what four patches cost."""

ENLARGED_SURE_FROM = 0.8
"""Measured on faces of 24 px that the look before gave 0.2 to 0.5: all had 0.85 or more, nearly all of what was no face less
than 0.7."""

CROWD, CROWD_PX = 8, 22
"""So many faces smaller than this in a look: the whole picture is looked at closely, as some of 10 px are still missing."""

CLEAR_FROM = 0.905
"""Nearly all upright portraits of the development pictures have a higher score, no turned one has."""

TURNED_LOOK_PX = 512
TURNED_BETTER_BY = 0.01

_X, _Y = [0, *range(4, 14, 2)], [1, *range(5, 14, 2)]
"""Of a row: its places across and down."""

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
        # One for each size of picture: a net that meets them by turns prepares itself anew each time.
        self._looks, self._coarse, self._patches = YuNet(weights, DETECTOR_RANGES), YuNet(weights), YuNet(weights)

    def detect(self, pixels: Pixels, looked_at: tuple[Pixels, int] | None = None) -> list[Detection]:
        """The faces in RGB pixels (height, width, 3), largest first.

        A face that lies on its side or head has its landmarks where they are, so that it is aligned like any other.
        ``looked_at``: what :func:`reduced` makes of the picture for :data:`REDUCED_PX`, where the caller has it.
        """
        small, reduced_by = looked_at or reduced(pixels, REDUCED_PX)
        rows = self._upright(pixels, small, reduced_by)
        best = float(rows[:, 14].max(initial=0.0))
        if best < CLEAR_FROM:
            turns = self._best_turns(small, best)
            if turns:
                turned_pixels, turned_small = (np.ascontiguousarray(np.rot90(each, turns)) for each in (pixels, small))
                turned = self._upright(turned_pixels, turned_small, reduced_by)
                rows = turned_back(turned, turns, pixels.shape[1], pixels.shape[0])
        return [Detection(row) for row in sorted(rows, key=lambda row: -float(row[2] * row[3]))]

    def _upright(self, pixels: Pixels, small: Pixels, reduced_by: int) -> Rows:
        first, less = no_larger(small, FIRST_LOOK_PX) if reduced_by > 1 else (small, 1.0)
        times = less * reduced_by
        suspected = [_looked(self._looks, first, SUSPECTED_FROM, times), self._large(first, times)]
        found = self._settled(pixels, np.concatenate(suspected), times)
        if reduced_by == 1:
            return found
        if not len(found):
            return self._closely(pixels, LONE_LOOK_PX, LONE_SUSPECTED_FROM)
        if (found[:, 2:4].min(axis=1) < CROWD_PX * times).sum() < CROWD:
            return found
        return once(np.concatenate([found, self._closely(pixels, CLOSE_LOOK_PX, SUSPECTED_FROM)]))

    def _large(self, first: Pixels, times: float) -> Rows:
        """The faces that fill much of the picture, from the first look's pixels, made smaller by ``times``."""
        if max(first.shape) < 1.5 * COARSE_LOOK_PX:
            return _NONE
        coarse, less = no_larger(first, COARSE_LOOK_PX)
        rows = _looked(self._coarse, coarse, SURE_FROM, less * times)
        return np.asarray(rows[rows[:, 2:4].min(axis=1) >= LARGE_PX * less * times])

    def _closely(self, pixels: Pixels, longest_px: int, suspected_from: float) -> Rows:
        closer, times = no_larger(pixels, longest_px)
        return self._settled(pixels, _looked(self._looks, closer, suspected_from, times), times)

    def _settled(self, pixels: Pixels, suspected: Rows, times: float) -> Rows:
        """What is a face of what was suspected in a look at the picture, made smaller by ``times``."""
        suspected = once(suspected)
        is_sure, is_small = suspected[:, 14] >= SURE_FROM, suspected[:, 2:4].min(axis=1) < SMALL_PX * times
        faces = list(suspected[is_sure & ~is_small])
        doubtful = np.flatnonzero(~is_sure | is_small)
        for start in range(0, len(doubtful), PATCHES_AT_ONCE):
            part = doubtful[start : start + PATCHES_AT_ONCE]
            least = np.where(is_sure[part], SURE_FROM, ENLARGED_SURE_FROM)
            enlarged = zip(self._enlarged(pixels, suspected[part]), least, strict=True)
            faces += [row for row, enough in enlarged if row is not None and row[14] >= enough]
        return once(np.stack(faces)) if faces else _NONE

    def _enlarged(self, pixels: Pixels, suspected: Rows) -> list[NDArray[np.float32] | None]:
        """The face in the place of each row, looked at by itself, or None. Side by side in one look: a quarter quicker."""
        places = [_place(row) for row in suspected]
        patches = np.zeros((PATCH_PX, PATCHES_AT_ONCE * PATCH_PX, 3), dtype=np.uint8)
        for number, place in enumerate(places):
            patches[:, number * PATCH_PX : (number + 1) * PATCH_PX] = _patch(pixels, *place)
        found = self._patches.look(patches, SURE_FROM)
        middles = found[:, :2] + found[:, 2:4] / 2
        faces: list[NDArray[np.float32] | None] = []
        for number, (scale, corner) in enumerate(places):
            left = number * PATCH_PX
            off = np.abs(middles - (left + PATCH_PX / 2, PATCH_PX / 2)).max(axis=1)
            same = found[off < ENLARGED_PX / 2]
            if not len(same):
                faces.append(None)
                continue
            row = same[0].copy()
            row[_X] -= left
            row[:14] /= scale
            row[_X] += corner[0]
            row[_Y] += corner[1]
            faces.append(row)
        return faces

    def _best_turns(self, pixels: Pixels, upright: float) -> int:
        """By how many quarters (anticlockwise) the picture has to be turned for its clearest face, 0 where it is upright."""
        small, _times = reduced(pixels, TURNED_LOOK_PX)  # of the reduced picture: every pixel counts already
        scores = {0: upright + TURNED_BETTER_BY}
        for turns in (1, 2, 3):
            rows = self._looks.look(np.rot90(small, turns), SURE_FROM)
            scores[turns] = float(rows[:, 14].max(initial=0.0))
        return max(scores, key=lambda turns: scores[turns])


def _looked(net: YuNet, pixels: Pixels, score: float, times: float) -> Rows:
    """The faces in a picture made smaller by ``times``, in the pixels of the picture before."""
    rows = net.look(pixels, score)
    rows[:, :14] *= times
    return rows


def _place(row: NDArray[np.float32]) -> tuple[float, NDArray[np.float64]]:
    """How much a suspected face is enlarged, and the upper left corner (x, y) of what is looked at."""
    scale = ENLARGED_PX / max(1.0, float(min(row[2:4])))
    return scale, (row[:2] + row[2:4] / 2).astype(np.float64) - PATCH_PX / 2 / scale


def _patch(pixels: Pixels, scale: float, corner: NDArray[np.float64]) -> Pixels:
    movement = np.array([[scale, 0.0, -scale * corner[0]], [0.0, scale, -scale * corner[1]]])
    flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    patch = cv2.warpAffine(pixels, movement, (PATCH_PX, PATCH_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(patch, dtype=np.uint8)


def reduced(pixels: Pixels, longest_px: int) -> tuple[Pixels, int]:
    """The picture at about this longer side, and how many times smaller it is: a whole number, so that it is quick."""
    height, width = pixels.shape[:2]
    times = max(1, round(max(height, width) / longest_px))
    if times == 1:
        return pixels, 1
    size = (max(1, width // times), max(1, height // times))
    part = pixels[: size[1] * times, : size[0] * times]
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), times


def no_larger(pixels: Pixels, longest_px: int) -> tuple[Pixels, float]:
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
