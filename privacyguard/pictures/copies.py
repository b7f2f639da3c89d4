"""Is it the same picture? A perceptual hash stays nearly the same when a picture is resized or re-encoded."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privacyguard.pictures.decode import Pixels

HASH_BITS = 64
COPY_BITS = 8
"""Hashes that differ in at most this many of 64 bits are of the same picture. On the 2,000 portraits of the development
data no two different ones came within 8 bits, and copies resized to a quarter or saved as JPEG of quality 30 differ by 4 at
most: ``python -m tests.bench.copies`` measures both."""


def perceptual_hash(pixels: "Pixels") -> str:
    """The 64-bit perceptual hash (pHash) of upright RGB pixels, as 16 hex digits. Source: the library imagehash."""
    import imagehash
    from PIL import Image

    return str(imagehash.phash(Image.fromarray(pixels)))


def is_copy(bits: int) -> bool:
    """Whether two pictures whose hashes differ in ``bits`` are the same one."""
    return bits <= COPY_BITS
