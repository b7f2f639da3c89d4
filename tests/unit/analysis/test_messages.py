"""A worker's answer is foreign: each wrong form of it is refused, and whatever a worker sends, the app lives on (T7)."""

import copy
import dataclasses
import json
import math
import multiprocessing
import pickle
import struct
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from privacyguard.analysis import messages, worker
from privacyguard.analysis.messages import BadAnswer, analysis_of, bytes_of, cut_of, parse_answer, unreadable_of
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.errors import Cancelled, PictureUnreadable
from privacyguard.model.picture import Box, Face, FaceCut, Fingerprint, Quality, SecondOpinion, Unreadable
from privacyguard.model.progress import CancelToken
from tests.conftest import Portraits
from tests.support import evil_workers

UNIT = (1.0,) + (0.0,) * 127
FACE = Face(
    Box(10, 20, 100, 120),
    ((30.5, 50.0), (70.0, 50.0), (50.0, 70.0), (35.0, 95.0), (65.0, 95.0)),
    Quality(100, 120.0, 80.0, 0.1, 0.9),
    UNIT,
    FaceCut(2, 1, b"abcdef"),
    12.5,
    SecondOpinion(UNIT, (0.25,) * 128),
)
PRINT = Fingerprint("0f" * 18, "f0" * 18, "1e" * 18, "e1" * 18)


def numbers(*values: float) -> str:
    """Numbers as a worker sends them."""
    return b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def answer() -> dict[str, Any]:
    """A good answer, anew for each test."""
    return {
        "width": 640,
        "height": 480,
        "format": "JPEG",
        "sha256": "ab" * 32,
        "phash": "0123456789abcdef",
        "model_id": "sface",
        "faces": [messages.face_to_json(FACE)],
        "fingerprint": messages.fingerprint_to_json(PRINT),
        "copy_variants": messages.bytes_to_json(b"hashes"),
    }


def test_good_answer_comes_through_whole() -> None:
    said = analysis_of(parse_answer(json.dumps(answer()).encode()))
    assert said.faces == (FACE,)
    assert (said.width, said.height, said.phash) == (640, 480, "0123456789abcdef")
    assert (said.fingerprint, said.copy_variants) == (PRINT, b"hashes")
    assert unreadable_of(parse_answer(json.dumps(answer()).encode())) is None


def test_500_faces_are_taken_and_501_are_not() -> None:
    said = answer()
    said["faces"] = said["faces"] * 500
    assert len(analysis_of(said).faces) == 500
    said["faces"].append(said["faces"][0])
    with pytest.raises(BadAnswer):
        analysis_of(said)


@pytest.mark.parametrize(
    "untrusted",
    [
        b"",
        b"\xff\xfe",
        b"not json",
        b"[]",
        b"null",
        b'"text"',
        b"1",
        b'{"width": NaN}',
        b'{"width": Infinity}',
        b'{"width": -Infinity}',
        b'{"width": 1',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"width": ' + b"9" * 5000 + b"}",
        pickle.dumps({"width": 1}),
        pickle.dumps(evil_workers.Planted("never-made")),
    ],
    ids=lambda value: value[:16],
)
def test_bytes_that_are_no_json_object_are_refused(untrusted: bytes) -> None:
    with pytest.raises(BadAnswer):
        parse_answer(untrusted)


def test_known_reason_is_read_and_every_other_refused() -> None:
    for reason in Unreadable:
        assert unreadable_of({"unreadable": reason.value}) is reason
    for wrong in ("other", "", 3, True, [], {}, ["broken"], {"a": 1}):
        with pytest.raises(BadAnswer):
            unreadable_of({"unreadable": wrong})


