"""What there is to say after a checkup, and when it is said: only what is new and needs doing, at most once a day.

Pure functions over what is kept. Findings compare by their key, and what the person decided holds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from privacyguard.advice.context import is_open
from privacyguard.advice.engine import Context, advise
from privacyguard.model.advice import Level
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, Mark, MarkKind
from privacyguard.model.guard import Conditions, GuardState, News, NewsKind, Presence, SourceRecord
from privacyguard.model.letter import SentLetter
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.profile import Profile

ONE_IN = timedelta(days=1)
"""From one notice to the next, at least."""

ASK_AGAIN = timedelta(minutes=15)
"""While the person presents something."""

HELD_FOR = timedelta(days=2)
"""So long at most: some programs say "do not disturb" for ever. The desktop itself still holds a notice back then."""

FAILURES, FAILING_FOR = 3, timedelta(days=7)
"""A place that did not answer becomes a notice only after so many times in a row, and so long."""

GONE_AFTER = 2
"""Good looks in a row that did not see a finding on the web: what a search brings differs a little from day to day."""

_NEEDS_DOING = frozenset({Level.DO_TODAY, Level.DO_THIS_WEEK})


class Quiet(StrEnum):
    """Why no notice is given now."""

    NOTHING_NEW = "nothing-new"
    SWITCHED_OFF = "switched-off"
    NOT_WANTED = "not-wanted"
    PAUSED = "paused"
    ONE_A_DAY = "one-a-day"
    PRESENTING = "presenting"


@dataclass(frozen=True)
class Speak:
    """A notice is to be given, in its fixed words, for all of ``news`` together."""

    news: tuple[News, ...]

    @property
    def opens(self) -> str | None:
        """The key of the finding that a click opens, where there is just one; None: the start page."""
        keys = {one.about for one in self.news}
        is_finding = all(one.kind in _OF_FINDINGS for one in self.news)
        return keys.pop() if is_finding and len(keys) == 1 else None


@dataclass(frozen=True)
class Silent:
    """No notice now. ``again_at``: when to ask again, None where nothing waits."""

    reason: Quiet
    again_at: datetime | None = None


_OF_FINDINGS = frozenset({NewsKind.NEW, NewsKind.RETURNED, NewsKind.REMINDER})


def say(waiting: Sequence[News], state: GuardState, conditions: Conditions, now: datetime) -> Speak | Silent:
    """Whether a notice is given now for what waits to be said (:func:`waiting_of`)."""
    if not state.is_on:
        return Silent(Quiet.SWITCHED_OFF)
    if not waiting:
        return Silent(Quiet.NOTHING_NEW)
    if state.paused_until is not None and now < state.paused_until:
        return Silent(Quiet.PAUSED, state.paused_until)
    if state.last_notice_at is not None and now < state.last_notice_at + ONE_IN:
        return Silent(Quiet.ONE_A_DAY, state.last_notice_at + ONE_IN)
    if conditions.presenting and now < _may_speak_since(waiting, state) + HELD_FOR:
        return Silent(Quiet.PRESENTING, now + ASK_AGAIN)
    return Speak(tuple(waiting))


def _may_speak_since(waiting: Sequence[News], state: GuardState) -> datetime:
    """Since when nothing but the person's presenting is in the way."""
    oldest = min(one.at for one in waiting)
    after_last = oldest if state.last_notice_at is None else state.last_notice_at + ONE_IN
    return max(oldest, after_last, state.paused_until or oldest)


# --- what a check brought ---


def new_findings(new: Collection[str], findings: Iterable[Finding], since: datetime, now: datetime) -> Iterator[News]:
    """News about findings that are new to the person, or hold more than they had dealt with.

    ``new``: the keys that the check named; ``since``: when it began, or an earlier one that was broken off: what that one had
    found is new as well.
    """
    for finding in findings:
        has_grown = bool(finding.grown) and finding.mark is None and finding.last_seen >= since
        if finding.key in new or finding.first_seen >= since or has_grown:
            yield News(NewsKind.NEW, finding.person_id, finding.key, now, now.date() if has_grown else None)


def presence_after(
    findings: Iterable[Finding], outcomes: Sequence[Outcome], before: Mapping[str, Presence], now: datetime
) -> dict[str, Presence]:
    """What changed about findings on the web being there. ``outcomes``: of the sources that were asked this time.

    A look is good where every source that told of a finding came to its end.
    """
    checked = {outcome.source_id for outcome in outcomes if outcome.status is Status.CHECKED}
    seen = {key for outcome in outcomes for key in outcome.findings}
    after: dict[str, Presence] = {}
    for finding in filter(_is_on_the_web, findings):
        known = before.get(finding.key, Presence())
        if finding.key in seen:
            is_back = known.gone_at is not None
            now_known = Presence(0, None, now if is_back else known.returned_at)
        elif checked.issuperset(finding.sources):
            missed = known.missed + 1
            gone_at = known.gone_at or (now if missed >= GONE_AFTER else None)
            now_known = replace(known, missed=missed, gone_at=gone_at)
        else:
            continue
        if now_known != known:
            after[finding.key] = now_known
    return after


