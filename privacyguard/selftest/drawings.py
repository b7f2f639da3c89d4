"""Drawn faces, made without any library: enough of one for the detector, nobody's in particular."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIDE_PX = 192

Colour = tuple[int, int, int]
Rows = list[list[Colour]]


@dataclass(frozen=True)
class Drawing:
    """What makes a drawn face different from another. Lengths and places as shares of the picture's side."""

    skin: Colour
    hair: Colour
    lips: Colour
    width: float  # half of the face's
    hair_width: float  # beside the face
    has_fringe: bool
    eyes_apart: float  # half of the way from one to the other
    eye_y: float
    eye_size: float
    eye_open: float  # of its size
    brow_y: float
    brow_height: float
    nose_y: float
    nose_width: float
    mouth_y: float
    mouth_width: float
    lip_height: float


FACES = (
    Drawing(
        skin=(224, 180, 150),
        hair=(60, 40, 30),
        lips=(170, 80, 80),
        width=0.26,
        hair_width=0.07,
        has_fringe=False,
        eyes_apart=0.11,
        eye_y=0.465,
        eye_size=0.045,
        eye_open=0.45,
        brow_y=0.40,
        brow_height=0.012,
        nose_y=0.60,
        nose_width=0.045,
        mouth_y=0.69,
        mouth_width=0.085,
        lip_height=0.022,
    ),
    Drawing(
        skin=(110, 72, 55),
        hair=(20, 18, 18),
        lips=(170, 80, 80),
        width=0.191,
        hair_width=0.117,
        has_fringe=True,
        eyes_apart=0.149,
        eye_y=0.437,
        eye_size=0.037,
        eye_open=0.58,
        brow_y=0.34,
        brow_height=0.03,
        nose_y=0.629,
        nose_width=0.044,
        mouth_y=0.712,
        mouth_width=0.086,
        lip_height=0.027,
    ),
)
"""Two that the recogniser tells apart: of 700 drawn at random the second is the least like the first but one with glasses."""


def drawn_face(which: int = 0) -> Rows:
    """The pixels (RGB) of one of :data:`FACES`, rows from the top, 192 a side."""
    rows: Rows = [[(200, 210, 220)] * SIDE_PX for _row in range(SIDE_PX)]
    for x, y, width, height, colour, blur in _shapes(FACES[which]):
        _paint(rows, (x * SIDE_PX, y * SIDE_PX, width * SIDE_PX, height * SIDE_PX), colour, blur)
    return rows


def png(rows: Rows) -> bytes:
    """The pixels as PNG."""
    raw = b"".join(b"\0" + _line(row) for row in rows)
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def bmp(rows: Rows) -> bytes:
    """The pixels as BMP, for a width that is a multiple of four: lines are not filled up."""
    body = b"".join(_line([(blue, green, red) for red, green, blue in row]) for row in reversed(rows))
    head = struct.pack("<IiiHHIIiiII", 40, len(rows[0]), len(rows), 1, 24, 0, len(body), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, 54) + head + body


def tiff(rows: Rows) -> bytes:
    """The pixels as TIFF, not compressed, in one strip behind the list of what is known of them."""
    body = b"".join(_line(row) for row in rows)
    short, long = 3, 4
    entries = [(256, long, len(rows[0])), (257, long, len(rows)), (258, short, 8), (259, short, 1), (262, short, 2)]
    place = 8 + 2 + 12 * (len(entries) + 4) + 4
    entries += [(273, long, place), (277, short, 3), (278, long, len(rows)), (279, long, len(body))]
    known = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + known + bytes(4) + body


def _line(row: list[Colour]) -> bytes:
    return bytes(channel for pixel in row for channel in pixel)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _shapes(face: Drawing) -> Iterator[tuple[float, float, float, float, Colour, float]]:
    """Centre and radii as shares of the side, colour, and how soft the edge is, from the back to the front."""
    yield 0.5, 0.425, face.width + face.hair_width, 0.40, face.hair, 0.08
    yield 0.5, 0.875, 0.40, 0.25, (90, 90, 140), 0.08  # shoulders
    yield 0.5, 0.525, face.width, 0.35, face.skin, 0.08
    if face.has_fringe:
        yield 0.5, 0.22, face.width, 0.14, face.hair, 0.2
    size, opened = face.eye_size, face.eye_size * face.eye_open
    for side in (-1, 1):
        eye = 0.5 + side * face.eyes_apart
        yield eye, face.eye_y - 0.005, size + 0.015, size * 0.78, _toned(face.skin, 0.75), 0.6
        yield eye, face.eye_y, size, opened, (240, 240, 240), 0.3
        yield eye, face.eye_y, size * 0.45, opened, (40, 30, 20), 0.3
        yield eye, face.brow_y, size + 0.02, face.brow_height, _toned(face.hair, 1.15), 0.5
        yield 0.5 + side * face.nose_width * 0.55, face.nose_y, 0.012, 0.008, _toned(face.skin, 0.5), 0.6
    yield 0.5, face.nose_y - 0.04, face.nose_width * 0.66, 0.09, _toned(face.skin, 1.06), 0.9
    yield 0.5, face.nose_y, face.nose_width, 0.025, _toned(face.skin, 0.85), 0.9
    yield 0.5, face.mouth_y, face.mouth_width, face.lip_height, face.lips, 0.4
    yield 0.5, face.mouth_y, face.mouth_width * 0.94, face.lip_height * 0.27, _toned(face.lips, 0.6), 0.5


def _toned(colour: Colour, share: float) -> Colour:
    red, green, blue = (min(255, round(channel * share)) for channel in colour)
    return red, green, blue


def _paint(rows: Rows, ellipse: tuple[float, float, float, float], colour: Colour, blur: float) -> None:
    x, y, width, height = ellipse
    top, bottom = max(0, int(y - height * 1.5)), min(SIDE_PX, int(y + height * 1.5) + 1)
    left, right = max(0, int(x - width * 1.5)), min(SIDE_PX, int(x + width * 1.5) + 1)
    for row in range(top, bottom):
        for column in range(left, right):
            radius = (((column - x) / width) ** 2 + ((row - y) / height) ** 2) ** 0.5
            share = min(max((1 - radius) / blur + 0.5, 0.0), 1.0)
            if share > 0:
                red, green, blue = (
                    round(old * (1 - share) + new * share) for old, new in zip(rows[row][column], colour, strict=True)
                )
                rows[row][column] = (red, green, blue)
