"""Is it the same picture? A perceptual hash stays nearly the same when a picture is resized or re-encoded."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privacyguard.pictures.decode import Pixels

HASH_BITS = 64
COPY_BITS = 6
"""Hashes that differ in at most this many of 64 bits are of the same picture. Measured (``python -m tests.bench.copies``): of
499,500 pairs of different portraits the nearest two were 8 bits apart; copies at a quarter of the size or saved as JPEG of
quality 30 differ by 2 at most."""


def perceptual_hash(pixels: "Pixels") -> str:
    """The 64-bit perceptual hash (pHash) of upright RGB pixels, as 16 hex digits. Source: the library imagehash."""
    import imagehash
    from PIL import Image

    return str(imagehash.phash(Image.fromarray(pixels)))


def is_copy(bits: int) -> bool:
    """Whether two pictures whose hashes differ in ``bits`` are the same one."""
    return bits <= COPY_BITS
