"""The presenter of a letter: written here, sent by the person, and noted with the day by which an answer is due."""

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from privacyguard import wording
from privacyguard.advice.archives import ARCHIVE, ARCHIVE_MAIL
from privacyguard.advice.helplines import help_for
from privacyguard.advice.letters import (
    ARCHIVED,
    ASK,
    LEAK,
    ORGANISATION_KINDS,
    Letter,
    kind_words,
    law_of,
    letter,
    letter_countries,
)
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _, system_country
from privacyguard.model.breach import Breach
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Person, Relation
from privacyguard.report.files import write_private
from privacyguard.session import COUNTRY_FLAG, Session
from privacyguard.ui.pages.letter import LetterPage
from privacyguard.ui.pages.views import LetterView


@dataclass(frozen=True)
class _Draft:
    """What a letter is made from. ``name``: as typed for below the letter, never kept; ``sent``: what was noted, in words;
    ``kinds``: what it may ask for; ``addresses``: for an archive."""

    person: Person
    recipient: str = field(repr=False)
    kind: str
    country: str
    name: str = field(default="", repr=False)
    leaked_on: date | None = None
    sent: str = ""
    kinds: tuple[str, ...] = ORGANISATION_KINDS
    addresses: tuple[str, ...] = field(default=(), repr=False)


class LettersPresenter(QObject):
    """Joins the page with the templates and the vault. ``opened``: a letter is there to be shown."""

    opened = Signal()

    def __init__(
        self, page: LetterPage, session: Session, person: Callable[[], Person | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._person = page, session, person
        self._draft: _Draft | None = None
        page.changed.connect(self._change)
        page.save_requested.connect(self._save)
        page.sent_today.connect(self._note_sent)

    def open_for_organisation(self, name: str) -> None:
        """A letter that asks an organisation what it holds."""
        person = self._person()
        if person is not None:
            self._open(_Draft(person, name, ASK, self._country()))

    def open_for_finding(self, key: str) -> None:
        """A letter to where a leak was."""
        finding = self._session.vault.finding(key)
        if finding is not None and isinstance(finding.evidence, Breach):
            leak, person = finding.evidence, self._session.vault.person(finding.person_id)
            self._open(_Draft(person, leak.title, LEAK, self._country(), leaked_on=leak.occurred_on))

    def open_for_archive(self, key: str, addresses: Sequence[str]) -> None:
        """A letter to the archive that shows copies of what was found. ``addresses``: of page, picture and copies."""
        finding = self._session.vault.finding(key)
        if finding is not None:
            person = self._session.vault.person(finding.person_id)
            draft = _Draft(person, ARCHIVE, ARCHIVED, self._country(), kinds=(ARCHIVED,), addresses=tuple(addresses))
            self._open(draft)

    def note_answer(self, letter_id: str) -> None:
        """The answer to this letter came today."""
        vault = self._session.vault
        for sent in vault.letters():
            if sent.letter_id == letter_id:
                vault.save_letter(replace(sent, answered_on=self._today()))

    def _country(self) -> str:
        code = (self._session.vault.flag(COUNTRY_FLAG) or system_country(os.environ)).upper()
        return code if code in dict(letter_countries()) else help_for(code).country

    def _open(self, draft: _Draft) -> None:
        # Of a child the parent signs; "me" is no name to sign with.
        name = draft.person.name if draft.person.relation is Relation.SOMEONE_I_HELP else ""
        self._draft = replace(draft, name=name)
        self._page.start(name)
        self._show()
        self.opened.emit()

    def _change(self, kind: str, country: str, name: str) -> None:
        if self._draft is not None:
            sent = self._draft.sent if kind == self._draft.kind else ""
            self._draft = replace(self._draft, kind=kind, country=country, name=name, sent=sent)
            self._show()

    def _show(self) -> None:
        if self._draft is None:
            return
        draft, made = self._draft, self._letter(self._draft)
        due = _("If you send it today, an answer is due by {day}.")
        if law_of(draft.country, draft.kind) is None:
            due = _("If you send it today, we remind you on {day} if there is no answer.")
        self._page.show_view(
            LetterView(
                draft.recipient,
                tuple((kind, kind_words(kind)) for kind in draft.kinds),
                draft.kind,
                letter_countries(),
                draft.country,
                made.text.rstrip(),
                _note(made, draft),
                due.format(day=wording.day(made.due_on)),
                draft.sent,
            )
        )

    def _letter(self, draft: _Draft) -> Letter:
        child = draft.person.name if draft.person.relation is Relation.MY_CHILD else None
        leaked_on = draft.leaked_on if draft.kind == LEAK else None
        parts = (draft.kind, draft.recipient, draft.name, draft.country, self._today())
        return letter(*parts, child_name=child, leaked_on=leaked_on, addresses=draft.addresses)

    def _today(self) -> date:
        return self._session.clock().astimezone().date()

    def _save(self, path: str) -> None:
        if self._draft is None:
            return
        try:
            write_private(Path(path), self._letter(self._draft).text.encode())
        except PrivacyGuardError as error:
            self._page.problem.show_error(error)
        else:
            self._page.problem.clear()
            self._page.say(_("Saved. Only you can read the file."))

    def _note_sent(self) -> None:
        draft = self._draft
        if draft is None or draft.sent:
            return
        due, today = self._letter(draft).due_on, self._today()
        self._session.personal.add([draft.recipient])
        kept = SentLetter(secrets.token_hex(8), draft.person.person_id, draft.recipient, draft.kind, today, due)
        try:
            self._session.vault.save_letter(kept)
            self._session.vault.set_flag(COUNTRY_FLAG, draft.country)  # who can help if no answer comes
        except PrivacyGuardError as error:
            self._page.problem.show_error(error)
            return
        words = _("Noted. We remind you if there is no answer by {day}.").format(day=wording.day(due))
        self._draft = replace(draft, sent=words)
        self._show()


def _note(made: Letter, draft: _Draft) -> str:
    if draft.kind != ARCHIVED:
        return made.note
    mail = _("Send it to {mail}. Is the site your own? Then send it from an address of that site.")
    return f"{mail.format(mail=ARCHIVE_MAIL)} {made.note}"
