"""What went wrong, in words: what happened, what to do, and details to copy."""

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.advice import Level
from privacyguard.ui.clipboard import copy
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Card, bring_into_view, row
from privacyguard.ui.widgets.level_badge import LevelShape
from privacyguard.ui.widgets.text import Text


class ErrorBanner(Card):
    """Hidden until there is something to say."""

    def __init__(self) -> None:
        self._title = Text("", "strong")
        self._remedy = Text("", "soft")
        self._details = ""
        head = row(LevelShape(Level.COULD_NOT_CHECK), self._title, spacing=12)
        head.setStretch(1, 1)
        self._copy = button(_("Copy details"), "quiet", self._copy_details)
        actions = row(self._copy)
        actions.addStretch(1)
        super().__init__(head, self._remedy, actions, role="banner", spacing=8)
        self.hide()

    def show_error(self, error: PrivacyGuardError, details: str = "", remedy: str = "") -> None:
        """Show an error of our family.

        ``details``: where it happened, without anything personal; ``remedy``: words in place of the error's own.
        """
        remedy = remedy or _(error.remedy)
        self._title.setText(_(error.title))
        self._remedy.setText(remedy)
        self._details = "\n".join(part for part in (type(error).__name__, str(error), details) if part)
        self.setAccessibleName(f"{_(error.title)} {remedy}")
        self.show()
        bring_into_view(self)

    def clear(self) -> None:
        """Say nothing any more."""
        self.hide()

    def _copy_details(self) -> None:
        copy(self._details)
