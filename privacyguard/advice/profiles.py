"""Advice about accounts under a person's user name: whose they are, and what to do about one that pretends to be them.

Facts: advice-facts T7 (steps 1, 2, 3, 5, 7); the times are estimates and shown as "about". Who finds the account of a child or
of someone who is helped did not look for it: such places are not asked about them.
"""

from collections.abc import Iterator, Sequence

from privacyguard.advice.context import Context
from privacyguard.i18n import _
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, MarkKind, profile_of
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.profile import Profile


def is_fake(finding: Finding) -> bool:
    """Whether the person said of a profile that they did not make it."""
    is_not_theirs = finding.mark is not None and finding.mark.kind is MarkKind.NOT_MINE
    return is_not_theirs and profile_of(finding) is not None


def shows_them(finding: Finding) -> bool:
    """Whether a profile's picture has a face that looks like the person's, or is one of their own pictures."""
    return isinstance(finding.evidence, FaceMatch | PictureCopy)


def is_it_yours(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """An account of which the person has not said whether it is theirs. One with their face is told by what it shows."""
    for finding in findings:
        profile = finding.evidence
        if not isinstance(profile, Profile) or is_fake(finding):
            continue
        yield Advice(
            key=f"profile:{finding.key}",
            level=Level.GOOD_TO_KNOW,
            title=_("Is this your profile? {site}").format(site=profile.site),
            why=_("{site} has a profile under a name that you use. Other people may use the same name.").format(
                site=profile.site
            ),
            steps=(
                Step(_("Open the profile and look. Is it yours? Press “That’s OK”."), 2),
                Step(_("Does it use your name or picture, and you did not make it? Press “I did not make it”."), 1),
            ),
            answers=(finding.key,),
            later=_("Is it somebody else, who is just called the same? Then press “That’s OK” too."),
            help_line=_("Does it scare you? Open “Get help now”."),
            person_id=finding.person_id,
        )


def fake_profile(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """An account that pretends to be the person; whether it still is there is by the last checkup.

    Args:
        findings: all of them, also those the person decided about.
        outcomes: of the last checkup.
        context: for whom.
    """
    for finding in findings:
        profile = profile_of(finding)
        if profile is None or not is_fake(finding):
            continue
        if is_gone(finding, findings, outcomes):
            yield _gone(finding, profile)
        else:
            yield _still_there(finding, profile, context)


def is_gone(finding: Finding, findings: Sequence[Finding], outcomes: Sequence[Outcome]) -> bool:
    """Whether the last checkup asked every place that had the profile, and none of them had it any more.

    The same account may be another finding today: with another picture it may look like the person, or no longer.
    """
    page = _page(finding)
    same = {each.key for each in findings if each.person_id == finding.person_id and _page(each) == page}
    asked = {outcome.source_id: outcome for outcome in outcomes if outcome.source_id in finding.sources}
    if set(asked) != set(finding.sources):
        return False
    return all(each.status is Status.CHECKED and same.isdisjoint(each.findings) for each in asked.values())


def _page(finding: Finding) -> str | None:
    profile = profile_of(finding)
    return profile.page if profile else None


def _still_there(finding: Finding, profile: Profile, context: Context) -> Advice:
    with_face = shows_them(finding)
    why = _("Somebody runs a profile at {site} as if they were you. This is not your fault.")
    if with_face:
        why = _("Somebody runs a profile at {site} with a picture that looks like you. This is not your fault.")
    return Advice(
        key=f"fake:{finding.key}",
        level=Level.DO_TODAY if with_face else Level.DO_THIS_WEEK,
        title=_("A profile that you did not make: {site}").format(site=profile.site),
        why=why.format(site=profile.site),
        steps=(
            Step(_("Keep proof first. Write down the link, the user name and the day. Take a picture of the page."), 5),
            Step(
                _(
                    "Tell the site. Choose “pretending to be someone”, then “me”. Most sites let you do it without an account."
                ),
                10,
            ),
            Step(_("Warn your friends in one short message. Ask them to report it too."), 5),
            Step(_("Does it ask for money, or threaten you? Tell the police."), 20),
        ),
        answers=(finding.key,),
        later=_("Look for more copies now, and once more in three months. When you are done, press “Done”."),
        help_line=_("Is it sexual, or about money or threats? Open “Get help now”. Your child is not in trouble.")
        if context.is_child(finding.person_id)
        else _("Is it sexual, or about money or threats? Open “Get help now”."),
        person_id=finding.person_id,
    )


def _gone(finding: Finding, profile: Profile) -> Advice:
    return Advice(
        key=f"fake-gone:{finding.key}",
        level=Level.GOOD_TO_KNOW,
        title=_("The fake profile seems to be gone: {site}").format(site=profile.site),
        why=_("We did not find it at the last check. It may also just be hidden from us."),
        steps=(Step(_("Open the link once and look. Is it gone? Press “Done”."), 2),),
        answers=(finding.key,),
        later=_("Look again in three months. Such profiles can come back."),
        help_line=_("Do you need a person to talk to? Open “Get help now”."),
        person_id=finding.person_id,
    )
