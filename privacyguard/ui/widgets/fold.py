"""A card that is folded to its title until it is wanted."""

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from privacyguard.i18n import _
from privacyguard.ui.theme import current_tokens
from privacyguard.ui.widgets.buttons import RowButton
from privacyguard.ui.widgets.layout import Card, column, holder, row
from privacyguard.ui.widgets.text import Text


class Arrow(QWidget):
    """Points to the right while something is folded, and down while it is open."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        side = max(16, self.fontMetrics().height())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_tokens().soft_ink), 2))
        x, y = self.width() / 2, self.height() / 2
        across, down = QPointF(4, 0), QPointF(0, 4)
        middle = QPointF(x, y)
        if self.is_open:
            painter.drawPolyline([middle - across - down / 2, middle + down / 2, middle + across - down / 2])
        else:
            painter.drawPolyline([middle - down - across / 2, middle + across / 2, middle + down - across / 2])
        painter.end()


class Fold(Card):
    """A title that opens and folds what is below it; ``inside`` takes the parts. ``turned``: whether it is open now."""

    turned = Signal(bool)

    def __init__(self, title: str, about: str, is_open: bool = False) -> None:
        self._title = title
        self._count = ""
        self._arrow = Arrow()
        self._count_words = Text("", "small")
        self._count_words.setWordWrap(False)
        head = row(self._arrow, Text(title, "heading"), self._count_words, spacing=12)
        head.setStretch(1, 1)
        self._about = Text(about, "soft")
        below = row(self._about, margins=(self._arrow.sizeHint().width() + 12, 0, 0, 0))
        self.head = RowButton(title, column(head, below, spacing=4))
        self.head.clicked.connect(lambda: self.turn(not self.is_open))
        self.inside = column(spacing=16, margins=(12, 4, 12, 8))
        self._inside = holder(self.inside)
        super().__init__(self.head, self._inside, spacing=8)
        self.body.setContentsMargins(12, 8, 12, 8)
        self.turn(is_open)

    @property
    def is_open(self) -> bool:
        """Whether what is inside is shown."""
        return self._arrow.is_open

    def turn(self, is_open: bool) -> None:
        """Open or fold it; the keyboard stays on the title."""
        self._arrow.is_open = is_open
        self._arrow.update()
        self._inside.setVisible(is_open)
        self._tell_name()
        self.turned.emit(is_open)

    def show_count(self, words: str) -> None:
        """Say beside the title how much of it is on."""
        self._count = words
        self._count_words.show_text(words)
        self._tell_name()

    def _tell_name(self) -> None:
        state = _("open") if self.is_open else _("folded")
        name = ", ".join(part for part in (self._title, self._count, state) if part)
        if self.head.accessibleName() != name:
            self.head.setAccessibleName(name)
            self.head.setAccessibleDescription(self._about.text())
            QAccessible.updateAccessibility(QAccessibleEvent(self.head, QAccessible.Event.NameChanged))
