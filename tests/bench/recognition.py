"""What is found of a person, and how often somebody else is taken for them: ``python -m tests.bench.recognition``.

Data: all of the development faces, each picture's main face: the one that its label is about (faces in the background have
none; a few of them are people of the collection). For 1 to 8 enrolled photos ``DRAWS`` seeded draws are made for each of the
40 people; their other pictures are searched for; strangers are the 2,000 others and the pictures of the 39.

"Fitted on the other half": people and strangers are cut in two halves. Thresholds are fitted on one half, so that
``FITTED_AT`` strangers in 474,651 pass, and raised by ``MARGINS``; what they find and let through is counted on the other half,
both ways. "Fitted on all" and "as shipped": everybody against everybody. The rules are those of ``faces/matching.py``, the
scores are the same numbers calculated in one go.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces import matching
from privacyguard.faces.matching import DOUBTFUL_FROM, HEAP, OTHER_MODEL_WEIGHT
from privacyguard.model.picture import Closeness, Face
from tests.support.lfw import FOLDER, enrolled_pictures, main_faces, strangers

DRAWS = 20
PHOTOS = range(1, 9)
FITTED_AT = 8
"""Strangers in 474,651 who reach a threshold before it is raised. The first ones of all say less of a threshold than of
themselves: fitted at 1, the share that is found with 1 photo moves by 1 in 100 from processor to processor."""

MARGINS = {Closeness.A_LOT: 0.05, Closeness.A_LITTLE: 0.025}
"""What the thresholds are raised by. With 0.04 for "a lot" and 4 photos, 6 strangers in 1,070,940 pass on the other half,
where 4 may."""

CLEAR_MARGIN = 0.025
TOO_ALIKE_ALONE = 0.5
"""Strangers in 474,651 that SFace alone may let through where nobody is asked, because the answer seems clear."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Faces:
    """Main faces: (n, 128) each. ``plain``: SFace; ``mirrored``: of the mirror image; ``other``: dlib."""

    plain: Numbers
    mirrored: Numbers
    other: Numbers

    def only(self, which: list[int] | slice) -> "Faces":
        """Some of them."""
        return Faces(self.plain[which], self.mirrored[which], self.other[which])

    def __len__(self) -> int:
        return len(self.plain)


@dataclass(frozen=True)
class Scores:
    """``alone``: SFace's cosine to the enrolled mean; ``together``: ``matching.agreement``. (n,) each."""

    alone: Numbers
    together: Numbers


