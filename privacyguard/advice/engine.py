"""From findings to what to do first. Advice is computed each time: better rules improve old results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from privacyguard.advice import checks, hidden, leak_lists, leaks, organisations, pictures, profiles
from privacyguard.advice.context import Context, Rule, is_open
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding

__all__ = ["Context", "advise", "level_of", "worst_first"]

RULES: tuple[Rule, ...] = (
    leak_lists.spyware_took,
    leaks.password_leaked,
    leaks.documents_leaked,
    leaks.pictures_leaked,
    leaks.details_leaked,
    leak_lists.put_on_pages,
    pictures.swap_found,
    pictures.face_found,
    pictures.copy_found,
    pictures.own_folders,
    hidden.photos_tell_more,
    profiles.is_it_yours,
    organisations.answer_is_late,
    organisations.who_has_a_photo,
    checks.could_not_check,
    checks.nothing_found,
)

_SPYWARE, _REMINDER, _PICTURES, _OTHER = range(4)


def advise(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> tuple[Advice, ...]:
    """What to do: the most urgent first; within a level leaks of pictures first, then the shortest.

    A computer that may be spied on comes before all of its level: what is done on it before would be spied on too. Then comes
    what we said we would remind of: only the first few are shown.

    Args:
        findings: all that is known of one person; those the person dealt with give no advice.
        outcomes: of their last checkup; empty before the first.
        context: when and for whom.
    """
    known = replace(context, private_names=_private_names(findings))
    still_open = [finding for finding in findings if is_open(finding, context)]
    given = [known.named(advice) for rule in RULES for advice in rule(still_open, outcomes, known)]
    # "I did not make it" is a decision that begins the work instead of ending it.
    given += [known.named(advice) for advice in profiles.fake_profile(findings, outcomes, known)]
    weights = {finding.key: _weight(finding) for finding in still_open}
    return tuple(sorted(given, key=lambda advice: _place(advice, weights)))


def _place(advice: Advice, weights: Mapping[str, int]) -> tuple[int, int, int, str]:
    weight = min((weights.get(key, _OTHER) for key in advice.answers), default=_OTHER)
    if advice.due is not None:
        weight = min(weight, _REMINDER)
    return advice.level.rank, weight, sum(step.minutes for step in advice.steps), advice.key


def _weight(finding: Finding) -> int:
    leak = finding.evidence
    if not isinstance(leak, Breach):
        return _OTHER
    return _SPYWARE if leak.malware else _PICTURES if leak.has_pictures else _OTHER


def worst_first(findings: Iterable[Finding], advice: Sequence[Advice]) -> tuple[Finding, ...]:
    """The findings, the most urgent first; within a level those still open, then leaks of pictures, then the newest."""
    still_open = frozenset(key for each in advice for key in each.answers)

    def place(finding: Finding) -> tuple[int, bool, int, float]:
        level = level_of(finding, advice)
        return level.rank, finding.key not in still_open, _weight(finding), -finding.last_seen.timestamp()

    return tuple(sorted(findings, key=place))


def _private_names(findings: Sequence[Finding]) -> frozenset[str]:
    told = [finding.evidence for finding in findings if isinstance(finding.evidence, Breach)]
    return frozenset(leak.title.casefold() for leak in told if leak.sensitive)


def level_of(finding: Finding, advice: Sequence[Advice]) -> Level:
    """The level of one finding: that of the most urgent advice which answers it; good to know when it was dealt with."""
    levels = [each.level for each in advice if finding.key in each.answers]
    return min(levels, key=lambda level: level.rank, default=Level.GOOD_TO_KNOW)
