"""What left this computer: every request, newest first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableWidget, QTableWidgetItem

from privacyguard.i18n import _
from privacyguard.ui.pages.views import DisclosuresView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, row
from privacyguard.ui.widgets.text import Text

ROWS_SHOWN = 500


class DisclosuresPage(ScrollPage):
    """Shows a :class:`DisclosuresView`."""

    save_requested = Signal(str)
    clear_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self._totals = column(spacing=0)
        self.table = _table()
        self.save = button(_("Save as file"), on_click=self._pick)
        self.clear = button(_("Clear the list"), on_click=self.clear_requested.emit)
        intro = _("Everything PrivacyGuard ever sent, newest first. Your face pattern: never.")
        heading = column(Text(_("What left this computer"), "title"), Text(intro, "soft"), spacing=4)
        actions = row(self.save, self.clear)
        actions.addStretch(1)
        self.add(heading, self.problem, self._totals, Card(self.table), actions)
        self.body.addStretch(1)

    def show_view(self, view: DisclosuresView) -> None:
        """Show this view."""
        clear(self._totals)
        cards = [(Card(Text(number, "number"), Text(words, "small"), spacing=4), 1) for number, words in view.totals]
        self._totals.addWidget(Beside(*cards, room_em=64))
        shown = view.rows[:ROWS_SHOWN]
        self.table.setRowCount(len(shown))
        for place, each in enumerate(shown):
            host = each.host.replace(".", ".\N{ZERO WIDTH SPACE}")  # a long name may go on in the next line
            for at, words in enumerate((each.when, host, each.what, each.why, each.size)):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.table.setItem(place, at, item)
        self.table.resizeRowsToContents()
        self.table.setMinimumHeight(min(480, 60 + sum(self.table.rowHeight(n) for n in range(min(8, len(shown))))))
        self.clear.setEnabled(bool(view.rows))
        self.save.setEnabled(bool(view.rows))

    def _pick(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self, _("Save as file"), "what-left.csv", "CSV (*.csv)", options=QFileDialog.Option.DontUseNativeDialog
        )
        if path:
            self.save_requested.emit(path)


def _table() -> QTableWidget:
    table = QTableWidget(0, 5)
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
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for short in (0, 4):
        table.horizontalHeader().setSectionResizeMode(short, QHeaderView.ResizeMode.ResizeToContents)
    return table
