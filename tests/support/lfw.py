"""The development faces beside the project (never copied into it): where they are, and each picture analysed once."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.picture import Candidate, Face, PictureAnalysis
from privacyguard.model.progress import CancelToken

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "lfw-dev"


def analyse_all(paths: list[Path], pool: AnalysisPool) -> dict[Path, PictureAnalysis]:
    """Every picture's analysis, by path; all of these pictures can be read."""
    found = {}
    for candidate, result in pool.analyse_each((Candidate(path=path) for path in paths), CancelToken()):
        assert isinstance(result, PictureAnalysis), result
        assert candidate.path is not None
        found[candidate.path] = result
    return found


def main_faces(paths: list[Path], pool: AnalysisPool) -> dict[Path, Face | None]:
    """Each picture's main face with its second opinion, None where none was found or could be judged."""

    def look(path: Path) -> Face | None:
        face = main_face(pool.analyse(path))
        if face is None or face.embedding is None:
            return None
        return dataclasses.replace(face, second=pool.second_opinion(path, face))

    with ThreadPoolExecutor(pool.workers) as threads:
        return dict(zip(paths, threads.map(look, paths), strict=True))


def main_face(analysis: PictureAnalysis) -> Face | None:
    """The face nearest to the middle: in these pictures the one that the file is named for."""
    centre = (analysis.width / 2, analysis.height / 2)

    def off_centre(face: Face) -> float:
        x, y = face.box.x + face.box.w / 2, face.box.y + face.box.h / 2
        return (x - centre[0]) ** 2 + (y - centre[1]) ** 2

    return min(analysis.faces, key=off_centre, default=None)


def enrolled_pictures() -> dict[str, list[Path]]:
    """The pictures of each of the 40 people, in the order of their numbers."""
    return {folder.name: sorted(folder.iterdir()) for folder in sorted((FOLDER / "enrolled").iterdir())}


def strangers() -> list[Path]:
    """One picture of each of 2,000 others."""
    return sorted((FOLDER / "others").iterdir())
