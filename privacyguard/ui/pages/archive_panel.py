"""Asking an archive of the web about one finding: first what would leave this computer, then the wait, then the answer."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from privacyguard.i18n import _
from privacyguard.ui.clipboard import copy
from privacyguard.ui.pages.views import ArchiveLine, ArchiveView
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Beside, Card, clear, column, holder
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.widgets.working import Working


class ArchivePanel(QWidget):
    """A button at first. ``sends``: what leaves this computer when the archive is asked, shown before it is."""

    requested = Signal()
    cancelled = Signal()
    letter_requested = Signal()
    link_opened = Signal(str)

    def __init__(self, sends: str) -> None:
        super().__init__()
        self.open = button(_("Is there a copy in an archive?"), on_click=self._show_offer)
        self.ask = button(_("Ask now"), on_click=self.requested.emit)
        self.leave = button(_("Not now"), on_click=self._hide_offer)
        self.letter = button(_("Letter to the archive…"), on_click=self.letter_requested.emit)
        self.again = button(_("Ask again"), "quiet", self._show_offer)
        self.working = Working(_("Asking the archive"))
        self.working.cancel_requested.connect(self.cancelled)
        self.problem = ErrorBanner()
        self._lines = column(spacing=12)
        self._steps = column(spacing=4)
        self._offer = Card(
            Text(_("Is there a copy in an archive?"), "heading"), Text(sends), _buttons(self.ask, self.leave)
        )
        self._answer = Card(
            Text(_("Copies in an archive"), "heading"),
            self._lines,
            self._steps,
            _buttons(self.letter, self.again),
        )
        self._opening = _buttons(self.open)
        self.setLayout(column(self._opening, self._offer, self.working, self.problem, self._answer))
        self._hide_offer()
        self._answer.hide()

    def show_view(self, view: ArchiveView) -> None:
        """Show that it runs, or what came of it."""
        had_focus = self.working.cancel.hasFocus() or self.ask.hasFocus()
        for part in (self._opening, self._offer, self._answer, self.problem):
            part.hide()
        if view.is_running:
            self._show_running(view, had_focus)
            return
        self.working.hide()
        self._fill(view)
        self._answer.setVisible(bool(view.lines))
        self._opening.setVisible(not view.lines)
        if view.problem is not None:
            self.problem.show_error(view.problem, remedy=view.remedy)
        if had_focus:
            self._first_button(view).setFocus()

    def _show_running(self, view: ArchiveView, had_focus: bool) -> None:
        if not self.working.isVisibleTo(self):
            self.working.begin()
        words = _("{done} of {count} addresses. The archive wants some seconds between two questions.")
        self.working.show_progress(
            view.done, view.count, words.format(done=view.done, count=view.count) if view.count else ""
        )
        if had_focus:
            self.working.cancel.setFocus()

    def _fill(self, view: ArchiveView) -> None:
        clear(self._lines)
        clear(self._steps)
        for line in view.lines:
            self._lines.addLayout(self._line(line))
        for step in view.steps:
            self._steps.addWidget(Text(step, "soft"))
        self.letter.setVisible(view.offers_letter)

    def _line(self, line: ArchiveLine) -> QVBoxLayout:
        parts: list[QWidget] = [selectable(line.address), Text(line.words)]
        if line.newest:
            opening = button(_("Open the newest copy"), "quiet", partial(self.link_opened.emit, line.newest))
            opening.setAccessibleName(_("Open {link}").format(link=line.newest))
            copying = button(_("Copy its address"), "quiet", partial(copy, line.newest))
            copying.setAccessibleName(_("Copy {link}").format(link=line.newest))
            parts.append(_buttons(opening, copying))
        return column(*parts, spacing=2)

    def _first_button(self, view: ArchiveView) -> QPushButton:
        if not view.lines:
            return self.open
        return self.letter if view.offers_letter else self.again

    def _show_offer(self) -> None:
        self._opening.hide()
        self._answer.hide()
        self.problem.hide()
        self._offer.show()
        self.ask.setFocus()

    def _hide_offer(self) -> None:
        had_focus = self.leave.hasFocus()
        self._offer.hide()
        self._opening.show()
        if had_focus:
            self.open.setFocus()


def selectable(address: str) -> Text:
    """An address in full, which can be selected with the mouse."""
    text = Text(address, "small")
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return text


def _buttons(*buttons: QPushButton) -> QWidget:
    parts = [(each, 0) for each in buttons]
    return holder(column(Beside(*parts, (QWidget(), 1), room_em=40, spacing=8)))
