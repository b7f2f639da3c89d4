"""Slow work off the GUI thread: progress while it runs, and exactly one end.

Here, and in the last resort of the program, everything is caught: a bug ends its task, not the app.
"""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from privacyguard.errors import Cancelled, PrivacyGuardError
from privacyguard.logs import where
from privacyguard.model.progress import CancelToken

Report = Callable[[object], None]
Work = Callable[[CancelToken, Report], object]


class Task(QObject):
    """One piece of work. ``succeeded``, ``failed`` or ``cancelled`` comes once, then nothing more; all in the GUI thread."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object, str)
    cancelled = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.token = CancelToken()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self.token.cancel()


class TaskRunner(QObject):
    """Starts work in threads and waits for all of it when the app ends. Belongs to the application, never to a page."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Task, threading.Thread] = {}

    def start(
        self,
        work: Work,
        *,
        done: Callable[[object], object] | None = None,
        failed: Callable[[PrivacyGuardError, str], object] | None = None,
        progressed: Callable[[object], object] | None = None,
        cancelled: Callable[[], object] | None = None,
    ) -> Task:
        """Run ``work(token, report)`` in a thread. The callbacks run in the GUI thread."""
        task = Task(self)
        for signal, slot in (
            (task.succeeded, done),
            (task.failed, failed),
            (task.progressed, progressed),
            (task.cancelled, cancelled),
        ):
            if slot is not None:
                signal.connect(slot)
        for end in (task.succeeded, task.failed, task.cancelled):
            end.connect(self._forget)
        thread = threading.Thread(target=_run, args=(work, task), name="task", daemon=True)
        self._running[task] = thread
        thread.start()
        return task

    @property
    def is_busy(self) -> bool:
        """Whether anything runs."""
        return bool(self._running)

    def end_all(self, seconds: float = 5.0) -> None:
        """Cancel everything and wait for it, so that nothing is cut in the middle of a write."""
        for task in list(self._running):
            task.cancel()
        for thread in list(self._running.values()):
            thread.join(seconds)

    def _forget(self) -> None:
        task = self.sender()
        if isinstance(task, Task):
            self._running.pop(task, None)
            task.deleteLater()


def _run(work: Work, task: Task) -> None:
    try:
        result = work(task.token, task.progressed.emit)
    except Cancelled:
        task.cancelled.emit()
    except PrivacyGuardError as error:
        task.failed.emit(error, "")
    except Exception as error:  # noqa: BLE001  (a bug ends its task; where it was is told, never its values)
        task.failed.emit(PrivacyGuardError(type(error).__name__), where(error))
    else:
        task.succeeded.emit(result)
