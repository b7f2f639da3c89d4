"""What a picture's file holds beside its pixels: found by the file's own parts, within limits, before pixels are decoded.

Only worker processes use it: for the rarer formats Pillow says where things are.
"""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from privacyguard.pictures.containers import (
    JPEG_MAGIC,
    PNG_MAGIC,
    NotWhole,
    Part,
    gif_parts,
    iso_boxes,
    jpeg_parts,
    png_parts,
    webp_parts,
)

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    struct.error,
)
"""What Pillow raises on broken files: it documents none of it, so the builtin families are listed."""

BLOCK_BYTES = 1024 * 1024
"""Of one block, and of one text. A larger one is not read, and counts as something hidden."""

TEXTS_AT_MOST = 100
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP, _ICC, _JFIF = b"Photoshop 3.0\0", b"ICC_PROFILE\0", b"JFIF\0"
_SEAL_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The box of Content Credentials in HEIC and AVIF (C2PA specification, A.5)."""

_SEAL_TAG, _XMP_TAG, _IPTC_TAG, _PHOTOSHOP_TAG = 52545, 700, 33723, 34377
TECHNICAL_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs hIST sPLT acTL fcTL fdAT".split()
)
TECHNICAL_GIF = frozenset({b"G", b",", b";", b"\xf9", b"\x01"})
LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
"""How often an animation is shown."""

_TECHNICAL_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})


@dataclass
class Blocks:
    """``exif``: a TIFF structure; ``xmp``: XML; ``iptc``: IIM records; ``photoshop``: resources; ``texts``: PNG texts by
    keyword, comments as "comment"; ``has_seal``: Content Credentials; ``has_time``: a PNG's time; ``has_thumbnail``: a small
    picture outside of these; ``has_more``: anything else that is not needed to show the picture.
    """

    exif: bytes = field(default=b"", repr=False)
    xmp: bytes = field(default=b"", repr=False)
    iptc: bytes = field(default=b"", repr=False)
    photoshop: bytes = field(default=b"", repr=False)
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    has_seal: bool = False
    has_time: bool = False
    has_thumbnail: bool = False
    has_more: bool = False

    def take(self, name: str, block: bytes) -> None:
        """Keep the first block of this name, if it is not too large."""
        if len(block) > BLOCK_BYTES:
            self.has_more = True
        elif not getattr(self, name):
            setattr(self, name, block)

    def say(self, keyword: str, text: str) -> None:
        """Keep a text under its keyword, the first of them."""
        if len(text) > BLOCK_BYTES or len(self.texts) >= TEXTS_AT_MOST:
            self.has_more = True
        else:
            self.texts.setdefault(keyword, text)


def read_blocks(content: bytes, whole: bool = False) -> Blocks:
    """What the file holds beside its pixels. ``whole``: also what stands behind a JPEG's first pixels, which takes longer.

    Never raises for what is in the file: parts that are not as they should be count as ``has_more``.
    """
    blocks = Blocks()
    try:
        if content.startswith(JPEG_MAGIC):
            _jpeg(content, blocks, whole)
        elif content.startswith(PNG_MAGIC):
            _png(content, blocks)
        elif content[:4] == b"RIFF":
            _webp(content, blocks)
        elif content[:4] == b"GIF8":
            _gif(content, blocks)
        elif content[:2] == b"BM":
            pass  # nothing but pixels fits in
        else:
            _by_pillow(content, blocks)
    except NotWhole:
        blocks.has_more = True
    return blocks


def _jpeg(content: bytes, blocks: Blocks, whole: bool) -> None:
    for part in jpeg_parts(content, until_pixels=not whole):
        marker = part.kind[0] if part.kind else 0
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            _jpeg_segment(marker, part.content(content), blocks)
        elif not part.kind:
            blocks.has_more = True  # motion photos, second pictures, what a phone appends


def _jpeg_segment(marker: int, body: bytes, blocks: Blocks) -> None:
    if marker == 0xE0:
        if not body.startswith(_JFIF):
            blocks.has_thumbnail = True  # JFXX
        elif body[12:14] not in {b"\0\0", b""}:
            blocks.has_thumbnail = True
    elif marker == 0xE1 and body.startswith(_EXIF):
        blocks.take("exif", body[len(_EXIF) :])
    elif marker == 0xE1 and body.startswith(_XMP):
        blocks.take("xmp", body[len(_XMP) :])
    elif marker == 0xEB and body[:2] == b"JP" and b"c2pa" in body[:120]:
        blocks.has_seal = True
    elif marker == 0xED and body.startswith(_PHOTOSHOP):
        blocks.take("photoshop", body[len(_PHOTOSHOP) :])
    elif marker == 0xFE:
        blocks.say("comment", body.rstrip(b"\0").decode("utf-8", "replace"))
    elif not (marker == 0xEE and body.startswith(b"Adobe")) and not (marker == 0xE2 and body.startswith(_ICC)):
        blocks.has_more = True


def _png(content: bytes, blocks: Blocks) -> None:
    for part in png_parts(content):
        body = part.content(content) if part.kind not in TECHNICAL_PNG else b""
        if part.kind == b"eXIf":
            blocks.take("exif", body)
        elif part.kind in {b"tEXt", b"zTXt", b"iTXt"}:
            _png_text(part, body, blocks)
        elif part.kind == b"tIME":
            blocks.has_time = True
        elif part.kind == b"caBX":
            blocks.has_seal = True
        elif part.kind not in TECHNICAL_PNG:
            blocks.has_more = True


def _png_text(part: Part, body: bytes, blocks: Blocks) -> None:
    keyword, _null, rest = body[: BLOCK_BYTES + 100].partition(b"\0")
    encoding = "latin-1"
    if part.kind == b"zTXt":
        rest = _unpacked(rest[1:])
    elif part.kind == b"iTXt":
        is_packed, rest = rest[:1] == b"\1", rest[2:]
        rest = rest.partition(b"\0")[2].partition(b"\0")[2]  # language, translated keyword
        rest, encoding = _unpacked(rest) if is_packed else rest, "utf-8"
    if keyword == b"XML:com.adobe.xmp":
        blocks.take("xmp", rest)
    else:
        blocks.say(keyword.decode("latin-1"), rest.decode(encoding, "replace"))


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, BLOCK_BYTES + 1)
    except zlib.error:
        return b""


def _webp(content: bytes, blocks: Blocks) -> None:
    for part in webp_parts(content):
        if part.kind == b"EXIF":
            blocks.take("exif", part.content(content).removeprefix(_EXIF))
        elif part.kind == b"XMP ":
            blocks.take("xmp", part.content(content))
        elif part.kind == b"C2PA":
            blocks.has_seal = True
        elif part.kind not in _TECHNICAL_WEBP:
            blocks.has_more = True


def _gif(content: bytes, blocks: Blocks) -> None:
    for part in gif_parts(content):
        body = part.content(content)
        if part.kind == b"\xfe":
            blocks.say("comment", _gif_text(body).decode("utf-8", "replace"))
        elif part.kind == b"\xff" and body.startswith(b"\x0bXMP DataXMP"):
            blocks.take("xmp", body[12:].partition(b"<?xpacket end")[0])  # written without the lengths of sub-blocks
        elif part.kind == b"\xff" and body.startswith(b"\x0bC2PA_GIF"):
            blocks.has_seal = True
        elif part.kind not in TECHNICAL_GIF and not body.startswith(LOOPS):
            blocks.has_more = True


def _gif_text(body: bytes) -> bytes:
    parts, at = [], 0
    while at < len(body) and body[at]:
        parts.append(body[at + 1 : at + 1 + body[at]])
        at += body[at] + 1
    return b"".join(parts)


def _by_pillow(content: bytes, blocks: Blocks) -> None:
    """HEIC, AVIF and TIFF, as far as they can be opened: whoever decodes them says whether they are broken."""
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=("TIFF", "HEIF", "AVIF")) as image:
                _opened(image, content, blocks)
    except (*BROKEN, Image.DecompressionBombError):
        blocks.has_more = True


def _opened(image: "ImageFile", content: bytes, blocks: Blocks) -> None:
    if image.format == "TIFF":
        _tiff(image, content, blocks)
    else:
        blocks.take("exif", image.info.get("exif", b"").removeprefix(_EXIF))
        blocks.take("xmp", image.info.get("xmp", b""))
        boxes = (part.body for part in iso_boxes(content) if part.kind == b"uuid")
        blocks.has_seal = any(content[body : body + 16] == _SEAL_BOX for body in boxes)


def _tiff(image: "ImageFile", content: bytes, blocks: Blocks) -> None:
    tags = image.tag_v2  # type: ignore[attr-defined]
    blocks.exif = content  # the format that EXIF blocks have
    for name, tag in (("xmp", _XMP_TAG), ("iptc", _IPTC_TAG), ("photoshop", _PHOTOSHOP_TAG)):
        value = tags.get(tag)
        if isinstance(value, bytes):
            blocks.take(name, value)
    blocks.has_seal = _SEAL_TAG in tags
