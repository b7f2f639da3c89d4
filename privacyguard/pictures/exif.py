"""EXIF blocks as values by part and tag. Only worker processes use it."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

from privacyguard.pictures.blocks import BROKEN

VALUE_BYTES = 64 * 1024
Values = Mapping[int, object]


@dataclass(frozen=True)
class Exif:
    """``picture``, ``photo``, ``place``: the values of the three parts by tag; ``has_thumbnail``; ``is_broken``: not all of
    it could be read.
    """

    picture: Values = field(default_factory=dict, repr=False)
    photo: Values = field(default_factory=dict, repr=False)
    place: Values = field(default_factory=dict, repr=False)
    has_thumbnail: bool = False
    is_broken: bool = False


def exif_of(block: bytes) -> Exif:
    """What the block says. Never raises for what is in it."""
    from PIL import ExifTags, Image

    exif = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif.load(block)
            picture = dict(exif)
            photo, place, small = (
                dict(exif.get_ifd(part)) for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1)
            )
    except BROKEN:
        return Exif(is_broken=True)
    return Exif(picture, photo, place, has_thumbnail=bool({0x0201, 0x0111} & small.keys()))


def text(value: object) -> str:
    """A value that is text, in whatever way it was written; "" for anything else."""
    if isinstance(value, bytes):
        value = value[:VALUE_BYTES]
        if value.startswith(b"UNICODE\0"):
            return _utf16(value[8:])
        return value.removeprefix(b"ASCII\0\0\0").removeprefix(b"\0" * 8).rstrip(b"\0").decode("utf-8", "replace")
    return value[:VALUE_BYTES].strip("\0 ") if isinstance(value, str) else ""


def degrees(place: Values) -> tuple[float, float] | None:
    """Degrees north and east; None where the block names no place on earth."""
    north, east = _angle(place.get(2)), _angle(place.get(4))
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    signs = (-1 if text(place.get(1)) == "S" else 1, -1 if text(place.get(3)) == "W" else 1)
    return round(north * signs[0], 6), round(east * signs[1], 6)


def _angle(value: object) -> float | None:
    """Degrees, minutes and seconds as one number."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    try:
        whole, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    angle = whole + minutes / 60 + seconds / 3600
    return angle if math.isfinite(angle) else None


def _utf16(content: bytes) -> str:
    """UTF-16 without a mark of its order: plain letters have a zero byte each, and where it stands tells the order."""
    order = "le" if content[1::2].count(0) > content[::2].count(0) else "be"
    return content.decode(f"utf-16-{order}", "replace").strip("\0 \ufeff")
