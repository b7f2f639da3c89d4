"""Advice about the checks themselves: what failed, and what "nothing found" is worth. Never calm when something failed."""

from collections.abc import Iterator, Sequence

from privacyguard.advice.context import Context
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding


def could_not_check(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A source that failed, in its own words."""
    for outcome in outcomes:
        if outcome.status is not Status.FAILED:
            continue
        yield Advice(
            key=f"failed:{outcome.source_id}",
            level=Level.COULD_NOT_CHECK,
            title=_("{name} could not be checked").format(name=context.name_of(outcome.source_id)),
            why=_("{problem} So we do not know if there is something.").format(problem=_(outcome.problem or "")),
            steps=(Step(_(outcome.remedy or "") or _("Check again tomorrow."), 1),),
            answers=(outcome.source_id,),
            later=_("All the other places were checked on their own."),
            help_line=_("Is something wrong now? Open “Get help now”."),
        )


def nothing_found(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Nothing open was found: said with what was looked at and what was not."""
    checked = [outcome for outcome in outcomes if outcome.status is Status.CHECKED]
    if findings or not checked:
        return
    failed = [context.name_of(o.source_id) for o in outcomes if o.status is Status.FAILED]
    not_asked = [context.name_of(o.source_id) for o in outcomes if o.status is Status.SKIPPED]
    unread = sum(outcome.unreadable for outcome in checked)
    lines = [
        ngettext("We looked at {count} place.", "We looked at {count} places.", len(checked)).format(count=len(checked))
    ]
    if failed:
        lines.append(_("These did not answer: {names}.").format(names=", ".join(failed)))
    if not_asked:
        lines.append(_("These were not asked: {names}.").format(names=", ".join(not_asked)))
    if unread:
        lines.append(
            ngettext("{count} picture could not be opened.", "{count} pictures could not be opened.", unread).format(
                count=unread
            )
        )
    yield Advice(
        key="nothing",
        level=Level.COULD_NOT_CHECK if failed else Level.NOTHING_FOUND,
        title=_("We found nothing, but not every place answered") if failed else _("We found nothing new today"),
        why=" ".join(lines),
        steps=(Step(_("You can stop here for today."), 0),),
        answers=(),
        later=_("Nobody can search the whole internet, so this is not a promise."),
        help_line=_("Is something wrong now? Open “Get help now”."),
    )
