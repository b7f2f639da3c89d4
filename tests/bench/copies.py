"""Which copies of chosen photos are found, and how often another picture is called one: ``python -m tests.bench.copies``.

``CHOSEN`` photos, half of them of the 40 people, drawn by a fixed seed, are hashed as at enrolment. Of each one copy
of every kind is made and fingerprinted as in a scan, faces found by the detector in the copy itself. Then each chosen photo is
compared with every picture of the development faces but itself (upright and mirrored, every cut, scenes too: what the program
does). "Wrong copies" counts all that are called a copy; "of the same person" are those of them that show the same person by
name: near-twins from one event are among them, and two pictures that the collection has twice under two names.
"""

import json
import random
import time

from privacyguard.faces.detector import Detector
from privacyguard.faces.weights import weights_folder
from privacyguard.model.person import EnrolledPhoto
from privacyguard.model.picture import Box, FaceCut, Fingerprint, PictureAnalysis
from privacyguard.pictures.copies import COPY_BITS, SCENE_BITS, find_copy
from privacyguard.pictures.decode import load
from privacyguard.pictures.fingerprints import fingerprint, perceptual_hash, variants
from privacyguard.pictures.scenes import near_scenes
from tests.support.altered import Pixels, cropped, mirrored, resized, saved_anew
from tests.support.lfw import FOLDER, enrolled_pictures, strangers

CHOSEN = 200
KEPT_SCENES, SUSPECTS = 474_651, 200


def figures() -> dict[str, object]:
    """Shares of copies found by kind, wrong copies among pairs of different pictures, and times."""
    if not FOLDER.is_dir():
        return {"copies": None, "copies_missing": "the development faces are not beside the project"}
    chance = random.Random(25)
    detector = Detector(weights_folder())
    groups = enrolled_pictures()
    own = [path for paths in groups.values() for path in paths]
    chosen = chance.sample(own, CHOSEN // 2) + chance.sample(strangers(), CHOSEN // 2)
    found: dict[str, list[bool]] = {}
    kept = {}
    for path in chosen:
        pixels = load(path).pixels
        kept[path] = chosen_photo(pixels, detector)
        for kind, copy in _copies(pixels, chance).items():
            found.setdefault(kind, []).append(find_copy(kept[path], looked_at(copy, detector)) is not None)
    others = {path: looked_at(load(path).pixels, detector) for path in own + strangers()}
    start = time.perf_counter()
    wrong = [
        (a.parent == b.parent and a in own) for a in chosen for b in others if a != b and find_copy(kept[a], others[b])
    ]
    seconds = time.perf_counter() - start
    pairs = len(chosen) * (len(others) - 1)
    return {
        "copies": {
            "bounds": {"whole": COPY_BITS, "scene": SCENE_BITS, "of bits": 144},
            "found": {kind: round(sum(hits) / len(hits), 4) for kind, hits in found.items()},
            "pairs of different pictures": pairs,
            "wrong copies": len(wrong),
            "of them of the same person": sum(wrong),
            "wrong copies in 100,000 pairs": round(len(wrong) / pairs * 100_000, 3),
            "microseconds for each photo and picture": round(seconds / pairs * 1e6, 1),
        }
        | _scene_search(
            [one.fingerprint.scene for one in others.values() if one.fingerprint and one.fingerprint.scene], chance
        )
    }


def chosen_photo(pixels: Pixels, detector: Detector) -> EnrolledPhoto:
    """A chosen photo's hashes as at enrolment; without its embedding."""
    kept = variants(pixels, boxes_of(pixels, detector))
    return EnrolledPhoto((), FaceCut(0, 0, b""), perceptual_hash(pixels), "", copy_variants=kept)


def looked_at(pixels: Pixels, detector: Detector) -> PictureAnalysis:
    """A picture's hashes as in a scan; without its faces."""
    height, width = pixels.shape[:2]
    marks = fingerprint(pixels, boxes_of(pixels, detector))
    return PictureAnalysis(width, height, "", "", perceptual_hash(pixels), "", (), fingerprint=marks)


def boxes_of(pixels: Pixels, detector: Detector) -> list[Box]:
    """Where the faces are, as a worker tells it."""
    rows = [detection.row for detection in detector.detect(pixels)]
    return [Box(*(round(float(number)) for number in row[:4])) for row in rows]


def _copies(pixels: Pixels, chance: random.Random) -> dict[str, Pixels]:
    quarter, fifth = resized(pixels, 0.25), cropped(pixels, 0.2, 0.2, chance)
    return {
        "a quarter of the size": quarter,
        "JPEG quality 30": saved_anew(pixels, 30),
        "mirrored": mirrored(pixels),
        "cropped 5 %": cropped(pixels, 0.05, 0.05, chance),
        "cropped 20 %": fifth,
        "cropped 20 %, width only": cropped(pixels, 0.2, 0, chance),
        "cropped 20 %, height only": cropped(pixels, 0, 0.2, chance),
        "cropped 0 to 20 % of each, quality 70": saved_anew(
            cropped(pixels, chance.uniform(0, 0.2), chance.uniform(0, 0.2), chance), 70
        ),
        "cropped 20 %, quality 50": saved_anew(fifth, 50),
        "cropped 20 %, mirrored, half the size": mirrored(resized(fifth, 0.5)),
        "4:3 made 16:9 (25 % of the height)": cropped(pixels, 0, 0.25, chance),
        "3:2 made square (33 % of the width)": cropped(pixels, 1 / 3, 0, chance),
        "mirrored, a quarter of the size, quality 50": saved_anew(mirrored(quarter), 50),
        "a quarter of the size, quality 30": saved_anew(quarter, 30),
    }


def _scene_search(scenes: list[str], chance: random.Random) -> dict[str, float]:
    """Seconds of one search in as many scenes as a large leak has, each a real one with 30 bits changed."""

    def varied() -> str:
        flips = sum(1 << bit for bit in chance.sample(range(144), 30))
        return f"{int(chance.choice(scenes), 16) ^ flips:036x}"

    seen = [(str(number), varied()) for number in range(KEPT_SCENES)]
    suspects = {f"suspect {number}": Fingerprint("", "", varied(), varied()) for number in range(SUSPECTS)}
    start = time.perf_counter()
    near_scenes(suspects, seen)
    return {f"seconds to search {KEPT_SCENES} scenes for {SUSPECTS} suspects": round(time.perf_counter() - start, 2)}


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
