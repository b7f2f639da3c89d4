"""The presenter of Home, Findings and My details; the other pages have their own, which are joined here."""

from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from privacyguard.errors import PrivacyGuardError
from privacyguard.guards import forget_everything
from privacyguard.i18n import _
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.person import Person, Relation
from privacyguard.model.place import PlaceKind
from privacyguard.model.progress import CancelToken
from privacyguard.paths import resources
from privacyguard.session import Session
from privacyguard.ui.main_window import (
    DETAILS,
    DISCLOSURES,
    FINDINGS,
    HOME,
    LETTER,
    LICENCES,
    PASSWORDS,
    VISITS,
    WHERE,
    MainWindow,
)
from privacyguard.ui.pages.views import DetailsView, OrganisationRow
from privacyguard.ui.presenters.accounts import AccountsPresenter
from privacyguard.ui.presenters.archives import ArchivesPresenter
from privacyguard.ui.presenters.cleaning import CleaningPresenter
from privacyguard.ui.presenters.disclosures import DisclosuresPresenter
from privacyguard.ui.presenters.letters import LettersPresenter
from privacyguard.ui.presenters.licences import LicencesPresenter
from privacyguard.ui.presenters.organisations import organisation_rows
from privacyguard.ui.presenters.passwords import PasswordsPresenter
from privacyguard.ui.presenters.places import PlacesPresenter
from privacyguard.ui.presenters.views import (
    finding_detail,
    finding_rows,
    home_view,
    is_open,
    person_view,
)
from privacyguard.ui.presenters.visits import VisitsPresenter
from privacyguard.ui.presenters.where import WherePresenter
from privacyguard.ui.tasks import Report, TaskRunner

REMIND_AFTER = timedelta(days=7)


