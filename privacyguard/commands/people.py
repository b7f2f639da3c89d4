"""disclosures and forget: what left this computer, and erasing."""

import argparse

from privacyguard import wording
from privacyguard.commands.call import DONE, NO_SUCH_PERSON, Call, Subparsers, person_named
from privacyguard.commands.output import table
from privacyguard.errors import NothingEnrolled, UsageError
from privacyguard.i18n import N_, _, ngettext
from privacyguard.vault.forget import Receipt

_ASK = {
    "face": N_("This erases the face pattern and the small face cuts. Your list of leaks stays."),
    "person": N_("This erases everything about this person."),
    "everything": N_("This erases everything: the key first, then all files of PrivacyGuard."),
}


def add_to(commands: Subparsers) -> None:
    """The parsers of these commands."""
    commands.add("disclosures", _("show what left this computer, one line for each request"), _list_disclosures)
    parser = commands.add("forget", _("erase, and say what was erased"), _forget)
    parser.add_argument("--face", action="store_true", help=_("the face pattern and the face cuts"))
    parser.add_argument(
        "--person", metavar="NAME", help=_("everything about this person; with --face, only their face")
    )
    parser.add_argument("--everything", action="store_true", help=_("everything, also when the file is damaged"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask again"))


def _list_disclosures(call: Call) -> int:
    disclosures = call.session.vault.disclosures()
    answer = [
        {
            "at": disclosure.at.isoformat(),
            "host": disclosure.host,
            "source": disclosure.source_id,
            "what": _(disclosure.what),
            "purpose": _(disclosure.purpose),
            "bytes": disclosure.bytes,
        }
        for disclosure in disclosures
    ]
    call.out.give(answer)
    if not answer:
        call.out.say(_("Nothing has left this computer."))
        return DONE
    now = call.session.clock().astimezone()
    rows = [
        [wording.moment(each.at, now), each.host, _(each.what), _(each.purpose), wording.size(each.bytes)]
        for each in disclosures
    ]
    for line in table(rows):
        call.out.say(line)
    count = len(answer)
    call.out.say(ngettext("{count} request.", "{count} requests.", count).format(count=count))
    return DONE


def _forget(call: Call) -> int:
    what = _chosen(call.arguments)
    if not call.arguments.yes and not _said_yes(call, what):
        return UsageError.exit_code
    receipt = {"face": _forget_face, "person": _forget_person, "everything": _forget_everything}[what](call)
    call.out.give({"erased": [_(words) for words in receipt.erased]})
    at = receipt.at.astimezone()
    call.out.say(_("Erased {moment}:").format(moment=wording.moment(at, at)))
    for words in receipt.erased:
        call.out.say("  " + _(words))
    call.out.say(_(receipt.not_reached))
    return DONE


def _chosen(arguments: argparse.Namespace) -> str:
    if arguments.everything:
        if arguments.face or arguments.person is not None:
            raise UsageError(_("--everything stands alone."))
        return "everything"
    if arguments.face:
        return "face"
    if arguments.person is None:
        raise UsageError(_("Say what to forget: --face, --person NAME or --everything."))
    return "person"


def _said_yes(call: Call, what: str) -> bool:
    call.out.note(_(_ASK[what]))
    if not call.stdin.isatty():
        call.out.problem(_("Nothing was erased. Add --yes to erase without a question."))
        return False
    call.out.note(_("To erase it, type yes:"))
    answer = call.stdin.readline().strip().casefold()
    if answer not in ("yes", _("yes").casefold()):
        call.out.note(_("Nothing was erased."))
        return False
    return True


def _forget_face(call: Call) -> Receipt:
    person = person_named(call)
    if person is None or person.template is None:
        raise NothingEnrolled
    return call.session.vault.forget_face(person.person_id)


def _forget_person(call: Call) -> Receipt:
    person = person_named(call)
    if person is None:
        raise UsageError(_(NO_SUCH_PERSON))
    return call.session.vault.forget_person(person.person_id)


def _forget_everything(call: Call) -> Receipt:
    return call.session.forget_everything()
