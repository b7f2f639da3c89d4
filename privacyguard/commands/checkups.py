"""check: a checkup over the sources that are switched on."""

from collections.abc import Iterable

from privacyguard import wording
from privacyguard.checkup.photos import photos_to_send
from privacyguard.checkup.plan import NO_FACE, CheckupPlan
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.waiting import goes_on, time_left, why_it_takes_time, why_not_done
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
from privacyguard.model.progress import Progress

NOTHING_SAID = N_("You have not said yet where we may look. Say it with: privacyguard source on {id}")
NOT_NAMED = N_("This place was not asked this time.")
BY_HAND = N_("This place is not part of a checkup. It has a command of its own.")
ASK_TO_SEND = N_("A photo is sent only when you ask for it: privacyguard check --source {id}")


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("check", _("do a checkup: ask every place that is switched on"), _check)
    parser.add_argument("--source", action="append", metavar="ID", help=_("ask only this place; may be repeated"))
    parser.add_argument("--person", metavar="NAME", help=_("for whom; without it: for you"))


def _check(call: Call) -> int:
    named = frozenset(call.arguments.source or ())
    for source_id in named:
        if call.session.source(source_id).info.by_hand:
            raise UsageError(_(BY_HAND))
    person = person_or_me(call)
    plan = _plan(call, person, named)
    with cancellable(call) as cancel:
        parts = call.session.parts()
        checkup = run_checkup(plan, parts, _Telling(call).show, cancel)
    _show_checkup(call, checkup)
    return _status(checkup, named)


def _plan(call: Call, person: Person, named: frozenset[str]) -> CheckupPlan:
    """What is switched on; of that only what was named, where anything was. Who gets a photo is named each time.

    Before the person said where we may look, only a place that they name here is asked over the network.
    """
    is_answered = call.session.settings.where_was_answered
    ids: set[str] = set()
    why_skipped: dict[str, str] = {}
    for source in call.session.sources:
        info = source.info
        if not call.session.is_on(info):
            continue
        if info.hosts and not is_answered and info.id not in named:
            why_skipped[info.id] = _(NOTHING_SAID).format(id=info.id)
        elif info.id in named or (not named and not info.sends_pictures):
            ids.add(info.id)
        else:
            why_skipped[info.id] = NOT_NAMED if named else _(ASK_TO_SEND).format(id=info.id)
    sent_to = [
        source.info.id for source in call.session.sources if source.info.sends_pictures and source.info.id in ids
    ]
    photos = photos_to_send(person, call.session.pool) if sent_to and person.template is not None else ()
    return CheckupPlan(person.person_id, frozenset(ids), photos=dict.fromkeys(sent_to, photos), why_skipped=why_skipped)


class _Telling:
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


def _show_checkup(call: Call, checkup: Checkup) -> None:
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
    return f"{name}: {wording.ended(outcome)}. {_counts(outcome.seen, len(outcome.findings))}"


def _problem(outcome: Outcome) -> str | None:
    words = (_(outcome.problem or ""), goes_on(outcome.seen, outcome.left))
    return " ".join(text for text in words if text) or None


def _counts(seen: int, found: int) -> str:
    return _("Looked at: {seen}. Found: {found}.").format(seen=seen, found=found)


def _status(checkup: Checkup, named: Iterable[str]) -> int:
    if checkup.cancelled:
        return CANCELLED
    asked_for = [outcome for outcome in checkup.outcomes if outcome.source_id in named]
    if any(outcome.problem == NO_FACE for outcome in asked_for):
        return NOTHING_ENROLLED
    not_done = [outcome for outcome in asked_for if outcome.status is Status.SKIPPED]
    failed = [outcome for outcome in checkup.outcomes if outcome.status is Status.FAILED]
    return NOT_ALL_DONE if failed or not_done else DONE
