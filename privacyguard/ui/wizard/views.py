"""What the guided checkup shows: plain values, made by its presenter."""

from dataclasses import dataclass, field
from enum import IntEnum

from privacyguard.model.advice import Level
from privacyguard.model.person import Identifier, Relation
from privacyguard.model.picture import FaceCut
from privacyguard.ui.pages.source_views import SourcesView
from privacyguard.ui.pages.views import StepRow


class Step(IntEnum):
    """The pages, in order."""

    WELCOME = 0
    WHO = 1
    PERMISSION = 2
    FACE = 3
    ACCOUNTS = 4
    WHERE = 5
    LOOKING = 6
    RESULTS = 7


@dataclass(frozen=True)
class WhoChoice:
    """Whom the checkup is for. ``name``: only of a child or someone who is helped."""

    relation: Relation = Relation.ME
    is_adult: bool | None = None
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class PhotoRow:
    """One photo that was offered. ``faces``: to choose from where there are several; ``is_busy``: still looked at."""

    photo_id: int
    heading: str
    words: str
    is_used: bool = False
    is_problem: bool = False
    is_busy: bool = False
    cut: FaceCut | None = field(default=None, repr=False)
    faces: tuple[FaceCut, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class WizardState:
    """Everything that was answered so far."""

    who: WhoChoice = WhoChoice()
    consented: bool = False
    photos: tuple[PhotoRow, ...] = ()
    used: int = 0
    has_face: bool = False
    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)
    sources: SourcesView = field(default_factory=SourcesView)


@dataclass(frozen=True)
class LookingRow:
    """A source on the page "Looking"."""

    source_id: str
    name: str
    words: str
    is_running: bool = False
    is_failed: bool = False
    fraction: float | None = None


@dataclass(frozen=True)
class ResultsView:
    """The last page."""

    level: Level
    title: str
    steps: tuple[StepRow, ...] = ()
    more: str = ""
    not_checked: tuple[str, ...] = ()
    left: str = ""
    rest: str = ""
