"""How a leak is told: what we saw, as surely as it is known, and about whom."""

from privacyguard import wording
from privacyguard.advice.context import Context
from privacyguard.i18n import _, ngettext
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.model.person import IdentifierKind

NAMED = frozenset({IdentifierKind.SERVICE, IdentifierKind.ORGANISATION, IdentifierKind.NAME})
"""By these it is not known that the person is in a leak, only that it was there."""


def pick(is_child: bool, yours: str, your_childs: str) -> str:
    """The sentence for a grown-up, or the one about their child. Whole sentences: other languages bend differently."""
    return your_childs if is_child else yours


def is_list(breach: Breach) -> bool:
    """Whether it is a collection from many places: there is no service to write to, nor one password to change."""
    has_no_service = not breach.domain and not breach.knows_no_addresses
    return breach.spam_list or breach.malware or breach.paste or has_no_service


def is_named(finding: Finding) -> bool:
    """Whether the person named the service: then it is not known that they are in the leak."""
    return all(subject.kind in NAMED for subject in finding.subjects)


def told(finding: Finding, breach: Breach, context: Context, means: str) -> str:
    """What we saw, what is new in it, and what it means."""
    lines = [saw(finding, breach, context)]
    if breach.knows_no_addresses:
        name = wording.breach_name(breach)
        lines.append(_("No list of addresses has this leak. Only {name} can say who is in it.").format(name=name))
    lines += [wording.grown(finding), means]
    return " ".join(filter(None, lines))


def saw(finding: Finding, breach: Breach, context: Context) -> str:
    """The first line: what we saw, where and when, with a "maybe" where it is a maybe."""
    child = context.is_child(finding.person_id)
    if is_named(finding) and breach.verified:
        words = _named(finding, child)
    elif not breach.verified and not breach.paste:
        words = pick(
            child,
            _("Something of yours may have been in a leak at {name}{when}. It is not sure that the leak is real."),
            _("Something of your child may have been in a leak at {name}{when}. It is not sure that the leak is real."),
        )
    else:
        words = (_in_a_list if is_list(breach) else _in_a_leak)(_addresses(finding), child)
    when = f" ({wording.month(breach.occurred_on)})" if breach.occurred_on else ""
    return words.format(name=wording.breach_name(breach), when=when, count=_addresses(finding))


def _named(finding: Finding, child: bool) -> str:
    if all(subject.kind is not IdentifierKind.ORGANISATION for subject in finding.subjects):
        return _("{name}, which you named, had a leak{when}.")
    return pick(
        child,
        _("You told us that {name} has a photo of you. There was a leak there{when}."),
        _("You told us that {name} has a photo of your child. There was a leak there{when}."),
    )


def _addresses(finding: Finding) -> int:
    return max(1, sum(subject.kind not in NAMED for subject in finding.subjects))


def _in_a_list(count: int, child: bool) -> str:
    yours = ngettext(
        "Your e-mail address was in a list of leaked data: {name}{when}.",
        "{count} of your e-mail addresses were in a list of leaked data: {name}{when}.",
        count,
    )
    your_childs = ngettext(
        "Your child’s e-mail address was in a list of leaked data: {name}{when}.",
        "{count} of your child’s e-mail addresses were in a list of leaked data: {name}{when}.",
        count,
    )
    return pick(child, yours, your_childs)


def _in_a_leak(count: int, child: bool) -> str:
    yours = ngettext(
        "Your e-mail address was in a leak at {name}{when}.",
        "{count} of your e-mail addresses were in a leak at {name}{when}.",
        count,
    )
    your_childs = ngettext(
        "Your child’s e-mail address was in a leak at {name}{when}.",
        "{count} of your child’s e-mail addresses were in a leak at {name}{when}.",
        count,
    )
    return pick(child, yours, your_childs)


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
