"""Bytes to upright pixels: what we open comes right, what is broken or hostile is refused, and never another error."""

import hashlib
import io
import random
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pillow_heif import from_pillow

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.decode import FORMATS, load
from privacyguard.pictures.files import is_picture
from tests.conftest import Portraits

SIZE = (200, 150)
AT_ONCE_S = 2.0


@pytest.fixture(scope="module")
def portrait(free_portraits: Portraits) -> Image.Image:
    """200 x 150 of the astronaut: her face is in it, and top, bottom, left and right differ."""
    with Image.open(free_portraits.astronaut) as image:
        return image.convert("RGB").crop((100, 0, 500, 300)).resize(SIZE)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    if kind == "HEIF":
        file = io.BytesIO()
        from_pillow(image).save(file, format="HEIF", quality=80)
        return file.getvalue()
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def reason(content: bytes | Path) -> Unreadable | None:
    """Why it cannot be opened, or None. Any error but ours fails the test."""
    try:
        load(content)
    except PictureUnreadable as error:
        return Unreadable(error.reason)
    return None


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_comes_out_right_and_is_known_by_its_first_bytes(portrait: Image.Image, kind: str) -> None:
    content = encoded(portrait, kind)
    picture = load(content)
    assert picture.format == kind
    assert (picture.width, picture.height) == SIZE
    assert picture.pixels.shape == (150, 200, 3)
    assert picture.pixels.dtype == np.uint8
    assert picture.scale == 1.0
    assert picture.sha256 == hashlib.sha256(content).hexdigest()
    off = np.abs(picture.pixels.astype(int) - np.asarray(portrait).astype(int)).mean()
    assert off < 12  # GIF has 256 colours; the others are nearer
    assert is_picture(content[:16])


def test_name_does_not_matter(portrait: Image.Image, tmp_path: Path) -> None:
    for kind, name in (("PNG", "picture.jpg"), ("JPEG", "picture.txt"), ("WEBP", "picture")):
        path = tmp_path / name
        path.write_bytes(encoded(portrait, kind))
        assert load(path).format == kind


_TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera stores an upright scene for each EXIF orientation."""


@pytest.mark.parametrize("orientation", _TURNED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_turned_picture_comes_upright(portrait: Image.Image, kind: str, orientation: int) -> None:
    turn = _TURNED[orientation]
    stored = portrait if turn is None else portrait.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(stored, kind, exif=exif)
    for longest in (None, 100):
        picture = load(content, longest)
        assert (picture.width, picture.height) == SIZE
        height, width = picture.pixels.shape[:2]
        assert width / height == pytest.approx(4 / 3, abs=0.03)
        assert picture.scale == pytest.approx(200 / width)
        small = np.asarray(Image.fromarray(picture.pixels).resize((20, 15), Image.Resampling.BOX)).astype(int)
        upright = np.asarray(portrait.resize((20, 15), Image.Resampling.BOX)).astype(int)
        assert np.abs(small - upright).mean() < 8


def test_orientation_that_does_not_exist_is_passed_over(portrait: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert load(encoded(portrait, "JPEG", exif=exif)).width == 200


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF"])
def test_what_is_transparent_is_on_white(kind: str) -> None:
    layered = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    layered.paste((255, 0, 0, 255), (0, 0, 20, 40))
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels = load(encoded(layered, kind, **options)).pixels
    assert tuple(pixels[5, 35]) == (255, 255, 255)
    assert tuple(pixels[5, 5]) == (255, 0, 0)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("CMYK", "JPEG"), ("I;16", "PNG"), ("F", "TIFF")],
)
def test_every_kind_of_colour_becomes_rgb(portrait: Image.Image, mode: str, kind: str) -> None:
    if mode == "I;16":
        deep = np.asarray(portrait.convert("L")).astype(np.uint16) * 257
        image = Image.fromarray(deep)
    else:
        image = portrait.convert(mode)
    pixels = load(encoded(image, kind)).pixels
    assert pixels.shape == (150, 200, 3)
    grey = np.asarray(portrait.convert("L")).astype(int)
    assert pixels.mean() == pytest.approx(grey.mean(), abs=12)  # neither black nor white all over


def test_large_jpeg_is_decoded_no_larger_than_needed(portrait: Image.Image) -> None:
    large = encoded(portrait.resize((4000, 3000)), "JPEG")
    picture = load(large, 500)
    assert (picture.width, picture.height) == (4000, 3000)
    assert 500 <= picture.pixels.shape[1] <= 1000
    assert picture.scale == pytest.approx(4000 / picture.pixels.shape[1])
    assert load(large).pixels.shape == (3000, 4000, 3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "HEIF"])
def test_large_pictures_of_other_kinds_are_given_no_larger_than_needed(portrait: Image.Image, kind: str) -> None:
    large = portrait.resize((2001, 1501))
    picture = load(encoded(large, kind), 500)
    assert (picture.width, picture.height) == (2001, 1501)
    assert picture.pixels.shape == (376, 501, 3)
    assert picture.scale == pytest.approx(2001 / 501)
    small = np.asarray(large.reduce(4)).astype(int)
    assert np.abs(picture.pixels.astype(int) - small).mean() < 4
    assert load(encoded(large, kind)).pixels.shape == (1501, 2001, 3)


def test_first_frame_of_a_moving_picture_is_taken(portrait: Image.Image) -> None:
    black = Image.new("RGB", SIZE)
    moving = encoded(portrait, "GIF", save_all=True, append_images=[black, black])
    assert load(moving).pixels.mean() > 30


def test_a_picture_of_one_pixel_is_one() -> None:
    assert load(encoded(Image.new("RGB", (1, 1), "red"), "PNG")).pixels.tolist() == [[[255, 0, 0]]]


# --- broken -----------------------------------------------------------------------------------------------------


def test_nothing_at_all_is_no_picture() -> None:
    assert reason(b"") is Unreadable.NOT_A_PICTURE


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_cut_file_is_broken(portrait: Image.Image, kind: str, share: float) -> None:
    content = encoded(portrait, kind)
    assert reason(content) is None
    kept = max(16, int(len(content) * share))
    assert reason(content[:kept]) in {Unreadable.BROKEN, Unreadable.NOT_A_PICTURE, Unreadable.TOO_LARGE}


@pytest.mark.parametrize("kind", FORMATS)
def test_flipped_bytes_never_give_another_error(portrait: Image.Image, kind: str) -> None:
    chance = random.Random(f"flips of {kind}")
    whole = encoded(portrait.resize((80, 60)), kind)
    opened = 0
    for _ in range(200):
        flipped = bytearray(whole)
        for _ in range(chance.choice((1, 1, 4, 16))):
            # Half of them in the head, where sizes and offsets are.
            place = chance.randrange(min(64, len(flipped))) if chance.random() < 0.5 else chance.randrange(len(flipped))
            flipped[place] ^= 1 << chance.randrange(8)
        opened += reason(bytes(flipped)) is None
    assert opened < 200  # some were refused


@pytest.mark.parametrize(
    "head",
    [
        b"8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x10\0\0\0\x10\0\x08\0\x03",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(/tmp/made) (w) file\n",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"%PDF-1.4\n1 0 obj\n",
        b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0",
        b"P6\n4 4\n255\n" + bytes(48),
        b"#FIG 3.2\n",
        b"\xd7\xcd\xc6\x9a" + bytes(40),
    ],
    ids=["psd", "eps", "svg", "pdf", "ico", "ppm", "fig", "wmf"],
)
def test_formats_that_we_do_not_open_are_no_pictures_whatever_their_name(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(head + bytes(200))
    assert reason(path) is Unreadable.NOT_A_PICTURE
    assert not is_picture(head[:16])


# --- bombs ------------------------------------------------------------------------------------------------------


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *between: bytes) -> bytes:
    """A PNG that says it is so large, with right checksums and hardly any pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(between)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("width", "height"), [(65_535, 65_535), (80_000_001, 1), (2**31 - 1, 2**31 - 1), (10_000, 8_001)]
)
def test_head_that_announces_too_many_pixels_is_refused_at_once(width: int, height: int) -> None:
    start = time.monotonic()
    assert reason(png(width, height)) is Unreadable.TOO_LARGE
    assert time.monotonic() - start < AT_ONCE_S


