"""Is a face pattern that takes another's place of the same face? Pure Python, like the matching itself."""

from privacyguard.faces.matching import closeness, cosine, is_doubtful, similarity
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Box, Closeness, Face, Quality

_NOT_MEASURED = Quality(0, 0.0, 0.0, 0.0, 0.0)

SAME_PHOTO_FROM = 0.995
"""Cosine of the embeddings of one face in one photo, before and after it was kept as float32."""


def is_same_face(before: FaceTemplate, after: FaceTemplate) -> bool:
    """Whether each photo of ``after`` is one of ``before`` or looks a lot like it; one other face among them is another face.

    False where the two come from different models: they cannot be compared.
    """
    if before.model_id != after.model_id or not before.photos or not after.photos:
        return False
    return all(_is_theirs(before, photo) for photo in after.photos)


def _is_theirs(before: FaceTemplate, photo: EnrolledPhoto) -> bool:
    if any(cosine(known.embedding, photo.embedding) >= SAME_PHOTO_FROM for known in before.photos):
        return True
    face = Face(Box(0, 0, 0, 0), (), _NOT_MEASURED, photo.embedding)
    second = photo.second if is_doubtful(before, similarity(before, photo.embedding)) else None
    return closeness(before, face, Relation.ME, second) is Closeness.A_LOT
