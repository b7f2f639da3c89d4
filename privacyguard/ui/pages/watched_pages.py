"""The list of web pages to watch: addresses that the person names, added and removed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from privacyguard.i18n import _
from privacyguard.ui.widgets.folded_list import FoldedList
from privacyguard.ui.widgets.inputs import AddField
from privacyguard.ui.widgets.layout import column
from privacyguard.ui.widgets.text import Text


class WatchedPages(QWidget):
    """An address to add, and those that are there."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = AddField(_("Page or site to watch"), "https://club.example.org/photos")
        self.field.edit.setMaxLength(2000)
        self.field.added.connect(self.added)
        self.list = FoldedList(_("Pages to watch"))
        self.list.removed.connect(self.removed)
        self._none = Text(_("No page yet."), "soft")
        note = _("Each site sees your internet address, and that PrivacyGuard asked. Name only sites where you may be.")
        self.setLayout(column(self.field, self.list, self._none, Text(note, "small"), spacing=8))

    def show_pages(self, pages: tuple[str, ...]) -> None:
        """Show what is there."""
        self.list.show_values(pages)
        self._none.setVisible(not pages)
