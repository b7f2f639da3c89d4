"""The left side: a list to go by, and in the same corner of every page "Get help now" and "Hide"."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from privacyguard.i18n import _
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import clear, row
from privacyguard.ui.widgets.text import Text

WIDTH = 252


@dataclass(frozen=True)
class SideItem:
    """One line: ``key`` is emitted when it is chosen; ``state`` is read out with the label ("done", "3 open")."""

    key: str
    label: str
    state: str = ""
    is_current: bool = False
    is_enabled: bool = True


class SidePanel(QFrame):
    """A title, lines to choose from, and the corner with help."""

    chosen = Signal(str)
    help_requested = Signal()
    hide_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setMinimumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.title = Text("PrivacyGuard", "heading")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.buttons: dict[str, QPushButton] = {}
        self.help = button(_("Get help now"), "outlined", self.help_requested.emit)
        self.hide_button = button(_("Hide"), "secondary", self.hide_requested.emit)
        self.hide_button.setAccessibleDescription(
            _("Hides this window at once. Esc pressed three times does the same.")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 24, 16, 24)
        layout.setSpacing(8)
        layout.addLayout(row(self.title, margins=(12, 0, 0, 12)))
        layout.addLayout(self._list)
        layout.addStretch(1)
        corner = row(self.help, self.hide_button)
        corner.setStretch(0, 1)
        layout.addLayout(corner)

    def show_items(self, items: Sequence[SideItem]) -> None:
        """Show these lines. The same keys again keep their buttons, so that the keyboard stays where it is."""
        if [item.key for item in items] != list(self.buttons):
            clear(self._list)
            self.buttons = {item.key: self._line(item.key) for item in items}
        for item in items:
            made = self.buttons[item.key]
            made.setText(item.label)
            spoken = f"{item.label}, {item.state}" if item.state else item.label
            made.setAccessibleName(f"{spoken}, {_('current page')}" if item.is_current else spoken)
            made.setEnabled(item.is_enabled)
            if made.property("current") != str(item.is_current).lower():
                made.setProperty("current", str(item.is_current).lower())
                made.style().unpolish(made)
                made.style().polish(made)

    def _line(self, key: str) -> QPushButton:
        made = button("", "row", lambda: self.chosen.emit(key))
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._list.addWidget(made)
        return made
