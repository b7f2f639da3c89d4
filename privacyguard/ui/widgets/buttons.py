"""Buttons. At most one primary button a page."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy


def button(text: str, role: str = "secondary", on_click: Callable[[], object] | None = None) -> QPushButton:
    """A button whose text is its name. ``role``: primary, secondary, outlined, quiet or row."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAccessibleName(text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(True)  # Enter presses it, as Space does
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made
