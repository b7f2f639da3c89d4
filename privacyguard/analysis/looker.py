"""What a worker does with a picture: decode it, find faces, measure them, hash it. Runs in the confined process only.

Everything heavy is imported inside the functions: the worker decides when.
"""

import io
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from privacyguard.analysis.messages import CUT_PX, REPLY_BYTES, cut_to_json, face_to_json
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Box, Face, FaceCut, Unreadable

if TYPE_CHECKING:
    from privacyguard.faces.detector import Detection
    from privacyguard.pictures.decode import Picture

DECODED_PX = 1600
"""Longer side that pictures are decoded to at least, where they have it."""

UPLOAD_PX = 1280
UPLOAD_BYTES = 600_000
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

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """The answer to one request, as bytes within the limit. ``source``: an open file, which stays open, or its content."""
        try:
            match request["do"]:
                case "analyse":
                    answer = self._analyse(source, bool(request["cuts"]))
                case "cut":
                    answer = self._cut(source, Box(*request["box"]))
                case "upload":
                    answer = self._upload(source)
                case unknown:
                    raise ValueError(f"unknown request {unknown}")
        except PictureUnreadable as error:
            answer = {"unreadable": error.reason}
        except MemoryError:
            answer = {"unreadable": Unreadable.TOO_LARGE}
        reply = json.dumps(answer).encode()
        return reply if len(reply) <= REPLY_BYTES else b'{"unreadable": "too-large"}'

    def _analyse(self, source: int | bytes, cuts: bool) -> dict[str, object]:
        from privacyguard.faces.weights import MODEL_ID
        from privacyguard.pictures.copies import perceptual_hash
        from privacyguard.pictures.decode import load

        picture = load(source, DECODED_PX)
        detections = self._detector.detect(picture.pixels)
        faces = [self._face(picture, d, cuts and i < CUTS_AT_MOST) for i, d in enumerate(detections)]
        return {
            "width": picture.width,
            "height": picture.height,
            "format": picture.format,
            "sha256": picture.sha256,
            "phash": perceptual_hash(picture.pixels),
            "model_id": MODEL_ID,
            "faces": [face_to_json(face) for face in faces],
        }

    def _face(self, picture: "Picture", detection: "Detection", with_cut: bool) -> Face:
        from privacyguard.faces.quality import can_judge, measure

        aligned = self._embedder.align(picture.pixels, detection)
        quality = measure(picture.pixels, aligned, detection, picture.scale)
        x, y, w, h = (round(float(value) * picture.scale) for value in detection.row[:4])
        points = [float(value) * picture.scale for value in detection.row[4:14]]
        box = Box(x, y, w, h)
        return Face(
            box=box,
            landmarks=tuple(zip(points[::2], points[1::2], strict=True)),
            quality=quality,
            embedding=self._embedder.embed(aligned) if can_judge(quality) else None,
            cut=_cut_face(picture, box) if with_cut else None,
        )

    def _cut(self, source: int | bytes, box: Box) -> dict[str, object]:
        from privacyguard.pictures.decode import load

        return {"cut": cut_to_json(_cut_face(load(source, DECODED_PX), box))}

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
