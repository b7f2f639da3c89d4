"""Choosing an export file of a password manager or browser, and how reading it went. The file is not opened here."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import bring_into_view, column, row
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.widgets.working import Working


class ImportPanel(QWidget):
    """A button, then how far it is with a way to stop, then what was read or what went wrong. ``name``: the action in full."""

    file_chosen = Signal(str)

    def __init__(self, action: str, name: str) -> None:
        super().__init__()
        self.choose = button(action, on_click=self._pick)
        self.choose.setAccessibleName(f"{action} {name}")
        self.working = Working(_("Reading the file"))
        self.words = Text("", "strong")
        self.words.hide()
        self.problem = ErrorBanner()
        start = row(self.choose)
        start.addStretch(1)
        self.setLayout(column(start, self.working, self.words, self.problem, margins=(4, 0, 4, 4)))

    def show_running(self) -> None:
        """The file is being read."""
        self.problem.clear()
        self.words.show_text("")
        self.working.begin()
        self.working.cancel.setFocus()
        bring_into_view(self.working)
        self.choose.setEnabled(False)

    def show_done(self, words: str) -> None:
        """What was read; empty words: nothing was, and nothing is to be said."""
        self._end()
        self.words.show_text(words)
        bring_into_view(self.words)

    def show_error(self, error: PrivacyGuardError, details: str = "") -> None:
        """Why it was not read."""
        self._end()
        self.problem.show_error(error, details)

    def _end(self) -> None:
        had_focus = self.working.cancel.hasFocus()
        self.choose.setEnabled(True)
        self.working.hide()
        if had_focus:
            self.choose.setFocus()

    def _pick(self) -> None:
        path = pick_export(self)
        if path:
            self.file_chosen.emit(path)


def pick_export(parent: QWidget) -> str:
    """The file that the person chose, or ""."""
    path, _filter = QFileDialog.getOpenFileName(
        parent,
        _("Choose an export file"),
        "",
        f"CSV (*.csv);;{_('All files')} (*)",
        options=QFileDialog.Option.DontUseNativeDialog,
    )
    return path
