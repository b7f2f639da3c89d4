"""Hidden details in photos, and cleaned copies that hold none of them, with the same pixels where nothing is made anew."""

import io
import warnings

import pytest
from PIL import Image, ImageChops, ImageOps

from privacyguard.errors import PictureUnreadable
from privacyguard.model.provenance import HiddenDetails, HiddenKind
from privacyguard.pictures.blocks import read_blocks
from privacyguard.pictures.cleaning import SeveralPages, cleaned
from privacyguard.pictures.metadata import hidden_details
from tests.support.photos import (
    DEVICE,
    PLACE,
    SECRETS,
    SERIAL,
    TAKEN_AT,
    drawing,
    encoded,
    exif,
    jpeg,
    phone_jpeg,
    png,
    png_text,
    profile,
    tiff_block,
    xmp,
)
from tests.support.seals import Signer, created

ALL = frozenset(HiddenKind)
WITHOUT_SMALL = ALL - {HiddenKind.THUMBNAIL}


def details(picture: bytes) -> HiddenDetails:
    return hidden_details(read_blocks(picture, whole=True))


def shown(picture: bytes) -> Image.Image:
    """The picture as it is shown, upright."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(picture)) as image:
            return ImageOps.exif_transpose(image).convert("RGBA")


def with_all(kind: str) -> bytes:
    match kind:
        case "JPEG":
            return phone_jpeg()
        case "PNG":
            return png(
                (b"eXIf", exif()),
                (b"tIME", b"\x07\xe8\x05\x11\x0e\x03\x16"),
                png_text("Author", "Erika Mustermann"),
                icc_profile=profile(),
            )
        case "WEBP":
            return encoded(
                drawing(),
                "WEBP",
                lossless=True,
                exif=exif(),
                xmp=xmp(f'aux:SerialNumber="{SERIAL}"'),
                icc_profile=profile(),
            )
        case "TIFF":
            return encoded(drawing(), "TIFF", exif=exif(), icc_profile=profile())
        case _:
            return encoded(drawing(), kind, exif=b"Exif\0\0" + exif(), icc_profile=profile())


KINDS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "HEIF": "JPEG", "AVIF": "JPEG", "TIFF": "PNG"}


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_details_are_read(kind: str) -> None:
    told = details(with_all(kind))
    assert told.kinds == (ALL if kind == "JPEG" else WITHOUT_SMALL)
    assert told.place == pytest.approx(PLACE, abs=1e-5)
    assert (told.taken_at, told.device, told.serial) == (TAKEN_AT, DEVICE, SERIAL)


@pytest.mark.parametrize("kind", KINDS)
def test_cleaned_copy_holds_nothing_and_shows_the_same(kind: str) -> None:
    original = with_all(kind)
    copy = cleaned(original)
    assert (copy.format, copy.removed) == (KINDS[kind], details(original).kinds)
    assert details(copy.content) == HiddenDetails()
    assert any(secret in original for secret in SECRETS) or kind == "AVIF"
    assert not any(secret in copy.content for secret in SECRETS)
    before, after = shown(original), shown(copy.content)
    assert before.size == after.size
    differ = ImageChops.difference(before, after)
    most = max(max(band.tobytes()) for band in differ.split())
    assert most <= (40 if kind in {"HEIF", "AVIF"} else 0)
    with Image.open(io.BytesIO(copy.content)) as image:
        assert image.info.get("icc_profile") == profile()


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_turned_photo_stays_turned(kind: str, orientation: int) -> None:
    block = exif(orientation)
    original = {
        "JPEG": phone_jpeg(orientation),
        "PNG": png((b"eXIf", block)),
        "WEBP": encoded(drawing(), "WEBP", lossless=True, exif=block),
    }[kind]
    copy = cleaned(original)
    assert ImageChops.difference(shown(original), shown(copy.content)).getbbox() is None
    assert shown(copy.content).size == ((96, 64) if orientation < 5 else (64, 96))
    assert details(copy.content).kinds == frozenset()


def test_photo_without_hidden_details_loses_nothing() -> None:
    for picture in (jpeg(), png(), encoded(drawing(), "WEBP", lossless=True), encoded(drawing(), "BMP")):
        assert details(picture) == HiddenDetails()
        assert cleaned(picture).removed == frozenset()
    assert cleaned(png()).content == png()


def test_what_stands_behind_the_picture_goes() -> None:
    original = phone_jpeg(behind=b"\0\0\0\x18ftypmp42 a film of a second")
    assert b"ftypmp42" not in cleaned(original).content
    assert HiddenKind.OTHER in details(jpeg() + b"film").kinds
    assert cleaned(jpeg() + b"film").content == jpeg()
    assert cleaned(png() + b"film").content == png()


def test_small_picture_in_the_head_of_a_jpeg_goes() -> None:
    plain = jpeg()
    head = b"\xff\xe0" + (16 + 3 * 4).to_bytes(2, "big") + plain[6:18] + b"\2\2" + b"rgb" * 4
    original = plain[:2] + head + plain[20:]
    assert HiddenKind.THUMBNAIL in details(original).kinds
    assert cleaned(original).content == plain


def test_progressive_and_colourless_jpegs_stay_as_they_are() -> None:
    for image, options in ((drawing(), {"progressive": True}), (drawing(mode="L"), {}), (drawing(mode="CMYK"), {})):
        original = jpeg(image, (0xE1, b"Exif\0\0" + exif()), **options)
        assert cleaned(original).content == jpeg(image, **options)


def test_animations_keep_their_frames_and_lose_their_notes() -> None:
    frames = [drawing(), drawing().rotate(180)]
    gif = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"by Erika Mustermann")
    webp = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, exif=exif())
    for original in (gif, webp):
        copy = cleaned(original)
        assert copy.removed
        assert b"Erika" not in copy.content
        with Image.open(io.BytesIO(copy.content)) as image:
            assert getattr(image, "n_frames", 1) == 2
        assert ImageChops.difference(shown(original), shown(copy.content)).getbbox() is None


def test_seal_and_marks_go_too() -> None:
    signed = Signer().sign(jpeg(), "image/jpeg", created())
    assert read_blocks(signed).has_seal
    assert not read_blocks(cleaned(signed).content).has_seal
    assert cleaned(signed).removed == {HiddenKind.OTHER}


def test_file_with_several_pages_is_refused() -> None:
    pages = encoded(drawing(), "TIFF", save_all=True, append_images=[drawing()])
    with pytest.raises(SeveralPages):
        cleaned(pages)


@pytest.mark.parametrize(
    "content", [b"", b"text", phone_jpeg()[:400], png()[:60], b"GIF89a" + bytes(20), b"RIFF\0\0\0\0WEBP"]
)
def test_broken_files_are_refused(content: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        cleaned(content)


def test_place_that_is_nowhere_is_not_told() -> None:
    for angle in (b"\0\0\0\x5b\0\0\0\1" + bytes(7) + b"\1" + bytes(7) + b"\1", bytes(24)):
        place = [(1, 2, b"N\0"), (2, 5, angle), (3, 2, b"E\0"), (4, 5, angle)]
        block = tiff_block([(0x010F, 2, b"x\0")], None, place)
        told = details(jpeg(None, (0xE1, b"Exif\0\0" + block)))
        assert HiddenKind.PLACE in told.kinds
        assert told.place is None


def test_south_and_west_are_below_zero() -> None:
    angle = b"\0\0\0\x21\0\0\0\1" + b"\0\0\0\0\0\0\0\1" * 2
    place = [(1, 2, b"S\0"), (2, 5, angle), (3, 2, b"W\0"), (4, 5, angle)]
    told = details(jpeg(None, (0xE1, b"Exif\0\0" + tiff_block([(0x010F, 2, b"x\0")], None, place))))
    assert told.place == (-33.0, -33.0)
