"""Bringing results back: a saved page, a screenshot or pictures, picked, dropped or pasted, and what came of them."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from privacyguard.i18n import _
from privacyguard.model.advice import Level
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.drop_area import PATTERNS, PhotoDropArea
from privacyguard.ui.widgets.layout import Card, bring_into_view, clear, column, row
from privacyguard.ui.widgets.level_badge import LevelShape
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.widgets.working import Working

PAGES = "*.html *.htm *.xhtml *.mhtml *.mht"
VIDEOS = "*.mp4 *.mov *.webm *.mkv *.avi"


@dataclass(frozen=True)
class BroughtView:
    """What came of what was brought. ``lines``: more to say, a line each; ``has_findings``: there is something to see."""

    level: Level
    heading: str
    lines: tuple[str, ...] = ()
    has_findings: bool = False


class BringArea(PhotoDropArea):
    """Takes saved pages as well as pictures. Nothing is opened here."""

    def __init__(self) -> None:
        super().__init__()
        self.choose.setText(_("Choose files…"))
        self.choose.setAccessibleName(_("Choose files to bring back"))
        for hint in self.findChildren(Text):
            hint.setText(_("or drop them here, or paste a screenshot"))

    def _pick(self) -> None:
        files, _filter = QFileDialog.getOpenFileNames(
            self,
            _("Choose files"),
            "",
            f"{_('Pages and pictures')} ({PAGES} {PATTERNS} {VIDEOS});;{_('All files')} (*)",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if files:
            self.files_offered.emit(files)


class BringPanel(Card):
    """``brought``: paths (str), or the bytes of a pasted PNG, in a list."""

    brought = Signal(list)
    cancel_requested = Signal()
    findings_requested = Signal()
    statement_requested = Signal()

    def __init__(self) -> None:
        words = _(
            "A saved page, a screenshot, or pictures. We look at them on this computer. The files stay where they are."
        )
        self.heading = Text("", "heading")
        super().__init__(self.heading, Text(words, "soft"))
        self.area = BringArea()
        self.area.files_offered.connect(self.brought)
        self.area.png_offered.connect(self._take_png)
        self._why_not = Text("", "strong")
        self.statement = button(_("Type the sentence"), on_click=self.statement_requested.emit)
        self.working = Working(_("Looking"))
        self.working.cancel_requested.connect(self.cancel_requested)
        self.problem = ErrorBanner()
        self.see = button(_("See what we found"), "primary", self.findings_requested.emit)
        self._result = column(spacing=8)
        leading = row(self.see)
        leading.addStretch(1)
        self.result = Card(self._result, leading, role="banner")
        stating = row(self.statement)
        stating.addStretch(1)
        self.body.addWidget(self._why_not)
        self.body.addLayout(stating)
        for part in (self.area, self.working, self.result, self.problem):
            self.body.addWidget(part)
        self.show_number("")
        self.show_allowed("", False)
        self.show_result(None)

    def show_number(self, number: str) -> None:
        """Which step it is ("4. "), or ""."""
        self.heading.setText(f"{number}{_('Bring the results back')}")

    def show_allowed(self, why_not: str, needs_statement: bool) -> None:
        """Whether anything may be brought: ``why_not`` is empty then."""
        self._why_not.show_text(why_not)
        self.statement.setVisible(needs_statement)
        self.area.setEnabled(not why_not)

    def show_running(self, is_running: bool) -> None:
        """Something is looked at."""
        self.area.setEnabled(not is_running)
        if is_running:
            self.problem.clear()
            self.show_result(None)
            self.working.begin()
            self.working.cancel.setFocus()
            return
        had_focus = self.working.cancel.hasFocus()
        self.working.hide()
        if had_focus:
            self.area.choose.setFocus()

    def show_result(self, view: BroughtView | None) -> None:
        """Show what came of it; None: nothing was brought yet."""
        clear(self._result)
        self.result.setVisible(view is not None)
        if view is None:
            return
        head = row(LevelShape(view.level), Text(view.heading, "strong"), spacing=12)
        head.setStretch(1, 1)
        self._result.addLayout(head)
        for words in view.lines:
            self._result.addWidget(Text(words))
        self.see.setVisible(view.has_findings)
        self.result.setAccessibleName(" ".join((view.heading, *view.lines)))
        bring_into_view(self.result)

    def _take_png(self, png: bytes) -> None:
        self.brought.emit([png])
