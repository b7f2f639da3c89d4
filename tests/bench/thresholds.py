"""What the thresholds find and how often they are wrong, on the development faces: ``python -m tests.bench.thresholds``.

For each number of enrolled photos, ``DRAWS`` seeded draws of them for each of the 40 people; the rest of their pictures are
searched for, every face of the 2,000 others is a stranger. Among those are a few true faces of the 40 in the background (Doug
Duncan's picture shows Charles Moose), so the rates of false alarms are upper bounds.
"""

import json
import random

import numpy as np

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces.matching import threshold
from privacyguard.model.person import Relation
from privacyguard.model.picture import Closeness, PictureAnalysis
from tests.support.lfw import FOLDER, analyse_all, enrolled_pictures, main_face, strangers

DRAWS = 10


def figures() -> dict[str, object]:
    """Found share and false-alarm rate for 1, 3, 5 and 8 photos; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"thresholds": None, "thresholds_missing": "the development faces are not beside the project"}
    people = enrolled_pictures()
    with AnalysisPool() as pool:
        looked = analyse_all([path for paths in people.values() for path in paths], pool)
        others = analyse_all(strangers(), pool)
    heap = np.array([face.embedding for each in others.values() for face in each.faces if face.embedding])
    groups = [[looked[path] for path in paths] for paths in people.values()]
    return {"thresholds": {photos: _measure(groups, heap, photos) for photos in (1, 3, 5, 8)}}


def _measure(groups: list[list[PictureAnalysis]], heap: np.ndarray, photos: int) -> dict[str, float]:
    chance = random.Random(474_651)
    genuine: list[float] = []
    alarms: list[np.ndarray] = []
    for _ in range(DRAWS):
        for analyses in groups:
            order = chance.sample(range(len(analyses)), len(analyses))
            enrolled = [face.embedding for i in order[:photos] if (face := main_face(analyses[i])) and face.embedding]
            mean = np.mean(np.array(enrolled), axis=0)
            mean /= np.linalg.norm(mean)
            genuine += [_best(analyses[i], mean) for i in order[photos:]]
            alarms.append(heap @ mean)
    strangers_scores = np.concatenate(alarms)
    result = {}
    for level in Closeness:
        bound = threshold(level, photos, Relation.ME)
        result[f"{level} found"] = float((np.array(genuine) >= bound).mean())
        result[f"{level} false alarm rate"] = float((strangers_scores >= bound).mean())
    return result


def _best(analysis: PictureAnalysis, mean: np.ndarray) -> float:
    return max((float(mean @ np.array(face.embedding)) for face in analysis.faces if face.embedding), default=-1.0)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
