"""The empty library in the place of x265: HEIC is read as before, and cannot be written."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.support.commands import ROOT
from tests.support.making import module

no_encoder = module("no_encoder")

READS = """
import io
from PIL import Image
from pillow_heif import libheif_info, register_heif_opener
register_heif_opener(thumbnails=False)
with Image.open("resources/selftest/face.heic") as image:
    image.load()
print(*image.size, libheif_info()["encoders"]["x265"])
try:
    image.save(io.BytesIO(), "HEIF")
except RuntimeError:
    print("not written")
"""


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("pillow_heif.libs/libx265-4883ecb5.so.217", True),
        ("libx265.217.dylib", True),
        ("pillow_heif.libs\\libx265-217.dll", True),
        ("pillow_heif.libs/libde265-91206b2b.so.0", False),
        ("x265/readme.txt", False),
    ],
)
def test_the_coder_is_known_by_its_name(place: str, answer: bool) -> None:
    assert no_encoder.is_encoder(place) is answer


def test_a_library_that_asks_for_no_coder_stops_it(tmp_path: Path) -> None:
    (tmp_path / "libheif.so").write_bytes(b"\0x264_api_get_1\0")
    with pytest.raises(ValueError, match=r"libheif\.so"):
        no_encoder.empty_library(tmp_path / "libheif.so", tmp_path / "empty.so")


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("cc") is None, reason="untried there, or no C compiler")
def test_heic_is_read_and_not_written(tmp_path: Path) -> None:
    package = distribution("pillow-heif")
    for file in package.files or ():
        if ".." not in file.parts:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), tmp_path / file)
    (heif,) = (tmp_path / "pillow_heif.libs").glob("libheif*")
    (coder,) = (tmp_path / "pillow_heif.libs").glob("*x265*")
    assert no_encoder.is_encoder(f"pillow_heif.libs/{coder.name}")
    no_encoder.empty_library(heif, tmp_path / "empty.so").replace(coder)
    assert coder.stat().st_size < 50_000
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", READS], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["96 96 x265 HEVC encoder (null)", "not written"], done.stderr
