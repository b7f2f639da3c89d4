"""May a person's face be compared with pictures of the web? One answer for a checkup, for pictures brought in, and the window.

It serves one grown-up in a file, the one who uses this computer and typed the statement for the face pattern that is there
now (threat model, section 9).
"""

from datetime import datetime
from typing import Protocol

from privacyguard import wording
from privacyguard.checkup.plan import NO_FACE, NO_STATEMENT, CheckupPlan
from privacyguard.i18n import N_, _
from privacyguard.model.person import Person, Relation
from privacyguard.model.source import SourceInfo
from privacyguard.model.statement import SearchConsent, Statement

NOT_A_CHILD = N_("We do not compare a child’s face with pictures of the web.")
NOT_SOMEONE_HELPED = N_("We compare only your own face with pictures of the web, not that of someone you help.")
NOT_UNDER_18 = N_("We compare a face with pictures of the web only for people who are 18 or over.")
WAITS = N_(
    "This is another face than before, so there is a wait of 7 days. We look for it on the web from {day} on. A check at the"
    " camera instead of the wait comes later."
)

SEARCH_TEXT_VERSION = "2026-11-25"
"""Of :data:`FACE_SEARCH`; kept with each yes. It changes with the meaning of the words."""

FACE_SEARCH = (
    N_("{name} measures your face in the photo and compares it with faces on the web."),
    N_("That is about as personal as a fingerprint. It is only for your own face, and only if you are 18 or over."),
    N_("We ask it to erase your photo right after the search. We cannot check that it does."),
    N_("Your yes holds for this search only."),
)
"""What a person says yes to before each such search; ``{name}``: the service's."""


class Statements(Protocol):
    """Where statements are kept: the vault."""

    def statement(self, person_id: str) -> Statement | None:
        """What the person typed for their face pattern as it is now, or None."""


class SearchConsents(Protocol):
    """Where each yes to a face search is kept: the vault."""

    def note_search(self, consent: SearchConsent) -> None:
        """Keep it for good before returning."""


def why_not(person: Person, statements: Statements, now: datetime) -> str | None:
    """Why this person's face is not compared with pictures of the web at this time, in words, or None where it may be."""
    if person.relation is Relation.MY_CHILD:
        return NOT_A_CHILD
    if person.relation is Relation.SOMEONE_I_HELP:
        return NOT_SOMEONE_HELPED
    if not person.is_adult:
        return NOT_UNDER_18
    if person.template is None:
        return NO_FACE
    typed = statements.statement(person.person_id)
    if typed is None or typed.pattern_at != person.template.enrolled_at:
        return NO_STATEMENT
    return None if typed.counts(now) else waits(typed, now)


def waits(typed: Statement, now: datetime) -> str:
    """From when on a statement counts, and why not at once, in words of the chosen language."""
    return _(WAITS).format(day=wording.moment(typed.counts_from, now.astimezone()))


def note_yes(info: SourceInfo, plan: CheckupPlan, consents: SearchConsents, now: datetime) -> None:
    """Keep the yes to a search by a service that compares faces itself, before it is asked. Of other services there is none."""
    if info.searches_faces and info.id in plan.face_search_agreed:
        consents.note_search(SearchConsent(plan.person_id, info.id, SEARCH_TEXT_VERSION, now))
