"""Findings: the list with filters, and one of them in the five-line pattern."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from privacyguard import wording
from privacyguard.i18n import _
from privacyguard.model.finding import MarkKind
from privacyguard.ui.pages.views import FindingDetail, FindingRow
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import RowButton, button
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, narrow, row
from privacyguard.ui.widgets.level_badge import LevelBadge, LevelShape
from privacyguard.ui.widgets.text import Text

_KEYS = {MarkKind.DONE: "D", MarkKind.FINE: "O", MarkKind.NOT_ME: "N", MarkKind.LATER: "R"}


class FindingsPage(QWidget):
    """Shows rows and one :class:`FindingDetail`; the wishes go out as signals."""

    chosen = Signal(str)
    mark_requested = Signal(str, object)
    name_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[FindingRow] = ()
        self._detail: FindingDetail | None = None
        self.filter = QComboBox()
        self.filter.setAccessibleName(_("Show"))
        narrow(self.filter)
        for words, theme in (
            (_("Open"), "open"),
            (_("Leaks"), "leaks"),
            (_("Pictures"), "pictures"),
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
        layout.addWidget(Beside((self.list, 3), (self.detail, 7), room_em=84, spacing=0))
        for kind, key in _KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._mark, kind))

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show the list; the filter stays."""
        self._rows = rows
        self._show_rows()

    def show_detail(self, detail: FindingDetail | None) -> None:
        """Show one finding, or that none is chosen."""
        self._detail = detail
        clear(self._content)
        if detail is None:
            empty = _("Nothing is open here.") if not self._shown() else _("Choose one on the left.")
            self._content.addWidget(Text(empty, "soft"))
        else:
            _fill_detail(self, self._content, detail)
        self._show_rows()

    def _shown(self) -> list[FindingRow]:
        theme = self.filter.currentData()
        return [
            finding
            for finding in self._rows
            if theme == "all"
            or (theme == "done" and finding.is_done)
            or (not finding.is_done and theme in ("open", finding.theme))
        ]

    def _show_rows(self) -> None:
        clear(self._lines)
        for finding in self._shown():
            is_current = self._detail is not None and self._detail.key == finding.key
            head = row(LevelShape(finding.level), Text(finding.title, "strong"), spacing=8)
            head.setStretch(1, 1)
            name = f"{wording.level(finding.level)}: {finding.title}, {finding.where}"
            made = RowButton(name, column(head, Text(finding.where, "small"), spacing=4), is_current)
            made.clicked.connect(lambda _checked=False, key=finding.key: self.chosen.emit(key))
            self._lines.addWidget(made)
        if not self._shown():
            self._lines.addWidget(Text(_("Nothing in this list."), "soft"))

    def _mark(self, kind: MarkKind) -> None:
        if self._detail is not None:
            self.mark_requested.emit(self._detail.key, kind)


def _fill_detail(page: FindingsPage, content: QVBoxLayout, detail: FindingDetail) -> None:
    content.addWidget(LevelBadge(detail.level))
    content.addLayout(column(Text(detail.title, "title"), Text(detail.why), spacing=4))
    thumb = None
    if detail.is_picture:
        faces, thumb = _faces(detail)
        content.addWidget(faces)
    if detail.place:
        place = Text(detail.place, "small")
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        content.addWidget(place)
    first = Card(
        Text(_("Do this first ({minutes})").format(minutes=detail.first_minutes), "heading"), Text(detail.first)
    )
    first.body.addWidget(Text(" ".join(part for part in (detail.later, detail.help_line) if part), "small"))
    content.addWidget(first)
    content.addWidget(_buttons(page, detail, thumb))
    content.addWidget(Text(detail.reason, "small"))


def _faces(detail: FindingDetail) -> tuple[QWidget, FaceThumb | None]:
    own = FaceThumb(detail.own_cut, detail.own_caption)
    parts = [_framed(own, detail.own_caption)] if detail.own_cut else []
    found = None
    if detail.cut is not None:
        found = FaceThumb(detail.cut, _("The picture that we found"), blurred=True)
        parts.append(_framed(found, _("What we found. Blurred until you press Space.")))
    return Beside(*((part, 1) for part in parts), room_em=44), found


def _framed(thumb: FaceThumb, caption: str) -> Card:
    words = Text(caption, "small")
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    card = Card(words)
    card.body.insertWidget(0, thumb, 0, Qt.AlignmentFlag.AlignHCenter)
    return card


def _buttons(page: FindingsPage, detail: FindingDetail, thumb: FaceThumb | None) -> QWidget:
    made: list[tuple[QWidget, int]] = []
    if thumb is not None:
        made.append((button(_("Look"), "primary", thumb.reveal), 0))
    kinds = [MarkKind.FINE, MarkKind.NOT_ME, MarkKind.LATER]
    if not detail.is_picture:
        kinds = [MarkKind.DONE, MarkKind.FINE, MarkKind.LATER]
    for kind in kinds:
        role = "primary" if thumb is None and kind is kinds[0] else "secondary"
        words = f"{wording.mark(kind)} ({_KEYS[kind]})"
        made.append((button(words, role, partial(page.mark_requested.emit, detail.key, kind)), 0))
    if detail.hidden_name:
        made.append((button(_("Show the name"), "quiet", partial(page.name_requested.emit, detail.key)), 0))
    made.append((QWidget(), 1))
    return Beside(*made, room_em=50, spacing=8)
