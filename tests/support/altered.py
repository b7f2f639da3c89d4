"""Copies of a picture as the web makes them, and pictures whose face was exchanged by blending."""

import io
import random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from privacyguard.model.picture import Face

Pixels = NDArray[np.uint8]
Landmarks = NDArray[np.float64]
"""(5, 2): eyes, nose, corners of the mouth, in pixels, as YuNet orders them."""

_UPRIGHT: Landmarks = np.array([[38.29, 51.70], [73.53, 51.50], [56.03, 71.74], [41.55, 92.37], [70.73, 92.20]])
"""Where the landmarks lie in a face of 112 x 112 pixels (the usual alignment, from ArcFace)."""
_FACE_CENTRE, _FACE_RADII = (56.0, 70.0), (44.0, 56.0)
"""In the same 112 x 112: from the brow's upper edge to the chin, from cheek to cheek."""


def landmarks_of(face: Face) -> Landmarks:
    """The landmarks of a face that was analysed."""
    return np.array(face.landmarks, dtype=np.float64)


def resized(pixels: Pixels, share: float) -> Pixels:
    """The picture at ``share`` of its width and height."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """The picture as a JPEG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()


def saved_anew(pixels: Pixels, quality: int) -> Pixels:
    """The picture after it went through a JPEG file of this quality."""
    with Image.open(io.BytesIO(jpeg(pixels, quality))) as image:
        return np.asarray(image.convert("RGB"))


def mirrored(pixels: Pixels) -> Pixels:
    """The picture as in a mirror."""
    return np.ascontiguousarray(pixels[:, ::-1])


def cropped(pixels: Pixels, off_width: float, off_height: float, chance: random.Random) -> Pixels:
    """The picture with these shares of its sides cut off: all from one side, or divided between both at random."""
    height, width = pixels.shape[:2]
    keep_w, keep_h = round(width * (1 - off_width)), round(height * (1 - off_height))
    x, y = (_start(spare, chance) for spare in (width - keep_w, height - keep_h))
    return np.ascontiguousarray(pixels[y : y + keep_h, x : x + keep_w])


def _start(spare: int, chance: random.Random) -> int:
    return chance.choice([0, spare, chance.randint(0, spare)])


def with_face_of(target: Pixels, place: Landmarks, donor: Pixels, face: Landmarks) -> Pixels:
    """``target`` with the donor's face in place of the one at ``place``, as simple swapping programs do it.

    The donor's face is turned and scaled onto the five landmarks, its colours (mean and spread in Lab) are brought to
    those of the face that it covers, and an oval from hair line to chin is blended in (Poisson blending).
    """
    height, width = target.shape[:2]
    warp = _similarity(face, place)
    turned = cv2.warpAffine(donor, warp, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mask = _oval(_similarity(_UPRIGHT, place), width, height)
    laid = _in_colours_of(np.asarray(turned, dtype=np.uint8), target, mask > 0)
    x, y, w, h = cv2.boundingRect(mask)
    blended = cv2.seamlessClone(laid, target, mask, (x + w // 2, y + h // 2), cv2.NORMAL_CLONE)
    return np.asarray(blended, dtype=np.uint8)


def _similarity(points: Landmarks, onto: Landmarks) -> NDArray[np.float64]:
    matrix, _ = cv2.estimateAffinePartial2D(points, onto, method=cv2.LMEDS)
    return np.asarray(matrix, dtype=np.float64)


def _oval(warp: NDArray[np.float64], width: int, height: int) -> Pixels:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    edge = np.stack([_FACE_CENTRE[0] + _FACE_RADII[0] * np.cos(turn), _FACE_CENTRE[1] + _FACE_RADII[1] * np.sin(turn)])
    points = (warp[:, :2] @ edge + warp[:, 2:]).T
    mask = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 255)
    mask[:2], mask[-2:], mask[:, :2], mask[:, -2:] = 0, 0, 0, 0  # blending needs ground on every side
    return mask


def _in_colours_of(face: Pixels, target: Pixels, inside: NDArray[np.bool_]) -> Pixels:
    from_lab, to_lab = (cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float64) for image in (face, target))
    mean, spread = from_lab[inside].mean(axis=0), from_lab[inside].std(axis=0)
    goal, goal_spread = to_lab[inside].mean(axis=0), to_lab[inside].std(axis=0)
    lab = (from_lab - mean) * (goal_spread / np.maximum(spread, 1.0)) + goal
    return np.asarray(cv2.cvtColor(lab.clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB), dtype=np.uint8)
