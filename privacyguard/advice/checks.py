"""Advice about the checks themselves: what failed, and what "nothing found" is worth. Never calm when something failed."""

from collections.abc import Iterator, Mapping, Sequence

from privacyguard.advice.context import Context
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding


def could_not_check(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A source that failed, in its own words; once, also where it failed for several people."""
    for outcome in {each.source_id: each for each in outcomes if each.status is Status.FAILED}.values():
        yield Advice(
            key=f"failed:{outcome.source_id}",
            level=Level.COULD_NOT_CHECK,
            title=_("{name} could not be checked").format(name=context.name_of(outcome.source_id)),
            why=_("{problem} So we do not know if there is something.")
            .format(problem=_(outcome.problem or ""))
            .strip(),
            steps=(Step(_(outcome.remedy or "") or _("Check again tomorrow."), 1),),
            answers=(outcome.source_id,),
            later=_("All the other places were checked on their own."),
            help_line=_("Is something wrong now? Open “Get help now”."),
        )


def nothing_found(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Nothing open was found: said with what was looked at and what was not.

    A source that failed has its own advice, which comes before this one and is the worse level.
    """
    by_status = {
        status: list(dict.fromkeys(each.source_id for each in outcomes if each.status is status)) for status in Status
    }
    checked, failed = by_status[Status.CHECKED], by_status[Status.FAILED]
    if findings or not outcomes or (failed and not checked):
        return
    yield Advice(
        key="nothing",
        level=Level.NOTHING_FOUND if checked else Level.COULD_NOT_CHECK,
        title=_title(bool(checked), bool(failed)),
        why=" ".join(_looked_at(by_status, sum(each.unreadable for each in outcomes), context)),
        steps=(Step(_("You can stop here for today.") if checked and not failed else _("Check again tomorrow."), 0),),
        answers=(),
        later=_("Nobody can search the whole internet, so this is not a promise."),
        help_line=_("Is something wrong now? Open “Get help now”."),
    )


def _title(was_checked: bool, has_failed: bool) -> str:
    if not was_checked:
        return _("No place was looked at in the last check")
    return _("We found nothing, but not every place answered") if has_failed else _("We found nothing new today")


def _looked_at(by_status: Mapping[Status, Sequence[str]], unread: int, context: Context) -> Iterator[str]:
    """What was looked at and what was not, by name."""
    checked, failed = by_status[Status.CHECKED], by_status[Status.FAILED]
    not_asked = [each for each in by_status[Status.SKIPPED] if each not in {*checked, *failed}]
    if checked:
        words = ngettext("We looked at {count} place: {names}.", "We looked at {count} places: {names}.", len(checked))
        yield words.format(count=len(checked), names=context.names_of(checked))
    if failed:
        yield _("These did not answer: {names}.").format(names=context.names_of(failed))
    if not_asked:
        yield _("These were not asked: {names}.").format(names=context.names_of(not_asked))
    if unread:
        words = ngettext("{count} picture could not be opened.", "{count} pictures could not be opened.", unread)
        yield words.format(count=unread)
