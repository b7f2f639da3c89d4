"""Smaller, poorer, mirrored and cropped pictures are copies of the chosen one; another picture is not, whatever is alike."""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from privacyguard.faces.detector import Detector
from privacyguard.faces.weights import weights_folder
from privacyguard.model.person import EnrolledPhoto
from privacyguard.model.picture import Box, FaceCut, Fingerprint, PictureAnalysis, distance
from privacyguard.pictures import fingerprints
from privacyguard.pictures.copies import COPY_BITS, find_copy
from privacyguard.pictures.cuts import CUTS, HASH_BYTES, HASH_SIDE, SCENE_CUTS, packed, unpacked
from privacyguard.pictures.fingerprints import fingerprint, perceptual_hash, variants
from privacyguard.pictures.scenes import NEAR_SCENE_BITS, near_scenes, same_scene
from tests.conftest import Portraits
from tests.support.altered import Pixels, cropped, mirrored, resized, saved_anew

NO_CUT = FaceCut(0, 0, b"")


class Chosen:
    """A portrait as it is enrolled, and where its face is."""

    def __init__(self, path: Path, detector: Detector) -> None:
        with Image.open(path) as image:
            self.pixels: Pixels = np.asarray(image.convert("RGB"))
        self.boxes = boxes_of(self.pixels, detector)
        self.photo = EnrolledPhoto(
            (), NO_CUT, perceptual_hash(self.pixels), "", copy_variants=variants(self.pixels, self.boxes)
        )


def boxes_of(pixels: Pixels, detector: Detector) -> list[Box]:
    return [Box(*(round(float(number)) for number in one.row[:4])) for one in detector.detect(pixels)]


def looked_at(pixels: Pixels, boxes: list[Box]) -> PictureAnalysis:
    height, width = pixels.shape[:2]
    return PictureAnalysis(
        width, height, "PNG", "", perceptual_hash(pixels), "", (), fingerprint=fingerprint(pixels, boxes)
    )


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(weights_folder())


@pytest.fixture(scope="module")
def both(free_portraits: Portraits, detector: Detector) -> tuple[Chosen, Chosen]:
    return Chosen(free_portraits.astronaut, detector), Chosen(free_portraits.grace_hopper, detector)


@pytest.fixture(params=[0, 1], ids=["astronaut", "grace_hopper"])
def chosen(request: pytest.FixtureRequest, both: tuple[Chosen, Chosen]) -> Chosen:
    return both[request.param]


COPIES: dict[str, Callable[[Pixels], Pixels]] = {
    "as it is": lambda pixels: pixels,
    "quarter": lambda pixels: resized(pixels, 0.25),
    "larger": lambda pixels: resized(pixels, 3),
    "quality 30": lambda pixels: saved_anew(pixels, 30),
    "mirrored": mirrored,
    "mirrored, quarter": lambda pixels: resized(mirrored(pixels), 0.25),
    "cropped 5 %": lambda pixels: cropped(pixels, 0.05, 0.05, random.Random(1)),
    "cropped 20 %": lambda pixels: cropped(pixels, 0.2, 0.2, random.Random(2)),
    "cropped unevenly, quality 50": lambda pixels: saved_anew(cropped(pixels, 0.13, 0.18, random.Random(3)), 50),
    "made wide": lambda pixels: cropped(pixels, 0, 0.25, random.Random(4)),
    "made narrow": lambda pixels: cropped(pixels, 1 / 3, 0, random.Random(5)),
    "cropped and mirrored": lambda pixels: mirrored(cropped(pixels, 0.17, 0.08, random.Random(6))),
    "middle": lambda pixels: pixels[
        pixels.shape[0] // 5 : -pixels.shape[0] // 5, pixels.shape[1] // 5 : -pixels.shape[1] // 5
    ],
}


@pytest.mark.parametrize("kind", COPIES)
def test_altered_picture_is_a_copy(chosen: Chosen, kind: str, detector: Detector) -> None:
    pixels = np.ascontiguousarray(COPIES[kind](chosen.pixels))
    copy = find_copy(chosen.photo, looked_at(pixels, boxes_of(pixels, detector)))
    assert copy is not None
    assert copy.bits <= COPY_BITS
    assert copy.mirrored == ("mirrored" in kind)


