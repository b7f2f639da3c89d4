"""Advice about the checks: what failed, what was not asked, and what "nothing found" is worth."""

from datetime import UTC, datetime

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
NAMES = {"gravatar": "Gravatar", "folders": "Folders", "hibp": "Have I Been Pwned"}
CONTEXT = Context(NOW, "GB", source_names=NAMES)
CLEAR = Outcome("folders", Status.CHECKED, seen=3)
FAILED = Outcome("gravatar", Status.FAILED, problem="This place did not answer in time.", remedy="Try tomorrow.")
SKIPPED = Outcome("hibp", Status.SKIPPED, problem="This place is switched off.")


def given(*outcomes: Outcome) -> tuple[Advice, ...]:
    return advise((), outcomes, CONTEXT)


def test_what_was_looked_at_and_what_was_not_is_named() -> None:
    (advice,) = given(CLEAR, SKIPPED)
    assert advice.level is Level.NOTHING_FOUND
    assert "We looked at 1 place: Folders." in advice.why
    assert "These were not asked: Have I Been Pwned." in advice.why
    assert advice.steps[0].text == "You can stop here for today."


def test_one_place_that_did_not_answer_counts_as_one_and_the_end_is_not_calm() -> None:
    worst, nothing = given(CLEAR, FAILED)
    assert (worst.level, worst.answers) == (Level.COULD_NOT_CHECK, ("gravatar",))
    assert worst.steps[0].text == "Try tomorrow."
    assert nothing.title == "We found nothing, but not every place answered"
    assert "These did not answer: Gravatar." in nothing.why
    assert nothing.steps[0].text != "You can stop here for today."


def test_a_failure_alone_is_never_told_as_nothing_found() -> None:
    assert [advice.level for advice in given(FAILED, SKIPPED)] == [Level.COULD_NOT_CHECK]
    assert "nothing" not in {advice.key for advice in given(FAILED, SKIPPED)}


def test_a_checkup_that_asked_nobody_says_so() -> None:
    (advice,) = given(SKIPPED)
    assert advice.level is Level.COULD_NOT_CHECK
    assert advice.title == "No place was looked at in the last check"
    assert "Have I Been Pwned" in advice.why


def test_no_checkup_at_all_gives_no_advice() -> None:
    assert given() == ()


def test_a_place_that_did_not_answer_for_two_people_is_told_once() -> None:
    advice = given(FAILED, FAILED, CLEAR)
    assert [each.key for each in advice] == ["failed:gravatar", "nothing"]


def test_a_place_asked_for_one_person_and_not_for_another_was_asked() -> None:
    (advice,) = given(CLEAR, Outcome("folders", Status.SKIPPED, problem="No face has been added."))
    assert "not asked" not in advice.why


def test_pictures_that_could_not_be_opened_are_counted() -> None:
    (advice,) = given(Outcome("folders", Status.CHECKED, seen=3, unreadable=1))
    assert "1 picture could not be opened." in advice.why


def test_remind_me_without_a_day_does_not_stay_away_for_ever() -> None:
    leak = Breach("X", "X", "x.example.org", NOW.date(), None, ("Passwords",))
    known = Finding("k", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, leak, "jane@example.org", Mark(MarkKind.LATER))
    assert [advice.level for advice in advise((known,), (), CONTEXT)] == [Level.DO_TODAY]
