"""The guided checkup's presenter: keeps each answer at once, runs the checkup, shows what was found."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from privacyguard.checkup.photos import photos_to_send
from privacyguard.checkup.plan import CheckupPlan, reason_to_skip
from privacyguard.checkup.run import run_checkup
from privacyguard.errors import CodeRefused, PrivacyGuardError
from privacyguard.i18n import _, ngettext
from privacyguard.model.checkup import Checkup
from privacyguard.model.person import Consent, Identifier, IdentifierKind, Person, Relation, normalised
from privacyguard.model.place import Place, PlaceKind
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.model.source import SourceInfo
from privacyguard.session import CONSENT_TEXT, FIRST_PERSON, Session
from privacyguard.sources.base import KeyTester
from privacyguard.ui.links import open_in_browser
from privacyguard.ui.presenters.enrolment import Enrolment
from privacyguard.ui.presenters.views import results_view
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.wizard.views import LookingRow, SourceCard, Step, WhoChoice, WizardState
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
        self._sending: dict[str, bool] = {}
        self._key_words: dict[str, str] = {}
        self._rows: dict[str, LookingRow] = {}
        self._running: Task | None = None
        self.enrolment = Enrolment(session, tasks, self)
        self.enrolment.changed.connect(self.show)
        self.enrolment.failed.connect(wizard.show_problem)
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
                sources=tuple(self._card(source.info, person) for source in self._session.sources) if person else (),
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
        wizard.accounts.accounts.added.connect(self._add_identifier)
        wizard.accounts.accounts.removed.connect(self._remove_identifier)
        wizard.where.source_switched.connect(self._switch)
        wizard.where.key_entered.connect(self._save_key)
        wizard.where.sending_switched.connect(self._set_sending)
        wizard.where.link_opened.connect(open_in_browser)
        wizard.where.folders.added.connect(self._add_folder)
        wizard.where.folders.removed.connect(self._remove_folder)
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

    def _add_identifier(self, kind: IdentifierKind, text: str) -> None:
        field = self._wizard.accounts.accounts.fields[kind]
        person = self._person()
        if person is None:
            return
        try:
            identifier = normalised(kind, text)
        except ValueError:
            field.show_error(_("This does not look complete. Please check it."))
            return
        self._session.personal.add([identifier.value])
        self._session.vault.add_identifier(person.person_id, identifier)
        field.show_error("")
        self.show()

    def _remove_identifier(self, identifier: Identifier) -> None:
        person = self._person()
        if person is not None:
            self._session.vault.remove_identifier(person.person_id, identifier)
            self.show()

    def _add_folder(self, folder: str) -> None:
        self._session.personal.add([folder])
        self._session.vault.add_place(Place(PlaceKind.FOLDER, folder))
        self.show()

    def _remove_folder(self, folder: str) -> None:
        self._session.vault.remove_place(Place(PlaceKind.FOLDER, folder))
        self.show()

    def _switch(self, source_id: str, is_on: bool) -> None:
        info = self._session.source(source_id).info
        if self._session.is_on(info) != is_on:
            self._session.switch({source_id: is_on})
            self.show()

    def _set_sending(self, source_id: str, is_on: bool) -> None:
        if self._sending.get(source_id, False) != is_on:
            self._sending[source_id] = is_on
            self.show()

    def _save_key(self, source_id: str, key: str) -> None:
        """Keep the code in the password store, then try it where the service can tell."""
        session = self._session
        source = session.source(source_id)

        def save_and_test(token: CancelToken, report: Report) -> object:
            session.save_api_key(source_id, key.strip())
            if not isinstance(source, KeyTester):
                return _("Your code is saved.")
            plan = source.test_key(session.network.bind(source.info, token, key.strip()))
            return _("Your code works. Plan: {plan}").format(plan=plan)

        def tell(words: object) -> None:
            self._key_words[source_id] = str(words)
            field = self._wizard.where.cards[source_id].key
            if field is not None:
                field.show_error("")
            self.show()

        def fail(error: PrivacyGuardError, details: str) -> None:
            saved = _("Your code is saved, but it could not be tested now.")
            words = _(error.title) if isinstance(error, CodeRefused) else f"{saved} {_(error.title)}"
            self._key_words[source_id] = words
            self.show()

        self._tasks.start(save_and_test, done=tell, failed=fail)

    def _card(self, info: SourceInfo, person: Person | None) -> SourceCard:
        why_not = ""
        if person is not None:
            everything = CheckupPlan(person.person_id, frozenset({info.id}), photos=(b"1",))
            with_all = replace(person, identifiers=tuple(Identifier(kind, "x") for kind in info.accepts))
            why_not = reason_to_skip(info, with_all, everything, has_folders=True) or ""
        has_key = info.needs_key and self._session.is_ready(info)
        template = person.template if person else None
        return SourceCard(
            info.id,
            _(info.name),
            _(info.finds),
            _(info.discloses),
            _(info.cost),
            self._session.is_on(info),
            _(why_not),
            info.needs_key,
            has_key,
            self._key_words.get(info.id, _("Your code is saved.") if has_key else ""),
            info.key_url,
            info.sends_pictures,
            template.photos[0].cut if template and info.sends_pictures else None,
            self._sending.get(info.id, False),
            info.id == "folders",
        )

    def _look(self) -> None:
        """Run the checkup: the page "Where may we look?" was answered."""
        person = self._person()
        if person is None:
            return
        session = self._session
        session.switch({source.info.id: session.is_on(source.info) for source in session.sources})
        sends = any(self._sending.values())
        sources = self.enrolment.sources_used()
        self._rows = {s.info.id: LookingRow(s.info.id, _(s.info.name), _("Waiting")) for s in session.sources}
        self._wizard.looking.show_rows(tuple(self._rows.values()))
        self._wizard.looking.show_running(True)
        self._wizard.go_to(Step.LOOKING)

        def run(token: CancelToken, report: Report) -> object:
            photos: tuple[bytes, ...] = ()
            if sends:
                pool = session.pool
                photos = (pool.prepare_upload(sources[0], token),) if sources else photos_to_send(person, pool)
            plan = CheckupPlan(person.person_id, session.switched_on(), photos=photos)
            return run_checkup(plan, session.parts(), report, token)

        self._running = self._tasks.start(
            run, done=self._show_results, failed=self._fail, progressed=self._show_progress, cancelled=self._stopped
        )

    def _show_progress(self, progress: object) -> None:
        assert isinstance(progress, Progress)
        row = self._rows.get(progress.source_id)
        if row is not None:
            self._rows[progress.source_id] = _looking(row, progress)
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
        self._sending.clear()
        self._wizard.looking.show_running(False)


def _looking(row: LookingRow, progress: Progress) -> LookingRow:
    """What a row says of a source's progress."""
    is_running = progress.state is SourceState.RUNNING
    fraction = progress.seen / progress.total if progress.total else None
    seen = ngettext("{count} looked at", "{count} looked at", progress.seen).format(count=progress.seen)
    found = ngettext("{count} found", "{count} found", progress.found).format(count=progress.found)
    words = {
        SourceState.WAITING: _("Waiting"),
        SourceState.RUNNING: f"{seen}, {found}",
        SourceState.CHECKED: f"{_('Done')}. {seen}, {found}",
        SourceState.SKIPPED: _("Not asked"),
        SourceState.FAILED: _("This did not work. The others go on."),
    }[progress.state]
    return replace(
        row,
        words=words,
        is_running=is_running,
        is_failed=progress.state is SourceState.FAILED,
        fraction=fraction if is_running else None,
    )
