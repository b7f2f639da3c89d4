"""A page on the web that a person goes to by hand: to search with a photo, or to ask to be left out of such searches."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class VisitKind(StrEnum):
    """What is done there."""

    FACE = "face"  # search with a photo for other pictures of the same face
    SAME_PICTURE = "same-picture"  # search for copies of the very picture
    OPT_OUT = "opt-out"  # ask to be left out of a face search


class Gives(StrEnum):
    """What the person has to give to an opt-out page."""

    PHOTO = "photo"
    PHOTO_AND_ID = "photo-and-id"  # an ID with the rest covered
    PHOTO_AND_ID_OR_POSE = "photo-and-id-or-pose"
    PHOTO_AND_COUNTRY = "photo-and-country"
    UNKNOWN = "unknown"


class Keeps(StrEnum):
    """What the site says it does with the photo afterwards."""

    NOTHING = "nothing"
    DAY = "day"  # a small copy for 24 hours
    UNKNOWN = "unknown"


class Price(StrEnum):
    """What it costs."""

    FREE = "free"
    PAID_LINKS = "paid-links"  # looking is free, seeing where the pictures are is not
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Visit:
    """One such page. ``address``: https, our own.

    ``price_read``: the price that we last read of, in the words of the source, None where we read of none; ``notes``: names of
    more to know (``advice/visits.py`` has the words); ``checked_on``: when the facts were last read; ``confidence``: high,
    medium or low; ``source``: where they stand.
    """

    visit_id: str
    name: str
    kind: VisitKind
    address: str
    gives: Gives
    keeps: Keeps
    price: Price
    price_read: str | None
    notes: tuple[str, ...]
    checked_on: date
    confidence: str
    source: str

    @property
    def is_search(self) -> bool:
        """Whether there are results to bring back."""
        return self.kind is not VisitKind.OPT_OUT
