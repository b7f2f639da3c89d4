"""What is copied is marked as secret, is taken back after a minute or at the quick exit, and never what others put there."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from privacyguard.ui import clipboard
from privacyguard.ui.pages.letter import LetterPage
from tests.gui.pages_under_test import LETTER, filled_window

SOMEBODY_ELSE = """
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
QGuiApplication.clipboard().setText("theirs")
print("ready", flush=True)
application.exec()
"""


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QApplication.clipboard().clear()


def clearing() -> QTimer:
    """The timer that takes the copy back."""
    (timer,) = QApplication.clipboard().findChildren(QTimer)
    return timer


def test_a_copy_is_marked_for_histories_of_the_clipboard(qapp: QApplication) -> None:
    clipboard.copy("a letter")
    mime = QApplication.clipboard().mimeData()
    assert mime.text() == "a letter"
    assert mime.data("x-kde-passwordManagerHint").data() == b"secret"


def test_a_copy_is_taken_back_after_a_minute(qapp: QApplication) -> None:
    clipboard.copy("one")
    clipboard.copy("another")
    timer = clearing()
    assert timer.isActive()
    assert timer.isSingleShot()
    assert timer.interval() == 60_000
    timer.timeout.emit()
    assert QApplication.clipboard().text() == ""


def test_what_another_program_copied_meanwhile_stays(qtbot: QtBot, qapp: QApplication) -> None:
    clipboard.copy("ours")
    with subprocess.Popen([sys.executable, "-c", SOMEBODY_ELSE], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"ready\n"
            qtbot.waitUntil(lambda: not QApplication.clipboard().ownsClipboard())
            clearing().timeout.emit()
            qtbot.waitUntil(lambda: QApplication.clipboard().text() == "theirs")
        finally:
            other.kill()


def test_a_letter_is_copied_only_on_the_button_and_gone_with_the_quick_exit(qtbot: QtBot, qapp: QApplication) -> None:
    window = filled_window()
    qtbot.addWidget(window)
    window.show()
    window.show_page("letter")
    assert QApplication.clipboard().text() == ""
    window.letter.copy.click()
    assert QApplication.clipboard().text() == LETTER.text
    window.hide_at_once()
    assert QApplication.clipboard().text() == ""


def test_what_was_selected_in_the_shown_password_is_taken_back(qtbot: QtBot, qapp: QApplication) -> None:
    window = filled_window()
    qtbot.addWidget(window)
    window.show()
    window.show_page("passwords")
    page = window.passwords
    page.password.setText("correct horse")
    page.show_typed.click()
    assert page.password.echoMode() is QLineEdit.EchoMode.Normal
    qtbot.mouseDClick(page.password, Qt.MouseButton.LeftButton)
    if not QApplication.clipboard().ownsSelection():
        QApplication.clipboard().setText("correct horse", QClipboard.Mode.Selection)
    window.show_page("home")
    assert QApplication.clipboard().text(QClipboard.Mode.Selection) == ""


def test_a_letter_is_plain_text(qtbot: QtBot, qapp: QApplication) -> None:
    page = LetterPage()
    qtbot.addWidget(page)
    body = '<img src="file:///etc/hostname"> <b>bold</b>'
    page.show_view(replace(LETTER, recipient="<b>Gym</b>", text=body))
    assert page.text.toPlainText() == body
    assert page.title.textFormat() is Qt.TextFormat.PlainText
