"""A copy of a picture without what is hidden in the file. Only worker processes use it; the original is never written to.

JPEG, PNG, WebP and GIF lose parts of the file and no pixel; their colours (ICC) and their turning stay. HEIC and AVIF become
JPEG, TIFF and BMP become PNG, made from their pixels.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.provenance import HiddenKind
from privacyguard.pictures.blocks import BROKEN, LOOPS, TECHNICAL_GIF, TECHNICAL_PNG, read_blocks
from privacyguard.pictures.containers import (
    JPEG_MAGIC,
    PNG_MAGIC,
    SOI,
    NotWhole,
    gif_parts,
    jpeg_parts,
    png_parts,
    riff_parts,
    webp_parts,
)
from privacyguard.pictures.exif import exif_of
from privacyguard.pictures.metadata import hidden_details

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

JPEG_QUALITY = 95
_ORIENTATION = 0x0112
_KEPT_SEGMENTS = frozenset(
    {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xD8, 0xD9, *range(0xC0, 0xD0), *range(0xD0, 0xD8)}
)
_KEPT_OF_WEBP = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ICCP"})
_KEPT_IN_FRAMES = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


class SeveralPages(Exception):
    """A file holds several pictures, of which the copy would have only one."""


@dataclass(frozen=True)
class Cleaned:
    """A cleaned copy: its format, its content, and what is not in it any more."""

    format: str
    content: bytes = field(repr=False)
    removed: frozenset[HiddenKind] = frozenset()


def cleaned(content: bytes) -> Cleaned:
    """The picture without hidden details. The copy is read again, and holds nothing of them.

    Raises:
        PictureUnreadable: not one of our formats, or broken.
        SeveralPages: a copy would hold only the first of them.
    """
    from privacyguard.pictures.decode import load

    removed = hidden_details(read_blocks(content, whole=True)).kinds
    kind, copy = _copied(content)
    load(copy, longest_px=64)  # a copy that cannot be opened is none
    if hidden_details(read_blocks(copy, whole=True)).kinds:
        raise PictureUnreadable(Unreadable.BROKEN)
    return Cleaned(kind, copy, removed)


def _copied(content: bytes) -> tuple[str, bytes]:
    ways: tuple[tuple[str, bool, Callable[[bytes, bytes], bytes]], ...] = (
        ("JPEG", content.startswith(JPEG_MAGIC), _jpeg),
        ("PNG", content.startswith(PNG_MAGIC), _png),
        ("GIF", content[:4] == b"GIF8", _gif),
        ("WEBP", content[:4] == b"RIFF" and content[8:12] == b"WEBP", _webp),
    )
    for kind, is_it, copied in ways:
        if is_it:
            try:
                return kind, copied(content, _turning(content))
            except NotWhole:
                raise PictureUnreadable(Unreadable.BROKEN) from None
    return _from_pixels(content)


def _turning(content: bytes) -> bytes:
    """An EXIF block (TIFF) that holds nothing but how the picture is turned; b"" where it is not."""
    block = read_blocks(content).exif
    value = exif_of(block).picture.get(_ORIENTATION) if block else None
    if value not in range(2, 9):
        return b""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, value, 0, 0)


def _jpeg(content: bytes, turning: bytes) -> bytes:
    return b"".join(_jpeg_kept(content, turning))


def _jpeg_kept(content: bytes, turning: bytes) -> Iterator[bytes]:
    is_turned = not turning
    for part in jpeg_parts(content):
        marker, body = part.kind[0] if part.kind else 0, part.content(content)
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            yield b"\xff\xe0\0\x10" + body[:12] + b"\0\0"  # without its small picture
        elif marker in _KEPT_SEGMENTS or _is_needed(marker, body):
            yield content[part.start : part.end]
        if marker != SOI and not is_turned:  # right behind JFIF's own segment, which has to be the first
            is_turned = True
            yield b"\xff\xe1" + struct.pack(">H", len(turning) + 8) + b"Exif\0\0" + turning


def _is_needed(marker: int, body: bytes) -> bool:
    """Whether colours depend on it: an ICC profile, or Adobe's note on how they are coded."""
    return (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0")) or (marker == 0xEE and body.startswith(b"Adobe"))


def _png(content: bytes, turning: bytes) -> bytes:
    kept = [PNG_MAGIC]
    for part in png_parts(content):
        if part.kind in TECHNICAL_PNG:
            kept.append(content[part.start : part.end + 4])
        if part.kind == b"IHDR" and turning:
            check = struct.pack(">I", zlib.crc32(b"eXIf" + turning))
            kept.append(struct.pack(">I", len(turning)) + b"eXIf" + turning + check)
    return b"".join(kept)


def _webp(content: bytes, turning: bytes) -> bytes:
    kept: list[bytes] = []
    for part in webp_parts(content):
        body = part.content(content)
        if part.kind == b"VP8X" and body:
            flags = body[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turning else 0)
            kept.append(_chunk(part.kind, bytes([flags]) + body[1:]))
        elif part.kind == b"ANMF":
            frame = (p for p in riff_parts(content, part.body + 16, part.end) if p.kind in _KEPT_IN_FRAMES)
            kept.append(_chunk(part.kind, body[:16] + b"".join(_chunk(p.kind, p.content(content)) for p in frame)))
        elif part.kind in _KEPT_OF_WEBP:
            kept.append(_chunk(part.kind, body))
    if turning:
        kept.append(_chunk(b"EXIF", turning))
    return _chunk(b"RIFF", b"WEBP" + b"".join(kept))


def _gif(content: bytes, _turning: bytes) -> bytes:
    kept = (p for p in gif_parts(content) if p.kind in TECHNICAL_GIF or p.content(content).startswith(LOOPS))
    return b"".join(content[part.start : part.end] for part in kept)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _from_pixels(content: bytes) -> tuple[str, bytes]:
    """The picture made anew from its pixels, turned upright, with its colours."""
    from PIL import Image, ImageOps

    from privacyguard.pictures.decode import FORMATS, load

    load(content, longest_px=64)  # refuses what is no picture, broken or over the limits
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if getattr(image, "n_frames", 1) > 1:
                    raise SeveralPages
                kind = "JPEG" if image.format in {"HEIF", "AVIF"} else "PNG"
                return kind, _encoded(ImageOps.exif_transpose(image), kind)
    except BROKEN:
        raise PictureUnreadable(Unreadable.BROKEN) from None


def _encoded(image: "PilImage", kind: str) -> bytes:
    from PIL import Image

    profile = image.info.get("icc_profile")
    if kind == "JPEG" and image.mode not in {"RGB", "L"}:
        image = image.convert("RGB")
    elif kind == "PNG" and image.mode not in {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}:
        image = image.convert("RGB")
        profile = None  # of CMYK, say: it does not fit these colours
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    if image.mode == "P" and (palette := image.getpalette("RGBA")) is not None:
        bare.putpalette(palette, "RGBA")
        bare = bare.convert("RGBA" if "transparency" in image.info else "RGB")
    file = io.BytesIO()
    options = {"quality": JPEG_QUALITY, "subsampling": 0} if kind == "JPEG" else {}
    bare.save(file, kind, icc_profile=profile, **options)
    return file.getvalue()
