"""The cards for accounts, organisations and folders, on "My details" and in the guided checkup."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from privacyguard import wording
from privacyguard.i18n import N_, _
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.ui.pages.views import OrganisationRow
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.folded_list import FoldedList
from privacyguard.ui.widgets.import_panel import ImportPanel
from privacyguard.ui.widgets.inputs import AddField
from privacyguard.ui.widgets.layout import Beside, Card, clear, column, holder, line, row
from privacyguard.ui.widgets.text import Text

LISTED = (IdentifierKind.NAME, IdentifierKind.EMAIL, IdentifierKind.USERNAME, IdentifierKind.SERVICE)
EXAMPLES = {IdentifierKind.EMAIL: "name@example.org", IdentifierKind.SERVICE: "shop.example.org"}
HINTS = {
    IdentifierKind.NAME: N_("As people write it on the web. It is used only where you switch on a search by name."),
    IdentifierKind.USERNAME: N_("Some names have a server, as in name@server.example. Then type both."),
}


class AccountsCard(Card):
    """Addresses, user names, services and organisations: added and removed. ``with_letters``: also written to."""

    added = Signal(object, str)
    removed = Signal(object)

    def __init__(self, with_letters: bool = True) -> None:
        super().__init__(Text(_("What we check"), "heading"))
        self.fields: dict[IdentifierKind, AddField] = {}
        self.lists: dict[IdentifierKind, FoldedList] = {}
        self.hint = PlainAddressHint()
        self.hint.wanted.connect(partial(self.added.emit, IdentifierKind.EMAIL))
        self.services = ImportPanel(_("Import a list…"), _("Import from a password manager or browser"))
        for kind in LISTED:
            self.body.addWidget(self._field(kind))
            if kind in HINTS:
                self.body.addLayout(column(Text(_(HINTS[kind]), "small"), margins=(4, 0, 4, 0)))
            if kind is IdentifierKind.EMAIL:
                self.body.addWidget(self.hint)
            if kind is IdentifierKind.SERVICE:
                words = _(
                    "Or export a list from your password manager or browser, as CSV. We read the names of sites, no password."
                )
                self.body.addLayout(column(Text(words, "small"), self.services, spacing=4))
            self.lists[kind] = FoldedList(wording.identifier_kind(kind))
            self.lists[kind].removed.connect(partial(self._remove, kind))
            self.body.addWidget(self.lists[kind])
        self.body.addWidget(line())
        self.body.addWidget(self._field(IdentifierKind.ORGANISATION))
        self.organisations = OrganisationList(with_letters)
        self.organisations.removed.connect(partial(self._remove, IdentifierKind.ORGANISATION))
        self.body.addWidget(self.organisations)

    def show_identifiers(
        self, identifiers: Sequence[Identifier], organisations: Sequence[OrganisationRow] | None = None
    ) -> None:
        """Show what is there. ``organisations``: with their letters; without it their names alone."""
        for kind, shown in self.lists.items():
            shown.show_values([identifier.value for identifier in identifiers if identifier.kind is kind])
        if organisations is None:
            named = [each.value for each in identifiers if each.kind is IdentifierKind.ORGANISATION]
            organisations = [OrganisationRow(name) for name in named]
        self.organisations.show_rows(organisations)

    def _field(self, kind: IdentifierKind) -> AddField:
        field = AddField(wording.identifier_kind(kind), EXAMPLES.get(kind, ""))
        field.added.connect(partial(self.added.emit, kind))
        self.fields[kind] = field
        return field

    def _remove(self, kind: IdentifierKind, value: str) -> None:
        self.removed.emit(Identifier(kind, value))


class PlainAddressHint(Card):
    """After an address with a part that only sorts mail ("name+shop@…"): the plain one may be in leaks as well."""

    wanted = Signal(str)

    def __init__(self) -> None:
        self._words = Text("")
        self._plain = ""
        self.add = button(_("Also add the plain address"), on_click=self._add)
        self.leave = button(_("No, thank you"), "quiet", lambda: self.show_plain(""))
        super().__init__(
            self._words, Beside((self.add, 0), (self.leave, 0), (QWidget(), 1), room_em=44, spacing=8), role="banner"
        )
        self.hide()

    def show_plain(self, plain: str) -> None:
        """Offer this address; an empty one: nothing is to be offered."""
        self._plain = plain
        self._words.setText(
            _("Mail to this address also comes to {plain}. A leak may hold that form.").format(plain=plain)
        )
        self.add.setAccessibleName(f"{self.add.text()}: {plain}")
        self.setVisible(bool(plain))

    def _add(self) -> None:
        plain = self._plain
        self.show_plain("")
        self.wanted.emit(plain)


class OrganisationList(QWidget):
    """Who has a photo of the person, and how far the letters to them are."""

    removed = Signal(str)
    letter_requested = Signal(str)
    answer_came = Signal(str)

    def __init__(self, with_letters: bool) -> None:
        super().__init__()
        self._with_letters = with_letters
        self._shown: tuple[OrganisationRow, ...] | None = None
        self._letters: dict[str, QPushButton] = {}
        self._asked = ""
        self._rows = column(spacing=12)
        self._hint = Text(_("Later we help you to ask them what they hold. See the page My details."), "small")
        self.setLayout(column(self._rows, self._hint, spacing=8, margins=(12, 0, 0, 0)))
        self.show_rows(())

    def show_rows(self, rows: Sequence[OrganisationRow]) -> None:
        """Show these; the same ones again keep what the keyboard is on."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        clear(self._rows)
        self._letters = {}
        for number, each in enumerate(self._shown):
            if number:
                self._rows.addWidget(line())
            self._rows.addWidget(self._row(each))
        self._hint.setVisible(bool(rows) and not self._with_letters)
        self.setVisible(bool(rows))

    def take_keyboard(self) -> None:
        """Back from a letter: the keyboard is on the button that led to it."""
        if self._asked in self._letters:
            self._letters[self._asked].show()  # a layout shows it a moment later, which is too late for the focus
            self._letters[self._asked].setFocus()

    def _ask(self, name: str) -> None:
        self._asked = name
        self.letter_requested.emit(name)

    def _row(self, each: OrganisationRow) -> QWidget:
        words = column(Text(each.name, "strong"), spacing=4)
        if each.state:
            words.addWidget(Text(each.state, "warning" if each.is_late else "small"))
        if each.note:
            words.addWidget(Text(each.note, "small"))
        actions: list[QPushButton] = []
        if each.open_letter:
            actions.append(_named(_("Answer came"), each.name, partial(self.answer_came.emit, each.open_letter)))
        if self._with_letters:
            self._letters[each.name] = _named(_("Letter…"), each.name, partial(self._ask, each.name))
            actions.append(self._letters[each.name])
        if each.is_named:
            actions.append(_named(_("Remove"), each.name, partial(self.removed.emit, each.name), "quiet"))
        words.addWidget(Beside(*((made, 0) for made in actions), (QWidget(), 1), room_em=44, spacing=8))
        return holder(words)


def _named(words: str, about: str, on_click: "partial[None]", role: str = "secondary") -> QPushButton:
    made = button(words, role, on_click)
    made.setAccessibleName(f"{words} {about}")
    return made


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
