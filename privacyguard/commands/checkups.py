"""scan and check: looking through pictures, and asking the sources."""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from privacyguard import wording
from privacyguard.checkup.look import Look
from privacyguard.checkup.photos import photos_to_send
from privacyguard.checkup.plan import NO_FACE, CheckupPlan
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.scan import Scan, ScanMatch
from privacyguard.commands.call import (
    CANCELLED,
    DONE,
    NOT_ALL_DONE,
    NOTHING_ENROLLED,
    Call,
    Subparsers,
    cancellable,
    checked_name,
    person_named,
    person_or_me,
)
from privacyguard.errors import Cancelled, NothingEnrolled
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.person import FaceTemplate, Person
from privacyguard.model.picture import Candidate, Closeness
from privacyguard.model.progress import Progress
from privacyguard.sources.base import PictureQuery, PictureSource

FOLDERS = "folders"

NOT_NAMED = N_("This place was not asked this time.")
ASK_TO_SEND = N_("A photo is sent only when you ask for it: privacyguard check --source {id}")


def add_to(commands: Subparsers) -> None:
    """The parsers of these commands."""
    parser = commands.add("scan", _("look through pictures for a face"), _scan)
    parser.add_argument("paths", nargs="+", metavar="PATH", help=_("folders or pictures"))
    parser.add_argument("--person", metavar="NAME", help=_("whose face; without it: yours"))
    levels = [closeness.value for closeness in Closeness]
    parser.add_argument("--closeness", choices=levels, help=_("show this level only; without it both"))
    parser.add_argument("--fresh", action="store_true", help=_("look again at what did not change"))
    parser = commands.add("check", _("do a checkup: ask every place that is switched on"), _check)
    parser.add_argument("--source", action="append", metavar="ID", help=_("ask only this place; may be repeated"))
    parser.add_argument("--person", metavar="NAME", help=_("for whom; without it: for you"))


def _scan(call: Call) -> int:
    person, template = _enrolled(call)
    paths, status = _existing(call)
    vault, started = call.session.vault, time.monotonic()
    look = Look(person, template, call.session.pool, vault.not_me(person.person_id))
    scan = Scan(look, vault, call.session.clock)
    shown = 0
    with cancellable(call) as cancel:
        try:
            for match in scan.matches(_candidates(call, paths, scan), cancel, call.arguments.fresh):
                if call.arguments.closeness in (None, match.match.closeness.value):
                    shown += 1
                    _show_match(call, person, match)
        except Cancelled:
            call.out.note(_("Stopped. What was found until now is kept."))
            status = CANCELLED
    _show_summary(call, {**asdict(scan.counts), "matches": shown, "seconds": round(time.monotonic() - started, 3)})
    return status


def _enrolled(call: Call) -> tuple[Person, FaceTemplate]:
    name = call.arguments.person
    person = call.session.vault.person_named(checked_name(name)) if name is not None else person_named(call)
    if person is None or person.template is None:
        raise NothingEnrolled
    return person, person.template


def _existing(call: Call) -> tuple[tuple[Path, ...], int]:
    paths = [Path(path).expanduser().absolute() for path in call.arguments.paths]
    missing = [path for path in paths if not os.path.lexists(path)]
    for path in missing:
        call.out.problem(_("There is nothing at {path}").format(path=path))
    return tuple(path for path in paths if path not in missing), NOT_ALL_DONE if missing else DONE


def _candidates(call: Call, paths: tuple[Path, ...], scan: Scan) -> Iterator[Candidate]:
    source = call.session.source(FOLDERS)
    if not isinstance(source, PictureSource):
        raise TypeError("the source of folders brings no pictures")
    gateway = call.session.network.bind(source.info, call.cancel)
    for candidate in source.search(PictureQuery(folders=paths), gateway):
        call.out.progress(_looked(scan.counts.seen, scan.counts.matches))
        yield candidate


def _looked(seen: int, found: int) -> str:
    pictures = ngettext("{count} picture looked at", "{count} pictures looked at", seen).format(count=seen)
    return _("{pictures}, {count} found").format(pictures=pictures, count=found)


