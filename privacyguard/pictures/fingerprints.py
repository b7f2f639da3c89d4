"""The perceptual hashes (pHash, as by the library imagehash) by which copies are known. Only worker processes make them.

All are made of a small grey picture: a hash sees 48 pixels a side, so more than :data:`REDUCED_PX` change nothing.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from privacyguard.model.picture import Box, Fingerprint
from privacyguard.pictures.cuts import CUTS, HASH_BYTES, HASH_SIDE, SCENE_CUTS, Window, packed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from privacyguard.pictures.decode import Pixels

    Grey = NDArray[np.uint8]

REDUCED_PX = 192
PHASH_SIDE = 8
PIXELS_EACH = 4
"""A side of the grey picture has so many pixels for each of the hash's: as in imagehash."""

BLANKED_AT_MOST = 0.5
"""Where faces take more of the picture, the scene is not judged by the rest."""

FLAT_BELOW = 5.0
"""Grey levels of spread: a scene with less is a plain wall, which many pictures share."""

_WHOLE: Window = (0.0, 0.0, 1.0, 1.0)
_NO_HASH = "0" * (2 * HASH_BYTES)
"""72 bits from every real hash, half of whose bits are set: near none."""


def perceptual_hash(pixels: "Pixels", grey: "Grey | None" = None) -> str:
    """The 64-bit perceptual hash of upright RGB pixels, as 16 hex digits. ``grey``: as for :func:`fingerprint`."""
    return _hash(reduced_grey(pixels) if grey is None else grey, PHASH_SIDE)


def fingerprint(pixels: "Pixels", boxes: Sequence[Box], grey: "Grey | None" = None) -> Fingerprint:
    """The hashes of upright RGB pixels and of their mirror image, 36 hex digits each; ``boxes``: its faces, in these pixels.

    There is no scene without faces, nor where they take more than half of the picture, nor before a plain wall.
    ``grey``: what :func:`reduced_grey` makes of the pixels, where the caller has it.
    """
    grey = reduced_grey(pixels) if grey is None else grey
    scene = _scene(grey, [_window(box, pixels) for box in boxes])
    whole, mirrored = _both(grey)
    return Fingerprint(whole, mirrored, *((None, None) if scene is None else _both(scene)))


def variants(pixels: "Pixels", boxes: Sequence[Box]) -> bytes:
    """The hashes of many cuts of a chosen photo, about 31 kB, by which ``copies.find_copy`` knows copies of it.

    ``boxes`` as in :func:`fingerprint`; the largest is the person's face. Takes about a quarter of a second.
    """
    grey = reduced_grey(pixels)
    faces = [_window(box, pixels) for box in boxes]
    scene = _scene(grey, faces)
    judged = () if scene is None else tuple(cut for cut in SCENE_CUTS if _judged(faces, cut))
    hashes = {} if scene is None else dict(zip(judged, _hashes(scene, judged), strict=True))
    face = max(faces, key=_area, default=None)
    return packed(face, list(_hashes(grey, CUTS)), [hashes.get(cut, _NO_HASH) for cut in SCENE_CUTS])


