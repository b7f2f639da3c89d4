"""Looking by hand: which sites there are, and one of them step by step, there and back again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QWidget

from privacyguard.i18n import _
from privacyguard.ui.pages.bring_panel import BringPanel
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import RowButton, button
from privacyguard.ui.widgets.inputs import Tick
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, row
from privacyguard.ui.widgets.text import Text


@dataclass(frozen=True)
class VisitRow:
    """One site in the list. ``state``: what the person did there, or ""."""

    visit_id: str
    name: str
    finds: str
    state: str = ""


@dataclass(frozen=True)
class VisitsView:
    """Both lists. ``why_none``: why there are none for this person, or ""; ``why_not_brought``: why nothing may be brought
    back, or ""; ``needs_statement``: the sentence is all that is missing."""

    searches: tuple[VisitRow, ...] = ()
    opt_outs: tuple[VisitRow, ...] = ()
    why_none: str = ""
    why_not_brought: str = ""
    needs_statement: bool = False


@dataclass(frozen=True)
class VisitView:
    """One site. ``leaving``: what is said each time before the browser opens; ``saving``: how to save the results, empty where
    there are none; ``asked``: that the person asked to be left out, and when, or ""; ``can_ask``: it can be asked for there."""

    visit_id: str
    name: str
    address: str
    host: str
    finds: str
    notes: tuple[str, ...]
    leaving: tuple[str, ...]
    steps: tuple[str, ...]
    saving: tuple[str, ...] = ()
    asked: str = ""
    is_asked: bool = False
    can_ask: bool = False


class VisitsPage(ScrollPage):
    """Shows a :class:`VisitsView`, or one :class:`VisitView`.

    ``site_requested``: open it; the person has read what that means. ``asked``: they did, or did not, ask to be left out.
    """

    chosen = Signal(str)
    list_requested = Signal()
    site_requested = Signal(str)
    asked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.title, self._intro = Text("", "title"), Text("", "soft")
        self._content = column(spacing=16)
        self.bring = BringPanel()
        self.back = button(_("All sites"), on_click=self.list_requested.emit)
        leaving = row(self.back)
        leaving.addStretch(1)
        self.add(column(self.title, self._intro, spacing=4), self.problem, self._content, self.bring, leaving)
        self.body.addStretch(1)
        self._view: VisitView | None = None
        self.rows: dict[str, RowButton] = {}
        self.show_list(VisitsView())

    @property
    def shown_visit(self) -> str | None:
        """The id of the site that is shown, None while the list is."""
        return None if self._view is None else self._view.visit_id

    def show_list(self, view: VisitsView) -> None:
        """Show all sites."""
        before, self._view = self.shown_visit, None
        self.problem.clear()
        self.title.setText(_("Look by hand"))
        self._intro.setText(
            _(
                "Some sites have no way in for a program. You go there in your own browser, and bring back what you find."
            )
        )
        clear(self._content)
        self.rows = {}
        if view.why_none:
            self._content.addWidget(Card(Text(view.why_none, "strong")))
        self._group(_("Look for your pictures"), view.searches)
        self._group(_("Ask to be left out"), view.opt_outs)
        self.bring.show_allowed(view.why_not_brought, view.needs_statement)
        self.bring.setVisible(not view.why_none)
        self.bring.show_number("")
        self.back.hide()
        if before in self.rows:
            self.rows[before].setFocus()

    def show_visit(self, view: VisitView) -> None:
        """Show one site, step by step."""
        is_new = view.visit_id != self.shown_visit
        self._view = view
        self.problem.clear()
        self.title.setText(view.name)
        self._intro.setText(view.finds)
        clear(self._content)
        self.open = button(_("Go to this site…"), "secondary", self._ask)
        self.open.setAccessibleName(_("Go to this site: {name}").format(name=view.name))
        opening = row(self.open)
        opening.addStretch(1)
        first = _card(1, _("Open the site"), view.notes, opening)
        self._content.addWidget(first)
        self.leave = self._leave_card(view)
        self._content.addWidget(self.leave)
        self._content.addWidget(_card(2, _("At the site"), _listed(view.steps)))
        if view.saving:
            self._content.addWidget(_card(3, _("Save what you found"), _listed(view.saving)))
        if view.can_ask:
            self._content.addWidget(self._asked_card(view))
        self.bring.setVisible(bool(view.saving))
        self.bring.show_number("4. ")
        self.back.show()
        if is_new:
            self.verticalScrollBar().setValue(0)
            first.show()  # a layout shows it a moment later, which is too late for the focus
            self.open.setFocus()

    def _group(self, heading: str, shown: Sequence[VisitRow]) -> None:
        if not shown:
            return
        buttons = column(spacing=8)
        for each in shown:
            words = column(Text(each.name, "strong"), Text(each.finds, "small"), spacing=2)
            if each.state:
                words.addWidget(Text(each.state, "small"))
            name = " ".join(part for part in (each.name, each.finds, each.state) if part)
            self.rows[each.visit_id] = made = RowButton(f"{heading}: {name}", words)
            made.clicked.connect(partial(self.chosen.emit, each.visit_id))
            buttons.addWidget(made)
        group = Card(Text(heading, "heading"), buttons)
        self._content.addWidget(group)
        group.show()

    def _leave_card(self, view: VisitView) -> Card:
        """What is said each time before the browser opens. Both answers look the same."""
        self.go = button(_("Open the site"), "secondary", self._go)
        self.stay = button(_("Stay here"), "secondary", self._stay)
        host = Text(view.host, "strong")
        where = column(Text(_("It opens in your browser:"), "small"), host, Text(view.address, "small"), spacing=2)
        answers = Beside((self.go, 1), (self.stay, 1), room_em=40, spacing=12)
        made = Card(*(Text(words) for words in view.leaving), where, answers, role="banner")
        made.setAccessibleName(" ".join(view.leaving))
        made.hide()
        return made

    def _asked_card(self, view: VisitView) -> Card:
        self.tick = Tick(_("I asked {name} to leave me out").format(name=view.name), view.is_asked)
        self.tick.toggled.connect(partial(self.asked.emit, view.visit_id))
        self.asked_words = Text("", "small")
        made = Card(_heading(3, _("Note that you asked")), self.tick, self.asked_words)
        self.asked_words.show_text(view.asked)
        return made

    def _ask(self) -> None:
        self.leave.show()
        self.open.setEnabled(False)
        self.stay.setFocus()

    def _go(self) -> None:
        view = self._view
        self._stay()
        if view is not None:
            self.site_requested.emit(view.visit_id)

    def _stay(self) -> None:
        self.open.setEnabled(True)
        self.open.setFocus()
        self.leave.hide()


def _heading(number: int, words: str) -> Text:
    return Text(f"{number}. {words}", "heading")


def _card(number: int, heading: str, lines: Sequence[str], *more: QWidget | QLayout) -> Card:
    made = Card(_heading(number, heading), *(Text(words) for words in lines), spacing=8)
    for part in more:
        if isinstance(part, QWidget):
            made.body.addWidget(part)
        else:
            made.body.addLayout(part)
    return made


def _listed(lines: Sequence[str]) -> list[str]:
    return [f"• {words}" for words in lines]
