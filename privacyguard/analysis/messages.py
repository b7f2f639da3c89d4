"""What goes over the pipe to a worker and back: JSON in bytes, checked on arrival, never unpickled.

A worker looks at hostile pictures, so its answers are foreign: types, ranges, counts and finite numbers are checked here.
"""

import base64
import binascii
import dataclasses
import json
import math
import struct
from collections.abc import Mapping
from typing import Any

from privacyguard.analysis.checked import BadAnswer as BadAnswer
from privacyguard.analysis.checked import (
    a_list,
    a_number,
    a_whole_number,
    a_word,
    an_object,
    hexadecimal,
    no_constant,
)
from privacyguard.analysis.told import hidden_of, provenance_of
from privacyguard.model.picture import (
    Box,
    Embedding,
    Face,
    FaceCut,
    Fingerprint,
    PictureAnalysis,
    Quality,
    SecondOpinion,
    Unreadable,
)

REPLY_BYTES = 1024 * 1024
CUT_PX = 160
FACES_AT_MOST = 500
EMBEDDING_LENGTH = 128
SIDE_AT_MOST = 200_000
FINGERPRINT_DIGITS = 36
VARIANTS_BYTES = 64 * 1024
TIME_AT_MOST_S = 1e7


def face_to_json(face: Face) -> dict[str, object]:
    """One face as plain JSON values."""
    quality = face.quality
    return {
        "box": [face.box.x, face.box.y, face.box.w, face.box.h],
        "landmarks": [list(point) for point in face.landmarks],
        "quality": [quality.size_px, quality.brightness, quality.sharpness, quality.yaw, quality.score],
        "embedding": None if face.embedding is None else _numbers_to_json(face.embedding),
        "cut": None if face.cut is None else cut_to_json(face.cut),
        "time_s": face.time_s,
        "second": None if face.second is None else second_to_json(face.second),
    }


def second_to_json(second: SecondOpinion) -> dict[str, object]:
    """A second opinion as plain JSON values."""
    return {"mirrored": _numbers_to_json(second.mirrored), "other_model": _numbers_to_json(second.other_model)}


def fingerprint_to_json(fingerprint: Fingerprint) -> dict[str, object]:
    """The hashes as plain JSON values."""
    return dataclasses.asdict(fingerprint)


def bytes_to_json(content: bytes) -> str:
    """Bytes as text."""
    return base64.b64encode(content).decode("ascii")


def cut_to_json(cut: FaceCut) -> dict[str, object]:
    """A face cut as plain JSON values."""
    return {"width": cut.width, "height": cut.height, "rgb": bytes_to_json(cut.rgb)}


def _numbers_to_json(numbers: Embedding) -> str:
    # As float32 in base64 it is a quarter of what it is in digits: a picture of 500 faces fits into an answer.
    return bytes_to_json(struct.pack(f"<{len(numbers)}f", *numbers))


def about(what: str, face: Face) -> Mapping[str, object]:
    """The request for something about one face."""
    box = face.box
    place = {"box": [box.x, box.y, box.w, box.h], "landmarks": [list(point) for point in face.landmarks]}
    return {"do": what, **place, "time_s": face.time_s}


