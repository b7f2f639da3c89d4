"""Bytes to upright pixels. Only worker processes import this module: the decoders run nowhere else."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures import jpeg
from privacyguard.pictures.blocks import BROKEN
from privacyguard.pictures.files import MAX_FILE_BYTES, read_bounded

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
"""What we open, recognised by content. Pillow knows 44 formats; EPS among them starts another program."""

MAX_PIXELS = 80_000_000
MAX_METADATA_BYTES = 1024 * 1024

MAX_SCANS = 100
"""Of a JPEG. Coders make 10, optimisers some 60; each goes over the whole picture, and 20,000 fit into a small file."""

Pixels = NDArray[np.uint8]
"""(height, width, 3), RGB, upright."""


@dataclass(frozen=True)
class Picture:
    """A decoded picture. ``width``/``height``: upright pixels of the original; ``scale``: original per decoded pixel."""

    pixels: Pixels
    width: int
    height: int
    format: str
    sha256: str
    scale: float


def load(source: Path | int | bytes, longest_px: int | None = None) -> Picture:
    """The first frame of a picture, EXIF orientation honoured, transparency on white.

    Args:
        source: a file, one that is open already (its descriptor, left open), or its content.
        longest_px: decode no larger than needed for a longer side of about this many pixels (never smaller than asked
            where the original is larger); None for full size.

    Raises:
        PictureUnreadable: not one of our formats, broken, or over the limits, which are checked before pixels are decoded.
    """
    content = source if isinstance(source, bytes) else read_bounded(source)
    if len(content) > MAX_FILE_BYTES:
        raise PictureUnreadable(Unreadable.TOO_LARGE)
    register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decoded(content, longest_px)
    except UnidentifiedImageError:
        raise PictureUnreadable(Unreadable.NOT_A_PICTURE if not content else _not_opened(content)) from None
    except Image.DecompressionBombError:
        raise PictureUnreadable(Unreadable.TOO_LARGE) from None
    except MemoryError:
        raise PictureUnreadable(Unreadable.TOO_LARGE) from None
    except BROKEN:
        raise PictureUnreadable(Unreadable.BROKEN) from None


def _decoded(content: bytes, longest_px: int | None) -> Picture:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS or min(width, height) < 1:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        _refuse_heavy_metadata(image)
        if image.format == "JPEG" and jpeg.scans(content) > MAX_SCANS:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        pixels = _reduced_jpeg(image, content, longest_px)
        if pixels is None:
            rgb = _on_white(ImageOps.exif_transpose(image))
            times = jpeg.times_smaller(*image.size, longest_px) if longest_px else 1
            pixels = np.asarray(rgb.reduce(times), dtype=np.uint8)
        kind = image.format or ""
    if (pixels.shape[1] > pixels.shape[0]) != (width > height):
        width, height = height, width
    return Picture(pixels, width, height, kind, hashlib.sha256(content).hexdigest(), width / pixels.shape[1])


def _reduced_jpeg(image: Image.Image, content: bytes, longest_px: int | None) -> Pixels | None:
    if not longest_px or image.format != "JPEG" or image.mode not in ("RGB", "L"):
        return None
    pixels = jpeg.reduced(content, *image.size, longest_px)
    return None if pixels is None else jpeg.upright(pixels, image.getexif().get(ExifTags.Base.Orientation))


def _refuse_heavy_metadata(image: Image.Image) -> None:
    for value in image.info.values():
        if isinstance(value, (bytes, str)) and len(value) > MAX_METADATA_BYTES:
            raise PictureUnreadable(Unreadable.TOO_LARGE)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    if image.mode in {"I;16", "I;16L", "I;16B", "I"}:
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _not_opened(content: bytes) -> Unreadable:
    """A cut file of one of our formats is broken; anything else is not a picture for us."""
    from privacyguard.pictures.files import is_picture

    return Unreadable.BROKEN if is_picture(content[:16]) else Unreadable.NOT_A_PICTURE
