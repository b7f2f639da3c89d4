"""Where may we look? One card for each source: what it finds, what leaves this computer, what it costs."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from privacyguard.i18n import _
from privacyguard.ui.pages.accounts import FoldersCard
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.inputs import AddField, Tick
from privacyguard.ui.widgets.layout import Card, column, row
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.pages import WizardPage
from privacyguard.ui.wizard.views import SourceCard, WizardState


class WherePage(WizardPage):
    """Shows the cards of a :class:`WizardState`."""

    source_switched = Signal(str, bool)
    key_entered = Signal(str, str)
    sending_switched = Signal(str, bool)
    link_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            _("Where may we look?"),
            _("Nothing is sent before you press “Look now”. You can change this at any time."),
        )
        self.cards: dict[str, _Card] = {}
        self.folders = FoldersCard()
        self._column = column(spacing=16)
        self.add(self._column)
        self.body.addStretch(1)

    def show_state(self, state: WizardState) -> None:
        """Show the cards; those that are there already keep what is being typed."""
        for card in state.sources:
            if card.source_id not in self.cards:
                made = _Card(card, self)
                if card.has_folders:
                    made.body.addWidget(self.folders)
                self.cards[card.source_id] = made
                self._column.addWidget(made)
            self.cards[card.source_id].show_card(card)
        self.folders.show_folders(state.folders)


class _Card(Card):
    def __init__(self, card: SourceCard, page: WherePage) -> None:
        self.switch = Tick(card.name, card.is_on)
        self.switch.words.setProperty("role", "heading")
        self.switch.toggled.connect(partial(page.source_switched.emit, card.source_id))
        leaves = card.discloses or _("nothing")
        facts = (
            card.finds,
            _("What leaves this computer: {what}.").format(what=leaves),
            _("Cost: {cost}").format(cost=card.cost),
        )
        super().__init__(self.switch, *(_soft(words) for words in facts), spacing=4)
        self.why_not = Text("", "strong")
        self.body.addWidget(self.why_not)
        self.key = self._key_field(card, page) if card.needs_key else None
        self.key_words = Text("", "strong")
        self.body.addWidget(self.key_words)
        self.thumb: FaceThumb | None = None
        words = _("Send this photo to {name} this time. It may keep it for a while, and we cannot take it back.")
        self.send_tick = Tick(words.format(name=card.name), card.sends_now)
        self.send_tick.toggled.connect(partial(page.sending_switched.emit, card.source_id))
        self.sending = Card(self.send_tick, role="banner")
        self.sending.hide()
        self.body.addWidget(self.sending)

    def show_card(self, card: SourceCard) -> None:
        """Show the switch, the code's state and the reason where it cannot be asked."""
        self.switch.box.setChecked(card.is_on and not card.why_not)
        self.switch.setEnabled(not card.why_not)
        self.why_not.show_text(card.why_not)
        self.key_words.show_text(card.key_words)
        if self.key is not None:
            self.key.setVisible(card.is_on and not card.why_not)
        can_send = card.sends_pictures and card.is_on and card.photo is not None and not card.why_not
        self.sending.setVisible(can_send)
        if can_send and self.thumb is None:
            self.thumb = FaceThumb(card.photo, _("The photo that would be sent"), 96)
            self.sending.body.insertWidget(0, self.thumb)
        self.send_tick.box.setChecked(card.sends_now)

    def _key_field(self, card: SourceCard, page: WherePage) -> AddField:
        label = _("Your code from {name}").format(name=card.name)
        field = AddField(label, secret=True, action=_("Save and test"))
        field.added.connect(partial(page.key_entered.emit, card.source_id))
        self.body.addWidget(field)
        if card.key_url:
            opening = button(_("Where to get a code"), "quiet", partial(page.link_opened.emit, card.key_url))
            opening.setAccessibleName(_("Where to get a code: {link}").format(link=card.key_url))
            field.layout().addItem(row(opening))  # type: ignore[union-attr]
        return field


def _soft(words: str) -> QLabel:
    return Text(words, "soft")
