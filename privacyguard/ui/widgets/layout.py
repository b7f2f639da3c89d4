"""Columns, rows, cards and pages that scroll one way only."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
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


class Beside(QWidget):
    """Parts beside each other where there is room, else below each other (200 % text, small window).

    ``room_em``: the room they need, in letters; None: what the parts that are shown ask for. ``below``: their shares of the
    height below each other; without them each gets what it asks for.
    """

    def __init__(
        self, *parts: tuple[QWidget, int], room_em: int | None, spacing: int = 16, below: Sequence[int] = ()
    ) -> None:
        super().__init__()
        self._room_em = room_em
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(spacing)
        for part, stretch in parts:
            self._box.addWidget(part, stretch)
        self._stretches = [stretch for _part, stretch in parts]
        self._below = below or [0] * len(parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn with the width."""
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        """Turn as well when a part asks for more room than before, as a button with other words does."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        is_wide = self.width() >= self._room()
        wanted = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._box.direction() is not wanted:
            self._box.setDirection(wanted)
            for place, stretch in enumerate(self._stretches if is_wide else self._below):
                self._box.setStretch(place, stretch)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Beside each other is what it asks for, also while it has too little room for that."""
        hint = super().sizeHint()
        return hint if self._room_em is not None else QSize(self._room(), hint.height())

    def _room(self) -> int:
        if self._room_em is not None:
            return self._room_em * self.fontMetrics().averageCharWidth()
        items = (self._box.itemAt(n) for n in range(self._box.count()))
        wanted = [item.sizeHint().width() for item in items if item is not None and not item.isEmpty()]
        return sum(wanted) + self._box.spacing() * max(0, len(wanted) - 1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part alone: beside each other is only a wish."""
        items = (self._box.itemAt(n) for n in range(self._box.count()))
        parts = [item.minimumSize() for item in items if item is not None]
        return QSize(max((part.width() for part in parts), default=0), min((p.height() for p in parts), default=0))


def holder(layout: QLayout) -> QWidget:
    """A widget that holds a layout, for places that take widgets only."""
    made = QWidget()
    made.setLayout(layout)
    return made


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


def bring_into_view(part: QWidget) -> None:
    """Scroll the page that holds this part until it is seen, as soon as there is room made for it."""

    def scroll() -> None:
        page = part.parentWidget()
        while page is not None and not isinstance(page, QScrollArea):
            page = page.parentWidget()
        if isinstance(page, QScrollArea) and part.isVisible():
            page.ensureWidgetVisible(part, 0, 16)

    QTimer.singleShot(0, part, scroll)


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
