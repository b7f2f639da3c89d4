"""The presenter of searches by hand: which sites, what was asked there, and what the person brings back."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from privacyguard import wording_pictures
from privacyguard.advice import visits as known
from privacyguard.checkup.brought import Brought, BroughtBack
from privacyguard.checkup.plan import NO_STATEMENT
from privacyguard.checkup.web_faces import why_not
from privacyguard.errors import PictureUnreadable, PrivacyGuardError
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.advice import Level
from privacyguard.model.person import Person, Relation
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.visit import Visit
from privacyguard.session import Session
from privacyguard.ui.links import open_in_browser
from privacyguard.ui.pages.bring_panel import BroughtView
from privacyguard.ui.pages.visits import VisitRow, VisitsPage, VisitsView, VisitView
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.widgets.text import one_line

NOBODY = N_("Start a checkup first, so that we know who this is for.")
NOT_FOR_OTHERS = N_(
    "These sites want a photo of a face. Go there only for your own face, and only if you are 18 or over."
)
FILES_AT_ONCE = 100
LINES_AT_MOST = 8
_ASKED = "visit-asked-"
"""Flags in the vault: on which day the person asked a site to leave them out."""


class NotOpened(PrivacyGuardError):
    """The system did not open the browser."""

    title = N_("Your browser did not open.")
    remedy = N_("Open your browser yourself, and type the address that is shown here.")


class VisitsPresenter(QObject):
    """Joins the page with the session. ``person``: whose computer it is; ``found``: something was kept as a finding.

    ``open_page``: opens an address in the browser, and says whether it did.
    """

    found = Signal()

    def __init__(
        self,
        page: VisitsPage,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        parent: QObject,
        open_page: Callable[[str], bool] = open_in_browser,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks, self._person = page, session, tasks, person
        self._open_page = open_page
        self._running: Task | None = None
        page.chosen.connect(self._choose)
        page.list_requested.connect(self._show_list)
        page.site_requested.connect(self._open_site)
        page.asked.connect(self._note_asked)
        page.bring.brought.connect(self._look)
        page.bring.cancel_requested.connect(self._stop)

    def show(self) -> None:
        """Bring the page up to date: the list, or the site that is shown, with the same things below it."""
        shown = self._page.shown_visit
        self._show_list()
        if shown is not None and not self._why_none():
            self._choose(shown)

    def _show_list(self) -> None:
        why_none = self._why_none()
        every = () if why_none else known.visits()
        person = self._person()
        refusal = "" if why_none or person is None else why_not(person, self._session.vault, self._session.clock())
        self._page.show_list(
            VisitsView(
                searches=tuple(self._row(visit) for visit in every if visit.is_search),
                opt_outs=tuple(self._row(visit) for visit in every if not visit.is_search),
                why_none=why_none,
                why_not_brought=_(refusal or ""),
                needs_statement=refusal == NO_STATEMENT,
            )
        )

    def _why_none(self) -> str:
        person = self._person()
        if person is None:
            return _(NOBODY)
        return "" if person.relation is Relation.ME and person.is_adult else _(NOT_FOR_OTHERS)

    def _row(self, visit: Visit) -> VisitRow:
        return VisitRow(visit.visit_id, visit.name, known.finds(visit), self._asked_words(visit))

    def _choose(self, visit_id: str) -> None:
        visit = _visit(visit_id)
        asked = self._asked_words(visit)
        self._page.show_visit(
            VisitView(
                visit_id=visit_id,
                name=visit.name,
                address=visit.address,
                host=urlsplit(visit.address).hostname or "",
                finds=known.finds(visit),
                notes=known.notes(visit),
                leaving=known.leaving(visit),
                steps=known.steps(visit),
                saving=known.saving_steps(visit),
                asked=asked,
                is_asked=bool(asked),
                can_ask=not visit.is_search,
            )
        )

    def _open_site(self, visit_id: str) -> None:
        if not self._why_none() and not self._open_page(_visit(visit_id).address):
            self._page.problem.show_error(NotOpened())

    def _note_asked(self, visit_id: str, is_asked: bool) -> None:
        day = self._today().isoformat() if is_asked else ""
        try:
            self._session.vault.set_flag(_ASKED + visit_id, day)
        except PrivacyGuardError as error:
            self._page.problem.show_error(error)
        self._page.asked_words.show_text(self._asked_words(_visit(visit_id)))

    def _asked_words(self, visit: Visit) -> str:
        kept = "" if visit.is_search else self._session.vault.flag(_ASKED + visit.visit_id)
        return known.asked(date.fromisoformat(kept), self._today()) if kept else ""

    def _today(self) -> date:
        return self._session.clock().astimezone().date()

    def _look(self, brought: list[str | bytes]) -> None:
        person, session, page = self._person(), self._session, self._page
        if person is None or self._running is not None:
            return
        sources = [Path(one) if isinstance(one, str) else one for one in brought[:FILES_AT_ONCE]]
        done: list[BroughtBack] = []

        def work(token: CancelToken, report: Report) -> object:
            looking = Brought(person, session.vault, session.pool, session.clock)
            for number, source in enumerate(sources):
                told = _counted(number, len(sources), report)
                done.append(looking.look(source, token, told))
            return None

        def end(_result: object = None) -> None:
            self._running = None
            page.bring.show_running(False)
            page.bring.show_result(result_view(done, len(brought) - len(sources)))
            if any(back.findings for back in done):
                self.found.emit()

        def fail(error: PrivacyGuardError, details: str) -> None:
            end()
            page.bring.problem.show_error(error, details)

        def stop() -> None:
            end()
            page.bring.show_result(stopped_view(done, len(brought) - len(done)))
            self.found.emit()  # of the file in the middle, what was found is kept as well

        page.bring.show_running(True)
        self._running = self._tasks.start(work, done=end, failed=fail, progressed=self._show_progress, cancelled=stop)

    def _show_progress(self, progress: object) -> None:
        assert isinstance(progress, tuple)
        done, total, words = progress
        self._page.bring.working.show_progress(done, total, words)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()


def _visit(visit_id: str) -> Visit:
    return next(visit for visit in known.visits() if visit.visit_id == visit_id)


def _counted(number: int, files: int, report: Report) -> Callable[[int, int], None]:
    """Tells how many pictures of a page were looked at; for several files also which one it is."""

    def told(done: int, count: int) -> None:
        words = _("{done} of {count} pictures").format(done=done, count=count)
        if files > 1:
            words = _("File {number} of {files}: {words}").format(number=number + 1, files=files, words=words)
        report((done, count, words))

    told(0, 1)
    return told


def result_view(done: Sequence[BroughtBack], not_done: int = 0) -> BroughtView | None:
    """What came of all that was brought: what was found, else that nothing was, which is no promise; and what was not seen.

    ``not_done``: files that were not looked at at all. None where nothing was brought.
    """
    if not done and not not_done:
        return None
    found = len({finding.key for back in done for finding in back.findings})
    seen = sum(back.seen - back.unreadable for back in done)
    lines = _not_seen(done, not_done)
    if any(back.own_photos for back in done):
        lines.append(_("The photo that you searched with is on that page too. We left it out."))
    if found:
        words = ngettext(
            "{count} picture looks like you, or like a photo you chose.",
            "{count} pictures look like you, or like a photo you chose.",
            found,
        )
        return BroughtView(Level.DO_THIS_WEEK, words.format(count=found), tuple(lines), has_findings=True)
    if not seen:
        return BroughtView(Level.COULD_NOT_CHECK, _("We could not look at any picture."), tuple(lines))
    words = ngettext(
        "We looked at {count} picture. Nothing in it looks like you.",
        "We looked at {count} pictures. Nothing in them looks like you.",
        seen,
    )
    lines.append(_("Nobody can see everything, so this is not a promise."))
    return BroughtView(Level.NOTHING_FOUND, words.format(count=seen), tuple(lines))


def stopped_view(done: Sequence[BroughtBack], not_done: int) -> BroughtView:
    """What is said after a stop: nothing about what was not looked at to the end."""
    has_findings = any(back.findings for back in done)
    heading = _("Stopped. What was found until now is kept.")
    return BroughtView(Level.COULD_NOT_CHECK, heading, tuple(_not_seen(done, not_done)), has_findings)


def _not_seen(done: Sequence[BroughtBack], not_done: int) -> list[str]:
    """What was not looked at, a line each: files with a problem by name, then counts."""
    lines = [f"{_name(back)}: {_why(back.problem)}" for back in done if back.problem is not None]
    lines += [
        _("There is no picture in {file}. Save the page as “complete” or “single file”.").format(file=_name(back))
        for back in done
        if back.is_page and back.problem is None and not back.seen and not back.left_out
    ]
    more = len(lines) - LINES_AT_MOST
    if more > 0:
        lines = [*lines[:LINES_AT_MOST], ngettext("And {count} more.", "And {count} more.", more).format(count=more)]
    missed = sum(back.left_out + (back.unreadable if back.is_page else 0) for back in done)
    if missed:
        words = ngettext("{count} picture was not looked at.", "{count} pictures were not looked at.", missed)
        lines.append(words.format(count=missed))
    if not_done > 0:
        words = ngettext("{count} file was not looked at.", "{count} files were not looked at.", not_done)
        lines.append(words.format(count=not_done))
    return lines


def _name(back: BroughtBack) -> str:
    return one_line(Path(back.path).name) or _("What you pasted")


def _why(problem: PrivacyGuardError) -> str:
    if isinstance(problem, PictureUnreadable):
        return wording_pictures.unreadable(Unreadable(problem.reason))
    return _(problem.title)
