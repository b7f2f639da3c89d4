"""Words for a place that the person asks by hand: no check tries it again by itself."""

from privacyguard.errors import NoNetwork, SourceError
from privacyguard.i18n import N_, _

_REMEDIES = {
    SourceError.remedy: N_("Please try again later."),
    NoNetwork.remedy: N_("Check your internet connection. Then try again."),
}


def remedy_by_hand(error: SourceError) -> str:
    """What to do where a code or a password could not be tested, translated."""
    return _(_REMEDIES.get(error.remedy, error.remedy))
