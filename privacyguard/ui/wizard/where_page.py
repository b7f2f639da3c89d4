"""Where may we look? One card for each place: what it finds, what leaves this computer, what it costs."""

from privacyguard.i18n import _
from privacyguard.ui.pages.source_groups import SourceGroups
from privacyguard.ui.wizard.pages import WizardPage
from privacyguard.ui.wizard.views import WizardState


class WherePage(WizardPage):
    """Shows the places of a :class:`WizardState`."""

    def __init__(self) -> None:
        super().__init__(
            _("Where may we look?"),
            _("Nothing is sent before you press “Look now”. You can change this at any time."),
        )
        self.sources = SourceGroups(leads_on=False)
        self.add(self.sources)
        self.body.addStretch(1)

    def show_state(self, state: WizardState) -> None:
        """Show the cards."""
        self.sources.show_view(state.sources)
