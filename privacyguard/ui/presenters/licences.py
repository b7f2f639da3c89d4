"""The presenter of "What PrivacyGuard is made of". The texts have a megabyte or more, so they are read off the GUI thread."""

from pathlib import Path

from PySide6.QtCore import QObject

from privacyguard.i18n import _, ngettext
from privacyguard.licences.composing import parts_inside
from privacyguard.licences.notice import Part, holding
from privacyguard.model.progress import CancelToken
from privacyguard.ui.pages.licences import LicencesPage
from privacyguard.ui.tasks import Report, TaskRunner


class LicencesPresenter(QObject):
    """Joins the page with the notice. ``resources``: the folder of our texts."""

    def __init__(self, page: LicencesPage, tasks: TaskRunner, resources: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._tasks, self._resources = page, tasks, resources
        self._parts: tuple[Part, ...] = ()
        self._shown: tuple[Part, ...] = ()
        page.narrowed.connect(self._show_rows)
        page.chosen.connect(self._choose)

    def show(self) -> None:
        """Read the notice, once."""
        if self._parts:
            return
        self._page.show_rows((), _("The list is being read."))

        def work(token: CancelToken, report: Report) -> object:
            return parts_inside(self._resources)

        self._tasks.start(work, done=self._read, failed=self._page.problem.show_error)

    def _read(self, parts: object) -> None:
        assert isinstance(parts, tuple)
        self._parts = parts
        self._page.problem.clear()
        self._show_rows()

    def _show_rows(self) -> None:
        self._shown = holding(self._parts, self._page.filter.text())
        count = ngettext("{count} part", "{count} parts", len(self._shown)).format(count=len(self._shown))
        rows = [(part.name, part.licence, part.version) for part in self._shown]
        self._page.show_rows(rows, count if rows else _("Nothing in this list has these letters."))

    def _choose(self, place: int) -> None:
        part = self._shown[place]
        self._page.show_text(f"{part.name} {part.version}".strip(), part.text)
