"""look: pictures, saved pages and screenshots that are brought in for one look, as candidates."""

from pathlib import Path

from privacyguard import wording, wording_pictures
from privacyguard.checkup.brought import Brought, BroughtBack
from privacyguard.commands.answers import evidence_as_json, provenance_as_json
from privacyguard.commands.call import (
    CANCELLED,
    DONE,
    NOT_ALL_DONE,
    STOPPED,
    Call,
    Subparsers,
    cancellable,
    person_named,
)
from privacyguard.errors import Cancelled, NothingEnrolled, PictureUnreadable
from privacyguard.i18n import _, ngettext
from privacyguard.model.finding import Finding, place_of
from privacyguard.model.person import Relation
from privacyguard.model.picture import FaceMatch, PictureCopy, Unreadable
from privacyguard.model.provenance import HiddenDetails


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("look", _("look for your face in pictures, screenshots and saved pages"), _look)
    parser.add_argument("files", nargs="+", metavar="FILE", help=_("pictures, or pages that you saved in a browser"))
    parser.add_argument(
        "--own", action="store_true", help=_("the files are your own: also tell what is hidden in them")
    )


def _look(call: Call) -> int:
    person = person_named(call)
    if person is None:
        raise NothingEnrolled
    brought = Brought(person, call.session.vault, call.session.pool, call.session.clock)
    status = DONE
    with cancellable(call) as cancel:
        try:
            for written in call.arguments.files:
                path = Path(written).expanduser().absolute()
                back = brought.look(
                    path, cancel, lambda done, count: call.out.progress(_counted(done)), own=call.arguments.own
                )
                _show(call, back, person.relation)
                status = NOT_ALL_DONE if back.problem is not None else status
        except Cancelled:
            call.out.note(_(STOPPED))
            status = CANCELLED
    return status


def _show(call: Call, back: BroughtBack, relation: Relation) -> None:
    analysis = back.analysis
    call.out.give(
        {
            "path": back.path,
            "matches": [_as_json(finding) for finding in back.matches],
            "copies": [_as_json(finding) for finding in back.copies],
            "provenance": provenance_as_json(analysis.provenance) if analysis else None,
            "hidden": _hidden_as_json(analysis.hidden) if analysis and analysis.hidden else None,
            "seen": back.seen,
            "unreadable": back.unreadable,
            "left_out": back.left_out,
            "own_photos": back.own_photos,
            "problem": _problem(back),
        }
    )
    call.out.say(f"{back.path}: {_counted(back.seen)}")
    for finding in back.findings:
        evidence = finding.evidence
        if isinstance(evidence, FaceMatch):
            call.out.say(f"  {wording.closeness(evidence.closeness, relation)}: {place_of(evidence)}")
        elif isinstance(evidence, PictureCopy):
            call.out.say("  " + _("the same as a picture you chose: {place}").format(place=place_of(evidence)))
    if not back.findings and back.problem is None:
        call.out.say("  " + _("Nothing that looks like you. That is no promise."))
    if analysis is not None and analysis.provenance is not None and analysis.provenance.making is not None:
        call.out.say("  " + wording_pictures.making(analysis.provenance.making))
    if analysis is not None and analysis.hidden is not None and analysis.hidden.kinds:
        kinds = ", ".join(sorted(wording_pictures.hidden_kind(kind) for kind in analysis.hidden.kinds))
        call.out.say("  " + _("Hidden in this file: {kinds}").format(kinds=kinds))
    if back.left_out:
        words = ngettext("{count} picture was not looked at.", "{count} pictures were not looked at.", back.left_out)
        call.out.say("  " + words.format(count=back.left_out))
    if back.problem is not None:
        call.out.problem(f"{back.path}: {_problem(back)}", _(back.problem.remedy))


def _counted(seen: int) -> str:
    return ngettext("{count} picture looked at", "{count} pictures looked at", seen).format(count=seen)


def _problem(back: BroughtBack) -> str | None:
    if back.problem is None:
        return None
    if isinstance(back.problem, PictureUnreadable):
        return wording_pictures.unreadable(Unreadable(back.problem.reason))
    return _(back.problem.title)


def _as_json(finding: Finding) -> dict[str, object]:
    return {"finding": finding.key, **evidence_as_json(finding)}


def _hidden_as_json(hidden: HiddenDetails) -> dict[str, object]:
    return {
        "kinds": sorted(kind.value for kind in hidden.kinds),
        "place": list(hidden.place) if hidden.place else None,
        "taken_at": hidden.taken_at,
        "device": hidden.device,
        "serial": hidden.serial,
    }
