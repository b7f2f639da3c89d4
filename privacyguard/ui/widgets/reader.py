"""A long text to read: it scrolls by itself, and Tab goes on from it."""

from PySide6.QtWidgets import QFrame, QPlainTextEdit

HEIGHT = 320


def reader(name: str) -> QPlainTextEdit:
    """A field with a text that is read, not written. ``name``: for assistive technology."""
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setMinimumHeight(HEIGHT)
    made.setFrameShape(QFrame.Shape.NoFrame)
    return made
