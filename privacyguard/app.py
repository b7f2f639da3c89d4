"""The window's composition root: every object is built and joined here. The window paints first, then the vault opens."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QSocketNotifier, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from privacyguard import logs
from privacyguard.errors import PrivacyGuardError, VaultUnwritable
from privacyguard.i18n import system_country
from privacyguard.model.progress import CancelToken
from privacyguard.net.instance import Instance, Role, ask, claim
from privacyguard.paths import Paths, make_private, resources
from privacyguard.session import Session
from privacyguard.startup import Started, started
from privacyguard.ui import theme
from privacyguard.ui.links import open_in_browser
from privacyguard.ui.main_window import DISCLOSURES, FINDINGS, HOME, MainWindow
from privacyguard.ui.tasks import Report, TaskRunner
from privacyguard.ui.widgets.focus_ring import FocusRing

if TYPE_CHECKING:
    from privacyguard.ui.on_guard import OnGuard


class App(QObject):
    """The window and its presenters, from start to end. ``asked_to_show``: emitted in any thread, by a second start."""

    asked_to_show = Signal()

    def __init__(self, start: Started, application: QApplication) -> None:
        super().__init__()
        self.session = Session(start.paths, start.personal)
        self.tasks = TaskRunner(self)
        self.window = MainWindow(system_country(os.environ))
        self._ring = FocusRing(application)
        self._application = application
        self._logger = start.logger
        self.guard: OnGuard | None = None
        self.asked_to_show.connect(self.window.come_to_front)
        self.window.opening.retry_requested.connect(self.open_vault)
        self.window.help.link_opened.connect(open_in_browser)
        self.window.findings.link_opened.connect(open_in_browser)
        self.window.closing.connect(self.end)
        self.window.hidden_at_once.connect(self._end_hidden)
        application.styleHints().colorSchemeChanged.connect(self._follow_theme)

    def open_vault(self) -> None:
        """Open the vault off the GUI thread: the password store may ask the person first."""
        self.window.opening.show_waiting()
        self.window.show_opening()

        def work(token: CancelToken, report: Report) -> object:
            # A check that waits in the background closes the vault for the window.
            ask(self.session.paths.runtime, self.session.paths.home, Role.BACKGROUND)
            return self.session.vault

        self.tasks.start(work, done=self._opened, failed=self._not_opened)

    def end(self) -> None:
        """Stop what runs, keep what was found, close the vault."""
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
        # Only now: what the presenters need would delay the first paint.
        from privacyguard.ui.on_guard import OnGuard
        from privacyguard.ui.presenters.checkup import CheckupPresenter
        from privacyguard.ui.presenters.pages import PagesPresenter

        self.pages = PagesPresenter(self.window, self.session, self.tasks, self)
        self.checkup = CheckupPresenter(self.window.wizard, self.session, self.tasks, self)
        self.guard = OnGuard(self.window, self.session, self.tasks, self.pages, self.checkup, self, _icon)
        self.guard.quit_requested.connect(self._end_hidden)
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
        else:
            self.window.show_page(HOME)

    def _not_opened(self, error: PrivacyGuardError, details: str) -> None:
        self._logger.warning("the vault was not opened: %s", type(error).__name__)
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


def main() -> int:
    """Open the window and run until it is closed; where there is one already, bring that to the front. The exit status."""
    with started(os.environ) as start, ExitStack() as stack:
        instance = stack.enter_context(_first_window(start.paths))
        if instance is None and ask(start.paths.runtime, start.paths.home, Role.WINDOW):
            return 0
        application = _application(start)
        application.setQuitOnLastWindowClosed(False)  # a question beside the clock may be the last window that closes
        app = App(start, application)
        app.window.closing.connect(application.quit)
        if instance is not None:
            instance.serve(app.asked_to_show.emit)
        logs.install_last_resort(start.logger, lambda: app.window.opening.show_problem(PrivacyGuardError()))
        stack.enter_context(_ends_on_signal(app, application))
        app.window.show()
        QTimer.singleShot(0, app.open_vault)
        status = application.exec()
        app.end()
        return int(status)


@contextmanager
def _first_window(paths: Paths) -> Iterator[Instance | None]:
    """Be the window that later starts bring to the front. None where there is one, or no folder for a socket."""
    try:
        make_private(paths.home)
        make_private(paths.runtime)
        instance = claim(paths.runtime, paths.home, Role.WINDOW)
    except (OSError, VaultUnwritable):  # the vault says what is wrong when it is opened
        instance = None
    if instance is None:
        yield None
        return
    with instance:
        yield instance


@contextmanager
def _ends_on_signal(app: App, application: QApplication) -> Iterator[None]:
    """SIGTERM ends the program. On POSIX without a timer: one would wake the computer all day only to look for it."""

    def end() -> None:
        app.end()
        application.quit()

    signal.signal(signal.SIGTERM, lambda *_: end())
    if sys.platform == "win32":
        awake = QTimer()  # lets Python see signals
        awake.timeout.connect(lambda: None)
        awake.start(500)
        yield
        return
    read, write = os.pipe()
    for descriptor in (read, write):
        os.set_blocking(descriptor, False)
    before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    notifier = QSocketNotifier(read, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: os.read(read, 64))  # Python sees the signal then
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        notifier.setEnabled(False)
        os.close(read)
        os.close(write)


def open_once() -> int:
    """Paint the window once and close it, without a vault: part of the self-test. 0 when there was something to see."""
    with started(os.environ) as start:
        application = _application(start)
        app = App(start, application)
        app.window.show()
        application.processEvents()
        is_painted = app.window.isVisible() and not app.window.grab().isNull()
        app.end()
        return 0 if is_painted else 1


def _icon(name: str) -> QIcon:
    return QIcon(str(resources() / "icons" / f"{name}.svg"))


def _application(start: Started) -> QApplication:
    # Qt's file dialog writes the folders that were chosen to its settings: they go to memory, and are gone at the end.
    for kind in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(start.temporary))
    application = QApplication(sys.argv[:1])
    application.setApplicationName("PrivacyGuard")
    application.setDesktopFileName("privacyguard")
    application.setWindowIcon(_icon("privacyguard"))
    theme.apply(application, theme.system_tokens())
    return application
