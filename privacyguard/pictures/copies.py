"""Is it a copy of a picture the person chose? Pure Python, so that it runs in any process.

A worker makes the hashes (``pictures/fingerprints.py``). Of a chosen photo it hashes many cuts once; a picture that is looked
at has one :class:`~privacyguard.model.picture.Fingerprint`, which is near one of those cuts when it is a copy, cropped or not.
``python -m tests.bench.copies`` measures what the bounds find and how often they are wrong.
"""

from dataclasses import dataclass
from functools import lru_cache

from privacyguard.model.person import EnrolledPhoto
from privacyguard.model.picture import Fingerprint, PictureAnalysis, distance
from privacyguard.pictures.cuts import (
    COARSE_CUTS,
    COARSE_SCENE_CUTS,
    CUTS,
    SCENE_CUTS,
    Packed,
    Window,
    unpacked,
)

COPY_BITS = 18
"""A cut of a chosen photo that differs in at most this many of 144 bits is what the other picture shows. Of 1.6 million pairs
of different portraits, all cuts and mirror images tried, 3 were so near (one backdrop, one coat); 99 of 100 crops are."""

SCENE_BITS = 18
"""The same for the cuts of pictures whose faces are blanked."""

_COARSE_BITS = 48
"""Where no coarse cut is this near, no finer one between them is a copy: 99 of 100 copies were within 44, and 19 of 20 other
portraits were not."""

_OLD_COPY_BITS = 6
"""Of the 64 bits of ``phash``, all that a face pattern of an older version has: no crops and no mirror images are known by it.
The nearest two of 1,000 different portraits were 8 apart."""


@dataclass(frozen=True)
class Copy:
    """How a picture is a copy. ``bits``: how far it is from the chosen photo (0 is nearest); ``mirrored``: as in a mirror.

    ``face``: where the chosen photo's face is in the copy, left, top, right, bottom as shares of its sides (outside of 0..1
    where it was cut off); None where the face pattern is of an older version.
    """

    bits: int
    mirrored: bool = False
    face: Window | None = None


@dataclass(frozen=True)
class _Hashes:
    """One orientation of a picture's fingerprint, as numbers."""

    whole: int
    scene: int | None


def find_copy(photo: EnrolledPhoto, analysis: PictureAnalysis) -> Copy | None:
    """How the picture is a copy of the chosen photo, or None when it is not.

    Smaller, poorer and mirrored copies are known, cropped ones up to a fifth of both sides, or two fifths of one, and those
    whose face was exchanged. About 40 microseconds.
    """
    packed = _packed(photo.copy_variants)
    if packed is None or analysis.fingerprint is None:
        bits = distance(photo.phash, analysis.phash)
        return Copy(bits) if bits <= _OLD_COPY_BITS else None
    upright, mirror = _orientations(analysis.fingerprint)
    found = [_found(packed, upright, mirrored=False), _found(packed, mirror, mirrored=True)]
    return min((copy for copy in found if copy is not None), key=lambda copy: copy.bits, default=None)


def _orientations(fingerprint: Fingerprint) -> tuple[_Hashes, _Hashes]:
    def number(text: str | None) -> int | None:
        return None if text is None else int(text, 16)

    upright = _Hashes(int(fingerprint.whole, 16), number(fingerprint.scene))
    return upright, _Hashes(int(fingerprint.mirrored, 16), number(fingerprint.mirrored_scene))


def _found(packed: Packed, picture: _Hashes, *, mirrored: bool) -> Copy | None:
    best = _nearest(packed.cuts, picture.whole, COARSE_CUTS, COPY_BITS)
    windows = CUTS
    if best is None and picture.scene is not None:
        best = _nearest(packed.scene_cuts, picture.scene, COARSE_SCENE_CUTS, SCENE_BITS)
        windows = SCENE_CUTS
    if best is None:
        return None
    bits, place = best
    face = None if packed.face is None else _within(packed.face, windows[place])
    if face is not None and mirrored:
        face = (1 - face[2], face[1], 1 - face[0], face[3])
    return Copy(bits, mirrored, face)


def _nearest(hashes: tuple[int, ...], number: int, coarse: int, bound: int) -> tuple[int, int] | None:
    """The bits to the nearest hash and its place, if they are within the bound."""
    away = number.__xor__
    if min(map(int.bit_count, map(away, hashes[:coarse]))) > _COARSE_BITS:
        return None
    distances = list(map(int.bit_count, map(away, hashes)))
    bits = min(distances)
    return (bits, distances.index(bits)) if bits <= bound else None


def _within(part: Window, window: Window) -> Window:
    """``part`` of the whole picture as shares of the window."""
    left, top, right, bottom = window
    width, height = right - left, bottom - top
    return ((part[0] - left) / width, (part[1] - top) / height, (part[2] - left) / width, (part[3] - top) / height)


@lru_cache(maxsize=64)
def _packed(kept: bytes) -> Packed | None:
    return unpacked(kept)