def _show_match(call: Call, person: Person, match: ScanMatch) -> None:
    box = match.match.box
    call.out.give(
        {
            "path": match.path,
            "person": person.name,
            "finding": match.finding.key,
            "box": [box.x, box.y, box.w, box.h],
            "similarity": round(match.match.similarity, 4),
            "closeness": match.match.closeness.value,
            "time_s": None,
            "remembered": match.remembered,
        }
    )
    call.out.say(f"{match.path}: {wording.closeness(match.match.closeness, person.relation)}")


def _show_summary(call: Call, summary: dict[str, object]) -> None:
    call.out.give({"summary": summary})
    lines = (
        (_("looked at"), "seen"),
        (_("of these unchanged"), "skipped_unchanged"),
        (_("could not be opened"), "unreadable"),
        (_("faces"), "faces"),
        (_("of these too small or blurred to tell"), "could_not_judge"),
        (_("found"), "matches"),
    )
    for words, name in lines:
        call.out.say(f"{words}: {summary[name]}")


def _check(call: Call) -> int:
    named = frozenset(call.arguments.source or ())
    for source_id in named:
        call.session.source(source_id)
    person = person_or_me(call)
    plan = _plan(call, person, named)
    with cancellable(call) as cancel:
        parts = call.session.parts()
        checkup = run_checkup(plan, parts, lambda progress: _show_progress(call, progress), cancel)
    _show_checkup(call, checkup)
    return _status(checkup, named)


def _plan(call: Call, person: Person, named: frozenset[str]) -> CheckupPlan:
    """What is switched on; of that only what was named, where anything was. Who gets a photo is named each time."""
    ids: set[str] = set()
    why_skipped: dict[str, str] = {}
    for source in call.session.sources:
        info = source.info
        if not call.session.is_on(info):
            continue
        if info.id in named or (not named and not info.sends_pictures):
            ids.add(info.id)
        else:
            why_skipped[info.id] = NOT_NAMED if named else _(ASK_TO_SEND).format(id=info.id)
    sends = any(source.info.sends_pictures and source.info.id in ids for source in call.session.sources)
    photos = photos_to_send(person, call.session.pool) if sends and person.template is not None else ()
    return CheckupPlan(person.person_id, frozenset(ids), photos=photos, why_skipped=why_skipped)


def _show_progress(call: Call, progress: Progress) -> None:
    name = _(call.session.source(progress.source_id).info.name)
    call.out.progress(f"{name}: {_looked(progress.seen, progress.found)}")


def _show_checkup(call: Call, checkup: Checkup) -> None:
    outcomes = [
        {
            "source": outcome.source_id,
            "status": outcome.status.value,
            "problem": _(outcome.problem) if outcome.problem else None,
            "seen": outcome.seen,
            "findings": list(outcome.findings),
        }
        for outcome in checkup.outcomes
    ]
    times = {"started_at": checkup.started_at.isoformat(), "finished_at": checkup.finished_at.isoformat()}
    call.out.give({**times, "outcomes": outcomes, "new": list(checkup.new)})
    for outcome in checkup.outcomes:
        call.out.say(_outcome_line(call, outcome))
    new = len(checkup.new)
    call.out.say(ngettext("{count} new finding.", "{count} new findings.", new).format(count=new))
    if new:
        call.out.say(_("See what to do first with: privacyguard advice"))


def _outcome_line(call: Call, outcome: Outcome) -> str:
    name = _(call.session.source(outcome.source_id).info.name)
    if outcome.status is not Status.CHECKED:
        words = [outcome.problem, outcome.remedy]
        return f"{name}: {wording.status(outcome.status)}. {' '.join(_(text) for text in words if text)}"
    return f"{name}: {wording.status(outcome.status)}. {_looked(outcome.seen, len(outcome.findings))}"


def _status(checkup: Checkup, named: Iterable[str]) -> int:
    if checkup.cancelled:
        return CANCELLED
    asked_for = [outcome for outcome in checkup.outcomes if outcome.source_id in named]
    if any(outcome.problem == NO_FACE for outcome in asked_for):
        return NOTHING_ENROLLED
    not_done = [outcome for outcome in asked_for if outcome.status is Status.SKIPPED]
    failed = [outcome for outcome in checkup.outcomes if outcome.status is Status.FAILED]
    return NOT_ALL_DONE if failed or not_done else DONE
