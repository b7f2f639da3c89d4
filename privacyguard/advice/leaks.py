"""Advice about leaks. Facts: advice-facts T1, T5, T10; the times are estimates and shown as "about"."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from privacyguard import wording
from privacyguard.advice.context import Context, who_can_help
from privacyguard.advice.leak_words import details_title, is_list, is_named, pick, told
from privacyguard.i18n import _
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding

OLD_AFTER = timedelta(days=3 * 365)
"""Ours: after so long, most people changed the password or were tricked already; the advice stays, without the hurry."""


def password_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A password was in the leak: change it, and wherever the same one was used."""
    for finding, breach in breaches_in(findings):
        if not breach.has_passwords or breach.malware:
            continue
        child = context.is_child(finding.person_id)
        title, first, later = (_many_passwords if is_list(breach) else _one_password)(breach, child)
        if is_named(finding):
            means = pick(
                child, _("Your password there may have leaked."), _("Your child’s password there may have leaked.")
            )
        else:
            means = pick(
                child,
                _("Strangers may know your address and your password."),
                _("Strangers may know your child’s address and password."),
            )
        yield Advice(
            key=f"password:{finding.key}",
            level=Level.DO_THIS_WEEK if is_soft(breach, context) else Level.DO_TODAY,
            title=title,
            why=told(finding, breach, context, means),
            steps=(
                Step(first, 10),
                Step(_("Turn on two-step sign-in, first for the e-mail account."), 10),
                Step(_("Used in more than one place? “Test a password” shows if it is in lists of leaked ones."), 5),
            ),
            answers=(finding.key,),
            later=later,
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def _one_password(breach: Breach, child: bool) -> tuple[str, str, str]:
    """Title, first step and what can wait, for the leak of one service."""
    title = pick(child, _("Change your password for {name}"), _("Change your child’s password for {name}"))
    first = pick(
        child,
        _("Change the password for {name}, and anywhere you used the same one."),
        _("Change the password for {name}, and anywhere your child used the same one."),
    )
    later = _("Later this week: ask {name} to delete what it does not need.")
    name = wording.breach_name(breach)
    return title.format(name=name), first.format(name=name), later.format(name=name)


def _many_passwords(breach: Breach, child: bool) -> tuple[str, str, str]:
    """Title, first step and what can wait, where it is not known which account leaked."""
    return (
        pick(child, _("Change the passwords you use most"), _("Change the passwords your child uses most")),
        pick(
            child,
            _("Start with your e-mail account. Then change each password that you use in more than one place."),
            _("Start with the e-mail account. Then change each password that your child uses in more than one place."),
        ),
        _("Later: choose a new password for each account, a different one each time."),
    )


def documents_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Identity papers or bank details were in the leak."""
    for finding, breach in breaches_in(findings):
        if not breach.has_documents:
            continue
        means = pick(
            context.is_child(finding.person_id),
            _("Papers or bank details were in it. Someone could pretend to be you."),
            _("Papers or bank details were in it. Someone could pretend to be your child."),
        )
        steps = [
            Step(_("Call your bank on a number that you already have. Ask what to watch for."), 15),
            Step(_("Ask the office that made the paper if a new one is needed."), 30),
        ]
        if breach.knows_no_addresses:  # such a list does not say who is in it, and few were
            steps.insert(
                0, Step(_("Did you send them a photo of a paper, card or bill? If not, you can skip this."), 1)
            )
        can_wait = is_soft(breach, context) or breach.knows_no_addresses
        yield Advice(
            key=f"documents:{finding.key}",
            level=Level.DO_THIS_WEEK if can_wait else Level.DO_TODAY,
            title=_("Tell your bank about the leak at {name}").format(name=wording.breach_name(breach)),
            why=told(finding, breach, context, means),
            steps=tuple(steps),
            answers=(finding.key,),
            later=_("For some months: look at your bank statements once a week."),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def pictures_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Pictures or biometric data were in the leak: ask what is held, have it deleted."""
    for finding, breach in breaches_in(findings):
        if not breach.has_pictures:
            continue
        child = context.is_child(finding.person_id)
        title, steps, later = _nobody_to_ask(child) if is_list(breach) else _to_ask(breach, child)
        means = pick(child, _("Strangers may have a picture of you."), _("Strangers may have a picture of your child."))
        yield Advice(
            key=f"pictures:{finding.key}",
            # Not softer with the years: a face stays the same, unlike a password.
            level=Level.GOOD_TO_KNOW if breach.spam_list or not breach.verified else Level.DO_THIS_WEEK,
            title=title,
            why=told(finding, breach, context, means),
            steps=steps,
            answers=(finding.key,),
            later=later,
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def _to_ask(breach: Breach, child: bool) -> tuple[str, tuple[Step, ...], str]:
    """Title, steps and what can wait, where there is somebody to write to."""
    name = wording.breach_name(breach)
    ask = _("Write to {name}. Ask which pictures it had, who saw them, and to delete them.")
    steps = (
        Step(ask.format(name=name), 10),
        Step(_("Write down the date. In many countries an answer is due within a month."), 1),
    )
    return _("Ask {name} which pictures leaked").format(name=name), steps, _look_again(child)


def _nobody_to_ask(child: bool) -> tuple[str, tuple[Step, ...], str]:
    """Title, steps and what can wait, where pictures are in a collection from many places."""
    title = pick(child, _("Pictures of you may have leaked"), _("Pictures of your child may have leaked"))
    steps = (
        Step(_("Nobody can be asked about this list. Think of who has pictures, and ask them what they hold."), 10),
    )
    return title, steps, _look_again(child)


def _look_again(child: bool) -> str:
    return pick(
        child,
        _("Later: look for pictures of you with another checkup in three months."),
        _("Later: look for pictures of your child with another checkup in three months."),
    )


def details_leaked(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Other details were in the leak: expect trick messages."""
    for finding, breach in breaches_in(findings):
        if breach.has_passwords or breach.has_pictures or breach.has_documents or breach.malware or breach.paste:
            continue
        means = pick(
            context.is_child(finding.person_id),
            _("You may get trick messages that use these details."),
            _("Your child may get trick messages that use these details."),
        )
        yield Advice(
            key=f"details:{finding.key}",
            level=Level.GOOD_TO_KNOW if is_soft(breach, context) else Level.DO_THIS_WEEK,
            title=details_title(finding, breach, context),
            why=told(finding, breach, context, means),
            steps=(Step(_("Be careful with messages about this for some months. Do not use links in them."), 2),),
            answers=(finding.key,),
            later=_("You can ask for the data to be deleted."),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def breaches_in(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Breach]]:
    """The leaks among the findings."""
    for finding in findings:
        if isinstance(finding.evidence, Breach):
            yield finding, finding.evidence


def is_soft(breach: Breach, context: Context) -> bool:
    """Whether it can wait a little: old, a list for unwanted mail, or not sure to be real."""
    return is_old(breach, context) or breach.spam_list or not breach.verified


def is_old(breach: Breach, context: Context) -> bool:
    """Whether it is known to have been more than :data:`OLD_AFTER` ago."""
    return breach.occurred_on is not None and context.now.date() - breach.occurred_on > OLD_AFTER
