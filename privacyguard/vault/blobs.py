"""Face patterns and face cuts as bytes."""

import math
import struct
import zlib

from privacyguard.model.picture import Embedding, FaceCut

MAX_SIDE = 512
"""Pixels; cuts have at most 160 a side. A bound for what a damaged file may make us unpack."""

MAX_VARIANTS = 1024 * 1024
"""Bytes of the hashes of one photo's crops; we keep less than a tenth of it."""

_FLOAT_BYTES = 4


def pack_embedding(embedding: Embedding) -> bytes:
    """The numbers as float32, little endian: what the model gave, bit for bit."""
    return struct.pack(f"<{len(embedding)}f", *embedding)


def unpack_embedding(untrusted: bytes) -> Embedding:
    """The numbers again. Raises ValueError where they are none or not finite."""
    count, rest = divmod(len(untrusted), _FLOAT_BYTES)
    if rest or not count:
        raise ValueError("not a face pattern")
    numbers: Embedding = struct.unpack(f"<{count}f", untrusted)
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("not a face pattern")
    return numbers


def pack_cut(cut: FaceCut) -> bytes:
    """The cut's pixels, packed. Raises ValueError where they do not fit its size."""
    if not 1 <= cut.width <= MAX_SIDE or not 1 <= cut.height <= MAX_SIDE:
        raise ValueError("a cut of no or too many pixels")
    if len(cut.rgb) != cut.width * cut.height * 3:
        raise ValueError("a cut that does not fit its size")
    packer = zlib.compressobj(1, strategy=zlib.Z_RLE)  # a photo hardly gets smaller with three times the work
    return packer.compress(cut.rgb) + packer.flush()


def unpack_cut(width: int, height: int, untrusted: bytes) -> FaceCut:
    """The cut again. Raises ValueError or zlib.error for anything else than what was packed."""
    if not 1 <= width <= MAX_SIDE or not 1 <= height <= MAX_SIDE:
        raise ValueError("a cut of no or too many pixels")
    size = width * height * 3
    rgb = _unpacked(untrusted, size)
    if len(rgb) != size:
        raise ValueError("a cut that does not fit its size")
    return FaceCut(width, height, rgb)


def pack_variants(variants: bytes) -> bytes | None:
    """The hashes of a photo's crops, packed; None for none. Raises ValueError for more than we would read again."""
    if len(variants) > MAX_VARIANTS:
        raise ValueError("too many hashes")
    return zlib.compress(variants) if variants else None


def unpack_variants(untrusted: bytes | None) -> bytes:
    """The hashes again, empty for None. Raises ValueError or zlib.error for anything else than what was packed."""
    return b"" if untrusted is None else _unpacked(untrusted, MAX_VARIANTS)


def _unpacked(untrusted: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(untrusted, most + 1)
    if len(content) > most or not unpacking.eof or unpacking.unused_data:
        raise ValueError("not as it was packed")
    return content
