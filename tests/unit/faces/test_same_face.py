"""A face pattern in place of another: the same face stays the same, somebody else's never does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.faces.same_face import is_same_face
from privacyguard.model.person import FaceTemplate
from tests.support.lfw import enrolled_pictures

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE, PHOTOS = 6, 4


@pytest.fixture(scope="module")
def patterns(lfw_dev: Path) -> Iterator[list[list[FaceTemplate]]]:
    """Of some people, a pattern of each single photo."""
    with AnalysisPool(workers=1) as pool:

        def pattern(path: Path) -> FaceTemplate:
            looked = pool.analyse(path, cuts=True, own=True)
            return FaceTemplate(enrolled_photos(judge([looked])), looked.model_id, NOW)

        people = list(enrolled_pictures().values())[:PEOPLE]
        yield [[pattern(path) for path in pictures[:PHOTOS]] for pictures in people]


def joined(*patterns: FaceTemplate) -> FaceTemplate:
    return FaceTemplate(tuple(photo for each in patterns for photo in each.photos), patterns[0].model_id, NOW)


def test_another_photo_of_the_same_person_is_nearly_always_the_same_face(patterns: list[list[FaceTemplate]]) -> None:
    kept = [is_same_face(joined(*photos[:-1]), joined(*photos[1:])) for photos in patterns]
    assert kept.count(True) >= PEOPLE - 1


def test_one_photo_of_somebody_else_makes_it_another_face(patterns: list[list[FaceTemplate]]) -> None:
    for mine, other in permutations(patterns, 2):
        before = joined(*mine[:3])
        assert is_same_face(before, before)
        assert not is_same_face(before, other[0])
        assert not is_same_face(before, joined(*mine[:3], other[1]))