def parse_answer(untrusted: bytes) -> Mapping[str, Any]:
    """The answer as an object.

    Raises:
        BadAnswer: not a JSON object, or one with NaN or Infinity.
    """
    try:
        answer = json.loads(untrusted, parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise BadAnswer("not JSON") from None
    if not isinstance(answer, dict):
        raise BadAnswer("not an object")
    return answer


def unreadable_of(untrusted: Mapping[str, Any]) -> Unreadable | None:
    """The reason why the picture could not be opened, or None when it could."""
    reason = untrusted.get("unreadable")
    if reason is None:
        return None
    if not isinstance(reason, str) or reason not in set(Unreadable):
        raise BadAnswer("unknown reason")
    return Unreadable(reason)


def analysis_of(untrusted: Mapping[str, Any]) -> PictureAnalysis:
    """The analysis in an answer. Raises :class:`BadAnswer` where a part has not the agreed form."""
    faces = a_list(untrusted.get("faces"), FACES_AT_MOST)
    return PictureAnalysis(
        width=a_whole_number(untrusted.get("width"), 1, SIDE_AT_MOST),
        height=a_whole_number(untrusted.get("height"), 1, SIDE_AT_MOST),
        format=a_word(untrusted.get("format"), 8),
        sha256=hexadecimal(untrusted.get("sha256"), 64),
        phash=hexadecimal(untrusted.get("phash"), 16),
        model_id=a_word(untrusted.get("model_id"), 64),
        faces=tuple(_face(face) for face in faces),
        fingerprint=_fingerprint(untrusted.get("fingerprint")),
        copy_variants=_variants(untrusted.get("copy_variants")),
        provenance=provenance_of(untrusted.get("provenance")),
        hidden=hidden_of(untrusted.get("hidden")),
    )


def second_of(untrusted: object) -> SecondOpinion | None:
    """A second opinion, None where the worker had none. Raises :class:`BadAnswer`."""
    if untrusted is None:
        return None
    parts = an_object(untrusted)
    mirrored = _embedding(parts.get("mirrored"))
    if mirrored is None:
        raise BadAnswer("half a second opinion")
    return SecondOpinion(mirrored, _numbers(parts.get("other_model"), 10.0))


def cut_of(untrusted: object) -> FaceCut:
    """A face cut. Raises :class:`BadAnswer` where its size and its bytes do not agree."""
    parts = an_object(untrusted)
    width, height = (a_whole_number(parts.get(side), 1, CUT_PX) for side in ("width", "height"))
    rgb = bytes_of(parts.get("rgb"))
    if len(rgb) != width * height * 3:
        raise BadAnswer("size of a cut")
    return FaceCut(width, height, rgb)


def bytes_of(untrusted: object) -> bytes:
    """Bytes that were sent as base64. Raises :class:`BadAnswer`."""
    if not isinstance(untrusted, str):
        raise BadAnswer("not text")
    try:
        return base64.b64decode(untrusted, validate=True)
    except (binascii.Error, ValueError):
        raise BadAnswer("not base64") from None


def _face(untrusted: object) -> Face:
    parts = an_object(untrusted)
    x, y, w, h = (a_whole_number(v, -SIDE_AT_MOST, SIDE_AT_MOST) for v in a_list(parts.get("box"), 4, 4))
    points = [a_list(point, 2, 2) for point in a_list(parts.get("landmarks"), 5, 5)]
    size, *measures = a_list(parts.get("quality"), 5, 5)
    brightness, sharpness, yaw, score = (a_number(value, 1e9) for value in measures)
    cut, time_s = parts.get("cut"), parts.get("time_s")
    return Face(
        box=Box(x, y, w, h),
        landmarks=tuple((a_number(px, SIDE_AT_MOST), a_number(py, SIDE_AT_MOST)) for px, py in points),
        quality=Quality(a_whole_number(size, 0, SIDE_AT_MOST), brightness, sharpness, yaw, score),
        embedding=_embedding(parts.get("embedding")),
        cut=None if cut is None else cut_of(cut),
        time_s=None if time_s is None else a_number(time_s, TIME_AT_MOST_S),
        second=second_of(parts.get("second")),
    )


def _embedding(untrusted: object) -> Embedding | None:
    if untrusted is None:
        return None
    numbers = _numbers(untrusted, 1.01)
    if abs(sum(number * number for number in numbers) - 1.0) > 1e-3:
        raise BadAnswer("not of unit length")
    return numbers


def _numbers(untrusted: object, limit: float) -> Embedding:
    content = bytes_of(untrusted)
    if len(content) != 4 * EMBEDDING_LENGTH:
        raise BadAnswer("not so many numbers")
    numbers = struct.unpack(f"<{EMBEDDING_LENGTH}f", content)
    if not all(map(math.isfinite, numbers)) or max(map(abs, numbers)) > limit:
        raise BadAnswer("a number out of range")
    return numbers


def _fingerprint(untrusted: object) -> Fingerprint | None:
    if untrusted is None:
        return None
    parts = an_object(untrusted)
    whole, mirrored = (hexadecimal(parts.get(name), FINGERPRINT_DIGITS) for name in ("whole", "mirrored"))
    scene, mirrored_scene = (
        None if parts.get(name) is None else hexadecimal(parts.get(name), FINGERPRINT_DIGITS)
        for name in ("scene", "mirrored_scene")
    )
    if (scene is None) != (mirrored_scene is None):
        raise BadAnswer("half a scene")
    return Fingerprint(whole, mirrored, scene, mirrored_scene)


def _variants(untrusted: object) -> bytes:
    if untrusted is None:
        return b""
    content = bytes_of(untrusted)
    if len(content) > VARIANTS_BYTES:
        raise BadAnswer("too many hashes")
    return content
