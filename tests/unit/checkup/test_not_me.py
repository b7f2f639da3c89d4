""" "Not me" holds for this face in this picture and in copies of it, and for nothing else."""

import pytest

from privacyguard.checkup.not_me import is_not_me, is_same_picture
from privacyguard.model.picture import Box, NotMe
from privacyguard.vault.findings import WHOLE_PICTURE

FACE = Box(100, 200, 80, 100)
ANSWER = NotMe("aa", FACE, "0" * 16, (1000, 800))
OLD = NotMe("aa", FACE)  # of a version that did not keep the picture's hash


@pytest.mark.parametrize("answer", [ANSWER, OLD])
def test_the_same_face_in_the_same_content_is_quiet(answer: NotMe) -> None:
    assert is_not_me([answer], "aa", FACE)
    assert is_not_me([answer], "aa", Box(102, 203, 78, 99))  # as another version of the detector draws it
    assert not is_not_me([answer], "aa", Box(500, 200, 80, 100))
    assert not is_not_me([answer], "aa", Box(150, 250, 80, 100))
    assert not is_not_me([], "aa", FACE)


def test_a_resized_copy_is_quiet_at_the_same_relative_place() -> None:
    half = Box(50, 100, 40, 50)
    assert is_not_me([ANSWER], "bb", half, "0" * 15 + "3", (500, 400))
    assert is_not_me([ANSWER], "bb", Box(200, 400, 160, 200), "0" * 16, (2000, 1600))
    assert not is_not_me([ANSWER], "bb", Box(250, 100, 40, 50), "0" * 15 + "3", (500, 400))
    assert not is_not_me([ANSWER], "bb", FACE, "0" * 15 + "3", (500, 400))


def test_another_picture_is_not_quiet_wherever_the_face_is() -> None:
    assert not is_not_me([ANSWER], "bb", FACE, "f" * 16, (1000, 800))
    assert not is_not_me([ANSWER], "bb", FACE, "0" * 14 + "7f", (1000, 800))  # one bit more than a copy
    assert is_not_me([ANSWER], "bb", FACE, "0" * 14 + "3f", (1000, 800))


def test_without_hash_or_size_only_the_same_content_counts() -> None:
    assert not is_not_me([OLD], "bb", FACE, "0" * 16, (1000, 800))
    assert not is_not_me([ANSWER], "bb", FACE)
    assert not is_not_me([ANSWER], "bb", FACE, "0" * 16, None)


def test_an_answer_about_a_whole_picture_is_not_about_its_faces() -> None:
    assert not is_not_me([NotMe("aa", WHOLE_PICTURE)], "aa", FACE)
    assert not is_not_me([NotMe("aa", WHOLE_PICTURE, "0" * 16, (10, 10))], "bb", WHOLE_PICTURE, "0" * 16, (10, 10))


def test_a_picture_is_the_same_by_content_or_as_a_copy_whatever_its_size() -> None:
    assert is_same_picture(ANSWER, "aa", "f" * 16) and is_same_picture(OLD, "aa", "0" * 16)
    assert is_same_picture(ANSWER, "bb", "0" * 14 + "3f")
    assert not is_same_picture(ANSWER, "bb", "0" * 14 + "7f") and not is_same_picture(OLD, "bb", "0" * 16)
