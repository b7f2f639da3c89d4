"""Slow work off the GUI thread: progress while it runs, and exactly one end.

Here, and in the last resort of the program, everything is caught: a bug ends its task, not the app.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from privacyguard.errors import Cancelled, PrivacyGuardError
from privacyguard.logs import where
from privacyguard.model.progress import CancelToken

Report = Callable[[object], None]
Work = Callable[[CancelToken, Report], object]


class Task(QObject):
    """One piece of work. One of its ends comes once, then nothing more; every callback runs in the GUI thread."""

    _progressed = Signal(object)
    _succeeded = Signal(object)
    _failed = Signal(object, str)
    _cancelled = Signal()

    def __init__(self, parent: "TaskRunner", calls: "_Calls") -> None:
        super().__init__(parent)
        self.token = CancelToken()
        self._calls = calls
        # Bound methods of this object, so that what a thread emits is handled in the thread that this object lives in.
        self._progressed.connect(self._on_progress)
        self._succeeded.connect(self._on_success)
        self._failed.connect(self._on_failure)
        self._cancelled.connect(self._on_cancel)

    def cancel(self) -> None:
        """Ask the work to stop."""
        self.token.cancel()

    def run(self, work: Work) -> None:
        """Do the work; called in its thread."""
        try:
            result = work(self.token, self._progressed.emit)
        except Cancelled:
            self._cancelled.emit()
        except PrivacyGuardError as error:
            self._failed.emit(error, "")
        except Exception as error:  # noqa: BLE001  (a bug ends its task; where it was is told, never its values)
            self._failed.emit(PrivacyGuardError(type(error).__name__), where(error))
        else:
            self._succeeded.emit(result)

    @Slot(object)
    def _on_progress(self, value: object) -> None:
        if self._calls.progressed is not None:
            self._calls.progressed(value)

    @Slot(object)
    def _on_success(self, result: object) -> None:
        self._end()
        if self._calls.done is not None:
            self._calls.done(result)

    @Slot(object, str)
    def _on_failure(self, error: PrivacyGuardError, details: str) -> None:
        self._end()
        if self._calls.failed is not None:
            self._calls.failed(error, details)

    @Slot()
    def _on_cancel(self) -> None:
        self._end()
        if self._calls.cancelled is not None:
            self._calls.cancelled()

    def _end(self) -> None:
        runner = self.parent()
        if isinstance(runner, TaskRunner):
            runner.forget(self)


@dataclass(frozen=True)
class _Calls:
    done: Callable[[object], object] | None
    failed: Callable[[PrivacyGuardError, str], object] | None
    progressed: Callable[[object], object] | None
    cancelled: Callable[[], object] | None


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
        task = Task(self, _Calls(done, failed, progressed, cancelled))
        thread = threading.Thread(target=task.run, args=(work,), name="task", daemon=True)
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

    def forget(self, task: Task) -> None:
        """A task has ended."""
        self._running.pop(task, None)
        task.deleteLater()
