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

from privacyguard.analysis.face_teller import FaceTeller, box_of, cut_face, detection_of
from privacyguard.analysis.messages import (
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
from privacyguard.model.picture import Box, Unreadable
from privacyguard.pictures.files import MAGIC_BYTES, head_of, is_video, read_bounded

if TYPE_CHECKING:
    from privacyguard.pictures.decode import Picture
    from privacyguard.pictures.video import Facts, Frame

DECODED_PX = 1600
"""Longer side that pictures are decoded to at least, where they have it."""

KEPT_BYTES = 64 * 1024 * 1024
"""Of the pixels of the last picture."""

FRAME_PX = 1280
"""Longer side that a video's frames are looked at with."""

UPLOAD_PX = 1280
UPLOAD_BYTES = 480_000


class Looker:
    """The models, loaded once."""

    def __init__(self) -> None:
        import cv2

        from privacyguard.faces.detector import Detector
        from privacyguard.faces.weights import weights_folder

        cv2.setNumThreads(1)
        folder = weights_folder()
        self._detector, self._face_teller = Detector(folder), FaceTeller(folder)
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
        from privacyguard.pictures.fingerprints import fingerprint, perceptual_hash, reduced_grey, variants

        if is_video(_head(source)):
            return self._analyse_video(source)
        content = _content(source)
        picture = self._load(source, content)
        provenance, details = self._teller.told(content, hidden)
        small, times = reduced(picture.pixels, REDUCED_PX)
        detections = self._detector.detect(picture.pixels, (small, times))
        boxes, grey = [box_of(detection, 1 / times) for detection in detections], reduced_grey(small)
        return {
            "width": picture.width,
            "height": picture.height,
            "format": picture.format,
            "sha256": picture.sha256,
            "phash": perceptual_hash(small, grey),
            "model_id": MODEL_ID,
            "faces": [face_to_json(face) for face in self._face_teller.faces(picture, detections, cuts)],
            "fingerprint": fingerprint_to_json(fingerprint(small, boxes, grey)),
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
                    dataclasses.replace(face, time_s=frame.time_s)
                    for face in self._face_teller.faces(picture, self._detector.detect(frame.pixels))
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

    def _second(self, source: int | bytes, request: Mapping[str, Any]) -> dict[str, object]:
        """The second opinion on one face, from where it was found: its box and landmarks."""
        picture = self._picture(source, request)
        second = self._face_teller.second_opinion(picture.pixels, detection_of(request, picture.scale))
        return {"second": None if second is None else second_to_json(second)}

    def _cut(self, source: int | bytes, request: Mapping[str, Any]) -> dict[str, object]:
        return {"cut": cut_to_json(cut_face(self._picture(source, request), Box(*request["box"])))}

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
