"""What a picture says of itself: how it was made, who signed that, and what is hidden in the file."""

from dataclasses import dataclass, field
from enum import StrEnum


class Making(StrEnum):
    """How a picture says it was made. Nothing says that one was not."""

    MADE_BY_AI = "made-by-ai"
    CHANGED_BY_AI = "changed-by-ai"


class Seal(StrEnum):
    """What became of the Content Credentials in a picture (C2PA)."""

    VALID = "valid"  # signed, unchanged since, by a signer on the list that we ship
    UNKNOWN_SIGNER = "unknown-signer"  # signed, unchanged since, by somebody we do not know
    BROKEN = "broken"  # changed since, or the signature is wrong
    NOT_READ = "not-read"  # there are some, and this computer cannot read them


@dataclass(frozen=True)
class Credentials:
    """Content Credentials. ``signer`` and ``tool``: text from the picture, untrusted; of a broken seal no claim counts."""

    seal: Seal
    signer: str | None = None
    tool: str | None = None
    making: Making | None = None


@dataclass(frozen=True)
class Provenance:
    """What a picture says of how it was made.

    ``making``: the strongest claim, None where it makes none (which says nothing); ``marks``: names of the programs and
    standards that the claim comes from ("Stable Diffusion", "IPTC"), our own words; ``credentials``: None without any.
    """

    making: Making | None = None
    marks: tuple[str, ...] = ()
    credentials: Credentials | None = None


class HiddenKind(StrEnum):
    """What a file tells beside what it shows."""

    PLACE = "place"
    TIME = "time"
    DEVICE = "device"
    SERIAL = "serial"  # a number that belongs to one camera or phone
    NAME = "name"  # of an owner or author
    THUMBNAIL = "thumbnail"  # a small picture from before it was cut
    OTHER = "other"


@dataclass(frozen=True)
class HiddenDetails:
    """What is hidden in a file that the person chose as their own; never read from pictures of others.

    ``place``: degrees north and east; ``taken_at``: as it is written, without a zone; ``device``, ``serial``: untrusted text.
    """

    kinds: frozenset[HiddenKind] = frozenset()
    place: tuple[float, float] | None = field(default=None, repr=False)
    taken_at: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)
    serial: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class HiddenInPhotos:
    """Photos of the person in one folder that tell more than they show.

    ``counts``: how many photos for each kind; ``photos``: how many there are in all; ``examples``: paths of some.
    """

    folder: str = field(repr=False)
    counts: tuple[tuple[HiddenKind, int], ...] = ()
    photos: int = 0
    examples: tuple[str, ...] = field(default=(), repr=False)
