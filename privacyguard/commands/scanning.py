"""scan: looking through pictures and videos for a face."""

import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from privacyguard import wording
from privacyguard.checkup.look import Look
from privacyguard.checkup.scan import Scan, ScanCounts, ScanMatch
from privacyguard.commands.call import (
    CANCELLED,
    DONE,
    NOT_ALL_DONE,
    STOPPED,
    Call,
    Subparsers,
    cancellable,
    checked_name,
    person_named,
)
from privacyguard.errors import Cancelled, NothingEnrolled
from privacyguard.i18n import _, ngettext
from privacyguard.model.person import FaceTemplate, Person
from privacyguard.model.picture import Candidate, Closeness
from privacyguard.sources.base import PictureQuery, PictureSource

FOLDERS = "folders"


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("scan", _("look through pictures and videos for a face"), _scan)
    parser.add_argument("paths", nargs="+", metavar="PATH", help=_("folders, pictures or videos"))
    parser.add_argument("--person", metavar="NAME", help=_("whose face; without it: yours"))
    levels = [closeness.value for closeness in Closeness]
    parser.add_argument("--closeness", choices=levels, help=_("show this level only; without it both"))
    parser.add_argument("--fresh", action="store_true", help=_("look again at what did not change"))


def _scan(call: Call) -> int:
    person, template = _enrolled(call)
    paths, status = _existing(call)
    vault, started = call.session.vault, time.monotonic()
    look = Look(person, template, call.session.pool, vault.not_me(person.person_id))
    scan = Scan(look, vault, call.session.clock, progress=lambda counts: call.out.progress(_looked(counts)))
    shown = 0
    with cancellable(call) as cancel:
        try:
            for match in scan.matches(_candidates(call, paths), cancel, call.arguments.fresh):
                if call.arguments.closeness in (None, match.match.closeness.value):
                    shown += 1
                    _show_match(call, person, match)
        except Cancelled:
            call.out.note(_(STOPPED))
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


def _candidates(call: Call, paths: tuple[Path, ...]) -> Iterator[Candidate]:
    source = call.session.source(FOLDERS)
    if not isinstance(source, PictureSource):
        raise TypeError("the source of folders brings no pictures")
    return source.search(PictureQuery(folders=paths), call.session.network.bind(source.info, call.cancel))


def _looked(counts: ScanCounts) -> str:
    seen = counts.seen
    pictures = ngettext("{count} picture looked at", "{count} pictures looked at", seen).format(count=seen)
    return _("{pictures}, {count} found").format(pictures=pictures, count=counts.matches)


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
            "time_s": match.match.time_s,
            "remembered": match.remembered,
        }
    )
    words = [wording.closeness(match.match.closeness, person.relation)]
    if match.match.time_s is not None:
        words.append(_("at {moment}").format(moment=wording.video_time(match.match.time_s)))
    if match.match.swap is not None:
        words.append(_("a face may have been changed"))
    call.out.say(f"{match.path}: {', '.join(words)}")


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
