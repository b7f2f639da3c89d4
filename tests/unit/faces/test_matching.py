"""Does a face look like the person's? Bounds, doubt, the child's margin, and faces of another model. Built values only."""

import dataclasses
import math
from datetime import UTC, datetime

import pytest

from privacyguard.errors import ModelMismatch
from privacyguard.faces import matching
from privacyguard.faces.matching import (
    ASKED_AT_MOST,
    CHILD_MARGIN,
    DOUBTFUL_FROM,
    OTHER_MODEL_WEIGHT,
    agreement,
    best_match,
    closeness,
    cosine,
    is_doubtful,
    similarity,
    unit_mean,
)
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Box, Closeness, Embedding, Face, FaceCut, PictureAnalysis, Quality, SecondOpinion

QUALITY = Quality(120, 130.0, 90.0, 0.1, 0.95)
A_LOT, A_LITTLE = Closeness.A_LOT, Closeness.A_LITTLE
NOWHERE = (0.0,) * 128
"""Where dlib puts the person in these tests."""


def alike(similar: float) -> Embedding:
    """An embedding of this similarity to the person of ``template()``."""
    return (similar, math.sqrt(1.0 - similar * similar)) + (0.0,) * 126


def template(photos: int = 5, model_id: str = "model", *, second: bool = True) -> FaceTemplate:
    opinion = SecondOpinion(alike(1.0), NOWHERE) if second else None
    one = EnrolledPhoto(alike(1.0), FaceCut(1, 1, b"rgb"), "0" * 16, "0" * 64, opinion)
    return FaceTemplate((one,) * photos, model_id, datetime(2026, 1, 1, tzinfo=UTC))


def face(similar: float | None, place: int = 0) -> Face:
    embedding = None if similar is None else alike(similar)
    return Face(Box(place, 0, 9, 9), ((0.0, 0.0),) * 5, QUALITY, embedding)


def picture(*similar: float | None, model_id: str = "model") -> PictureAnalysis:
    faces = tuple(face(each, place) for place, each in enumerate(similar))
    return PictureAnalysis(640, 480, "JPEG", "0" * 64, "0" * 16, model_id, faces)


def opinion(similar: float, apart: float) -> SecondOpinion:
    """The mirror image is as alike as the face, and dlib's distance is ``apart``."""
    return SecondOpinion(alike(similar), (apart,) + (0.0,) * 127)


def alone(level: Closeness, photos: int) -> float:
    return matching._ALONE[level][photos - 1]


def together(level: Closeness, photos: int) -> float:
    return matching._TOGETHER[level][photos - 1]


@pytest.mark.parametrize("photos", range(1, 9))
@pytest.mark.parametrize("relation", list(Relation))
def test_each_level_begins_at_its_bound_where_nobody_was_asked(photos: int, relation: Relation) -> None:
    kept = template(photos, second=False)
    margin = CHILD_MARGIN if relation is Relation.MY_CHILD else 0.0
    a_lot, a_little = (alone(level, photos) + margin for level in (A_LOT, A_LITTLE))
    assert closeness(kept, face(a_lot + 1e-9), relation) is A_LOT
    assert closeness(kept, face(a_lot - 1e-6), relation) is A_LITTLE
    assert closeness(kept, face(a_little + 1e-9), relation) is A_LITTLE
    assert closeness(kept, face(a_little - 1e-6), relation) is None


@pytest.mark.parametrize("photos", range(1, 9))
@pytest.mark.parametrize("relation", list(Relation))
def test_each_level_begins_at_its_bound_where_a_second_opinion_was_asked(photos: int, relation: Relation) -> None:
    kept, similar = template(photos), 0.45
    margin = CHILD_MARGIN if relation is Relation.MY_CHILD else 0.0

    def level_at(score: float) -> Closeness | None:
        return closeness(kept, face(similar), relation, opinion(similar, (similar - score) / OTHER_MODEL_WEIGHT))

    a_lot, a_little = (together(level, photos) + margin for level in (A_LOT, A_LITTLE))
    assert level_at(a_lot + 1e-6) is A_LOT
    assert level_at(a_lot - 1e-6) is A_LITTLE
    assert level_at(a_little + 1e-6) is A_LITTLE
    assert level_at(a_little - 1e-6) is None


@pytest.mark.parametrize("photos", range(1, 9))
def test_a_lot_asks_for_more_than_a_little_and_a_clear_face_for_more_than_doubt(photos: int) -> None:
    assert alone(A_LOT, photos) > alone(A_LITTLE, photos) > DOUBTFUL_FROM
    assert together(A_LOT, photos) > together(A_LITTLE, photos)


def test_more_than_eight_photos_are_judged_like_eight() -> None:
    bound = alone(A_LOT, 8)
    assert closeness(template(20, second=False), face(bound + 1e-9), Relation.ME) is A_LOT
    assert closeness(template(20, second=False), face(bound - 1e-6), Relation.ME) is A_LITTLE


