"""check: a checkup over the sources that are switched on."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from privacyguard import wording
from privacyguard.checkup.own_photo import own_photo
from privacyguard.checkup.photos import photos_to_send
from privacyguard.checkup.plan import NO_FACE, CheckupPlan
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.waiting import goes_on, time_left, why_it_takes_time, why_not_done
from privacyguard.checkup.web_faces import FACE_SEARCH, why_not
from privacyguard.commands.call import (
    CANCELLED,
    DONE,
    NOT_ALL_DONE,
    NOTHING_ENROLLED,
    STOPPED,
    Call,
    Subparsers,
    cancellable,
    person_or_me,
)
from privacyguard.errors import UsageError
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.person import Person
from privacyguard.model.progress import CancelToken, Progress
from privacyguard.model.source import SourceInfo

NOTHING_SAID = N_("You have not said yet where we may look. Say it with: privacyguard source on {id}")
NOT_NAMED = N_("This place was not asked this time.")
BY_HAND = N_("This place is not part of a checkup. It has a command of its own.")
ASK_TO_SEND = N_("A photo is sent only when you ask for it: privacyguard check --source {id}")
NOBODY_TO_SEND_TO = N_("--photo goes with --source and a place that is sent a photo.")
AGREE = N_("To say yes, this time: add --agree-face-search")

_MORE = N_(
    "A place that searches with a photo gets one only if you name it with --source, each time.\n"
    "It gets the photo of --photo, made smaller and without hidden details.\n"
    "Without --photo it gets the small cut of your face."
)


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("check", _("do a checkup: ask every place that is switched on"), _check, more=_(_MORE))
    parser.add_argument("--source", action="append", metavar="ID", help=_("ask only this place; may be repeated"))
    parser.add_argument("--person", metavar="NAME", help=_("for whom; without it: for you"))
    parser.add_argument("--photo", metavar="FILE", help=_("with --source: the photo of you alone that is sent there"))
    parser.add_argument(
        "--agree-face-search",
        action="store_true",
        help=_("with --source: yes, this place may compare my face with others, this time"),
    )


def _check(call: Call) -> int:
    named = frozenset(call.arguments.source or ())
    cards = [call.session.source(source_id).info for source_id in sorted(named)]
    if any(info.by_hand for info in cards):
        raise UsageError(_(BY_HAND))
    if call.arguments.photo is not None and not any(info.sends_pictures for info in cards):
        raise UsageError(_(NOBODY_TO_SEND_TO))
    if call.arguments.agree_face_search and not any(info.searches_faces for info in cards):
        raise UsageError(_("--agree-face-search goes with --source and a place that compares faces."))
    person = person_or_me(call)
    with cancellable(call) as cancel:
        plan = _plan(call, person, named, cancel)
        parts = call.session.parts()
        checkup = run_checkup(plan, parts, Telling(call).show, cancel)
    show_checkup(call, checkup)
    return status_of(checkup, named)


def _plan(call: Call, person: Person, named: frozenset[str], cancel: CancelToken) -> CheckupPlan:
    """What is switched on; of that only what was named, where anything was. Who gets a photo is named each time.

    Before the person said where we may look, only a place that they name here is asked over the network.
    """
    is_answered = call.session.settings.where_was_answered
    asked: list[SourceInfo] = []
    why_skipped: dict[str, str] = {}
    for source in call.session.sources:
        info = source.info
        if not call.session.is_on(info):
            continue
        if _asks_somebody(info) and not is_answered and info.id not in named:
            why_skipped[info.id] = _(NOTHING_SAID).format(id=info.id)
        elif info.id in named or (not named and not info.sends_pictures):
            asked.append(info)
        else:
            why_skipped[info.id] = NOT_NAMED if named else _(ASK_TO_SEND).format(id=info.id)
    return CheckupPlan(
        person.person_id,
        frozenset(info.id for info in asked),
        photos=_photos(call, person, [info for info in asked if info.sends_pictures], cancel),
        why_skipped=why_skipped,
        face_search_agreed=frozenset(
            info.id for info in asked if info.searches_faces and call.arguments.agree_face_search
        ),
    )


def _asks_somebody(info: SourceInfo) -> bool:
    return bool(info.hosts) or info.own_server or info.named_sites


def _photos(
    call: Call, person: Person, sent_to: Sequence[SourceInfo], cancel: CancelToken
) -> dict[str, tuple[bytes, ...]]:
    """What each of these places is to be sent, after saying so: each was named for it on the command line, this time."""
    if not sent_to or why_not(person, call.session.vault, call.session.clock()) is not None:
        return {}
    file: str | None = call.arguments.photo
    if file is not None:
        photos: tuple[bytes, ...] = (own_photo(person, Path(file), call.session.pool, cancel),)
        what = _("the photo that you named")
    else:
        photos, what = photos_to_send(person, call.session.pool), _("the small cut of your face")
    for info in sent_to:
        if info.searches_faces and not _is_agreed_to(call, info):
            continue
        call.out.note(_("To be sent to {name}: {what}, without hidden details.").format(name=_(info.name), what=what))
        call.out.note("  " + _("Cost: {cost}").format(cost=_(info.cost)))
        if info.keeps:
            call.out.note("  " + _("What it keeps: {keeps}").format(keeps=_(info.keeps)))
    return dict.fromkeys((info.id for info in sent_to), photos)


def _is_agreed_to(call: Call, info: SourceInfo) -> bool:
    """Whether the person said yes to this search by face; what the yes means is said either way, before anything is sent."""
    for words in FACE_SEARCH:
        call.out.note(_(words).format(name=_(info.name)))
    agreed: bool = call.arguments.agree_face_search
    if not agreed:
        call.out.note(_(AGREE))
    return agreed


class Telling:
    """One line that changes; and once for each place that makes us wait, why."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._explained: set[str] = set()

    def show(self, progress: Progress) -> None:
        """Tell how far a place is."""
        name = _(self._call.session.source(progress.source_id).info.name)
        why = why_it_takes_time(progress)
        if why and progress.source_id not in self._explained:
            self._explained.add(progress.source_id)
            self._call.out.note(f"{name}: {why}")
        words = (_counts(progress.seen, progress.found), time_left(progress))
        self._call.out.progress(f"{name}: {' '.join(text for text in words if text)}")


