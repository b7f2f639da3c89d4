"""disclosures and forget: what left this computer, and erasing."""

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from privacyguard import wording
from privacyguard.commands.call import DONE, NO_SUCH_PERSON, NOT_ALL_DONE, Call, Subparsers, person_named
from privacyguard.commands.output import table
from privacyguard.errors import NothingEnrolled, UsageError, VaultUnwritable
from privacyguard.guards import forget_everything
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.source import Disclosure
from privacyguard.report.disclosed import disclosures_csv, total_words
from privacyguard.report.files import write_private
from privacyguard.vault.forget import Receipt

_ASK = {
    "disclosures": N_("This erases the list of what left this computer."),
    "face": N_("This erases the face pattern and the small face cuts. Your list of leaks stays."),
    "person": N_("This erases everything about this person."),
    "everything": N_("This erases everything: the key first, then all files of PrivacyGuard."),
}


def add_to(commands: Subparsers) -> None:
    """The parsers of these commands."""
    parser = commands.add(
        "disclosures", _("show what left this computer, one line for each request"), _list_disclosures
    )
    parser.add_argument("--source", metavar="ID", help=_("only what this place was sent"))
    parser.add_argument("--since", metavar="DATE", help=_("only from this day on, as 2026-12-31"))
    parser.add_argument("--out", metavar="FILE", help=_("write the list to a file that ends in .csv"))
    parser.add_argument("--clear", action="store_true", help=_("erase the list; what was sent cannot be taken back"))
    parser.add_argument("--yes", action="store_true", help=_("with --clear: do not ask again"))
    parser = commands.add("forget", _("erase, and say what was erased"), _forget)
    parser.add_argument("--face", action="store_true", help=_("the face pattern and the face cuts"))
    parser.add_argument(
        "--person", metavar="NAME", help=_("everything about this person; with --face, only their face")
    )
    parser.add_argument("--everything", action="store_true", help=_("everything, also when the file is damaged"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask again"))


def _list_disclosures(call: Call) -> int:
    arguments = call.arguments
    if arguments.clear:
        if arguments.source is not None or arguments.since is not None or arguments.out is not None:
            raise UsageError(_("--clear erases the whole list and stands alone."))
        return _clear_disclosures(call)
    if arguments.yes:
        raise UsageError(_("--yes goes with --clear only."))
    if arguments.source is not None:
        call.session.source(arguments.source)
    since = _first_moment(call, arguments.since)
    out = _csv_file(arguments.out)
    wanted = call.session.vault.disclosures(source_id=arguments.source, since=since)
    if out is not None:
        return _write_disclosures(call, out, wanted)
    call.out.give([_as_json(each) for each in wanted])
    if not wanted:
        call.out.say(_("Nothing has left this computer."))
        return DONE
    now = call.session.clock().astimezone()
    rows = [
        [wording.moment(each.at, now), each.host, _(each.what), _(each.purpose), wording.size(each.bytes)]
        for each in wanted
    ]
    for line in table(rows):
        call.out.say(line)
    call.out.say(ngettext("{count} request.", "{count} requests.", len(wanted)).format(count=len(wanted)))
    call.out.say(_("In all: {sum}").format(sum=total_words(wanted)))
    return DONE


def _as_json(each: Disclosure) -> dict[str, object]:
    told = {"at": each.at.isoformat(), "host": each.host, "source": each.source_id}
    return {**told, "what": _(each.what), "purpose": _(each.purpose), "bytes": each.bytes}


def _first_moment(call: Call, written: str | None) -> datetime | None:
    """The first moment of the day that was written, in the zone of this computer."""
    if written is None:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise UsageError(_("Write the date as in 2026-12-31.")) from None
    return datetime(day.year, day.month, day.day).astimezone()


def _csv_file(written: str | None) -> Path | None:
    if written is None:
        return None
    if Path(written).suffix.lower() != ".csv":
        raise UsageError(_("The file has to end in .csv."))
    return Path(written)


def _write_disclosures(call: Call, out: Path, wanted: Sequence[Disclosure]) -> int:
    try:
        write_private(out, disclosures_csv(wanted))
    except VaultUnwritable:
        call.out.problem(_("This file cannot be written. Is there such a folder, and may you write there?"))
        return NOT_ALL_DONE
    call.out.give({"out": call.arguments.out})
    call.out.say(_("The list is in this file. Only you can read it: {path}").format(path=out))
    return DONE


def _clear_disclosures(call: Call) -> int:
    if not call.arguments.yes and not _said_yes(call, "disclosures"):
        return UsageError.exit_code
    call.session.vault.clear_disclosures()
    call.out.give({"erased": [_("the list of what left this computer")]})
    call.out.say(_("The list of what left this computer was erased. What was sent cannot be taken back."))
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
    return forget_everything(call.session)
