"""enrol: from photos to a face pattern."""

from pathlib import Path

from privacyguard import wording_pictures
from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers, cancellable, checked_name
from privacyguard.errors import ConsentMissing, NoUsablePhoto, PictureUnreadable, UsageError
from privacyguard.faces.enrolment import Judgement, enrolled_photos, judge
from privacyguard.faces.weights import MODEL_ID
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.person import Consent, FaceTemplate, Person, Relation
from privacyguard.model.picture import PictureAnalysis, Unreadable
from privacyguard.session import CONSENT_TEXT, FIRST_PERSON

_CONSENT = N_(
    "--consent says one of three things.\n"
    "This is my own face and I am 18 or over. Or I am the parent of this child, and the child agrees.\n"
    "Or this grown-up sits with me and agrees.\n"
    "PrivacyGuard may make a face pattern: a list of numbers made from the photos. It keeps the pattern here, with\n"
    "small cuts of the face, in a locked file, until it is deleted. It may look through the folders that I name.\n"
    "It can be wrong: look-alikes, brothers and sisters may be mixed up. Nobody else gets it.\n"
    "Delete it at any time with: privacyguard forget --face"
)

_STATEMENT_DROPPED = N_(
    "This looks like another face than before. The sentence that you typed was for the face before, so it is gone.\n"
    "To look for this face on the web, type it again with: privacyguard statement. It counts after 7 days."
)


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("enrol", _("add a face: make or replace the face pattern"), _enrol, more=_(_CONSENT))
    parser.add_argument("--person", metavar="NAME", help=_("whose face it is; without it: yours"))
    relations = [relation.value for relation in Relation]
    parser.add_argument("--relation", choices=relations, help=_("who that is to you"))
    parser.add_argument("--consent", action="store_true", help=_("the clear yes that is told below"))
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help=_("1 to 8 photos with one clear face"))


def _enrol(call: Call) -> int:
    if not call.arguments.consent:
        raise ConsentMissing
    known, name, relation = _whose(call)
    with cancellable(call):
        judgements = judge([_looked_at(call, Path(photo)) for photo in call.arguments.photos])
    photos = enrolled_photos(judgements)
    replaces = known is not None and known.template is not None
    if photos:
        person = _person(call, known, name, relation)
        now = call.session.clock()
        vault = call.session.vault
        vault.save_consent(person.person_id, Consent(True, True, CONSENT_TEXT, now, relation))
        had_statement = vault.statement(person.person_id) is not None
        vault.save_template(person.person_id, FaceTemplate(photos, MODEL_ID, now))
        is_dropped = had_statement and vault.statement(person.person_id) is None
    _answer(call, name, relation, judgements, replaces)
    if not photos:
        call.out.problem(_(NoUsablePhoto.title), _(NoUsablePhoto.remedy))
        return NOT_ALL_DONE
    if is_dropped:
        call.out.note(_(_STATEMENT_DROPPED))
    return DONE


def _whose(call: Call) -> tuple[Person | None, str, Relation]:
    """The profile, where it is there already, its name, and who that is.

    Without ``--relation`` a new name is you as long as you have no face here, else someone you help: there is one
    grown-up whose face may be compared with pictures of the web.

    Raises:
        UsageError: the names or relations do not fit each other.
    """
    wanted = Relation(call.arguments.relation) if call.arguments.relation else None
    people = call.session.vault.people()
    me = next((person for person in people if person.relation is Relation.ME), None)
    if call.arguments.person is None:
        relation = wanted or Relation.ME
        known = next((person for person in people if person.relation is relation), None)
        return known, known.name if known else _name_for(relation), relation
    name = checked_name(call.arguments.person)
    known = call.session.vault.person_named(name)
    if known is not None:
        if wanted not in (None, known.relation):
            raise UsageError(_("This profile is there already, with another relation."))
        return known, known.name, known.relation
    is_free = me is None or (me.name == FIRST_PERSON and me.template is None)
    relation = wanted or (Relation.ME if is_free else Relation.SOMEONE_I_HELP)
    if relation is not Relation.ME:
        return None, name, relation
    if not is_free:
        raise UsageError(_("There is a profile for you already. For others add --relation."))
    return me, name, relation


def _name_for(relation: Relation) -> str:
    return FIRST_PERSON if relation is Relation.ME else relation.value


def _person(call: Call, known: Person | None, name: str, relation: Relation) -> Person:
    """The profile under this name: new, or the one that was made for you before you gave a name."""
    call.session.personal.add([name])
    if known is None:
        return call.session.vault.add_person(name, relation, is_adult=relation is not Relation.MY_CHILD)
    return known if known.name == name else call.session.vault.rename_person(known.person_id, name)


def _looked_at(call: Call, photo: Path) -> PictureAnalysis | Unreadable:
    try:
        return call.session.pool.analyse(photo.absolute(), cuts=True, cancel=call.cancel)
    except PictureUnreadable as error:
        return Unreadable(error.reason)


def _answer(call: Call, name: str, relation: Relation, judgements: tuple[Judgement, ...], replaces: bool) -> None:
    enrolled = len(enrolled_photos(judgements))
    photos = []
    for path, judgement in zip(call.arguments.photos, judgements, strict=True):
        words = wording_pictures.photo_problem(judgement.problem) if judgement.problem else None
        photos.append({"path": path, "used": judgement.used, "problem": None if judgement.used else words})
        state = _("used") if judgement.used else _("not used")
        call.out.say(f"{path}: {state}. {words or ''}".rstrip())
    call.out.give({"person": name, "model_id": MODEL_ID, "photos": photos, "enrolled": enrolled})
    if not enrolled:
        return
    call.out.say(
        ngettext(
            "The face pattern is made from {count} photo.", "The face pattern is made from {count} photos.", enrolled
        ).format(count=enrolled)
    )
    if replaces:
        call.out.say(_("It takes the place of the one before."))
    if relation is Relation.SOMEONE_I_HELP:
        call.out.say(_("This is someone you help, so we look for them on this computer only."))
