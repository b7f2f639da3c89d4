"""The regular check while the window, or its sign beside the clock, is there: one timer, and one piece of work at a time."""

import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from privacyguard.checkup import guarding, notices, regular, schedule, waking
from privacyguard.checkup.changes import ONE_IN, Speak
from privacyguard.checkup.regular import Guard, Ran
from privacyguard.checkup.waking import Woken
from privacyguard.desktop.conditions import Waking, senses
from privacyguard.desktop.notices import Ended, Notices, NoticesMissing
from privacyguard.desktop.notices import notices as notices_of_desktop
from privacyguard.desktop.priority import step_back
from privacyguard.errors import PrivacyGuardError
from privacyguard.guards import guard_of
from privacyguard.model.guard import Icon
from privacyguard.model.progress import CancelToken
from privacyguard.session import Session
from privacyguard.ui.tasks import Report, Task, TaskRunner

if TYPE_CHECKING:
    from privacyguard.checkup.parts import Parts


@dataclass(frozen=True)
class _Looked:
    """What one look brought, and the icon afterwards."""

    woken: Woken
    icon: Icon


class Background(QObject):
    """Runs the regular check when it is due. The vault is open.

    ``icon_changed``: how it stands; ``finished``: a check ended, so pages are old; ``opened``: a notice was clicked, with
    the key of the finding, "" for several things. ``is_watched``: the person looks at the window, so no notice is needed.
    """

    icon_changed = Signal(object)
    finished = Signal()
    opened = Signal(str)

    def __init__(
        self, session: Session, tasks: TaskRunner, parent: QObject, shower: Callable[[], Notices] = notices_of_desktop
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._shower = session, tasks, shower
        self.guard = guard_of(session, senses().now, session.turn, Waking(session.clock).since)
        self.is_watched: Callable[[], bool] = lambda: False
        self._task: Task | None = None
        self._notice: Task | None = None
        self._looks_again, self._checks_next, self._is_ended = False, False, False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.rearm)

    def rearm(self) -> None:
        """Look now what is due, and set the timer by it. It stands still in sleep, so it never runs for over 30 minutes."""
        self._start(at_once=False)

    def check_now(self) -> None:
        """A check of all places, due or not: the person asked for it."""
        self._start(at_once=True)

    def pause_for_a_day(self) -> None:
        """No check and no notice for a day; one that runs stops."""
        guarding.pause_for_a_day(self.guard.vault, self._session.clock())
        self.give_way()
        self.rearm()

    def give_way(self) -> None:
        """Stop a check that runs: the person begins one of their own. What it found is kept."""
        if self._task is not None:
            self._task.cancel()

    def show_looking(self) -> None:
        """The person's own checkup begins."""
        self.give_way()
        self.icon_changed.emit(Icon.LOOKING)
        if self._task is None and not self._is_ended:
            self._timer.start(int(waking.SHORTEST.total_seconds() * 1000))

    def end(self) -> None:
        """No more looks: the program ends, or all was forgotten."""
        self._is_ended = True
        self._timer.stop()
        for task in (self._task, self._notice):
            if task is not None:
                task.cancel()

    def _start(self, at_once: bool) -> None:
        if self._is_ended:
            return
        self._timer.stop()
        if self._task is not None:
            self._looks_again = True
            self._checks_next = self._checks_next or at_once
            return

        def work(token: CancelToken, report: Report) -> object:
            return self._look(token, report, at_once)

        self._task = self._tasks.start(
            work, done=self._looked, failed=self._failed, progressed=self.icon_changed.emit, cancelled=self._stopped
        )

    def _look(self, token: CancelToken, report: Report, at_once: bool) -> _Looked:
        """In a thread of its own, and with workers of its own: these keep its low priority."""
        if sys.platform == "linux":
            with suppress(OSError):  # some containers forbid it, and the work is the same
                step_back()
        with ExitStack() as stack:
            guard = replace(self.guard, parts=lambda: self._own_parts(stack, report))
            if at_once:
                conditions = guard.conditions
                # Somebody waits for it: it does not stand still while they are busy.
                done = regular.run_due(
                    replace(guard, conditions=lambda: replace(conditions(), busy=False)), token, at_once=True
                )
                ran, waits = (done, None) if isinstance(done, Ran) else (None, done.reason)
                woken = Woken(ran, waits, notices.to_say(guard), timedelta(seconds=1))
            else:
                woken = waking.wake(guard, token)
        return _Looked(woken, guarding.view(self.guard).icon)

    def _own_parts(self, stack: ExitStack, report: Report) -> "Parts":
        from privacyguard.analysis.page_reader import PageReader
        from privacyguard.analysis.pool import AnalysisPool

        report(Icon.LOOKING)
        pages = PageReader()
        stack.callback(pages.close)
        return replace(self._session.parts(), pool=stack.enter_context(AnalysisPool()), pages=pages)

    def _looked(self, result: object) -> None:
        assert isinstance(result, _Looked)
        woken = result.woken
        if self._is_ended:
            self._task = None
            return
        self.icon_changed.emit(result.icon)
        if isinstance(woken.says, Speak) and not self.is_watched():
            self._say(self.guard, woken.says)
        if woken.ran is not None:
            self.finished.emit()
        # Nothing tells here how the person's own checkup ends.
        self._next(waking.SHORTEST if result.icon is Icon.LOOKING and woken.next_in else woken.next_in)

    def _failed(self, error: PrivacyGuardError, details: str) -> None:
        if not self._is_ended:
            self.icon_changed.emit(Icon.COULD_NOT_CHECK)
        self._next(schedule.LOOK_AGAIN)

    def _stopped(self) -> None:
        self._next(waking.SHORTEST)

    def _next(self, wait: timedelta | None) -> None:
        self._task = None
        looks_again, self._looks_again = self._looks_again, False
        checks_next, self._checks_next = self._checks_next, False
        if looks_again:
            self._start(at_once=checks_next)
        elif wait is not None and not self._is_ended:
            self._timer.start(int(min(wait, waking.LONGEST).total_seconds() * 1000))

    def _say(self, guard: Guard, says: Speak) -> None:
        """Give the notice and wait for its click, which may come hours later. The next notice takes this one's place."""
        if self._notice is not None:
            self._notice.cancel()

        def work(token: CancelToken, report: Report) -> object:
            sent = self._shower().send()
            token.on_cancel(sent.close)
            try:
                notices.told(guard, says)
                return sent.wait(ONE_IN.total_seconds())
            finally:
                token.forget(sent.close)
                sent.close()

        def done(ended: object) -> None:
            self._forget(task)
            if ended is Ended.OPENED and not self._is_ended:
                self.opened.emit(says.opens or "")

        def failed(error: PrivacyGuardError, details: str) -> None:
            self._forget(task)
            self._not_said(error)

        task = self._tasks.start(work, done=done, failed=failed, cancelled=lambda: self._forget(task))
        self._notice = task

    def _forget(self, task: Task) -> None:
        if self._notice is task:
            self._notice = None

    def _not_said(self, error: PrivacyGuardError) -> None:
        """Where the desktop shows none it counts as not given, and the icon and the start page say it."""
        if not isinstance(error, NoticesMissing) and not self._is_ended:
            self.icon_changed.emit(Icon.COULD_NOT_CHECK)
