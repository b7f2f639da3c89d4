"""Cleaned copies of photos: what each photo tells beside what it shows, and copies without it. The photos stay as they are."""

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from privacyguard.i18n import _
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.drop_area import PhotoDropArea
from privacyguard.ui.widgets.layout import Card, ScrollPage, bring_into_view, clear, column, row
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.widgets.working import Working


@dataclass(frozen=True)
class CleanRow:
    """One photo. ``tells``: what is hidden in it, or why it cannot be read, a line each; ``done``: what became of it, or ""."""

    name: str = field(repr=False)
    tells: tuple[str, ...] = field(default=(), repr=False)
    done: str = field(default="", repr=False)


@dataclass(frozen=True)
class CleanView:
    """``can_write``: there is a photo to make a copy of; ``said``: what was done, or ""."""

    rows: tuple[CleanRow, ...] = ()
    can_write: bool = False
    said: str = ""


class CleanPage(ScrollPage):
    """Shows a :class:`CleanView`. ``files_offered``: photos that were chosen; ``folder_chosen``: where the copies go."""

    files_offered = Signal(list)
    folder_chosen = Signal(str)
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.area = PhotoDropArea()
        for hint in self.area.findChildren(Text):
            hint.setText(_("or drop them here"))  # a pasted picture has lost its details already
        self.area.files_offered.connect(self.files_offered)
        self.working = Working(_("Reading the photos"))
        self.working.cancel_requested.connect(self.cancel_requested)
        self.write = button(_("Make cleaned copies…"), "primary", self._pick)
        self._rows, self._said = column(spacing=16), Text("", "strong")
        words = _(
            "Photos can hold hidden details: where and when they were taken, and with which phone. Choose photos to see what "
            "they tell. Then make copies without it. Your photos stay as they are."
        )
        ending = row(self.write)
        ending.addStretch(1)
        self.list = Card(self._rows)
        self.add(column(Text(_("Clean photos"), "title"), Text(words, "soft"), spacing=4), self.problem, self.area)
        self.add(self.working, self.list, self._said, ending)
        self.body.addStretch(1)
        self.show_view(CleanView())

    def show_view(self, view: CleanView) -> None:
        """Show these photos and what they tell."""
        clear(self._rows)
        for each in view.rows:
            words = column(Text(each.name, "strong"), spacing=2)
            for told in each.tells:
                words.addWidget(Text(told))
            if each.done:
                words.addWidget(Text(each.done, "small"))
            self._rows.addLayout(words)
        self.list.setVisible(bool(view.rows))
        self.write.setVisible(view.can_write)
        self._said.show_text(view.said)
        if view.said:
            bring_into_view(self._said)

    def show_running(self, is_running: bool) -> None:
        """Photos are being read, or copies made."""
        self.area.setEnabled(not is_running)
        self.write.setEnabled(not is_running)
        if is_running:
            self.problem.clear()
            self._said.show_text("")
            self.working.begin()
            self.working.cancel.setFocus()
            return
        had_focus = self.working.cancel.hasFocus()
        self.working.hide()
        if had_focus:
            (self.write if self.write.isVisible() else self.area.choose).setFocus()

    def _pick(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, _("Where shall the copies go?"), "", QFileDialog.Option.DontUseNativeDialog
        )
        if folder:
            self.folder_chosen.emit(folder)
