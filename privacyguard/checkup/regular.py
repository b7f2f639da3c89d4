"""The regular check: runs when it is due, for everybody in the vault, and keeps what it brought for the notices.

It asks what is switched on and due, of each person only what :mod:`~privacyguard.checkup.plan` lets it ask. A place that is
sent a photo, or compares faces itself, takes a yes each time, so it is never asked here.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from privacyguard.checkup import changes, schedule
from privacyguard.checkup.manners import Manners, own_token
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.i18n import N_
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding
from privacyguard.model.guard import Conditions, Decision, GuardState, SourceRecord, Waits, WaitUntil
from privacyguard.model.person import Person, Relation
from privacyguard.model.progress import CancelToken, Progress
from privacyguard.model.source import SourceInfo
from privacyguard.vault.vault import Vault

if TYPE_CHECKING:
    from privacyguard.checkup.parts import Parts

# What opens pictures and asks the network is imported when a check runs: waiting for weeks takes 8 MB less without it.

NOTHING_SAID = N_("You have not said yet where we may look.")
ONLY_BY_YOU = N_("A photo is sent only when you ask for it, each time. So the regular check leaves this place out.")
NOT_ITS_TURN = N_("It is not the turn of this place yet.")
TO_BE_GONE_ON_WITH = N_("There was no time left for this place. The next check goes on with it.")


@dataclass(frozen=True)
class Chosen:
    """What the person chose. ``is_answered``: they said where we may look; ``on``: ids of the sources that are switched on;
    ``country``: two letters, for what is urgent there.
    """

    is_answered: bool
    on: frozenset[str]
    country: str = ""


@dataclass(frozen=True)
class Ran:
    """The regular check ran. ``checkups``: one for each person for whom something was asked; ``next_at``: when it is due."""

    checkups: tuple[Checkup, ...]
    next_at: datetime | None


@dataclass(frozen=True)
class Guard:
    """What the regular check works with, joined by the composition root.

    ``parts``: made only when a check runs, so that waiting costs nothing; ``turn``: held by every check of this program, so
    that none is doubled; ``awake_since``: when the computer or the program last started or woke up, None where not known.
    """

    vault: Vault
    parts: "Callable[[], Parts]"
    conditions: Callable[[], Conditions]
    clock: Callable[[], datetime]
    chosen: Callable[[], Chosen]
    turn: Lock
    awake_since: Callable[[], datetime | None] = lambda: None


def look(guard: Guard) -> Decision:
    """Whether the regular check would run now, else when to look again and why. Keeps what the clock or the person changed."""
    state = current_state(guard)
    is_checking = guard.turn.locked()
    return schedule.decide(state, guard.conditions(), guard.clock(), guard.awake_since(), is_checking=is_checking)


def run_due(
    guard: Guard,
    cancel: CancelToken,
    progress: Callable[[Progress], None] = lambda told: None,
    *,
    at_once: bool = False,
) -> Ran | WaitUntil:
    """Run the regular check if it is due; blocks until it has ended. Else when to look again, and why not now.

    ``at_once``: whether due or not, and of all places; the person asked for it. Raises what the vault raises; the check then
    counts as broken off and is tried again, an hour later at the earliest.
    """
    decision = look(guard)
    if isinstance(decision, WaitUntil) and not at_once:
        return decision
    if not guard.turn.acquire(blocking=False):
        return WaitUntil(guard.clock() + schedule.LOOK_AGAIN, Waits.CHECKING)
    try:
        return _Run(guard, cancel, progress, at_once).run()
    finally:
        guard.turn.release()


def current_state(guard: Guard) -> GuardState:
    """The state, after a look at the clock, and at checkups that the person made since the last one: these count too."""
    now, vault = guard.clock(), guard.vault
    before = vault.guard.change(lambda state: schedule.settled(state, now))
    if guard.turn.locked() or before.set_back_at is not None:
        return before
    last = vault.last_checkup()
    if last is None or not _is_unknown(last, before, now):
        return before
    for person in vault.people():
        checkup = vault.last_checkup(person.person_id)
        if checkup is not None and _is_unknown(checkup, before, now):
            _note_checkup(vault, person, checkup)
    return vault.guard.change(lambda state: replace(state, last_end_at=last.finished_at))


def _is_unknown(checkup: Checkup, state: GuardState, now: datetime) -> bool:
    """Whether it ended after all that is noted; by a clock that goes on."""
    return checkup.finished_at <= now and (state.last_end_at is None or checkup.finished_at > state.last_end_at)


def _note_checkup(vault: Vault, person: Person, checkup: Checkup) -> None:
    """Note what a person's own checkup asked; where it asked all, the regular one is counted from it.

    What did not answer was said on the screen, so it is no failure of the regular check. It may also be a regular one that
    was broken off in its last moment: what it asked need not be asked again.
    """
    answered = tuple(one for one in checkup.outcomes if one.status is Status.CHECKED and not one.asked_at)
    records = vault.guard.sources(person.person_id)
    asked = _records_after(records, answered, checkup.finished_at, was_online=True)
    vault.guard.note(person.person_id, asked)
    is_whole = bool(asked) and asked.keys() >= records.keys()

    def changed(state: GuardState) -> GuardState:
        # After a check that was broken off the next one is due all the same: there may be news that nobody was told of.
        if person.relation is not Relation.ME or not is_whole or state.trying_since is not None:
            return state
        began_at, ended_at = checkup.started_at, checkup.finished_at
        return schedule.ended(state, began_at, ended_at, (), was_regular=True, is_complete=True)

    vault.guard.change(changed)


def _records_after(
    before: Mapping[str, SourceRecord], outcomes: tuple[Outcome, ...], at: datetime, *, was_online: bool
) -> dict[str, SourceRecord]:
    after = {one.source_id: schedule.record_after(before.get(one.source_id), one, at, was_online) for one in outcomes}
    return {source_id: record for source_id, record in after.items() if record is not None}


def _kept(last: Checkup, source_ids: Collection[str]) -> dict[str, Outcome]:
    """The last outcomes of these sources, with when they were asked."""
    known = {one.source_id: one for one in last.outcomes if one.source_id in source_ids}
    return {
        source_id: one if one.status is Status.SKIPPED else replace(one, asked_at=one.asked_at or last.finished_at)
        for source_id, one in known.items()
    }


class _Run:
    """One regular check, for everybody."""

    def __init__(self, guard: Guard, cancel: CancelToken, progress: Callable[[Progress], None], at_once: bool) -> None:
        self._guard = guard
        self._store = guard.vault.guard
        self._cancel = cancel
        self._progress = progress
        self._chosen = guard.chosen()
        self._began_at = guard.clock()
        self._state = self._store.change(lambda state: schedule.begun(state, self._began_at))
        self._at_once = at_once
        self._in_regular = at_once or schedule.is_regular(self._state, self._began_at)
        self._retries: list[datetime] = []
        self._is_complete = True

    def run(self) -> Ran:
        """Ask everybody's places, and keep what comes of it."""
        from privacyguard.checkup.run import run_checkup

        checkups = []
        with self._sparing(self._guard.parts()) as parts, own_token(self._cancel) as cancel:
            manners = Manners(self._progress, self._guard.conditions, cancel)
            for person in parts.vault.people():
                plan = self._plan(parts, person)
                if plan is None:
                    self._keep_news(person.person_id)
                    continue
                checkup = run_checkup(plan, parts, manners.told, cancel)
                checkups.append(checkup)
                self._keep(person, plan, checkup)
                if cancel.is_cancelled:
                    break
        return Ran(tuple(checkups), self._ended().due_at)

    @contextmanager
    def _sparing(self, parts: "Parts") -> "Iterator[Parts]":
        """The parts; on battery with one worker."""
        from privacyguard.analysis.pool import AnalysisPool

        if not self._guard.conditions().on_battery:
            yield parts
            return
        with AnalysisPool(workers=1) as pool:
            yield replace(parts, pool=pool)

    def _plan(self, parts: "Parts", person: Person) -> CheckupPlan | None:
        """What is asked for a person; None where it is nobody's turn."""
        cards = [source.info for source in parts.sources if not source.info.by_hand]
        on = {info.id for info in cards if self._is_asked(info)}
        why = {info.id: self._why_not(info) for info in cards if info.id in self._chosen.on and info.id not in on}
        due = self._due(person, on)
        if on and not due:
            return None
        last = parts.vault.last_checkup(person.person_id)
        kept = {} if last is None else _kept(last, on - due)
        why |= dict.fromkeys(on - due - kept.keys(), NOT_ITS_TURN)
        return CheckupPlan(
            person.person_id, due | kept.keys(), why_skipped=why, kept=kept, why_stopped=TO_BE_GONE_ON_WITH
        )

    def _is_asked(self, info: SourceInfo) -> bool:
        takes_a_yes = info.sends_pictures or info.searches_faces
        return self._chosen.is_answered and info.id in self._chosen.on and not takes_a_yes

    def _why_not(self, info: SourceInfo) -> str:
        return ONLY_BY_YOU if self._chosen.is_answered else NOTHING_SAID

    def _due(self, person: Person, on: set[str]) -> frozenset[str]:
        if self._at_once:
            return frozenset(on)
        records = self._store.sources(person.person_id)
        return schedule.sources_due(on, records, self._state.pace, self._began_at, in_regular=self._in_regular)

    def _keep(self, person: Person, plan: CheckupPlan, checkup: Checkup) -> None:
        """What this check brought for a person, and what there is to say of it."""
        now, person_id, vault = self._guard.clock(), person.person_id, self._guard.vault
        outcomes = tuple(
            one for one in checkup.outcomes if one.source_id in plan.source_ids and one.source_id not in plan.kept
        )
        was_online = self._guard.conditions().online
        before = self._store.sources(person_id)
        asked = _records_after(before, outcomes, now, was_online=was_online)
        records = {source_id: one for source_id, one in (before | asked).items() if source_id in plan.source_ids}
        found: tuple[Finding, ...] = vault.findings(person_id)
        presence = changes.presence_after(found, outcomes, self._store.presence(person_id), now)
        since = self._state.trying_since or self._began_at
        news = [
            *changes.new_findings(checkup.new, found, since, now),
            *changes.returned(found, presence, now),
            *changes.lasting_failures(person_id, records, now),
        ]
        self._store.note(person_id, asked, presence, news)
        had_no_network = not was_online and any(one.status is Status.FAILED for one in outcomes)
        if had_no_network:
            self._retries.append(now + schedule.LOOK_AGAIN)
        self._is_complete = self._is_complete and not checkup.cancelled and not had_no_network

    def _keep_news(self, person_id: str) -> None:
        """What a check had found that was broken off after its last question."""
        since = self._state.trying_since
        if since is not None and since < self._began_at:
            now = self._guard.clock()
            self._store.add_news(list(changes.new_findings((), self._guard.vault.findings(person_id), since, now)))

    def _ended(self) -> GuardState:
        now, began_at = self._guard.clock(), self._began_at
        retries = [*self._retries, *self._to_catch_up(now)]
        is_regular, is_complete = self._in_regular, self._is_complete
        return self._store.change(
            lambda state: schedule.ended(state, began_at, now, retries, was_regular=is_regular, is_complete=is_complete)
        )

    def _to_catch_up(self, now: datetime) -> Iterator[datetime]:
        """When the sources that did not answer are due again; not of one that was due and could not be asked."""
        for person in self._guard.vault.people():
            for source_id, record in self._store.sources(person.person_id).items():
                due_at = schedule.due_of(source_id, record, self._state.pace)
                if record.failures and source_id in self._chosen.on and due_at is not None and due_at > now:
                    yield due_at
