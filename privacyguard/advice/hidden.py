"""Advice about the person's own photos that tell more than they show."""

from collections.abc import Iterator, Sequence

from privacyguard import wording_pictures
from privacyguard.advice.context import Context
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding
from privacyguard.model.provenance import HiddenInPhotos


def photos_tell_more(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Photos in a folder with place, serial number or name in their files."""
    for finding in findings:
        hidden = finding.evidence
        if not isinstance(hidden, HiddenInPhotos) or not hidden.photos:
            continue
        yield Advice(
            key=f"hidden:{finding.key}",
            level=Level.GOOD_TO_KNOW,
            title=_("Some of your photos tell more than they show"),
            why=f"{hidden_words(hidden)} {_('This matters when you share them.')}",
            steps=(
                Step(_("Before you share one of these photos, make a cleaned copy. Open “Clean photos”."), 2),
                Step(_("Share the copy. Your photo stays as it is."), 1),
            ),
            answers=(finding.key,),
            later=_("Turn off the place in the camera settings of your phone."),
            help_line=_("Need a person? Open “Get help now”."),
            person_id=finding.person_id,
        )


def hidden_words(hidden: HiddenInPhotos) -> str:
    """How many photos of a folder tell something, and what."""
    said = ngettext(
        "{count} photo in one folder holds hidden details: {words}.",
        "{count} photos in one folder hold hidden details: {words}.",
        hidden.photos,
    )
    words = ", ".join(f"{wording_pictures.hidden_kind(kind)} ({count})" for kind, count in hidden.counts)
    return said.format(count=hidden.photos, words=words)
