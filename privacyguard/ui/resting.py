"""The program while its window is closed: its sign beside the clock and the regular check, and nothing else in memory."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon

from privacyguard import logs
from privacyguard.again import NEWS, RESTING
from privacyguard.checkup import schedule
from privacyguard.desktop.conditions import senses
from privacyguard.errors import PasswordStoreLocked, PrivacyGuardError
from privacyguard.model.guard import Icon
from privacyguard.model.progress import CancelToken
from privacyguard.net.instance import Wish
from privacyguard.session import Session
from privacyguard.startup import started
from privacyguard.ui.background import Background
from privacyguard.ui.program import application, ends_on_signal, first_window, go_on, icon
from privacyguard.ui.tasks import Report, TaskRunner
from privacyguard.ui.tray import Tray

QUIET_S = 10
"""After a check: what it needed goes out of memory."""


class Next(StrEnum):
    """What the program becomes when it does not rest any more."""

    ENDS = "ends"
    WINDOW = "window"
    NEWS = "news"
    RESTS = "rests"


class Resting(QObject):
    """From a start without a window to the moment when one is wanted.

    ``ended``: with what comes next, once. ``asked``: emitted in any thread, by a second start.
    """

    ended = Signal(object)
    asked = Signal(object)

    def __init__(self, session: Session, icon_named: Callable[[str], QIcon]) -> None:
        super().__init__()
        self._session = session
        self.tasks = TaskRunner(self)
        self.background: Background | None = None
        self.tray = Tray(self, icon_named)
        self._checks_first = self._pauses_first = self._is_ended = False
        self.tray.open_requested.connect(lambda: self._end(Next.WINDOW))
        self.tray.quit_requested.connect(lambda: self._end(Next.ENDS))
        self.tray.check_requested.connect(self._check_now)
        self.tray.pause_requested.connect(self._pause)
        self.asked.connect(lambda wish: self._end(Next.NEWS if wish is Wish.NEWS else Next.WINDOW))
        self._again = QTimer(self, singleShot=True, timerType=Qt.TimerType.VeryCoarseTimer)
        self._again.timeout.connect(self.begin)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_S * 1000)
        self._quiet.timeout.connect(self._start_anew)

    def begin(self) -> None:
        """Open the vault where that asks the person nothing, and look what is due. Later again where it cannot be opened."""
        if not self.tasks.is_busy:
            self.tasks.start(self._open, done=self._opened, failed=self._not_opened)

    def end(self) -> None:
        """Stop what runs, keep what was found, close the vault. Calling it again does nothing."""
        self._end(Next.ENDS)

    def _open(self, token: CancelToken, report: Report) -> object:
        if senses().now().keyring_locked:
            raise PasswordStoreLocked("it would ask the person")
        return self._session.vault

    def _opened(self, vault: object) -> None:
        if self._is_ended:
            return
        self.background = Background(self._session, self.tasks, self)
        self.background.icon_changed.connect(self.tray.show_icon)
        self.background.finished.connect(self._quiet.start)
        self.background.opened.connect(lambda _key: self._end(Next.NEWS))
        if self._pauses_first:
            self.background.pause_for_a_day()
        elif self._checks_first:
            self.background.check_now()
        else:
            self.background.rearm()

    def _not_opened(self, error: PrivacyGuardError, details: str) -> None:
        if not self._is_ended:
            self.tray.show_icon(Icon.COULD_NOT_CHECK)
            self._again.start(int(schedule.LOOK_AGAIN.total_seconds() * 1000))

    def _check_now(self) -> None:
        if self.background is not None:
            self.background.check_now()
        else:
            self._checks_first = True
            self.begin()

    def _pause(self) -> None:
        if self.background is not None:
            self.background.pause_for_a_day()
        else:
            self._pauses_first = True
            self.begin()

    def _start_anew(self) -> None:
        """Not while a notice waits for its click, or the menu for a choice."""
        if self.tasks.is_busy or self.tray.menu.isVisible():
            return
        self._end(Next.RESTS)

    def _end(self, then: Next) -> None:
        if self._is_ended:
            return
        self._is_ended = True
        self._again.stop()
        self._quiet.stop()
        if self.background is not None:
            self.background.end()
        self.tray.end()
        self.tasks.end_all()
        self._session.close()
        self.ended.emit(then)


_STARTS_WITH = {Next.WINDOW: (), Next.NEWS: (NEWS,), Next.RESTS: (RESTING,)}


def rest() -> int:
    """Run with the sign beside the clock only, until a window is wanted: then this becomes the program with a window."""
    with started(os.environ) as start, ExitStack() as stack:
        instance = stack.enter_context(first_window(start.paths))
        if instance is None:
            return 0
        qt = application(start)
        resting, after = Resting(Session(start.paths, start.personal), icon), [Next.ENDS]
        resting.ended.connect(after.append)
        resting.ended.connect(qt.quit)
        instance.serve(resting.asked.emit)
        logs.install_last_resort(start.logger, lambda: None)
        stack.enter_context(ends_on_signal(resting.end, qt))
        QTimer.singleShot(0, resting.begin)
        qt.exec()
        resting.end()
    return 0 if after[-1] is Next.ENDS else go_on(_STARTS_WITH[after[-1]])
