"""Whether the person called this face "not me" before: in this very picture, or in a copy of it."""

from collections.abc import Iterable

from privacyguard.model.picture import Box, NotMe, distance, overlap
from privacyguard.vault.findings import WHOLE_PICTURE
from privacyguard.vault.joining import SAME_FACE

COPY_BITS = 6
"""Of the 64 of two perceptual hashes: up to here they are of one picture, resized or re-encoded. Measured: of 499,500 pairs of
different portraits the nearest two were 8 bits apart; copies at a quarter of the size or JPEG of quality 30 differ by 2."""


def is_not_me(
    answers: Iterable[NotMe], sha256: str, box: Box, phash: str | None = None, size: tuple[int, int] | None = None
) -> bool:
    """Whether one of the answers is about the face in ``box`` of the picture with this content.

    ``phash`` and ``size`` (upright pixels) let a resized or re-encoded copy be known: the box has to be at the same
    relative place. An answer about a whole picture is not about its faces.
    """
    return any(_is_about(one, sha256, box, phash, size) for one in answers)


def is_same_picture(answer: NotMe, sha256: str, phash: str) -> bool:
    """Whether an answer was given in this very picture or in a resized or re-encoded copy of it, whatever face it is about."""
    return answer.sha256 == sha256 or (answer.phash is not None and distance(answer.phash, phash) <= COPY_BITS)


def _is_about(answer: NotMe, sha256: str, box: Box, phash: str | None, size: tuple[int, int] | None) -> bool:
    if answer.box == WHOLE_PICTURE:
        return False
    if answer.sha256 == sha256:
        return overlap(answer.box, box) >= SAME_FACE
    if answer.size is None or phash is None or size is None or not is_same_picture(answer, sha256, phash):
        return False
    return overlap(_scaled(answer.box, answer.size, size), box) >= SAME_FACE


def _scaled(box: Box, size: tuple[int, int], other: tuple[int, int]) -> Box:
    across, down = other[0] / size[0], other[1] / size[1]
    return Box(round(box.x * across), round(box.y * down), round(box.w * across), round(box.h * down))
