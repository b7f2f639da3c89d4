"""Face patterns and face cuts as bytes."""

import math
import struct
import zlib

from privacyguard.model.picture import Embedding, FaceCut

MAX_SIDE = 512
"""Pixels; cuts have at most 160 a side. A bound for what a damaged file may make us unpack."""

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
    return zlib.compress(cut.rgb)


def unpack_cut(width: int, height: int, untrusted: bytes) -> FaceCut:
    """The cut again. Raises ValueError or zlib.error for anything else than what was packed."""
    if not 1 <= width <= MAX_SIDE or not 1 <= height <= MAX_SIDE:
        raise ValueError("a cut of no or too many pixels")
    size = width * height * 3
    unpacking = zlib.decompressobj()
    rgb = unpacking.decompress(untrusted, size + 1)
    if len(rgb) != size or not unpacking.eof:
        raise ValueError("a cut that does not fit its size")
    return FaceCut(width, height, rgb)
