"""My details: who, which face patterns, which accounts, which folders; and forgetting."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from privacyguard import wording
from privacyguard.i18n import _
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.ui.pages.views import DetailsView, PersonView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.inputs import AddField
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, row
from privacyguard.ui.widgets.text import Text

KINDS = (IdentifierKind.EMAIL, IdentifierKind.USERNAME, IdentifierKind.SERVICE, IdentifierKind.ORGANISATION)
EXAMPLES = {
    IdentifierKind.EMAIL: "name@example.org",
    IdentifierKind.USERNAME: "",
    IdentifierKind.SERVICE: "shop.example.org",
    IdentifierKind.ORGANISATION: "",
}


class DetailsPage(ScrollPage):
    """Shows a :class:`DetailsView`."""

    forget_face_requested = Signal(str)
    forget_everything_requested = Signal()
    add_face_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.receipt = Text("", "strong")
        self.receipt.hide()
        self._people = column(spacing=20)
        self.accounts = AccountsCard()
        self.folders = FoldersCard()
        self._kept = Text("", "small")
        self.forget = button(_("Forget everything…"), on_click=self._ask_forget_everything)
        self.add(Text(_("My details"), "title"), self.problem, self.receipt, self._people, self.accounts, self.folders)
        forgetting = row(self.forget)
        forgetting.addStretch(1)
        self.add(Card(Text(_("Forget everything"), "heading"), self._kept, forgetting))
        self.body.addStretch(1)

    def show_view(self, view: DetailsView) -> None:
        """Show this view; what is being typed stays."""
        clear(self._people)
        for person in view.people:
            self._people.addWidget(self._person(person))
        self.accounts.show_identifiers(view.identifiers)
        self.folders.show_folders(view.folders)
        self._kept.setText(view.kept_where)

    def show_receipt(self, words: str) -> None:
        """Show what was erased."""
        self.receipt.show_text(words)

    def _person(self, person: PersonView) -> Card:
        card = Card(
            Text(f"{person.name} ({person.relation})", "heading"), Text(person.face), Text(person.consent, "small")
        )
        if person.cuts:
            count = len(person.cuts)
            thumbs = [
                FaceThumb(cut, _("photo {number} of {count}").format(number=n, count=count), 72)
                for n, cut in enumerate(person.cuts, 1)
            ]
            shown = row(*thumbs)
            shown.addStretch(1)
            card.body.addLayout(shown)
        actions: list[tuple[QWidget, int]] = [(button(_("Add photos again"), on_click=self.add_face_requested.emit), 0)]
        if person.has_face:
            forget = button(_("Forget my face…"), on_click=lambda: self._ask_forget_face(person.person_id))
            actions.append((forget, 0))
        card.body.addWidget(Beside(*actions, (QWidget(), 1), room_em=44, spacing=8))
        return card

    def _ask_forget_face(self, person_id: str) -> None:
        words = _("This deletes the face pattern and the small face cuts. Your list of leaks stays.")
        _confirm(
            self, _("Forget my face?"), words, _("Forget my face"), lambda: self.forget_face_requested.emit(person_id)
        )

    def _ask_forget_everything(self) -> None:
        words = _("This deletes everything that PrivacyGuard keeps on this computer. It cannot be undone.")
        _confirm(self, _("Forget everything?"), words, _("Forget everything"), self.forget_everything_requested.emit)


def _confirm(parent: ScrollPage, title: str, words: str, action: str, then: Callable[[], None]) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle("PrivacyGuard")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(title)
    box.setInformativeText(words)
    yes = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(_("Keep it"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.buttonClicked.connect(lambda clicked: then() if clicked is yes else None)
    box.open()


class AccountsCard(Card):
    """Addresses, user names, services and organisations: added and removed."""

    added = Signal(object, str)
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__(Text(_("What we check"), "heading"))
        self.fields: dict[IdentifierKind, AddField] = {}
        self._lists = {kind: column(spacing=4) for kind in KINDS}
        for kind in KINDS:
            field = AddField(wording.identifier_kind(kind), EXAMPLES[kind])
            field.added.connect(partial(self.added.emit, kind))
            self.fields[kind] = field
            self.body.addWidget(field)
            self.body.addLayout(self._lists[kind])

    def show_identifiers(self, identifiers: tuple[Identifier, ...]) -> None:
        """Show what is there."""
        for kind, shown in self._lists.items():
            clear(shown)
            for identifier in identifiers:
                if identifier.kind is kind:
                    remove = button(_("Remove"), "quiet", partial(self.removed.emit, identifier))
                    remove.setAccessibleName(_("Remove {value}").format(value=identifier.value))
                    entry = row(Text(identifier.value), remove, margins=(12, 0, 0, 0))
                    entry.setStretch(0, 1)
                    shown.addLayout(entry)


class FoldersCard(Card):
    """The folders that are looked through."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        self.add = button(_("Add folder…"), on_click=self._pick)
        super().__init__(Text(_("Folders we look through"), "heading"))
        self._list = column(spacing=4)
        self.body.addLayout(self._list)
        actions = row(self.add)
        actions.addStretch(1)
        self.body.addLayout(actions)

    def show_folders(self, folders: tuple[str, ...]) -> None:
        """Show what is there."""
        clear(self._list)
        if not folders:
            self._list.addWidget(Text(_("No folder yet."), "soft"))
        for folder in folders:
            remove = button(_("Remove"), "quiet", partial(self.removed.emit, folder))
            remove.setAccessibleName(_("Remove {value}").format(value=folder))
            entry = row(Text(folder), remove)
            entry.setStretch(0, 1)
            self._list.addLayout(entry)

    def _pick(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, _("Choose a folder"), "", QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        )
        if folder:
            self.added.emit(folder)
