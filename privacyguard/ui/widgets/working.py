"""Something runs: how far it is, and a way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from privacyguard.i18n import _
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import column, row
from privacyguard.ui.widgets.text import Text


class Working(QWidget):
    """Hidden until something runs. ``name``: what runs, for assistive technology."""

    cancel_requested = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.words = Text("", "small")
        self.cancel = button(_("Stop"), on_click=self.cancel_requested.emit)
        self.cancel.setAccessibleName(f"{_('Stop')}: {name}")
        line = row(self.bar, self.cancel, spacing=12)
        line.setStretch(0, 1)
        self.setLayout(column(line, self.words, spacing=4, margins=(4, 4, 4, 4)))
        self.hide()

    def begin(self) -> None:
        """It runs, and how far it is is not known."""
        self.show_progress(0, 0)
        self.show()

    def show_progress(self, done: int, total: int, words: str = "") -> None:
        """How far it is; ``total`` 0: not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.words.show_text(words)
