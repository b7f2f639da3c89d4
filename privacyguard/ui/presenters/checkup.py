"""The guided checkup's presenter: keeps each answer at once, runs the checkup, shows what was found."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.checkup import Checkup
from privacyguard.model.person import Consent, Person, Relation
from privacyguard.session import CONSENT_TEXT, FIRST_PERSON, Session
from privacyguard.ui.pages.source_views import SourcesView
from privacyguard.ui.presenters.accounts import AccountsPresenter
from privacyguard.ui.presenters.enrolment import Enrolment
from privacyguard.ui.presenters.looking import CheckupRun
from privacyguard.ui.presenters.places import PlacesPresenter
from privacyguard.ui.presenters.sending import SendingAnswers, SendingPresenter
from privacyguard.ui.presenters.sources import SourcesPresenter
from privacyguard.ui.presenters.statement import StatementPresenter
from privacyguard.ui.presenters.views import results_view
from privacyguard.ui.tasks import TaskRunner
from privacyguard.ui.wizard.views import Step, WhoChoice, WizardState
from privacyguard.ui.wizard.wizard import CheckupWizard


class CheckupPresenter(QObject):
    """Joins the wizard with the session. ``began``: a checkup begins, so a regular one gives way; ``finished``: it has
    ended; ``left``: the person closed the wizard.
    """

    began = Signal()
    finished = Signal()
    left = Signal()

    def __init__(self, wizard: CheckupWizard, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._wizard, self._session, self._tasks = wizard, session, tasks
        self._who = WhoChoice()
        self._consented = False
        self._person_id: str | None = None
        self._looks_next = False
        self.enrolment = Enrolment(session, tasks, self)
        self.enrolment.changed.connect(self.show)
        self.enrolment.failed.connect(wizard.show_problem)
        groups = wizard.where.sources
        self._run = CheckupRun(wizard.looking, session, tasks, self)
        self._statement = StatementPresenter(wizard.statement, session, self._person, self)
        self._sending = SendingPresenter(wizard.sending, session, tasks, self._person, self)
        self._sources = SourcesPresenter(groups, session, tasks, self._person, lambda: self._statement.is_needed, self)
        self._sources.changed.connect(self.show)
        self._sources.statement_wanted.connect(self._ask_statement)
        self._places = PlacesPresenter(groups.folders, groups.pages, session, self)
        self._places.changed.connect(self.show)
        self._accounts = AccountsPresenter(wizard.accounts.accounts, session, self._person, self, tasks)
        self._accounts.changed.connect(self.show)
        self._connect()
        self._remember()

    def open(self) -> None:
        """A checkup from its first page; a running one goes on."""
        if not self._run.is_running:
            self._remember()
            self.show()
            self._wizard.start_again()

    def show(self) -> None:
        """Show what is known on every page."""
        person = self._person()
        used = self.enrolment.used
        self._wizard.show_state(
            WizardState(
                who=self._who,
                consented=self._consented,
                photos=self.enrolment.rows,
                used=used,
                has_face=person is not None and person.template is not None,
                identifiers=person.identifiers if person else (),
                sources=self._sources.view() if person else SourcesView(),
            )
        )

    def _connect(self) -> None:
        wizard = self._wizard
        wizard.continued.connect(self._go_on)
        wizard.skipped.connect(self._skip)
        wizard.closed.connect(self.left)
        wizard.face.drop.files_offered.connect(lambda files: self.enrolment.offer([Path(file) for file in files]))
        wizard.face.drop.png_offered.connect(lambda png: self.enrolment.offer([png]))
        wizard.face.photo_removed.connect(self.enrolment.remove)
        wizard.face.face_picked.connect(self.enrolment.pick)
        wizard.looking.cancel_requested.connect(self._run.cancel)
        self._run.begun.connect(self.began)
        self._run.ended.connect(self._show_results)
        self._run.failed.connect(self._fail)
        self._run.stopped.connect(lambda: wizard.go_to(Step.WHERE))
        self._statement.ended.connect(self._stated)
        self._sending.answered.connect(self._begin)
        self._sending.left.connect(lambda: wizard.go_to(Step.WHERE))

    def _remember(self) -> None:
        """Start from what was answered in an earlier checkup."""
        people = self._session.vault.people()
        known = next((person for person in people if person.relation is Relation.ME), None)
        if known is not None and self._person_id is None:
            self._take(known)

    def _take(self, person: Person) -> None:
        self._person_id = person.person_id
        name = "" if person.relation is Relation.ME else person.name
        self._who = WhoChoice(person.relation, person.is_adult, name)
        self._consented = person.consent is not None and person.consent.face_pattern

    def _person(self) -> Person | None:
        known = {person.person_id: person for person in self._session.vault.people()}
        return known.get(self._person_id or "")

    def _go_on(self, step: Step) -> None:
        kept = {
            Step.WHO: self._keep_who,
            Step.PERMISSION: lambda: self._keep_consent(self._wizard.permission.is_answered),
            Step.FACE: self._keep_face,
        }.get(step)
        try:
            if kept is not None:
                kept()
        except PrivacyGuardError as error:
            self._wizard.show_problem(error)
            return
        if step is Step.WHERE:
            self._look()
        elif step is Step.RESULTS:
            self.left.emit()
        else:
            self.show()
            self._wizard.go_to(self._wizard.next_step())

    def _skip(self, step: Step) -> None:
        if step is Step.PERMISSION:
            self._keep_consent(False)
        elif step is Step.FACE:
            self.enrolment.forget()
        self.show()
        self._wizard.go_to(self._wizard.next_step())

    def _keep_who(self) -> None:
        choice = self._wizard.who.choice
        name = FIRST_PERSON if choice.relation is Relation.ME else choice.name
        vault = self._session.vault
        known = next((p for p in vault.people() if p.relation is choice.relation and p.name == name), None)
        if known is None:
            self._session.personal.add([name])
            known = vault.add_person(name, choice.relation, bool(choice.is_adult))
        if known.person_id != self._person_id:
            self.enrolment.forget()
        self._take(known)
        self._who = replace(choice, is_adult=known.is_adult)

    def _keep_consent(self, agreed: bool) -> None:
        person = self._person()
        if person is None:
            return
        self._consented = agreed
        if agreed:
            consent = Consent(True, True, CONSENT_TEXT, self._session.clock(), person.relation)
            self._session.vault.save_consent(person.person_id, consent)

    def _keep_face(self) -> None:
        person, template = self._person(), self.enrolment.template()
        if person is not None and template is not None and self._consented:
            self._session.vault.save_template(person.person_id, template)

    def _look(self, asks_statement: bool = True) -> None:
        """The page "Where may we look?" was answered: first what is still to be said yes to, then the checkup."""
        if self._person() is None:
            return
        session = self._session
        session.switch({source.info.id: session.is_on(source.info) for source in session.sources})
        if asks_statement and self._sources.needs_statement():
            self._looks_next = True
            self._ask_statement()
            return
        places = self._sources.to_send_to()
        if places:
            self._sending.ask(places)
            self._wizard.show_extra(self._wizard.sending)
        else:
            self._begin(SendingAnswers())

    def _ask_statement(self) -> None:
        self._statement.open()
        self._wizard.show_extra(self._wizard.statement)

    def _stated(self, is_stated: bool) -> None:
        """Back to the places; or on to the checkup, where that was what the person wanted."""
        looks_next, self._looks_next = self._looks_next, False
        if looks_next:
            self.show()
            self._look(asks_statement=False)
            return
        self._wizard.go_to(Step.WHERE)
        QTimer.singleShot(0, lambda: self._sources.go_on(is_stated))

    def _begin(self, answers: object) -> None:
        person = self._person()
        assert isinstance(answers, SendingAnswers)
        if person is not None:
            self._wizard.go_to(Step.LOOKING)
            self._run.start(person, answers)

    def _show_results(self, checkup: object) -> None:
        assert isinstance(checkup, Checkup)
        session = self._session
        names = {source.info.id: _(source.info.name) for source in session.sources}
        view = results_view(session.advice(), checkup, names, session.vault.disclosures())
        self._wizard.results.show_results(view)
        self._wizard.go_to(Step.RESULTS)
        self.finished.emit()

    def _fail(self, error: PrivacyGuardError, details: str) -> None:
        self._wizard.go_to(Step.WHERE)
        self._wizard.show_problem(error, details)
