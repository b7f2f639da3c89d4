"""The five states: word, shape and colour, so that none of them has to be seen in colour."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from privacyguard import wording_levels
from privacyguard.model.advice import Level
from privacyguard.ui.theme import current_tokens
from privacyguard.ui.widgets.text import Text


class LevelShape(QWidget):
    """The shape of a state, as large as a line of text or ``size_px``."""

    def __init__(self, level: Level, size_px: int = 18) -> None:
        super().__init__()
        self._level = level
        self._size_px = size_px
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(wording_levels.level(level))

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._size_px, self._size_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = current_tokens()
        colour = QColor(tokens.level(self._level))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        _DRAW[self._level](painter, box, colour, QColor(tokens.card))
        painter.end()


def _octagon(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    radius, centre = box.width() / 2, box.center()
    corners = [centre + QPointF(cos(pi / 8 + k * pi / 4) * radius, sin(pi / 8 + k * pi / 4) * radius) for k in range(8)]
    _fill(painter, colour)
    painter.drawPolygon(QPolygonF(corners))
    _sign(painter, box, ground, "!")


def _triangle(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    _fill(painter, colour)
    painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))


def _circle(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    _fill(painter, colour)
    painter.drawEllipse(box)
    _sign(painter, box, ground, "i")


def _hollow_circle(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    painter.setPen(QPen(colour, box.width() / 9))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    middle, reach = box.center(), box.width() / 4
    painter.drawLine(middle - QPointF(reach, 0), middle + QPointF(reach, 0))


def _dashed_square(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    pen = QPen(colour, box.width() / 10)
    pen.setDashPattern([2, 1.5])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1, 1, -1, -1))
    _sign(painter, box, colour, "?")


def _fill(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)


def _sign(painter: QPainter, box: QRectF, colour: QColor, sign: str) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(8, round(box.height() * 0.68)))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)


_DRAW = {
    Level.DO_TODAY: _octagon,
    Level.DO_THIS_WEEK: _triangle,
    Level.GOOD_TO_KNOW: _circle,
    Level.NOTHING_FOUND: _hollow_circle,
    Level.COULD_NOT_CHECK: _dashed_square,
}


class LevelBadge(QWidget):
    """Shape and word of a state."""

    def __init__(self, level: Level) -> None:
        super().__init__()
        word = Text(wording_levels.level(level), "strong")
        word.setWordWrap(False)
        word.setStyleSheet(f"color: {current_tokens().level(level)};")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(LevelShape(level), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(word, 1)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
