"""The presenter of the statement: asked once for each new face pattern, before the web is searched for it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from privacyguard.checkup.plan import NO_STATEMENT
from privacyguard.checkup.web_faces import waits, why_not
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.person import Person
from privacyguard.model.statement import SENTENCE, is_the_sentence
from privacyguard.session import Session
from privacyguard.ui.pages.source_views import StatementView
from privacyguard.ui.pages.statement import StatementPage


class StatementPresenter(QObject):
    """Joins the page with the vault. ``ended``: whether the sentence is kept now, also where it counts only later."""

    ended = Signal(bool)

    def __init__(
        self, page: StatementPage, session: Session, person: Callable[[], Person | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._person = page, session, person
        page.agreed.connect(self._keep)
        page.declined.connect(lambda: self.ended.emit(False))
        page.closed.connect(lambda: self.ended.emit(True))

    @property
    def is_needed(self) -> bool:
        """Whether the sentence is all that is missing before this person's face may be looked for on the web."""
        person = self._person()
        return person is not None and why_not(person, self._session.vault, self._session.clock()) == NO_STATEMENT

    def open(self) -> None:
        """Ask for the sentence anew."""
        self._page.show_view(StatementView(_(SENTENCE)))

    def _keep(self, typed: str) -> None:
        person = self._person()
        if person is None:
            return
        if not is_the_sentence(typed):
            self._page.show_error(_("This is not the sentence yet. Please type it as it stands here, all of it."))
            return
        now = self._session.clock()
        try:
            kept = self._session.vault.save_statement(person.person_id, now)
        except PrivacyGuardError as error:
            self._page.problem.show_error(error)
            return
        if kept.counts(now):
            self.ended.emit(True)
        else:
            self._page.show_view(StatementView(_(SENTENCE), waits(kept, now)))
            self._page.focus_first()
