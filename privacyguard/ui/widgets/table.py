"""A table to read: every cell whole, columns that share the room, and rows in one piece where there is too little of it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from privacyguard.i18n import _
from privacyguard.ui.widgets.text import broken

ROOM_EM = 64
"""With fewer letters than that in a line (200 % text, a small window) a row is one cell, a line for each of its columns."""
HEIGHT_AT_MOST = 480
ROWS_AT_ONCE = 8
WIDE = 1000


class ReadingTable(QTableWidget):
    """Rows of words under headings.

    Args:
        name: for assistive technology.
        headings: of the columns.
        shares: of the room beside the headings, for each column but the last, which gets what it needs.
    """

    def __init__(self, name: str, headings: Sequence[str], shares: Sequence[float]) -> None:
        super().__init__(0, len(headings))
        self._headings, self._shares = tuple(headings), tuple(shares)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._is_stacked = False
        self.setAccessibleName(name)
        self.setItemDelegate(_Unbroken(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)  # also when columns change
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setStretchLastSection(True)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._fill()

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows, a text for each column."""
        self._rows = tuple(tuple(each) for each in rows)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        is_stacked = self.viewport().width() < ROOM_EM * self.fontMetrics().averageCharWidth()
        if is_stacked is not self._is_stacked:
            self._is_stacked = is_stacked
            self._fill()
        else:
            self._share_room()

    def _fill(self) -> None:
        headings = self._headings[:1] if self._is_stacked else self._headings
        self.setColumnCount(len(headings))
        self.setHorizontalHeaderLabels(headings)
        self.horizontalHeader().setVisible(not self._is_stacked)
        self.setRowCount(len(self._rows))
        for place, each in enumerate(self._rows):
            for at, words in enumerate([self._in_one(each)] if self._is_stacked else each):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.setItem(place, at, item)
        self._share_room()

    def _in_one(self, row: Sequence[str]) -> str:
        line = _("{heading}: {words}")
        pairs = zip(self._headings, row, strict=True)
        return "\n".join(line.format(heading=heading, words=words) for heading, words in pairs if words)

    def _share_room(self) -> None:
        """Each column has the room of its heading, and its share of the rest; as high as the first rows."""
        if not self._is_stacked:
            heads, last = self.horizontalHeader(), len(self._shares)
            longest = max((self.fontMetrics().horizontalAdvance(row[last]) for row in self._rows), default=0)
            least_last = max(heads.sectionSizeFromContents(last).width(), heads.defaultSectionSize())
            room = self.viewport().width() - max(longest + self._padding(), least_last)
            least = [heads.sectionSizeFromContents(column).width() for column in range(len(self._shares))]
            for column, share in enumerate(self._shares):
                self.setColumnWidth(column, least[column] + int(max(0, room - sum(least)) * share))
        shown = sum(self.rowHeight(place) for place in range(min(ROWS_AT_ONCE, self.rowCount())))
        self.setMinimumHeight(min(HEIGHT_AT_MOST, 60 + shown))

    def _padding(self) -> int:
        """What a cell is wider than its text, in device-independent pixels."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        return padding(self, option)


class _Unbroken(QStyledItemDelegate):
    """A word that is wider than its column goes on in the next line, instead of losing its middle."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Also called for the height of a row, so a row grows with its lines."""
        super().initStyleOption(option, index)
        table = self._table()
        room = table.columnWidth(index.column()) - padding(table, option)
        option.text = broken(option.text, option.fontMetrics, room)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height of the text in the width that is left for it; Qt forgets the padding of the style sheet."""
        table = self._table()
        narrower = QStyleOptionViewItem(option)
        narrower.rect = QRect(0, 0, table.columnWidth(index.column()) - padding(table, option), WIDE)
        return super().sizeHint(narrower, index)

    def _table(self) -> QTableWidget:
        table = self.parent()
        assert isinstance(table, QTableWidget)
        return table


def padding(table: QTableWidget, option: QStyleOptionViewItem) -> int:
    """What a cell is wider than its text, in device-independent pixels: of the style sheet, and Qt's own margin."""
    cell = QStyleOptionViewItem(option)
    cell.rect = QRect(0, 0, WIDE, WIDE)
    within = table.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, cell, table)
    margin = 1 + table.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, table)
    return WIDE - within.width() + 2 * margin
