"""From photos to a face pattern: which photos can be used, whose face is meant, and what is the matter with the others.

Pure Python: it works on analyses, so it runs in any process. Bounds were chosen on the development pictures
(``python -m tests.bench.quality``), so that nearly all press photos of 250 px pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from privacyguard.faces.matching import cosine, unit_mean
from privacyguard.model.person import EnrolledPhoto
from privacyguard.model.picture import Embedding, Face, PhotoProblem, PictureAnalysis, Unreadable, distance

PHOTOS_AT_MOST = 8
SAME_PERSON_FROM = 0.30
"""Two photos of one person are nearly always at least this similar, two people's hardly ever (facts: SFace tells pairs
apart with 99.4 % at 0.363; photos for enrolment may be years apart, so the bound is lower)."""

SAME_PHOTO_BITS = 4
FACE_FROM_PX = 48
CLEARLY_LARGER = 1.8
"""A face this many times larger (by area, weighted by how near it is to the middle) is the one that is meant."""

DARK_BELOW, TOO_DARK_BELOW = 60.0, 35.0
BRIGHT_ABOVE, TOO_BRIGHT_ABOVE = 215.0, 238.0
SOFT_BELOW, BLURRED_BELOW = 30.0, 10.0
TURNED_FROM, TURNED_AWAY_FROM = 0.75, 0.97


@dataclass(frozen=True)
class Judgement:
    """What is said of one photo.

    ``used``: it is part of the face pattern. ``problem``: why it is not used, or, where it is used, what a better photo
    would do differently. ``face``: index of the face that is meant, None while that is open. ``enrolled``: what would be
    kept of it.
    """

    used: bool
    problem: PhotoProblem | None = None
    face: int | None = None
    enrolled: EnrolledPhoto | None = field(default=None, repr=False)


Looked = PictureAnalysis | Unreadable


def judge(photos: Sequence[Looked], picked: Mapping[int, int] | None = None) -> tuple[Judgement, ...]:
    """A judgement for each photo, in order.

    Args:
        photos: analyses with cuts, or why a photo cannot be opened.
        picked: for a photo's index the index of the face that the person pointed at.
    """
    chosen = dict(picked or {})
    meant = [_meant_face(looked, chosen.get(index)) for index, looked in enumerate(photos)]
    _settle_by_agreement(photos, meant)
    judged = [_judge_alone(looked, face) for looked, face in zip(photos, meant, strict=True)]
    _refuse_repeats(photos, judged)
    _refuse_strangers(judged, chosen)
    _refuse_surplus(judged)
    return tuple(judged)


def enrolled_photos(judgements: Sequence[Judgement]) -> tuple[EnrolledPhoto, ...]:
    """What is kept of the photos that are used, in order."""
    return tuple(j.enrolled for j in judgements if j.used and j.enrolled is not None)


def _meant_face(looked: Looked, picked: int | None) -> int | None:
    """The index of the one face that is meant, or None while it is open or there is none."""
    if isinstance(looked, Unreadable) or not looked.faces:
        return None
    if picked is not None and 0 <= picked < len(looked.faces):
        return picked
    if len(looked.faces) == 1:
        return 0
    return None


def _settle_by_agreement(photos: Sequence[Looked], meant: list[int | None]) -> None:
    """In photos with several faces, take the one that agrees with the other photos, else the one that stands out."""
    known = [face.embedding for face in _faces(photos, meant) if face.embedding is not None]
    for index, looked in enumerate(photos):
        if meant[index] is not None or isinstance(looked, Unreadable) or len(looked.faces) < 2:
            continue
        agreeing = _agreeing(looked, known) if known else None
        meant[index] = agreeing if agreeing is not None else _standing_out(looked)


def _faces(photos: Sequence[Looked], meant: Sequence[int | None]) -> list[Face]:
    pairs = zip(photos, meant, strict=True)
    return [p.faces[f] for p, f in pairs if not isinstance(p, Unreadable) and f is not None]


def _agreeing(looked: PictureAnalysis, known: Sequence[Embedding]) -> int | None:
    mean = unit_mean(tuple(known))
    alike = [(cosine(mean, f.embedding), i) for i, f in enumerate(looked.faces) if f.embedding is not None]
    best = max(alike, default=(-1.0, 0))
    return best[1] if best[0] >= SAME_PERSON_FROM else None


def _standing_out(looked: PictureAnalysis) -> int | None:
    """The face that is clearly larger or nearer the middle than any other, or None."""
    weights = sorted(((_weight(face, looked), i) for i, face in enumerate(looked.faces)), reverse=True)
    return weights[0][1] if weights[0][0] >= CLEARLY_LARGER * weights[1][0] else None


def _weight(face: Face, looked: PictureAnalysis) -> float:
    x = (face.box.x + face.box.w / 2) / looked.width - 0.5
    y = (face.box.y + face.box.h / 2) / looked.height - 0.5
    off_centre = min(1.0, (x * x + y * y) ** 0.5 / 0.5)
    return float(face.box.w * face.box.h * (1.0 - 0.7 * off_centre))


def _judge_alone(looked: Looked, meant: int | None) -> Judgement:
    if isinstance(looked, Unreadable):
        return Judgement(False, PhotoProblem.UNREADABLE)
    if not looked.faces:
        return Judgement(False, PhotoProblem.NO_FACE)
    if meant is None:
        return Judgement(False, PhotoProblem.SEVERAL_FACES)
    face = looked.faces[meant]
    problem, refused = _quality_problem(face)
    if refused or face.embedding is None or face.cut is None:
        return Judgement(False, problem or PhotoProblem.BLURRED, meant)
    enrolled = EnrolledPhoto(face.embedding, face.cut, looked.phash, looked.sha256, face.second, looked.copy_variants)
    return Judgement(True, problem, meant, enrolled)


def _quality_problem(face: Face) -> tuple[PhotoProblem | None, bool]:
    """The worst thing about this face, and whether the photo has to be refused for it."""
    quality = face.quality
    bounds = (
        (quality.size_px < FACE_FROM_PX, quality.size_px < FACE_FROM_PX, PhotoProblem.TOO_SMALL),
        (quality.brightness < DARK_BELOW, quality.brightness < TOO_DARK_BELOW, PhotoProblem.TOO_DARK),
        (quality.brightness > BRIGHT_ABOVE, quality.brightness > TOO_BRIGHT_ABOVE, PhotoProblem.TOO_BRIGHT),
        (quality.sharpness < SOFT_BELOW, quality.sharpness < BLURRED_BELOW, PhotoProblem.BLURRED),
        (quality.yaw > TURNED_FROM, quality.yaw > TURNED_AWAY_FROM, PhotoProblem.TURNED_AWAY),
    )
    for _, refused, problem in bounds:
        if refused:
            return problem, True
    return next((problem for poor, _, problem in bounds if poor), None), False


def _refuse_repeats(photos: Sequence[Looked], judged: list[Judgement]) -> None:
    """The same photo twice says nothing new: the first stays."""
    kept: list[PictureAnalysis] = []
    for index, looked in enumerate(photos):
        if isinstance(looked, Unreadable) or not judged[index].used:
            continue
        if any(_is_same_photo(looked, other) for other in kept):
            judged[index] = Judgement(False, PhotoProblem.SAME_PHOTO, judged[index].face)
        else:
            kept.append(looked)


def _is_same_photo(looked: PictureAnalysis, other: PictureAnalysis) -> bool:
    return looked.sha256 == other.sha256 or distance(looked.phash, other.phash) <= SAME_PHOTO_BITS


def _refuse_strangers(judged: list[Judgement], picked: Mapping[int, int]) -> None:
    """The largest group of photos that agree is the person; where two groups are equal, the one with the first photo."""
    used = {i: j.enrolled.embedding for i, j in enumerate(judged) if j.used and j.enrolled is not None}
    if len(used) < 2:
        return
    groups = [[i for i, other in used.items() if cosine(anchor, other) >= SAME_PERSON_FROM] for anchor in used.values()]
    # A face that the person pointed at counts for more than one that we guessed.
    person = max(groups, key=lambda group: (len(group), sum(i in picked for i in group), -group[0]))
    mean = unit_mean(tuple(used[i] for i in person))
    for index, embedding in used.items():
        if index not in person and cosine(mean, embedding) < SAME_PERSON_FROM:
            judged[index] = Judgement(False, PhotoProblem.DIFFERENT_PERSON, judged[index].face)


def _refuse_surplus(judged: list[Judgement]) -> None:
    used = [index for index, judgement in enumerate(judged) if judgement.used]
    for index in used[PHOTOS_AT_MOST:]:
        judged[index] = Judgement(False, PhotoProblem.TOO_MANY, judged[index].face)
