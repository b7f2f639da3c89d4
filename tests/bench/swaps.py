"""How many exchanged faces are flagged, and how many honest copies: ``python -m tests.bench.swaps``.

Of each of the 40 people five pictures, drawn by a fixed seed, are chosen photos; the others are not known to the program.
Two hundred faces are exchanged by blending (``tests/support/altered.py``), each with the picture of the nearest pose, as
those who do it choose:

- another face: a stranger's face, the nearest of ten, in a chosen photo;
- another scene: the person's face, the nearest of their pictures that were not chosen, in a stranger's picture, whose
  original is among the pictures seen.

Each is then passed on as on the web: as it is, at half the size, as JPEG of quality 50, cropped (scenes: not), or mirrored,
in turn. "Flagged" is what the program would say; of another scene that needs no match, only ``swaps.is_suspect``. Honest are
copies of the chosen photos, of all kinds below but the enlarged ones, which are printed beside, and, for scenes, the people's
other pictures and copies of them at half the size. Everything is analysed by the worker pool; pictures seen are all the
development faces.
"""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.swaps import OTHER_FACE_BELOW, SUSPECT_FROM, is_suspect, other_face, other_scene
from privacyguard.faces.matching import closeness
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Face, FaceCut, PictureAnalysis
from privacyguard.pictures.copies import find_copy
from privacyguard.pictures.decode import load
from privacyguard.pictures.scenes import near_scenes
from tests.support.altered import Pixels, cropped, jpeg, landmarks_of, mirrored, resized, saved_anew, with_face_of
from tests.support.lfw import FOLDER, analyse_all, enrolled_pictures, main_face, strangers

SWAPS = 100
CHOSEN = 5
HONEST_SCENES = 300
ENLARGED = "a quarter of the size, quality 30, enlarged again"


@dataclass(frozen=True)
class Collection:
    """The development faces, analysed: what was seen, by path; and for each person the chosen and the other pictures."""

    seen: dict[Path, PictureAnalysis]
    people: list[tuple[list[Path], list[Path]]]
    templates: list[FaceTemplate]


def figures() -> dict[str, object]:
    """Shares flagged of exchanged faces and of honest copies, by kind."""
    if not FOLDER.is_dir():
        return {"swaps": None, "swaps_missing": "the development faces are not beside the project"}
    chance = random.Random(200)
    with AnalysisPool() as pool:
        all_of_them = _collection(pool, chance)
        faces = _other_faces(all_of_them, pool, chance)
        scenes, matched = _other_scenes(all_of_them, pool, chance)
        honest = _honest_faces(all_of_them, pool, chance)
        honest_scenes = _honest_scenes(all_of_them, pool, chance)
    enlarged = honest.pop(ENLARGED)
    flags = [flag for flags in honest.values() for flag in flags]
    return {
        "swaps": {
            "bounds": {"other face below": OTHER_FACE_BELOW, "suspect from": SUSPECT_FROM},
            "exchanged": len(faces) + len(scenes),
            "flagged": _share(faces + scenes),
            "another face, flagged": _share(faces),
            "another scene, flagged": _share(scenes),
            "another scene, a match by the face alone": _share(matched),
            "honest copies": len(flags),
            "honest copies flagged": _share(flags),
            "honest copies flagged, by kind": {kind: _share(flags) for kind, flags in honest.items()},
            f"{ENLARGED} (25 pixels of face; beyond what can be told), flagged": _share(enlarged),
            "honest pictures of the person searched for scenes": len(honest_scenes),
            "of them flagged": _share(honest_scenes),
        }
    }


def _collection(pool: AnalysisPool, chance: random.Random) -> Collection:
    groups = list(enrolled_pictures().values())
    seen = analyse_all([path for paths in groups for path in paths] + strangers(), pool)
    people, templates = [], []
    for paths in groups:
        order = chance.sample([path for path in paths if main_face(seen[path])], len(paths))
        people.append((order[:CHOSEN], order[CHOSEN:]))
        photos = tuple(_photo(pool.analyse(path, cuts=True, own=True)) for path in order[:CHOSEN])
        templates.append(FaceTemplate(photos, seen[order[0]].model_id, datetime(2026, 1, 2, tzinfo=UTC)))
    return Collection(seen, people, templates)


def _photo(analysis: PictureAnalysis) -> EnrolledPhoto:
    face = main_face(analysis)
    assert face is not None
    assert face.embedding is not None
    cut = FaceCut(0, 0, b"")
    return EnrolledPhoto(face.embedding, cut, analysis.phash, analysis.sha256, copy_variants=analysis.copy_variants)


def _other_faces(collection: Collection, pool: AnalysisPool, chance: random.Random) -> list[bool]:
    flags = []
    for number in range(SWAPS):
        person = number % len(collection.people)
        target = chance.choice(collection.people[person][0])
        donor = _of_nearest_pose(target, chance.sample(strangers(), 10), collection)
        swapped = _exchanged(target, donor, collection)
        copy = _passed_on(swapped, number, chance, crops=True)
        flags.append(shows_other_face(collection.templates[person], pool.analyse(copy, own=True)))
    return flags