def test_gif_and_bmp_that_announce_too_many_pixels_are_refused() -> None:
    gif = (
        b"GIF89a"
        + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0)
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0)
    )
    bmp = (
        b"BM"
        + struct.pack("<IHHI", 154, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 65_535, 65_535, 1, 24, 0, 0, 0, 0, 0, 0)
    )
    start = time.monotonic()
    assert reason(gif + b"\x02\x02\x44\x01\x00;") is Unreadable.TOO_LARGE
    assert reason(bmp + bytes(100)) is Unreadable.TOO_LARGE
    assert time.monotonic() - start < AT_ONCE_S


def test_file_over_64_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(png(10, 10))
        file.truncate(70_000_000)
    start = time.monotonic()
    assert reason(path) is Unreadable.TOO_LARGE
    assert reason(bytes(64 * 1024 * 1024 + 1)) is Unreadable.TOO_LARGE
    assert time.monotonic() - start < AT_ONCE_S


@pytest.mark.parametrize("packed", [False, True])
def test_two_megabytes_of_text_in_a_small_picture_are_refused(packed: bool) -> None:
    text = b"A" * 2_000_000
    part = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text)) if packed else chunk(b"tEXt", b"Comment\0" + text)
    start = time.monotonic()
    assert reason(png(10, 10, part)) in {Unreadable.TOO_LARGE, Unreadable.BROKEN}
    assert time.monotonic() - start < AT_ONCE_S


def test_jpeg_that_goes_over_its_pixels_without_end_is_refused_at_once() -> None:
    ordinary = encoded(Image.new("RGB", (2000, 2000), "teal"), "JPEG", progressive=True)
    assert reason(ordinary) is None
    last = ordinary.rindex(b"\xff\xda")
    start = time.monotonic()
    assert reason(ordinary[:last] + ordinary[last:-2] * 20_000 + b"\xff\xd9") is Unreadable.TOO_LARGE
    assert time.monotonic() - start < AT_ONCE_S


def test_little_text_in_a_picture_is_no_reason_to_refuse_it() -> None:
    note = chunk(b"tEXt", b"Comment\0a holiday")
    whole = encoded(Image.new("RGB", (10, 10)), "PNG")
    assert reason(whole[:33] + note + whole[33:]) is None
