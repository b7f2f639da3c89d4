"""Which cuts of a chosen photo are hashed, to know cropped copies of it, and how their hashes are packed. Pure Python."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

HASH_SIDE = 12
"""Hashes have this many rows and columns of bits: at 64 bits crops and different portraits cannot be told apart (both 6 to 10
bits away), at 144 they can (crops 18 at most as a rule, different portraits 20 at least but for 3 in 1.6 million pairs)."""

HASH_BYTES = HASH_SIDE * HASH_SIDE // 8
STEPS = 30
"""Edges of cuts lie on this many lines. A crop's edge is half a step off at most, which costs 16 bits as a rule."""

Window = tuple[float, float, float, float]
"""A part of a picture: left, top, right and bottom edge as shares of its width and height."""

_Offs = tuple[float, float, float, float]


def _spans(least: int, most: int) -> list[tuple[int, int]]:
    """What to take off before and behind, in steps, for all sums from ``least`` to ``most``."""
    return [(before, off - before) for off in range(least, most + 1) for before in range(off + 1)]


def _coarse_first(cuts: Sequence[_Offs]) -> tuple[tuple[Window, ...], int]:
    """The windows, those on every third line (and those between the lines) first, and how many these are."""
    coarse = [cut for cut in cuts if all(off % 3 == 0 for off in cut) or any(off % 1 for off in cut)]
    ordered = coarse + sorted(set(cuts) - set(coarse))
    windows = [(a / STEPS, b / STEPS, 1 - c / STEPS, 1 - d / STEPS) for a, b, c, d in ordered]
    return tuple(windows), len(coarse)


_ANYWHERE: list[_Offs] = [
    (float(left), float(top), float(right), float(bottom))
    for left, right in _spans(0, 6)
    for top, bottom in _spans(0, 6)
]
"""Up to a fifth of the width and of the height, from one side or both."""

_ONE_SIDE: list[_Offs] = [
    cut for a, b in _spans(7, 12) for cut in ((float(a), 0.0, float(b), 0.0), (0.0, float(a), 0.0, float(b)))
]
"""Up to two fifths of the width or the height: a picture made square, or wide."""

_MIDDLE: list[_Offs] = [
    (off + 0.25, off + 0.25, off + 0.25, off + 0.25) for off in (3.25, 3.75, 4.25, 4.75, 5.25, 5.75)
]
"""Up to two fifths of both, from the middle."""

SCENE_CUTS, COARSE_SCENE_CUTS = _coarse_first(_ANYWHERE)
CUTS, COARSE_CUTS = _coarse_first(_ANYWHERE + _ONE_SIDE + _MIDDLE)

_VERSION = 1
_HEAD = struct.Struct(">B4H")
_UNIT = 65535


@dataclass(frozen=True)
class Packed:
    """The hashes of a chosen photo's cuts, in the order of ``CUTS`` and ``SCENE_CUTS``; zero where a cut has none.

    ``face``: the window of its face; None where none was found.
    """

    face: Window | None
    cuts: tuple[int, ...]
    scene_cuts: tuple[int, ...]


def packed(face: Window | None, cuts: list[str], scene_cuts: list[str]) -> bytes:
    """The hashes (hex) as about 31 kB to be kept; :func:`unpacked` reads them.

    Raises:
        ValueError: a hash is missing.
    """
    if (len(cuts), len(scene_cuts)) != (len(CUTS), len(SCENE_CUTS)):
        raise ValueError("one hash for each cut")
    edges = (round(min(max(edge, 0.0), 1.0) * _UNIT) for edge in face or (0.0, 0.0, 0.0, 0.0))
    return _HEAD.pack(_VERSION, *edges) + b"".join(bytes.fromhex(one) for one in cuts + scene_cuts)


def unpacked(kept: bytes) -> Packed | None:
    """What :func:`packed` made; None for nothing, or of another version."""
    if len(kept) != _HEAD.size + (len(CUTS) + len(SCENE_CUTS)) * HASH_BYTES or kept[0] != _VERSION:
        return None
    _, left, top, right, bottom = _HEAD.unpack_from(kept)
    face = (left / _UNIT, top / _UNIT, right / _UNIT, bottom / _UNIT) if right > left and bottom > top else None
    starts = range(_HEAD.size, len(kept), HASH_BYTES)
    numbers = tuple(int.from_bytes(kept[start : start + HASH_BYTES], "big") for start in starts)
    return Packed(face, numbers[: len(CUTS)], numbers[len(CUTS) :])
