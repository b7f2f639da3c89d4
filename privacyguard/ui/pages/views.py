"""What the pages show: plain values, made by the presenters."""

from dataclasses import dataclass, field

from privacyguard.model.advice import Level
from privacyguard.model.finding import MarkKind
from privacyguard.model.person import Identifier
from privacyguard.model.picture import FaceCut


@dataclass(frozen=True)
class StepRow:
    """One of the next steps. ``finding``: the key of the finding that it is about, or ""."""

    level: Level
    title: str
    why: str
    minutes: str
    finding: str = ""


@dataclass(frozen=True)
class StateCount:
    """One state on the card of the last check."""

    level: Level
    words: str


@dataclass(frozen=True)
class HomeView:
    """``level`` None: no checkup yet."""

    level: Level | None
    title: str
    rest: str
    steps: tuple[StepRow, ...] = ()
    last_check: str = ""
    counts: tuple[StateCount, ...] = ()
    foot: str = ""


@dataclass(frozen=True)
class FindingRow:
    """A finding in the list. ``theme``: leaks or pictures."""

    key: str
    level: Level
    title: str
    where: str
    theme: str
    is_done: bool = False


@dataclass(frozen=True)
class FindingDetail:
    """A finding in the five-line pattern. ``cut``: of what was found; ``own_cut``: of an enrolled photo, to compare."""

    key: str
    level: Level
    title: str
    why: str
    first: str
    first_minutes: str
    later: str
    help_line: str
    reason: str
    mark: MarkKind | None = None
    cut: FaceCut | None = field(default=None, repr=False)
    own_cut: FaceCut | None = field(default=None, repr=False)
    own_caption: str = ""
    is_picture: bool = False
    place: str = ""
    hidden_name: str = ""


@dataclass(frozen=True)
class PersonView:
    """One person on "My details"."""

    person_id: str
    name: str
    relation: str
    face: str
    consent: str
    has_face: bool
    cuts: tuple[FaceCut, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class DetailsView:
    """What is kept, and where."""

    people: tuple[PersonView, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    folders: tuple[str, ...] = ()
    kept_where: str = ""


@dataclass(frozen=True)
class DisclosureRow:
    """One request that left."""

    when: str
    host: str
    what: str
    why: str
    size: str


@dataclass(frozen=True)
class DisclosuresView:
    """``totals``: number and words, three of them."""

    totals: tuple[tuple[str, str], ...] = ()
    rows: tuple[DisclosureRow, ...] = ()
