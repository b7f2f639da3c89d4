"""Advice about the checks themselves: what failed, and what "nothing found" is worth. Never calm when something failed."""

from collections.abc import Iterator, Sequence

from privacyguard.advice.context import Context
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding


def could_not_check(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A source that failed, in its own words; once, also where it failed for several people.

    Where nothing was found elsewhere, the first of them says so: on its own that would read as "nothing found".
    """
    failed = {each.source_id: each for each in outcomes if each.status is Status.FAILED}
    elsewhere = [] if findings else _looked_at(outcomes, context)
    later = " ".join([_("In the other places we found nothing."), *elsewhere, _promise()]) if elsewhere else ""
    for outcome in failed.values():
        yield Advice(
            key=f"failed:{outcome.source_id}",
            level=Level.COULD_NOT_CHECK,
            title=_("{name} could not be checked").format(name=context.name_of(outcome.source_id)),
            why=" ".join(filter(None, (_(outcome.problem or ""), _("So we do not know if there is something.")))),
            steps=(Step(_(outcome.remedy or "") or _("Check again tomorrow."), 1),),
            answers=(outcome.source_id,),
            later=later or _("The other places do not depend on this one."),
            help_line=_("Is something wrong now? Open “Get help now”."),
        )
        later = ""


def nothing_found(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Nothing open was found and nothing failed: said with what was looked at and what was not."""
    if findings or not outcomes or any(each.status is Status.FAILED for each in outcomes):
        return
    looked_at = _looked_at(outcomes, context)
    if _unfinished(outcomes, context):
        title, first = _("We found nothing so far"), _("Check again when you like. It goes on from there.")
    elif looked_at:
        title, first = _("We found nothing new today"), _("You can stop here for today.")
    else:
        title, first = _("No place was looked at in the last check"), _("Choose a place and check again.")
    yield Advice(
        key="nothing",
        level=Level.NOTHING_FOUND if looked_at else Level.COULD_NOT_CHECK,
        title=title,
        why=" ".join(looked_at or _not_done(outcomes, context)),
        steps=(Step(first, 0),),
        answers=(),
        later=_promise(),
        help_line=_("Is something wrong now? Open “Get help now”."),
    )


def _promise() -> str:
    return _("Nobody can search the whole internet, so this is not a promise.")


def _looked_at(outcomes: Sequence[Outcome], context: Context) -> list[str]:
    """What was looked at and what was not, by name; empty where nothing was looked at."""
    checked = _with_status(outcomes, Status.CHECKED)
    if not checked:
        return []
    words = ngettext("We looked at {count} place: {names}.", "We looked at {count} places: {names}.", len(checked))
    lines = [words.format(count=len(checked), names=context.names_of(checked)), *_not_done(outcomes, context)]
    unread = sum(each.unreadable for each in outcomes)
    if unread:
        words = ngettext("{count} picture could not be opened.", "{count} pictures could not be opened.", unread)
        lines.append(words.format(count=unread))
    return lines


def _not_done(outcomes: Sequence[Outcome], context: Context) -> list[str]:
    """What nobody asked, and what is not finished. A place that was asked for one person and not for another was asked."""
    asked = {each.source_id for each in outcomes if each.status is not Status.SKIPPED or each.left}
    names = [each for each in _with_status(outcomes, Status.SKIPPED) if each not in asked]
    not_asked = [_("These were not asked: {names}.").format(names=context.names_of(names))] if names else []
    return [*not_asked, *_unfinished(outcomes, context)]


def _unfinished(outcomes: Sequence[Outcome], context: Context) -> list[str]:
    """The places that were stopped in the middle, each with how far it came."""
    words = _("{name} is not done yet: {seen} of {total}.")
    return [
        words.format(name=context.name_of(each.source_id), seen=each.seen, total=each.seen + each.left)
        for each in outcomes
        if each.status is Status.SKIPPED and each.left
    ]


def _with_status(outcomes: Sequence[Outcome], status: Status) -> list[str]:
    return list(dict.fromkeys(each.source_id for each in outcomes if each.status is status))
