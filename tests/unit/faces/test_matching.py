"""Does a face look like the person's? Bounds, the child's margin, and faces of another model. Built values only."""

import dataclasses
import math
from datetime import UTC, datetime

import pytest

from privacyguard.errors import ModelMismatch
from privacyguard.faces.matching import best_match, closeness, cosine, similarity, threshold, unit_mean
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Box, Closeness, Embedding, Face, FaceCut, PictureAnalysis, Quality

QUALITY = Quality(120, 130.0, 90.0, 0.1, 0.95)


def alike(similar: float) -> Embedding:
    """An embedding of this similarity to the person of ``template()``."""
    return (similar, math.sqrt(1.0 - similar * similar)) + (0.0,) * 126


def template(photos: int = 5, model_id: str = "model") -> FaceTemplate:
    one = EnrolledPhoto(alike(1.0), FaceCut(1, 1, b"rgb"), "0" * 16, "0" * 64)
    return FaceTemplate((one,) * photos, model_id, datetime(2026, 1, 1, tzinfo=UTC))


def picture(*similar: float | None, model_id: str = "model") -> PictureAnalysis:
    faces = tuple(
        Face(Box(number, 0, 9, 9), ((0.0, 0.0),) * 5, QUALITY, None if each is None else alike(each))
        for number, each in enumerate(similar)
    )
    return PictureAnalysis(640, 480, "JPEG", "0" * 64, "0" * 16, model_id, faces)


@pytest.mark.parametrize("photos", range(1, 9))
@pytest.mark.parametrize("relation", list(Relation))
def test_each_level_begins_at_its_bound(photos: int, relation: Relation) -> None:
    a_lot, a_little = (threshold(level, photos, relation) for level in (Closeness.A_LOT, Closeness.A_LITTLE))
    kept = template(photos)
    assert closeness(kept, alike(a_lot + 1e-9), relation) is Closeness.A_LOT
    assert closeness(kept, alike(a_lot - 1e-6), relation) is Closeness.A_LITTLE
    assert closeness(kept, alike(a_little + 1e-9), relation) is Closeness.A_LITTLE
    assert closeness(kept, alike(a_little - 1e-6), relation) is None


@pytest.mark.parametrize("level", list(Closeness))
def test_more_photos_ask_for_more_likeness(level: Closeness) -> None:
    row = [threshold(level, photos, Relation.ME) for photos in range(1, 9)]
    assert row == sorted(set(row))
    assert threshold(level, 20, Relation.ME) == row[-1]
    assert threshold(level, 0, Relation.ME) == row[0]


def test_a_lot_asks_for_more_than_a_little() -> None:
    for photos in range(1, 9):
        assert threshold(Closeness.A_LOT, photos, Relation.ME) > threshold(Closeness.A_LITTLE, photos, Relation.ME)


def test_childs_face_has_to_be_closer_and_nobody_elses() -> None:
    between = threshold(Closeness.A_LITTLE, 5, Relation.ME) + 0.01
    assert closeness(template(), alike(between), Relation.ME) is Closeness.A_LITTLE
    assert closeness(template(), alike(between), Relation.SOMEONE_I_HELP) is Closeness.A_LITTLE
    assert closeness(template(), alike(between), Relation.MY_CHILD) is None
    assert threshold(Closeness.A_LOT, 5, Relation.MY_CHILD) == pytest.approx(
        threshold(Closeness.A_LOT, 5, Relation.ME) + 0.05
    )


def test_similarity_is_to_the_mean_of_the_photos() -> None:
    left, right = alike(0.8), (0.8, -0.6) + (0.0,) * 126
    kept = template(2)
    photos = tuple(dataclasses.replace(photo, embedding=e) for photo, e in zip(kept.photos, (left, right), strict=True))
    assert similarity(dataclasses.replace(kept, photos=photos), alike(1.0)) == pytest.approx(1.0)
    assert similarity(kept, alike(-1.0)) == pytest.approx(-1.0)


def test_best_of_several_faces_is_the_only_match() -> None:
    match = best_match(template(), picture(0.1, 0.6, 0.9, 0.7), Relation.ME)
    assert match is not None
    face, how, level = match
    assert face.box.x == 2
    assert how == pytest.approx(0.9)
    assert level is Closeness.A_LOT


def test_strangers_and_faces_that_could_not_be_judged_are_no_match() -> None:
    assert best_match(template(), picture(0.1, 0.2), Relation.ME) is None
    assert best_match(template(), picture(None, None), Relation.ME) is None
    assert best_match(template(), picture(), Relation.ME) is None
    match = best_match(template(), picture(None, 0.9), Relation.ME)
    assert match is not None
    assert match[0].box.x == 1


def test_faces_of_two_models_are_never_compared() -> None:
    with pytest.raises(ModelMismatch):
        best_match(template(model_id="older"), picture(0.9), Relation.ME)
    with pytest.raises(ModelMismatch):
        best_match(template(model_id="older"), picture(), Relation.ME)


def test_mean_has_unit_length_and_none_is_refused() -> None:
    mean = unit_mean((alike(0.5), alike(0.9)))
    assert math.hypot(*mean) == pytest.approx(1.0)
    assert cosine(mean, alike(0.5)) == pytest.approx(cosine(mean, alike(0.9)))
    with pytest.raises(ValueError, match="no mean"):
        unit_mean(())
    with pytest.raises(ValueError, match="no mean"):
        unit_mean((alike(1.0), alike(-1.0)))
