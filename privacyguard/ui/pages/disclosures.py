"""What left this computer: every request, newest first; narrowed, saved as a file, cleared."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from privacyguard.i18n import _
from privacyguard.ui.pages.views import DisclosureRow, DisclosuresView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.confirm import confirm
from privacyguard.ui.widgets.inputs import Chooser, labelled
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, row
from privacyguard.ui.widgets.table import ReadingTable
from privacyguard.ui.widgets.text import Text

ROWS_SHOWN = 500
SHARES = (0.16, 0.32, 0.32, 0.2)
"""Of the room beside their headings, for when, to whom, what and why."""


class DisclosuresPage(ScrollPage):
    """Shows a :class:`DisclosuresView`. ``narrowed``: source, kind of data and day that are wanted, "" for all."""

    narrowed = Signal(str, str, str)
    save_requested = Signal(str)
    clear_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self._totals = column(spacing=0)
        self._summary = Text("", "strong")
        self._cut = Text("", "small")
        headings = (_("When"), _("To"), _("What"), _("Why"), _("Size"))
        self.table = ReadingTable(_("What left this computer"), headings, SHARES)
        self.save = button(_("Save as file"), on_click=self._pick)
        self.clear = button(_("Clear the list…"), on_click=self._ask_clear)
        self.source, self.kind, self.day = Chooser(), Chooser(), Chooser()
        for box in (self.source, self.kind, self.day):
            box.activated.connect(self._narrow)
        intro = _("Everything PrivacyGuard ever sent, newest first. Your face pattern: never.")
        heading = column(Text(_("What left this computer"), "title"), Text(intro, "soft"), spacing=4)
        actions = row(self.save, self.clear)
        actions.addStretch(1)
        choices = ((_("To whom"), self.source), (_("What was sent"), self.kind), (_("Day"), self.day))
        self._choices = Beside(*((labelled(words, box), 1) for words, box in choices), room_em=64)
        self.add(
            heading, self.problem, self._totals, self._choices, self._summary, Card(self.table), self._cut, actions
        )
        self.body.addStretch(1)

    def show_view(self, view: DisclosuresView) -> None:
        """Show this view; what the list is narrowed to stays where it can still be chosen."""
        clear(self._totals)
        cards = [(Card(Text(number, "number"), Text(words, "small"), spacing=4), 1) for number, words in view.totals]
        self._totals.addWidget(Beside(*cards, room_em=64))
        self.source.offer([("", _("Every place")), *view.sources], self.source.chosen)
        self.kind.offer([("", _("Everything")), *view.kinds], self.kind.chosen)
        self.day.offer([("", _("Every day")), *view.days], self.day.chosen)
        self._choices.setVisible(view.has_any)
        self._summary.show_text(view.summary)
        self._show_rows(view.rows)
        self.clear.setEnabled(view.has_any)
        self.save.setEnabled(bool(view.rows))

    def _show_rows(self, rows: Sequence[DisclosureRow]) -> None:
        shown = rows[:ROWS_SHOWN]
        self.table.show_rows([(each.when, each.host, each.what, each.why, each.size) for each in shown])
        words = _("The newest {shown} of {count} are shown here. The file holds all of them.")
        self._cut.show_text(words.format(shown=len(shown), count=len(rows)) if len(rows) > len(shown) else "")

    def _narrow(self) -> None:
        self.narrowed.emit(self.source.chosen, self.kind.chosen, self.day.chosen)

    def _pick(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self, _("Save as file"), "what-left.csv", "CSV (*.csv)", options=QFileDialog.Option.DontUseNativeDialog
        )
        if path:
            self.save_requested.emit(path)

    def _ask_clear(self) -> None:
        words = _("This deletes the list of what left this computer. What was sent cannot be taken back.")
        confirm(self, _("Clear the list?"), words, _("Clear the list"), self.clear_requested.emit)
