"""Tests of the window run in a real one, on a screen of their own."""

import os
from subprocess import Popen

import pytest
from PySide6.QtGui import QGuiApplication

from tests.support.display import start_display

SERVER = pytest.StashKey[Popen[bytes]]()


@pytest.fixture(scope="session")
def display(away_from_home: object, pytestconfig: pytest.Config) -> str:
    """An empty screen, 1600 x 1200, without a window manager. The value is DISPLAY."""
    # Kept in the configuration: it must outlive the application, which goes with the process.
    pytestconfig.stash[SERVER], name = start_display(os.environ)
    os.environ["DISPLAY"] = name
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    return name


@pytest.fixture(scope="session")
def qapp_args(display: str) -> list[str]:
    """Of the application of pytest-qt: made only when the screen is there."""
    return ["privacyguard-tests"]


@pytest.fixture(autouse=True)
def on_the_screen(display: str) -> None:
    """Nothing here may run in an application that was made off the screen by a test elsewhere."""
    application = QGuiApplication.instance()
    assert application is None or QGuiApplication.platformName() == "xcb", "make no application outside tests/gui"
