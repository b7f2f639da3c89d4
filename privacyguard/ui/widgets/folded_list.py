"""A list of values, each with a button to remove it: the first few, all, or those that hold some letters."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from privacyguard.i18n import _
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import clear, column, holder, row
from privacyguard.ui.widgets.text import Text

FOLDED_AT = 8
"""Rows that are shown of a longer list."""


class FoldedList(QWidget):
    """Shows values, each with a button that removes it."""

    removed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._values: tuple[str, ...] | None = None
        self._is_open = False
        self._focus_at: int | None = None
        self._buttons: list[QPushButton] = []
        self.filter = QLineEdit()
        self.filter.setMaxLength(100)
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._show)
        label = Text(_("Find in this list: {name}").format(name=name), "small")
        label.setBuddy(self.filter)
        self.filter.setAccessibleName(label.text())
        self._finding = holder(column(label, self.filter, spacing=4, margins=(12, 4, 0, 4)))
        self._rows = column(spacing=4)
        self.more = button("", "quiet", self._turn)
        self._more = holder(row(self.more, margins=(4, 0, 0, 0)))
        self.setLayout(column(self._finding, self._rows, self._more, spacing=4))
        self.show_values(())

    def show_values(self, values: Sequence[str]) -> None:
        """Show these; the same ones again keep what the keyboard is on."""
        if tuple(values) == self._values:
            return
        self._values = tuple(values)
        self._show()

    @property
    def shown(self) -> tuple[str, ...]:
        """The values whose rows are there now."""
        values, wanted = self._values or (), self.filter.text().strip().casefold()
        fitting = tuple(value for value in values if wanted in value.casefold())
        return fitting if self._is_open else fitting[:FOLDED_AT]

    def _show(self) -> None:
        clear(self._rows)
        count = len(self._values or ())
        shown = self.shown
        self._buttons = [self._row(value) for value in shown]
        if count and not shown:
            self._rows.addWidget(Text(_("Nothing in this list has these letters."), "soft"))
        self._finding.setVisible(count > FOLDED_AT)
        self._more.setVisible(count > FOLDED_AT)
        self.more.setText(_("Show fewer") if self._is_open else _("Show all {count}").format(count=count))
        self.more.setAccessibleName(self.more.text())
        self.setVisible(bool(count))
        self._keep_focus()

    def _row(self, value: str) -> QPushButton:
        remove = button(_("Remove"), "quiet", partial(self._remove, value))
        remove.setAccessibleName(_("Remove {value}").format(value=value))
        entry = row(Text(value), remove, margins=(12, 0, 0, 0))
        entry.setStretch(0, 1)
        self._rows.addLayout(entry)
        return remove

    def _remove(self, value: str) -> None:
        self._focus_at = self.shown.index(value)
        self.removed.emit(value)

    def _keep_focus(self) -> None:
        """After a row was removed, the keyboard is on the one that came in its place."""
        if self._focus_at is not None and self._buttons:
            self._buttons[min(self._focus_at, len(self._buttons) - 1)].setFocus()
        self._focus_at = None

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self._show()