def test_clear_face_stays_so_whatever_a_second_opinion_says() -> None:
    clear = alone(A_LOT, 5) + 0.01
    assert closeness(template(), face(clear), Relation.ME, opinion(clear, 5.0)) is A_LOT


def test_only_doubtful_faces_are_doubtful() -> None:
    kept = template()
    assert not is_doubtful(kept, DOUBTFUL_FROM - 1e-6)
    assert is_doubtful(kept, DOUBTFUL_FROM)
    assert is_doubtful(kept, alone(A_LOT, 5) - 1e-6)
    assert not is_doubtful(kept, alone(A_LOT, 5))
    assert not is_doubtful(template(second=False), 0.4)


def test_second_opinion_is_asked_about_doubtful_faces_only_and_decides() -> None:
    asked: list[int] = []

    def ask_with(apart: float) -> matching.Ask:
        def ask(one: Face) -> SecondOpinion:
            asked.append(one.box.x)
            return opinion(0.4, apart)

        return ask

    match = best_match(template(), picture(0.1, 0.4, 0.2), Relation.ME, ask_with(0.1))
    assert match is not None
    assert (match.face.box.x, match.closeness) == (1, A_LOT)
    assert best_match(template(), picture(0.1, 0.4, 0.2), Relation.ME, ask_with(0.9)) is None
    assert asked == [1, 1]
    best_match(template(), picture(0.9, 0.2), Relation.ME, ask_with(0.1))
    assert asked == [1, 1]


def test_of_one_picture_a_few_faces_are_asked_about_at_most() -> None:
    asked: list[int] = []

    def ask(one: Face) -> SecondOpinion:
        asked.append(one.box.x)
        return opinion(0.4, 0.9)

    best_match(template(), picture(*[0.30 + place / 1000 for place in range(20)]), Relation.ME, ask)
    assert asked == [19, 18, 17]
    assert len(asked) == ASKED_AT_MOST


def test_where_no_second_opinion_comes_the_first_one_counts() -> None:
    bound = alone(A_LITTLE, 5)
    for similar, level in ((bound + 1e-6, A_LITTLE), (bound - 1e-6, None)):
        match = best_match(template(), picture(similar), Relation.ME, lambda one: None)
        assert (match.closeness if match else None) is level


def test_agreement_weighs_both_models_and_the_mirror_image() -> None:
    kept = template()
    assert agreement(kept, alike(1.0), opinion(1.0, 0.0)) == pytest.approx(1.0)
    assert agreement(kept, alike(0.5), opinion(0.5, 0.6)) == pytest.approx(0.5 - 0.6 * OTHER_MODEL_WEIGHT)
    turned = (0.5, -math.sqrt(0.75)) + (0.0,) * 126
    assert agreement(kept, alike(0.5), SecondOpinion(turned, NOWHERE)) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="without second"):
        agreement(template(second=False), alike(1.0), opinion(1.0, 0.0))


def test_childs_face_has_to_be_closer_and_nobody_elses() -> None:
    between = alone(A_LITTLE, 5) + 0.01
    kept = template(second=False)
    assert closeness(kept, face(between), Relation.ME) is A_LITTLE
    assert closeness(kept, face(between), Relation.SOMEONE_I_HELP) is A_LITTLE
    assert closeness(kept, face(between), Relation.MY_CHILD) is None


def test_similarity_is_to_the_mean_of_the_photos() -> None:
    left, right = alike(0.8), (0.8, -0.6) + (0.0,) * 126
    kept = template(2)
    photos = tuple(dataclasses.replace(photo, embedding=e) for photo, e in zip(kept.photos, (left, right), strict=True))
    assert similarity(dataclasses.replace(kept, photos=photos), alike(1.0)) == pytest.approx(1.0)
    assert similarity(kept, alike(-1.0)) == pytest.approx(-1.0)


def test_best_of_several_faces_is_the_only_match() -> None:
    match = best_match(template(), picture(0.1, 0.6, 0.9, 0.7), Relation.ME)
    assert match is not None
    assert match.face.box.x == 2
    assert match.similarity == pytest.approx(0.9)
    assert match.closeness is A_LOT


def test_face_that_is_passed_over_leaves_the_next_one() -> None:
    match = best_match(template(), picture(0.1, 0.8, 0.9), Relation.ME, None, lambda one: one.box.x == 2)
    assert match is not None
    assert match.face.box.x == 1
    assert best_match(template(), picture(0.1, 0.8, 0.9), Relation.ME, None, lambda one: True) is None


def test_strangers_and_faces_that_could_not_be_judged_are_no_match() -> None:
    assert best_match(template(), picture(0.1, 0.2), Relation.ME) is None
    assert best_match(template(), picture(None, None), Relation.ME) is None
    assert best_match(template(), picture(), Relation.ME) is None
    match = best_match(template(), picture(None, 0.9), Relation.ME)
    assert match is not None
    assert match.face.box.x == 1
    assert closeness(template(), face(None), Relation.ME) is None


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
