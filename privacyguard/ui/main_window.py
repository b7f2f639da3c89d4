"""The window: navigation only. Its title is always the same, so that it tells nothing."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from privacyguard.i18n import _
from privacyguard.ui import clipboard
from privacyguard.ui.pages.opening import OpeningPage
from privacyguard.ui.widgets.side_panel import SideItem, SidePanel

START_SIZE = QSize(1120, 740)
ESCAPES_TO_HIDE = 3
NOT_PAINTED_MS = 2000
"""So long after it was shown the window counts as painted: one that opens minimised may not be for hours."""

HOME, FINDINGS, DETAILS, DISCLOSURES, HELP = "home", "findings", "details", "disclosures", "help"
WHERE, VISITS, CLEAN = "where", "visits", "clean"
LETTER, PASSWORDS, STATEMENT = "letter", "passwords", "statement"
SETTINGS, LICENCES = "settings", "licences"
OPENED = frozenset({LETTER, PASSWORDS, STATEMENT, LICENCES})
"""Pages that are opened from another one, and lead back to it."""


class MainWindow(QMainWindow):
    """Pages beside a list, or the guided checkup. ``page_opened`` tells the key of the page that is shown now.

    At first there is the opening page only, so that it is painted at once; ``painted`` comes once, after that. Then
    :meth:`add_pages`, before any page is shown or asked for.
    """

    painted = Signal()
    page_opened = Signal(str)
    closing = Signal()
    hidden_at_once = Signal()
    hidden_on_guard = Signal()

    def __init__(self, country: str) -> None:
        super().__init__()
        self.setWindowTitle("PrivacyGuard")
        self.resize(START_SIZE)
        self._country = country
        self._pages: dict[str, QWidget] = {}
        self._current, self._before_help, self._opened_from = HOME, HOME, DETAILS
        self._open_findings = 0
        self._escapes = 0
        self.stays: Callable[[], bool] = lambda: False
        self._is_ready = self._was_painted = False
        self.opening, self.side = OpeningPage(), SidePanel()
        self._stack, self._main, self._beside = QStackedWidget(), QStackedWidget(), QWidget()
        # From outside to inside: what gets a parent is styled anew, with all inside it.
        self.setCentralWidget(self._main)
        self._main.addWidget(self._beside)
        layout = QHBoxLayout(self._beside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side)
        layout.addWidget(self._stack, 1)
        self._stack.addWidget(self.opening)
        self.side.hide_requested.connect(self.hide_at_once)
        self.show_opening()

    def add_pages(self) -> None:
        """Make all other pages. Calling it again does nothing."""
        if not self._pages:
            self._make_pages()
            self._join_pages()

    def show_opening(self) -> None:
        """The page while the vault opens, or why it cannot be opened. Help works all the same."""
        self._is_ready = False
        self._main.setCurrentWidget(self._beside)
        self._stack.setCurrentWidget(self.opening)
        self._show_side()

    def show_page(self, key: str) -> None:
        """Open a page of the main window."""
        self._is_ready = self._is_ready or key != HELP
        if key == HELP and self._current != HELP:
            self._before_help = "checkup" if self._main.currentWidget() is self.wizard else self._current
        if key in OPENED and self._current not in {*OPENED, HELP}:
            self._opened_from = self._current
        self._current = key
        self._main.setCurrentWidget(self._beside)
        self._stack.setCurrentWidget(self._pages[key])
        self._show_side()
        self.page_opened.emit(key)
        first = {HOME: self.home.check, LETTER: self.letter.kind, PASSWORDS: self.passwords.switch.box}.get(key)
        if first is not None:
            first.setFocus()
        elif key == SETTINGS:
            self.settings.regular.box.setFocus()
        elif key == LICENCES:
            self.licences.filter.setFocus()
        elif key == STATEMENT:
            self.statement.focus_first()

    @property
    def current_page(self) -> str:
        """The key of the page that is shown, "" while there is none or the guided checkup is open."""
        return self._current if self._is_ready and self._main.currentWidget() is self._beside else ""

    def come_to_front(self) -> None:
        """Show the window, also where it was hidden or small."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_checkup(self) -> None:
        """Open the guided checkup."""
        self._is_ready = True
        self._main.setCurrentWidget(self.wizard)

    def show_count(self, open_findings: int) -> None:
        """How many findings are open, beside their line."""
        self._open_findings = open_findings
        self._show_side()

    def hide_at_once(self) -> None:
        """The quick exit: no window, nothing of ours in the clipboard. The program ends then, so that the vault is locked;
        what was found is kept, and starting it again opens it as always."""
        if self._pages:
            self.passwords.forget()
        clipboard.clear()
        self.hide()
        self.hidden_at_once.emit()

    def go_back(self) -> None:
        """From a letter, the test of passwords or the licences to the page it was opened from."""
        was_open = self._current
        self.show_page(self._opened_from)
        if self._current == FINDINGS:
            self.findings.take_keyboard()
        elif self._current == DETAILS and was_open == PASSWORDS:
            self.details.passwords.setFocus()
        elif self._current == DETAILS and was_open == LETTER:
            self.details.accounts.organisations.take_keyboard()
        elif self._current == SETTINGS:
            self.settings.licences.setFocus()

    def leave_help(self) -> None:
        """Back to where the person was before."""
        if not self._is_ready:
            self.show_opening()
        elif self._before_help == "checkup":
            self.show_checkup()
        else:
            self.show_page(self._before_help)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc three times hides the window."""
        self._escapes = self._escapes + 1 if event.key() == Qt.Key.Key_Escape else 0
        if self._escapes >= ESCAPES_TO_HIDE:
            self._escapes = 0
            self.hide_at_once()
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing ends the program, or hides the window where it stays on guard; what was found is kept."""
        if self.stays():
            self.passwords.forget()
            clipboard.clear()
            event.ignore()
            self.hide()
            self.hidden_on_guard.emit()
            return
        self.closing.emit()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Wait for the first paint, but not for ever."""
        super().showEvent(event)
        if not self._was_painted:
            QTimer.singleShot(NOT_PAINTED_MS, self._tell_painted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint when it has reached the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            QTimer.singleShot(0, self._tell_painted)

    def _tell_painted(self) -> None:
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def _make_pages(self) -> None:
        # Here: each of them, and what it needs, would delay the first paint.
        from privacyguard.ui.pages.clean import CleanPage
        from privacyguard.ui.pages.details import DetailsPage
        from privacyguard.ui.pages.disclosures import DisclosuresPage
        from privacyguard.ui.pages.findings import FindingsPage
        from privacyguard.ui.pages.help_now import HelpPage
        from privacyguard.ui.pages.home import HomePage
        from privacyguard.ui.pages.letter import LetterPage
        from privacyguard.ui.pages.licences import LicencesPage
        from privacyguard.ui.pages.passwords import PasswordsPage
        from privacyguard.ui.pages.settings import SettingsPage
        from privacyguard.ui.pages.statement import StatementPage
        from privacyguard.ui.pages.visits import VisitsPage
        from privacyguard.ui.pages.where import WherePage
        from privacyguard.ui.wizard.wizard import CheckupWizard

        self.home, self.findings, self.details = HomePage(), FindingsPage(), DetailsPage()
        self.disclosures, self.help, self.wizard = DisclosuresPage(), HelpPage(self._country), CheckupWizard()
        self.letter, self.passwords = LetterPage(), PasswordsPage()
        self.where, self.statement = WherePage(), StatementPage()
        self.visits, self.clean, self.settings = VisitsPage(), CleanPage(), SettingsPage()
        self.licences = LicencesPage()
        self._pages = {
            HOME: self.home,
            FINDINGS: self.findings,
            DETAILS: self.details,
            WHERE: self.where,
            VISITS: self.visits,
            CLEAN: self.clean,
            DISCLOSURES: self.disclosures,
            SETTINGS: self.settings,
            HELP: self.help,
            LETTER: self.letter,
            PASSWORDS: self.passwords,
            STATEMENT: self.statement,
            LICENCES: self.licences,
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._main.addWidget(self.wizard)

    def _join_pages(self) -> None:
        self.side.chosen.connect(self.show_page)
        self.wizard.side.hide_requested.connect(self.hide_at_once)
        for side in (self.side, self.wizard.side):
            side.help_requested.connect(lambda: self.show_page(HELP))
        self.help.closed.connect(self.leave_help)
        self.letter.closed.connect(self.go_back)
        self.passwords.closed.connect(self.go_back)
        self.licences.closed.connect(self.go_back)
        self.settings.licences_requested.connect(lambda: self.show_page(LICENCES))
        self.where.sources.by_hand_requested.connect(lambda: self.show_page(VISITS))
        for card in (self.home.regular, self.wizard.results.regular):
            card.settings_requested.connect(lambda: self.show_page(SETTINGS))
            card.news_requested.connect(lambda: self.show_page(FINDINGS))
        self.visits.bring.findings_requested.connect(lambda: self.show_page(FINDINGS))
        self.findings.clean_requested.connect(lambda: self.show_page(CLEAN))
        for page in (self.details, self.findings):
            page.passwords_requested.connect(lambda: self.show_page(PASSWORDS))

    def _show_side(self) -> None:
        count = str(self._open_findings) if self._open_findings else ""
        current = self._opened_from if self._current in OPENED else self._current
        names = {
            HOME: _("Home"),
            FINDINGS: _("Findings") + (f"  ({count})" if count else ""),
            DETAILS: _("My details"),
            WHERE: _("Where we look"),
            VISITS: _("Look by hand"),
            CLEAN: _("Clean photos"),
            DISCLOSURES: _("What left this computer"),
            SETTINGS: _("Settings"),
        }
        self.side.show_items(
            [SideItem(key, name, "", key == current and self._is_ready, self._is_ready) for key, name in names.items()]
        )
