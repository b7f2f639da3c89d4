"""Signs that a face was put into a picture. ``python -m tests.bench.swaps`` measures what they find.

Two ways: a copy of a photo the person chose shows another face where theirs was; or a face like theirs is in a scene that was
also seen with another face. Neither says who did it, or which of two pictures was first.
"""

from privacyguard.faces.matching import cosine, similarity
from privacyguard.model.person import EnrolledPhoto, FaceTemplate
from privacyguard.model.picture import Box, Face, PictureAnalysis
from privacyguard.pictures.copies import Copy
from privacyguard.pictures.cuts import Window
from privacyguard.pictures.scenes import same_scene

OTHER_FACE_BELOW = 0.5
"""Two faces less alike are not one face in two copies of a picture. Copies at half the size and JPEG quality 30, or a third of
the size, stay over 0.68; faces that were blended in stay under 0.48 to the one they cover."""

JUDGED_FROM_PX = 40
"""Smaller faces lose too much when they are saved as a poor JPEG: of 25 pixels and quality 30, half fall under the bound."""

JUDGED_FROM_SHARPNESS = 40.0
"""The same faces enlarged again are told by their blur: half have less than 25, of sharp pictures 1 in 100 has less than 40."""

SUSPECT_FROM = 0.34
"""A face that was blended in keeps something of the one below it, and is often no match by itself (30 of 100). In a scene that
was also seen with another face, this much is enough. About 1 in 320 strangers' faces reaches it."""

_SAME_PLACE = 0.3
"""Of the area that two boxes cover together, they have this much in common."""


def other_face(photo: EnrolledPhoto, analysis: PictureAnalysis, copy: Copy) -> bool:
    """Whether this copy of the chosen photo shows somebody else's face where the chosen one was.

    False where that face was cut off, or is too small or blurred to judge.
    """
    if copy.face is None:
        return False
    face = _face_at(analysis, copy.face)
    if face is None or face.embedding is None or _size(face) < JUDGED_FROM_PX:
        return False
    return (
        face.quality.sharpness >= JUDGED_FROM_SHARPNESS and cosine(photo.embedding, face.embedding) < OTHER_FACE_BELOW
    )


def is_suspect(template: FaceTemplate, analysis: PictureAnalysis) -> bool:
    """Whether a face in the picture may be the person's, blended in: worth a look for other pictures of the same scene."""
    return suspect_face(template, analysis) is not None


def other_scene(template: FaceTemplate, suspect: PictureAnalysis, seen: PictureAnalysis) -> bool:
    """Whether ``seen`` shows the suspect's scene with another face, less like the person's, in the same place.

    For pairs that ``scenes.near_scenes`` found. False where a face cannot be judged.
    """
    face = suspect_face(template, suspect)
    if face is None or face.embedding is None or suspect.fingerprint is None or seen.fingerprint is None:
        return False
    mirrored = same_scene(suspect.fingerprint, seen.fingerprint)
    if mirrored is None:
        return False
    place = _window(face.box, suspect)
    if mirrored:
        place = (1 - place[2], place[1], 1 - place[0], place[3])
    other = _face_at(seen, place)
    if other is None or other.embedding is None or min(_size(face), _size(other)) < JUDGED_FROM_PX:
        return False
    less_like_them = similarity(template, other.embedding) < similarity(template, face.embedding)
    return less_like_them and cosine(face.embedding, other.embedding) < OTHER_FACE_BELOW


def suspect_face(template: FaceTemplate, analysis: PictureAnalysis) -> Face | None:
    """The face that may be the person's, blended in: the most alike, if it is alike enough to be suspected."""
    judged = [(similarity(template, face.embedding), face) for face in analysis.faces if face.embedding is not None]
    alike, face = max(judged, key=lambda pair: pair[0], default=(-1.0, None))
    return face if alike >= SUSPECT_FROM else None


def _size(face: Face) -> int:
    return face.quality.size_px


def _face_at(analysis: PictureAnalysis, place: Window) -> Face | None:
    """The face that covers the place best, if one does."""
    shared = [(_shared(_window(face.box, analysis), place), face) for face in analysis.faces]
    share, face = max(shared, key=lambda pair: pair[0], default=(0.0, None))
    return face if share >= _SAME_PLACE else None


def _window(box: Box, analysis: PictureAnalysis) -> Window:
    width, height = analysis.width, analysis.height
    return box.x / width, box.y / height, (box.x + box.w) / width, (box.y + box.h) / height


def _shared(one: Window, other: Window) -> float:
    """Area in common as a share of the area that both cover together, 0..1."""
    across = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = sum((right - left) * (bottom - top) for left, top, right, bottom in (one, other)) - across * down
    return across * down / both if both > 0 else 0.0
