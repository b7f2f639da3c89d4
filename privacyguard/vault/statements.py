"""The typed statement of the one grown-up whose face may be compared with pictures of the web, and each yes to a face search.

A statement hangs on the face pattern: it goes with it, and comes back only where the new pattern is of the same face. That
one was typed in this file before is remembered without a name or a face, also when the person is forgotten: the wait for
another face cannot be gone around by forgetting.
"""

from datetime import datetime, timedelta

from privacyguard.errors import NothingEnrolled, PrivacyGuardError
from privacyguard.faces.same_face import is_same_face
from privacyguard.i18n import N_
from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.model.statement import TEXT_VERSION, SearchConsent, Statement
from privacyguard.vault import history, people
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, moment_text, strictly

WAIT = timedelta(days=7)
"""Until a statement counts where another face may have been there before."""

_WAS_ONE = "web-faces.had-a-statement"
"""A flag: set with the first statement of this file. Only forgetting everything erases it."""


class StatementRefused(PrivacyGuardError):
    """The statement was not kept: it is not for this profile."""

    title = N_("This sentence can be typed only by the grown-up who uses this computer, for their own face.")
    remedy = N_("Others are searched for on this computer only.")


class NoFaceToState(NothingEnrolled, StatementRefused):
    """There is no face pattern that the statement could be for."""


def require_own_face(who: Person) -> FaceTemplate:
    """The face pattern of the grown-up who uses this computer: the only one that a statement may be for.

    Raises:
        StatementRefused: a child, someone who is helped, a person under 18; NoFaceToState: no face pattern.
    """
    if who.relation is not Relation.ME or not who.is_adult:
        raise StatementRefused("not the grown-up of this file")
    if who.template is None:
        raise NoFaceToState("no face pattern")
    return who.template


def statement(connection: Connection, person_id: str) -> Statement | None:
    """What this person typed for their face pattern as it is now, or None."""
    row = connection.execute("SELECT * FROM statement WHERE person_id = ?", (person_id,)).fetchone()
    if row is None:
        return None
    with strictly():
        fields = Fields.from_row(row)
        times = (fields.moment(name) for name in ("typed_at", "pattern_at", "counts_from"))
        return Statement(person_id, fields.text("text_version"), *times)


def save(connection: Connection, person_id: str, now: datetime) -> Statement:
    """Keep that the person typed the sentence now, in place of every other statement: at most one in a file.

    It counts at once where it is the first of this file, else after :data:`WAIT`. Typed again for the same face nothing
    changes, unless the clock was set back meanwhile.

    Raises:
        StatementRefused: as :func:`require_own_face`.
        LookupError: there is no such person.
    """
    template = require_own_face(people.person(connection, person_id))
    before = statement(connection, person_id)
    if before is not None and before.typed_at <= now:
        return before
    is_first = history.flag(connection, _WAS_ONE) is None or (
        before is not None and before.counts_from == before.typed_at
    )
    counts_from = now if is_first else now + WAIT
    kept = Statement(person_id, TEXT_VERSION, now, template.enrolled_at, counts_from)
    connection.execute("DELETE FROM statement")
    _insert(connection, kept)
    history.set_flag(connection, _WAS_ONE, "yes")
    return kept


def save_template(connection: Connection, person_id: str, template: FaceTemplate) -> None:
    """Keep a face pattern in place of the one before; the statement stays only where all of it is the same face."""
    before = people.person(connection, person_id).template
    typed = statement(connection, person_id)
    people.save_template(connection, person_id, template)  # with the old pattern its statement goes
    if typed is not None and before is not None and is_same_face(before, template):
        _insert(
            connection,
            Statement(person_id, typed.text_version, typed.typed_at, template.enrolled_at, typed.counts_from),
        )


def note_search(connection: Connection, consent: SearchConsent) -> None:
    """Keep a yes to one face search, for good."""
    people.require(connection, consent.person_id)
    row = (consent.person_id, consent.source_id, consent.text_version, moment_text(consent.agreed_at))
    connection.execute("INSERT INTO search_consent VALUES (NULL, ?, ?, ?, ?)", row)


def searches(connection: Connection, person_id: str) -> tuple[SearchConsent, ...]:
    """Each yes of the person to a face search, the oldest first."""
    rows = connection.execute("SELECT * FROM search_consent WHERE person_id = ? ORDER BY id", (person_id,)).fetchall()
    with strictly():
        return tuple(_search(Fields.from_row(row)) for row in rows)


def _insert(connection: Connection, kept: Statement) -> None:
    times = (moment_text(kept.typed_at), moment_text(kept.pattern_at), moment_text(kept.counts_from))
    connection.execute("INSERT INTO statement VALUES (?, ?, ?, ?, ?)", (kept.person_id, kept.text_version, *times))


def _search(fields: Fields) -> SearchConsent:
    return SearchConsent(
        fields.text("person_id"), fields.text("source_id"), fields.text("text_version"), fields.moment("agreed_at")
    )
