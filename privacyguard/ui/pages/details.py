"""My details: who, which face patterns, which accounts, which folders; and forgetting."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from privacyguard.i18n import _
from privacyguard.ui.pages.accounts import AccountsCard, FoldersCard
from privacyguard.ui.pages.views import DetailsView, PersonView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.confirm import confirm
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, row
from privacyguard.ui.widgets.text import Text


class DetailsPage(ScrollPage):
    """Shows a :class:`DetailsView`."""

    forget_face_requested = Signal(str)
    forget_everything_requested = Signal()
    add_face_requested = Signal()
    passwords_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.receipt = Text("", "strong")
        self.receipt.hide()
        self._people = column(spacing=20)
        self.accounts = AccountsCard()
        self.folders = FoldersCard()
        self._kept = Text("", "small")
        self.passwords = button(_("Test a password"), on_click=self.passwords_requested.emit)
        self.forget = button(_("Forget everything…"), on_click=self._ask_forget_everything)
        self.add(Text(_("My details"), "title"), self.problem, self.receipt, self._people, self.accounts)
        testing = row(self.passwords)
        testing.addStretch(1)
        words = Text(_("Find out whether a password of yours is in a list of leaked ones."), "small")
        self.add(Card(Text(_("Your passwords"), "heading"), words, testing), self.folders)
        forgetting = row(self.forget)
        forgetting.addStretch(1)
        self.add(Card(Text(_("Forget everything"), "heading"), self._kept, forgetting))
        self.body.addStretch(1)

    def show_view(self, view: DetailsView) -> None:
        """Show this view; what is being typed stays."""
        clear(self._people)
        for person in view.people:
            self._people.addWidget(self._person(person))
        self.accounts.show_identifiers(view.identifiers, view.organisations)
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
        confirm(
            self, _("Forget my face?"), words, _("Forget my face"), lambda: self.forget_face_requested.emit(person_id)
        )

    def _ask_forget_everything(self) -> None:
        words = _("This deletes everything that PrivacyGuard keeps on this computer. It cannot be undone.")
        confirm(self, _("Forget everything?"), words, _("Forget everything"), self.forget_everything_requested.emit)
