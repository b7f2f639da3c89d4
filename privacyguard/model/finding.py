"""What was found, and what the person decided about it."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos

Evidence = Breach | FaceMatch | PictureCopy | Profile | HiddenInPhotos


class FindingKind(StrEnum):
    """What a finding is about."""

    BREACH = "breach"  # an identifier of the person is in a leak
    FACE = "face"  # a face that looks like the person's
    COPY = "copy"  # the same picture as one the person chose
    PROFILE = "profile"  # an account under a user name of the person's, whose picture does not look like them
    HIDDEN = "hidden"  # photos of the person's own that tell more than they show


class MarkKind(StrEnum):
    """What the person decided."""

    DONE = "done"
    FINE = "fine"
    NOT_ME = "not-me"
    NOT_MINE = "not-mine"  # a profile that somebody else made: it pretends to be the person
    LATER = "later"


@dataclass(frozen=True)
class Mark:
    """A decision about one finding, remembered for ever. ``until``: only with LATER."""

    kind: MarkKind
    until: date | None = None


@dataclass(frozen=True)
class Finding:
    """Something found for a person. ``key`` is stable across checkups and sources (:func:`finding_key`).

    ``subjects``: the identifiers by which a leak was found, in the order they were; empty for pictures. ``grown``: kinds
    of data that a leak the person had dealt with turned out to hold as well; empty again with their next decision.
    """

    key: str
    kind: FindingKind
    person_id: str
    sources: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    evidence: Evidence
    subjects: tuple[Identifier, ...] = field(default=(), repr=False)
    mark: Mark | None = None
    grown: tuple[str, ...] = ()


def place_of(evidence: FaceMatch | PictureCopy | Profile | HiddenInPhotos) -> str:
    """Where a thing that is no leak was found: its page, the picture's address or path, or the folder."""
    if isinstance(evidence, Profile):
        return evidence.page
    return evidence.folder if isinstance(evidence, HiddenInPhotos) else evidence.page or evidence.picture


def places_of(evidence: FaceMatch | PictureCopy | Profile | HiddenInPhotos) -> tuple[str, ...]:
    """As :func:`place_of`, and after the page that shows a picture the place of the picture itself."""
    place = place_of(evidence)
    picture = evidence.picture if isinstance(evidence, FaceMatch | PictureCopy) else place
    return (place,) if picture == place else (place, picture)


def profile_of(finding: Finding) -> Profile | None:
    """The account that a finding is about, whether or not its picture looks like the person; None for any other finding."""
    evidence = finding.evidence
    if isinstance(evidence, Profile):
        return evidence
    return evidence.profile if isinstance(evidence, FaceMatch | PictureCopy) else None


def finding_key(kind: FindingKind, person_id: str, *subject: str) -> str:
    """The key of a finding: its kind and 16 hex digits of a hash over person and subject.

    Subjects: a leak: the leak's key, for all identifiers and services together; a picture on this computer: the
    content's SHA-256; a picture of the web: its address; a profile: its page; hidden details: the folder. Never logged: a
    hash of an address can be guessed.
    """
    text = "\x00".join((kind.value, person_id, *subject))
    return f"{kind.value}-{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"
