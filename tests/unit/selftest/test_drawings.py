"""The drawings of the self-test: written without a library as a library reads them, and the samples beside them."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from privacyguard.paths import resources
from privacyguard.pictures.decode import FORMATS
from privacyguard.pictures.files import is_picture, is_video
from privacyguard.selftest import closed_off, drawings, portraits

SAMPLES = resources() / "selftest"


@pytest.fixture(scope="module")
def rows() -> drawings.Rows:
    return drawings.drawn_face()


@pytest.mark.parametrize(("kind", "encode"), closed_off.DRAWN_HERE.items(), ids=list(closed_off.DRAWN_HERE))
def test_what_is_written_here_is_read_by_a_library_with_the_same_pixels(
    rows: drawings.Rows, kind: str, encode: Callable[[drawings.Rows], bytes]
) -> None:
    with Image.open(io.BytesIO(encode(rows))) as image:
        assert image.format == kind
        assert image.size == (drawings.SIDE_PX, drawings.SIDE_PX)
        assert image.convert("RGB").tobytes() == bytes(channel for row in rows for pixel in row for channel in pixel)


def test_the_two_faces_are_different_drawings(rows: drawings.Rows) -> None:
    assert drawings.drawn_face(1) != rows


def test_the_samples_are_small_and_one_of_each_kind() -> None:
    samples = {path.name: path for path in SAMPLES.iterdir() if path.name != "README.md"}
    people = {portraits.PERSON, portraits.PERSON_AGAIN, portraits.SOMEBODY_ELSE}
    assert samples.keys() == {*closed_off.PICTURES.values(), *closed_off.VIDEOS.values(), *people}
    for name in people:
        assert samples.pop(name).stat().st_size < 16_000, name
    for name, path in samples.items():
        content = path.read_bytes()
        assert len(content) < 2000, name
        assert is_picture(content[:16]) == (name in closed_off.PICTURES.values()), name
        assert is_video(content[:16]) == (name in closed_off.VIDEOS.values()), name


def test_every_format_that_is_opened_has_a_drawing_or_a_sample() -> None:
    assert {*closed_off.DRAWN_HERE, *closed_off.PICTURES} == set(FORMATS)
