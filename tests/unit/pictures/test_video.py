"""Frames of videos: every container, upright, over the whole length, each with its time; the same frame again."""

import hashlib
import itertools
import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.reduction import send_handle
from pathlib import Path

import numpy as np
import pytest

from privacyguard.analysis import landlock
from privacyguard.pictures.decode import load
from privacyguard.pictures.files import WHOLE_BYTES
from privacyguard.pictures.video import Frame, content_sha256, frame_at, frames, probe
from privacyguard.pictures.video_source import container_of
from tests.conftest import Portraits
from tests.support import confined_video
from tests.support.video_samples import CODECS, COUNTING, SIZE, drawn_scene, film, time_of_level, turned

ALIKE = 12
"""Mean levels of difference that coding a drawn scene makes at most."""


def times(found: list[Frame]) -> list[float]:
    return sorted(frame.time_s for frame in found)


def unlike(frame: Frame, which: int) -> float:
    return float(np.abs(frame.pixels.astype(int) - drawn_scene(which).astype(int)).mean())


@pytest.mark.parametrize("container", CODECS)
def test_each_container_gives_its_scenes_with_their_times(container: str, tmp_path: Path) -> None:
    content = film(tmp_path, container, [(drawn_scene(0), 2.3), (drawn_scene(1), 1.4), (drawn_scene(2), 2.3)])
    facts = probe(content)
    assert (facts.width, facts.height, facts.format) == (*SIZE, container.upper())
    found = list(frames(content))
    assert len(found) == 3  # one of each scene: the rest of it is the same
    for which, frame in enumerate(sorted(found, key=lambda frame: frame.time_s)):
        assert unlike(frame, which) < ALIKE
        assert unlike(frame, (which + 1) % 3) > 2 * ALIKE
        assert (frame.pixels.shape, frame.scale) == ((SIZE[1], SIZE[0], 3), 1.0)
        assert frame.pixels.dtype == np.uint8
        begins, ends = ((0, 2.3), (2.3, 3.7), (3.7, 6.0))[which]
        assert begins - 0.05 <= frame.time_s < ends


@pytest.mark.parametrize("codec", COUNTING)
def test_one_frame_a_second_between_far_key_pictures(codec: str) -> None:
    found = list(frames(COUNTING[codec].read_bytes()))
    assert times(found) == pytest.approx(range(20), abs=0.11)
    for frame in found:
        assert time_of_level(frame.pixels) == pytest.approx(frame.time_s, abs=0.15)


@pytest.mark.parametrize("codec", COUNTING)
def test_the_same_frame_comes_again_by_its_time(codec: str) -> None:
    content = COUNTING[codec].read_bytes()
    for frame in itertools.islice(frames(content), 8):
        again = frame_at(content, frame.time_s)
        assert again.time_s == frame.time_s
        assert np.abs(again.pixels.astype(int) - frame.pixels.astype(int)).max() <= 1
    assert frame_at(content, 7.25).time_s == pytest.approx(7.3, abs=0.01)
    assert frame_at(content, 10**6).time_s == pytest.approx(19.9, abs=0.01)


def test_open_file_and_its_content_give_the_same_and_the_file_stays_open() -> None:
    path = COUNTING["h264"]
    descriptor = os.open(path, os.O_RDONLY)
    assert times(list(frames(descriptor))) == times(list(frames(path.read_bytes())))
    assert frame_at(descriptor, 3).time_s == pytest.approx(3)
    os.close(descriptor)


def test_a_face_in_a_film_is_as_in_the_picture(free_portraits: Portraits, tmp_path: Path) -> None:
    portrait = load(free_portraits.astronaut.read_bytes()).pixels
    (frame,) = frames(film(tmp_path, "mkv", [(portrait, 2)]))
    assert np.abs(frame.pixels.astype(int) - portrait.astype(int)).mean() < ALIKE


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_turned_video_comes_upright(quarter_turns: int, tmp_path: Path) -> None:
    stored = np.ascontiguousarray(np.rot90(drawn_scene(3), quarter_turns))
    content = turned(film(tmp_path, "mp4", [(stored, 1)]), quarter_turns)
    (frame,) = frames(content)
    assert unlike(frame, 3) < ALIKE
    assert unlike(frame_at(content, frame.time_s), 3) < ALIKE
    assert (probe(content).width, probe(content).height) == SIZE


def test_large_frames_are_made_small_where_asked(tmp_path: Path) -> None:
    content = film(tmp_path, "avi", [(drawn_scene(0, (1280, 720)), 1)], "MJPG")
    (small,) = frames(content, 640)
    assert (small.pixels.shape, small.scale) == ((360, 640, 3), 2.0)
    (whole,) = frames(content)
    assert (whole.pixels.shape, whole.scale) == ((720, 1280, 3), 1.0)
    assert frame_at(content, 0, 640).scale == 2.0


def test_a_scene_shorter_than_a_second_is_seen(tmp_path: Path) -> None:
    parts = [(drawn_scene(0), 2.2), (drawn_scene(1), 0.7), (drawn_scene(0), 2.1)]
    for container in ("mkv", "avi"):
        found = list(frames(film(tmp_path, container, parts)))
        assert any(unlike(frame, 1) < ALIKE and 2.15 <= frame.time_s < 2.9 for frame in found), container


