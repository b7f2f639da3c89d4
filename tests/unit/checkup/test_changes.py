"""What there is to say after a check, and when a notice is given."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from privacyguard.advice.engine import Context
from privacyguard.checkup import changes
from privacyguard.checkup.changes import Known, Quiet, Silent, Speak, say, waiting_of
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, Mark, MarkKind
from privacyguard.model.guard import FINE, Conditions, GuardState, News, NewsKind, Presence, SourceRecord
from privacyguard.model.letter import SentLetter
from tests.support.vault_samples import breach, face_match, finding, picture_copy

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON = GuardState(is_on=True)

LEAK = replace(finding("p", breach()), first_seen=NOW, last_seen=NOW)
SPAM = finding("p", breach(name="List", title="List", domain="", data_classes=("Names",), spam_list=True))
COPY = replace(finding("p", picture_copy(), "brave"), sources=("brave",))
FACE = replace(finding("p", face_match(on_this_computer=False), "pages"), sources=("pages",))
HERE = finding("p", face_match(8, page=None), "folders")


def news(about: Finding, kind: NewsKind = NewsKind.NEW, **changes: object) -> News:
    return replace(News(kind, "p", about.key, NOW), **changes)  # type: ignore[arg-type]


def known(*findings: Finding, letters: tuple[SentLetter, ...] = (), **records: SourceRecord) -> Known:
    return Known({one.key: one for one in findings}, {letter.letter_id: letter for letter in letters}, {"p": records})


def waiting(one: News, what: Known, now: datetime = NOW) -> bool:
    return bool(waiting_of([one], what, Context(now, "DE")))


# --- when a notice is given ---


def test_a_notice_is_given_for_all_that_waits_together() -> None:
    both = (news(LEAK), news(COPY))
    assert say(both, ON, FINE, NOW) == Speak(both)


def test_without_news_there_is_silence_and_nothing_to_wake_for() -> None:
    assert say((), ON, FINE, NOW) == Silent(Quiet.NOTHING_NEW, None)


def test_there_is_one_notice_a_day_at_most_in_whatever_time_zone() -> None:
    state = replace(ON, last_notice_at=NOW)
    assert say((news(LEAK),), state, FINE, NOW + DAY - HOUR) == Silent(Quiet.ONE_A_DAY, NOW + DAY)
    assert isinstance(say((news(LEAK),), state, FINE, NOW + DAY), Speak)


def test_while_the_person_presents_the_notice_waits_and_is_not_lost() -> None:
    assert say((news(LEAK),), ON, Conditions(presenting=True), NOW) == Silent(Quiet.PRESENTING, NOW + changes.ASK_AGAIN)
    late = NOW + changes.HELD_FOR
    assert say((news(LEAK),), ON, Conditions(presenting=True), late) == Speak((news(LEAK),))
    paused = replace(ON, paused_until=late)
    assert isinstance(say((news(LEAK),), paused, Conditions(presenting=True), late), Silent)
    busy = Conditions(on_battery=True, metered=True, online=False, busy=True)
    assert isinstance(say((news(LEAK),), ON, busy, NOW), Speak)


def test_a_guard_that_is_off_or_paused_says_nothing() -> None:
    assert say((news(LEAK),), GuardState(), FINE, NOW) == Silent(Quiet.SWITCHED_OFF)
    state = replace(ON, paused_until=NOW + HOUR)
    assert say((news(LEAK),), state, FINE, NOW) == Silent(Quiet.PAUSED, NOW + HOUR)
    assert isinstance(say((news(LEAK),), state, FINE, NOW + HOUR), Speak)


def test_a_click_opens_the_finding_if_it_is_about_one() -> None:
    assert Speak((news(LEAK),)).opens == LEAK.key
    assert Speak((news(LEAK), news(LEAK, NewsKind.REMINDER, since=TODAY))).opens == LEAK.key
    assert Speak((news(LEAK), news(COPY))).opens is None
    assert Speak((News(NewsKind.LETTER, "p", "letter", NOW, TODAY),)).opens is None


# --- what still needs doing ---


def test_only_what_is_to_be_done_today_or_this_week_is_spoken_of() -> None:
    assert waiting(news(LEAK), known(LEAK))
    assert waiting(news(FACE), known(FACE))
    assert not waiting(news(SPAM), known(SPAM))
    assert not waiting(news(LEAK), known())  # forgotten meanwhile


@pytest.mark.parametrize("kind", [MarkKind.DONE, MarkKind.FINE, MarkKind.NOT_ME])
def test_what_the_person_decided_meanwhile_is_not_spoken_of(kind: MarkKind) -> None:
    assert not waiting(news(FACE), known(replace(FACE, mark=Mark(kind))))


def test_what_was_told_or_seen_is_not_told_again() -> None:
    assert not waiting(news(LEAK, told_at=NOW), known(LEAK))
    assert not waiting(news(LEAK, seen_at=NOW), known(LEAK))
    assert changes.standing([news(LEAK, told_at=NOW)], known(LEAK), Context(NOW, "DE"))


def test_a_reminder_comes_on_its_day_and_not_if_it_was_moved() -> None:
    later = replace(SPAM, mark=Mark(MarkKind.LATER, TODAY))
    (one,) = changes.due_reminders([("p", SPAM.key, TODAY)], NOW)
    assert waiting(one, known(later))
    assert not waiting(one, known(later), NOW - DAY)
    assert not waiting(one, known(replace(SPAM, mark=Mark(MarkKind.LATER, TODAY + DAY))))
    assert not waiting(one, known(replace(SPAM, mark=Mark(MarkKind.DONE))))


def test_a_finding_with_a_reminder_is_quiet_until_then() -> None:
    later = replace(LEAK, mark=Mark(MarkKind.LATER, TODAY + DAY))
    assert not waiting(news(LEAK), known(later))
    assert waiting(news(LEAK), known(later), NOW + DAY)


LETTER = SentLetter("1" * 16, "p", "Gym", "delete", TODAY - 31 * DAY, TODAY - DAY)


def test_a_letter_without_an_answer_in_time_is_spoken_of() -> None:
    (one,) = changes.late_letters([LETTER], TODAY, NOW)
    assert one.since == LETTER.due_on
    assert waiting(one, known(letters=(LETTER,)))
    assert not waiting(one, known(letters=(replace(LETTER, answered_on=TODAY),)))
    assert not waiting(one, known())
    assert not list(
        changes.late_letters([replace(LETTER, due_on=TODAY), replace(LETTER, answered_on=TODAY)], TODAY, NOW)
    )


@pytest.mark.parametrize(
    ("failures", "days", "speaks"), [(3, 7, True), (2, 30, False), (9, 6, False), (0, 0, False), (9, 60, True)]
)
def test_a_place_that_does_not_answer_is_spoken_of_after_the_third_time_and_a_week(
    failures: int, days: int, speaks: bool
) -> None:
    record = SourceRecord(NOW, None, failures, NOW - days * DAY if failures else None)
    assert bool(list(changes.lasting_failures("p", {"hibp": record}, NOW))) is speaks
    one = News(NewsKind.COULD_NOT_CHECK, "p", "hibp", NOW, TODAY - days * DAY)
    assert waiting(one, known(hibp=record)) is speaks
    assert not waiting(one, known(hibp=SourceRecord(NOW, NOW)))  # it answers again
    assert not waiting(one, known())  # switched off


def test_one_trouble_is_one_piece_of_news_and_the_next_one_another() -> None:
    first, second = (SourceRecord(NOW, None, 3, NOW - days * DAY) for days in (20, 8))
    (one,) = changes.lasting_failures("p", {"hibp": first}, NOW)
    (same,) = changes.lasting_failures("p", {"hibp": replace(first, failures=9)}, NOW)
    (other,) = changes.lasting_failures("p", {"hibp": second}, NOW)
    assert one == same and one.since != other.since


# --- what a check brought ---


def test_news_are_the_keys_that_a_check_named_as_new() -> None:
    old = replace(COPY, first_seen=NOW - 90 * DAY, last_seen=NOW)
    assert [one.about for one in changes.new_findings([COPY.key], [old, HERE], NOW - HOUR, NOW)] == [COPY.key]


def test_what_a_check_found_that_was_broken_off_is_new_as_well() -> None:
    found = replace(COPY, first_seen=NOW - 2 * HOUR)
    assert [one.about for one in changes.new_findings([], [found], NOW - 3 * HOUR, NOW)] == [COPY.key]
    assert not list(changes.new_findings([], [found], NOW - HOUR, NOW))


def test_a_leak_that_holds_more_than_was_dealt_with_is_news_again_and_only_once() -> None:
    grown = replace(LEAK, first_seen=NOW - 90 * DAY, last_seen=NOW, grown=("Photos",))
    (one,) = changes.new_findings([LEAK.key], [grown], NOW - HOUR, NOW)
    assert (one.about, one.since) == (LEAK.key, TODAY)
    assert not list(changes.new_findings([], [replace(grown, mark=Mark(MarkKind.DONE))], NOW - HOUR, NOW))
    assert not list(changes.new_findings([], [grown], NOW + HOUR, NOW + HOUR))


def look(*seen: Finding, status: Status = Status.CHECKED, source_id: str = "brave") -> list[Outcome]:
    return [Outcome(source_id, status, tuple(one.key for one in seen))]


def test_a_finding_is_gone_after_two_good_looks_without_it_and_says_when_it_is_back() -> None:
    presence: dict[str, Presence] = {}
    for at, expected in (
        (NOW, Presence(1)),
        (NOW + DAY, Presence(2, NOW + DAY)),
        (NOW + 2 * DAY, Presence(3, NOW + DAY)),
    ):
        presence |= changes.presence_after([COPY], look(), presence, at)
        assert presence == {COPY.key: expected}
        assert not list(changes.returned([COPY], presence, at))
    back = changes.presence_after([COPY], look(COPY), presence, NOW + 3 * DAY)
    assert back == {COPY.key: Presence(0, None, NOW + 3 * DAY)}
    (one,) = changes.returned([COPY], back, NOW + 3 * DAY)
    assert (one.kind, one.about, one.since) == (NewsKind.RETURNED, COPY.key, (NOW + 3 * DAY).date())
    assert changes.presence_after([COPY], look(COPY), back, NOW + 4 * DAY) == {}


def test_a_look_that_failed_or_was_elsewhere_does_not_make_a_finding_gone() -> None:
    for outcomes in (look(status=Status.FAILED), look(status=Status.SKIPPED), look(source_id="pages"), []):
        assert changes.presence_after([COPY], outcomes, {}, NOW) == {}
    both = replace(COPY, sources=("brave", "searxng"))
    assert changes.presence_after([both], look(), {}, NOW) == {}
    assert changes.presence_after([COPY], look(COPY), {COPY.key: Presence(1)}, NOW) == {COPY.key: Presence()}


def test_what_is_on_this_computer_and_what_leaked_is_never_gone() -> None:
    """A drive that is not plugged in is no news, and a leak cannot be undone."""
    folders, hibp = look(source_id="folders"), look(source_id="hibp")
    assert changes.presence_after([HERE, LEAK], [*folders, *hibp], {}, NOW) == {}


@pytest.mark.parametrize(
    ("mark", "speaks"),
    [
        (None, True),
        (Mark(MarkKind.DONE), True),
        (Mark(MarkKind.FINE), False),
        (Mark(MarkKind.NOT_ME), False),
        (Mark(MarkKind.LATER, TODAY + DAY), False),
        (Mark(MarkKind.LATER, date(2026, 1, 1)), True),
    ],
)
def test_a_finding_that_is_back_is_spoken_of_if_it_was_taken_down_and_other_decisions_hold(
    mark: Mark | None, speaks: bool
) -> None:
    back = replace(FACE, mark=mark)
    assert waiting(news(FACE, NewsKind.RETURNED, since=TODAY), known(back)) is speaks
    assert back.mark == mark
