"""Photos as phones and cameras write them: drawn pictures with place, time, device, serial number, name and small picture."""

import functools
import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms
from pillow_heif import from_pillow

PLACE = (52.524167, 13.378889)
TAKEN_AT, DEVICE, SERIAL, OWNER = "2024:05:17 14:03:22", "Example Phone 5", "SN-4711-0815", "Erika Mustermann"
SECRETS = (b"2024:05:17", b"Phone 5", b"4711-0815", b"Erika", b"Mustermann")
"""What stands in a photo with all details, as it stands there."""

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {attributes}>{elements}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def xmp(attributes: str = "", elements: str = "") -> bytes:
    """An XMP packet with these properties, in the usual short names."""
    return XMP.format(attributes=attributes, elements=elements).encode()


def drawing(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Colours that run from side to side, so that a turned copy is told from one that is not."""
    rows = [(3 * x % 256, 4 * y % 256, (x * y) % 256) for y in range(height) for x in range(width)]
    image = Image.new("RGB", (width, height))
    image.putdata(rows)
    return image.convert(mode)


@functools.cache
def profile() -> bytes:
    """An ICC profile, always the same one: the time when it was made is in it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture in a format."""
    file = io.BytesIO()
    if kind == "HEIF":
        from_pillow(image).save(file, format="HEIF", quality=90, **options)
    else:
        image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation: int = 1, small: bytes = b"", **more: bytes | str) -> bytes:
    """An EXIF block (TIFF, without a header) with all details. ``small``: a JPEG; ``more``: ``software`` and ``comment``."""
    photo = [
        _text(0x9003, TAKEN_AT),
        (0x927C, 7, b"maker's own notes"),
        (0xA430, 2, OWNER.encode() + b"\0"),
        _text(0xA431, SERIAL),
    ]
    if "comment" in more:
        photo.append((0x9286, 7, _bytes(more["comment"])))
    place = [_text(1, "N"), (2, 5, _angle(PLACE[0])), _text(3, "E"), (4, 5, _angle(PLACE[1]))]
    main = [
        _text(0x010F, "Example"),
        _text(0x0110, DEVICE),
        (0x0112, 3, struct.pack(">H", orientation)),
        _text(0x0132, TAKEN_AT),
        _text(0x013B, OWNER),
    ]
    if "software" in more:
        main.append((0x0131, 2, _bytes(more["software"]) + b"\0"))
    return tiff_block(main, photo, place, small)


def tiff_block(
    main: list[tuple[int, int, bytes]],
    photo: list[tuple[int, int, bytes]] | None = None,
    place: list[tuple[int, int, bytes]] | None = None,
    small: bytes = b"",
) -> bytes:
    """A TIFF structure of directories of (tag, type, content), big-endian."""
    parts: list[bytes] = [b"MM\0*\0\0\0\x08"]
    sizes = len(main) + bool(photo) + bool(place)
    at = 8 + 2 + 12 * sizes + 4
    tails: list[bytes] = []
    pointers: list[tuple[int, int, bytes]] = []
    for tag, directory in ((0x8769, photo), (0x8825, place)):
        if directory:
            block = _directory(directory, at, 0)
            pointers.append((tag, 4, struct.pack(">I", at)))
            tails.append(block)
            at += len(block)
    following = 0
    if small:
        following = at
        start = at + 2 + 12 * 2 + 4
        pointed = [(0x0201, 4, struct.pack(">I", start)), (0x0202, 4, struct.pack(">I", len(small)))]
        tails.append(_directory(pointed, at, 0) + small)
        at += len(tails[-1])
    entries = sorted([*main, *pointers])
    head, values = _entries(entries, at)
    parts.append(struct.pack(">H", len(entries)) + head + struct.pack(">I", following))
    return b"".join([*parts, *tails, values])


def jpeg(image: Image.Image | None = None, *segments: tuple[int, bytes], **options: Any) -> bytes:
    """A JPEG with these segments (marker, content) behind its first one."""
    plain = encoded(image or drawing(), "JPEG", quality=90, **options)
    end = 4 + int.from_bytes(plain[4:6], "big")
    added = b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments)
    return plain[:end] + added + plain[end:]


def phone_jpeg(orientation: int = 1, behind: bytes = b"") -> bytes:
    """A JPEG with everything: EXIF with a small picture, XMP, IPTC in Photoshop's block, comment, ICC, more ``behind`` it."""
    small = encoded(drawing(16, 16), "JPEG")
    iptc = b"".join(_data_set(number, value) for number, value in ((80, OWNER.encode()), (90, b"Berlin")))
    resources = (
        b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(iptc)) + iptc + b"\0" * (len(iptc) % 2)
    )
    segments = (
        (0xE1, b"Exif\0\0" + exif(orientation, small)),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(f'aux:SerialNumber="{SERIAL}"')),
        (0xED, b"Photoshop 3.0\0" + resources),
        (0xE2, b"MPF\0" + b"second picture"),
        (0xFE, b"taken by " + OWNER.encode()),
    )
    return jpeg(None, *segments, icc_profile=profile()) + behind


def png(*chunks: tuple[bytes, bytes], image: Image.Image | None = None, **options: Any) -> bytes:
    """A PNG with these chunks behind its header."""
    plain = encoded(image or drawing(), "PNG", **options)
    return plain[:33] + b"".join(chunk(kind, body) for kind, body in chunks) + plain[33:]


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_text(keyword: str, text: str) -> tuple[bytes, bytes]:
    """A text chunk for :func:`png`."""
    return b"tEXt", keyword.encode("latin-1") + b"\0" + text.encode("latin-1")


def _data_set(number: int, value: bytes) -> bytes:
    return bytes([0x1C, 2, number]) + struct.pack(">H", len(value)) + value


def _text(tag: int, value: str) -> tuple[int, int, bytes]:
    return tag, 2, value.encode() + b"\0"


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _angle(value: float) -> bytes:
    degrees, rest = divmod(abs(value), 1)
    minutes, rest = divmod(rest * 60, 1)
    return struct.pack(">IIIIII", int(degrees), 1, int(minutes), 1, round(rest * 60 * 1000), 1000)


def _directory(entries: list[tuple[int, int, bytes]], at: int, following: int) -> bytes:
    head, values = _entries(sorted(entries), at + 2 + 12 * len(entries) + 4)
    return struct.pack(">H", len(entries)) + head + struct.pack(">I", following) + values


def _entries(entries: list[tuple[int, int, bytes]], at: int) -> tuple[bytes, bytes]:
    sizes = {2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    head, values = b"", b""
    for tag, kind, content in entries:
        count = len(content) // sizes[kind]
        if len(content) <= 4:
            place = content.ljust(4, b"\0")
        else:
            place = struct.pack(">I", at + len(values))
            values += content + b"\0" * (len(content) % 2)
        head += struct.pack(">HHI", tag, kind, count) + place
    return head, values