def show_checkup(call: Call, checkup: Checkup) -> None:
    """What it brought: its outcomes, and how many findings are new."""
    outcomes = [
        {
            "source": outcome.source_id,
            "status": outcome.status.value,
            "problem": _problem(outcome),
            "seen": outcome.seen,
            "findings": list(outcome.findings),
        }
        for outcome in checkup.outcomes
    ]
    times = {"started_at": checkup.started_at.isoformat(), "finished_at": checkup.finished_at.isoformat()}
    call.out.give({**times, "outcomes": outcomes, "new": list(checkup.new)})
    for outcome in checkup.outcomes:
        call.out.say(_outcome_line(call, outcome))
    if checkup.cancelled:
        call.out.note(_(STOPPED))
    new = len(checkup.new)
    if not any(each.seen or each.findings or each.status is Status.CHECKED for each in checkup.outcomes):
        call.out.say(_("No place was looked at, so we do not know if there is something."))
        return
    call.out.say(ngettext("{count} new finding.", "{count} new findings.", new).format(count=new))
    if new:
        call.out.say(_("See what to do first with: privacyguard advice"))


def _outcome_line(call: Call, outcome: Outcome) -> str:
    name = _(call.session.source(outcome.source_id).info.name)
    if outcome.status is not Status.CHECKED:
        return f"{name}: {wording.ended(outcome)}. {why_not_done(outcome)}"
    words = (
        f"{name}: {wording.ended(outcome)}.",
        _counts(outcome.seen, len(outcome.findings)),
        _(outcome.problem or ""),
    )
    return " ".join(text for text in words if text)


def _problem(outcome: Outcome) -> str | None:
    words = (_(outcome.problem or ""), goes_on(outcome.seen, outcome.left))
    return " ".join(text for text in words if text) or None


def _counts(seen: int, found: int) -> str:
    return _("Looked at: {seen}. Found: {found}.").format(seen=seen, found=found)


def status_of(checkup: Checkup, named: Iterable[str]) -> int:
    """The exit status. ``named``: the sources that the person asked for."""
    if checkup.cancelled:
        return CANCELLED
    asked_for = [outcome for outcome in checkup.outcomes if outcome.source_id in named]
    if any(outcome.problem == NO_FACE for outcome in asked_for):
        return NOTHING_ENROLLED
    not_done = [outcome for outcome in asked_for if outcome.status is Status.SKIPPED]
    failed = [outcome for outcome in checkup.outcomes if outcome.status is Status.FAILED]
    return NOT_ALL_DONE if failed or not_done else DONE
