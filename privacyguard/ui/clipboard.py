"""Copying, only when the person asks: marked so that histories of the clipboard leave it out, and taken back after a minute.

Not every history obeys the marks, and macOS is given none: Qt has no way to set one there without native code.
"""

import sys

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication

CLEARED_AFTER_MS = 60_000

_WINDOWS = 'application/x-qt-windows-mime;value="{name}"'


def copy(text: str) -> None:
    """Put ``text`` into the clipboard. After a minute, or at the quick exit, it is taken out if it is still ours."""
    clipboard = QApplication.clipboard()
    clipboard.setMimeData(_marked(text))
    clearing = clipboard.findChild(_Clearing)
    if clearing is None:
        clearing = _Clearing(clipboard)
    clearing.start()


def clear() -> None:
    """Take out of the clipboard what we put there, if it is still ours, and what was selected in our window."""
    clipboard = QApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear()
    clear_selection()


def clear_selection() -> None:
    """On X11 what is selected with the mouse can be pasted elsewhere: take that back, if it is ours."""
    clipboard = QApplication.clipboard()
    if clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)


class _Clearing(QTimer):
    """Of the whole application: each copy starts it anew."""

    def __init__(self, parent: QClipboard) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(CLEARED_AFTER_MS)
        self.timeout.connect(clear)


def _marked(text: str) -> QMimeData:
    made = QMimeData()
    made.setText(text)
    if sys.platform == "win32":
        made.setData(_WINDOWS.format(name="ExcludeClipboardContentFromMonitorProcessing"), b"\x01\x00\x00\x00")
        made.setData(_WINDOWS.format(name="CanIncludeInClipboardHistory"), b"\x00\x00\x00\x00")
    elif sys.platform != "darwin":
        made.setData("x-kde-passwordManagerHint", b"secret")
    return made