def returned(findings: Iterable[Finding], presence: Mapping[str, Presence], now: datetime) -> Iterator[News]:
    """News about findings that are back now, after they were gone. ``presence``: what changed in this check."""
    for finding in findings:
        one = presence.get(finding.key)
        if one is not None and one.returned_at == now:
            yield News(NewsKind.RETURNED, finding.person_id, finding.key, now, now.date())


def _is_on_the_web(finding: Finding) -> bool:
    evidence = finding.evidence
    return isinstance(evidence, Profile) or (
        isinstance(evidence, FaceMatch | PictureCopy) and not evidence.on_this_computer
    )


# --- what a day brings ---


def late_letters(letters: Iterable[SentLetter], today: date, now: datetime) -> Iterator[News]:
    """News about letters without an answer in time."""
    for letter in letters:
        if _is_late(letter, today):
            yield News(NewsKind.LETTER, letter.person_id, letter.letter_id, now, letter.due_on)


def due_reminders(reminders: Iterable[tuple[str, str, date]], now: datetime) -> Iterator[News]:
    """News about "remind me", of which the day has come: person, key and day of each."""
    for person_id, key, day in reminders:
        yield News(NewsKind.REMINDER, person_id, key, now, day)


def lasting_failures(person_id: str, records: Mapping[str, SourceRecord], now: datetime) -> Iterator[News]:
    """News about sources that did not answer again and again, for long."""
    for source_id, record in records.items():
        if is_lasting(record, now) and record.failing_since is not None:
            since = record.failing_since.date()
            yield News(NewsKind.COULD_NOT_CHECK, person_id, source_id, now, since)


def is_lasting(record: SourceRecord, now: datetime) -> bool:
    """Whether a source did not answer often enough in a row, and for long enough, to speak of it."""
    return (
        record.failures >= FAILURES and record.failing_since is not None and now - record.failing_since >= FAILING_FOR
    )


def _is_late(letter: SentLetter, today: date) -> bool:
    return letter.answered_on is None and letter.due_on < today


# --- what still waits to be said ---


@dataclass(frozen=True)
class Known:
    """What news are held against: it may have changed since. ``findings``: those that news are about, by key;
    ``letters``: by id; ``records``: of each person's sources that are switched on.
    """

    findings: Mapping[str, Finding]
    letters: Mapping[str, SentLetter]
    records: Mapping[str, Mapping[str, SourceRecord]]


def waiting_of(news: Iterable[News], known: Known, context: Context) -> tuple[News, ...]:
    """Those of the news that still need doing, and that the person was neither told of nor saw."""
    return tuple(one for one in standing(news, known, context) if one.told_at is None and one.seen_at is None)


def standing(news: Iterable[News], known: Known, context: Context) -> tuple[News, ...]:
    """Those of the news that still need doing, told of or not. ``context``: its time is in the zone where the person is."""
    kept = tuple(news)
    about = {one.about for one in kept if one.kind in _OF_FINDINGS}
    urgent = _needing([finding for key, finding in known.findings.items() if key in about], context)
    return tuple(one for one in kept if _stands(one, known, context, urgent))


def _stands(one: News, known: Known, context: Context, urgent: frozenset[str]) -> bool:
    if one.kind is NewsKind.LETTER:
        letter = known.letters.get(one.about)
        return letter is not None and letter.due_on == one.since and _is_late(letter, context.now.date())
    if one.kind is NewsKind.COULD_NOT_CHECK:
        record = known.records.get(one.person_id, {}).get(one.about)
        return record is not None and is_lasting(record, context.now)
    finding = known.findings.get(one.about)
    if finding is None:
        return False
    if one.kind is NewsKind.REMINDER:
        return is_open(finding, context) and finding.mark == Mark(MarkKind.LATER, one.since)
    if one.kind is NewsKind.NEW:
        return is_open(finding, context) and finding.key in urgent
    return _is_for_return(finding, context) and finding.key in urgent


def _is_for_return(finding: Finding, context: Context) -> bool:
    """Whether a finding that is back wants doing: it is still open, or the person had it taken down. Other decisions hold."""
    return is_open(finding, context) or (finding.mark is not None and finding.mark.kind is MarkKind.DONE)


def _needing(findings: Sequence[Finding], context: Context) -> frozenset[str]:
    """Keys of those that would want to be done today or this week, if nothing had been decided about them."""
    undecided = [replace(finding, mark=None) for finding in findings]
    given = advise(undecided, (), replace(context, letters=()))
    return frozenset(key for advice in given if advice.level in _NEEDS_DOING for key in advice.answers)
