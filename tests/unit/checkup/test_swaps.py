"""A face that was blended in is flagged, an honest copy never, and nothing is said about what cannot be judged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.swaps import JUDGED_FROM_PX, is_suspect, other_face, other_scene
from privacyguard.model.person import EnrolledPhoto, FaceTemplate
from privacyguard.model.picture import Box, Face, FaceCut, PictureAnalysis
from privacyguard.pictures.copies import find_copy
from privacyguard.pictures.scenes import near_scenes
from tests.conftest import Portraits
from tests.support.altered import Pixels, jpeg, landmarks_of, mirrored, resized, saved_anew, with_face_of


class Two:
    """The astronaut, whose photo is enrolled, and somebody else; and a pool that looks at pictures."""

    def __init__(self, pool: AnalysisPool, portraits: Portraits) -> None:
        self.pool = pool
        self.own, self.stranger = pixels_of(portraits.astronaut), pixels_of(portraits.grace_hopper)
        self.own_analysis, self.stranger_analysis = self.look(self.own, cuts=True), self.look(self.stranger)
        self.photo = enrolled(self.own_analysis)
        self.template = FaceTemplate((self.photo,), self.own_analysis.model_id, datetime(2026, 1, 2, tzinfo=UTC))
        places = [landmarks_of(only_face(one)) for one in (self.own_analysis, self.stranger_analysis)]
        self.own_with_other_face = with_face_of(self.own, places[0], self.stranger, places[1])
        self.own_face_elsewhere = with_face_of(self.stranger, places[1], self.own, places[0])

    def look(self, pixels: Pixels, *, cuts: bool = False) -> PictureAnalysis:
        return self.pool.analyse(jpeg(pixels, 95), cuts=cuts, own=True)

    def flagged(self, analysis: PictureAnalysis) -> bool:
        copy = find_copy(self.photo, analysis)
        assert copy is not None
        return other_face(self.photo, analysis, copy)


def pixels_of(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def only_face(analysis: PictureAnalysis) -> Face:
    (face,) = analysis.faces
    return face


def enrolled(analysis: PictureAnalysis) -> EnrolledPhoto:
    face = only_face(analysis)
    assert face.embedding is not None
    cut = FaceCut(0, 0, b"")
    return EnrolledPhoto(face.embedding, cut, analysis.phash, analysis.sha256, copy_variants=analysis.copy_variants)


@pytest.fixture(scope="module")
def two(free_portraits: Portraits) -> Iterator[Two]:
    with AnalysisPool() as pool:
        yield Two(pool, free_portraits)


def test_copy_with_somebody_elses_face_is_flagged(two: Two) -> None:
    swapped = two.own_with_other_face
    for pixels in (swapped, resized(swapped, 0.5), mirrored(swapped), swapped[20:-20, 30:-10], saved_anew(swapped, 40)):
        assert two.flagged(two.look(np.ascontiguousarray(pixels)))


def test_honest_copy_is_not_flagged(two: Two) -> None:
    own = two.own
    for pixels in (own, resized(own, 0.25), mirrored(own), own[20:-20, 30:-10], saved_anew(own, 30)):
        assert not two.flagged(two.look(np.ascontiguousarray(pixels)))


def test_own_face_in_a_scene_seen_with_another_face_is_flagged(two: Two) -> None:
    for pixels in (two.own_face_elsewhere, mirrored(two.own_face_elsewhere), resized(two.own_face_elsewhere, 0.5)):
        suspect, seen = two.look(pixels), two.stranger_analysis
        assert suspect.fingerprint is not None
        assert seen.fingerprint is not None
        assert is_suspect(two.template, suspect)
        assert "seen" in dict(near_scenes({"it": suspect.fingerprint}, [("seen", seen.fingerprint.scene or "")])["it"])
        assert other_scene(two.template, suspect, seen)


def test_scene_is_not_flagged_the_other_way_round_nor_for_a_stranger(two: Two) -> None:
    swapped = two.look(two.own_face_elsewhere)
    assert not is_suspect(two.template, two.stranger_analysis)
    assert not other_scene(two.template, two.stranger_analysis, swapped)


def test_two_copies_of_an_honest_picture_are_no_exchange(two: Two) -> None:
    smaller = two.look(resized(two.own, 0.5))
    assert is_suspect(two.template, smaller)
    assert not other_scene(two.template, smaller, two.own_analysis)
    assert not other_scene(two.template, two.own_analysis, smaller)


def test_other_person_in_another_scene_is_no_exchange(two: Two) -> None:
    assert not other_scene(two.template, two.own_analysis, two.stranger_analysis)


def with_face(analysis: PictureAnalysis, face: Face) -> PictureAnalysis:
    return replace(analysis, faces=(face,))


def test_face_that_cannot_be_judged_is_not_flagged(two: Two) -> None:
    swapped = two.look(two.own_with_other_face)
    face = only_face(swapped)
    poor = replace(face.quality, size_px=JUDGED_FROM_PX - 1)
    blurred = replace(face.quality, sharpness=1.0)
    for instead in (replace(face, embedding=None), replace(face, quality=poor), replace(face, quality=blurred)):
        assert not two.flagged(with_face(swapped, instead))
    assert two.flagged(with_face(swapped, face))


def test_only_the_face_at_the_place_of_the_chosen_one_is_judged(two: Two) -> None:
    """A stranger in the background of a copy whose own face was cropped away is no exchange."""
    swapped = two.look(two.own_with_other_face)
    face = only_face(swapped)
    moved = replace(face, box=Box(face.box.x + 2 * face.box.w, face.box.y, face.box.w, face.box.h))
    assert not two.flagged(with_face(swapped, moved))
    assert not two.flagged(replace(swapped, faces=()))
    assert two.flagged(replace(swapped, faces=(moved, face)))


def test_face_pattern_of_an_older_version_flags_nothing(two: Two) -> None:
    old = replace(two.photo, copy_variants=b"")
    same = two.look(two.own)
    copy = find_copy(old, same)
    assert copy is not None
    assert not other_face(old, with_face(same, only_face(two.stranger_analysis)), copy)


def test_scene_without_fingerprint_or_with_unjudged_face_is_not_flagged(two: Two) -> None:
    suspect, seen = two.look(two.own_face_elsewhere), two.stranger_analysis
    assert other_scene(two.template, suspect, seen)
    assert not other_scene(two.template, replace(suspect, fingerprint=None), seen)
    assert not other_scene(two.template, suspect, replace(seen, fingerprint=None))
    assert not other_scene(two.template, suspect, with_face(seen, replace(only_face(seen), embedding=None)))
    assert not other_scene(two.template, suspect, replace(seen, faces=()))
    assert not is_suspect(two.template, replace(suspect, faces=()))
