"""What the window says of a leak beyond the five lines: who says so, which addresses are in it, what is new, the credits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from privacyguard import wording
from privacyguard.advice.leak_words import is_list
from privacyguard.i18n import N_, _
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.model.person import IdentifierKind
from privacyguard.ui.pages.views import FindingDetail

CREDITS = {
    "hibp": (N_("Data: Have I Been Pwned (CC BY 4.0)"), "https://haveibeenpwned.com/"),
    "catalogue": (N_("Data: Have I Been Pwned (CC BY 4.0)"), "https://haveibeenpwned.com/"),
    "xposedornot": (N_("Data: XposedOrNot"), "https://xposedornot.com/"),
    "leakcheck": (N_("Data: LeakCheck"), "https://leakcheck.io/"),
}
"""What the terms of the services ask for (facts: services 01 to 03): the words, and the link that they lead to."""


def with_leak_facts(
    detail: FindingDetail, finding: Finding, breach: Breach, names: Mapping[str, str], shows_name: bool
) -> FindingDetail:
    """The detail with what is known of the leak. A letter only where the leak is of one organisation whose name is shown."""
    can_write = not is_list(breach) and (shows_name or not breach.sensitive)
    news = wording.grown(finding, hide_sensitive=not shows_name)
    return replace(
        detail,
        said_by=_said_by([names.get(source, source) for source in finding.sources]),
        addresses=tuple(subject.value for subject in finding.subjects if subject.kind is not IdentifierKind.SERVICE),
        news="" if news in detail.why else news,  # the advice may have told it already
        credits=_credits(finding.sources, breach),
        tests_passwords=breach.has_passwords,
        recipient=breach.title if can_write else "",
    )


def _said_by(names: Sequence[str]) -> str:
    words = wording.told_by(names)
    return f"{words} {_('It is the same leak.')}" if len(names) > 1 else words


def _credits(sources: Sequence[str], breach: Breach) -> tuple[tuple[str, str], ...]:
    """Each once; what our own list of leaks of pictures knows is nobody else's."""
    asked = [source for source in sources if source != "catalogue" or not breach.knows_no_addresses]
    found = dict.fromkeys(CREDITS[source] for source in asked if source in CREDITS)
    return tuple((_(words), link) for words, link in found)
