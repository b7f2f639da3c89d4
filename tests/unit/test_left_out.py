"""What stays out of the installed app: by its place in the folder, on each system, and told in figures."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import left_out
import pytest


@pytest.mark.parametrize(
    ("place", "goes_in"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.so", False),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/lib/libQt6Qml.so.6", False),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/assistant_de.qm", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6\\plugins\\imageformats\\qjpeg.dll", False),
        ("PySide6\\Qt6Widgets.dll", True),
        ("PySide6\\Qt6Qml.dll", False),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", True),
        ("PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets", True),
        ("PySide6/Qt/lib/QtQuick.framework/Versions/A/Resources/Info.plist", False),
        ("openvino/_pyopenvino.cpython-311-x86_64-linux-gnu.so", True),
        ("openvino/libs/libopenvino.so.2641", True),
        ("openvino/libs/libopenvino_intel_cpu_plugin.so", True),
        ("openvino/libs/libtbb.so.12", True),
        ("openvino/libs/libtbbmalloc.so.2", False),
        ("openvino/libs/libopenvino_intel_gpu_plugin.so", False),
        ("openvino/libs/libopenvino_onnx_frontend.so.2641", False),
        ("libopenvino_tensorflow_frontend.so.2641", False),
        ("libopenvino.so.2641", True),
        ("libtbb.so.12", True),
        ("libtbbmalloc.so.2", False),
        ("openvino/libs/tbb.pc", False),
        ("openvino/libs/cache.json", False),
        ("openvino\\libs\\openvino.dll", True),
        ("openvino\\libs\\openvino_intel_cpu_plugin.dll", True),
        ("openvino\\libs\\tbb12.dll", True),
        ("openvino\\libs\\openvino_c.dll", False),
        ("openvino/libs/libopenvino_arm_cpu_plugin.so", True),
        ("numpy/tests/data.bin", False),
        ("resources/letters/en.json", True),
    ],
)
def test_what_goes_in(place: str, goes_in: bool) -> None:
    assert left_out.is_wanted(place) == goes_in


def test_what_stays_out_of_a_package_is_told_and_what_goes_in_is_not(tmp_path: Path) -> None:
    files = [Path(str(file.locate())) for file in distribution("scipy").files or () if file.suffix != ".pyc"]
    entries = [(str(file), str(file), "BINARY") for file in files if file.is_file()]
    left_out.tell([], [], tmp_path / "none")
    left_out.tell(entries, entries, tmp_path / "scipy")
    none, with_scipy = (json.loads((tmp_path / name).read_text("utf-8")) for name in ("none", "scipy"))
    size = sum(Path(source).stat().st_size for _target, source, _kind in entries) / 1e6
    assert none["scipy: scipy"] > 50
    assert not [group for group in with_scipy if group.startswith("scipy:")]
    assert none["all"] - with_scipy["all"] == pytest.approx(size, abs=0.2)


@pytest.mark.skipif(
    sys.platform != "linux" or not (shutil.which("strip") and shutil.which("chrpath")),
    reason="make frozen installs what is needed: strip and chrpath",
)
def test_only_notes_for_debuggers_are_taken_from_a_library(tmp_path: Path) -> None:
    whole = find_spec("sqlcipher3._sqlite3")
    assert whole is not None and whole.origin is not None
    entries = [(f"{package}/_sqlite3.so", whole.origin, "EXTENSION") for package in ("sqlcipher3", "cv2")]
    (lighter, same) = left_out.without_debugging(entries, tmp_path)
    assert same == entries[1]
    assert Path(lighter[1]).stat().st_size < Path(whole.origin).stat().st_size * 0.7
    asked = (
        "import importlib.machinery as m, importlib.util as u;"
        f" loader = m.ExtensionFileLoader('sqlcipher3._sqlite3', {lighter[1]!r});"
        " module = u.module_from_spec(u.spec_from_loader(loader.name, loader)); loader.exec_module(module);"
        " print(module.connect(':memory:').execute('select 6 * 7').fetchone()[0])"
    )
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "42\n"
