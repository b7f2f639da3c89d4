"""A letter, ready to be sent by the person: copied, saved as a file, and noted with the day of the answer. We send nothing."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from privacyguard.i18n import _
from privacyguard.ui.clipboard import copy
from privacyguard.ui.pages.views import LetterView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.inputs import Chooser, labelled
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, column, row
from privacyguard.ui.widgets.reader import reader
from privacyguard.ui.widgets.text import Text


class LetterPage(ScrollPage):
    """Shows a :class:`LetterView`. ``changed``: kind, country and the name below the letter that are wanted."""

    changed = Signal(str, str, str)
    save_requested = Signal(str)
    sent_today = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.title = Text("", "title")
        self.kind, self.country, self.name = Chooser(), Chooser(), QLineEdit()
        for box in (self.kind, self.country):
            box.activated.connect(self._change)
        self.name.setMaxLength(80)
        self.name.textChanged.connect(self._change)
        self.text = reader(_("The letter"))
        self._due, self._note, self._said = Text(""), Text("", "small"), Text("", "strong")
        self.back = button(_("Back"), on_click=self.closed.emit)
        self.copy = button(_("Copy"), "primary", self._copy)
        self.save = button(_("Save as file…"), on_click=self._pick)
        self.sent = button(_("I sent it today"), on_click=self.sent_today.emit)
        words = _("You send this letter yourself. We send nothing.")
        choices = ((_("What for"), self.kind), (_("Where are you?"), self.country))
        chosen = Beside(*((labelled(words, box), 1) for words, box in choices), room_em=64)
        name = labelled(_("Your name, as it shall stand below the letter. We do not keep it."), self.name)
        actions = ((self.copy, 0), (self.save, 0), (self.sent, 0), (QWidget(), 1))
        leaving = row(self.back)
        leaving.addStretch(1)
        self.add(column(self.title, Text(words, "soft"), spacing=4), self.problem, Card(chosen, name), Card(self.text))
        self.add(column(self._due, self._note, spacing=4), Beside(*actions, room_em=50, spacing=8), self._said, leaving)
        self.body.addStretch(1)
        self._said.hide()

    def start(self, name: str) -> None:
        """Another letter, with this name below it."""
        self.problem.clear()
        blocker = QSignalBlocker(self.name)
        self.name.setText(name)
        blocker.unblock()

    def show_view(self, view: LetterView) -> None:
        """Show this letter; the name that is being typed stays."""
        self.title.setText(_("A letter to {name}").format(name=view.recipient))
        self.kind.offer(view.kinds, view.kind)
        self.country.offer(view.countries, view.country)
        if self.text.toPlainText() != view.text:
            self.text.setPlainText(view.text)
        self._due.setText(view.due)
        self._note.show_text(view.note)
        self._said.show_text(view.sent)
        self.sent.setEnabled(not view.sent)

    def say(self, words: str) -> None:
        """Say what was done."""
        self._said.show_text(words)

    def _change(self) -> None:
        self.changed.emit(self.kind.chosen, self.country.chosen, self.name.text().strip())

    def _copy(self) -> None:
        copy(self.text.toPlainText())
        self.say(_("Copied. After one minute we take it out of the clipboard again."))

    def _pick(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self, _("Save as file"), "letter.txt", "TXT (*.txt)", options=QFileDialog.Option.DontUseNativeDialog
        )
        if path:
            self.save_requested.emit(path)
