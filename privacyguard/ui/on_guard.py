"""Joins the window, the regular check and the sign beside the clock, when the vault is open."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox

from privacyguard.checkup import notices
from privacyguard.checkup.changes import Speak
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.session import Session
from privacyguard.ui.background import Background
from privacyguard.ui.main_window import HOME, MainWindow
from privacyguard.ui.presenters.guard import GuardPresenter
from privacyguard.ui.tasks import TaskRunner
from privacyguard.ui.tray import Tray

if TYPE_CHECKING:
    from privacyguard.ui.presenters.checkup import CheckupPresenter
    from privacyguard.ui.presenters.pages import PagesPresenter

TOLD_FLAG = "told-of-tray"

RESTS_AFTER_S = 10
"""Who opens the window again at once finds it as it was."""

LOOKS_AT_REST_S = 60
"""While something runs."""


class OnGuard(QObject):
    """``quit_requested``: the person wants the program to end. Closing the window only hides it while :meth:`stays`.

    ``rest_requested``: it has been hidden for a while, and nothing runs that needs it.
    """

    quit_requested = Signal()
    rest_requested = Signal()

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        tasks: TaskRunner,
        pages: "PagesPresenter",
        checkup: "CheckupPresenter",
        parent: QObject,
        icon_named: Callable[[str], QIcon],
    ) -> None:
        super().__init__(parent)
        self._window, self._session, self._pages, self._tasks = window, session, pages, tasks
        self._is_ended = False
        self.background = Background(session, tasks, self)
        self.background.is_watched = window.isActiveWindow
        self.presenter = GuardPresenter(window, session, tasks, self)
        self.tray = Tray(self, icon_named)
        self.told: QMessageBox | None = None
        self.background.icon_changed.connect(self.tray.show_icon)
        self.background.finished.connect(self._refresh)
        self.background.opened.connect(self._open_at)
        self.presenter.check_now_requested.connect(self.background.check_now)
        self.presenter.changed.connect(self.background.rearm)
        checkup.began.connect(self.background.show_looking)
        checkup.finished.connect(self._own_ended)
        self.tray.open_requested.connect(window.come_to_front)
        self.tray.check_requested.connect(self.background.check_now)
        self.tray.pause_requested.connect(self._pause)
        self.tray.quit_requested.connect(self.quit_requested)
        window.stays = self.stays
        self._rest = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._rest.timeout.connect(self._look_at_rest)
        window.hidden_on_guard.connect(lambda: self._rest.start(RESTS_AFTER_S * 1000))
        self.background.rearm()

    def stays(self) -> bool:
        """Whether closing leaves the program on guard: it can be reached then, and the person wants the regular check."""
        if self._is_ended or not Tray.is_there():
            return False
        try:
            if not self._session.vault.guard.state().is_on:
                return False
            if self._session.vault.flag(TOLD_FLAG) is None:
                self._tell_once()
        except PrivacyGuardError:
            return False
        return True

    def end(self) -> None:
        """Closing ends the program from now on. Calling it again does nothing."""
        if not self._is_ended:
            self._is_ended = True
            self._rest.stop()
            self.background.end()
            self.tray.end()
            if self.told is not None:
                self.told.close()

    def _tell_once(self) -> None:
        self._session.vault.set_flag(TOLD_FLAG, "yes")
        self.told = goes_on_box(self.quit_requested.emit)
        self.told.show()

    def _refresh(self) -> None:
        if self._window.current_page:
            self._pages.show(self._window.current_page)
        self.presenter.show()

    def _own_ended(self) -> None:
        self.background.rearm()
        self.presenter.show()

    def _pause(self) -> None:
        self.background.pause_for_a_day()
        self.presenter.show()

    def open_news(self) -> None:
        """Open the finding that is new, or the start page where it is something else, or several things."""
        self._open_at(Speak(notices.unseen(self.background.guard)).opens or "")

    def _look_at_rest(self) -> None:
        if self._window.isVisible() or self._is_ended:
            return
        if self._tasks.is_busy or (self.told is not None and self.told.isVisible()):
            self._rest.start(LOOKS_AT_REST_S * 1000)
        else:
            self.rest_requested.emit()

    def _open_at(self, key: str) -> None:
        self._window.come_to_front()
        if key:
            self._pages.open_finding(key)
        else:
            self._window.show_page(HOME)


def goes_on_box(quits: Callable[[], object]) -> QMessageBox:
    """Said once, when the window is closed for the first time: that the program goes on, and how to end it."""
    box = QMessageBox()
    box.setWindowTitle("PrivacyGuard")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_("PrivacyGuard goes on looking for you."))
    box.setInformativeText(
        _("Its sign is beside the clock. Click it to open the window. To end it, choose Quit there.")
    )
    box.addButton(_("OK"), QMessageBox.ButtonRole.AcceptRole)
    ending = box.addButton(_("Quit now"), QMessageBox.ButtonRole.DestructiveRole)
    box.buttonClicked.connect(lambda clicked: quits() if clicked is ending else None)
    return box
