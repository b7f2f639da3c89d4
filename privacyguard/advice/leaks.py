"""Advice about leaks. Facts: advice-facts T1, T5, T10; the times are estimates and shown as "about"."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from privacyguard import wording
from privacyguard.advice.context import Context, who_can_help
from privacyguard.i18n import _
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding

OLD_AFTER = timedelta(days=3 * 365)
_DOCUMENTS = (
    "passport",
    "driver",
    "government issued",
    "social security",
    "bank account",
    "credit card",
    "identity card",
)


def password_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A password was in the leak: change it, and wherever the same one was used."""
    for finding, breach in _breaches(findings):
        if not breach.has_passwords:
            continue
        name = wording.breach_name(breach)
        softer = _is_old(breach, context) or breach.spam_list
        yield Advice(
            key=f"password:{finding.key}",
            level=Level.DO_THIS_WEEK if softer else Level.DO_TODAY,
            title=_("Change your password for {name}").format(name=name),
            why=_("{saw} Strangers may know your address and your password.").format(saw=_saw(finding, breach)),
            steps=(
                Step(_("Change the password for {name}, and anywhere you used the same one.").format(name=name), 10),
                Step(_("Turn on two-step sign-in, first for your e-mail account."), 10),
            ),
            answers=(finding.key,),
            later=_("Later this week: ask {name} to delete what it does not need.").format(name=name),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def documents_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Identity papers or bank details were in the leak."""
    for finding, breach in _breaches(findings):
        if not any(word in each.lower() for each in breach.data_classes for word in _DOCUMENTS):
            continue
        name = wording.breach_name(breach)
        yield Advice(
            key=f"documents:{finding.key}",
            level=Level.DO_THIS_WEEK if _is_old(breach, context) else Level.DO_TODAY,
            title=_("Tell your bank about the leak at {name}").format(name=name),
            why=_("{saw} Papers or bank details were in it. Someone could pretend to be you.").format(
                saw=_saw(finding, breach)
            ),
            steps=(
                Step(_("Call your bank on a number that you already have. Ask what to watch for."), 15),
                Step(_("Ask the office that made the paper if you need a new one."), 30),
            ),
            answers=(finding.key,),
            later=_("For some months: look at your bank statements once a week."),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def pictures_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Pictures or biometric data were in the leak: ask what is held, have it deleted."""
    for finding, breach in _breaches(findings):
        if not breach.has_pictures:
            continue
        name = wording.breach_name(breach)
        child = context.is_child(finding.person_id)
        means = _("Strangers may have a picture of your child.") if child else _("Strangers may have a picture of you.")
        yield Advice(
            key=f"pictures:{finding.key}",
            level=Level.DO_THIS_WEEK,
            title=_("Ask {name} which pictures leaked").format(name=name),
            why=f"{_saw(finding, breach)} {means}",
            steps=(
                Step(
                    _("Write to {name}. Ask which pictures it had, who saw them, and to delete them.").format(
                        name=name
                    ),
                    10,
                ),
                Step(_("Write down the date. In many countries an answer is due within a month."), 1),
            ),
            answers=(finding.key,),
            later=_("Later: look for pictures of you with another checkup in three months."),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def details_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Other details were in the leak: expect trick messages."""
    for finding, breach in _breaches(findings):
        documents = any(word in each.lower() for each in breach.data_classes for word in _DOCUMENTS)
        if breach.has_passwords or breach.has_pictures or documents:
            continue
        soft = _is_old(breach, context) or breach.spam_list or not breach.verified
        yield Advice(
            key=f"details:{finding.key}",
            level=Level.GOOD_TO_KNOW if soft else Level.DO_THIS_WEEK,
            title=_("Your details were in a leak at {name}").format(name=wording.breach_name(breach)),
            why=_("{saw} You may get trick messages that use these details.").format(saw=_saw(finding, breach)),
            steps=(Step(_("Be careful with messages about this for some months. Do not use links in them."), 2),),
            answers=(finding.key,),
            later=_("You can ask for your data to be deleted."),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def _breaches(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Breach]]:
    for finding in findings:
        if isinstance(finding.evidence, Breach):
            yield finding, finding.evidence


def _is_old(breach: Breach, context: Context) -> bool:
    return breach.occurred_on is not None and context.now.date() - breach.occurred_on > OLD_AFTER


def _saw(finding: Finding, breach: Breach) -> str:
    """The first line: what we saw, where and when, with a "maybe" where the service is not sure."""
    name = wording.breach_name(breach)
    when = f" ({wording.month(breach.occurred_on)})" if breach.occurred_on else ""
    if not breach.verified:
        return _(
            "Something of yours may have been in a leak at {name}{when}. It is not sure that the list is real."
        ).format(name=name, when=when)
    if finding.subject and "@" in finding.subject:
        return _("Your e-mail address was in a leak at {name}{when}.").format(name=name, when=when)
    return _("{name}, which you named, had a leak{when}.").format(name=name, when=when)
