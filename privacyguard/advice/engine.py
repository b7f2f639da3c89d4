"""From findings to what to do first. Advice is computed each time: better rules improve old results."""

from collections.abc import Sequence

from privacyguard.advice import checks, leaks, pictures
from privacyguard.advice.context import Context, Rule, is_open
from privacyguard.model.advice import Advice, Level
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding

__all__ = ["Context", "advise", "level_of"]

RULES: tuple[Rule, ...] = (
    leaks.password_leaked,
    leaks.documents_leaked,
    leaks.pictures_leaked,
    leaks.details_leaked,
    pictures.swap_found,
    pictures.face_found,
    pictures.copy_found,
    pictures.own_folders,
    checks.could_not_check,
    checks.nothing_found,
)


def advise(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> tuple[Advice, ...]:
    """What to do, the most urgent first, then the shortest.

    Args:
        findings: all that is known of one person; those the person dealt with give no advice.
        outcomes: of their last checkup; empty before the first.
        context: when and for whom.
    """
    still_open = [finding for finding in findings if is_open(finding, context)]
    given = [context.named(advice) for rule in RULES for advice in rule(still_open, outcomes, context)]
    return tuple(
        sorted(given, key=lambda advice: (advice.level.rank, sum(s.minutes for s in advice.steps), advice.key))
    )


def level_of(finding: Finding, advice: Sequence[Advice]) -> Level:
    """The level of one finding: that of the most urgent advice which answers it; good to know when it was dealt with."""
    levels = [each.level for each in advice if finding.key in each.answers]
    return min(levels, key=lambda level: level.rank, default=Level.GOOD_TO_KNOW)
