"""Advice about leaks that no service had: what spying programs took, and texts that somebody put on public pages."""

from collections.abc import Iterator, Sequence

from privacyguard.advice.context import Context, who_can_help
from privacyguard.advice.leak_words import pick, told
from privacyguard.advice.leaks import breaches_in, is_old, is_soft
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding


def spyware_took(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A spying program took it from a computer: that is cleaned first, or it takes the new passwords too."""
    for finding, breach in breaches_in(findings):
        if not breach.malware:
            continue
        child = context.is_child(finding.person_id)
        means = pick(
            child,
            _("A spying program took this from a computer. It may be one that you use."),
            _("A spying program took this from a computer. It may be one that your child uses."),
        )
        yield Advice(
            key=f"spyware:{finding.key}",
            level=Level.DO_THIS_WEEK if is_soft(breach, context) else Level.DO_TODAY,
            title=pick(
                child,
                _("Check your computer for spying programs"),
                _("Check the computer of your child for spying programs"),
            ),
            why=told(finding, breach, context, means),
            steps=(
                Step(
                    _("Update the computer. Then let its virus check look at everything. Do not type passwords yet."),
                    60,
                ),
                Step(_("Then change the passwords used most, first for e-mail. Sign out everywhere else."), 20),
                Step(_("Turn on two-step sign-in, first for the e-mail account."), 10),
            ),
            answers=(finding.key,),
            later=_("Later: choose a new password for each account, a different one each time."),
            help_line=who_can_help(context),
            person_id=finding.person_id,
        )


def put_on_pages(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Texts on public pages that hold an address: one advice for all of a person's."""
    by_person: dict[str, list[tuple[Finding, Breach]]] = {}
    for finding, breach in breaches_in(findings):
        if breach.paste:
            by_person.setdefault(finding.person_id, []).append((finding, breach))
    for person_id, texts in by_person.items():
        child = context.is_child(person_id)
        means = _("Such a text may hold a password too. We did not look into it.")
        yield Advice(
            key=f"pastes:{person_id}",
            level=Level.GOOD_TO_KNOW if all(_can_wait(breach, context) for _f, breach in texts) else Level.DO_THIS_WEEK,
            title=_on_pages(len(texts), child),
            why=f"{_('Someone put this there for all to read.')} {means}",
            steps=(
                Step(_("Is one password used in more than one place? Change it, first for the e-mail account."), 10),
                Step(_("Be careful with messages about this for some months. Do not use links in them."), 2),
            ),
            answers=tuple(finding.key for finding, _breach in texts),
            later=_("You do not have to look for these pages."),
            help_line=who_can_help(context),
            person_id=person_id,
        )


def _on_pages(count: int, child: bool) -> str:
    yours = ngettext(
        "Your e-mail address was in {count} text on a public page",
        "Your e-mail address was in {count} texts on public pages",
        count,
    )
    your_childs = ngettext(
        "Your child’s e-mail address was in {count} text on a public page",
        "Your child’s e-mail address was in {count} texts on public pages",
        count,
    )
    return pick(child, yours, your_childs).format(count=count)


def _can_wait(breach: Breach, context: Context) -> bool:
    """Whether it can wait. The service is never sure of such a text, so that is no reason to; one without a day is old."""
    return breach.occurred_on is None or is_old(breach, context)
