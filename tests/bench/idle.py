"""What being on guard costs: ``python -m tests.bench.idle [--seconds 600]`` prints JSON.

The program waits with its window closed and its sign in a real tray (trayer on Xvfb); beside it, at the same time, an empty
program of Qt with a sign. ``ratio``: ours to that in CPU seconds, wake-ups (switches that its threads wished for) and memory
(PSS, children too). Wanted: at most 1.5, 1.5 and 2.5.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.background import NOT_DUE, cost
from tests.support import children
from tests.support.background_home import in_vault, switch_on
from tests.support.commands import CommandLine
from tests.support.display import start_display
from tests.support.keyring_session import keyring_session

SETTLES_S = 120.0
"""So long both start, the window of ours closes and rests, and Qt's caches of pictures empty themselves."""

WANTED = {"cpu_s": 1.5, "wake_ups": 1.5, "memory_mib": 2.5}

_EMPTY = """
import sys
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
application = QApplication(sys.argv)
application.setQuitOnLastWindowClosed(False)
sign = QSystemTrayIcon(application.style().standardIcon(application.style().StandardPixmap.SP_ComputerIcon))
menu = QMenu()
menu.addAction("Quit", application.quit)
sign.setContextMenu(menu)
sign.show()
application.exec()
"""

_OURS = """
from PySide6.QtCore import QTimer
from privacyguard import app
opened = app.App._opened
def close_then(self, vault):
    opened(self, vault)
    QTimer.singleShot(5000, self.window.close)
app.App._opened = close_then
app.main()
"""

Figures = dict[str, float]


def figures(seconds: float) -> dict[str, object]:
    """Both programs, and the ratios."""
    with keyring_session() as session, tempfile.TemporaryDirectory() as folder:
        nowhere = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere/at/all"}
        home = CommandLine(session, Path(folder) / "home", nowhere)
        assert home("account", "add", "-", typed="zoe@example.org").status == 0
        switch_on(home)
        in_vault(home, NOT_DUE + "; vault.set_flag('told-of-tray', 'yes')")
        display, name = start_display(os.environ)
        environment = {
            **session.environment,
            **home.environment,
            "DISPLAY": name,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONWARNINGS": "",
        }
        tray = children.start(["trayer", "--edge", "top", "--height", "24"], environment)
        try:
            time.sleep(2)
            with _running(_EMPTY, environment) as empty, _running(_OURS, environment) as ours:
                time.sleep(SETTLES_S)
                return _compared(empty, ours, seconds)
        finally:
            children.end(tray)
            children.end(display)


def _compared(empty: int, ours: int, seconds: float) -> dict[str, object]:
    before = {process: _cost(process) for process in (empty, ours)}
    time.sleep(seconds)
    theirs, own = (_figures(process, before[process]) for process in (empty, ours))
    ratio = {name: _ratio(own[name], theirs[name]) for name in WANTED}
    return {"seconds": seconds, "empty": theirs, "privacyguard": own, "ratio": ratio, "wanted": WANTED}


def _ratio(own: float, theirs: float) -> float | None:
    """None where only the empty program did nothing at all."""
    if theirs:
        return round(own / theirs, 2)
    return 1.0 if own == 0 else None


@contextmanager
def _running(program: str, environment: dict[str, str]) -> Iterator[int]:
    running = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield running.pid
        assert running.poll() is None, "it ended by itself"
    finally:
        running.terminate()
        running.wait(20)


def _cost(process: int) -> tuple[float, int]:
    """CPU seconds, finer than the clock ticks of the process's own line; and wake-ups."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9, cost(process)[1]


def _figures(process: int, before: tuple[float, int]) -> Figures:
    cpu_s, wake_ups = _cost(process)
    return {
        "cpu_s": round(cpu_s - before[0], 4),
        "wake_ups": wake_ups - before[1],
        "memory_mib": round(sum(map(_pss, _family(process))) / 1024, 1),
    }


def _family(process: int) -> list[int]:
    """The process and all below it."""
    below = Path(f"/proc/{process}/task").glob("*/children")
    return [process, *(one for file in below for child in file.read_text().split() for one in _family(int(child)))]


def _pss(process: int) -> int:
    """KiB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600.0)
    print(json.dumps(figures(parser.parse_args().seconds), indent=1))