TOP: dict[str, list[object]] = {
    "width": [None, "640", 640.0, True, 0, -1, 200_001, 1e400, []],
    "height": [None, "480", 480.5, False, 0, 10**30],
    "format": [None, 3, "", "JPEG\n", "ünknown", "x" * 9, b64encode(b"x")],
    "sha256": [None, 1, "ab" * 31, "AB" * 32, "zz" * 32, "ab" * 33],
    "phash": [None, 12, "0" * 15, "0" * 17, "xyz" + "0" * 13, "-" + "0" * 15, " " * 16],
    "model_id": [None, 1, "", "x" * 65, "a\x1bb"],
    "faces": [None, {}, "faces", 3, [None], [[]], ["x"], [1]],
    "fingerprint": [
        "print",
        [],
        {},
        {"whole": "0f" * 18, "mirrored": "f0" * 17},
        {"whole": "0f" * 18, "mirrored": 3},
        {"whole": "0F" * 18, "mirrored": "f0" * 18},
        {"whole": "0f" * 18, "mirrored": "f0" * 18, "scene": "1e" * 18, "mirrored_scene": None},
        {"whole": "0f" * 18, "mirrored": "f0" * 18, "scene": "1e", "mirrored_scene": "e1"},
    ],
    "copy_variants": [3, [], {}, "not base64!", b64encode(bytes(64 * 1024 + 1)).decode()],
}
PART: dict[str, list[object]] = {
    "box": [None, [], [1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, "4"], [1.5, 2, 3, 4], [True, 1, 1, 1], [0, 0, 10**9, 1]],
    "landmarks": [None, [], [[1, 2]] * 4, [[1, 2]] * 6, [[1]] * 5, [[1, "2"]] * 5, [[math.inf, 1]] * 5, [[1, 1e9]] * 5],
    "quality": [
        None,
        [],
        [1, 2, 3, 4],
        [1, 2, 3, 4, None],
        [1, math.nan, 3, 4, 5],
        [-1, 2, 3, 4, 5],
        [1.5, 2, 3, 4, 5],
    ],
    "embedding": [
        [],
        [1.0] + [0.0] * 127,
        numbers(*[0.0] * 128),
        numbers(*[1.0] * 128),
        numbers(1.0, *[0.0] * 126),
        numbers(1.0, *[0.0] * 128),
        numbers(math.nan, *[0.0] * 127),
        numbers(math.inf, *[0.0] * 127),
        numbers(0.9, *[0.0] * 127),
        numbers(1.005, *[0.0] * 127),
        numbers(1.0, *[0.0] * 127)[:-1],
        "vector",
        {"0": 1.0},
    ],
    "time_s": ["1.0", [], True, math.nan, -1e8, 1e8, {}],
    "second": [
        "second",
        [],
        {},
        {"mirrored": numbers(1.0, *[0.0] * 127)},
        {"mirrored": None, "other_model": numbers(*[0.5] * 128)},
        {"mirrored": numbers(*[0.5] * 128), "other_model": numbers(*[0.5] * 128)},
        {"mirrored": numbers(1.0, *[0.0] * 127), "other_model": numbers(*[math.nan] * 128)},
        {"mirrored": numbers(1.0, *[0.0] * 127), "other_model": numbers(*[11.0] * 128)},
        {"mirrored": numbers(1.0, *[0.0] * 127), "other_model": numbers(*[0.5] * 64)},
    ],
    "cut": [
        "cut",
        [],
        {},
        {"width": 2, "height": 1, "rgb": None},
        {"width": 2, "height": 1, "rgb": "not base64!"},
        {"width": 2, "height": 1, "rgb": b64encode(b"12345").decode()},
        {"width": 2, "height": 1, "rgb": b64encode(b"1234567").decode()},
        {"width": 161, "height": 1, "rgb": b64encode(bytes(483)).decode()},
        {"width": 0, "height": 0, "rgb": ""},
        {"width": -2, "height": -1, "rgb": b64encode(b"123456").decode()},
        {"width": "2", "height": 1, "rgb": b64encode(b"123456").decode()},
    ],
}


@pytest.mark.parametrize(("key", "wrong"), [(key, wrong) for key, values in TOP.items() for wrong in values])
def test_wrong_part_of_an_answer_is_refused(key: str, wrong: object) -> None:
    analysis_of(answer())
    with pytest.raises(BadAnswer):
        analysis_of(answer() | {key: wrong})


@pytest.mark.parametrize(("key", "wrong"), [(key, wrong) for key, values in PART.items() for wrong in values])
def test_wrong_part_of_a_face_is_refused(key: str, wrong: object) -> None:
    said = answer()
    said["faces"] = [said["faces"][0], copy.deepcopy(said["faces"][0]) | {key: wrong}]
    with pytest.raises(BadAnswer):
        analysis_of(said)


@pytest.mark.parametrize("key", ["box", "landmarks", "quality"])
def test_face_with_a_part_missing_is_refused(key: str) -> None:
    said = answer()
    del said["faces"][0][key]
    with pytest.raises(BadAnswer):
        analysis_of(said)


