"""The presenter of the page "Where we look": the cards of the places at any time, outside a checkup."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from privacyguard.model.person import Person
from privacyguard.session import Session
from privacyguard.ui.main_window import STATEMENT, MainWindow
from privacyguard.ui.presenters.places import PlacesPresenter
from privacyguard.ui.presenters.sources import SourcesPresenter
from privacyguard.ui.presenters.statement import StatementPresenter
from privacyguard.ui.tasks import TaskRunner


class WherePresenter(QObject):
    """Joins the page with the session; the statement is asked for on a page of its own, which leads back."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        groups = window.where.sources
        self._statement = StatementPresenter(window.statement, session, person, self)
        self._sources = SourcesPresenter(groups, session, tasks, person, lambda: self._statement.is_needed, self)
        self._places = PlacesPresenter(groups.folders, groups.pages, session, self)
        for part in (self._sources, self._places):
            part.changed.connect(self.show)
        self._sources.statement_wanted.connect(self._ask_statement)
        self._statement.ended.connect(self._stated)
        window.visits.bring.statement_requested.connect(self._ask_statement)

    def show(self) -> None:
        """Bring the page up to date."""
        self._window.where.sources.show_view(self._sources.view())

    def _ask_statement(self) -> None:
        self._statement.open()
        self._window.show_page(STATEMENT)

    def _stated(self, is_stated: bool) -> None:
        """Back to the page that asked for it."""
        self._window.go_back()
        self._sources.go_on(is_stated)
