"""What the cards of the places that can be asked show: plain values, made by their presenters."""

from dataclasses import dataclass, field
from enum import StrEnum

from privacyguard.model.picture import FaceCut
from privacyguard.model.upload import Preview


class Group(StrEnum):
    """The groups of cards, in the order in which they are shown."""

    COMPUTER = "computer"
    LEAKS = "leaks"
    PAGES = "pages"
    PROFILES = "profiles"
    NAME = "name"
    PHOTO = "photo"
    FACE = "face"
    BY_HAND = "by-hand"


@dataclass(frozen=True)
class SourceCard:
    """One place to look.

    ``why_not``: words where it cannot be asked for this person at all; ``note``: what is to know before it is asked;
    ``server``: the address of the person's own server where it asks one (``own_server``), or "" while there is none;
    ``has_folders``, ``has_pages``: the list of folders, or of pages to watch, belongs to it; ``credit``: whose data it is,
    and where that is said.
    """

    source_id: str
    group: Group
    name: str
    finds: str
    discloses: str
    cost: str
    is_on: bool
    why_not: str = ""
    note: str = ""
    needs_key: bool = False
    has_key: bool = False
    can_test_key: bool = False
    key_words: str = ""
    key_url: str = ""
    sends_pictures: bool = False
    own_server: bool = False
    server: str = field(default="", repr=False)
    has_folders: bool = False
    has_pages: bool = False
    credit: str = ""
    credit_url: str = ""


@dataclass(frozen=True)
class SourcesView:
    """All cards, and what the person named for them."""

    cards: tuple[SourceCard, ...] = ()
    folders: tuple[str, ...] = field(default=(), repr=False)
    pages: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class StatementView:
    """``sentence``: what is to be typed; ``from_when``: words where it does not count at once, after it was typed."""

    sentence: str
    from_when: str = ""


@dataclass(frozen=True)
class SendingView:
    """Who would get a photo this time. ``place`` of ``places``: which of the questions of this checkup it is.

    ``cuts``: the person's own face cuts to choose from; ``terms_url``: the service's own words; ``face_words``: what is to be
    agreed to besides where the service compares faces.
    """

    source_id: str
    name: str
    discloses: str
    cost: str
    keeps: str
    terms_url: str = ""
    place: int = 1
    places: int = 1
    cuts: tuple[FaceCut, ...] = field(default=(), repr=False)
    face_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadyPhoto:
    """The chosen photo. ``cut``: which of the face cuts it is, None for a photo that was chosen now; ``preview`` None: it is
    still being made ready, or ``problem`` says why it cannot be sent."""

    cut: int | None
    preview: Preview | None = field(default=None, repr=False)
    size: str = ""
    problem: str = ""
