"""The presenter of the page "Looking": runs one checkup off the GUI thread and tells how far each place is."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.waiting import goes_on, why_it_takes_time
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _, ngettext
from privacyguard.model.person import Person
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.session import Session
from privacyguard.ui.presenters.sending import SendingAnswers
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.wizard.looking_pages import LookingPage
from privacyguard.ui.wizard.views import LookingRow

WAIT_S = 0.2


class CheckupRun(QObject):
    """Joins the page with one checkup at a time. It ends in one of three ways: with the checkup, a problem, or stopped.

    ``begun``: a regular check that runs should give way.
    """

    begun = Signal()
    ended = Signal(object)
    failed = Signal(object, str)
    stopped = Signal()

    def __init__(self, page: LookingPage, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks = page, session, tasks
        self._rows: dict[str, LookingRow] = {}
        self._running: Task | None = None

    @property
    def is_running(self) -> bool:
        """Whether a checkup runs."""
        return self._running is not None

    def start(self, person: Person, answers: SendingAnswers) -> None:
        """Ask every place that is on; ``answers``: which ones get a photo this time."""
        session = self._session
        cards = [source.info for source in session.sources if not source.info.by_hand and session.is_on(source.info)]
        self._rows = {card.id: LookingRow(card.id, _(card.name), _("Waiting")) for card in cards}
        self._page.show_rows(tuple(self._rows.values()))
        self._page.show_running(True)

        def run(token: CancelToken, report: Report) -> object:
            plan = CheckupPlan(
                person.person_id,
                session.switched_on(),
                photos=answers.photos,
                face_search_agreed=answers.face_search_agreed,
            )
            while not session.turn.acquire(timeout=WAIT_S):  # a regular check is about to give way
                token.check()
            try:
                return run_checkup(plan, session.parts(), report, token)
            finally:
                session.turn.release()

        self.begun.emit()
        self._running = self._tasks.start(
            run, done=self._done, failed=self._fail, progressed=self._show_progress, cancelled=self._stopped
        )

    def cancel(self) -> None:
        """Stop a running checkup; what was found is kept."""
        if self._running is not None:
            self._running.cancel()

    def _show_progress(self, progress: object) -> None:
        assert isinstance(progress, Progress)
        row = self._rows.get(progress.source_id)
        if row is not None:
            self._rows[progress.source_id] = looking_row(row, progress)
            self._page.show_rows(tuple(self._rows.values()))

    def _done(self, checkup: object) -> None:
        self._end()
        self.ended.emit(checkup)

    def _fail(self, error: PrivacyGuardError, details: str) -> None:
        self._end()
        self.failed.emit(error, details)

    def _stopped(self) -> None:
        self._end()
        self.stopped.emit()

    def _end(self) -> None:
        self._running = None
        self._page.show_running(False)


def looking_row(row: LookingRow, progress: Progress) -> LookingRow:
    """What a row says of a source's progress."""
    is_running = progress.state is SourceState.RUNNING
    fraction = progress.seen / progress.total if progress.total else None
    words = {
        SourceState.WAITING: _("Waiting"),
        SourceState.RUNNING: _counted(progress),
        SourceState.CHECKED: f"{_('Done')}. {_counted(progress)}",
        SourceState.SKIPPED: _("Stopped.") if progress.left else _("Not asked"),
        SourceState.FAILED: _("This did not work. The others go on."),
    }[progress.state]
    more = why_it_takes_time(progress) if is_running else goes_on(progress.seen, progress.left)
    return replace(
        row,
        words=f"{words}\n{more}" if more else words,
        is_running=is_running,
        is_failed=progress.state is SourceState.FAILED,
        fraction=fraction if is_running else None,
    )


def _counted(progress: Progress) -> str:
    found = ngettext("{count} found", "{count} found", progress.found).format(count=progress.found)
    if progress.total is None:
        seen = ngettext("{count} looked at", "{count} looked at", progress.seen).format(count=progress.seen)
    else:
        seen = _("{count} of {total} looked at").format(count=progress.seen, total=progress.total)
    return f"{seen}, {found}"
