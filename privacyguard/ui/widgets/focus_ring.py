"""The focus ring: 2 px of accent with a gap of 2 px around whatever has the keyboard."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from privacyguard.ui.theme import CONTROL_RADIUS, current_tokens

REACH = 4


class FocusRing(QWidget):
    """One ring that goes from widget to widget. It takes no clicks and no focus."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._around: QWidget | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._around is not None:
            self._around.removeEventFilter(self)
        self._around = new
        if new is None or new.parentWidget() is None:
            self.setParent(None)
            self.hide()
            return
        new.installEventFilter(self)
        self.setParent(new.parentWidget())
        self._place()
        _scroll_to(new)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay around the widget while it moves; leave before it goes."""
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        elif kind in (QEvent.Type.Hide, QEvent.Type.ParentChange):
            self.setParent(None)
            self.hide()
        return False

    def _place(self) -> None:
        if self._around is not None and self._around.isVisible():
            self.setGeometry(self._around.geometry().adjusted(-REACH, -REACH, REACH, REACH))
            self.raise_()
            self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_tokens().accent), 2))
        radius = CONTROL_RADIUS + 3
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()


def _scroll_to(widget: QWidget) -> None:
    """Bring what has the keyboard into view."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 16, 16)
            return
        parent = parent.parentWidget()
