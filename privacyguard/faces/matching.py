"""Does a face look like the person's? Pure Python, so that it runs in any process.

A face is compared with the unit-length mean of the enrolled embeddings (the mean beats the best-of-n at every rate; facts:
face-engines.md). How alike strangers can be depends on how many photos the mean is made of, so the thresholds do too.
"""

import math
from functools import lru_cache
from operator import mul

from privacyguard.errors import ModelMismatch
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import Closeness, Embedding, Face, PictureAnalysis

FALSE_ALARM_RATE = {Closeness.A_LOT: 2e-5, Closeness.A_LITTLE: 2e-4}
"""Of this share of strangers' faces a level is said wrongly: 1 in 50,000 and 1 in 5,000, read off the measured curves of the
facts (13,233 pictures, 2.1 million comparisons)."""

_THRESHOLDS: dict[Closeness, tuple[float, ...]] = {
    Closeness.A_LOT: (0.446, 0.499, 0.521, 0.533, 0.540, 0.546, 0.550, 0.553),
    Closeness.A_LITTLE: (0.400, 0.437, 0.453, 0.463, 0.470, 0.475, 0.478, 0.480),
}
"""Least similarity for 1 to 8 enrolled photos. The rows for 1 and 5 photos lie on the measured curves; between them they
follow the length of a mean of n photos, 1 / sqrt(1/n + (1 - 1/n) 0.6), which fits both. ``python -m tests.bench.thresholds``
measures what they find, and how often they are wrong, on the development pictures."""

CHILD_MARGIN = 0.05
"""Children look more alike than grown-ups, and the model saw few of them: a child's face has to be closer by this much."""


def similarity(template: FaceTemplate, embedding: Embedding) -> float:
    """Cosine similarity between a face and the person's mean embedding, -1..1, higher is more alike."""
    return cosine(_mean(template.embeddings), embedding)


def threshold(level: Closeness, photos: int, relation: Relation) -> float:
    """The least similarity at which ``level`` is said, for a face pattern of this many photos."""
    row = _THRESHOLDS[level]
    margin = CHILD_MARGIN if relation is Relation.MY_CHILD else 0.0
    return row[min(max(photos, 1), len(row)) - 1] + margin


def closeness(template: FaceTemplate, embedding: Embedding, relation: Relation) -> Closeness | None:
    """How much a face looks like the person's, or None for "probably someone else"."""
    return _level(template, similarity(template, embedding), relation)


def best_match(
    template: FaceTemplate, analysis: PictureAnalysis, relation: Relation
) -> tuple[Face, float, Closeness] | None:
    """The one face of a picture that looks most like the person's, with its similarity and level; None if none does.

    Raises:
        ModelMismatch: the face pattern was made by another model than the picture's embeddings.
    """
    if analysis.model_id != template.model_id:
        raise ModelMismatch("face pattern and picture come from different models")
    judged = [(face, similarity(template, face.embedding)) for face in analysis.faces if face.embedding is not None]
    if not judged:
        return None
    face, alike = max(judged, key=lambda pair: pair[1])
    level = _level(template, alike, relation)
    return None if level is None else (face, alike, level)


def cosine(one: Embedding, other: Embedding) -> float:
    """Cosine similarity of two unit-length embeddings, -1..1."""
    return float(sum(map(mul, one, other)))


def unit_mean(embeddings: tuple[Embedding, ...]) -> Embedding:
    """The unit-length mean of unit-length embeddings.

    Raises:
        ValueError: there are none, or they cancel out.
    """
    sums = [sum(numbers) for numbers in zip(*embeddings, strict=True)]
    length = math.sqrt(sum(number * number for number in sums))
    if length < 1e-6:
        raise ValueError("no mean direction")
    return tuple(number / length for number in sums)


def _level(template: FaceTemplate, alike: float, relation: Relation) -> Closeness | None:
    photos = len(template.photos)
    for level in (Closeness.A_LOT, Closeness.A_LITTLE):
        if alike >= threshold(level, photos, relation):
            return level
    return None


@lru_cache(maxsize=16)
def _mean(embeddings: tuple[Embedding, ...]) -> Embedding:
    return unit_mean(embeddings)
