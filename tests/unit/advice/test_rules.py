"""Each rule with its finding and without; what is said of a child; and what advice may never say."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from privacyguard.advice import leak_lists, leaks, pictures
from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Evidence, Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch, PictureCopy, SwapSign

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
CONTEXT = Context(NOW, "GB", {"p": Person("p", "me"), "c": Person("c", "Kim", Relation.MY_CHILD, False)})
EMAIL = "jane@example.org"
SENSITIVE = "Example Dating"


def leak(*classes: str, **changes: object) -> Breach:
    known = Breach("Gym", "Example Gym", "gym.example.org", date(2026, 5, 4), date(2026, 5, 5), classes)
    return replace(known, **changes)  # type: ignore[arg-type]


def face(**changes: object) -> FaceMatch:
    page = "https://club.example.org/p"
    match = FaceMatch("https://club.example.org/a.jpg", page, Box(0, 0, 9, 9), 0.6, Closeness.A_LOT, "m", "0", "0")
    return replace(match, **changes)  # type: ignore[arg-type]


COPY = PictureCopy("https://club.example.org/a.jpg", "https://club.example.org/p", 2, "0")


def finding(evidence: Evidence, person: str = "p", subject: str | None = EMAIL, key: str = "k") -> Finding:
    kind = {Breach: FindingKind.BREACH, FaceMatch: FindingKind.FACE, PictureCopy: FindingKind.COPY}[type(evidence)]
    return Finding(key, kind, person, ("hibp",), NOW, NOW, evidence, subjects(kind, subject))


def subjects(kind: FindingKind, value: str | None) -> tuple[Identifier, ...]:
    if kind is not FindingKind.BREACH or value is None:
        return ()
    return (Identifier(IdentifierKind.EMAIL if "@" in value else IdentifierKind.SERVICE, value),)


def given(evidence: Evidence, person: str = "p", subject: str | None = EMAIL) -> tuple[Advice, ...]:
    return advise([finding(evidence, person, subject)], (), CONTEXT)


def said(advice: Advice) -> str:
    return " ".join((advice.title, advice.why, *(step.text for step in advice.steps), advice.later, advice.help_line))


PASSWORDS, PAPERS, PHOTOS, NAMES = leak("Passwords"), leak("Passport numbers"), leak("Photos"), leak("Names")
SPIED = leak("Email addresses", "Passwords", domain="", malware=True)
PASTE = leak("Email addresses", title="Pastebin 8Q0BvKD8 (list)", domain="", verified=False, paste=True)
HERE = face(on_this_computer=True, picture="/home/x/a.jpg", page=None)
COPY_HERE = replace(COPY, picture="/home/x/a.jpg", page=None, on_this_computer=True)
SWAPS: list[Evidence] = [
    face(swap=SwapSign.OTHER_SCENE),
    replace(HERE, swap=SwapSign.OTHER_SCENE),
    replace(HERE, swap=SwapSign.OTHER_FACE),
    replace(COPY, swap=SwapSign.OTHER_FACE),
    replace(COPY_HERE, swap=SwapSign.OTHER_FACE),
]
RULES: list[tuple[Callable[..., Iterator[Advice]], list[Evidence], list[Evidence]]] = [
    (leak_lists.spyware_took, [SPIED], [PASSWORDS, PAPERS, PHOTOS, NAMES, PASTE, face(), COPY, HERE]),
    (leak_lists.put_on_pages, [PASTE], [PASSWORDS, PAPERS, PHOTOS, NAMES, SPIED, face(), COPY, HERE]),
    (
        leaks.password_leaked,
        [PASSWORDS, leak("Historical passwords")],
        [PAPERS, PHOTOS, NAMES, SPIED, PASTE, face(), COPY, HERE],
    ),
    (leaks.documents_leaked, [PAPERS, leak("Credit cards")], [PASSWORDS, PHOTOS, NAMES, face(), COPY, HERE]),
    (leaks.pictures_leaked, [PHOTOS, leak("Biometric data")], [PASSWORDS, PAPERS, NAMES, face(), COPY, HERE]),
    (
        leaks.details_leaked,
        [NAMES, leak(), leak("Password hints")],
        [PASSWORDS, PAPERS, PHOTOS, SPIED, PASTE, face(), COPY, HERE],
    ),
    (pictures.swap_found, SWAPS, [PASSWORDS, PAPERS, PHOTOS, NAMES, face(), COPY, HERE, COPY_HERE]),
    (pictures.face_found, [face()], [PASSWORDS, PAPERS, PHOTOS, NAMES, COPY, HERE, COPY_HERE, *SWAPS]),
    (pictures.copy_found, [COPY], [PASSWORDS, PAPERS, PHOTOS, NAMES, face(), HERE, COPY_HERE, *SWAPS]),
    (pictures.own_folders, [HERE, COPY_HERE], [PASSWORDS, PAPERS, PHOTOS, NAMES, face(), COPY, *SWAPS]),
]


@pytest.mark.parametrize(("rule", "answers", "leaves"), RULES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_rule_answers_its_own_findings_and_no_others(
    rule: Callable[..., Iterator[Advice]], answers: list[Evidence], leaves: list[Evidence]
) -> None:
    for evidence in answers:
        (advice,) = rule([finding(evidence)], (), CONTEXT)
        assert advice.answers == ("k",)
        assert advice.person_id == "p"
    for evidence in leaves:
        assert list(rule([finding(evidence)], (), CONTEXT)) == []
    assert list(rule([], (), CONTEXT)) == []


EVERYTHING = [PASSWORDS, PAPERS, PHOTOS, NAMES, face(), COPY, HERE, COPY_HERE]
VARIANTS = [
    *EVERYTHING,
    face(closeness=Closeness.A_LITTLE),
    face(copy_distance=0),
    *SWAPS,
    *(
        replace(each, **change)
        for each in (PASSWORDS, PAPERS, PHOTOS, NAMES)
        for change in (
            {"verified": False},
            {"spam_list": True},
            {"malware": True},
            {"paste": True},
            {"knows_no_addresses": True},
            {"domain": ""},
            {"occurred_on": None},
            {"occurred_on": date(2012, 1, 1)},
            {"sensitive": True, "title": SENSITIVE},
        )
    ),
]


@pytest.mark.parametrize("evidence", VARIANTS)
@pytest.mark.parametrize("person", ["p", "c"])
@pytest.mark.parametrize("subject", [EMAIL, "gym.example.org", None])
def test_whatever_is_found_there_is_advice_in_five_lines_that_keeps_the_rules(
    evidence: Evidence, person: str, subject: str | None
) -> None:
    advice = given(evidence, person, subject)
    assert advice
    for each in advice:
        assert all((each.title, each.why, each.steps, each.later, each.help_line))
        assert all(step.text and step.minutes >= 0 and step.link is None for step in each.steps)
        assert level_of(finding(evidence, person, subject), advice).rank <= each.level.rank
        text = said(each).lower()
        assert not re.search(r"\b(?:safe|secure|this is you|your fault because|should have|promise|vanish)\b", text)
        assert not re.search(r"\b(?:pay|confront|reply to)\b", text)
        assert SENSITIVE.lower() not in text
        assert EMAIL not in text
        assert "{" not in text
        if person == "c":
            assert not re.search(r"like you\b|of you\b|to be you\b|\byour (?:e-mail|password|details|address)", text)


@pytest.mark.parametrize("evidence", [PASSWORDS, PAPERS, PHOTOS, NAMES, SPIED, PASTE, face(), HERE])
def test_a_childs_advice_names_the_child_and_a_grown_ups_does_not(evidence: Evidence) -> None:
    assert all("your child" in said(each).lower() for each in given(evidence, "c"))
    assert not any("child" in said(each).lower() for each in given(evidence, "p"))


def test_a_named_service_is_a_maybe_and_an_address_is_not() -> None:
    (named,) = given(PASSWORDS, subject="gym.example.org")
    assert named.why == "Example Gym, which you named, had a leak (May 2026). Your password there may have leaked."
    (known,) = given(PASSWORDS)
    assert known.why.startswith("Your e-mail address was in a leak at Example Gym (May 2026).")


def test_a_list_from_many_places_has_no_one_password_and_nobody_to_write_to() -> None:
    for collection in (leak("Passwords", domain=""), leak("Passwords", spam_list=True)):
        (advice,) = given(collection)
        assert advice.title == "Change the passwords you use most"
        assert "ask Example Gym" not in said(advice)
        assert "list of leaked data" in advice.why


@pytest.mark.parametrize(
    ("evidence", "level"),
    [
        (PASSWORDS, Level.DO_TODAY),
        (leak("Passwords", verified=False), Level.DO_THIS_WEEK),
        (leak("Passwords", malware=True), Level.DO_TODAY),
        (leak("Passport numbers", occurred_on=date(2012, 1, 1)), Level.DO_THIS_WEEK),
        (replace(SPIED, occurred_on=date(2012, 1, 1)), Level.DO_THIS_WEEK),
        (PASTE, Level.DO_THIS_WEEK),
        (replace(PASTE, occurred_on=None), Level.GOOD_TO_KNOW),
        (replace(PASTE, occurred_on=date(2012, 1, 1)), Level.GOOD_TO_KNOW),
        (leak("Passport numbers", knows_no_addresses=True), Level.DO_THIS_WEEK),
        (leak("Names", verified=False), Level.GOOD_TO_KNOW),
        (leak("Names", spam_list=True), Level.GOOD_TO_KNOW),
        (leak("Names", occurred_on=None), Level.DO_THIS_WEEK),
        (leak("Photos", occurred_on=date(2012, 1, 1)), Level.DO_THIS_WEEK),
        (leak("Photos", verified=False), Level.GOOD_TO_KNOW),
        (face(closeness=Closeness.A_LITTLE), Level.GOOD_TO_KNOW),
        (face(closeness=Closeness.A_LITTLE, copy_distance=0), Level.DO_THIS_WEEK),
    ],
)
def test_old_doubtful_and_mailing_lists_are_softer(evidence: Evidence, level: Level) -> None:
    assert [each.level for each in given(evidence)] == [level]


def test_a_leak_is_old_after_three_years_and_not_a_day_before() -> None:
    recent, old = (NOW.date() - leaks.OLD_AFTER - timedelta(days=days) for days in (0, 1))
    assert given(leak("Passwords", occurred_on=recent))[0].level is Level.DO_TODAY
    assert given(leak("Passwords", occurred_on=old))[0].level is Level.DO_THIS_WEEK


def test_the_finding_takes_the_most_urgent_level_of_its_advice() -> None:
    both = leak("Passwords", "Photos")
    assert {each.level for each in given(both)} == {Level.DO_TODAY, Level.DO_THIS_WEEK}
    assert level_of(finding(both), given(both)) is Level.DO_TODAY
    assert level_of(finding(both), ()) is Level.GOOD_TO_KNOW


def test_the_same_urgency_is_in_order_of_minutes() -> None:
    findings = [finding(PAPERS, key="long"), finding(PASSWORDS, key="short")]
    assert [each.answers for each in advise(findings, (), CONTEXT)] == [("short",), ("long",)]


@pytest.mark.parametrize(
    ("until", "quiet"),
    [(date(2026, 6, 2), True), (date(2026, 6, 1), False), (date(2026, 5, 31), False)],
)
def test_remind_me_comes_back_on_its_day(until: date, quiet: bool) -> None:
    later = replace(finding(PASSWORDS), mark=Mark(MarkKind.LATER, until))
    assert (advise([later], (), CONTEXT) == ()) is quiet


def test_folders_are_counted_for_each_person_alone() -> None:
    here = [finding(HERE, "p", key="1"), finding(COPY_HERE, "p", key="2"), finding(HERE, "c", key="3")]
    titles = {each.person_id: each.title for each in advise(here, (), CONTEXT)}
    assert titles.keys() == {"p", "c"}
    assert titles["p"] == "2 pictures on this computer may show you"
    assert titles["c"].startswith("1 picture on this computer may show your child")


@pytest.mark.parametrize(
    "address", ["https://[::1", "", "https://\u202egro.elpmaxe/p", f"https://{'a' * 300}.example.org"]
)
def test_a_broken_or_endless_address_is_just_a_page(address: str) -> None:
    (advice,) = given(face(page=address, picture=address))
    assert advice.why.startswith("A picture at a page looks a lot like you.")


def test_the_place_of_a_picture_is_told_by_its_site_alone() -> None:
    (advice,) = given(face(page="https://user:word@club.example.org/secret?name=jane"))
    assert advice.why == "A picture at club.example.org looks a lot like you. We cannot be sure."


def test_where_no_office_is_known_the_help_page_is_named() -> None:
    (known,) = given(PASSWORDS)
    (unknown,) = advise([finding(PASSWORDS)], (), replace(CONTEXT, country="DE"))
    assert "Information Commissioner" in known.help_line
    assert "Get help now" in unknown.help_line


def test_a_failure_stands_between_what_is_urgent_and_what_is_good_to_know() -> None:
    failed = Outcome("gravatar", Status.FAILED, problem="This place did not answer in time.")
    levels = [each.level for each in advise([finding(PASSWORDS), finding(HERE, key="h")], [failed], CONTEXT)]
    assert levels == [Level.DO_TODAY, Level.COULD_NOT_CHECK, Level.GOOD_TO_KNOW]
