"""Pictures and videos that cost far more than their size, or lead in a circle: the rows of the threat model, section 4.

All are made by hand, byte by byte: no encoder writes such files.
"""

import io
import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

from privacyguard.pictures.matroska import packet_cluster, stream_head
from tests.support.video_samples import matroska_of_many_streams, matroska_of_sound

_MB = 1024 * 1024


def png(width: int, height: int, *parts: bytes, pixels: bytes = bytes(100)) -> bytes:
    """A PNG with right checksums that says it is so large; ``parts`` stand before its pixels."""
    header = png_part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = png_part(b"IDAT", zlib.compress(pixels)) + png_part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(parts) + body


def png_part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def moving_png(frames: int) -> bytes:
    control = struct.pack(">IIIIHHBB", 1, 1, 0, 0, 1, 10, 0, 0)
    still = zlib.compress(bytes(4))
    parts = [png_part(b"acTL", struct.pack(">II", frames, 0)), png_part(b"fcTL", struct.pack(">I", 0) + control)]
    more = b"".join(
        png_part(b"fcTL", struct.pack(">I", 2 * n + 1) + control)
        + png_part(b"fdAT", struct.pack(">I", 2 * n + 2) + still)
        for n in range(frames - 1)
    )
    whole = png(1, 1, *parts, pixels=bytes(4))
    return whole[:-12] + more + whole[-12:]


def moving_gif(frames: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\1\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, 8, 8, 0) + b"\2\2\x44\1\0"
    return head + frame * frames + b";"


def moving_webp(frames: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "WEBP", lossless=True)
    still = file.getvalue()[12:]
    body = bytes(6) + b"\7\0\0\7\0\0\x0a\0\0\0" + still
    frame = b"ANMF" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    parts = b"VP8X" + struct.pack("<I", 10) + b"\2\0\0\0\7\0\0\7\0\0" + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return _riff(b"WEBP" + parts + frame * frames)


def webp_with_xmp(xmp: bytes) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "WEBP", xmp=xmp)
    return file.getvalue()


def tiff(directories: int, is_loop: bool = False) -> bytes:
    """A picture of 8 x 8 and so many more directories, or one that is its own successor."""
    tags = (
        (256, 4, 8),
        (257, 4, 8),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, 8),
        (279, 4, 64),
    )
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    first, each = 72, 2 + len(entries) + 4
    following = first if is_loop else first + each
    parts = [
        b"II*\0",
        struct.pack("<I", first),
        bytes(64),
        struct.pack("<H", len(tags)),
        entries,
        struct.pack("<I", following),
    ]
    for number in range(directories):
        place = following + number * 18
        parts.append(struct.pack("<HHHIII", 1, 256, 4, 1, 8, place + 18 if number < directories - 1 else 0))
    return b"".join(parts)


def bmp(width: int, height: int) -> bytes:
    return (
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 154, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(100)
    )


def jpeg(size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG", **options)
    return file.getvalue()


def jpeg_said_to_be(width: int, height: int) -> bytes:
    content = bytearray(jpeg())
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def jpeg_of_many_scans(scans: int, size: tuple[int, int]) -> bytes:
    """A progressive JPEG whose last scan comes again and again: each goes over all of the picture."""
    whole = jpeg(size, progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + b"\xff\xd9"


def jpeg_with_exif(exif: bytes) -> bytes:
    whole = jpeg()
    body = b"Exif\0\0" + exif
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + whole[2:]


def exif(orientation: int, following: int = 0, inner: int = 26) -> bytes:
    """EXIF of an orientation and an inner directory at ``inner``; ``following``: where the next directory is said to be."""
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<HHII", 0x8769, 4, 1, inner)
    return b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", following)


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + name + body


def heic_grid(rows: int, columns: int, width: int, height: int) -> bytes:
    """A HEIC whose picture is a grid of so many tiles, all of them the same one, which is not there."""
    tiles = min(rows * columns, 65_535)
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    names = ((1, b"grid"), (2, b"hvc1"))
    infos = [box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), kind, b"\0") for number, kind in names]
    places = b"".join(struct.pack(">HHHHII", number, 1, 0, 1, 0, len(grid)) for number in (1, 2))
    references = box(b"dimg", struct.pack(">HH", 1, tiles), struct.pack(">H", 2) * tiles)
    sizes = box(b"ipco", box(b"ispe", bytes(4), struct.pack(">II", width, height)))
    uses = box(b"ipma", bytes(4), struct.pack(">I", 2), struct.pack(">HBB", 1, 1, 1), struct.pack(">HBB", 2, 1, 1))
    meta = box(
        b"meta",
        bytes(4),
        box(b"hdlr", bytes(8), b"pict", bytes(13)),
        box(b"pitm", bytes(4), struct.pack(">H", 1)),
        box(b"iinf", bytes(4), struct.pack(">H", 2), *infos),
        box(b"iloc", b"\1\0\0\0", b"\x44\0", struct.pack(">H", 2), places),
        box(b"iref", bytes(4), references),
        box(b"iprp", sizes, uses),
        box(b"idat", grid),
    )
    return box(b"ftyp", b"heic", bytes(4), b"mif1heic") + meta


