"""While the vault opens, and when it cannot be opened: what happened and what to do."""

from PySide6.QtCore import Signal

from privacyguard.errors import PasswordStoreLocked, PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import ScrollPage, row
from privacyguard.ui.widgets.text import Text


class OpeningPage(ScrollPage):
    """A line of words; with a problem also a button to try again."""

    retry_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = Text(_("Opening your locked file…"), "title")
        self.problem = ErrorBanner()
        self.waits = Text(_("The regular check waits until then as well."), "soft")
        self.retry = button(_("Try again"), "primary", self.retry_requested.emit)
        actions = row(self.retry)
        actions.addStretch(1)
        self.add(self.words, self.problem, self.waits, actions)
        self.body.addStretch(1)
        self.show_waiting()

    def show_waiting(self) -> None:
        """It is being opened; the password store may ask the person first."""
        self.words.setText(_("Opening your locked file…"))
        self.problem.clear()
        self.waits.hide()
        self.retry.hide()

    def show_problem(self, error: PrivacyGuardError, details: str = "") -> None:
        """It could not be opened."""
        self.words.setText(_("PrivacyGuard cannot start yet"))
        self.problem.show_error(error, details)
        self.waits.setVisible(isinstance(error, PasswordStoreLocked))
        self.retry.show()
        self.retry.setFocus()
