"""What the window says of a profile beyond the five lines: which account it is, and the answers that fit it."""

from dataclasses import replace

from privacyguard.advice.profiles import is_fake, shows_them
from privacyguard.i18n import N_, _
from privacyguard.model.finding import Finding, MarkKind, profile_of
from privacyguard.model.profile import Profile
from privacyguard.ui.pages.views import FindingDetail

UNDECIDED = (MarkKind.FINE, MarkKind.NOT_MINE, MarkKind.LATER)
WITH_A_FACE = (MarkKind.FINE, MarkKind.NOT_MINE, MarkKind.NOT_ME, MarkKind.LATER)
FAKE = (MarkKind.DONE, MarkKind.FINE)
LOOK_FIRST = N_("Open the page and look. Is it yours? Press “That’s OK”. If not, press “I did not make it”.")
LIST_CREDIT = (N_("List of sites: WhatsMyName (CC BY-SA 4.0)"), "https://github.com/WebBreacher/WhatsMyName")


def with_profile(detail: FindingDetail, finding: Finding) -> FindingDetail:
    """The detail of a finding about a profile: its title and first step, the account in lines, and its answers.

    The detail of any other finding is left as it is.
    """
    profile = profile_of(finding)
    if profile is None:
        return detail
    known = replace(
        detail, notes=(*detail.notes, *_lines(finding, profile)), credits=(*detail.credits, *_credits(finding))
    )
    if is_fake(finding):
        # The advice has its own words: what to keep, whom to tell.
        title = _("A profile that you did not make: {site}").format(site=profile.site)
        return replace(known, title=title, decisions=FAKE)
    if shows_them(finding):
        title = _("{title}, in a profile at {site}").format(title=detail.title, site=profile.site)
        return replace(known, title=title, first=_(LOOK_FIRST), decisions=WITH_A_FACE)
    return replace(
        known,
        title=_("Is this your profile? {site}").format(site=profile.site),
        why=_("{site} has a profile under a name that you use. Other people may use the same name.").format(
            site=profile.site
        ),
        first=_(LOOK_FIRST),
        decisions=UNDECIDED,
    )


def _lines(finding: Finding, profile: Profile) -> list[str]:
    lines = [
        _("Site: {site}").format(site=profile.site),
        _("User name: {name}").format(name=profile.user_name),
    ]
    if profile.shown_name:
        lines.append(_("Name on the profile: {name}").format(name=profile.shown_name))
    if not shows_them(finding):
        lines.append(_what_we_saw(profile))
    return lines


def _what_we_saw(profile: Profile) -> str:
    if profile.source_id == "whatsmyname":
        return _("We only asked if there is such a profile. We did not look at its pictures.")
    if profile.has_picture:
        return _("It has a picture. We did not see a face like yours there.")
    return _("We saw no picture in it.")


def _credits(finding: Finding) -> tuple[tuple[str, str], ...]:
    words, link = LIST_CREDIT
    return ((_(words), link),) if "whatsmyname" in finding.sources else ()