def said_to_be(still: bytes, width: int, height: int) -> bytes:
    """A HEIC or AVIF with another size in its head."""
    place = still.index(b"ispe") + 8
    return still[:place] + struct.pack(">II", width, height) + still[place + 8 :]


def _riff(content: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(content)) + content


_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "ha" * 1000
    + '">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(8))
    + ']><x:xmpmeta xmlns:x="adobe:ns:meta/">&i;</x:xmpmeta>'
).encode()

BOMBS: Mapping[str, Callable[[], bytes]] = {
    "65535.png": lambda: png(65_535, 65_535),
    "wide.png": lambda: png(2**31 - 1, 1),
    "ztxt.png": lambda: png(8, 8, png_part(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50 * _MB), 9))),
    "many-ztxt.png": lambda: png(8, 8, *[png_part(b"zTXt", b"C\0\0" + zlib.compress(bytes(_MB), 9))] * 200),
    "iccp.png": lambda: png(8, 8, png_part(b"iCCP", b"x\0\0" + zlib.compress(bytes(50 * _MB), 9))),
    "xmp.png": lambda: png(8, 8, png_part(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _LAUGHS + b" " * 20 * _MB)),
    "laughs.png": lambda: png(8, 8, png_part(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _LAUGHS)),
    "pixels.png": lambda: png(8, 8, pixels=bytes(200 * _MB)),
    "flat.png": lambda: png(8_900, 8_900, pixels=bytes(8_900 * (8_900 * 3 + 1))),
    "moving.png": lambda: moving_png(30_000),
    "moving.gif": lambda: moving_gif(30_000),
    "moving.webp": lambda: moving_webp(30_000),
    "xmp.webp": lambda: webp_with_xmp(_LAUGHS + b" " * 20 * _MB),
    "directories.tif": lambda: tiff(1_000_000),
    "loop.tif": lambda: tiff(0, is_loop=True),
    "upside-down.bmp": lambda: bmp(5, -5),
    "negative.bmp": lambda: bmp(65_535, -(2**31)),
    "wide.bmp": lambda: bmp(2**31 - 1, 1),
    "65500.jpg": lambda: jpeg_said_to_be(65_500, 65_500),
    "scans.jpg": lambda: jpeg_of_many_scans(100_000, (64, 48)),
    "large-scans.jpg": lambda: jpeg_of_many_scans(20_000, (4_000, 4_000)),
    "large.jpg": lambda: jpeg((8_900, 8_900)),
    "orientation.jpg": lambda: jpeg_with_exif(exif(9)),
    "loop.jpg": lambda: jpeg_with_exif(exif(6, following=8, inner=8)),
    "far.jpg": lambda: jpeg_with_exif(exif(6, following=2**31, inner=2**32 - 1)),
    "grid.heic": lambda: heic_grid(100, 100, 6_400, 6_400),
    "vast-grid.heic": lambda: heic_grid(256, 256, 2**31 - 1, 2**31 - 1),
    "streams.mkv": lambda: matroska_of_many_streams(200_000),
    "sound.webm": matroska_of_sound,
    "vast.webm": lambda: stream_head("V_VP8", b"", 65_535, 65_535) + packet_cluster(bytes(100), 0, True),
    "noise.webm": lambda: stream_head("V_VP9", b"", 640, 480) + packet_cluster(bytes(range(256)), 0, True) * 5_000,
}
"""By a name that fits. ``upside-down``, ``orientation``, ``loop`` and the like are pictures that may as well be looked at."""

FOREIGN: Mapping[str, bytes] = {
    "eps.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(/tmp/made) (w) file\n",
    "pdf.jpg": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "svg.png": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "wmf.jpg": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "psd.jpg": b"8BPS\0\1\0\0\0\0\0\0\0\3\0\0\0\x10\0\0\0\x10\0\x08\0\3" + bytes(60),
    "icns.png": b"icns\0\0\0\x20ic07\0\0\0\x18" + bytes(16),
    "fits.jpg": b"SIMPLE  =                    T" + b" " * 2850,
    "hdf5.jpg": b"\x89HDF\r\n\x1a\n" + bytes(200),
    "grib.jpg": b"GRIB\0\0\0\2" + bytes(100),
    "mpeg.jpg": b"\0\0\1\xba" + bytes(500),
    "list.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/film.mp4\n#EXT-X-ENDLIST\n",
    "dash.mp4": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "script.avi": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "stream.mov": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=No Name\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    "text.webp": b"RIFF, of course, is a word.",
    "letters.mp4": b"free as in freedom",
    "empty.jpg": b"",
    "one.jpg": b"\xff",
}
"""Formats that are not ours, under names that are."""
