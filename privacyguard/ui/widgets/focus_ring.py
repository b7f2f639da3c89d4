"""The focus ring: 2 px of accent with a gap of 2 px around whatever has the keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

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
        self._watched: list[QWidget] = []
        self._app: QApplication | None = app
        app.focusChanged.connect(self._follow)

    def end(self) -> None:
        """Follow nothing any more, and go. Else it would go from window to window as long as the application lives."""
        if self._app is None:
            return
        self._app.focusChanged.disconnect(self._follow)
        self._follow(None, None)
        self._app = None
        self.deleteLater()

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        self._unwatch()
        if new is None or new.parentWidget() is None:
            self._leave()
            return
        home = _with_room(new)
        self._around, self._watched = new, _up_to(new, home)
        for each in self._watched:
            each.installEventFilter(self)
        self.setParent(home)
        self._place()
        _scroll_to(new)

    def _leave(self) -> None:
        self._unwatch()  # what is hidden may be gone when the keyboard goes elsewhere
        self.setParent(None)
        self.hide()

    def _unwatch(self) -> None:
        for each in self._watched:
            if isValid(each):  # a part of a box goes with the box, and is told of that too late
                each.removeEventFilter(self)
        self._around, self._watched = None, []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay around the widget while it moves; leave before it goes."""
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        elif kind in (QEvent.Type.Hide, QEvent.Type.ParentChange):
            self._leave()
        return False

    def _place(self) -> None:
        if self._around is not None and isValid(self._around) and self._around.isVisible():
            home = self.parentWidget()
            if home is None:
                return
            self.setGeometry(_ring(self._around, home))
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


def _ring(around: QWidget, home: QWidget) -> QRect:
    """Where the ring is, in ``home``."""
    place = QRect(around.mapTo(home, QPoint(0, 0)), around.size())
    return place.adjusted(-REACH, -REACH, REACH, REACH)


def _with_room(around: QWidget) -> QWidget:
    """The nearest widget around it in which the whole ring is seen, but none beyond what scrolls."""
    home = around.parentWidget() or around
    while not home.isWindow() and not home.rect().contains(_ring(around, home)):
        above = home.parentWidget()
        if above is None or isinstance(above.parentWidget(), QScrollArea):
            break
        home = above
    return home


def _up_to(widget: QWidget, home: QWidget) -> list[QWidget]:
    """The widget and what lies between it and ``home``: all that can move it."""
    between = [widget]
    while (above := between[-1].parentWidget()) is not home and above is not None:
        between.append(above)
    return between


def _scroll_to(widget: QWidget) -> None:
    """Bring what has the keyboard into view."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 16, 16)
            return
        parent = parent.parentWidget()
