"""What a worker does with a picture: decode it, find faces, measure them, hash it. Runs in the confined process only.

Everything heavy is imported inside the functions: the worker decides when.
"""

import dataclasses
import hashlib
import io
import json
import os
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from privacyguard.analysis.messages import (
    CUT_PX,
    REPLY_BYTES,
    bytes_to_json,
    cut_to_json,
    face_to_json,
    fingerprint_to_json,
    second_to_json,
)
from privacyguard.analysis.teller import Teller
from privacyguard.analysis.told import hidden_to_json, provenance_to_json
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Box, Face, FaceCut, SecondOpinion, Unreadable
from privacyguard.pictures.files import MAGIC_BYTES, head_of, is_video, read_bounded

if TYPE_CHECKING:
    from privacyguard.faces.detector import Detection
    from privacyguard.pictures.decode import Picture, Pixels
    from privacyguard.pictures.video import Facts, Frame

DECODED_PX = 1600
"""Longer side that pictures are decoded to at least, where they have it."""

KEPT_BYTES = 64 * 1024 * 1024
"""Of the pixels of the last picture."""

FRAME_PX = 1280
"""Longer side that a video's frames are looked at with."""

UPLOAD_PX = 1280
UPLOAD_BYTES = 480_000
CUTS_AT_MOST = 8
CUT_MARGIN = 0.25
"""Of the face's box on each side: forehead and chin, not the scene."""