def reduced_grey(pixels: "Pixels") -> "Grey":
    """The small grey picture of which the hashes are made."""
    import cv2
    import numpy as np

    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = grey.shape
    share = min(1.0, REDUCED_PX / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    if 4 * share < 1.0:
        # Of a large picture some pixels are enough, and ten times as fast: each reduced one is still the mean of 16.
        grey = np.asarray(cv2.resize(grey, (4 * size[0], 4 * size[1]), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8) if share < 1.0 else grey


def _both(grey: "Grey") -> tuple[str, str]:
    """The hashes of the picture and of its mirror image, in which every second wave has the other sign."""
    import numpy as np

    longest = _longest_waves(grey, HASH_SIDE)
    return _bits(longest), _bits(longest * np.where(np.arange(HASH_SIDE) % 2, -1.0, 1.0))


def _hash(grey: "Grey", side: int) -> str:
    """The perceptual hash of the picture, ``side`` squared bits."""
    return _bits(_longest_waves(grey, side))


def _hashes(grey: "Grey", cuts: Sequence[Window]) -> "Iterator[str]":
    """The perceptual hash of each cut."""
    return (_bits(_longest(part)) for part in _reduced_parts(grey, cuts, PIXELS_EACH * HASH_SIDE))


def _longest_waves(grey: "Grey", side: int) -> "NDArray[np.float64]":
    """The longest waves of the picture, (side, side), as ``imagehash.phash`` takes them (a test compares the bits)."""
    (whole,) = _reduced_parts(grey, (_WHOLE,), PIXELS_EACH * side)
    return _longest(whole)


def _reduced_parts(grey: "Grey", windows: Sequence[Window], pixels: int) -> "Iterator[NDArray[np.uint8]]":
    """Each part of the picture, (pixels, pixels).

    Pillow reduces across, then down. Here many parts lie between the same two edges, so that first half is done once for them.
    """
    import numpy as np
    from PIL import Image

    image: Image.Image = Image.fromarray(grey)
    across: dict[tuple[float, float], Image.Image] = {}
    for left, top, right, bottom in windows:
        strip = across.get((left, right))
        if strip is None:
            sides = (left * image.width, 0, right * image.width, image.height)
            strip = image.resize((pixels, image.height), Image.Resampling.LANCZOS, box=sides)
            across[left, right] = strip
        ends = (0, top * image.height, pixels, bottom * image.height)
        yield np.asarray(strip.resize((pixels, pixels), Image.Resampling.LANCZOS, box=ends))


def _longest(part: "NDArray[np.uint8]") -> "NDArray[np.float64]":
    """The longest waves of a part that was reduced to PIXELS_EACH times as many pixels.

    The cosine transform of ``imagehash`` would load SciPy, a fifth of a second for each worker, and it calculates all of the
    waves where only the longest are looked at.
    """
    import numpy as np

    waves = _waves(len(part) // PIXELS_EACH)
    # Rounded: what is nothing in a plain picture stays nothing, whatever the order of the sums.
    return np.asarray(np.round(waves @ part.astype(np.float64) @ waves.T, 6))


def _bits(longest: "NDArray[np.float64]") -> str:
    import imagehash
    import numpy as np

    return str(imagehash.ImageHash(longest > np.median(longest)))


@lru_cache(maxsize=2)
def _waves(side: int) -> "NDArray[np.float64]":
    """The longest waves of the cosine transform (DCT-II), (side, PIXELS_EACH * side)."""
    import numpy as np

    pixels = PIXELS_EACH * side
    places = np.outer(np.arange(side), 2 * np.arange(pixels) + 1)
    return np.asarray(2 * np.cos(np.pi / (2 * pixels) * places), dtype=np.float64)


def _window(box: Box, pixels: "Pixels") -> Window:
    """The box as shares of the picture's sides, without what lies outside of it."""
    height, width = pixels.shape[:2]
    edges = (box.x / width, box.y / height, (box.x + box.w) / width, (box.y + box.h) / height)
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in edges)
    return left, top, right, bottom


def _area(window: Window) -> float:
    return (window[2] - window[0]) * (window[3] - window[1])


def _judged(faces: list[Window], cut: Window) -> bool:
    """Whether enough is left of a cut beside the largest face."""
    largest = max(faces, key=_area)
    across = min(largest[2], cut[2]) - max(largest[0], cut[0])
    down = min(largest[3], cut[3]) - max(largest[1], cut[1])
    return max(0.0, across) * max(0.0, down) <= BLANKED_AT_MOST * _area(cut)


def _scene(grey: "Grey", faces: list[Window]) -> "Grey | None":
    """The picture with its faces painted over in the tones around them, or None where too little is left to judge."""
    import numpy as np

    height, width = grey.shape
    keep = np.ones((height, width), dtype=np.float32)
    for left, top, right, bottom in faces:
        keep[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = 0.0
    if not faces or float(keep.mean()) < 1.0 - BLANKED_AT_MOST or float(grey[keep > 0].std()) < FLAT_BELOW:
        return None
    return _painted_over(grey, keep)


def _painted_over(grey: "Grey", keep: "NDArray[np.float32]") -> "Grey":
    """Pixels with ``keep`` 0 get the mean of those around, taken as near as there are any.

    Painted so, a box that is a little larger in one picture than in another leaves no edge that a hash would see.
    """
    import cv2
    import numpy as np

    levels = [(grey.astype(np.float32) * keep, keep)]
    while max(levels[-1][0].shape) > 1:
        height, width = levels[-1][0].shape
        half = ((width + 1) // 2, (height + 1) // 2)
        sums, weights = (cv2.resize(level, half, interpolation=cv2.INTER_AREA) for level in levels[-1])
        levels.append((np.asarray(sums, dtype=np.float32), np.asarray(weights, dtype=np.float32)))
    painted = np.zeros((1, 1), dtype=np.float32)
    for sums, weights in reversed(levels):
        height, width = sums.shape
        wider = cv2.resize(painted, (width, height), interpolation=cv2.INTER_LINEAR)
        painted = np.asarray((sums + 1e-3 * wider) / (weights + 1e-3), dtype=np.float32)
    return painted.round().clip(0, 255).astype(np.uint8)
