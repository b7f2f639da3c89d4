"""What pictures say of themselves, as lines below a finding: what the file says, and never that a picture is real."""

from dataclasses import replace

from privacyguard import wording_pictures
from privacyguard.advice.hidden import hidden_words
from privacyguard.i18n import _
from privacyguard.model.finding import Evidence, Finding
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.provenance import Credentials, HiddenInPhotos, Provenance, Seal
from privacyguard.ui.pages.views import FindingDetail
from privacyguard.ui.widgets.text import one_line

EXAMPLES_SHOWN = 3


def provenance_notes(evidence: Evidence) -> tuple[str, ...]:
    """What a picture says of how it was made, a line each; nothing where it says nothing."""
    if not isinstance(evidence, FaceMatch | PictureCopy) or evidence.provenance is None:
        return ()
    return provenance_lines(evidence.provenance)


def provenance_lines(provenance: Provenance) -> tuple[str, ...]:
    """The same of what was read from any picture."""
    lines = []
    if provenance.making is not None:
        lines.append(wording_pictures.making(provenance.making))
    if provenance.marks:
        lines.append(_("We read this from: {marks}.").format(marks=", ".join(provenance.marks)))
    if provenance.credentials is not None:
        lines += _sealed(provenance.credentials)
    if provenance.making is not None:
        lines.append(_("Anybody can write such a note. It is a hint and no proof."))
    return tuple(lines)


def _sealed(credentials: Credentials) -> list[str]:
    lines = [wording_pictures.seal(credentials.seal)]
    # A name that nobody vouches for is not shown: it may be anybody's.
    if credentials.seal is Seal.VALID and credentials.signer:
        lines.append(_("Signed by: {name}.").format(name=one_line(credentials.signer)))
    return lines


def with_hidden(detail: FindingDetail, finding: Finding) -> FindingDetail:
    """The detail of a finding about hidden details in photos, with what they tell, examples, and a way to clean them."""
    hidden = finding.evidence
    if not isinstance(hidden, HiddenInPhotos):
        return detail
    if not hidden.photos:
        words = _("No photo of you in this folder holds hidden details any more.")
        return replace(detail, title=_("Hidden details in your photos"), why=words, place=hidden.folder)
    examples = tuple(
        _("One of them: {photo}").format(photo=one_line(path)) for path in hidden.examples[:EXAMPLES_SHOWN]
    )
    return replace(
        detail,
        title=_("Some of your photos tell more than they show"),
        why=hidden_words(hidden),
        place=hidden.folder,
        notes=(*detail.notes, *examples),
        cleans_photos=True,
    )
