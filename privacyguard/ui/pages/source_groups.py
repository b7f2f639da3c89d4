"""All places that can be asked, in folded groups: the same in the guided checkup and on the page "Where we look"."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from privacyguard.i18n import N_, _
from privacyguard.ui.pages.accounts import FoldersCard
from privacyguard.ui.pages.source_card import SourceRow
from privacyguard.ui.pages.source_views import Group, SourceCard, SourcesView
from privacyguard.ui.pages.watched_pages import WatchedPages
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.fold import Fold
from privacyguard.ui.widgets.layout import Beside, column, line
from privacyguard.ui.widgets.text import Text

TITLES = {
    Group.COMPUTER: (N_("On this computer"), N_("Folders that you choose. Nothing leaves this computer.")),
    Group.LEAKS: (N_("Leaks"), N_("Was your data in a leak?")),
    Group.PAGES: (N_("Web pages you name"), N_("Your club, your school, an old blog.")),
    Group.PROFILES: (N_("Profiles and user names"), N_("Profiles at your addresses and user names.")),
    Group.NAME: (N_("Search by your name"), N_("Pictures that a search brings for your name.")),
    Group.PHOTO: (N_("Search with a photo"), N_("Pages that show the same picture. You send a photo, each time.")),
    Group.FACE: (N_("Face search"), N_("Sites that compare faces. You send a photo of your face, each time.")),
    Group.BY_HAND: (N_("By hand"), N_("Sites that you open in your own browser, step by step.")),
}
OPEN_AT_FIRST = frozenset({Group.COMPUTER})


class SourceGroups(QWidget):
    """Shows a :class:`SourcesView`. ``leads_on``: it has buttons that open other pages of the main window."""

    source_switched = Signal(str, bool)
    key_entered = Signal(str, str)
    key_tested = Signal(str)
    key_removed = Signal(str)
    server_entered = Signal(str, str)
    server_removed = Signal(str)
    page_added = Signal(str)
    page_removed = Signal(str)
    by_hand_requested = Signal()
    link_opened = Signal(str)

    def __init__(self, leads_on: bool) -> None:
        super().__init__()
        self.cards: dict[str, SourceRow] = {}
        self.folders, self.pages = FoldersCard(), WatchedPages()
        self.pages.added.connect(self.page_added)
        self.pages.removed.connect(self.page_removed)
        self.groups = {
            group: Fold(_(title), _(about), group in OPEN_AT_FIRST) for group, (title, about) in TITLES.items()
        }
        self._why_not: dict[Group, Text] = {}
        for group, fold in self.groups.items():
            self._why_not[group] = Text("", "strong")
            self._why_not[group].hide()
            fold.inside.addWidget(self._why_not[group])
            fold.setVisible(group is Group.BY_HAND)
        self.by_hand = button(_("Look by hand"), on_click=self.by_hand_requested.emit)
        self.by_hand.setVisible(leads_on)
        words = _("We help you there, and look at what you bring back. It is on the page “Look by hand”.")
        self.groups[Group.BY_HAND].inside.addWidget(Text(words))
        self.groups[Group.BY_HAND].inside.addWidget(Beside((self.by_hand, 0), (QWidget(), 1), room_em=None))
        self.setLayout(column(*self.groups.values(), spacing=12))

    def show_view(self, view: SourcesView) -> None:
        """Show the cards; those that are there already keep what is being typed."""
        for group, fold in self.groups.items():
            cards = [card for card in view.cards if card.group is group]
            if group is not Group.BY_HAND:
                self._show_group(group, fold, cards)
        self.folders.show_folders(view.folders)
        self.pages.show_pages(view.pages)

    def open_group_of(self, source_id: str) -> None:
        """Unfold the group that holds this place."""
        for fold in self.groups.values():
            if self.cards[source_id] in fold.findChildren(SourceRow):
                fold.turn(True)

    def _show_group(self, group: Group, fold: Fold, cards: Sequence[SourceCard]) -> None:
        fold.setVisible(bool(cards))
        reasons = {card.why_not for card in cards}
        common = reasons.pop() if len(reasons) == 1 else ""
        self._why_not[group].show_text(common)
        for card in cards:
            if card.source_id not in self.cards:
                if fold.inside.count() > 1:
                    fold.inside.addWidget(line())
                self._add(card, fold)
            self.cards[card.source_id].show_card(card, tells_why=not common)
            if card.has_pages:
                self.pages.setVisible(not card.why_not)
        on = sum(card.is_on and not card.why_not for card in cards)
        fold.show_count(_("{on} of {count} on").format(on=on, count=len(cards)))

    def _add(self, card: SourceCard, fold: Fold) -> None:
        made = SourceRow(card)
        for mine, theirs in (
            (made.switched, self.source_switched),
            (made.key_entered, self.key_entered),
            (made.key_tested, self.key_tested),
            (made.key_removed, self.key_removed),
            (made.server_entered, self.server_entered),
            (made.server_removed, self.server_removed),
            (made.link_opened, self.link_opened),
        ):
            mine.connect(theirs)
        for has_it, part in ((card.has_folders, self.folders), (card.has_pages, self.pages)):
            if has_it:
                made.below.addSpacing(8)
                made.below.addWidget(part)
        self.cards[card.source_id] = made
        fold.inside.addWidget(made)
