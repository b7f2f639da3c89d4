"""Advice about the checks: what failed, what was not asked, and what "nothing found" is worth."""

from datetime import UTC, datetime

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Identifier, IdentifierKind

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JANE = (Identifier(IdentifierKind.EMAIL, "jane@example.org"),)
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
    (advice,) = given(CLEAR, FAILED, SKIPPED)
    assert (advice.level, advice.answers) == (Level.COULD_NOT_CHECK, ("gravatar",))
    assert advice.why == "This place did not answer in time. So we do not know if there is something."
    assert advice.steps[0].text == "Try tomorrow."
    assert "In the other places we found nothing. We looked at 1 place: Folders." in advice.later
    assert "These were not asked: Have I Been Pwned." in advice.later
    assert "not a promise" in advice.later
    assert "stop here" not in " ".join(step.text for step in advice.steps)


def test_what_was_found_elsewhere_is_not_told_as_nothing() -> None:
    leak = Breach("X", "X", "x.example.org", NOW.date(), None, ("Passwords",))
    known = Finding("k", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, leak, JANE)
    levels = [advice.level for advice in advise((known,), (CLEAR, FAILED), CONTEXT)]
    assert levels == [Level.DO_TODAY, Level.COULD_NOT_CHECK]
    assert not any("nothing" in advice.later for advice in advise((known,), (CLEAR, FAILED), CONTEXT))


def test_a_failure_without_words_is_still_a_failure() -> None:
    (advice,) = given(Outcome("gravatar", Status.FAILED))
    assert advice.why == "So we do not know if there is something."
    assert advice.steps[0].text == "Check again tomorrow."


def test_a_failure_alone_is_never_told_as_nothing_found() -> None:
    assert [advice.level for advice in given(FAILED, SKIPPED)] == [Level.COULD_NOT_CHECK]
    assert "nothing" not in {advice.key for advice in given(FAILED, SKIPPED)}


def test_a_checkup_that_asked_nobody_says_so() -> None:
    (advice,) = given(SKIPPED)
    assert advice.level is Level.COULD_NOT_CHECK
    assert advice.title == "No place was looked at in the last check"
    assert "Have I Been Pwned" in advice.why


STOPPED = Outcome("hibp", Status.SKIPPED, problem="You stopped the checkup.", seen=15, left=85)


def test_a_place_that_was_stopped_in_the_middle_was_asked_and_is_not_done() -> None:
    (advice,) = given(CLEAR, STOPPED)
    assert (advice.level, advice.title) == (Level.NOTHING_FOUND, "We found nothing so far")
    assert "Have I Been Pwned is not done yet: 15 of 100." in advice.why
    assert "not asked" not in advice.why
    (alone,) = given(STOPPED, Outcome("gravatar", Status.SKIPPED))
    assert (alone.level, alone.title) == (Level.COULD_NOT_CHECK, "We found nothing so far")
    assert alone.why == "These were not asked: Gravatar. Have I Been Pwned is not done yet: 15 of 100."
    assert alone.steps[0].text == "Check again when you like. It goes on from there."


def test_no_checkup_at_all_gives_no_advice() -> None:
    assert given() == ()


def test_a_place_that_did_not_answer_for_two_people_is_told_once() -> None:
    advice = given(FAILED, FAILED, CLEAR)
    assert [each.key for each in advice] == ["failed:gravatar"]


def test_a_place_asked_for_one_person_and_not_for_another_was_asked() -> None:
    (advice,) = given(CLEAR, Outcome("folders", Status.SKIPPED, problem="No face has been added."))
    assert "not asked" not in advice.why


def test_pictures_that_could_not_be_opened_are_counted() -> None:
    (advice,) = given(Outcome("folders", Status.CHECKED, seen=3, unreadable=1))
    assert "1 picture could not be opened." in advice.why


def test_remind_me_without_a_day_does_not_stay_away_for_ever() -> None:
    leak = Breach("X", "X", "x.example.org", NOW.date(), None, ("Passwords",))
    known = Finding("k", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, leak, JANE, Mark(MarkKind.LATER))
    assert [advice.level for advice in advise((known,), (), CONTEXT)] == [Level.DO_TODAY]
