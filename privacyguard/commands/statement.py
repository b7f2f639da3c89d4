"""statement: the sentence that a person types before their face is compared with pictures of the web."""

from collections.abc import Iterable

from privacyguard.checkup.plan import NO_FACE, NO_STATEMENT, compares_with_web
from privacyguard.checkup.web_faces import waits, why_not
from privacyguard.commands.call import DONE, Call, Subparsers, person_named
from privacyguard.errors import NothingEnrolled, UsageError, VaultError
from privacyguard.i18n import N_, _
from privacyguard.model.person import Person, Relation
from privacyguard.model.source import SourceInfo
from privacyguard.model.statement import SENTENCE, is_the_sentence
from privacyguard.vault.statements import require_own_face
from privacyguard.wording import moment

_STRONG = N_("Searching the web for a face is strong. Use it only for your own.")
_ASK = N_("Please type: {sentence}")
_MORE = N_(
    "The sentence is read from standard input. With --json it is not read: then the command says how things stand.\n"
    "It holds for the face pattern that is there now. For another face it has to be typed anew, and counts after 7\n"
    "days. This slows down people who look for others. It cannot stop them."
)
_TYPE_IT = N_("Type it with: privacyguard statement")
_LINE_AT_MOST = 500


def why_no_faces(call: Call, cards: Iterable[SourceInfo]) -> str | None:
    """Why the places among these that are on and show pictures of the web are not asked for you, in words; else None.

    Also None where the locked file, which alone says it, cannot be opened now: a list of places is shown all the same.
    """
    if not any(compares_with_web(info) and call.session.is_on(info) for info in cards):
        return None
    if not any(call.session.paths.home.glob("vault.*")):
        return _(NO_FACE)
    try:
        vault = call.session.vault
    except VaultError:
        return None
    me = next((person for person in vault.people() if person.relation is Relation.ME), None)
    why = NO_FACE if me is None else why_not(me, vault, call.session.clock())
    if why == NO_STATEMENT:
        return f"{_(why)} {_(_TYPE_IT)}"
    return None if why is None else _(why)


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    does = _("type the sentence that says it is your own face; needed to look for it on the web")
    parser = commands.add("statement", does, _statement, more=_(_MORE))
    parser.add_argument("--person", metavar="NAME", help=_("for whom; without it: for you"))


def _statement(call: Call) -> int:
    person = person_named(call)
    if person is None:
        raise NothingEnrolled
    if call.out.as_json:
        _give_state(call, person)
        return DONE
    require_own_face(person)  # before they type it in vain
    call.out.note(_(_STRONG))
    call.out.note(_(_ASK).format(sentence=_(SENTENCE)))
    if not is_the_sentence(call.stdin.readline(_LINE_AT_MOST)):
        raise UsageError(_("This is not the sentence, so nothing was changed."))
    now = call.session.clock()
    typed = call.session.vault.save_statement(person.person_id, now)
    call.out.say(_("We keep that you typed it on {day}.").format(day=moment(typed.typed_at, now.astimezone())))
    call.out.say(_("We may look for your face on the web now.") if typed.counts(now) else waits(typed, now))
    return DONE


def _give_state(call: Call, person: Person) -> None:
    now, vault = call.session.clock(), call.session.vault
    typed = vault.statement(person.person_id)
    why = why_not(person, vault, now)
    call.out.give(
        {
            "person": person.name,
            "sentence": _(SENTENCE),
            "text_version": typed.text_version if typed else None,
            "typed_at": typed.typed_at.isoformat() if typed else None,
            "counts_from": typed.counts_from.isoformat() if typed else None,
            "counts": why is None,
            "why_not": None if why is None else _(why),
        }
    )
