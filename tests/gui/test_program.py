"""How the program ends: by a signal, at any moment."""

import subprocess
import sys

import pytest

EARLY = """
import os, signal
from PySide6.QtWidgets import QApplication
from privacyguard.ui.program import ends_on_signal
application, closed = QApplication([]), []
with ends_on_signal(lambda: closed.append(True), application):
    if {early}:
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        from PySide6.QtCore import QTimer
        QTimer.singleShot(200, lambda: os.kill(os.getpid(), signal.SIGTERM))
    application.exec()
print(closed)
"""


@pytest.mark.parametrize("early", [True, False])
def test_a_signal_before_the_loop_begins_ends_it_too(early: bool) -> None:
    command = [sys.executable, "-c", EARLY.format(early=early)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "[True]\n"
