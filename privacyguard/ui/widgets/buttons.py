"""Buttons. At most one primary button a page."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLayout, QPushButton, QSizePolicy


def button(text: str, role: str = "secondary", on_click: Callable[[], object] | None = None) -> QPushButton:
    """A button whose text is its name. ``role``: primary, secondary, outlined, quiet, link or row."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAccessibleName(text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(True)  # Enter presses it, as Space does
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made


class RowButton(QPushButton):
    """A button that holds a layout of words, which wrap; it is as high as they need."""

    def __init__(self, name: str, layout: QLayout, is_current: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.setProperty("current", str(is_current).lower())
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        layout.setContentsMargins(12, 10, 12, 10)
        self._words = layout
        self.setLayout(layout)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Its words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its words at this width."""
        return max(44, self._words.totalHeightForWidth(width))

    def sizeHint(self) -> QSize:
        """As its words."""
        return self._words.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its longest word."""
        return self._words.totalMinimumSize()
