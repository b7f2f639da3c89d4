"""One place that can be asked: a switch, what it finds, what leaves this computer, what it costs, and what it needs."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from privacyguard.i18n import _
from privacyguard.ui.pages.source_views import SourceCard
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.confirm import confirm
from privacyguard.ui.widgets.inputs import AddField, Tick
from privacyguard.ui.widgets.layout import Beside, bring_into_view, column
from privacyguard.ui.widgets.text import Text

INDENT_PX = 48
"""The width of the box to tick: what belongs to a place begins below its name."""


class SourceRow(QWidget):
    """Shows one :class:`SourceCard`; what it needs is seen only while it is on."""

    switched = Signal(str, bool)
    key_entered = Signal(str, str)
    key_tested = Signal(str)
    key_removed = Signal(str)
    server_entered = Signal(str, str)
    server_removed = Signal(str)
    link_opened = Signal(str)

    def __init__(self, card: SourceCard) -> None:
        super().__init__()
        self.source_id = card.source_id
        self.switch = Tick(card.name, card.is_on)
        self.switch.words.setProperty("role", "strong")
        self.switch.box.setAccessibleDescription(card.finds)
        self.switch.toggled.connect(partial(self.switched.emit, card.source_id))
        leaves = _("What leaves this computer: {what}.").format(what=card.discloses or _("nothing"))
        facts = Text(f"{leaves} {_('Cost: {cost}').format(cost=card.cost)}", "small")
        self.why_not, self.note = Text("", "strong"), Text("", "strong")
        self.below = column(Text(card.finds), facts, spacing=4, margins=(INDENT_PX, 0, 0, 0))
        self._add_credit(card)
        if card.sends_pictures:
            words = _("We show you the photo first, and ask each time.")
            self.below.addWidget(Text(words, "small"))
        self.below.addWidget(self.why_not)
        self.below.addWidget(self.note)
        self.key = self._key_field(card) if card.needs_key else None
        self.server = self._server_field(card) if card.own_server else None
        self.setLayout(column(self.switch, self.below, spacing=0))
        self.show_card(card)

    def show_card(self, card: SourceCard, tells_why: bool = True) -> None:
        """Show the switch, the code's state and the reason where it cannot be asked; what is being typed stays.

        ``tells_why``: False where the reason is told once for the whole group.
        """
        can_be_asked = not card.why_not
        self.switch.box.setChecked(card.is_on and can_be_asked)
        self.switch.setEnabled(can_be_asked)
        self.why_not.show_text(card.why_not if tells_why else "")
        self.note.show_text(card.note if can_be_asked else "")
        needs = card.is_on and can_be_asked
        if self.key is not None:
            self.key.setVisible(needs)
            focus = QApplication.focusWidget()
            is_news = focus is not None and self.isAncestorOf(focus) and self.key_words.text() != card.key_words
            self.key_words.show_text(card.key_words if needs else "")
            if is_news:
                bring_into_view(self.key_words)
            self._kept_key.setVisible(needs and card.has_key)
            self.test_key.setVisible(card.can_test_key)
        if self.server is not None:
            self.server.setVisible(needs)
            self.server_words.setText(_("We ask this server: {address}").format(address=card.server))
            self._kept_server.setVisible(needs and bool(card.server))

    def _add_credit(self, card: SourceCard) -> None:
        if not card.credit:
            return
        self.credit = button(_("About this data"), "link", partial(self.link_opened.emit, card.credit_url))
        self.credit.setAccessibleName(_("{words}: {link}").format(words=card.credit, link=card.credit_url))
        self.below.addWidget(Text(card.credit, "small"))  # a label wraps, a button does not
        self.below.addWidget(_to_the_left(self.credit))

    def _key_field(self, card: SourceCard) -> AddField:
        field = AddField(_("Your code from {name}").format(name=card.name), secret=True, action=_("Save and test"))
        field.added.connect(partial(self.key_entered.emit, card.source_id))
        self.key_words = Text("", "strong")
        self.test_key = button(_("Test the code"), on_click=partial(self.key_tested.emit, card.source_id))
        self.remove_key = button(_("Erase the code"), "quiet", partial(self._ask_remove, card))
        for each in (self.test_key, self.remove_key):
            each.setAccessibleName(f"{each.text()}: {card.name}")
        self._kept_key = Beside((self.test_key, 0), (self.remove_key, 0), (QWidget(), 1), room_em=44, spacing=8)
        self.below.addWidget(field)
        if card.key_url:
            self.where = button(_("Where to get a code"), "link", partial(self.link_opened.emit, card.key_url))
            self.where.setAccessibleName(_("Where to get a code: {link}").format(link=card.key_url))
            field.layout().addWidget(_to_the_left(self.where))  # type: ignore[union-attr]
        self.below.addWidget(self.key_words)
        self.below.addWidget(self._kept_key)
        return field

    def _server_field(self, card: SourceCard) -> AddField:
        field = AddField(_("Address of your server for {name}").format(name=card.name), "https://search.example.org")
        field.added.connect(partial(self._ask_server, card))
        self.server_words = Text("", "strong")
        self.remove_server = button(_("Remove this server"), "quiet", partial(self.server_removed.emit, card.source_id))
        self.remove_server.setAccessibleName(f"{self.remove_server.text()}: {card.name}")
        self._kept_server = Beside((self.server_words, 1), (self.remove_server, 0), room_em=44, spacing=8)
        self.below.addWidget(field)
        self.below.addWidget(self._kept_server)
        return field

    def _ask_server(self, card: SourceCard, address: str) -> None:
        words = _("What you look for then goes to {address}. Whoever runs it can see it, and your internet address.")
        confirm(
            self,
            _("Ask this server?"),
            words.format(address=address.strip()),
            _("Ask this server"),
            partial(self.server_entered.emit, card.source_id, address),
        )

    def _ask_remove(self, card: SourceCard) -> None:
        confirm(
            self,
            _("Erase the code?"),
            _("{name} is not asked any more until you add a code again.").format(name=card.name),
            _("Erase the code"),
            partial(self.key_removed.emit, card.source_id),
        )


def _to_the_left(widget: QWidget) -> Beside:
    return Beside((widget, 0), (QWidget(), 1), room_em=None)
