"""Does a face look like the person's? Pure Python, so that it runs in any process.

A face is compared with the unit-length mean of the enrolled embeddings (the mean beats the best-of-n at every rate; facts:
face-engines.md). How alike strangers can be depends on how many photos the mean is made of, so the thresholds do too. Where
the answer is in doubt a second opinion is asked: the same model on the mirror image, and dlib's.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from privacyguard.errors import ModelMismatch
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Closeness, Embedding, Face, PictureAnalysis, SecondOpinion

HEAP = 474_651
"""Faces in the leak that thresholds are stated for."""

FALSE_ALARMS = {Closeness.A_LOT: 2, Closeness.A_LITTLE: 10}
"""Of that many strangers' faces these many, at the most, are said to look like the person."""

DOUBTFUL_FROM = 0.3
"""Nobody is asked about less alike faces: fewer than 2 in 100 strangers' faces are as alike."""

_ALONE: dict[Closeness, tuple[float, ...]] = {
    Closeness.A_LOT: (0.516, 0.555, 0.552, 0.545, 0.545, 0.545, 0.545, 0.545),
    Closeness.A_LITTLE: (0.476, 0.492, 0.492, 0.495, 0.495, 0.495, 0.496, 0.496),
}
"""Least similarity for 1 to 8 enrolled photos, where no second opinion is to be had. From the first row on none is asked."""

_TOGETHER: dict[Closeness, tuple[float, ...]] = {
    Closeness.A_LOT: (0.22, 0.253, 0.266, 0.271, 0.278, 0.278, 0.278, 0.28),
    Closeness.A_LITTLE: (0.187, 0.218, 0.228, 0.234, 0.24, 0.24, 0.24, 0.241),
}
"""Least :func:`agreement` for 1 to 8 enrolled photos. Both tables: ``python -m tests.bench.recognition``, fitted on all of the
development faces; what thresholds fitted on one half of the people find among the other half is printed there too."""

OTHER_MODEL_WEIGHT = 0.5
"""Of dlib's distance beside SFace's similarity; 0.4 to 0.6 do equally well."""

ASKED_AT_MOST = 3
"""Faces of one picture."""

CHILD_MARGIN = 0.05
"""Children look more alike than grown-ups, and the model saw few of them: a child's face has to be closer by this much."""

Ask = Callable[[Face], SecondOpinion | None]


@dataclass(frozen=True)
class Match:
    """A face that looks like the person's. ``similarity``: cosine, -1..1."""

    face: Face
    similarity: float
    closeness: Closeness


def best_match(
    template: FaceTemplate,
    analysis: PictureAnalysis,
    relation: Relation,
    ask: Ask | None = None,
    is_passed_over: Callable[[Face], bool] | None = None,
) -> Match | None:
    """The one face of a picture that looks most like the person's, or None if none does.

    Args:
        template: the face pattern.
        analysis: the picture's or video's.
        relation: a child's face has to be closer.
        ask: for a second opinion on a face; slow. Called for a few doubtful faces only.
        is_passed_over: whether the person said of this face that it is not theirs.

    Raises:
        ModelMismatch: the face pattern was made by another model than the picture's embeddings.
    """
    if analysis.model_id != template.model_id:
        raise ModelMismatch("face pattern and picture come from different models")
    best: Match | None = None
    asked = 0
    for face, alike in _most_alike(template, analysis):
        if is_passed_over is not None and is_passed_over(face):
            continue
        second = None
        if is_doubtful(template, alike) and ask is not None and asked < ASKED_AT_MOST:
            second, asked = ask(face), asked + 1
        level = closeness(template, face, relation, second)
        if level is Closeness.A_LOT:
            return Match(face, alike, level)
        if level is not None and best is None:
            best = Match(face, alike, level)
    return best


def is_doubtful(template: FaceTemplate, alike: float) -> bool:
    """Whether a second opinion is worth its time: the face is neither clearly a stranger's nor clearly the person's."""
    has_second = all(photo.second is not None for photo in template.photos)
    return has_second and DOUBTFUL_FROM <= alike < _at(_ALONE[Closeness.A_LOT], template)


def closeness(
    template: FaceTemplate, face: Face, relation: Relation, second: SecondOpinion | None = None
) -> Closeness | None:
    """How much a face looks like the person's, or None for "probably someone else", also where it could not be judged."""
    if face.embedding is None:
        return None
    margin = CHILD_MARGIN if relation is Relation.MY_CHILD else 0.0
    alike = similarity(template, face.embedding)
    score, thresholds = alike, _ALONE
    if second is not None and alike < _at(_ALONE[Closeness.A_LOT], template):
        score, thresholds = agreement(template, face.embedding, second), _TOGETHER
    for level in (Closeness.A_LOT, Closeness.A_LITTLE):
        if score >= _at(thresholds[level], template) + margin:
            return level
    return None


def similarity(template: FaceTemplate, embedding: Embedding) -> float:
    """Cosine similarity between a face and the person's mean embedding, -1..1, higher is more alike."""
    return cosine(_mean(template.embeddings), embedding)


def agreement(template: FaceTemplate, embedding: Embedding, second: SecondOpinion) -> float:
    """What both models say together, higher is more alike: about 0.5 for the same person, -0.4 for two.

    The cosine of face and mirror image with the photos and theirs, less half of dlib's distance. Raises ValueError where the
    face pattern has no second opinions.
    """
    enrolled, other = _second_means(template.photos)
    both = unit_mean((embedding, second.mirrored))
    return cosine(enrolled, both) - OTHER_MODEL_WEIGHT * math.dist(other, second.other_model)


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


def _most_alike(template: FaceTemplate, analysis: PictureAnalysis) -> Iterator[tuple[Face, float]]:
    judged = [(face, similarity(template, face.embedding)) for face in analysis.faces if face.embedding is not None]
    yield from sorted((pair for pair in judged if pair[1] >= DOUBTFUL_FROM), key=lambda pair: -pair[1])


def _at(thresholds: tuple[float, ...], template: FaceTemplate) -> float:
    return thresholds[min(len(template.photos), len(thresholds)) - 1]


@lru_cache(maxsize=16)
def _mean(embeddings: tuple[Embedding, ...]) -> Embedding:
    return unit_mean(embeddings)


@lru_cache(maxsize=16)
def _second_means(photos: tuple[EnrolledPhoto, ...]) -> tuple[Embedding, Embedding]:
    seconds = [photo.second for photo in photos if photo.second is not None]
    if len(seconds) != len(photos):
        raise ValueError("a face pattern without second opinions")
    both = tuple(unit_mean((photo.embedding, second.mirrored)) for photo, second in zip(photos, seconds, strict=True))
    others = [second.other_model for second in seconds]
    return unit_mean(both), tuple(sum(numbers) / len(others) for numbers in zip(*others, strict=True))
