"""The installed app, as `make frozen` made it: ``python -m tests.bench.frozen [--rounds 12]`` prints JSON. Some minutes.

``installed_mb``, and what was left out, by package: megabytes of 10^6. ``first_window_s``: from the start of the process to the
first picture on a screen of its own, of an empty window of PySide6 that is frozen in the same way, of the app at its very first
start, and of the app with a vault, in turns; a password store is open beside them. ``warm`` after a round that does not count,
``cold`` with nothing of them in the system's memory, where the system lets us empty that.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, ImageGrab

from tests.support import children
from tests.support.commands import ROOT
from tests.support.display import start_display
from tests.support.keyring_session import keyring_session

BUILD = ROOT / "build"
FOLDER, LEFT_OUT = BUILD / "frozen" / "privacyguard", BUILD / "frozen-work" / "privacyguard" / "left-out.json"
PYTHON = BUILD / "freeze" / "bin" / "python"
CACHES = Path("/proc/sys/vm/drop_caches")

WANTED_MB, WANTED_RATIO = 560, 2.0
WARM_ROUNDS, COLD_ROUNDS = 12, 3
SCREEN = "1200x800x24"
PATIENCE_S = 60.0
COLOURS_OF_A_PAGE = 20
"""An empty window has one; letters have soft edges."""

_EMPTY = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication(sys.argv)
window = QWidget()
window.resize(1120, 740)
window.show()
application.exec()
"""

_EMPTY_SPEC = """
import sys
sys.path.insert(0, {packaging!r})
from left_out import NOT_IMPORTED, lighten
analysis = Analysis([{program!r}], excludes=NOT_IMPORTED)
lighten(analysis)
program = EXE(PYZ(analysis.pure), analysis.scripts, exclude_binaries=True, name="empty")
COLLECT(program, analysis.binaries, analysis.datas, name="empty")
"""


def figures(rounds: int = WARM_ROUNDS) -> dict[str, object]:
    """All of it; a word instead where there is no frozen app."""
    if not LEFT_OUT.is_file():
        return {"frozen": "make frozen comes first"}
    size = sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file() and not file.is_symlink())
    return {
        "frozen": {
            "installed_mb": round(size / 1e6, 1),
            "wanted_mb": WANTED_MB,
            "left_out_mb": json.loads(LEFT_OUT.read_text("utf-8")),
            "first_window_s": _first_windows(_empty_window(), rounds),
            "wanted_ratio": WANTED_RATIO,
        }
    }


def _empty_window() -> Path:
    """The program with an empty window, frozen as ours is."""
    folder = BUILD / "empty"
    folder.mkdir(exist_ok=True)
    program, spec = folder / "window.py", folder / "empty.spec"
    program.write_text(_EMPTY, "utf-8")
    spec.write_text(_EMPTY_SPEC.format(packaging=str(ROOT / "packaging"), program=str(program)), "utf-8")
    places = ["--distpath", str(folder / "frozen"), "--workpath", str(folder / "work")]
    command = [str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, str(spec)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "frozen" / "empty" / "empty"


def _first_windows(empty: Path, rounds: int) -> dict[str, object]:
    ours = FOLDER / "privacyguard"
    with keyring_session() as session, tempfile.TemporaryDirectory() as folder:
        server, name = start_display(os.environ, SCREEN)
        environment = {**session.environment, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        nobody = iter(range(1000))

        def home(where: str) -> dict[str, str]:
            return {**environment, "PRIVACYGUARD_HOME": str(Path(folder) / where)}

        typed = {"input": b"zoe@example.org", "stdout": subprocess.DEVNULL}
        subprocess.run([ours, "account", "add", "-"], env=home("later"), check=True, **typed)  # type: ignore[call-overload]
        windows: dict[str, Callable[[], float]] = {
            "empty": lambda: _seconds(empty, home("none"), 1),
            "first start": lambda: _seconds(ours, home(f"new-{next(nobody)}"), COLOURS_OF_A_PAGE),
            "later start": lambda: _seconds(ours, home("later"), COLOURS_OF_A_PAGE),
        }
        try:
            _in_turns(windows, 1, lambda: None)
            measured: dict[str, object] = {"warm": _in_turns(windows, rounds, lambda: None)}
            if os.access(CACHES, os.W_OK):
                measured["cold"] = _in_turns(windows, COLD_ROUNDS, _forget_files)
            return measured
        finally:
            children.end(server)


def _in_turns(windows: Mapping[str, Callable[[], float]], rounds: int, before: Callable[[], object]) -> object:
    seconds: dict[str, list[float]] = {name: [] for name in windows}
    for _ in range(rounds):
        for name, seen_after in windows.items():
            before()
            seconds[name].append(seen_after())
    empty = seconds["empty"]
    return {
        name: {
            "best": round(min(each), 3),
            "median": round(statistics.median(each), 3),
            "ratio of the best": round(min(each) / min(empty), 2),
            "ratio of the medians": round(statistics.median(each) / statistics.median(empty), 2),
        }
        for name, each in seconds.items()
    }


def _forget_files() -> None:
    os.sync()
    CACHES.write_text("3", "ascii")


def _seconds(program: Path, environment: Mapping[str, str], colours: int) -> float:
    """From the start of the program to the first picture on its screen. The program is ended then.

    Raises:
        AssertionError: nothing was seen, or something with fewer ``colours`` than that.
    """
    began = time.monotonic()
    with subprocess.Popen([program], env=dict(environment), stderr=subprocess.DEVNULL) as running:
        try:
            seen = _screen_once(lambda picture: picture.getbbox() is not None, environment["DISPLAY"])
            seconds = time.monotonic() - began
        finally:
            running.terminate()
    found = seen.getcolors(seen.width * seen.height)
    assert found is not None and len(found) - 1 >= colours, "an empty window was seen first"  # black is the screen's
    _screen_once(lambda picture: picture.getbbox() is None, environment["DISPLAY"])
    return seconds


def _screen_once(is_so: Callable[[Image.Image], bool], display: str) -> Image.Image:
    """The picture of the screen as soon as this holds of it."""
    until = time.monotonic() + PATIENCE_S
    while not is_so(picture := ImageGrab.grab(xdisplay=display)):
        assert time.monotonic() < until, "no window, or one that stays"
        time.sleep(0.005)
    return picture


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=WARM_ROUNDS)
    print(json.dumps(figures(parser.parse_args().rounds), indent=1))
