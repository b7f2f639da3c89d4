"""How a leak of several addresses, of a named place, of a spying program or of a public page is told, and in which order."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from privacyguard import wording
from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.advice import Advice
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
CONTEXT = Context(NOW, "GB", {"p": Person("p", "me"), "c": Person("c", "Kim", Relation.MY_CHILD, False)})
JANE = Identifier(IdentifierKind.EMAIL, "jane@example.org")
OTHERS = tuple(Identifier(IdentifierKind.EMAIL, f"jane+{n}@example.org") for n in range(2))
GYM = Identifier(IdentifierKind.ORGANISATION, "Total Fitness")
SITE = Identifier(IdentifierKind.SERVICE, "gym.example.org")
LEAK = Breach("Gym", "Example Gym", "gym.example.org", date(2026, 5, 4), None, ("Names",))
KNOWN = Breach(
    "TotalFitness",
    "Total Fitness",
    "totalfitness.co.uk",
    date(2024, 6, 1),
    None,
    ("Photos", "Government issued IDs", "Utility bills"),
    knows_no_addresses=True,
)
SPIED = Breach("Logs", "Stealer Logs", "", date(2026, 1, 1), None, ("Email addresses", "Passwords"), malware=True)
PASTE = Breach("p1", "Pastebin abc", "", date(2026, 1, 1), None, ("Email addresses",), verified=False, paste=True)


def finding(breach: Breach, *subjects: Identifier, key: str = "k", person: str = "p", grown: str = "") -> Finding:
    more = tuple(filter(None, grown.split(",")))
    return Finding(key, FindingKind.BREACH, person, ("hibp",), NOW, NOW, breach, subjects or (JANE,), None, more)


def given(*findings: Finding) -> tuple[Advice, ...]:
    return advise(findings, (), CONTEXT)


def everything(advice: Advice) -> str:
    return " ".join((advice.title, advice.why, *(step.text for step in advice.steps), advice.later))


@pytest.mark.parametrize(
    ("subjects", "person", "told"),
    [
        ((JANE,), "p", "Your e-mail address was in a leak at Example Gym (May 2026)."),
        ((JANE, *OTHERS), "p", "3 of your e-mail addresses were in a leak at Example Gym (May 2026)."),
        ((JANE, *OTHERS), "c", "3 of your child’s e-mail addresses were in a leak at Example Gym (May 2026)."),
        ((SITE, JANE), "p", "Your e-mail address was in a leak at Example Gym (May 2026)."),
        ((SITE,), "p", "Example Gym, which you named, had a leak (May 2026)."),
        ((SITE, GYM), "p", "You told us that Example Gym has a photo of you. There was a leak there (May 2026)."),
        ((GYM,), "c", "You told us that Example Gym has a photo of your child. There was a leak there (May 2026)."),
    ],
)
def test_a_leak_is_told_by_how_it_is_known(subjects: tuple[Identifier, ...], person: str, told: str) -> None:
    (advice,) = given(finding(LEAK, *subjects, person=person))
    assert advice.why.startswith(told)
    assert not any(subject.value in everything(advice) for subject in (JANE, *OTHERS))


def test_what_is_new_in_a_leak_is_said_and_nothing_where_nothing_is() -> None:
    (advice,) = given(finding(LEAK, grown="Passwords,IP addresses"))
    assert "New: it also holds passwords, IP addresses." in advice.why
    (advice,) = given(finding(LEAK))
    assert "New" not in advice.why


def test_what_is_new_at_a_very_private_service_is_not_told() -> None:
    (advice,) = given(finding(replace(LEAK, sensitive=True), grown="Sexual fetishes"))
    assert "New: it holds more than we told you before." in advice.why
    assert "exual" not in everything(advice)


def test_a_leak_that_no_address_finds_says_so_and_that_asking_is_the_way() -> None:
    advice = {each.key.partition(":")[0]: each for each in given(finding(KNOWN, GYM))}
    assert set(advice) == {"pictures", "documents"}
    for each in advice.values():
        assert "No list of addresses has this leak. Only Total Fitness can say who is in it." in each.why
    assert advice["pictures"].title == "Ask Total Fitness which pictures leaked"
    assert "you can skip this" in advice["documents"].steps[0].text
    assert wording.finding_title(finding(KNOWN, GYM)) == "Pictures in a leak: Total Fitness"
    (other,) = given(finding(replace(LEAK, data_classes=("Passport numbers",))))
    assert "No list" not in other.why
    assert "skip" not in everything(other)


def test_a_known_leak_of_pictures_without_a_site_still_has_somebody_to_write_to() -> None:
    advice = given(finding(replace(KNOWN, domain="", data_classes=("Photos",)), GYM))
    assert [each.title for each in advice] == ["Ask Total Fitness which pictures leaked"]


def test_pictures_in_a_collection_have_nobody_to_write_to() -> None:
    (advice,) = given(finding(replace(LEAK, domain="", data_classes=("Photos",))))
    assert "Write to" not in everything(advice)
    assert advice.title == "Pictures of you may have leaked"


def test_a_spied_on_computer_is_cleaned_before_passwords_are_changed() -> None:
    worse = replace(LEAK, data_classes=("Passwords", "Photos"))
    advice = given(finding(worse, key="a"), finding(SPIED, key="b"))
    assert advice[0].key == "spyware:b"
    first, second, _third = advice[0].steps
    assert "virus check" in first.text
    assert "Do not type passwords yet" in first.text
    assert second.text.startswith("Then change the passwords")


def test_leaks_of_pictures_come_first_within_a_level_and_not_before_a_more_urgent_one() -> None:
    week = [
        finding(replace(LEAK, data_classes=("Names",)), key="short"),
        finding(replace(LEAK, data_classes=("Avatars",)), key="long"),
    ]
    assert [each.answers for each in given(*week)] == [("long",), ("short",)]
    minutes = [sum(step.minutes for step in each.steps) for each in given(*week)]
    assert minutes[0] > minutes[1]
    urgent = finding(replace(LEAK, data_classes=("Passwords",)), key="now")
    assert given(*week, urgent)[0].answers == ("now",)


def test_texts_on_public_pages_are_one_advice_for_each_person() -> None:
    texts = [finding(replace(PASTE, name=str(n)), key=str(n)) for n in range(3)]
    advice = given(*texts, finding(PASTE, key="child", person="c"))
    assert {each.person_id: each.answers for each in advice} == {"p": ("0", "1", "2"), "c": ("child",)}
    titles = {each.person_id: each.title for each in advice}
    assert titles["p"] == "Your e-mail address was in 3 texts on public pages"
    assert titles["c"] == "Your child’s e-mail address was in 1 text on a public page (Kim)"
    assert wording.finding_title(texts[0]) == "In a text on a public page: Pastebin abc"
    assert "http" not in everything(advice[0])


def test_a_text_that_was_dealt_with_is_not_counted() -> None:
    done = replace(finding(PASTE, key="done"), mark=Mark(MarkKind.DONE))
    (advice,) = given(finding(PASTE, key="open"), done)
    assert advice.answers == ("open",)