def test_different_portraits_are_no_copies_of_each_other(both: tuple[Chosen, Chosen], detector: Detector) -> None:
    for one, other in (both, both[::-1]):
        for alter in COPIES.values():
            pixels = np.ascontiguousarray(alter(other.pixels))
            assert find_copy(one.photo, looked_at(pixels, boxes_of(pixels, detector))) is None


def test_what_is_left_of_too_large_a_crop_is_no_copy(chosen: Chosen) -> None:
    assert find_copy(chosen.photo, looked_at(cropped(chosen.pixels, 0.5, 0.5, random.Random(1)), [])) is None


def test_plain_picture_is_no_copy(chosen: Chosen) -> None:
    assert find_copy(chosen.photo, looked_at(np.full((300, 400, 3), 90, dtype=np.uint8), [])) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1, 900), (2000, 1)])
def test_odd_sizes_are_hashed_and_no_copy(chosen: Chosen, size: tuple[int, int]) -> None:
    assert find_copy(chosen.photo, looked_at(np.zeros((*size, 3), dtype=np.uint8), [Box(0, 0, 1, 1)])) is None


@pytest.mark.parametrize("turn", [False, True], ids=["upright", "mirrored"])
def test_copy_tells_where_the_chosen_face_is(chosen: Chosen, turn: bool, detector: Detector) -> None:
    off_width, off_height = 0.1, 0.2
    height, width = chosen.pixels.shape[:2]
    pixels = np.ascontiguousarray(chosen.pixels[: round(height * (1 - off_height)), round(width * off_width) :])
    pixels = mirrored(pixels) if turn else pixels
    boxes = boxes_of(pixels, detector)
    copy = find_copy(chosen.photo, looked_at(pixels, boxes))
    assert copy is not None
    assert copy.face is not None
    face = max(boxes, key=lambda box: box.w * box.h)
    expected = (face.x, face.y, face.x + face.w, face.y + face.h)
    sides = (pixels.shape[1], pixels.shape[0]) * 2
    assert copy.face == pytest.approx([edge / side for edge, side in zip(expected, sides, strict=True)], abs=0.04)


def test_face_pattern_of_an_older_version_knows_smaller_copies_but_no_crops(chosen: Chosen) -> None:
    old = replace(chosen.photo, copy_variants=b"")
    smaller = find_copy(old, looked_at(resized(chosen.pixels, 0.25), []))
    assert smaller is not None
    assert smaller.face is None
    assert find_copy(old, looked_at(cropped(chosen.pixels, 0.2, 0.2, random.Random(2)), [])) is None


def test_video_is_known_by_its_first_frame(chosen: Chosen) -> None:
    same = replace(looked_at(chosen.pixels, []), fingerprint=None)
    assert find_copy(chosen.photo, same) is not None
    assert find_copy(chosen.photo, replace(same, phash=f"{int(same.phash, 16) ^ 0xFFF:016x}")) is None


def test_picture_whose_face_was_covered_is_still_a_copy(chosen: Chosen) -> None:
    """The face's box is filled with noise, so that the whole picture is another, and its scene the same."""
    pixels = chosen.pixels.copy()
    noise = np.random.default_rng(7)
    for box in chosen.boxes:
        part = pixels[max(box.y, 0) : box.y + box.h, max(box.x, 0) : box.x + box.w]
        part[:] = np.kron(noise.integers(0, 256, (4, 4, 3)), np.ones((200, 200, 1)))[: part.shape[0], : part.shape[1]]
    analysis = looked_at(pixels, chosen.boxes)
    assert find_copy(chosen.photo, analysis) is not None
    assert analysis.fingerprint is not None
    assert same_scene(analysis.fingerprint, fingerprint(chosen.pixels, chosen.boxes)) is False
    assert same_scene(fingerprint(mirrored(pixels), mirror(chosen)), fingerprint(chosen.pixels, chosen.boxes)) is True