class PagesPresenter(QObject):
    """Joins the pages with the session. ``everything_forgotten``: nothing of ours is left."""

    everything_forgotten = Signal(str)

    def __init__(self, window: MainWindow, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session, self._tasks = window, session, tasks
        self._open: str | None = None
        self._named: set[str] = set()
        window.page_opened.connect(self.show)
        window.home.finding_requested.connect(self.open_finding)
        window.findings.chosen.connect(self._choose)
        window.findings.mark_requested.connect(self._mark)
        window.findings.name_requested.connect(self._show_name)
        cards = window.details
        self._accounts = AccountsPresenter(cards.accounts, session, lambda: self._me, self, tasks)
        self._folders = PlacesPresenter(cards.folders, None, session, self)
        for part in (self._accounts, self._folders):
            part.changed.connect(self._show_details)
        self._where = WherePresenter(window, session, tasks, lambda: self._me, self)
        self.visits = VisitsPresenter(window.visits, session, tasks, lambda: self._me, self)
        self.visits.found.connect(self._show_count)
        self._cleaning = CleaningPresenter(window.clean, session, tasks, self)
        window.details.forget_face_requested.connect(self._forget_face)
        window.details.forget_everything_requested.connect(self._forget_everything)
        self._disclosures = DisclosuresPresenter(window.disclosures, session, self)
        self._passwords = PasswordsPresenter(window.passwords, session, tasks, lambda: self._me, self)
        self._licences = LicencesPresenter(window.licences, tasks, resources(), self)
        self._letters = LettersPresenter(window.letter, session, lambda: self._me, self)
        self._letters.opened.connect(lambda: window.show_page(LETTER))
        cards.accounts.organisations.letter_requested.connect(self._letters.open_for_organisation)
        cards.accounts.organisations.answer_came.connect(self._answered)
        window.findings.letter_requested.connect(self._letters.open_for_finding)
        self._archives = ArchivesPresenter(window.findings, session, tasks, self._letters.open_for_archive, self)

    def show(self, page: str) -> None:
        """Bring a page up to date."""
        shown = {
            HOME: self._show_home,
            FINDINGS: self._show_findings,
            DETAILS: self._show_details,
            DISCLOSURES: self._disclosures.show,
            PASSWORDS: self._passwords.show,
            LICENCES: self._licences.show,
            WHERE: self._where.show,
            VISITS: self.visits.show,
        }.get(page)
        if shown is not None:
            shown()
        self._show_count()

    def _show_count(self) -> None:
        self._window.show_count(sum(is_open(finding) for finding in self._session.vault.findings()))

    def open_finding(self, key: str) -> None:
        """Open the page Findings at this one."""
        self._open = key
        self._window.show_page(FINDINGS)

    @property
    def _names(self) -> dict[str, str]:
        return {source.info.id: _(source.info.name) for source in self._session.sources}

    @property
    def _me(self) -> Person | None:
        people = self._session.vault.people()
        return next((person for person in people if person.relation is Relation.ME), people[0] if people else None)

    def _show_home(self) -> None:
        session = self._session
        view = home_view(session.advice(), session.vault.last_checkup(), self._names, session.clock().astimezone())
        self._window.home.show_view(view)

    def _show_findings(self) -> None:
        session = self._session
        advice = session.advice()
        findings = session.vault.findings()
        people = {person.person_id: person for person in session.vault.people()}
        relations = {person_id: person.relation for person_id, person in people.items()}
        rows = finding_rows(findings, advice, relations)
        if self._open is None and rows:
            self._open = next((row.key for row in rows if not row.is_done), None)
        self._window.findings.show_rows(rows)
        chosen = next((finding for finding in findings if finding.key == self._open), None)
        detail = None
        if chosen is not None:
            now = session.clock().astimezone()
            shows_name = chosen.key in self._named
            detail = finding_detail(chosen, advice, people[chosen.person_id], self._names, now, shows_name)
        self._window.findings.show_detail(detail)

    def _show_details(self) -> None:
        vault, me = self._session.vault, self._me
        folders = tuple(place.value for place in vault.places() if place.kind is PlaceKind.FOLDER)
        kept = _("Kept in {folder}, in one locked file. Its key is in the password store of this computer.")
        people = tuple(person_view(person) for person in vault.people())
        identifiers = me.identifiers if me else ()
        kept_where = kept.format(folder=self._session.paths.home)
        organisations = self._organisations(me) if me else ()
        self._window.details.show_view(DetailsView(people, identifiers, folders, kept_where, organisations))

    def _organisations(self, me: Person) -> tuple[OrganisationRow, ...]:
        vault = self._session.vault
        findings, checkup = vault.findings(me.person_id), vault.last_checkup(me.person_id)
        today = self._session.clock().astimezone().date()
        return organisation_rows(me, vault.letters(), findings, checkup, today)

    def _answered(self, letter_id: str) -> None:
        try:
            self._letters.note_answer(letter_id)
        except PrivacyGuardError as error:
            self._window.details.problem.show_error(error)
        self._show_details()

    def _choose(self, key: str) -> None:
        self._open = key
        self._show_findings()

    def _show_name(self, key: str) -> None:
        self._named.add(key)
        self._show_findings()

    def _mark(self, key: str, kind: MarkKind) -> None:
        until = (self._session.clock() + REMIND_AFTER).date() if kind is MarkKind.LATER else None
        try:
            self._session.vault.mark(key, Mark(kind, until))
        except PrivacyGuardError as error:
            self._window.findings.problem.show_error(error)
            return
        # Of a profile that they did not make there is something to do: its detail stays, and says what.
        self._open = key if kind is MarkKind.NOT_MINE else None
        self.show(FINDINGS)

    def _forget_face(self, person_id: str) -> None:
        def forget(token: CancelToken, report: Report) -> object:
            return self._session.vault.forget_face(person_id)

        self._tasks.start(forget, done=self._show_receipt, failed=self._window.details.problem.show_error)

    def _show_receipt(self, receipt: object) -> None:
        self._window.details.show_receipt(receipt_words(receipt, self._session))
        self._show_details()

    def _forget_everything(self) -> None:
        def forget(token: CancelToken, report: Report) -> object:
            return forget_everything(self._session)

        def tell(receipt: object) -> None:
            self.everything_forgotten.emit(receipt_words(receipt, self._session))

        self._tasks.start(forget, done=tell, failed=self._window.details.problem.show_error)


def receipt_words(receipt: object, session: Session) -> str:
    """What was erased, when, and what we cannot reach."""
    from privacyguard import wording
    from privacyguard.vault.forget import Receipt

    assert isinstance(receipt, Receipt)
    when = wording.moment(receipt.at, session.clock().astimezone())
    erased = ", ".join(_(words) for words in receipt.erased)
    return " ".join((_("Deleted ({when}): {erased}.").format(when=when, erased=erased), _(receipt.not_reached)))
