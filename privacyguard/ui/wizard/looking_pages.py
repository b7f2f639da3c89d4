"""Looking, and what we found."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QProgressBar

from privacyguard.i18n import _
from privacyguard.ui.pages.home import step_row
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Card, clear, column, holder, line, row
from privacyguard.ui.widgets.level_badge import LevelBadge
from privacyguard.ui.widgets.regular_card import RegularCard
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.pages import WizardPage
from privacyguard.ui.wizard.views import LookingRow, ResultsView


class LookingPage(WizardPage):
    """A row for each source while the checkup runs."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__(_("Looking"), _("You can do other things meanwhile. What we find is kept at once."))
        self._rows: dict[str, tuple[Text, QProgressBar]] = {}
        self._column = column(spacing=12)
        self.cancel = button(_("Stop, and keep what was found"), on_click=self.cancel_requested.emit)
        stop = row(self.cancel)
        stop.addStretch(1)
        self.add(Card(self._column), stop)
        self.body.addStretch(1)
        self.is_running = False

    @property
    def is_answered(self) -> bool:
        """The checkup has ended."""
        return not self.is_running

    def show_running(self, is_running: bool) -> None:
        """Whether the checkup runs."""
        self.is_running = is_running
        self.cancel.setEnabled(is_running)
        self.changed.emit()

    def show_rows(self, rows: Sequence[LookingRow]) -> None:
        """Show how far each source is."""
        if list(self._rows) != [each.source_id for each in rows]:
            self._build(rows)
        for each in rows:
            words, bar = self._rows[each.source_id]
            words.setText(each.words)
            role = "warning" if each.is_failed else "small"
            if words.property("role") != role:
                words.setProperty("role", role)
                words.style().unpolish(words)
                words.style().polish(words)
            bar.setVisible(each.is_running)
            bar.setAccessibleDescription(each.words)
            if each.fraction is None:
                bar.setRange(0, 0)
            else:
                bar.setRange(0, 1000)
                bar.setValue(round(each.fraction * 1000))

    def _build(self, rows: Sequence[LookingRow]) -> None:
        clear(self._column)
        self._rows = {}
        for number, each in enumerate(rows):
            words, bar = Text("", "small"), QProgressBar()
            bar.setTextVisible(False)
            bar.setAccessibleName(each.name)
            if number:
                self._column.addWidget(line())
            self._column.addLayout(column(Text(each.name, "strong"), words, bar, spacing=4))
            self._rows[each.source_id] = words, bar


class ResultsPage(WizardPage):
    """The worst first, three steps at most, what was not checked, and a rest point."""

    report_requested = Signal(str)
    findings_requested = Signal()
    disclosures_requested = Signal()

    def __init__(self) -> None:
        super().__init__(_("What we found"))
        self._content = column(spacing=16)
        self._left, self._rest = Text("", "soft"), Text("")
        self.disclosures = button(_("See the list"), on_click=self.disclosures_requested.emit)
        self.disclosures.setAccessibleName(_("See the list of what left this computer"))
        self.report = button(_("Save a report…"), on_click=self._pick)
        self.findings = button(_("See all findings"), on_click=self.findings_requested.emit)
        actions = row(self.findings, self.report)
        actions.addStretch(1)
        self.regular = RegularCard()
        # What comes later is in a part that is made first, so that it is read out where it is seen.
        told = column(holder(self._content), self._what_left(), self._rest, spacing=16)
        self.add(told, self.regular, actions)
        self.body.addStretch(1)

    def show_results(self, view: ResultsView) -> None:
        """Show the results."""
        clear(self._content)
        self._content.addWidget(Card(LevelBadge(view.level), Text(view.title, "heading"), role="banner"))
        if view.steps:
            steps = Card(Text(_("Your next steps"), "heading"))
            for number, step in enumerate(view.steps):
                if number:
                    steps.body.addWidget(line())
                steps.body.addWidget(step_row(step, None))
            if view.more:
                steps.body.addWidget(Text(view.more, "small"))
            self._content.addWidget(steps)
        if view.not_checked:
            card = Card(Text(_("What was not checked"), "heading"), spacing=4)
            for words in view.not_checked:
                card.body.addWidget(Text(words, "soft"))
            self._content.addWidget(card)
        self._left.setText(view.left)
        self._rest.setText(view.rest)

    def _what_left(self) -> Card:
        link = row(self.disclosures)
        link.addStretch(1)
        return Card(Text(_("What left this computer"), "heading"), self._left, link, spacing=8)

    def _pick(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self,
            _("Save a report"),
            "report.html",
            "HTML (*.html);;JSON (*.json)",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if path:
            self.report_requested.emit(path)
