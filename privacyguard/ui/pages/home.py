"""Home: the state, the next steps, the last check."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from privacyguard.i18n import _
from privacyguard.model.advice import Level
from privacyguard.ui.pages.views import HomeView, StepRow
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, holder, line, row
from privacyguard.ui.widgets.level_badge import LevelBadge, LevelShape
from privacyguard.ui.widgets.regular_card import RegularCard
from privacyguard.ui.widgets.text import Text

STEPS_SHOWN = 3


class HomePage(ScrollPage):
    """Shows a :class:`HomeView`."""

    check_requested = Signal()
    finding_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self._content = column(spacing=20)
        self.check = button(_("Check now"), "primary", self.check_requested.emit)
        self.regular, self.foot = RegularCard(), Text("", "small")
        self.add(self.problem, self._content, self.regular, self.foot)
        self.body.addStretch(1)

    def show_view(self, view: HomeView) -> None:
        """Show this view from the top."""
        clear(self._content)
        self._content.addWidget(self._banner(view))
        if view.steps:
            self._content.addWidget(self._steps(view))
        if view.last_check:
            self._content.addWidget(_last_check(view))
        self.foot.show_text(view.foot)

    def _banner(self, view: HomeView) -> Card:
        words = column(Text(view.title, "title"), Text(view.rest, "body"), spacing=4)
        action = _("Check now") if view.level is not None else _("Start your first checkup")
        self.check = button(action, "primary", self.check_requested.emit)
        parts: list[tuple[QWidget, int]] = [(holder(words), 1), (self.check, 0)]
        inside = row(spacing=16)
        if view.level is not None:
            inside.addWidget(LevelShape(view.level, 34), 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(Beside(*parts, room_em=50), 1)
        return Card(inside, role="banner-today" if view.level is Level.DO_TODAY else "banner")

    def _steps(self, view: HomeView) -> Card:
        card = Card(Text(_("Your next steps"), "heading"))
        for number, step in enumerate(view.steps[:STEPS_SHOWN]):
            if number:
                card.body.addWidget(line())
            card.body.addWidget(step_row(step, self.finding_requested))
        return card


def step_row(step: StepRow, requested: SignalInstance | None) -> QWidget:
    """A step with its state, words, minutes and, where it belongs to a finding, a button to it."""
    badge = LevelBadge(step.level)
    badge.setMinimumWidth(132)
    words = column(Text(step.title, "strong"), Text(step.why, "small"), spacing=4)
    parts: list[tuple[QWidget, int]] = [(badge, 0), (holder(words), 1)]
    if step.minutes:
        time = Text(step.minutes, "small")
        time.setWordWrap(False)
        parts.append((time, 0))
    if step.finding and requested is not None:
        start = button(_("Start"), on_click=lambda: requested.emit(step.finding))
        start.setAccessibleName(f"{_('Start')}: {step.title}")
        parts.append((start, 0))
    return Beside(*parts, room_em=72)


def _last_check(view: HomeView) -> Card:
    cells: list[tuple[QWidget, int]] = [
        (holder(column(LevelBadge(count.level), Text(count.words, "small"), spacing=4)), 1) for count in view.counts
    ]
    triples = [Beside(*cells[n : n + 3], room_em=72, spacing=20) for n in range(0, len(cells), 3)]
    return Card(Text(view.last_check, "heading"), *triples)
