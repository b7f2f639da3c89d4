"""The presenter of the cards for accounts and folders, wherever they are shown."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from privacyguard.i18n import _
from privacyguard.model.person import Identifier, IdentifierKind, Person, normalised
from privacyguard.model.place import Place, PlaceKind
from privacyguard.session import Session
from privacyguard.ui.pages.details import AccountsCard, FoldersCard


class AccountsPresenter(QObject):
    """Adds and removes what the cards ask for. ``person``: whose accounts these are; ``changed``: something was kept."""

    changed = Signal()

    def __init__(
        self,
        accounts: AccountsCard,
        folders: FoldersCard,
        session: Session,
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._accounts, self._session, self._person = accounts, session, person
        accounts.added.connect(self._add)
        accounts.removed.connect(self._remove)
        folders.added.connect(self._add_folder)
        folders.removed.connect(self._remove_folder)

    def _add(self, kind: IdentifierKind, text: str) -> None:
        field, person = self._accounts.fields[kind], self._person()
        if person is None:
            field.show_error(_("Start a checkup first, so that we know who this is for."))
            return
        try:
            identifier = normalised(kind, text)
        except ValueError:
            field.show_error(_("This does not look complete. Please check it."))
            return
        self._session.personal.add([identifier.value])
        self._session.vault.add_identifier(person.person_id, identifier)
        field.show_error("")
        self.changed.emit()

    def _remove(self, identifier: Identifier) -> None:
        person = self._person()
        if person is not None:
            self._session.vault.remove_identifier(person.person_id, identifier)
            self.changed.emit()

    def _add_folder(self, folder: str) -> None:
        self._session.personal.add([folder])
        self._session.vault.add_place(Place(PlaceKind.FOLDER, folder))
        self.changed.emit()

    def _remove_folder(self, folder: str) -> None:
        self._session.vault.remove_place(Place(PlaceKind.FOLDER, folder))
        self.changed.emit()
