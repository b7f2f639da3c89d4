"""The presenter of "Is there a copy in an archive?". Answers live as long as the window, and are not kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from privacyguard.advice.archives import copies_words, what_to_do
from privacyguard.checkup.archives import Archived, look_up, web_addresses
from privacyguard.errors import PrivacyGuardError, SourceError
from privacyguard.model.archive import ArchiveCopies
from privacyguard.model.progress import CancelToken
from privacyguard.session import Session
from privacyguard.sources.base import ArchiveSource
from privacyguard.sources.wayback import Wayback
from privacyguard.ui.pages.findings import FindingsPage
from privacyguard.ui.pages.views import ArchiveLine, ArchiveView
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.wording_by_hand import remedy_by_hand

OpenLetter = Callable[[str, Sequence[str]], None]


@dataclass
class _Asked:
    """One finding: what runs for it, what is shown of it, and every address that a letter would name."""

    view: ArchiveView = field(default_factory=ArchiveView)
    task: Task | None = None
    addresses: tuple[str, ...] = field(default=(), repr=False)


class ArchivesPresenter(QObject):
    """Joins the detail of a finding with the archive. ``open_letter``: shows a letter about a finding and addresses."""

    def __init__(
        self, page: FindingsPage, session: Session, tasks: TaskRunner, open_letter: OpenLetter, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks, self._open_letter = page, session, tasks, open_letter
        self._asked: dict[str, _Asked] = {}
        page.archive_requested.connect(self._ask)
        page.archive_cancelled.connect(self._stop)
        page.archive_letter_requested.connect(self._write)
        page.detail_shown.connect(self._show)

    def _ask(self, key: str) -> None:
        """Ask, with the button beside the words of what leaves as the yes for this once."""
        asked = self._asked.setdefault(key, _Asked())
        if asked.task is not None:
            return

        def work(token: CancelToken, report: Report) -> object:
            vault = self._session.vault
            finding = vault.finding(key)
            if finding is None:
                return Archived()
            source = self._session.source(Wayback.info.id)
            assert isinstance(source, ArchiveSource)
            gateway = self._session.network.bind(source.info, token)
            person = vault.person(finding.person_id)
            return look_up(finding, person, source, gateway, lambda done, count: report((done, count)))

        def tell(answer: object) -> None:
            assert isinstance(answer, Archived)
            asked.addresses = _addresses(answer)
            self._end(key, archive_view(answer.copies, answer.problem))

        def fail(error: PrivacyGuardError, details: str) -> None:
            self._end(key, ArchiveView(problem=error))

        def progressed(value: object) -> None:
            assert isinstance(value, tuple)
            self._put(key, ArchiveView(is_running=True, done=value[0], count=value[1]))

        self._put(key, ArchiveView(is_running=True))
        asked.task = self._tasks.start(
            work, done=tell, failed=fail, progressed=progressed, cancelled=lambda: self._end(key, ArchiveView())
        )

    def _stop(self, key: str) -> None:
        asked = self._asked.get(key)
        if asked is not None and asked.task is not None:
            asked.task.cancel()

    def _write(self, key: str) -> None:
        finding = self._session.vault.finding(key)
        if finding is not None:
            asked = self._asked.get(key, _Asked())
            self._open_letter(key, asked.addresses or web_addresses(finding))

    def _show(self, key: str) -> None:
        asked = self._asked.get(key)
        if asked is not None:
            self._page.show_archive(key, asked.view)

    def _end(self, key: str, view: ArchiveView) -> None:
        self._asked[key].task = None
        self._put(key, view)

    def _put(self, key: str, view: ArchiveView) -> None:
        self._asked[key].view = view
        self._page.show_archive(key, view)


def archive_view(copies: Sequence[tuple[str, ArchiveCopies]], problem: SourceError | None = None) -> ArchiveView:
    """What the page shows of copies by their address; ``problem``: why other addresses were not asked about."""
    has_any = any(each.has_any for _address, each in copies)
    return ArchiveView(
        lines=tuple(ArchiveLine(address, copies_words(each), each.newest) for address, each in copies),
        steps=what_to_do() if has_any else (),
        offers_letter=has_any,
        problem=problem,
        remedy="" if problem is None else remedy_by_hand(problem),
    )


def _addresses(answer: Archived) -> tuple[str, ...]:
    """Each address with copies, and its newest copy as an example."""
    named = ((address, copies.newest) for address, copies in answer.copies if copies.has_any)
    return tuple(each for pair in named for each in pair if each)
