"""Faces found where they are hard to find: ``python -m tests.bench.detection``. Development faces in made pictures.

Groups: 40 faces of 48 px (shorter side of the box) in 12 megapixels, as JPEG of quality 90; a face counts as found where a box
of the analysis covers it (intersection over union 0.35 or more). Turned: pictures of the 40 people turned by 90, 180 and 270
degrees without EXIF; found means that ``best_match`` with five other photos of theirs says so.
"""

import io
import json
from datetime import UTC, datetime
from functools import partial

import numpy as np
from PIL import Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.faces.matching import best_match
from privacyguard.model.person import FaceTemplate, Relation
from tests.support.lfw import FOLDER, enrolled_pictures, strangers
from tests.support.scenes import Pixels, crowd, found

GROUPS, TURNED_OF_EACH = 12, 4


def figures() -> dict[str, object]:
    """Shares found; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"detection": None, "detection_missing": "the development faces are not beside the project"}
    with AnalysisPool() as pool:
        return {"detection": {**_groups(pool), **_turned(pool)}}


def _groups(pool: AnalysisPool) -> dict[str, object]:
    counted, all_found, more = 0, 0, 0
    people = strangers()
    for number in range(GROUPS):
        pixels, pasted = crowd(people[number * 40 : number * 40 + 40], 48, number)
        faces = pool.analyse(jpeg(pixels, 90)).faces
        hits = sum(found(each, faces) is not None for each in pasted)
        counted, all_found, more = counted + len(pasted), all_found + hits, more + len(faces) - hits
    return {
        "40-face groups, 48 px, found": round(all_found / counted, 4),
        "40-face groups, faces": counted,
        "40-face groups, other boxes (background people among them)": more,
    }


def _turned(pool: AnalysisPool) -> dict[str, object]:
    found_of = dict.fromkeys((0, 90, 180, 270), 0)
    counted = 0
    for paths in enrolled_pictures().values():
        photos = enrolled_photos(judge([pool.analyse(path, cuts=True) for path in paths[:5]]))
        template = FaceTemplate(photos, "sface-2021dec-int8bq", datetime(2026, 1, 1, tzinfo=UTC))
        for path in paths[5 : 5 + TURNED_OF_EACH]:
            with Image.open(path) as image:
                pixels = np.asarray(image.convert("RGB"))
            counted += 1
            for degrees in found_of:
                content = jpeg(np.ascontiguousarray(np.rot90(pixels, degrees // 90)), 95)
                analysis = pool.analyse(content)
                ask = partial(pool.second_opinion, content)
                found_of[degrees] += best_match(template, analysis, Relation.ME, ask) is not None
    shares = {f"turned by {degrees}, found": round(hits / counted, 4) for degrees, hits in found_of.items()}
    return {**shares, "turned, pictures": counted}


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """The pixels as a JPEG file's content."""
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
