"""What left this computer: every request, newest first; narrowed, saved as a file, cleared."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
)

from privacyguard.i18n import _
from privacyguard.ui.pages.views import DisclosureRow, DisclosuresView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.confirm import confirm
from privacyguard.ui.widgets.inputs import Chooser, labelled
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, row
from privacyguard.ui.widgets.text import Text

ROWS_SHOWN = 500
SHARES = (0.2, 0.22, 0.36, 0.22)
"""Of the room for when, to whom, what and why."""


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
        self.table = _table()
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
        self.table.setRowCount(len(shown))
        for place, each in enumerate(shown):
            host = each.host.replace(".", ".\N{ZERO WIDTH SPACE}")  # a long name may go on in the next line
            for at, words in enumerate((each.when, host, each.what, each.why, each.size)):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.table.setItem(place, at, item)
        self.table.share_room()
        self.table.setMinimumHeight(min(480, 60 + sum(self.table.rowHeight(n) for n in range(min(8, len(shown))))))
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


class _Table(QTableWidget):
    """Its columns share the room; how large a request was gets what it needs."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share it anew."""
        super().resizeEvent(event)
        self.share_room()

    def share_room(self) -> None:
        """By :data:`SHARES`."""
        room = self.viewport().width() - self.sizeHintForColumn(len(SHARES))
        for column_, share in enumerate(SHARES):
            self.setColumnWidth(column_, int(room * share))


def _table() -> _Table:
    table = _Table(0, 5)
    table.setHorizontalHeaderLabels([_("When"), _("To"), _("What"), _("Why"), _("Size")])
    table.setAccessibleName(_("What left this computer"))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setWordWrap(True)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.horizontalHeader().setStretchLastSection(True)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)  # also when columns change
    return table
