"""The guided checkup's presenter: keeps each answer at once, runs the checkup, shows what was found."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from privacyguard.checkup.photos import photos_to_send
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.waiting import goes_on, why_it_takes_time
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _, ngettext
from privacyguard.model.checkup import Checkup
from privacyguard.model.person import Consent, Person, Relation
from privacyguard.model.place import PlaceKind
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.session import CONSENT_TEXT, FIRST_PERSON, Session
from privacyguard.ui.presenters.accounts import AccountsPresenter
from privacyguard.ui.presenters.enrolment import Enrolment
from privacyguard.ui.presenters.sources import SourcesPresenter
from privacyguard.ui.presenters.views import results_view
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.wizard.views import LookingRow, Step, WhoChoice, WizardState
from privacyguard.ui.wizard.wizard import CheckupWizard


class CheckupPresenter(QObject):
    """Joins the wizard with the session. ``finished``: a checkup has ended; ``left``: the person closed the wizard."""

    finished = Signal()
    left = Signal()

    def __init__(self, wizard: CheckupWizard, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._wizard, self._session, self._tasks = wizard, session, tasks
        self._who = WhoChoice()
        self._consented = False
        self._person_id: str | None = None
        self._rows: dict[str, LookingRow] = {}
        self._running: Task | None = None
        self.enrolment = Enrolment(session, tasks, self)
        self.enrolment.changed.connect(self.show)
        self.enrolment.failed.connect(wizard.show_problem)
        self._sources = SourcesPresenter(wizard.where, session, tasks, self._person, self)
        self._sources.changed.connect(self.show)
        cards = wizard.accounts.accounts, wizard.where.folders
        self._accounts = AccountsPresenter(*cards, session, self._person, self, tasks)
        self._accounts.changed.connect(self.show)
        self._connect()
        self._remember()

    def open(self) -> None:
        """A checkup from its first page; a running one goes on."""
        if self._running is None:
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
                folders=tuple(place.value for place in self._session.vault.places() if place.kind is PlaceKind.FOLDER),
                sources=self._sources.cards(),
            )
        )

    def cancel(self) -> None:
        """Stop a running checkup; what was found is kept."""
        if self._running is not None:
            self._running.cancel()

    def _connect(self) -> None:
        wizard = self._wizard
        wizard.continued.connect(self._go_on)
        wizard.skipped.connect(self._skip)
        wizard.closed.connect(self.left)
        wizard.face.drop.files_offered.connect(lambda files: self.enrolment.offer([Path(file) for file in files]))
        wizard.face.drop.png_offered.connect(lambda png: self.enrolment.offer([png]))
        wizard.face.photo_removed.connect(self.enrolment.remove)
        wizard.face.face_picked.connect(self.enrolment.pick)
        wizard.looking.cancel_requested.connect(self.cancel)

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

    def _look(self) -> None:
        """Run the checkup: the page "Where may we look?" was answered."""
        person = self._person()
        if person is None:
            return
        session = self._session
        session.switch({source.info.id: session.is_on(source.info) for source in session.sources})
        sends_to = self._sources.sends_to
        sources = self.enrolment.sources_used()
        cards = [source.info for source in session.sources if not source.info.by_hand]
        self._rows = {card.id: LookingRow(card.id, _(card.name), _("Waiting")) for card in cards}
        self._wizard.looking.show_rows(tuple(self._rows.values()))
        self._wizard.looking.show_running(True)
        self._wizard.go_to(Step.LOOKING)

        def run(token: CancelToken, report: Report) -> object:
            photos: tuple[bytes, ...] = ()
            if sends_to:
                pool = session.pool
                photos = (pool.prepare_upload(sources[0], token),) if sources else photos_to_send(person, pool)
            plan = CheckupPlan(person.person_id, session.switched_on(), photos=dict.fromkeys(sends_to, photos))
            return run_checkup(plan, session.parts(), report, token)

        self._running = self._tasks.start(
            run, done=self._show_results, failed=self._fail, progressed=self._show_progress, cancelled=self._stopped
        )

    def _show_progress(self, progress: object) -> None:
        assert isinstance(progress, Progress)
        row = self._rows.get(progress.source_id)
        if row is not None:
            self._rows[progress.source_id] = looking_row(row, progress)
            self._wizard.looking.show_rows(tuple(self._rows.values()))

    def _show_results(self, checkup: object) -> None:
        assert isinstance(checkup, Checkup)
        session = self._session
        self._end_of_run()
        advice = session.advice()
        names = {source.info.id: _(source.info.name) for source in session.sources}
        view = results_view(advice, checkup, names, session.vault.disclosures())
        self._wizard.results.show_results(view)
        self._wizard.go_to(Step.RESULTS)
        self.finished.emit()

    def _fail(self, error: PrivacyGuardError, details: str) -> None:
        self._end_of_run()
        self._wizard.go_to(Step.WHERE)
        self._wizard.show_problem(error, details)

    def _stopped(self) -> None:
        self._end_of_run()
        self._wizard.go_to(Step.WHERE)

    def _end_of_run(self) -> None:
        self._running = None
        self._sources.forget_sending()
        self._wizard.looking.show_running(False)


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
