"""What a report says of a picture or an account beyond where it is: the account, how it was made, what is hidden in photos."""

from privacyguard import wording_pictures
from privacyguard.i18n import _, ngettext
from privacyguard.model.finding import Finding, profile_of
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos, Provenance, Seal


def more_words(finding: Finding) -> str:
    """Sentences about a finding that is no leak; "" where there is nothing more to say."""
    evidence, profile = finding.evidence, profile_of(finding)
    parts = [] if profile is None else [_account(profile)]
    if isinstance(evidence, FaceMatch | PictureCopy) and evidence.provenance is not None:
        parts += _made(evidence.provenance)
    if isinstance(evidence, HiddenInPhotos):
        parts += _hidden(evidence)
    return " ".join(parts)


def _account(profile: Profile) -> str:
    if profile.shown_name:
        words = _("The account {user_name} at {site}, with the name {shown_name}.")
        return words.format(user_name=profile.user_name, site=profile.site, shown_name=profile.shown_name)
    return _("The account {user_name} at {site}.").format(user_name=profile.user_name, site=profile.site)


def _made(provenance: Provenance) -> list[str]:
    """What the picture claims, and what its seal is worth. Of a broken seal only that it is broken."""
    credentials = provenance.credentials
    parts = [wording_pictures.making(provenance.making)] if provenance.making else []
    if credentials is not None and (parts or credentials.seal is Seal.BROKEN):
        parts.append(wording_pictures.seal(credentials.seal))
    return parts


def _hidden(hidden: HiddenInPhotos) -> list[str]:
    count = ngettext(
        "{count} photo tells more than it shows.", "{count} photos tell more than they show.", hidden.photos
    )
    kinds = [f"{wording_pictures.hidden_kind(kind)} ({number})" for kind, number in hidden.counts]
    return [
        count.format(count=hidden.photos),
        *([_("Hidden: {kinds}.").format(kinds=", ".join(kinds))] if kinds else []),
    ]