def mirror(chosen: Chosen) -> list[Box]:
    width = chosen.pixels.shape[1]
    return [Box(width - box.x - box.w, box.y, box.w, box.h) for box in chosen.boxes]


def test_different_scenes_are_not_the_same(both: tuple[Chosen, Chosen]) -> None:
    one, other = (fingerprint(chosen.pixels, chosen.boxes) for chosen in both)
    assert same_scene(one, other) is None
    assert same_scene(one, one) is False


def test_there_is_no_scene_without_a_face_or_beside_a_face_that_fills_it_or_before_a_plain_wall(chosen: Chosen) -> None:
    height, width = chosen.pixels.shape[:2]
    assert fingerprint(chosen.pixels, chosen.boxes).scene is not None
    assert fingerprint(chosen.pixels, []).scene is None
    assert fingerprint(chosen.pixels, [Box(0, 0, width, height * 2 // 3)]).scene is None
    assert fingerprint(chosen.pixels, [Box(-5, -5, width + 10, height + 10)]).scene is None
    plain = np.full_like(chosen.pixels, 128)
    box = chosen.boxes[0]
    plain[box.y : box.y + box.h, box.x : box.x + box.w] = 10
    assert fingerprint(plain, [box]).scene is None


def test_hashes_are_36_digits_and_the_same_each_time(chosen: Chosen) -> None:
    marks = fingerprint(chosen.pixels, chosen.boxes)
    for text in (marks.whole, marks.mirrored, marks.scene, marks.mirrored_scene):
        assert text is not None
        assert len(text) == 2 * HASH_BYTES
        int(text, 16)
    assert marks == fingerprint(chosen.pixels.copy(), chosen.boxes)
    assert marks.mirrored == fingerprint(mirrored(chosen.pixels), []).whole


def test_small_hash_is_that_of_the_library_but_for_two_bits(chosen: Chosen) -> None:
    import imagehash

    large = resized(chosen.pixels, 4)
    for pixels in (chosen.pixels, large):
        theirs = str(imagehash.phash(Image.fromarray(pixels)))
        assert distance(perceptual_hash(pixels), theirs) <= 2


def test_hashes_are_those_of_the_library_bit_for_bit(chosen: Chosen) -> None:
    import imagehash

    pictures = [chosen.pixels, mirrored(chosen.pixels), np.zeros((90, 140, 3), dtype=np.uint8)]
    pictures += [
        np.full((64, 64, 3), 200, dtype=np.uint8),
        np.tile(np.arange(192, dtype=np.uint8)[:, None], (90, 1, 3)),
    ]
    for pixels in pictures:
        grey = Image.fromarray(fingerprints.reduced_grey(pixels))
        assert perceptual_hash(pixels) == str(imagehash.phash(grey))
        small = grey.resize((4 * HASH_SIDE, 4 * HASH_SIDE), Image.Resampling.LANCZOS)
        assert fingerprint(pixels, []).whole == str(imagehash.phash(small, hash_size=HASH_SIDE))


def test_hashes_of_cuts_are_those_of_the_cuts_by_themselves(chosen: Chosen) -> None:
    import imagehash

    hashes = unpacked(chosen.photo.copy_variants)
    assert hashes is not None
    grey = Image.fromarray(fingerprints.reduced_grey(chosen.pixels))
    side = 4 * HASH_SIDE
    for (left, top, right, bottom), kept in list(zip(CUTS, hashes.cuts, strict=True))[::50]:
        edges = (left * grey.width, top * grey.height, right * grey.width, bottom * grey.height)
        cut = grey.resize((side, side), Image.Resampling.LANCZOS, box=edges)
        assert kept == int(str(imagehash.phash(cut, hash_size=HASH_SIDE)), 16)


def test_kept_hashes_stay_under_32_kb_and_are_read_back(chosen: Chosen) -> None:
    kept = chosen.photo.copy_variants
    assert len(kept) < 32_000
    hashes = unpacked(kept)
    assert hashes is not None
    assert (len(hashes.cuts), len(hashes.scene_cuts)) == (len(CUTS), len(SCENE_CUTS))
    assert CUTS[0] == (0.0, 0.0, 1.0, 1.0)
    assert hashes.cuts[0] == int(fingerprint(chosen.pixels, []).whole, 16)


def test_hashes_of_another_version_or_length_are_none() -> None:
    zero = "0" * 2 * HASH_BYTES
    kept = packed(None, [zero] * len(CUTS), [zero] * len(SCENE_CUTS))
    hashes = unpacked(kept)
    assert hashes is not None
    assert hashes.face is None
    assert unpacked(b"") is None
    assert unpacked(kept[:-1]) is None
    assert unpacked(b"\x09" + kept[1:]) is None
    with pytest.raises(ValueError, match="one hash for each cut"):
        packed(None, [zero], [zero])


@pytest.mark.parametrize("wrong", ["", "not hexadecimal!", "xyz"])
def test_what_is_not_hexadecimal_has_no_distance(wrong: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        distance(wrong, "0" * 16)


def test_distance_counts_bits() -> None:
    assert distance("0" * 16, "0" * 14 + "ff") == 8
    assert distance("0" * 16, "f" * 16) == 64
    assert distance("0123456789abcdef", "0123456789abcdef") == 0


def scene(number: int) -> str:
    return f"{number:0{2 * HASH_BYTES}x}"


def flipped(number: int, bits: int, chance: random.Random) -> int:
    for place in chance.sample(range(HASH_BYTES * 8), bits):
        number ^= 1 << place
    return number


def suspect(number: int, mirror_number: int | None = None) -> Fingerprint:
    other = None if mirror_number is None else scene(mirror_number)
    return Fingerprint(scene(0), scene(0), scene(number), other)


@pytest.mark.parametrize("bits", [0, 1, 9, 16, 17])
def test_every_scene_within_17_bits_is_found(bits: int) -> None:
    chance = random.Random(bits)
    numbers = [chance.getrandbits(144) for _ in range(40)]
    suspects = {str(place): suspect(number) for place, number in enumerate(numbers)}
    seen = [(f"seen {place}", scene(flipped(number, bits, chance))) for place, number in enumerate(numbers)]
    assert near_scenes(suspects, seen) == {str(place): [(f"seen {place}", bits)] for place in range(40)}


def test_scenes_over_the_bound_and_the_suspect_itself_are_not_found() -> None:
    chance = random.Random(3)
    number = chance.getrandbits(144)
    over = [(f"seen {place}", scene(flipped(number, NEAR_SCENE_BITS + 1, chance))) for place in range(300)]
    assert near_scenes({"a": suspect(number)}, [("a", scene(number)), *over]) == {}


def test_mirrored_scene_is_found_once_with_the_lesser_distance() -> None:
    chance = random.Random(4)
    upright, turned = chance.getrandbits(144), chance.getrandbits(144)
    both_near = flipped(upright, 4, chance)
    seen = [("turned", scene(flipped(turned, 6, chance))), ("upright", scene(both_near))]
    assert near_scenes({"a": suspect(upright, turned)}, seen) == {"a": [("turned", 6), ("upright", 4)]}
    assert near_scenes({"a": suspect(upright, flipped(upright, 2, chance))}, [("x", scene(upright))]) == {
        "a": [("x", 0)]
    }


def test_suspect_without_scene_and_scenes_of_another_version_are_passed_over() -> None:
    assert near_scenes({"a": Fingerprint(scene(0), scene(0))}, [("x", scene(0))]) == {}
    assert near_scenes({"a": suspect(5)}, [("x", "05")]) == {}
    assert near_scenes({}, [("x", scene(0))]) == {}


def test_jpeg_of_a_picture_is_the_same_scene(chosen: Chosen) -> None:
    file = io.BytesIO()
    Image.fromarray(chosen.pixels).save(file, "JPEG", quality=60)
    with Image.open(file) as image:
        again = fingerprint(np.asarray(image.convert("RGB")), chosen.boxes)
    seen = [("x", again.scene or "")]
    assert [key for key, _ in near_scenes({"a": fingerprint(chosen.pixels, chosen.boxes)}, seen)["a"]] == ["x"]