class Looker:
    """The models, loaded once."""

    def __init__(self) -> None:
        import cv2

        from privacyguard.faces.detector import Detector
        from privacyguard.faces.embedder import Embedder
        from privacyguard.faces.weights import weights_folder

        cv2.setNumThreads(1)
        folder = weights_folder()
        self._detector, self._embedder = Detector(folder), Embedder(folder)
        self._teller = Teller()
        self._last: tuple[object, Picture] | None = None

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """The answer to one request, as bytes within the limit. ``source``: an open file, which stays open, or its content."""
        try:
            match request["do"]:
                case "analyse":
                    answer = self._analyse(source, bool(request["cuts"]), bool(request.get("hidden")))
                case "cut":
                    answer = self._cut(source, request)
                case "second":
                    answer = self._second(source, request)
                case "upload":
                    answer = self._upload(source)
                case "hidden":
                    answer = {"hidden": self._hidden(source)}
                case "clean":
                    return self._teller.cleaned(_content(source))
                case unknown:
                    raise ValueError(f"unknown request {unknown}")
        except PictureUnreadable as error:
            answer = {"unreadable": error.reason}
        except MemoryError:
            answer = {"unreadable": Unreadable.TOO_LARGE}
        reply = json.dumps(answer).encode()
        return reply if len(reply) <= REPLY_BYTES else b'{"unreadable": "too-large"}'

    def _analyse(self, source: int | bytes, cuts: bool, hidden: bool) -> dict[str, object]:
        from privacyguard.faces.detector import REDUCED_PX, reduced
        from privacyguard.faces.weights import MODEL_ID
        from privacyguard.pictures.fingerprints import fingerprint, perceptual_hash, variants

        if is_video(_head(source)):
            return self._analyse_video(source)
        content = _content(source)
        picture = self._load(source, content)
        provenance, details = self._teller.told(content, hidden)
        small, times = reduced(picture.pixels, REDUCED_PX)
        detections = self._detector.detect(picture.pixels, (small, times))
        boxes = [_box(detection, 1 / times) for detection in detections]
        return {
            "width": picture.width,
            "height": picture.height,
            "format": picture.format,
            "sha256": picture.sha256,
            "phash": perceptual_hash(small),
            "model_id": MODEL_ID,
            "faces": [
                face_to_json(self._face(picture, d, cuts and i < CUTS_AT_MOST)) for i, d in enumerate(detections)
            ],
            "fingerprint": fingerprint_to_json(fingerprint(small, boxes)),
            "copy_variants": bytes_to_json(variants(small, boxes)) if cuts else None,
            "provenance": provenance_to_json(provenance),
            "hidden": hidden_to_json(details),
        }

    def _analyse_video(self, source: int | bytes) -> dict[str, object]:
        from privacyguard.analysis.tracks import Tracks
        from privacyguard.faces.weights import MODEL_ID
        from privacyguard.pictures import video
        from privacyguard.pictures.fingerprints import perceptual_hash

        facts, tracks, phash = video.probe(source), Tracks(), None
        for frame in video.frames(source, FRAME_PX):
            picture = self._frame(frame, facts)
            phash = phash or perceptual_hash(frame.pixels)
            tracks.add(
                [
                    dataclasses.replace(self._face(picture, detection, for_enrolment=False), time_s=frame.time_s)
                    for detection in self._detector.detect(frame.pixels)
                ]
            )
        return {
            "width": facts.width,
            "height": facts.height,
            "format": facts.format,
            "sha256": video.content_sha256(source),
            "phash": phash,
            "model_id": MODEL_ID,
            "faces": [face_to_json(face) for face in tracks.faces],
        }

    def _hidden(self, source: int | bytes) -> dict[str, object] | None:
        if is_video(_head(source)):
            return None
        _provenance, details = self._teller.told(_content(source), hidden=True)
        return hidden_to_json(details)

    def _load(self, source: int | bytes, content: bytes | None = None) -> "Picture":
        """The decoded picture; of the one that was asked for last it is at hand: a match is cut out right after it.

        ``content``: the file's, where it was read already.
        """
        from privacyguard.pictures.decode import load

        key = _key(source)
        if self._last is not None and self._last[0] == key:
            return self._last[1]
        self._last = None
        picture = load(source if content is None else content, DECODED_PX)
        if picture.pixels.nbytes <= KEPT_BYTES:
            self._last = key, picture
        return picture

    def _frame(self, frame: "Frame", facts: "Facts") -> "Picture":
        from privacyguard.pictures.decode import Picture

        return Picture(frame.pixels, facts.width, facts.height, facts.format, "", frame.scale)

    def _face(self, picture: "Picture", detection: "Detection", for_enrolment: bool) -> Face:
        import numpy as np

        from privacyguard.faces.detector import Detection
        from privacyguard.faces.quality import can_judge, measure

        aligned = self._embedder.align(picture.pixels, detection)
        quality = measure(picture.pixels, aligned, detection, picture.scale)
        points = [float(value) * picture.scale for value in detection.row[4:14]]
        box = _box(detection, picture.scale)
        is_judged = can_judge(quality)
        # As it comes back in a later request: dlib's answer changes with each pixel of the box.
        sides = np.array([box.x, box.y, box.w, box.h], dtype=np.float32) / np.float32(picture.scale)
        rounded = Detection(np.concatenate([sides, detection.row[4:]]))
        return Face(
            box=box,
            landmarks=tuple(zip(points[::2], points[1::2], strict=True)),
            quality=quality,
            embedding=self._embedder.embed(aligned) if is_judged else None,
            cut=_cut_face(picture, box) if for_enrolment else None,
            second=self._second_opinion(picture.pixels, rounded) if for_enrolment and is_judged else None,
        )

    def _second_opinion(self, pixels: "Pixels", detection: "Detection") -> SecondOpinion | None:
        from privacyguard.faces.second_opinion import encode

        aligned = self._embedder.align(pixels, detection)
        mirrored = self._embedder.embed(aligned[:, ::-1])
        other = encode(*turned_upright(pixels, detection))
        return SecondOpinion(mirrored, other) if mirrored is not None and other is not None else None

    def _second(self, source: int | bytes, request: Mapping[str, Any]) -> dict[str, object]:
        """The second opinion on one face, from where it was found: its box and landmarks."""
        picture = self._picture(source, request)
        second = self._second_opinion(picture.pixels, _detection(request, picture.scale))
        return {"second": None if second is None else second_to_json(second)}

    def _cut(self, source: int | bytes, request: Mapping[str, Any]) -> dict[str, object]:
        return {"cut": cut_to_json(_cut_face(self._picture(source, request), Box(*request["box"])))}

    def _picture(self, source: int | bytes, request: Mapping[str, Any]) -> "Picture":
        """The picture, or the frame of the video, that a face was found in."""
        from privacyguard.pictures import video

        if request["time_s"] is None:
            return self._load(source)
        return self._frame(video.frame_at(source, request["time_s"], FRAME_PX), video.probe(source))

    def _upload(self, source: int | bytes) -> dict[str, object]:
        from PIL import Image

        from privacyguard.pictures.decode import load

        image = Image.fromarray(load(source, UPLOAD_PX).pixels)
        image.thumbnail((UPLOAD_PX, UPLOAD_PX))
        for quality in (85, 75, 60, 40):
            encoded = io.BytesIO()
            image.save(encoded, "JPEG", quality=quality)  # made from pixels, so nothing hidden comes along
            if encoded.tell() <= UPLOAD_BYTES:
                return {"jpeg": b64encode(encoded.getvalue()).decode("ascii")}
        return {"unreadable": Unreadable.TOO_LARGE}


