"""The window's composition root: every object is built and joined here. The window paints first, then the vault opens."""

import os
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from privacyguard import logs
from privacyguard.again import RESTING
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import system_country
from privacyguard.model.progress import CancelToken
from privacyguard.net.instance import Role, Wish, ask
from privacyguard.startup import Started, started
from privacyguard.ui import theme
from privacyguard.ui.main_window import DISCLOSURES, FINDINGS, HOME, MainWindow
from privacyguard.ui.program import application, ends_on_signal, first_window, go_on, icon
from privacyguard.ui.tasks import Report, TaskRunner
from privacyguard.ui.widgets.focus_ring import FocusRing

if TYPE_CHECKING:
    from privacyguard.session import Session
    from privacyguard.ui.on_guard import OnGuard


class App(QObject):
    """The window and its presenters, from start to end. ``asked``: emitted in any thread, by a second start, with its wish.

    ``shows_news``: what is new is wanted, not the start page. ``rests``: at the end, whether the program goes on without a
    window; ``is_found``: another start will find it then.
    """

    asked = Signal(object)

    def __init__(self, start: Started, application: QApplication, *, shows_news: bool = False) -> None:
        super().__init__()
        self.is_found, self.rests, self._shows_news = False, False, shows_news
        self._is_ended = self._has_pages = False
        self._start = start
        self.tasks = TaskRunner(self)
        self.window = MainWindow(system_country(os.environ))
        self._ring = FocusRing(application)
        self._application = application
        self.guard: OnGuard | None = None
        self.asked.connect(self._asked)
        self.window.opening.retry_requested.connect(self.open_vault)
        self.window.closing.connect(self.end)
        self.window.hidden_at_once.connect(self._end_hidden)
        application.styleHints().colorSchemeChanged.connect(self._follow_theme)

    @cached_property
    def session(self) -> "Session":
        """The parts of this run. Not before the first paint: what they need would delay it."""
        from privacyguard.session import Session

        return Session(self._start.paths, self._start.personal)

    def open_vault(self) -> None:
        """Open the vault off the GUI thread: the password store may ask the person first. Meanwhile the pages are made."""
        if self._is_ended:
            return
        self.window.opening.show_waiting()
        self.window.show_opening()

        def work(token: CancelToken, report: Report) -> object:
            # A check that waits in the background closes the vault for the window.
            ask(self.session.paths.runtime, self.session.paths.home, Role.BACKGROUND)
            return self.session.vault

        self.tasks.start(work, done=self._opened, failed=self._not_opened)
        if not self._has_pages:
            self._add_pages()

    def _add_pages(self) -> None:
        from privacyguard.ui.links import open_in_browser

        self._has_pages = True
        self.window.add_pages()
        for page in (self.window.help, self.window.findings):
            page.link_opened.connect(open_in_browser)

    def end(self) -> None:
        """Stop what runs, keep what was found, close the vault."""
        self._is_ended = True
        if self.guard is not None:
            self.guard.end()
        self.tasks.end_all()
        self.session.close()
        self._ring.end()

    def _end_hidden(self) -> None:
        """After the quick exit: lock the vault and end. Without a window nobody could bring it back."""
        self.end()
        self._application.quit()

    def _opened(self, vault: object) -> None:
        if self._is_ended:  # while it was opened: nothing may go on guard any more, and keep the window from closing
            return
        # Only now: what the presenters need would delay the first paint.
        from privacyguard.ui.on_guard import OnGuard
        from privacyguard.ui.presenters.checkup import CheckupPresenter
        from privacyguard.ui.presenters.pages import PagesPresenter

        self.pages = PagesPresenter(self.window, self.session, self.tasks, self)
        self.checkup = CheckupPresenter(self.window.wizard, self.session, self.tasks, self)
        self.guard = OnGuard(self.window, self.session, self.tasks, self.pages, self.checkup, self, icon)
        self.guard.quit_requested.connect(self._end_hidden)
        self.guard.rest_requested.connect(self._rest)
        self.pages.everything_forgotten.connect(self._forgotten)
        self.window.home.check_requested.connect(self._start_checkup)
        self.window.details.add_face_requested.connect(self._start_checkup)
        self.checkup.left.connect(lambda: self.window.show_page(HOME))
        self.checkup.finished.connect(lambda: self.pages.show(HOME))
        results = self.window.wizard.results
        results.findings_requested.connect(lambda: self.window.show_page(FINDINGS))
        results.disclosures_requested.connect(lambda: self.window.show_page(DISCLOSURES))
        results.report_requested.connect(self._write_report)
        if self.session.vault.last_checkup() is None:
            self._start_checkup()
        elif self._shows_news:
            self.guard.open_news()
        else:
            self.window.show_page(HOME)

    def _asked(self, wish: Wish) -> None:
        """A second start. Before the vault is open there is nothing to choose a page from."""
        self._shows_news = wish is Wish.NEWS
        if self._shows_news and self.guard is not None:
            self.guard.open_news()
        else:
            self.window.come_to_front()

    def _rest(self) -> None:
        """The window is closed for a while: go on without it, so that it takes no memory."""
        from privacyguard.guards import own_program

        if self.is_found and own_program() is not None:
            self.rests = True
            self._end_hidden()

    def _not_opened(self, error: PrivacyGuardError, details: str) -> None:
        self._start.logger.warning("the vault was not opened: %s", type(error).__name__)
        self.window.opening.show_problem(error, details)

    def _start_checkup(self) -> None:
        self.checkup.open()
        self.window.show_checkup()

    def _write_report(self, path: str) -> None:
        try:
            self.session.write_report(Path(path))
        except PrivacyGuardError as error:
            self.window.wizard.show_problem(error)

    def _forgotten(self, receipt: str) -> None:
        if self.guard is not None:
            self.guard.end()
        self.window.opening.words.setText(receipt)
        self.window.opening.retry.hide()
        self.window.show_opening()

    def _follow_theme(self) -> None:
        theme.apply(self._application, theme.system_tokens())


def main(*, shows_news: bool = False) -> int:
    """Open the window and run until it is closed; where there is one already, bring that to the front. The exit status.

    ``shows_news``: with what is new, not with the start page.
    """
    wish = Wish.NEWS if shows_news else Wish.SHOW
    with started(os.environ) as start, ExitStack() as stack:
        instance = stack.enter_context(first_window(start.paths))
        if instance is None and ask(start.paths.runtime, start.paths.home, Role.WINDOW, wish=wish):
            return 0
        qt = application(start)
        theme.apply(qt, theme.system_tokens())
        app = App(start, qt, shows_news=shows_news)
        app.window.closing.connect(qt.quit)
        app.window.painted.connect(app.open_vault)
        if instance is not None:
            instance.serve(app.asked.emit)
            app.is_found = True
        logs.install_last_resort(start.logger, lambda: app.window.opening.show_problem(PrivacyGuardError()))
        stack.enter_context(ends_on_signal(app.end, qt))
        app.window.show()
        status = qt.exec()
        app.end()
    return go_on([RESTING]) if app.rests else int(status)


def open_once() -> int:
    """Paint the window with all its pages and close it, without a vault: part of the self-test. 0 when it was seen."""
    with started(os.environ) as start:
        qt = application(start)
        theme.apply(qt, theme.system_tokens())
        app = App(start, qt)
        app.window.show()
        qt.processEvents()
        app.window.add_pages()
        app.window.show_page(HOME)
        qt.processEvents()
        is_painted = app.window.isVisible() and not app.window.grab().isNull()
        app.end()
        return 0 if is_painted else 1
