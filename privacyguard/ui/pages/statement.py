"""Before the web is searched for a face: the person types that it is their own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from privacyguard.i18n import _
from privacyguard.ui.pages.source_views import StatementView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, column
from privacyguard.ui.widgets.text import Text


class StatementPage(ScrollPage):
    """Shows a :class:`StatementView`. ``agreed``: what was typed; ``declined``: not now; ``closed``: it was read."""

    agreed = Signal(str)
    declined = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(40, 32, 40, 24))
        self._title = Text(_("Searching the web for a face is strong. Use it only for your own."), "title")
        self._why = Text(_("Please do not use it for anyone else. We ask once for each new face pattern."), "soft")
        self.problem = ErrorBanner()
        self._label = Text("", "strong")
        self.edit = QLineEdit()
        self.edit.setMaxLength(200)
        self._label.setBuddy(self.edit)
        self.error = Text("", "warning")
        self.error.hide()
        kept = Text(_("We keep what you typed, and when, in the locked file here. It is not sent."), "small")
        self._asking = Card(column(self._label, self.edit, self.error, spacing=8), kept)
        self.go_on = button(_("Continue"), on_click=self._send)
        self.not_now = button(_("Not now"), on_click=self.declined.emit)
        self._buttons = Beside((self.go_on, 0), (self.not_now, 0), (QWidget(), 1), room_em=44, spacing=12)
        self._later = Text("", "strong")
        self.understood = button(_("Go on without it until then"), on_click=self.closed.emit)
        self._waiting = Card(self._later, Beside((self.understood, 0), (QWidget(), 1), room_em=None))
        self.edit.returnPressed.connect(self._send)
        self.edit.textChanged.connect(lambda _text: self.go_on.setEnabled(bool(self.edit.text().strip())))
        self.add(column(self._title, self._why, spacing=8), self.problem, self._asking, self._buttons, self._waiting)
        self.body.addStretch(1)

    def show_view(self, view: StatementView) -> None:
        """Ask for the sentence, or say from when on what was typed counts."""
        self.problem.clear()
        self.error.show_text("")
        self.edit.clear()
        self.go_on.setEnabled(False)
        self._label.setText(_("Please type: {sentence}").format(sentence=view.sentence))
        self.edit.setAccessibleName(self._label.text())
        self.edit.setAccessibleDescription("")
        is_waiting = bool(view.from_when)
        self._asking.setHidden(is_waiting)
        self._buttons.setHidden(is_waiting)
        self._waiting.setVisible(is_waiting)
        self._later.setText(view.from_when)
        self.verticalScrollBar().setValue(0)

    def show_error(self, words: str) -> None:
        """Say what is wrong with what was typed; it stays there to be mended."""
        self.error.show_text(words)
        self.edit.setAccessibleDescription(words)
        self.edit.setFocus()

    def focus_first(self) -> None:
        """Put the keyboard where the answer is given."""
        (self.understood if self._asking.isHidden() else self.edit).setFocus()

    def _send(self) -> None:
        if self.edit.text().strip():
            self.agreed.emit(self.edit.text())
