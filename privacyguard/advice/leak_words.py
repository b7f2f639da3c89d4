"""How a leak is told: what we saw, as surely as it is known, and about whom."""

from privacyguard import wording
from privacyguard.advice.context import Context
from privacyguard.i18n import _
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding


def pick(is_child: bool, yours: str, your_childs: str) -> str:
    """The sentence for a grown-up, or the one about their child. Whole sentences: other languages bend differently."""
    return your_childs if is_child else yours


def is_list(breach: Breach) -> bool:
    """Whether it is a collection from many places: there is no service to write to, nor one password to change."""
    return breach.spam_list or breach.malware or not breach.domain


def is_named(finding: Finding) -> bool:
    """Whether the person named the service: then it is not known that they are in the leak."""
    return not (finding.subject and "@" in finding.subject)


def saw(finding: Finding, breach: Breach, context: Context) -> str:
    """The first line: what we saw, where and when, with a "maybe" where it is a maybe."""
    child = context.is_child(finding.person_id)
    name = wording.breach_name(breach)
    when = f" ({wording.month(breach.occurred_on)})" if breach.occurred_on else ""
    if not breach.verified:
        words = pick(
            child,
            _("Something of yours may have been in a leak at {name}{when}. It is not sure that the leak is real."),
            _("Something of your child may have been in a leak at {name}{when}. It is not sure that the leak is real."),
        )
    elif is_named(finding):
        words = _("{name}, which you named, had a leak{when}.")
    elif is_list(breach):
        words = pick(
            child,
            _("Your e-mail address was in a list of leaked data: {name}{when}."),
            _("Your child’s e-mail address was in a list of leaked data: {name}{when}."),
        )
    else:
        words = pick(
            child,
            _("Your e-mail address was in a leak at {name}{when}."),
            _("Your child’s e-mail address was in a leak at {name}{when}."),
        )
    return words.format(name=name, when=when)


def details_title(finding: Finding, breach: Breach, context: Context) -> str:
    """What we saw, in a few words."""
    child = context.is_child(finding.person_id)
    if is_named(finding):
        words = _("There was a leak at {name}")
    elif not breach.verified:
        words = pick(
            child,
            _("Your details may have been in a leak at {name}"),
            _("Your child’s details may have been in a leak at {name}"),
        )
    else:
        words = pick(
            child,
            _("Your details were in a leak at {name}"),
            _("Your child’s details were in a leak at {name}"),
        )
    return words.format(name=wording.breach_name(breach))
