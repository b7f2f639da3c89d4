"""The spread of what is measured of a face, on the development pictures: ``python -m tests.bench.quality``."""

import json

import numpy as np

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces.enrolment import judge
from tests.support.lfw import FOLDER, enrolled_pictures, main_face

MEASURES = ("size_px", "brightness", "sharpness", "yaw", "score")
SHARES = (0, 0.5, 1, 5, 50, 95, 99, 99.5, 100)


def figures() -> dict[str, object]:
    """Percentiles of each measure, and the share of enrolled pictures that is accepted one by one."""
    if not FOLDER.is_dir():
        return {"quality": None, "quality_missing": "the development faces are not beside the project"}
    with AnalysisPool() as pool:
        looked = [pool.analyse(path, cuts=True) for paths in enrolled_pictures().values() for path in paths]
    faces = [face for analysis in looked if (face := main_face(analysis)) is not None]
    spread = {
        name: dict(
            zip(
                map(str, SHARES),
                np.percentile([getattr(face.quality, name) for face in faces], SHARES).round(2).tolist(),
                strict=True,
            )
        )
        for name in MEASURES
    }
    accepted = sum(judge([analysis])[0].used for analysis in looked) / len(looked)
    return {"quality": {"percentiles": spread, "accepted alone": round(accepted, 4)}}


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