def figures() -> dict[str, object]:
    """For each number of photos; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"recognition": None, "recognition_missing": "the development faces are not beside the project"}
    people = enrolled_pictures()
    with AnalysisPool() as pool:
        looked = main_faces([*(path for paths in people.values() for path in paths), *strangers()], pool)
    groups = [_faces([looked[path] for path in paths]) for paths in people.values()]
    others = _faces([looked[path] for path in strangers()])
    return {"recognition": {f"{photos} photos": _measured(groups, others, photos) for photos in PHOTOS}}


def _faces(faces: list[Face | None]) -> Faces:
    parts = [
        (face.embedding, face.second.mirrored, face.second.other_model)
        for face in faces
        if face is not None and face.embedding is not None and face.second is not None
    ]
    return Faces(*(np.array(part, dtype=np.float64) for part in zip(*parts, strict=True)))


def _measured(groups: list[Faces], others: Faces, photos: int) -> dict[str, object]:
    halves: list[list[tuple[Scores, Scores]]] = [[], []]
    all_pairs: list[tuple[Scores, Scores]] = []
    chance = random.Random(HEAP)
    for _draw in range(DRAWS):
        for number, group in enumerate(groups):
            half = number % 2
            order = chance.sample(range(len(group)), len(group))
            template, probes = group.only(order[:photos]), group.only(order[photos:])
            same_half = [other for at, other in enumerate(groups) if at % 2 == half and at != number]
            imposters = _joined([others.only(slice(half, None, 2)), *same_half])
            halves[half].append((_scores(template, probes), _scores(template, imposters)))
            everybody = _joined([others, *(other for at, other in enumerate(groups) if at != number)])
            all_pairs.append((halves[half][-1][0], _scores(template, everybody)))
    whole = [_all(all_pairs, place) for place in (0, 1)]
    result: dict[str, object] = {"fitted on all": _fitted(whole[1])}
    for level, margin in MARGINS.items():
        result[f"{level}, fitted on the other half"] = _both_ways(halves, partial(_rule, margin=margin))
        result[f"{level}, as shipped"] = _counted(whole, _shipped(level, photos))
    result["SFace alone at 2 in 474,651, fitted on the other half"] = _both_ways(halves, _alone_rule)
    asked = (whole[1].alone >= DOUBTFUL_FROM) & (whole[1].alone < matching._ALONE[Closeness.A_LOT][photos - 1])
    result["strangers' faces that dlib is asked about"] = round(float(asked.mean()), 4)
    return result


Rule = Callable[[Scores], NDArray[np.bool_]]


def _rule(imposters: Scores, margin: float) -> Rule:
    clear, together = _at(imposters.alone, TOO_ALIKE_ALONE) + CLEAR_MARGIN, _at(imposters.together, FITTED_AT) + margin
    return lambda scores: (scores.alone >= clear) | ((scores.alone >= DOUBTFUL_FROM) & (scores.together >= together))


def _alone_rule(imposters: Scores) -> Rule:
    least = _at(imposters.alone, 2)
    return lambda scores: scores.alone >= least


def _shipped(level: Closeness, photos: int) -> Rule:
    clear = matching._ALONE[Closeness.A_LOT][photos - 1]
    together = matching._TOGETHER[level][photos - 1]
    return lambda scores: (scores.alone >= clear) | ((scores.alone >= DOUBTFUL_FROM) & (scores.together >= together))


def _both_ways(halves: list[list[tuple[Scores, Scores]]], fit: Callable[[Scores], Rule]) -> dict[str, float]:
    genuine, imposters = [], []
    for fitted, reported in ((0, 1), (1, 0)):
        rule = fit(_all(halves[fitted], 1))
        genuine.append(rule(_all(halves[reported], 0)))
        imposters.append(rule(_all(halves[reported], 1)))
    return _shares(np.concatenate(genuine), np.concatenate(imposters))


def _counted(whole: list[Scores], rule: Rule) -> dict[str, float]:
    return _shares(rule(whole[0]), rule(whole[1]))


def _shares(genuine: NDArray[np.bool_], imposters: NDArray[np.bool_]) -> dict[str, float]:
    return {
        "found": round(float(genuine.mean()), 4),
        "false alarms in 474,651": round(float(imposters.mean()) * HEAP, 2),
        "false alarms": int(imposters.sum()),
        "comparisons with strangers": len(imposters),
    }


def _fitted(imposters: Scores) -> dict[str, float]:
    """The thresholds that ``faces/matching.py`` is given."""
    fitted = {"alone, nobody asked": _at(imposters.alone, TOO_ALIKE_ALONE) + CLEAR_MARGIN}
    fitted |= {f"{level}, alone": _at(imposters.alone, FITTED_AT) + margin for level, margin in MARGINS.items()}
    fitted |= {f"{level}, together": _at(imposters.together, FITTED_AT) + margin for level, margin in MARGINS.items()}
    return {name: round(value, 3) for name, value in fitted.items()}


def _scores(template: Faces, probes: Faces) -> Scores:
    mean = _unit(template.plain.mean(axis=0))
    both = _unit(_unit(template.plain + template.mirrored).mean(axis=0))
    apart = np.linalg.norm(probes.other - template.other.mean(axis=0), axis=1)
    together = _unit(probes.plain + probes.mirrored) @ both - OTHER_MODEL_WEIGHT * apart
    return Scores((probes.plain @ mean).astype(np.float32), together.astype(np.float32))


def _unit(vectors: Numbers) -> Numbers:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def _joined(parts: list[Faces]) -> Faces:
    return Faces(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("plain", "mirrored", "other")))


def _all(pairs: list[tuple[Scores, Scores]], place: int) -> Scores:
    return Scores(*(np.concatenate([getattr(p[place], name) for p in pairs]) for name in ("alone", "together")))


def _at(scores: Numbers, passing: float) -> float:
    """The score that so many in 474,651 reach."""
    ranked = np.sort(scores)
    return float(ranked[len(ranked) - 1 - int(passing / HEAP * len(ranked))])


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
