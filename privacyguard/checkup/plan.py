"""What a checkup shall do, and who may be asked about whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from privacyguard.i18n import N_
from privacyguard.model.checkup import Outcome
from privacyguard.model.person import IdentifierKind, Person, Relation
from privacyguard.model.source import SourceInfo, Theme


@dataclass(frozen=True)
class CheckupPlan:
    """One run, decided beforehand.

    ``source_ids``: the sources to ask, those that are switched on; every other one of the list is skipped. ``photos``: by
    source, the pictures the person agreed to send to it this time (JPEG, hidden details removed). ``folders``: None means the
    places kept in the vault. ``fresh``: look again at files that did not change. ``why_skipped``: words for a source that is
    left out for a reason of the caller's. ``face_search_agreed``: services that compare faces themselves, for which the person
    said yes to that, this time; kept in the vault when the search begins. ``kept``: what sources brought last that are
    switched on but not asked this time; it stays their outcome. ``why_stopped``: words in place of those for a checkup that
    the person stopped.
    """

    person_id: str
    source_ids: frozenset[str]
    photos: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    folders: tuple[Path, ...] | None = field(default=None, repr=False)
    fresh: bool = False
    why_skipped: Mapping[str, str] = field(default_factory=dict)
    face_search_agreed: frozenset[str] = frozenset()
    kept: Mapping[str, Outcome] = field(default_factory=dict)
    why_stopped: str | None = None


SWITCHED_OFF = N_("This place is switched off.")
NOT_FOR_CHILD = N_("We do not ask this place about a child. Their details stay on this computer.")
NOT_FOR_HELPED = N_("We do not ask this place about someone you help. Their details stay on this computer.")
NOT_UNDER_18 = N_("We ask this place only for people who are 18 or over.")
NO_FACE = N_("No face has been added, so we cannot look for one.")
NO_FOLDER = N_("You have not named a folder yet.")
NO_PHOTO_SENT = N_("This place gets a photo only when you send it yourself, each time. You sent none now.")
NO_STATEMENT = N_("To look for your face on the web, first type the sentence that says it is your own face.")
NO_FACE_SEARCH = N_("This place compares faces itself. It needs your yes each time. You gave none now.")
NO_PAGE = N_("You have not named a web page yet.")
NO_SERVER = N_("You have not named the address of a server yet.")
NOTHING_NAMED = {
    IdentifierKind.EMAIL: N_("You have not named an e-mail address yet."),
    IdentifierKind.USERNAME: N_("You have not named a user name yet."),
    IdentifierKind.SERVICE: N_("You have not named a service that you use yet."),
    IdentifierKind.NAME: N_("You have not said your name yet."),
}


@dataclass(frozen=True)
class Web:
    """What there is for the web besides the person's details.

    ``faces_refused``: why the person's face is not compared with pictures of the web (``web_faces.why_not``), None where it may
    be; ``has_pages``: pages were named; ``servers``: ids of the sources whose server's address the person typed.
    """

    faces_refused: str | None = NO_STATEMENT
    has_pages: bool = False
    servers: frozenset[str] = frozenset()


NOTHING_YET = Web()


def compares_with_web(info: SourceInfo) -> bool:
    """Whether the source brings pictures of the web, in which a person's face is looked for."""
    return info.theme is Theme.PICTURES and info.id != "folders" and not info.by_hand


def reason_to_skip(
    info: SourceInfo, person: Person, plan: CheckupPlan, has_folders: bool, web: Web = NOTHING_YET
) -> str | None:
    """Why this source is not asked in this run, in words to translate, or None when it is asked.

    This is the one place where a child, someone who is helped, a person under 18, and a face without the typed statement are
    kept away from outside sources.
    """
    if info.id not in plan.source_ids:
        return plan.why_skipped.get(info.id, SWITCHED_OFF)
    refusal = _refusal(info, person)
    if refusal:
        return refusal
    if info.theme is Theme.PICTURES and person.template is None:
        return NO_FACE
    if info.id == "folders":
        return None if has_folders else NO_FOLDER
    if compares_with_web(info) and web.faces_refused is not None:
        return web.faces_refused
    return _nothing_to_ask_with(info, person, plan, web)


def _nothing_to_ask_with(info: SourceInfo, person: Person, plan: CheckupPlan, web: Web) -> str | None:
    if info.sends_pictures and not plan.photos.get(info.id):
        return NO_PHOTO_SENT
    if info.searches_faces and info.id not in plan.face_search_agreed:
        return NO_FACE_SEARCH
    if info.own_server and info.id not in web.servers:
        return NO_SERVER
    if info.named_sites and not info.accepts and not web.has_pages:
        return NO_PAGE
    if info.accepts and not any(identifier.kind in info.accepts for identifier in person.identifiers):
        return next((words for kind, words in NOTHING_NAMED.items() if kind in info.accepts), SWITCHED_OFF)
    return None


def _refusal(info: SourceInfo, person: Person) -> str | None:
    if not info.only_me:
        return None
    if person.relation is Relation.MY_CHILD:
        return NOT_FOR_CHILD
    if person.relation is Relation.SOMEONE_I_HELP:
        return NOT_FOR_HELPED
    return None if person.is_adult else NOT_UNDER_18
