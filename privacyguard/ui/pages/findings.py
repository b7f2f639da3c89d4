"""Findings: the list with filters, and one of them in the five-line pattern."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from privacyguard import wording_levels
from privacyguard.i18n import _
from privacyguard.model.finding import MarkKind
from privacyguard.ui.pages.archive_panel import ArchivePanel
from privacyguard.ui.pages.finding_detail import KEYS, fill_detail
from privacyguard.ui.pages.views import ArchiveView, FindingDetail, FindingRow
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import RowButton
from privacyguard.ui.widgets.inputs import Chooser
from privacyguard.ui.widgets.layout import Beside, ScrollPage, clear, column, row
from privacyguard.ui.widgets.level_badge import LevelShape
from privacyguard.ui.widgets.text import Text


class FindingsPage(QWidget):
    """Shows rows and one :class:`FindingDetail`; the wishes go out as signals. ``detail_shown``: the key of the finding whose
    detail is there now, so that what an archive said of it can be shown again."""

    chosen = Signal(str)
    mark_requested = Signal(str, object)
    name_requested = Signal(str)
    letter_requested = Signal(str)
    passwords_requested = Signal()
    clean_requested = Signal()
    archive_requested = Signal(str)
    archive_cancelled = Signal(str)
    archive_letter_requested = Signal(str)
    detail_shown = Signal(str)
    link_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[FindingRow] = ()
        self._detail: FindingDetail | None = None
        self.archive: ArchivePanel | None = None
        self.rows: dict[str, RowButton] = {}
        self._had_keyboard = False
        self.filter = Chooser()
        self.filter.setAccessibleName(_("Show"))
        for words, theme in (
            (_("Open"), "open"),
            (_("Leaks"), "leaks"),
            (_("Pictures"), "pictures"),
            (_("Profiles"), "profiles"),
            (_("Dealt with"), "done"),
            (_("All"), "all"),
        ):
            self.filter.addItem(words, theme)
        self.filter.currentIndexChanged.connect(self._show_rows)
        self.list = ScrollPage(spacing=4, margins=(20, 24, 8, 24))
        self._lines = column(spacing=4)
        self.list.add(self.filter, self._lines)
        self.list.body.addStretch(1)
        self.list.setMinimumWidth(220)
        self.detail = ScrollPage(spacing=16, margins=(16, 24, 24, 24))
        self.problem = ErrorBanner()
        self._content = column(spacing=16)
        self.detail.add(self.problem, self._content)
        self.detail.body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Beside((self.list, 3), (self.detail, 7), room_em=84, spacing=0, below=(2, 3)))
        for kind, key in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._mark, kind))

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show the list; the filter stays."""
        self._had_keyboard = self._has_keyboard()  # before the row that has it goes
        self._rows = rows
        self._show_rows()

    def show_detail(self, detail: FindingDetail | None) -> None:
        """Show one finding, or that none is chosen. Where the keyboard was on this page, it is on the finding's row then."""
        had_keyboard, self._had_keyboard = self._had_keyboard or self._has_keyboard(), False
        self._detail = detail
        clear(self._content)
        self.archive = None
        if detail is None:
            empty = _("Nothing is open here.") if not self._shown() else _("Choose one on the left.")
            self._content.addWidget(Text(empty, "soft"))
        else:
            self.archive = fill_detail(self, self._content, detail)
        self._show_rows()
        if had_keyboard:
            self._focus_row()
        if self.archive is not None and detail is not None:
            self.detail_shown.emit(detail.key)

    def show_archive(self, key: str, view: ArchiveView) -> None:
        """Show what comes of asking an archive about this finding, if its detail is there."""
        if self.archive is not None and self._detail is not None and self._detail.key == key:
            self.archive.show_view(view)

    def _shown(self) -> list[FindingRow]:
        theme = self.filter.currentData()
        return [
            finding
            for finding in self._rows
            if theme == "all"
            or (theme == "done" and finding.is_done)
            or (not finding.is_done and theme in ("open", finding.theme))
        ]

    def take_keyboard(self) -> None:
        """Back from a page that the finding led to: the keyboard is on its row."""
        self._focus_row()

    def _has_keyboard(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _focus_row(self) -> None:
        made = self.rows.get(self._detail.key) if self._detail is not None else None
        if made is None:
            self.filter.setFocus()
        else:
            made.show()  # a layout shows it a moment later, which is too late for the focus
            made.setFocus()

    def _show_rows(self) -> None:
        clear(self._lines)
        self.rows = {}
        for finding in self._shown():
            is_current = self._detail is not None and self._detail.key == finding.key
            head = row(LevelShape(finding.level), Text(finding.title, "strong"), spacing=8)
            head.setStretch(1, 1)
            name = f"{wording_levels.level(finding.level)}: {finding.title}, {finding.where}"
            self.rows[finding.key] = made = RowButton(
                name, column(head, Text(finding.where, "small"), spacing=4), is_current
            )
            made.clicked.connect(lambda _checked=False, key=finding.key: self.chosen.emit(key))
            self._lines.addWidget(made)
        if not self._shown():
            self._lines.addWidget(Text(_("Nothing in this list."), "soft"))

    def _mark(self, kind: MarkKind) -> None:
        if self._detail is not None and kind in self._detail.decisions:
            self.mark_requested.emit(self._detail.key, kind)
