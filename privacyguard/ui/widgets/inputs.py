"""Inputs: each has a label that names it, and says what is wrong beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from privacyguard.i18n import _
from privacyguard.ui.theme import Tokens, current_tokens
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import column, holder, row
from privacyguard.ui.widgets.text import Text


class TickBox(QCheckBox):
    """A box to tick, drawn by us: its frame and its sign are seen on every ground."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box and, when ticked, the sign."""
        painter, frame, tokens = _indicator(self)
        painter.drawRoundedRect(frame, 6, 6)
        if self.isChecked():
            painter.setPen(QPen(QColor(tokens.on_accent), 2.4))
            left, middle, right = QPointF(0.24, 0.52), QPointF(0.43, 0.7), QPointF(0.76, 0.32)
            points = [
                QPointF(frame.x() + p.x() * frame.width(), frame.y() + p.y() * frame.height())
                for p in (left, middle, right)
            ]
            painter.drawPolyline(points)
        painter.end()

    def sizeHint(self) -> QSize:
        """Room for a finger."""
        return QSize(44, 44)


class Choice(QRadioButton):
    """One of several answers. ``value``: what it stands for."""

    def __init__(self, words: str, value: object) -> None:
        super().__init__(words)
        self.value = value
        self.setAccessibleName(words)
        self.toggled.connect(self._keep_tab_on_the_chosen)

    def _keep_tab_on_the_chosen(self, is_chosen: bool) -> None:
        """The Tab key goes to the chosen answer, the arrow keys to the others."""
        group = self.group()
        if is_chosen and group is not None:
            for each in group.buttons():
                policy = Qt.FocusPolicy.StrongFocus if each is self else Qt.FocusPolicy.ClickFocus
                each.setFocusPolicy(policy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle, its dot when chosen, and the words."""
        painter, frame, tokens = _indicator(self)
        painter.drawEllipse(frame)
        if self.isChecked():
            painter.setBrush(QColor(tokens.on_accent))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(frame.center(), 4.5, 4.5)
        painter.setPen(QColor(tokens.ink))
        words = QRectF(self.rect()).adjusted(frame.right() + 12, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()

    def sizeHint(self) -> QSize:
        """Circle and words."""
        return QSize(56 + self.fontMetrics().horizontalAdvance(self.text()), max(44, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        """As large as its words."""
        return self.sizeHint()


def _indicator(button: QAbstractButton) -> tuple[QPainter, QRectF, Tokens]:
    """A painter with the indicator's pen and brush, and where it goes."""
    tokens = current_tokens()
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(tokens.accent if button.isChecked() else tokens.soft_ink)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(colour if button.isChecked() else QColor(tokens.card))
    return painter, QRectF(11, (button.height() - 22) / 2, 22, 22), tokens


class Chooser(QComboBox):
    """A list to choose one from, with an arrow that is seen on every ground. It may be narrower than its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, then the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = current_tokens()
        painter.setPen(QPen(QColor(tokens.ink if self.isEnabled() else tokens.soft_ink), 2))
        x, y = self.width() - 20.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 5, y - 3), QPointF(x, y + 3), QPointF(x + 5, y - 3)])
        painter.end()

    def offer(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer these values with their words, and show the chosen one, or the first."""
        if [(self.itemData(n), self.itemText(n)) for n in range(self.count())] != list(choices):
            self.clear()
            for value, words in choices:
                self.addItem(words, value)
        self.setCurrentIndex(max(0, self.findData(chosen)))

    @property
    def chosen(self) -> str:
        """The value that is shown."""
        return str(self.currentData() or "")


def labelled(words: str, field: QLineEdit | QComboBox) -> QWidget:
    """The field below a label that names it."""
    label = Text(words, "small")
    label.setBuddy(field)
    field.setAccessibleName(words)
    return holder(column(label, field, spacing=4))


class AddField(QWidget):
    """A label, a line to type in, a button to add it, and room for what is wrong. Enter adds as well."""

    added = Signal(str)

    def __init__(self, label: str, example: str = "", secret: bool = False, action: str = "") -> None:
        super().__init__()
        self.label = Text(label, "strong")
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(example)
        self.edit.setAccessibleName(label)
        self.edit.setMaxLength(300)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.label.setBuddy(self.edit)
        self.button = button(action or _("Add"), on_click=self._add)
        self.button.setAccessibleName(f"{action or _('Add')}: {label}")
        self.error = Text("", "warning")
        self.error.hide()
        self.edit.returnPressed.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(self.label)
        layout.addLayout(row(self.edit, self.button))
        layout.addWidget(self.error)

    def show_error(self, words: str) -> None:
        """Say what is wrong with what was typed; it stays there to be mended. Empty words clear the line."""
        self.error.show_text(words)
        if words:
            self.edit.setFocus()
            self.edit.setAccessibleDescription(words)
        else:
            self.edit.clear()
            self.edit.setAccessibleDescription("")

    def _add(self) -> None:
        if self.edit.text().strip():
            self.added.emit(self.edit.text())


class Tick(QWidget):
    """A box to tick with words that wrap; a click on the words ticks it as well."""

    toggled = Signal(bool)

    def __init__(self, words: str, checked: bool = False) -> None:
        super().__init__()
        self.box = TickBox()
        self.box.setChecked(checked)
        self.box.setAccessibleName(words)
        self.words = Text(words)
        self.words.setBuddy(self.box)
        self.words.mousePressEvent = lambda event: self.box.click()  # type: ignore[method-assign]
        self.box.clicked.connect(self.toggled)  # only what the person does, not what is shown
        layout = row(self.box, self.words, spacing=8, margins=(0, 4, 4, 4))
        layout.setStretch(1, 1)
        layout.setAlignment(self.box, Qt.AlignmentFlag.AlignVCenter)
        layout.setAlignment(self.words, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)

    def show_words(self, words: str) -> None:
        """Say something else beside the box."""
        self.words.setText(words)
        self.box.setAccessibleName(words)

    @property
    def is_ticked(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()
