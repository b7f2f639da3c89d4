"""Which photos become a face pattern, whose face is meant, and what is said of the others. Built analyses, no pictures."""

import hashlib
import itertools
import math
from collections.abc import Sequence

import pytest

from privacyguard.faces.enrolment import Judgement, Looked, enrolled_photos, judge
from privacyguard.model.picture import (
    Box,
    Embedding,
    Face,
    FaceCut,
    PhotoProblem,
    PictureAnalysis,
    Quality,
    Unreadable,
)

GOOD = Quality(120, 130.0, 90.0, 0.1, 0.95)
MIDDLE = Box(250, 200, 120, 150)
_numbers = itertools.count(1)


def towards(person: int, turn: float = 0.0) -> Embedding:
    """A face of a person; ``turn`` in radians away from their middle. Faces of two people are at right angles."""
    vector = [0.0] * 128
    vector[person] = math.cos(turn)
    vector[64 + person] = math.sin(turn)
    return tuple(vector)


def face(person: int = 0, quality: Quality = GOOD, box: Box = MIDDLE, turn: float = 0.0) -> Face:
    return Face(box, ((0.0, 0.0),) * 5, quality, towards(person, turn), FaceCut(1, 1, b"rgb"))


def photo(*faces: Face) -> PictureAnalysis:
    """A photo that is like no other: hashes of their own, far apart."""
    sha256 = hashlib.sha256(str(next(_numbers)).encode()).hexdigest()
    return PictureAnalysis(640, 480, "JPEG", sha256, sha256[:16], "model", faces)


def poor(**values: float) -> Quality:
    parts = {"size_px": 120, "brightness": 130.0, "sharpness": 90.0, "yaw": 0.1, "score": 0.9} | values
    return Quality(int(parts["size_px"]), parts["brightness"], parts["sharpness"], parts["yaw"], parts["score"])


def said(photos: Sequence[Looked], picked: dict[int, int] | None = None) -> list[tuple[bool, PhotoProblem | None]]:
    return [(judgement.used, judgement.problem) for judgement in judge(photos, picked)]


USED = (True, None)


def test_good_photos_of_one_person_are_all_used_and_kept_in_order() -> None:
    photos = [photo(face(turn=turn)) for turn in (0.0, 0.3, -0.3)]
    judgements = judge(photos)
    assert [j.face for j in judgements] == [0, 0, 0]
    assert said(photos) == [USED] * 3
    kept = enrolled_photos(judgements)
    assert [k.sha256 for k in kept] == [p.sha256 for p in photos]
    assert [k.embedding for k in kept] == [p.faces[0].embedding for p in photos]
    assert all(k.cut == FaceCut(1, 1, b"rgb") for k in kept)


def test_no_photos_give_no_judgements() -> None:
    assert judge([]) == ()
    assert enrolled_photos([Judgement(False, PhotoProblem.NO_FACE)]) == ()


@pytest.mark.parametrize("why", list(Unreadable))
def test_photo_that_cannot_be_opened_is_told_and_the_others_are_used(why: Unreadable) -> None:
    assert said([why, photo(face())]) == [(False, PhotoProblem.UNREADABLE), USED]


def test_photo_without_a_face_is_told() -> None:
    assert said([photo()]) == [(False, PhotoProblem.NO_FACE)]


@pytest.mark.parametrize(
    ("quality", "expected"),
    [
        (poor(size_px=47), (False, PhotoProblem.TOO_SMALL)),
        (poor(size_px=48), USED),
        (poor(brightness=34.9), (False, PhotoProblem.TOO_DARK)),
        (poor(brightness=35.0), (True, PhotoProblem.TOO_DARK)),
        (poor(brightness=59.9), (True, PhotoProblem.TOO_DARK)),
        (poor(brightness=60.0), USED),
        (poor(brightness=215.0), USED),
        (poor(brightness=215.1), (True, PhotoProblem.TOO_BRIGHT)),
        (poor(brightness=238.0), (True, PhotoProblem.TOO_BRIGHT)),
        (poor(brightness=238.1), (False, PhotoProblem.TOO_BRIGHT)),
        (poor(sharpness=9.9), (False, PhotoProblem.BLURRED)),
        (poor(sharpness=10.0), (True, PhotoProblem.BLURRED)),
        (poor(sharpness=30.0), USED),
        (poor(yaw=0.75), USED),
        (poor(yaw=0.76), (True, PhotoProblem.TURNED_AWAY)),
        (poor(yaw=0.98), (False, PhotoProblem.TURNED_AWAY)),
        (poor(brightness=50.0, yaw=1.0), (False, PhotoProblem.TURNED_AWAY)),
    ],
)
def test_poor_photo_is_used_with_a_word_and_a_hopeless_one_refused(
    quality: Quality, expected: tuple[bool, PhotoProblem | None]
) -> None:
    assert said([photo(face(quality=quality))]) == [expected]


def test_face_that_could_not_be_judged_is_not_used() -> None:
    without = Face(Box(1, 1, 90, 90), ((0.0, 0.0),) * 5, GOOD, None, FaceCut(1, 1, b"rgb"))
    assert said([photo(without)]) == [(False, PhotoProblem.BLURRED)]


# --- several faces in one photo -----------------------------------------------------------------------------------

