"""Where we look: the places that can be asked, with their codes, the folders, and the pages to watch."""

from privacyguard.i18n import _
from privacyguard.ui.pages.source_groups import SourceGroups
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.layout import ScrollPage, column
from privacyguard.ui.widgets.text import Text


class WherePage(ScrollPage):
    """The same cards as in the guided checkup, at any time. Nothing is asked from here but whether a code works."""

    def __init__(self) -> None:
        super().__init__()
        self.problem = ErrorBanner()
        self.sources = SourceGroups(leads_on=True)
        intro = _("What is on here is asked in each checkup. A photo leaves only when you send it, each time.")
        self.add(column(Text(_("Where we look"), "title"), Text(intro, "soft"), spacing=4), self.problem, self.sources)
        self.body.addStretch(1)
