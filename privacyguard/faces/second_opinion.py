"""The second way to compare faces: ``face_recognition`` over dlib, for doubtful matches only. Loads slowly, so worker only."""

import warnings


def start() -> str:
    """Load it; what comes back is the version of dlib. Raises ImportError where a part is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its package of models still imports pkg_resources
        import dlib
        import face_recognition  # noqa: F401  (loading it is the point)
    return str(dlib.__version__)
