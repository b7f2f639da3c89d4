"""Whether an archive of the web has copies of what was found: asked by hand, about one finding, for the window and the
command line alike. Nothing is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

from privacyguard.checkup.plan import NOT_FOR_CHILD, NOT_FOR_HELPED, NOT_UNDER_18
from privacyguard.errors import AddressRefused, NotForThisPerson, SourceError
from privacyguard.model.archive import ArchiveCopies
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.model.person import Person, Relation
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import ArchiveSource
from privacyguard.sources.wayback import asked_as


@dataclass(frozen=True)
class Archived:
    """``copies``: of each address that was asked about, in this order; ``problem``: why others were not, or None."""

    copies: tuple[tuple[str, ArchiveCopies], ...] = field(default=(), repr=False)
    problem: SourceError | None = None


def web_addresses(finding: Finding) -> tuple[str, ...]:
    """The page and the picture of a finding, as an archive is asked about them; empty where it is not on the public web."""
    evidence = finding.evidence
    if isinstance(evidence, Breach | HiddenInPhotos):
        return ()
    if isinstance(evidence, Profile):
        places: tuple[str | None, ...] = (evidence.page,)
    elif evidence.on_this_computer:
        return ()
    else:
        places = (evidence.page, evidence.picture)
    return tuple(dict.fromkeys(asked for place in places if place and (asked := _on_the_web(place))))


def why_not(person: Person) -> str | None:
    """Why no archive is asked for this person, in words to translate; None where it may be.

    The address of a page about somebody is personal: it leaves for the grown-up who uses this computer only.
    """
    if person.relation is Relation.MY_CHILD:
        return NOT_FOR_CHILD
    if person.relation is Relation.SOMEONE_I_HELP:
        return NOT_FOR_HELPED
    return None if person.is_adult else NOT_UNDER_18


def look_up(
    finding: Finding, person: Person, source: ArchiveSource, gateway: Gateway, told: Callable[[int, int], None]
) -> Archived:
    """What the archive has of each address of the finding.

    ``told``: called before each with how many are done and how many there are.

    Raises:
        NotForThisPerson: see :func:`why_not`; nothing was sent.
        Cancelled.
    """
    if finding.person_id != person.person_id or why_not(person) is not None:
        raise NotForThisPerson(source.info.id)
    copies: list[tuple[str, ArchiveCopies]] = []
    addresses = web_addresses(finding)
    for address in addresses:
        told(len(copies), len(addresses))
        try:
            copies.append((address, source.copies(address, gateway)))
        except SourceError as error:  # the same place would be asked again: it is left alone
            return Archived(tuple(copies), error)
    return Archived(tuple(copies))


def _on_the_web(place: str) -> str | None:
    try:
        return asked_as(place)
    except AddressRefused:
        return None
