"""Inputs: each has a label that names it, and says what is wrong beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from privacyguard.i18n import _
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import row
from privacyguard.ui.widgets.text import Text


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
        self.box = QCheckBox()
        self.box.setChecked(checked)
        self.box.setAccessibleName(words)
        self.words = Text(words)
        self.words.setBuddy(self.box)
        self.words.mousePressEvent = lambda event: self.box.click()  # type: ignore[method-assign]
        self.box.toggled.connect(self.toggled)
        layout = row(self.box, self.words, spacing=12, margins=(4, 4, 4, 4))
        layout.setStretch(1, 1)
        layout.setAlignment(self.box, Qt.AlignmentFlag.AlignTop)
        layout.setAlignment(self.words, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)

    @property
    def is_ticked(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()


class Choice(QRadioButton):
    """One of several answers."""

    def __init__(self, words: str, value: object) -> None:
        super().__init__(words)
        self.value = value
        self.setAccessibleName(words)
