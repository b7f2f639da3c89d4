"""Large JPEGs are decoded at a half, a quarter or an eighth: the same picture, upright, and never half of one."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures import jpeg
from privacyguard.pictures.decode import load
from tests.conftest import Portraits


@pytest.fixture(scope="module")
def large(free_portraits: Portraits) -> Image.Image:
    with Image.open(free_portraits.astronaut) as image:
        return image.convert("RGB").resize((2000, 1500), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, orientation: int | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    image.save(file, "JPEG", exif=exif, **{"quality": 90, **options})
    return file.getvalue()


@pytest.mark.parametrize("orientation", [None, *range(10)])
def test_each_orientation_comes_upright_like_pillows(large: Image.Image, orientation: int | None) -> None:
    content = encoded(large, orientation)
    picture = load(content, 600)
    with Image.open(io.BytesIO(content)) as image:
        upright = ImageOps.exif_transpose(image)
        assert (picture.width, picture.height) == upright.size
        expected = np.asarray(upright.resize(picture.pixels.shape[1::-1], Image.Resampling.BOX), dtype=int)
    assert picture.scale == 2.0
    assert np.abs(picture.pixels.astype(int) - expected).mean() < 2.0


@pytest.mark.parametrize(("asked", "times"), [(1001, 1), (1000, 2), (501, 2), (500, 4), (251, 4), (250, 8), (10, 8)])
def test_never_smaller_than_asked(large: Image.Image, asked: int, times: int) -> None:
    assert load(encoded(large), asked).scale == times


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printers_colours_look_like_pillows(large: Image.Image, mode: str) -> None:
    content = encoded(large.convert(mode))
    with Image.open(io.BytesIO(content)) as image:
        small = image.convert("RGB").resize((1000, 750), Image.Resampling.BOX)
    found = Image.fromarray(load(content, 600).pixels).resize((1000, 750))
    assert np.abs(np.asarray(found, dtype=int) - np.asarray(small, dtype=int)).mean() < 3.0


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_cut_file_is_broken_however_it_is_asked_for(large: Image.Image, share: float, progressive: bool) -> None:
    content = encoded(large, progressive=progressive)
    for longest_px in (None, 600):
        with pytest.raises(PictureUnreadable) as told:
            load(content[: int(len(content) * share)], longest_px)
        assert told.value.reason == Unreadable.BROKEN


def test_thumbnail_inside_does_not_pass_for_the_end_of_a_cut_file(large: Image.Image) -> None:
    content = encoded(large)
    thumbnail = encoded(large.resize((160, 120)))
    block = b"Exif\0\0" + thumbnail
    with_thumbnail = content[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + content[2:]
    assert jpeg.reduced(with_thumbnail, 2000, 1500, 600) is not None
    assert jpeg.reduced(with_thumbnail[: len(with_thumbnail) // 2], 2000, 1500, 600) is None
