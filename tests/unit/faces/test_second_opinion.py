"""dlib's opinion through face_recognition: comparable, about our boxes, and without what that library changes elsewhere."""

import math
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from privacyguard.errors import PictureUnreadable
from privacyguard.faces.detector import Detector
from privacyguard.faces.second_opinion import encode, start
from privacyguard.faces.weights import weights_folder
from privacyguard.model.picture import Embedding, Unreadable
from privacyguard.pictures.decode import load
from tests.conftest import Portraits


def encoded(pixels: np.ndarray) -> Embedding:
    row = Detector(weights_folder()).detect(pixels)[0].row
    told = encode(pixels, (float(row[0]), float(row[1]), float(row[2]), float(row[3])))
    assert told is not None
    return told


def test_one_person_is_near_and_another_far(free_portraits: Portraits) -> None:
    hers = load(free_portraits.astronaut).pixels
    smaller = np.asarray(Image.fromarray(hers).resize((384, 384)))
    her = encoded(hers)
    assert len(her) == 128
    assert math.dist(her, encoded(smaller)) < 0.4
    assert math.dist(her, encoded(load(free_portraits.grace_hopper).pixels)) > 0.6


def test_cut_file_stays_broken_after_it_is_loaded(free_portraits: Portraits) -> None:
    assert start()
    whole = free_portraits.grace_hopper.read_bytes()
    for longest_px in (None, 100, 1600):
        with pytest.raises(PictureUnreadable) as told:
            load(whole[: len(whole) // 2], longest_px)
        assert told.value.reason == Unreadable.BROKEN
    assert load(whole).width == 512


ALONE = """
import sys
from privacyguard.faces.second_opinion import start
start()
assert not {"pkg_resources", "setuptools"} & sys.modules.keys()
"""

BESIDE_ANOTHER = """
import sys
from pathlib import Path
from types import SimpleNamespace
from privacyguard.faces.second_opinion import start
other = SimpleNamespace(resource_filename=lambda package, path: str(Path(sys.modules[package].__file__).parent / path))
sys.modules["pkg_resources"] = other
start()
assert sys.modules["pkg_resources"] is other
"""


@pytest.mark.parametrize("code", [ALONE, BESIDE_ANOTHER], ids=["alone", "beside another"])
def test_it_loads_without_pkg_resources_and_leaves_what_is_there(code: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