def test_a_picture_without_scene_and_one_of_a_video_are_taken() -> None:
    bare = {"whole": "0f" * 18, "mirrored": "f0" * 18, "scene": None, "mirrored_scene": None}
    assert analysis_of(answer() | {"fingerprint": bare}).fingerprint == Fingerprint("0f" * 18, "f0" * 18)
    said = analysis_of(answer() | {"fingerprint": None, "copy_variants": None})
    assert (said.fingerprint, said.copy_variants) == (None, b"")


def test_500_faces_fit_into_an_answer() -> None:
    said = answer()
    plain = messages.face_to_json(dataclasses.replace(FACE, cut=None, second=None, embedding=(2**-3.5,) * 128))
    said["faces"] = [plain] * 500
    assert len(json.dumps(said)) <= messages.REPLY_BYTES


@pytest.mark.parametrize("key", ["embedding", "cut", "time_s", "second"])
def test_face_without_embedding_or_cut_is_one_that_could_not_be_judged(key: str) -> None:
    said = answer()
    said["faces"][0][key] = None
    (face,) = analysis_of(said).faces
    assert getattr(face, key) is None


@pytest.mark.parametrize("untrusted", [None, 1, ["x"], "€", "a", "ab=c", "YWJj\n"])
def test_bytes_are_strict_base64(untrusted: object) -> None:
    assert bytes_of(b64encode(b"abc").decode()) == b"abc"
    with pytest.raises(BadAnswer):
        bytes_of(untrusted)


@pytest.mark.parametrize("untrusted", [None, "cut", 3, []])
def test_missing_cut_is_refused(untrusted: object) -> None:
    assert cut_of({"width": 1, "height": 1, "rgb": b64encode(b"rgb").decode()}) == FaceCut(1, 1, b"rgb")
    with pytest.raises(BadAnswer):
        cut_of(untrusted)


# --- evil workers: real processes over the real pipe ----------------------------------------------------------------


Evil = Callable[[Any, int], None]


@pytest.mark.parametrize(
    "evil",
    [
        evil_workers.pickles,
        evil_workers.floods,
        evil_workers.babbles,
        evil_workers.lies,
        evil_workers.says_nothing_of_use,
        evil_workers.announces_gigabytes,
        evil_workers.dies,
        evil_workers.dies_at_the_start,
    ],
)
def test_evil_worker_costs_its_picture_and_nothing_else(
    evil: Evil, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_portraits: Portraits
) -> None:
    picture = free_portraits.astronaut.read_bytes()
    with chdir(tmp_path), AnalysisPool(workers=1, timeout_s=5.0) as pool:
        with monkeypatch.context() as patched:
            patched.setattr(worker, "run", evil)
            with pytest.raises(PictureUnreadable) as told:
                pool.analyse(picture)
        assert told.value.reason == Unreadable.CRASHED
        assert len(pool.analyse(picture).faces) == 1  # a new worker
    assert list(tmp_path.iterdir()) == []  # nothing was unpickled


def test_what_the_evil_worker_sends_would_act_if_it_were_unpickled(tmp_path: Path) -> None:
    with chdir(tmp_path):
        pickle.loads(pickle.dumps(evil_workers.Planted("unpickled")))
    assert (tmp_path / "unpickled").is_dir()


@pytest.mark.parametrize("evil", [evil_workers.is_silent, evil_workers.stops_within_an_answer])
def test_worker_that_does_not_finish_its_answer_is_ended_after_the_limit(
    evil: Evil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "run", evil)
    before = set(multiprocessing.active_children())
    with AnalysisPool(workers=1, timeout_s=1.0) as pool:
        start = time.monotonic()
        with pytest.raises(PictureUnreadable) as told:
            pool.analyse(b"picture")
        assert time.monotonic() - start < 10.0
        assert told.value.reason == Unreadable.TIMED_OUT
        assert set(multiprocessing.active_children()) == before


@pytest.mark.parametrize("evil", [evil_workers.is_silent, evil_workers.stops_within_an_answer])
def test_cancel_does_not_wait_for_an_evil_worker(evil: Evil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "run", evil)
    cancel = CancelToken()
    with AnalysisPool(workers=1, timeout_s=30.0) as pool:
        timer = threading.Timer(3.0, cancel.cancel)
        timer.start()
        start = time.monotonic()
        with pytest.raises(Cancelled):
            pool.analyse(b"picture", cancel=cancel)
        assert time.monotonic() - start < 3.0 + 2.0
