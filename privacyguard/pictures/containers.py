"""The parts that JPEG, PNG, WebP and GIF files consist of, and where they lie. Nothing is decoded; free of decoders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARTS_AT_MOST = 200_000
"""Of one file: a file of 64 MB may hold millions, each of which costs time."""

JPEG_MAGIC, PNG_MAGIC = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_NOT_IN_A_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
SOI, EOI, SOS = 0xD8, 0xD9, 0xDA


class NotWhole(ValueError):
    """A file does not consist of parts as its format says."""


@dataclass(frozen=True)
class Part:
    """Bytes ``start`` to ``end`` of a file, its content from ``body`` on. ``kind``: a JPEG's marker as one byte, a PNG's or
    WebP's four letters, a GIF's label as one byte ("G" for its head), b"" for what stands behind the end of the picture.
    """

    kind: bytes
    start: int
    body: int
    end: int

    def content(self, file: bytes) -> bytes:
        """The part's content."""
        return file[self.body : self.end]


def jpeg_parts(content: bytes, until_pixels: bool = False) -> Iterator[Part]:
    """The segments of a JPEG, each scan with its pixels. ``until_pixels``: none from the first scan on.

    Raises:
        NotWhole: it is cut, or no JPEG.
    """
    if not content.startswith(JPEG_MAGIC):
        raise NotWhole("start")
    yield Part(bytes([SOI]), 0, 2, 2)
    at = 2
    for _ in range(PARTS_AT_MOST):
        start = at
        while content[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 2 > len(content) or content[at] != 0xFF:
            raise NotWhole("marker")
        marker = content[at + 1]
        if marker == EOI:
            yield Part(bytes([EOI]), start, at + 2, at + 2)
            if at + 2 < len(content):
                yield Part(b"", at + 2, at + 2, len(content))
            return
        if marker in _ALONE:
            at += 2
            yield Part(bytes([marker]), start, at, at)
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        body, end = at + 4, at + 2 + length
        if length < 2 or end > len(content) or (marker == SOS and until_pixels):
            if marker == SOS and until_pixels:
                return
            raise NotWhole("segment")
        if marker == SOS:
            following = _NOT_IN_A_SCAN.search(content, end)
            if following is None:
                raise NotWhole("end")
            end = following.start()
        yield Part(bytes([marker]), start, body, end)
        at = end
    raise NotWhole("too many parts")


def png_parts(content: bytes) -> Iterator[Part]:
    """The chunks of a PNG; ``end`` of each is before its check sum of 4 bytes.

    Raises:
        NotWhole: it is cut, or no PNG.
    """
    if not content.startswith(PNG_MAGIC):
        raise NotWhole("start")
    at = len(PNG_MAGIC)
    for _ in range(PARTS_AT_MOST):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 8 + length
        if len(kind) < 4 or end + 4 > len(content):
            raise NotWhole("chunk")
        yield Part(kind, at, at + 8, end)
        at = end + 4
        if kind == b"IEND":
            if at < len(content):
                yield Part(b"", at, at, len(content))
            return
    raise NotWhole("too many parts")


def webp_parts(content: bytes) -> Iterator[Part]:
    """The chunks of a WebP; ``end`` of each is before the byte that makes its length even.

    Raises:
        NotWhole: it is cut, or no WebP.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise NotWhole("start")
    whole = 8 + int.from_bytes(content[4:8], "little")
    if whole > len(content) + 1:
        raise NotWhole("size")
    yield from riff_parts(content, 12, min(whole, len(content)))
    if whole < len(content):
        yield Part(b"", whole, whole, len(content))


def riff_parts(content: bytes, start: int, stop: int) -> Iterator[Part]:
    """The chunks between two places of a RIFF file. Raises :class:`NotWhole`."""
    at = start
    for _ in range(PARTS_AT_MOST):
        if at >= stop:
            return
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + length
        if at + 8 > stop or end > stop:
            raise NotWhole("chunk")
        yield Part(content[at : at + 4], at, at + 8, end)
        at = end + length % 2
    raise NotWhole("too many parts")


def gif_parts(content: bytes) -> Iterator[Part]:
    """The blocks of a GIF: extensions by their label, pictures as ",", the end as ";".

    Raises:
        NotWhole: it is cut, or no GIF.
    """
    if content[:6] not in {b"GIF87a", b"GIF89a"} or len(content) < 13:
        raise NotWhole("start")
    at = 13 + _gif_table(content[10])
    yield Part(b"G", 0, 13, at)
    for _ in range(PARTS_AT_MOST):
        start, kind = at, content[at : at + 1]
        if kind == b";":
            yield Part(kind, at, at + 1, at + 1)
            if at + 1 < len(content):
                yield Part(b"", at + 1, at + 1, len(content))
            return
        if kind == b"!":
            kind, body = content[at + 1 : at + 2], at + 2
        elif kind == b"," and at + 10 <= len(content):
            body = at + 10 + _gif_table(content[at + 9]) + 1
        else:
            raise NotWhole("block")
        at = _gif_blocks_end(content, body)
        yield Part(kind, start, body, at)
    raise NotWhole("too many parts")


def _gif_table(flags: int) -> int:
    return 3 * 2 ** (flags % 8 + 1) if flags & 0x80 else 0


def _gif_blocks_end(content: bytes, at: int) -> int:
    while at < len(content):
        size = content[at]
        at += size + 1
        if size == 0:
            return at
    raise NotWhole("blocks")


def iso_boxes(content: bytes) -> Iterator[Part]:
    """The outermost boxes of a HEIC or AVIF file, until one that is not whole."""
    at = 0
    for _ in range(PARTS_AT_MOST):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body = at + 8
        if size == 1:
            size, body = int.from_bytes(content[at + 8 : at + 16], "big"), at + 16
        end = len(content) if size == 0 else at + size
        if len(kind) < 4 or end > len(content) or end < body:
            return
        yield Part(kind, at, body, end)
        at = end
