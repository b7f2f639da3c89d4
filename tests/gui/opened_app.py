"""The program with an open vault, in the application of the tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.startup import started


@contextmanager
def opened_app(qtbot: QtBot, application: QApplication, home: Path) -> Iterator[App]:
    """With everything in this home, which is made; nothing is asked, as nobody said yet where to look."""
    home.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVACYGUARD_HOME", str(home))
        with started(os.environ) as start:
            made = App(start, application)
            made.window.show()
            made.open_vault()
            qtbot.waitUntil(lambda: made.guard is not None, timeout=30_000)
            yield made
            made.end()
            made.window.close()
            made.window.deleteLater()
            made.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
