"""Settings: the regular check, how often it comes, who starts it, its notices; and what locks the person's data."""

from PySide6.QtCore import Signal

from privacyguard.i18n import _
from privacyguard.ui.pages.guard_views import RegularView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.inputs import Chooser, Tick, labelled
from privacyguard.ui.widgets.layout import Card, ScrollPage, row
from privacyguard.ui.widgets.text import Text


class SettingsPage(ScrollPage):
    """Shows a :class:`RegularView`. The signals tell only what the person does."""

    switched = Signal(bool)
    pace_chosen = Signal(str)
    starting_switched = Signal(bool)
    notices_switched = Signal(bool)
    pause_requested = Signal(bool)
    check_requested = Signal()
    licences_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.regular = Tick(_("Look again by itself, now and then"))
        self.starts = Tick(_("Start the regular check with the computer"))
        self.notices = Tick(_("Show a short notice when there is something new to do"))
        self.pace = Chooser()
        self.pace.activated.connect(lambda _place: self.pace_chosen.emit(self.pace.chosen))
        self.pace_line = labelled(_("How often"), self.pace)
        self.words, self.last, self.trouble = Text("", "strong"), Text("", "soft"), Text("", "warning")
        self.no_start = Text(
            _("This computer cannot start the check by itself. Open PrivacyGuard now and then."), "soft"
        )
        self.reached = Text("", "soft")
        self.check = button(_("Check now"), on_click=self.check_requested.emit)
        self.pause = button(_("Pause for a day"), on_click=lambda: self.pause_requested.emit(True))
        self.go_on = button(_("End the pause"), on_click=lambda: self.pause_requested.emit(False))
        self.regular.toggled.connect(self.switched)
        self.starts.toggled.connect(self.starting_switched)
        self.notices.toggled.connect(self.notices_switched)
        actions = row(self.check, self.pause, self.go_on)
        actions.addStretch(1)
        heading = Text(_("The regular check"), "heading")
        self.add(Text(_("Settings"), "title"), self.problem)
        self.add(Card(heading, self.regular, self.words, self.last, self.trouble, self.pace_line, actions))
        self.add(Card(Text(_("How it starts"), "heading"), self.starts, self.no_start, self.reached))
        notice = _("It always says the same short sentence. No name and no place is in it. There is one a day at most.")
        self.add(Card(Text(_("Notices"), "heading"), self.notices, Text(notice, "soft")))
        self.store = Text("", "soft")
        self.locked = Card(Text(_("How your data is locked"), "heading"), self.store)
        self.add(self.locked, self._made_of())
        self.body.addStretch(1)
        self.show_view(RegularView(False, ""))

    def _made_of(self) -> Card:
        self.licences = button(_("Licences"), on_click=self.licences_requested.emit)
        line = row(self.licences)
        line.addStretch(1)
        words = _("It uses the work of many people. Here is who made what, and what they allow.")
        return Card(Text(_("What PrivacyGuard is made of"), "heading"), Text(words, "soft"), line)

    def show_view(self, view: RegularView) -> None:
        """Show this state; the keyboard stays where it is, or goes to what took the place of its button."""
        in_pause, in_going_on = self.pause.hasFocus(), self.go_on.hasFocus()
        self.regular.box.setChecked(view.is_on)
        self.words.show_text(view.words)
        self.last.show_text(view.last)
        self.trouble.show_text(view.trouble)
        self.pace.offer(view.paces, view.pace)
        self.pace_line.setVisible(view.is_on)
        self.check.setVisible(view.is_on)
        self.pause.setVisible(view.is_on and not view.is_paused)
        self.go_on.setVisible(view.is_on and view.is_paused)
        self.starts.setVisible(view.starts is not None)
        self.starts.box.setChecked(bool(view.starts))
        self.starts.setEnabled(view.is_on)
        self.no_start.setVisible(view.starts is None)
        self.reached.show_text(view.reached)
        self.store.setText(view.store)
        self.locked.setVisible(bool(view.store))
        self.notices.box.setChecked(view.gives_notices)
        self.notices.setEnabled(view.is_on)
        if in_pause and view.is_paused:
            self.go_on.setFocus()
        elif in_going_on and not view.is_paused:
            self.pause.setFocus()
