"""The presenter of the card for accounts, wherever it is shown."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from privacyguard.i18n import _
from privacyguard.model.person import Identifier, IdentifierKind, Person, mailbox, normalised
from privacyguard.session import Session
from privacyguard.ui.pages.accounts import AccountsCard
from privacyguard.ui.presenters.imports import ServicesImport
from privacyguard.ui.tasks import TaskRunner


class AccountsPresenter(QObject):
    """Adds and removes what the card asks for. ``person``: whose accounts these are; ``changed``: something was kept.

    ``tasks``: what reads an export of services; without it the card does not offer that.
    """

    changed = Signal()

    def __init__(
        self,
        accounts: AccountsCard,
        session: Session,
        person: Callable[[], Person | None],
        parent: QObject,
        tasks: TaskRunner | None = None,
    ) -> None:
        super().__init__(parent)
        self._accounts, self._session, self._person = accounts, session, person
        accounts.added.connect(self._add)
        accounts.removed.connect(self._remove)
        accounts.services.setVisible(tasks is not None)
        if tasks is not None:
            reading = ServicesImport(accounts.services, session, tasks, person, self)
            reading.changed.connect(self.changed)

    def _add(self, kind: IdentifierKind, text: str) -> None:
        field, person = self._accounts.fields[kind], self._person()
        if person is None:
            field.show_error(_("Start a checkup first, so that we know who this is for."))
            return
        try:
            identifier = normalised(kind, text)
        except ValueError as error:
            field.show_error(_(str(error)))
            return
        self._session.personal.add([identifier.value])
        self._session.vault.add_identifier(person.person_id, identifier)
        field.show_error("")
        if kind is IdentifierKind.EMAIL:
            plain = mailbox(identifier)
            is_known = any(plain == known.value for known in (*person.identifiers, identifier))
            self._accounts.hint.show_plain("" if is_known else plain)
        self.changed.emit()

    def _remove(self, identifier: Identifier) -> None:
        person = self._person()
        if person is not None:
            self._accounts.hint.show_plain("")
            self._session.vault.remove_identifier(person.person_id, identifier)
            self.changed.emit()