def _other_scenes(collection: Collection, pool: AnalysisPool, chance: random.Random) -> tuple[list[bool], list[bool]]:
    flags, matched = [], []
    for number in range(SWAPS):
        person = number % len(collection.people)
        target = chance.choice([path for path in strangers() if main_face(collection.seen[path])])
        donor = _of_nearest_pose(target, collection.people[person][1], collection)
        analysis = pool.analyse(
            _passed_on(_exchanged(target, donor, collection), number, chance, crops=False), own=True
        )
        flags.append(is_in_other_scene(collection, person, analysis))
        template = collection.templates[person]
        matched.append(any(closeness(template, face, Relation.ME) for face in analysis.faces))
    return flags, matched


def _honest_faces(collection: Collection, pool: AnalysisPool, chance: random.Random) -> dict[str, list[bool]]:
    flags: dict[str, list[bool]] = {}
    for (chosen, _), template in zip(collection.people, collection.templates, strict=True):
        for path in chosen:
            pixels = load(path).pixels
            for kind, copy in _honest_copies(pixels, chance).items():
                flags.setdefault(kind, []).append(shows_other_face(template, pool.analyse(copy, own=True)))
    return flags


def _honest_copies(pixels: Pixels, chance: random.Random) -> dict[str, bytes]:
    quarter, fifth = resized(pixels, 0.25), cropped(pixels, 0.2, 0.2, chance)
    return {
        "as it is": jpeg(pixels, 95),
        "a quarter of the size": jpeg(quarter, 90),
        "quality 30": jpeg(pixels, 30),
        "mirrored": jpeg(mirrored(pixels), 90),
        "cropped 20 %, quality 50": jpeg(fifth, 50),
        "half the size, quality 30": jpeg(resized(pixels, 0.5), 30),
        ENLARGED: jpeg(resized(saved_anew(quarter, 30), 4), 90),
    }


def _honest_scenes(collection: Collection, pool: AnalysisPool, chance: random.Random) -> list[bool]:
    flags = []
    for number in range(HONEST_SCENES):
        person = number % len(collection.people)
        path = chance.choice(collection.people[person][1])
        analysis = collection.seen[path]
        if number % 2:
            analysis = pool.analyse(jpeg(resized(load(path).pixels, 0.5), 80), own=True)
        flags.append(is_in_other_scene(collection, person, analysis))
    return flags


def shows_other_face(template: FaceTemplate, analysis: PictureAnalysis) -> bool:
    """Whether the picture is a copy of a chosen photo with somebody else's face."""
    copies = [(copy, photo) for photo in template.photos if (copy := find_copy(photo, analysis)) is not None]
    if not copies:
        return False
    copy, photo = min(copies, key=lambda pair: pair[0].bits)
    return other_face(photo, analysis, copy)


def is_in_other_scene(collection: Collection, person: int, analysis: PictureAnalysis) -> bool:
    """Whether the picture has a face like the person's in a scene that was seen with another face."""
    template = collection.templates[person]
    if analysis.fingerprint is None or not is_suspect(template, analysis):
        return False
    seen = ((str(path), one.fingerprint.scene) for path, one in collection.seen.items() if one.fingerprint)
    near = near_scenes({analysis.sha256: analysis.fingerprint}, ((key, scene) for key, scene in seen if scene))
    keys = [key for key, _ in near.get(analysis.sha256, [])]
    return any(other_scene(template, analysis, collection.seen[Path(key)]) for key in keys)


def _of_nearest_pose(target: Path, choice: Iterable[Path], collection: Collection) -> Path:
    yaw = _turn(collection, target)
    return min(choice, key=lambda path: abs(_turn(collection, path) - yaw))


def _turn(collection: Collection, path: Path) -> float:
    """Where the nose is between the eyes: -0.5 at one, 0.5 at the other; far away where there is no face."""
    face = main_face(collection.seen[path])
    if face is None:
        return 9.0
    (right, _), (left, _), (nose, _) = face.landmarks[:3]
    return (nose - right) / max(left - right, 1.0) - 0.5


def _exchanged(target: Path, donor: Path, collection: Collection) -> Pixels:
    places = []
    for path in (target, donor):
        face = main_face(collection.seen[path])
        assert isinstance(face, Face)
        places.append(landmarks_of(face))
    return with_face_of(load(target).pixels, places[0], load(donor).pixels, places[1])


def _passed_on(pixels: Pixels, number: int, chance: random.Random, *, crops: bool) -> bytes:
    match number % 5:
        case 0:
            return jpeg(pixels, 95)
        case 1:
            return jpeg(resized(pixels, 0.5), 80)
        case 2:
            return jpeg(pixels, 50)
        case 3 if crops:
            return jpeg(cropped(pixels, chance.uniform(0, 0.2), chance.uniform(0, 0.2), chance), 85)
        case _:
            return jpeg(mirrored(pixels), 85)


def _share(flags: list[bool]) -> float:
    return round(sum(flags) / len(flags), 4)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
