"""Who has a photo: asked once by one advice, reminded of when the answer is late and not before."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
GYM, SCHOOL = (Identifier(IdentifierKind.ORGANISATION, name) for name in ("Example Gym", "City School"))
SHOP = Identifier(IdentifierKind.SERVICE, "shop.example.org")
ME = Person("p", "me", identifiers=(GYM, SCHOOL, SHOP))
CHILD = Person("c", "Kim", Relation.MY_CHILD, False, (SCHOOL,))
SENT = SentLetter("1", "p", "example gym", "what-do-you-hold", date(2026, 4, 30), date(2026, 5, 30))
LEAK = Breach("Gym", "Example Gym", "gym.example.org", date(2026, 5, 4), None, ("Photos",))


def given(
    *people: Person, letters: tuple[SentLetter, ...] = (), country: str = "GB", findings: tuple[Finding, ...] = ()
) -> tuple[Advice, ...]:
    return advise(findings, (), Context(NOW, country, {each.person_id: each for each in people}, letters=letters))


def leak(*subjects: Identifier, breach: Breach = LEAK, mark: Mark | None = None) -> Finding:
    return Finding("k", FindingKind.BREACH, "p", ("catalogue",), NOW, NOW, breach, subjects, mark)


def said(advice: Advice) -> str:
    return " ".join((advice.title, advice.why, *(step.text for step in advice.steps), advice.later))


def test_one_advice_for_all_places_that_nobody_wrote_to() -> None:
    (advice,) = given(ME)
    assert advice.key == "photos:p"
    assert advice.level is Level.GOOD_TO_KNOW
    assert advice.title == "Ask who has a photo of you what they hold"
    assert advice.why.startswith("You named 2 places that have a photo.")
    assert "Leaks of pictures are often in no list" in advice.why
    assert advice.person_id == "p"


def test_a_service_alone_is_nobody_who_has_a_photo() -> None:
    assert given(replace(ME, identifiers=(SHOP,))) == ()


def test_a_letter_takes_its_place_out_and_the_last_one_the_advice() -> None:
    waiting = replace(SENT, due_on=date(2026, 6, 30))
    (advice,) = given(ME, letters=(waiting,))
    assert advice.why.startswith("You named 1 place that has a photo.")
    both = (waiting, replace(waiting, letter_id="2", recipient=SCHOOL.value))
    assert given(ME, letters=both) == ()


def test_a_letter_about_one_person_is_none_about_another() -> None:
    letters = (replace(SENT, recipient=SCHOOL.value, due_on=date(2026, 6, 30)),)
    (mine, childs) = sorted(given(ME, CHILD, letters=letters), key=lambda advice: advice.person_id, reverse=True)
    assert mine.why.startswith("You named 1 place")
    assert childs.title == "Ask who has a photo of your child what they hold (Kim)"


def test_a_place_with_an_open_leak_of_pictures_has_its_own_advice() -> None:
    alone = replace(ME, identifiers=(GYM,))
    assert [each.key for each in given(alone, findings=(leak(GYM),))] == ["pictures:k"]
    names = leak(GYM, breach=replace(LEAK, data_classes=("Names",)))
    assert "photos:p" in [each.key for each in given(alone, findings=(names,))]


@pytest.mark.parametrize(
    ("letter", "is_quiet"),
    [
        (replace(SENT, due_on=date(2026, 6, 2)), True),
        (replace(SENT, due_on=date(2026, 6, 1)), True),
        (replace(SENT, due_on=date(2026, 5, 31)), False),
        (replace(SENT, answered_on=date(2026, 5, 20)), True),
    ],
)
def test_a_late_answer_is_reminded_of_and_nothing_before(letter: SentLetter, is_quiet: bool) -> None:
    assert (given(letters=(letter,)) == ()) is is_quiet


def test_the_reminder_says_when_it_was_asked_and_what_comes_next() -> None:
    (advice,) = given(letters=(SENT,))
    assert advice.title == "No answer from example gym yet"
    assert advice.level is Level.DO_THIS_WEEK
    assert advice.why == "You wrote on 30 April 2026 and wanted an answer by 30 May 2026. You noted none so far."
    assert advice.due == date(2026, 5, 30)
    assert "call it a complaint" in advice.steps[1].text
    assert advice.steps[2].link == "https://ico.org.uk/make-a-complaint"


def test_a_reminder_comes_before_the_leaks_of_its_level_since_only_the_first_few_are_shown() -> None:
    found = tuple(replace(leak(SHOP, breach=replace(LEAK, name=f"Gym{n}")), key=f"k{n}") for n in range(4))
    advice = given(letters=(SENT,), findings=found)
    assert [each.key for each in advice] == ["letter:1", *(f"pictures:k{n}" for n in range(4))]
    worse = replace(found[0], evidence=replace(LEAK, data_classes=("Passwords",)))
    assert [each.key for each in given(letters=(SENT,), findings=(worse,))] == ["password:k0", "letter:1"]


@pytest.mark.parametrize(
    ("country", "says", "link"),
    [
        ("IE", "Data Protection Commission", "https://dataprotection.ie"),
        ("DE", "data office where you live", None),
        ("US", "CalPrivacy", None),
        ("CH", "your country", None),
        ("XX", "your country", None),
        ("", "your country", None),
    ],
)
def test_who_may_be_told_next_depends_on_the_country(country: str, says: str, link: str | None) -> None:
    (advice,) = given(letters=(SENT,), country=country)
    assert says in advice.steps[-1].text
    assert advice.steps[-1].link == link
    assert "30 days" not in said(advice)


def test_a_reminder_of_a_letter_to_a_very_private_service_does_not_name_it() -> None:
    private = replace(LEAK, title="Example Dating", sensitive=True)
    letter = replace(SENT, recipient="Example Dating")
    for mark in (None, Mark(MarkKind.DONE)):  # also after the leak itself was dealt with
        advice = given(letters=(letter,), findings=(leak(SHOP, breach=private, mark=mark),))
        assert any(each.key == "letter:1" for each in advice)
        assert not any("Dating" in said(each) for each in advice)
