"""The words of the five states: on their own, because the first page that is painted has them."""

from privacyguard.i18n import N_, _
from privacyguard.model.advice import Level

_LEVELS = {
    Level.DO_TODAY: N_("Do today"),
    Level.DO_THIS_WEEK: N_("Do this week"),
    Level.GOOD_TO_KNOW: N_("Good to know"),
    Level.NOTHING_FOUND: N_("Nothing found"),
    Level.COULD_NOT_CHECK: N_("Could not check"),
}


def level(value: Level) -> str:
    """The state's word."""
    return _(_LEVELS[value])
