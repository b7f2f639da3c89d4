"""The regular check on a card: its state, and a button to switch it on or to change it."""

from PySide6.QtCore import Signal

from privacyguard.i18n import _
from privacyguard.ui.pages.guard_views import RegularView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Card, row
from privacyguard.ui.widgets.text import Text


class RegularCard(Card):
    """Hidden until there is a :class:`RegularView`. ``news_requested``: the person wants to see what is new."""

    switch_on_requested = Signal()
    settings_requested = Signal()
    news_requested = Signal()

    def __init__(self) -> None:
        super().__init__(Text(_("The regular check"), "heading"), spacing=8)
        self.news, self.words = Text("", "strong"), Text("")
        self.last, self.trouble, self.offer = Text("", "soft"), Text("", "warning"), Text("", "soft")
        self.switch_on = button(_("Turn on the regular check"), on_click=self.switch_on_requested.emit)
        self.settings = button(_("Change"), on_click=self.settings_requested.emit)
        self.settings.setAccessibleName(_("Change the regular check"))
        self.see = button(_("See what is new"), on_click=self.news_requested.emit)
        self.problem = ErrorBanner()
        actions = row(self.see, self.switch_on, self.settings)
        actions.addStretch(1)
        for words in (self.news, self.words, self.last, self.trouble, self.offer):
            self.body.addWidget(words)
        self.body.addWidget(self.problem)
        self.body.addLayout(actions)
        self.hide()

    def show_view(self, view: RegularView) -> None:
        """Show this state; the keyboard stays on the card."""
        had_focus = self.switch_on.hasFocus()
        self.news.show_text(view.news)
        self.see.setVisible(bool(view.news))
        self.words.setText(view.words)
        self.last.show_text(view.last)
        self.trouble.show_text(view.trouble)
        offer = _("We look again every week by ourselves. You hear of it only when there is something new to do.")
        self.offer.show_text("" if view.is_on else offer)
        self.switch_on.setVisible(not view.is_on)
        self.settings.setVisible(view.is_on)
        self.show()
        if had_focus and view.is_on:
            self.settings.setFocus()
