"""Where to look on this computer, and what was looked at already."""

from dataclasses import dataclass, field
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is."""

    FOLDER = "folder"
    URL = "url"


@dataclass(frozen=True)
class Place:
    """A folder or page that is looked at in every checkup."""

    kind: PlaceKind
    value: str = field(repr=False)


@dataclass(frozen=True)
class LookedAt:
    """A picture or video file that was looked at for a person with a certain face pattern.

    ``size`` bytes and ``mtime_ns`` tell whether it changed; ``template_id`` names the face pattern (its enrolment time);
    ``faces``: how many were found, ``could_not_judge``: how many of them were too small or blurred; ``finding``: the key
    of the person's finding in it, None where there is none; ``unreadable``: the reason where it could not be opened;
    ``sha256``: hex, of the content, by which the same file is known under another name, None where it was not read;
    ``scene``: the hash of the picture without its faces (:class:`~privacyguard.model.picture.Fingerprint`), None where
    there is none.
    """

    path: str = field(repr=False)
    size: int
    mtime_ns: int
    template_id: str
    faces: int = 0
    could_not_judge: int = 0
    finding: str | None = None
    unreadable: str | None = None
    sha256: str | None = field(default=None, repr=False)
    scene: str | None = field(default=None, repr=False)
