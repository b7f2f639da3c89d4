"""From findings to advice: each rule with and without its finding, marks, order, and what may never be said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from privacyguard import wording, wording_levels, wording_pictures
from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of, worst_first
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Evidence, Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch, PhotoProblem, PictureCopy, Unreadable

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JANE = (Identifier(IdentifierKind.EMAIL, "jane@example.org"),)
ME = Person("p", "me")
CHILD = Person("c", "Kim", Relation.MY_CHILD, False)
CONTEXT = Context(NOW, "GB", {"p": ME, "c": CHILD}, {"gravatar": "Gravatar", "folders": "Folders"})


def breach(*classes: str, **changes: object) -> Breach:
    fields: dict[str, object] = {
        "name": "ExampleGym",
        "title": "Example Gym",
        "domain": "gym.example.org",
        "occurred_on": date(2026, 5, 4),
        "added_on": date(2026, 5, 5),
        "data_classes": classes,
    }
    return Breach(**(fields | changes))  # type: ignore[arg-type]


def finding(evidence: Evidence, person_id: str = "p", key: str = "k", mark: Mark | None = None) -> Finding:
    kind = {Breach: FindingKind.BREACH, FaceMatch: FindingKind.FACE, PictureCopy: FindingKind.COPY}[type(evidence)]
    return Finding(key, kind, person_id, ("xposedornot",), NOW, NOW, evidence, JANE, mark)


def face(closeness: Closeness = Closeness.A_LOT, **changes: object) -> FaceMatch:
    match = FaceMatch(
        "https://club.example.org/a.jpg", "https://club.example.org/p", Box(0, 0, 9, 9), 0.6, closeness, "m", "0", "0"
    )
    return replace(match, **changes)  # type: ignore[arg-type]


def given(*findings: Finding, outcomes: tuple[Outcome, ...] = ()) -> tuple[Advice, ...]:
    return advise(findings, outcomes, CONTEXT)


def keys(advice: tuple[Advice, ...]) -> list[str]:
    return [each.key.split(":")[0] for each in advice]


CASES = [
    (breach("Passwords", "Email addresses"), "password", Level.DO_TODAY),
    (breach("Passport numbers"), "documents", Level.DO_TODAY),
    (breach("Profile photos"), "pictures", Level.DO_THIS_WEEK),
    (breach("Biometric data"), "pictures", Level.DO_THIS_WEEK),
    (breach("Email addresses", "Names"), "details", Level.DO_THIS_WEEK),
    (breach("Passwords", occurred_on=date(2013, 1, 1)), "password", Level.DO_THIS_WEEK),
    (breach("Passwords", spam_list=True), "password", Level.DO_THIS_WEEK),
    (breach("Names", occurred_on=date(2013, 1, 1)), "details", Level.GOOD_TO_KNOW),
    (face(), "face", Level.DO_THIS_WEEK),
    (face(Closeness.A_LITTLE), "face", Level.GOOD_TO_KNOW),
    (face(on_this_computer=True), "folders", Level.GOOD_TO_KNOW),
    (PictureCopy("https://club.example.org/a.jpg", None, 2, "0"), "copy", Level.DO_THIS_WEEK),
]


@pytest.mark.parametrize(("evidence", "key", "level"), CASES)
def test_each_finding_has_its_advice_in_five_lines(evidence: Evidence, key: str, level: Level) -> None:
    (advice,) = given(finding(evidence))
    assert keys((advice,)) == [key]
    assert advice.level is level
    assert advice.answers == ("k",)
    assert advice.title
    assert advice.why
    assert advice.steps
    assert advice.later
    assert advice.help_line
    assert all(step.minutes >= 0 for step in advice.steps)
    assert level_of(finding(evidence), (advice,)) is level


def test_no_finding_and_no_checkup_gives_no_advice() -> None:
    assert given() == ()


@pytest.mark.parametrize("kind", [MarkKind.DONE, MarkKind.FINE, MarkKind.NOT_ME])
@pytest.mark.parametrize(("evidence", "key", "level"), CASES)
def test_what_was_dealt_with_stays_quiet(evidence: Evidence, key: str, level: Level, kind: MarkKind) -> None:
    assert given(finding(evidence, mark=Mark(kind))) == ()


def test_remind_me_is_quiet_until_its_day() -> None:
    later = Mark(MarkKind.LATER, date(2026, 6, 2))
    assert given(finding(breach("Passwords"), mark=later)) == ()
    due = Mark(MarkKind.LATER, date(2026, 6, 1))
    assert keys(given(finding(breach("Passwords"), mark=due))) == ["password"]


def test_a_leak_of_passwords_and_pictures_gives_both_the_urgent_one_first() -> None:
    assert keys(given(finding(breach("Photos", "Passwords")))) == ["password", "pictures"]


def test_order_is_by_urgency_then_minutes() -> None:
    advice = given(finding(breach("Names"), key="a"), finding(face(), key="b"), finding(breach("Passwords"), key="c"))
    ranks = [each.level.rank for each in advice]
    assert ranks == sorted(ranks)
    assert advice[0].answers == ("c",)


def test_pictures_on_this_computer_are_one_quiet_line() -> None:
    here = [finding(face(on_this_computer=True), key=str(n)) for n in range(50)]
    (advice,) = given(*here)
    assert len(advice.answers) == 50
    assert "50" in advice.title


def test_a_failed_place_is_said_and_never_reads_as_nothing_found() -> None:
    failed = Outcome("gravatar", Status.FAILED, problem="This place did not answer in time.")
    clear = Outcome("folders", Status.CHECKED, seen=3)
    advice = given(outcomes=(clear, failed))
    assert {each.level for each in advice} == {Level.COULD_NOT_CHECK}
    assert any("Gravatar" in each.title for each in advice)
    assert any("did not answer" in each.why for each in advice)


def test_nothing_found_says_what_was_not_asked_and_promises_nothing() -> None:
    skipped = Outcome("gravatar", Status.SKIPPED, problem="This place is switched off.")
    (advice,) = given(outcomes=(Outcome("folders", Status.CHECKED, seen=3, unreadable=2), skipped))
    assert advice.level is Level.NOTHING_FOUND
    assert "Gravatar" in advice.why
    assert "2 pictures" in advice.why
    assert "not a promise" in advice.later


def test_something_found_means_no_nothing_found() -> None:
    advice = given(finding(breach("Passwords")), outcomes=(Outcome("folders", Status.CHECKED),))
    assert keys(advice) == ["password"]


def test_a_childs_advice_speaks_of_the_child() -> None:
    for evidence in (breach("Photos"), face(), face(on_this_computer=True)):
        (advice,) = given(finding(evidence, "c"))
        assert "your child" in f"{advice.title} {advice.why}"
        assert "looks a lot like you." not in advice.why


def test_a_sensitive_leak_is_not_named() -> None:
    hidden = breach("Passwords", "Photos", sensitive=True, title="Example Dating")
    for advice in given(finding(hidden)):
        texts = [advice.title, advice.why, advice.later, *(step.text for step in advice.steps)]
        assert not any("Dating" in text for text in texts)
    assert "Dating" not in wording.finding_title(finding(hidden))
    assert "Dating" in wording.finding_title(finding(hidden), hide_sensitive=False)


def test_an_unverified_leak_is_a_maybe() -> None:
    (advice,) = given(finding(breach("Names", verified=False)))
    assert "may have been" in advice.why


def test_every_enum_has_words() -> None:
    for level in Level:
        assert wording_levels.level(level)
    for problem in PhotoProblem:
        assert wording_pictures.photo_heading(problem)
        assert wording_pictures.photo_problem(problem)
    for reason in Unreadable:
        assert wording_pictures.unreadable(reason)
    for kind in IdentifierKind:
        assert wording.identifier_kind(kind)
    for mark in MarkKind:
        assert wording.mark(mark)
    for status in Status:
        assert wording.status(status)
    for relation in Relation:
        assert wording.relation(relation)
        for closeness in Closeness:
            assert wording.closeness(closeness, relation)
    for found in FindingKind:
        assert wording.finding_kind(found)


def test_dates_and_amounts_in_words() -> None:
    assert wording.day(date(2026, 5, 4)) == "4 May 2026"
    assert wording.moment(NOW, NOW) == "today, 09:00"
    assert wording.moment(datetime(2026, 5, 31, 9, 0, tzinfo=UTC), NOW) == "yesterday, 09:00"
    assert wording.minutes(1) == "about 1 minute"
    assert wording.answered(3, 5) == "3 of 5 places answered"
    assert wording.size(212) == "212 bytes"


def test_a_list_has_the_worst_first_of_a_level_what_is_open_then_pictures_then_the_newest() -> None:
    old = replace(finding(breach("Phone numbers", name="shop"), key="old"), last_seen=NOW - timedelta(days=2))
    listed = [
        replace(finding(breach("Photos", name="dealt"), key="dealt"), mark=Mark(MarkKind.DONE)),
        finding(breach("Names", name="later", spam_list=True), key="good-to-know"),
        old,
        finding(breach("Names", name="school"), key="newer"),
        finding(breach("Photos", name="club"), key="pictures"),
        finding(breach("Passwords", name="password"), key="password"),
    ]
    expected = ["password", "pictures", "newer", "old", "good-to-know", "dealt"]
    for order in (listed, listed[::-1]):
        assert [each.key for each in worst_first(order, given(*order))] == expected
