"""What PrivacyGuard is made of: a list of its parts, and the whole text of the licence of the chosen one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from privacyguard.i18n import _
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.inputs import labelled
from privacyguard.ui.widgets.layout import Card, ScrollPage, bring_into_view, column, row
from privacyguard.ui.widgets.reader import reader
from privacyguard.ui.widgets.table import ReadingTable
from privacyguard.ui.widgets.text import Text

SHARES = (0.4, 0.6)
"""Of the room beside their headings, for the name and the licence."""


class LicencesPage(ScrollPage):
    """Shows rows and a text. ``narrowed``: the letters that are looked for; ``chosen``: a row of those that are shown."""

    narrowed = Signal(str)
    chosen = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.filter = QLineEdit()
        self.filter.setMaxLength(100)
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.narrowed)
        headings = (_("Part"), _("Licence"), _("Version"))
        self.table = ReadingTable(_("What PrivacyGuard is made of"), headings, SHARES)
        self.table.setSelectionMode(ReadingTable.SelectionMode.SingleSelection)
        for opened in (self.table.cellClicked, self.table.cellActivated):
            opened.connect(lambda place, _column: self.chosen.emit(place))
        self.count = Text("", "small")
        self.title = Text("", "heading")
        self.text = reader(_("The licence"))
        self._card = Card(self.title, self.text)
        self.back = button(_("Back"), on_click=self.closed.emit)
        leaving = row(self.back)
        leaving.addStretch(1)
        intro = _(
            "PrivacyGuard uses the work of many people. Click a part, or press Enter on it, to read what its makers allow."
        )
        self.add(column(Text(_("What PrivacyGuard is made of"), "title"), Text(intro, "soft"), spacing=4), self.problem)
        self.add(labelled(_("Find in this list"), self.filter), self.count, Card(self.table), self._card, leaving)
        self.body.addStretch(1)
        self.show_text("", "")

    def show_rows(self, rows: Sequence[tuple[str, str, str]], count: str) -> None:
        """Show name, licence and version of these parts, and how many they are in words. None of them is chosen."""
        self.table.show_rows(rows)
        self.table.clearSelection()
        self.table.setCurrentCell(-1, -1)
        self.count.show_text(count)
        self.show_text("", "")

    def show_text(self, title: str, text: str) -> None:
        """Show a text below the list, and take the keyboard there; an empty one takes no room."""
        self.title.setText(title)
        self.text.setPlainText(text)
        self.text.setAccessibleDescription(title)
        self._card.setVisible(bool(text))
        if text:
            self.text.setFocus()
            bring_into_view(self._card)
