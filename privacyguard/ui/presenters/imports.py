"""The presenter of an import: the names of sites from a password manager's or browser's export, and nothing else."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _, ngettext
from privacyguard.model.person import Identifier, IdentifierKind, Person, normalised
from privacyguard.model.progress import CancelToken
from privacyguard.session import Session
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.widgets.import_panel import ImportPanel
from privacyguard.ui.widgets.text import one_line


class ServicesImport(QObject):
    """Reads the file that was chosen in a worker that then ends. ``changed``: services were added."""

    changed = Signal()

    def __init__(
        self,
        panel: ImportPanel,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._session, self._tasks, self._person = panel, session, tasks, person
        self._running: Task | None = None
        panel.file_chosen.connect(self._read)
        panel.working.cancel_requested.connect(self._cancel)

    def _read(self, path: str) -> None:
        person, session = self._person(), self._session
        if person is None:
            self._panel.show_done(_("Start a checkup first, so that we know who this is for."))
            return

        def work(token: CancelToken, report: Report) -> object:
            from privacyguard.analysis.export_reader import read_in_worker

            read = read_in_worker(Path(path), False, token)
            services = tuple(
                dict.fromkeys(normalised(IdentifierKind.SERVICE, name) for name in read.sites + read.names)
            )
            session.personal.add([service.value for service in services])
            new = session.vault.add_identifiers(person.person_id, services)
            return services, new

        def tell(result: object) -> None:
            assert isinstance(result, tuple)
            services, new = result
            self._running = None
            self._panel.show_done(import_words(services, new, Path(path).name))
            self.changed.emit()

        self._panel.show_running()
        self._running = self._tasks.start(work, done=tell, failed=self._fail, cancelled=self._stopped)

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _fail(self, error: PrivacyGuardError, details: str) -> None:
        self._running = None
        self._panel.show_error(error, details)

    def _stopped(self) -> None:
        self._running = None
        self._panel.show_done(_("Stopped. Nothing was added."))


def import_words(services: tuple[Identifier, ...], new: int, file_name: str) -> str:
    """What was read and what is new, and that the file is to be deleted, by its name."""
    count = len(services)
    if not count:
        return _("We found no site name in this file. Delete it if it holds your passwords: {file}").format(
            file=one_line(file_name)
        )
    read = ngettext(
        "We read {count} site name and nothing else.", "We read {count} site names and nothing else.", count
    ).format(count=count)
    added = ngettext("{count} is new.", "{count} are new.", new).format(count=new)
    delete = _("Now delete the export file: it holds your passwords. Its name: {file}").format(file=one_line(file_name))
    return f"{read} {added} {delete}"
