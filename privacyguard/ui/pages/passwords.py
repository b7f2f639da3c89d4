"""Testing passwords: typed or from an export file. Nothing is kept, and all of it is gone when the page is left."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit

from privacyguard.i18n import _
from privacyguard.model.advice import Level
from privacyguard.ui.clipboard import clear_selection
from privacyguard.ui.pages.views import PasswordResult, PasswordsView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.import_panel import pick_export
from privacyguard.ui.widgets.inputs import Tick
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, bring_into_view, clear, column, holder, row
from privacyguard.ui.widgets.level_badge import LevelShape
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.widgets.working import Working

RESULTS_SHOWN = 200
_LEVELS = {True: Level.DO_TODAY, False: Level.NOTHING_FOUND, None: Level.COULD_NOT_CHECK}
_SECRET = (
    Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
    | Qt.InputMethodHint.ImhHiddenText
)


class PasswordsPage(ScrollPage):
    """Shows a :class:`PasswordsView` and results. ``test_requested``: what was typed; it is never shown with a result.

    ``left``: the page is not seen any more, so what runs for it can stop.
    """

    switched = Signal(bool)
    test_requested = Signal(str)
    file_chosen = Signal(str)
    cancel_requested = Signal()
    left = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.switch = Tick("")
        self.switch.toggled.connect(self.switched)
        self._sends, self._why_not = Text("", "soft"), Text("", "strong")
        self.working = Working(_("Testing"))
        self.working.cancel_requested.connect(self.cancel_requested)
        self._results = column(spacing=8)
        self._result_card = Card(Text(_("Result"), "heading"), self._results)
        self.back = button(_("Back"), on_click=self.closed.emit)
        leaving = row(self.back)
        leaving.addStretch(1)
        intro = _("Criminals try leaked passwords first, at many places. Use a new one, and only at one place.")
        self._typing, self._filing = self._typed(), self._file()
        self.add(column(Text(_("Test a password"), "title"), Text(intro, "soft"), spacing=4), self.problem)
        self.add(Card(self.switch, self._sends, self._why_not, spacing=4), self._typing, self._filing)
        self.add(self.working, self._result_card)
        self.add(Text(_("Nothing of this is kept. It is gone when you leave this page."), "small"), leaving)
        self.body.addStretch(1)
        self.forget()

    def show_view(self, view: PasswordsView) -> None:
        """Show who would be asked and whether they may be."""
        can_test = view.is_on and not view.why_not
        self.switch.show_words(_("We may ask {name}").format(name=view.service))
        self.switch.box.setChecked(can_test)
        self.switch.setEnabled(not view.why_not)
        self._sends.setText(view.sends)
        self._why_not.show_text(view.why_not)
        for card in (self._typing, self._filing):
            card.setEnabled(can_test)

    def show_running(self, is_running: bool) -> None:
        """Something is being tested."""
        self.test.setEnabled(not is_running)
        self.choose.setEnabled(not is_running)
        if not is_running and self.working.cancel.hasFocus():
            self.test.setFocus()
        if is_running:
            self.problem.clear()
            self.show_results(())
            self.working.begin()
            self.working.cancel.setFocus()
            bring_into_view(self.working)
        else:
            self.working.hide()

    def show_results(self, results: Sequence[PasswordResult], reminder: str = "") -> None:
        """Show what the list says, in this order, and below it what the person should do now."""
        clear(self._results)
        for each in results[:RESULTS_SHOWN]:
            words = row(LevelShape(_LEVELS[each.is_listed]), Text(each.words, "strong"), spacing=12)
            words.setStretch(1, 1)
            self._results.addLayout(words)
        if len(results) > RESULTS_SHOWN:
            more = _("And {count} more.").format(count=len(results) - RESULTS_SHOWN)
            self._results.addWidget(Text(more, "small"))
        if reminder:
            self._results.addWidget(Text(reminder))
        self._result_card.setVisible(bool(results))
        self._result_card.setAccessibleName(" ".join(each.words for each in results[:1]))
        bring_into_view(self._result_card)

    def forget(self) -> None:
        """Let go of all that was typed and found."""
        self.password.setText("")  # unlike clear(), it leaves nothing to undo
        clear_selection()
        self._hide_typed(True)
        self.problem.clear()
        self.show_running(False)
        self.show_results(())

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaving the page, or hiding the window, lets go of everything."""
        super().hideEvent(event)
        self.forget()
        self.left.emit()

    def _typed(self) -> Card:
        self.password = QLineEdit()
        self.password.setMaxLength(1000)
        self.password.setInputMethodHints(_SECRET)
        self.password.returnPressed.connect(self._test)
        label = Text(_("A password"), "heading")
        label.setBuddy(self.password)
        self.password.setAccessibleName(label.text())
        self.show_typed = button(_("Show"), "quiet", self._turn)
        self.test = button(_("Test it"), "primary", self._test)
        buttons = row(self.show_typed, self.test)
        return Card(label, Beside((self.password, 1), (holder(buttons), 0), room_em=50, spacing=8))

    def _file(self) -> Card:
        self.choose = button(_("Choose an export file…"), on_click=self._pick)
        words = _("Export your passwords there, as CSV. Delete the file afterwards: it holds your passwords.")
        actions = row(self.choose)
        actions.addStretch(1)
        return Card(Text(_("All from a password manager or browser"), "heading"), Text(words, "small"), actions)

    def _test(self) -> None:
        if self.password.text() and self.test.isEnabled():
            self.test_requested.emit(self.password.text())

    def _pick(self) -> None:
        path = pick_export(self)
        if path:
            self.file_chosen.emit(path)

    def _turn(self) -> None:
        self._hide_typed(self.password.echoMode() is QLineEdit.EchoMode.Normal)

    def _hide_typed(self, is_hidden: bool) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Password if is_hidden else QLineEdit.EchoMode.Normal)
        self.show_typed.setText(_("Show") if is_hidden else _("Hide it"))
        self.show_typed.setAccessibleName(_("Show the password") if is_hidden else _("Hide the password"))
