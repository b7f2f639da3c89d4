"""Pictures of a camera's size with faces of known places in them, made from the development faces. For measuring only.

A face of ``size_px`` is pasted with what surrounds it in its picture, scaled so that the shorter side of its box has this
size. The ground is a soft pattern with some grain, so that a JPEG of it is of a camera's size too.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from privacyguard.faces.detector import Detector
from privacyguard.faces.weights import weights_folder
from privacyguard.model.picture import Box, Face, overlap

WIDTH, HEIGHT = 4000, 3000
AROUND = 0.6
"""Of the box's sides: how much of the surroundings comes along on each side."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Pasted:
    """A face in a made picture: where it is, and whose picture it was cut from."""

    box: Box
    source: Path


def scene(faces: Sequence[tuple[Path, int]], seed: int) -> tuple[Pixels, list[Pasted]]:
    """A picture (3000, 4000, 3) RGB with these faces (picture, size in px) at random places, none over another.

    A face for which no place is free is left out.
    """
    chance = random.Random(seed)
    picture, taken, pasted = ground(seed), [], []  # type: ignore[var-annotated]
    for source, size_px in faces:
        cut, box = _cut(source, size_px)
        place = _free_place(cut.shape[1], cut.shape[0], taken, chance)
        if place is None:
            continue
        x, y = place
        picture[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
        taken.append(Box(x, y, cut.shape[1], cut.shape[0]))
        pasted.append(Pasted(Box(x + box.x, y + box.y, box.w, box.h), source))
    return picture, pasted


def crowd(sources: Sequence[Path], size_px: int, seed: int) -> tuple[Pixels, list[Pasted]]:
    """A picture with up to 40 faces of one size, in eight columns and five rows."""
    chance = random.Random(seed)
    picture, pasted = ground(seed), []
    for place, source in enumerate(sources[:40]):
        cut, box = _cut(source, size_px)
        x = (place % 8) * (WIDTH // 8) + chance.randint(0, WIDTH // 8 - cut.shape[1])
        y = (place // 8) * (HEIGHT // 5) + chance.randint(0, HEIGHT // 5 - cut.shape[0])
        picture[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
        pasted.append(Pasted(Box(x + box.x, y + box.y, box.w, box.h), source))
    return picture, pasted


def ground(seed: int) -> Pixels:
    """The ground of a picture, (3000, 4000, 3)."""
    chance = np.random.default_rng(seed)
    soft = cv2.resize(
        chance.integers(0, 255, (12, 16, 3)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    coarse = cv2.resize(chance.normal(0, 14, (HEIGHT // 8, WIDTH // 8, 3)).astype(np.float32), (WIDTH, HEIGHT))
    fine = cv2.resize(chance.normal(0, 5, (HEIGHT // 2, WIDTH // 2)).astype(np.float32), (WIDTH, HEIGHT))
    return np.asarray(np.clip(soft + coarse + fine[..., None], 0, 255), dtype=np.uint8)


def found(face: Pasted, faces: Sequence[Face]) -> Face | None:
    """The face of an analysis that covers the pasted one, if one does."""
    best = max(faces, key=lambda each: overlap(each.box, face.box), default=None)
    return best if best is not None and overlap(best.box, face.box) >= 0.35 else None


def _free_place(width: int, height: int, taken: Sequence[Box], chance: random.Random) -> tuple[int, int] | None:
    for _try in range(300):
        x, y = chance.randint(0, WIDTH - width), chance.randint(0, HEIGHT - height)
        if all(x + width < b.x or b.x + b.w < x or y + height < b.y or b.y + b.h < y for b in taken):
            return x, y
    return None


def _cut(source: Path, size_px: int) -> tuple[Pixels, Box]:
    """A face with what surrounds it, and where its box is in the cut."""
    with Image.open(source) as image:
        picture = image.convert("RGB")
    box = _box(source)
    across, down = round(box.w * AROUND), round(box.h * AROUND)
    left, top = max(0, box.x - across), max(0, box.y - down)
    part = picture.crop(
        (left, top, min(picture.width, box.x + box.w + across), min(picture.height, box.y + box.h + down))
    )
    scale = size_px / min(box.w, box.h)
    size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    place = Box(round((box.x - left) * scale), round((box.y - top) * scale), round(box.w * scale), round(box.h * scale))
    return np.asarray(part.resize(size, Image.Resampling.LANCZOS)), place


@lru_cache(maxsize=4096)
def _box(source: Path) -> Box:
    with Image.open(source) as image:
        pixels = np.asarray(image.convert("RGB"))
    boxes = [Box(*(round(float(side)) for side in found.row[:4])) for found in _detector().detect(pixels)]
    middle = pixels.shape[0] / 2
    return min(boxes, key=lambda box: abs(box.x + box.w / 2 - middle) + abs(box.y + box.h / 2 - middle))


@lru_cache(maxsize=1)
def _detector() -> Detector:
    return Detector(weights_folder())