LEFT, RIGHT = Box(40, 180, 120, 150), Box(480, 180, 120, 150)


def test_of_two_faces_the_one_on_the_other_photos_is_meant() -> None:
    group = photo(face(1, box=LEFT), face(0, box=RIGHT, turn=0.2))
    judgements = judge([photo(face(0)), group])
    assert [j.face for j in judgements] == [0, 1]
    assert judgements[1].enrolled is not None
    assert judgements[1].enrolled.embedding == towards(0, 0.2)


def test_agreement_counts_more_than_size() -> None:
    group = photo(face(1, box=Box(200, 100, 240, 300)), face(0, box=Box(10, 10, 60, 60)))
    assert [j.face for j in judge([photo(face(0)), group])] == [0, 1]


def test_of_two_faces_alone_the_clearly_larger_one_is_meant() -> None:
    group = photo(face(0, box=Box(20, 200, 60, 80)), face(1, box=Box(220, 100, 200, 260)))
    (judgement,) = judge([group])
    assert judgement.used
    assert judgement.face == 1


def test_two_faces_that_are_equal_leave_it_open() -> None:
    group = photo(face(0, box=LEFT), face(1, box=RIGHT))
    (judgement,) = judge([group])
    assert (judgement.used, judgement.problem, judgement.face) == (False, PhotoProblem.SEVERAL_FACES, None)


def test_face_that_is_not_on_the_other_photos_is_not_taken_for_the_person() -> None:
    group = photo(face(1, box=LEFT), face(2, box=RIGHT))
    assert said([photo(face(0)), group]) == [USED, (False, PhotoProblem.SEVERAL_FACES)]


@pytest.mark.parametrize("pointed_at", [0, 1])
def test_face_that_the_person_pointed_at_is_taken(pointed_at: int) -> None:
    group = photo(face(0, box=LEFT), face(1, box=RIGHT))
    (judgement,) = judge([group], {0: pointed_at})
    assert judgement.used
    assert judgement.face == pointed_at


def test_pointing_at_a_face_that_is_not_there_changes_nothing() -> None:
    group = photo(face(0, box=LEFT), face(1, box=RIGHT))
    for wrong in (2, -1):
        assert said([group], {0: wrong}) == [(False, PhotoProblem.SEVERAL_FACES)]


def test_of_two_different_people_the_one_that_was_pointed_at_is_the_person() -> None:
    photos = [photo(face(0)), photo(face(1, box=LEFT), face(2, box=RIGHT))]
    assert said(photos, {1: 1}) == [(False, PhotoProblem.DIFFERENT_PERSON), USED]


# --- photos among each other --------------------------------------------------------------------------------------


def test_same_photo_twice_is_used_once() -> None:
    one = photo(face())
    assert said([one, one]) == [USED, (False, PhotoProblem.SAME_PHOTO)]


@pytest.mark.parametrize(("bits", "second"), [(4, (False, PhotoProblem.SAME_PHOTO)), (5, USED)])
def test_photo_that_was_saved_anew_is_the_same_photo(bits: int, second: tuple[bool, PhotoProblem | None]) -> None:
    one = photo(face())
    phash = f"{int(one.phash, 16) ^ (2**bits - 1):016x}"
    again = PictureAnalysis(320, 240, "PNG", "0" * 64, phash, "model", (face(turn=0.01),))
    assert said([one, again]) == [USED, second]


def test_refused_photo_does_not_stand_in_the_way_of_its_better_copy() -> None:
    dark = photo(face(quality=poor(brightness=20.0)))
    again = PictureAnalysis(640, 480, "PNG", "0" * 64, dark.phash, "model", (face(),))
    assert said([dark, again]) == [(False, PhotoProblem.TOO_DARK), USED]


@pytest.mark.parametrize("odd", [0, 1, 2])
def test_photo_of_somebody_else_is_refused_wherever_it_stands(odd: int) -> None:
    photos = [photo(face(1 if index == odd else 0, turn=0.1 * index)) for index in range(3)]
    expected = [(False, PhotoProblem.DIFFERENT_PERSON) if index == odd else USED for index in range(3)]
    assert said(photos) == expected


def test_of_two_photos_of_two_people_the_first_is_the_person() -> None:
    assert said([photo(face(1)), photo(face(0))]) == [USED, (False, PhotoProblem.DIFFERENT_PERSON)]


def test_photos_years_apart_are_still_of_one_person() -> None:
    assert said([photo(face(turn=0.0)), photo(face(turn=1.2))]) == [USED, USED]  # similarity 0.36
    assert said([photo(face(turn=0.0)), photo(face(turn=1.3))]) == [
        USED,
        (False, PhotoProblem.DIFFERENT_PERSON),
    ]  # 0.27


def test_more_than_eight_are_too_many_but_refused_ones_do_not_count() -> None:
    photos: list[Looked] = [photo(face(turn=0.01 * index)) for index in range(10)]
    assert said(photos) == [USED] * 8 + [(False, PhotoProblem.TOO_MANY)] * 2
    photos[0] = Unreadable.BROKEN
    assert said(photos)[1:] == [USED] * 8 + [(False, PhotoProblem.TOO_MANY)]
    assert len(enrolled_photos(judge(photos))) == 8
