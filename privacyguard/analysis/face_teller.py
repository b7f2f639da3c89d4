"""What a worker tells of faces that were found: where, how clear, whose, and how they look cut out.

Everything heavy is imported inside the functions: the worker decides when.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from privacyguard.analysis.messages import CUT_PX
from privacyguard.model.picture import Box, Face, FaceCut, SecondOpinion

if TYPE_CHECKING:
    from privacyguard.faces.detector import Detection
    from privacyguard.pictures.decode import Picture, Pixels

CUTS_AT_MOST = 8
CUT_MARGIN = 0.25
"""Of the face's box on each side: forehead and chin, not the scene."""


class FaceTeller:
    """SFace and what is measured with it."""

    def __init__(self, weights: Path) -> None:
        from privacyguard.faces.embedder import Embedder

        self._embedder = Embedder(weights)

    def faces(self, picture: "Picture", detections: Sequence["Detection"], cuts: bool = False) -> list[Face]:
        """Each detection as a face, in the same order; with ``cuts`` the first ones with their cuts and second opinions."""
        from privacyguard.faces.quality import can_judge, measure

        aligned = [self._embedder.align(picture.pixels, detection) for detection in detections]
        qualities = [
            measure(picture.pixels, face, detection, picture.scale)
            for face, detection in zip(aligned, detections, strict=True)
        ]
        judged = [number for number, quality in enumerate(qualities) if can_judge(quality)]
        embeddings = dict(zip(judged, self._embedder.embed([aligned[number] for number in judged]), strict=True))
        faces = []
        for number, (detection, quality) in enumerate(zip(detections, qualities, strict=True)):
            box, with_cut = box_of(detection, picture.scale), cuts and number < CUTS_AT_MOST
            points = [float(value) * picture.scale for value in detection.row[4:14]]
            faces.append(
                Face(
                    box=box,
                    landmarks=tuple(zip(points[::2], points[1::2], strict=True)),
                    quality=quality,
                    embedding=embeddings.get(number),
                    cut=cut_face(picture, box) if with_cut else None,
                    second=self._rounded(picture, detection, box) if with_cut and number in embeddings else None,
                )
            )
        return faces

    def _rounded(self, picture: "Picture", detection: "Detection", box: Box) -> SecondOpinion | None:
        """As it comes back in a later request: dlib's answer changes with each pixel of the box."""
        import numpy as np

        from privacyguard.faces.detector import Detection

        sides = np.array([box.x, box.y, box.w, box.h], dtype=np.float32) / np.float32(picture.scale)
        return self.second_opinion(picture.pixels, Detection(np.concatenate([sides, detection.row[4:]])))

    def second_opinion(self, pixels: "Pixels", detection: "Detection") -> SecondOpinion | None:
        """The mirrored face's embedding and dlib's encoding, or None where one of them gives none."""
        from privacyguard.faces.second_opinion import encode

        aligned = self._embedder.align(pixels, detection)
        (mirrored,) = self._embedder.embed([aligned[:, ::-1]])
        other = encode(*turned_upright(pixels, detection))
        return SecondOpinion(mirrored, other) if mirrored is not None and other is not None else None


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


def box_of(detection: "Detection", scale: float) -> Box:
    """Where the face is, in original pixels."""
    return Box(*(round(float(value) * scale) for value in detection.row[:4]))


def detection_of(request: Mapping[str, Any], scale: float) -> "Detection":
    """The face of a later request, in decoded pixels."""
    import numpy as np

    from privacyguard.faces.detector import Detection

    points = [coordinate for point in request["landmarks"] for coordinate in point]
    row = np.array([*request["box"], *points, scale], dtype=np.float32) / np.float32(scale)
    return Detection(row)


def cut_face(picture: "Picture", box: Box) -> FaceCut:
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
