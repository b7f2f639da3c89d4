"""In which group a place is shown, told from its card; and whose data it is, where that has to be said."""

from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.ui.pages.source_views import Group
from privacyguard.ui.presenters.leaks import CREDITS as LEAK_CREDITS

CREDITS = {
    **LEAK_CREDITS,
    "whatsmyname": (
        N_("List of sites: WhatsMyName (CC BY-SA 4.0), unchanged"),
        "https://github.com/WebBreacher/WhatsMyName",
    ),
}
"""What the terms of the services ask for (facts: services 01 to 03 and 09): the words, and the link that they lead to."""


def group_of(info: SourceInfo) -> Group:
    """The group of a place that is asked in checkups."""
    if info.id == "folders":
        return Group.COMPUTER
    if info.theme is Theme.LEAKS:
        return Group.LEAKS
    if info.searches_faces:
        return Group.FACE
    if info.sends_pictures:
        return Group.PHOTO
    if info.named_sites and not info.accepts:
        return Group.PAGES
    return Group.NAME if IdentifierKind.NAME in info.accepts else Group.PROFILES
