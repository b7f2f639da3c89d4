"""The same picture made smaller or saved anew is a copy; another picture is not."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from privacyguard.model.picture import distance
from privacyguard.pictures.copies import COPY_BITS, HASH_BITS, is_copy, perceptual_hash
from tests.conftest import Portraits


@pytest.fixture(scope="module", params=["astronaut", "grace_hopper"])
def portrait(request: pytest.FixtureRequest, free_portraits: Portraits) -> Image.Image:
    with Image.open(getattr(free_portraits, request.param)) as image:
        return image.convert("RGB")


def hashed(image: Image.Image) -> str:
    return perceptual_hash(np.asarray(image))


def test_hash_is_64_bits_in_hex(portrait: Image.Image) -> None:
    assert len(hashed(portrait)) == HASH_BITS // 4
    assert hashed(portrait) == hashed(portrait.copy())


@pytest.mark.parametrize("share", [0.75, 0.5, 0.25])
def test_smaller_picture_is_a_copy(portrait: Image.Image, share: float) -> None:
    small = portrait.resize((int(portrait.width * share), int(portrait.height * share)))
    assert is_copy(distance(hashed(portrait), hashed(small)))


@pytest.mark.parametrize("quality", [85, 30])
def test_picture_saved_anew_is_a_copy(portrait: Image.Image, quality: int) -> None:
    file = io.BytesIO()
    portrait.save(file, "JPEG", quality=quality)
    with Image.open(file) as again:
        assert is_copy(distance(hashed(portrait), hashed(again.convert("RGB"))))


def test_mirrored_picture_is_no_copy(portrait: Image.Image) -> None:
    assert not is_copy(distance(hashed(portrait), hashed(ImageOps.mirror(portrait))))


def test_two_people_are_no_copies_of_each_other(free_portraits: Portraits) -> None:
    with Image.open(free_portraits.astronaut) as one, Image.open(free_portraits.grace_hopper) as other:
        assert not is_copy(distance(hashed(one.convert("RGB")), hashed(other.convert("RGB"))))


def test_bound_is_at_eight_bits() -> None:
    assert is_copy(0)
    assert is_copy(COPY_BITS)
    assert not is_copy(COPY_BITS + 1)
    assert distance("0" * 16, "0" * 14 + "ff") == 8
    assert distance("0" * 16, "f" * 16) == 64
    assert distance("0123456789abcdef", "0123456789abcdef") == 0


@pytest.mark.parametrize("wrong", ["", "not hexadecimal!", "xyz"])
def test_what_is_not_hexadecimal_has_no_distance(wrong: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        distance(wrong, "0" * 16)
