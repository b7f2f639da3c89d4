"""The second way to compare faces: ``face_recognition`` over dlib, for doubtful matches only. Loads slowly, so worker only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile

from privacyguard.model.picture import Embedding

_DETECTORS = ("get_frontal_face_detector", "cnn_face_detection_model_v1")


def start() -> str:
    """Load it; what comes back is the version of dlib. Raises ImportError where a part is missing."""
    with _without_pkg_resources():
        import dlib
        import face_recognition_models as models  # type: ignore[import-untyped]

        # At import face_recognition loads four models, among them one of 100 MB that only model="large" asks. The one that
        # model="small" asks goes in its place: less time and memory in each worker, and the installed app need not carry it.
        models.pose_predictor_model_location = models.pose_predictor_five_point_model_location
        # Nor are its two detectors ever asked, one of which takes half of the time to load: we have the box.
        detectors = {name: getattr(dlib, name) for name in _DETECTORS}
        try:
            for name in detectors:
                setattr(dlib, name, lambda *_weights: None)
            import face_recognition  # noqa: F401  (loading it is the point)
        finally:
            for name, detector in detectors.items():
                setattr(dlib, name, detector)
    # It switches this on for the whole process: cut files would pass for whole ones.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return str(dlib.__version__)


def encode(pixels: NDArray[np.uint8], box: tuple[float, float, float, float]) -> Embedding | None:
    """What dlib's net makes of a face: 128 numbers, compared by their distance; None where it gives none.

    Args:
        pixels: RGB (height, width, 3), the face upright.
        box: (x, y, w, h) in those pixels: our detector's, which finds more faces than dlib's does (facts: face-engines.md).
    """
    start()
    import face_recognition

    x, y, width, height = box
    place = (round(y), round(x + width), round(y + height), round(x))  # top, right, bottom, left
    found = face_recognition.face_encodings(pixels, [place], num_jitters=1, model="small")
    if not found or not np.isfinite(found[0]).all():
        return None
    return tuple(float(number) for number in found[0].astype(np.float32))


@contextmanager
def _without_pkg_resources() -> Iterator[None]:
    """The package of models imports it, for one function. It takes a fifth of a second to load, and is on its way out."""
    name = "pkg_resources"
    is_loaded = name in sys.modules
    if not is_loaded:
        stand_in = ModuleType(name)
        stand_in.__dict__["resource_filename"] = _place
        sys.modules[name] = stand_in
    try:
        yield
    finally:
        if not is_loaded:
            del sys.modules[name]


def _place(package: str, path: str) -> str:
    """Where a file of a loaded package is."""
    return str(Path(str(sys.modules[package].__file__)).parent / path)
