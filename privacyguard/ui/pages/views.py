"""What the pages show: plain values, made by the presenters."""

from dataclasses import dataclass, field

from privacyguard.errors import PrivacyGuardError
from privacyguard.model.advice import Level
from privacyguard.model.finding import MarkKind
from privacyguard.model.person import Identifier
from privacyguard.model.picture import FaceCut

LEAK_DECISIONS = (MarkKind.DONE, MarkKind.FINE, MarkKind.LATER)
PICTURE_DECISIONS = (MarkKind.FINE, MarkKind.NOT_ME, MarkKind.LATER)


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
    """A finding in the list. ``theme``: leaks, pictures or profiles."""

    key: str
    level: Level
    title: str
    where: str
    theme: str
    is_done: bool = False


@dataclass(frozen=True)
class FindingDetail:
    """A finding in the five-line pattern. ``cut``: of what was found; ``own_cut``: of an enrolled photo, to compare.

    Of a leak: ``said_by``: who says so; ``addresses``: which of the person's are in it; ``news``: what it turned out to hold
    as well; ``credits``: words and link for each service; ``tests_passwords``: a test of passwords is offered;
    ``recipient``: whom a letter would go to, or ""; ``notes``: more to know, a line each; ``decisions``: what can be said of
    it; ``web_page``: the page it was found on, or ""; ``archive_sends``: what leaves this computer when an archive is asked
    for copies of it, "" where none may be asked; ``cleans_photos``: cleaned copies of photos are offered.
    """

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
    said_by: str = ""
    addresses: tuple[str, ...] = field(default=(), repr=False)
    news: str = ""
    credits: tuple[tuple[str, str], ...] = ()
    tests_passwords: bool = False
    recipient: str = field(default="", repr=False)
    notes: tuple[str, ...] = ()
    decisions: tuple[MarkKind, ...] = LEAK_DECISIONS
    web_page: str = field(default="", repr=False)
    archive_sends: str = ""
    cleans_photos: bool = False


@dataclass(frozen=True)
class ArchiveLine:
    """What an archive says of one address. ``newest``: address of its newest copy, or ""."""

    address: str = field(repr=False)
    words: str
    newest: str = field(default="", repr=False)


@dataclass(frozen=True)
class ArchiveView:
    """Asking an archive about a finding: while it runs, and what came of it.

    ``done`` of ``count`` addresses while ``is_running``; ``steps``: how copies are taken out; ``offers_letter``: there are
    copies to write about; ``problem`` and ``remedy``: why other addresses were not asked about.
    """

    is_running: bool = False
    done: int = 0
    count: int = 0
    lines: tuple[ArchiveLine, ...] = ()
    steps: tuple[str, ...] = ()
    offers_letter: bool = False
    problem: PrivacyGuardError | None = None
    remedy: str = ""


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
class OrganisationRow:
    """Somebody who has a photo of the person. ``state``: how far a letter is; ``note``: what the lists of leaks say;
    ``open_letter``: the id of the letter that waits for an answer, or ""; ``is_named``: False where only a letter says so."""

    name: str = field(repr=False)
    state: str = ""
    is_late: bool = False
    note: str = ""
    open_letter: str = ""
    is_named: bool = True


@dataclass(frozen=True)
class DetailsView:
    """What is kept, and where."""

    people: tuple[PersonView, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    folders: tuple[str, ...] = ()
    kept_where: str = ""
    organisations: tuple[OrganisationRow, ...] = ()


@dataclass(frozen=True)
class LetterView:
    """A letter as it stands. ``kinds`` and ``countries``: value and words of what can be chosen; ``note``: for the person,
    about the law; ``due``: until when an answer can be expected; ``sent``: what was noted about sending it, or ""."""

    recipient: str = field(repr=False)
    kinds: tuple[tuple[str, str], ...]
    kind: str
    countries: tuple[tuple[str, str], ...]
    country: str
    text: str = field(repr=False)
    note: str
    due: str
    sent: str = ""


@dataclass(frozen=True)
class PasswordResult:
    """What the list says of one password, or of one site's; ``is_listed`` None: it was not tested."""

    words: str = field(repr=False)
    is_listed: bool | None


@dataclass(frozen=True)
class PasswordsView:
    """``service``: who would be asked; ``sends``: what leaves this computer; ``why_not``: why it may not be asked at all."""

    service: str
    sends: str
    is_on: bool
    why_not: str = ""


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
    """``totals``: number and words, three of them; ``summary``: all that the list below it holds, in a line; ``sources``,
    ``kinds`` and ``days``: value and words of what the list can be narrowed to; ``has_any``: there is something to clear."""

    totals: tuple[tuple[str, str], ...] = ()
    rows: tuple[DisclosureRow, ...] = ()
    summary: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    has_any: bool = False