def test_a_small_face_that_comes_into_a_still_scene_is_seen(tmp_path: Path) -> None:
    empty = np.full((720, 1280, 3), 90, np.uint8)
    visited = empty.copy()
    visited[300:336, 600:636] = drawn_scene(0)[60:96, 120:156]
    found = list(frames(film(tmp_path, "avi", [(empty, 2), (visited, 2), (empty, 2)], "MJPG")))
    assert any(2 <= frame.time_s < 4 for frame in found)
    assert len(found) == 3


def test_still_video_is_looked_at_once(tmp_path: Path) -> None:
    assert len(list(frames(film(tmp_path, "webm", [(drawn_scene(2), 8)])))) == 1


def long_film(folder: Path) -> bytes:
    """Ten minutes in which each second is unlike all others."""
    chance = np.random.default_rng(3)
    scenes = (np.kron(chance.integers(0, 255, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8)) for _ in range(600))
    return film(folder, "avi", ((scene, 1.0) for scene in scenes), "MJPG", fps=2)


def test_long_video_is_thinned_evenly(tmp_path: Path) -> None:
    found = times(list(frames(long_film(tmp_path))))
    assert 180 <= len(found) <= 201
    assert max(after - before for before, after in itertools.pairwise(found)) <= 6.1
    assert found[0] == 0
    assert found[-1] > 595


class Clock:
    """Goes on by a step each time it is asked."""

    def __init__(self, step_s: float) -> None:
        self.now, self.step_s = 0.0, step_s

    def __call__(self) -> float:
        self.now += self.step_s
        return self.now


def test_when_time_is_used_up_the_whole_length_was_looked_at_first(tmp_path: Path) -> None:
    content = long_film(tmp_path)
    some = times(list(frames(content, budget_s=60, clock=Clock(0.5))))
    assert 20 <= len(some) <= 120
    assert min(some) == 0
    assert max(some) > 540
    assert max(after - before for before, after in itertools.pairwise(some)) < 60


def test_without_any_time_one_frame_is_looked_at() -> None:
    assert len(list(frames(COUNTING["h264"].read_bytes(), budget_s=0))) == 1


def test_what_the_caller_needs_for_its_frames_counts() -> None:
    clock = Clock(0)
    seen = 0
    for _ in frames(COUNTING["hevc"].read_bytes(), budget_s=10, clock=clock):
        seen += 1
        clock.now += 2.5
    assert seen == 4


# --- content ----------------------------------------------------------------------------------------------------


def test_hash_of_a_small_content_is_its_sha256(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content := os.urandom(3_000_001))
    descriptor = os.open(path, os.O_RDONLY)
    assert content_sha256(content) == content_sha256(descriptor) == hashlib.sha256(content).hexdigest()
    os.close(descriptor)
    assert content_sha256(b"") == hashlib.sha256().hexdigest()


def test_hash_of_a_huge_content_sees_its_size_its_ends_and_blocks_between(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    size = 2 * 1024**3
    seen = set()
    for change in (None, (0, b"x"), (size - 1, b"x"), (size // 2, bytes(1) + b"x" * 40_000_000), "longer"):
        with path.open("wb") as file:
            file.truncate(size + (change == "longer"))
            if isinstance(change, tuple):
                file.seek(change[0])
                file.write(change[1])
        descriptor = os.open(path, os.O_RDONLY)
        seen.add(content_sha256(descriptor))
        os.close(descriptor)
    assert len(seen) == 5
    assert size > WHOLE_BYTES


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\0\0\0\x18ftypisom\0\0\2\0", "mov"),
        (b"\0\0\0\x14ftypqt  \0\0\2\0", "mov"),
        (b"\0\0\0\x08wide\0\0\0\x10mdat", "mov"),
        (b"\x1a\x45\xdf\xa3" + bytes(12), "matroska"),
        (b"RIFF\x10\0\0\0AVI LIST", "avi"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", None),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x18ftypheic\0\0\0\0", None),
        (b"\0\0\0\x18ftypavif\0\0\0\0", None),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", None),
        (b"#EXTM3U\n#EXTINF:1", None),
        (b"ffconcat version", None),
        (b"\x47\x40\0\x10" + bytes(12), None),
        (b"", None),
    ],
)
def test_videos_are_known_by_their_first_bytes(head: bytes, container: str | None) -> None:
    assert container_of(head) == container


# --- in a worker's place ----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux" or not landlock.version(), reason="this system has no Landlock")
@pytest.mark.parametrize("make", [lambda _: COUNTING["h264"].read_bytes(), lambda folder: _drawn(folder)])
def test_frames_are_taken_where_no_file_can_be_opened(make: Callable[[Path], bytes], tmp_path: Path) -> None:
    content = make(tmp_path)
    path = tmp_path / "film"
    path.write_bytes(content)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=confined_video.take_frames, args=(theirs, os.getpid()))
    child.start()
    theirs.close()
    descriptor = os.open(path, os.O_RDONLY)
    send_handle(ours, descriptor, child.pid)
    os.close(descriptor)
    told = json.loads(ours.recv_bytes())
    child.join()
    ours.close()
    assert told["landlock"] > 0
    assert told["seccomp"] is True
    assert told["times"] == times(list(frames(content)))
    assert told["again"] == told["times"][-1]


def _drawn(folder: Path) -> bytes:
    return film(folder, "webm", [(drawn_scene(0), 1.5), (drawn_scene(1), 1.5)])
