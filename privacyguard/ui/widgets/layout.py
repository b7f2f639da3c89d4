"""Columns, rows, cards and pages that scroll one way only."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

L = TypeVar("L", bound=QBoxLayout)


def column(
    *parts: QWidget | QLayout, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """Parts below each other."""
    return _filled(QVBoxLayout(), parts, spacing, margins)


def row(*parts: QWidget | QLayout, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Parts beside each other."""
    return _filled(QHBoxLayout(), parts, spacing, margins)


def _filled(layout: L, parts: tuple[QWidget | QLayout, ...], spacing: int, margins: tuple[int, ...]) -> L:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return layout


class Card(QFrame):
    """A framed group of parts. ``role``: card, banner or banner-today."""

    def __init__(self, *parts: QWidget | QLayout, role: str = "card", spacing: int = 12) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.body = column(*parts, spacing=spacing, margins=(24, 20, 24, 20))
        self.setLayout(self.body)


def line() -> QFrame:
    """A thin line between rows."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


class ScrollPage(QScrollArea):
    """A page: one column that scrolls up and down, never sideways."""

    def __init__(self, spacing: int = 20, margins: tuple[int, int, int, int] = (40, 32, 40, 32)) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.inner = QWidget()
        self.body = column(spacing=spacing, margins=margins)
        self.inner.setLayout(self.body)
        self.setWidget(self.inner)

    def add(self, *parts: QWidget | QLayout) -> None:
        """Add parts below what is there."""
        for part in parts:
            if isinstance(part, QWidget):
                self.body.addWidget(part)
            else:
                self.body.addLayout(part)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let go of it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