def _key(source: int | bytes) -> object:
    """What tells one picture from another, also a file that was written anew."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).digest()
    status = os.fstat(source)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _content(source: int | bytes) -> bytes:
    return source if isinstance(source, bytes) else read_bounded(source)


def _head(source: int | bytes) -> bytes:
    return source[:MAGIC_BYTES] if isinstance(source, bytes) else head_of(source)


def turned_upright(pixels: "Pixels", detection: "Detection") -> tuple["Pixels", tuple[float, float, float, float]]:
    """The surroundings of a face, turned by quarters so that its eyes are above its mouth, and its box in them."""
    import numpy as np

    x, y, width, height = (float(value) for value in detection.row[:4])
    margin = max(width, height)
    left, top = max(0, round(x - margin)), max(0, round(y - margin))
    part = pixels[top : round(y + height + margin), left : round(x + width + margin)]
    points = detection.row[4:14].reshape(5, 2)
    down, along = points[3:].mean(axis=0) - points[:2].mean(axis=0)  # from the eyes to the mouth
    x, y = x - left, y - top
    if abs(down) <= abs(along) and along >= 0:
        return np.ascontiguousarray(part), (x, y, width, height)
    rows, columns = part.shape[:2]
    if abs(down) <= abs(along):
        return np.ascontiguousarray(np.rot90(part, 2)), (columns - x - width, rows - y - height, width, height)
    if down > 0:  # the mouth is on the right
        return np.ascontiguousarray(np.rot90(part, 3)), (rows - y - height, x, height, width)
    return np.ascontiguousarray(np.rot90(part, 1)), (y, columns - x - width, height, width)


def _box(detection: "Detection", scale: float) -> Box:
    return Box(*(round(float(value) * scale) for value in detection.row[:4]))


def _detection(request: Mapping[str, Any], scale: float) -> "Detection":
    import numpy as np

    from privacyguard.faces.detector import Detection

    points = [coordinate for point in request["landmarks"] for coordinate in point]
    row = np.array([*request["box"], *points, scale], dtype=np.float32) / np.float32(scale)
    return Detection(row)


def _cut_face(picture: "Picture", box: Box) -> FaceCut:
    """The tight cut of a face, at most 160 px a side, from a box in original pixels."""
    from PIL import Image

    margin = CUT_MARGIN * max(box.w, box.h)
    edges = (box.x - margin, box.y - margin, box.x + box.w + margin, box.y + box.h + margin)
    left, top, right, bottom = (round(edge / picture.scale) for edge in edges)
    height, width = picture.pixels.shape[:2]
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    right, bottom = max(left + 1, min(right, width)), max(top + 1, min(bottom, height))
    cut = Image.fromarray(picture.pixels[top:bottom, left:right])
    cut.thumbnail((CUT_PX, CUT_PX))
    return FaceCut(cut.width, cut.height, cut.tobytes())
