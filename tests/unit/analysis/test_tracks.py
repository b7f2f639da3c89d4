"""A video's faces: each person once, from the frame that shows them best."""

import math

from privacyguard.analysis.tracks import FACES_AT_MOST, Tracks, shown
from privacyguard.model.picture import Box, Embedding, Face, Quality

GOOD, POOR = Quality(112, 120.0, 100.0, 0.0, 0.95), Quality(30, 120.0, 20.0, 0.6, 0.7)


def direction(degrees: float) -> Embedding:
    return (math.cos(math.radians(degrees)), math.sin(math.radians(degrees))) + (0.0,) * 126


def face(degrees: float | None, quality: Quality = GOOD, time_s: float = 0.0) -> Face:
    embedding = None if degrees is None else direction(degrees)
    return Face(Box(0, 0, 9, 9), ((0.0, 0.0),) * 5, quality, embedding, time_s=time_s)


def test_one_person_in_many_frames_is_one_face_from_the_best() -> None:
    tracks = Tracks()
    for time_s, quality in ((1.0, POOR), (2.0, GOOD), (3.0, POOR)):
        tracks.add([face(10.0 * time_s, quality, time_s)])
    (kept,) = tracks.faces
    assert kept.time_s == 2.0


def test_two_people_are_two_faces() -> None:
    tracks = Tracks()
    tracks.add([face(0), face(90)])
    tracks.add([face(5), face(85)])
    assert len(tracks.faces) == 2


def test_of_faces_too_poor_to_tell_the_most_at_once_are_counted() -> None:
    tracks = Tracks()
    tracks.add([face(None), face(None)])
    tracks.add([face(None, time_s=2.0), face(None), face(None), face(0)])
    tracks.add([face(None)])
    assert [one.embedding is None for one in tracks.faces] == [False, True, True, True]


def test_there_is_an_end_to_them() -> None:
    tracks = Tracks()
    tracks.add([face(None)] * (FACES_AT_MOST + 50))
    assert len(tracks.faces) == FACES_AT_MOST


def test_large_sharp_sure_and_straight_is_seen_better() -> None:
    assert shown(face(0)) > shown(face(0, POOR))
    for worse in (
        Quality(60, 120.0, 100.0, 0.0, 0.95),
        Quality(112, 120.0, 40.0, 0.0, 0.95),
        Quality(112, 120.0, 100.0, 0.8, 0.95),
        Quality(112, 120.0, 100.0, 0.0, 0.6),
    ):
        assert shown(face(0)) > shown(face(0, worse))
    assert shown(face(0)) == shown(face(0, Quality(400, 60.0, 900.0, 0.0, 0.95)))
