"""The screen that the window's tests run on."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.support import children

ROOT = Path(__file__).parents[2]


def test_a_window_is_shown_and_takes_the_keyboard(qtbot: QtBot, display: str) -> None:
    assert QGuiApplication.platformName() == "xcb"
    field = QLineEdit()
    qtbot.addWidget(field)
    with qtbot.waitExposed(field), qtbot.waitActive(field):
        field.show()
        field.activateWindow()
    qtbot.keyClicks(field, "hello")
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "hell"
    screen = QGuiApplication.primaryScreen()
    assert (screen.size().width(), screen.size().height()) == (1600, 1200)


def test_text_has_a_font(qtbot: QtBot) -> None:
    field = QLineEdit("ä Привет")
    qtbot.addWidget(field)
    assert field.fontMetrics().inFontUcs4(ord("П"))
    assert field.fontMetrics().horizontalAdvance("iiii") < field.fontMetrics().horizontalAdvance("WWWW")


def test_the_screen_goes_with_the_process() -> None:
    program = (
        "import os, sys; from tests.support.display import start_display\n"
        "server, name = start_display(os.environ); print(server.pid, name, flush=True); os._exit(0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    process, name = ended.stdout.split()
    children.wait_for_end(int(process))
    assert not Path(f"/tmp/.X11-unix/X{name.removeprefix(':')}").exists()
    assert Path(f"/tmp/.X11-unix/X{os.environ['DISPLAY'].removeprefix(':')}").exists()
