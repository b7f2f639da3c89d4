"""Words for every member of every enum; dates, times and amounts; what stays hidden."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest

from privacyguard import wording, wording_levels, wording_pictures
from privacyguard.errors import NoNetwork, SourceError
from privacyguard.model.advice import Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, MarkKind
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch, PhotoProblem, PictureCopy, Unreadable
from privacyguard.sources.pictures.named import CreditUsedUp
from privacyguard.wording_by_hand import remedy_by_hand
from privacyguard.wording_consent import ADULT, HELPED, PARENT, UNDER_18, ConsentText, consent_text

NOW = datetime(2026, 6, 1, 9, 5, tzinfo=UTC)
LEAK = Breach("Dating", "Example Dating", "dating.example.org", date(2026, 5, 4), None, ("Passwords", "Photos"))
FACE = FaceMatch("https://x.example.org/a.jpg", None, Box(0, 0, 9, 9), 0.6, Closeness.A_LITTLE, "m", "0", "0")


def finding(evidence: Breach | FaceMatch | PictureCopy) -> Finding:
    return Finding("k", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, evidence)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (Level, wording_levels.level),
        (MarkKind, wording.mark),
        (Status, wording.status),
        (Relation, wording.relation),
        (IdentifierKind, wording.identifier_kind),
        (PhotoProblem, wording_pictures.photo_heading),
        (PhotoProblem, wording_pictures.photo_problem),
        (Unreadable, wording_pictures.unreadable),
        (FindingKind, wording.finding_kind),
        (Closeness, wording.closeness),
        (Closeness, lambda closeness: wording.closeness(closeness, Relation.MY_CHILD)),
    ],
)
def test_every_member_has_words_of_its_own(members: type[Enum], words: Callable[[Any], str]) -> None:
    said = [words(member) for member in members]
    assert all(said)
    assert len(set(said)) == len(said)


def test_a_level_is_told_by_its_words_of_the_guide() -> None:
    said = [wording_levels.level(level) for level in Level]
    assert said == ["Do today", "Do this week", "Good to know", "Nothing found", "Could not check"]


def test_what_was_stopped_in_the_middle_is_neither_done_nor_not_asked() -> None:
    assert wording.ended(Outcome("x", Status.SKIPPED, seen=2, left=3)) == "Not finished"
    assert wording.ended(Outcome("x", Status.SKIPPED)) == wording.status(Status.SKIPPED)
    assert wording.ended(Outcome("x", Status.FAILED, seen=2, left=3)) == wording.status(Status.FAILED)


TESTED_BY_HAND = [
    SourceError,
    CreditUsedUp,
    *(kind for kind in SourceError.__subclasses__() if kind.__module__ == SourceError.__module__),
    *NoNetwork.__subclasses__(),
]
"""Errors of any place; those of one place alone may come from a checkup only."""


@pytest.mark.parametrize("kind", TESTED_BY_HAND)
def test_what_is_tested_by_hand_is_not_promised_to_be_tried_again(kind: type[SourceError]) -> None:
    said = remedy_by_hand(kind("x"))
    assert said
    assert "next check" not in said
    assert (said == kind.remedy) == ("next check" not in kind.remedy)


def test_a_photo_without_a_problem_is_good() -> None:
    assert wording_pictures.photo_heading(None) == "Good"


@pytest.mark.parametrize(
    ("classes", "title"),
    [
        (("Passwords", "Photos"), "Password in a leak: Example Dating"),
        (("Photos",), "Pictures in a leak: Example Dating"),
        (("Names",), "Details in a leak: Example Dating"),
    ],
)
def test_a_leak_is_named_by_the_worst_that_leaked(classes: tuple[str, ...], title: str) -> None:
    assert wording.finding_title(finding(replace(LEAK, data_classes=classes))) == title


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"paste": True}, "In a text on a public page: Example Dating"),
        ({"malware": True}, "Taken by a spying program: Example Dating"),
        ({"knows_no_addresses": True}, "Pictures in a leak: Example Dating"),
    ],
)
def test_a_leak_of_no_service_or_of_our_own_list_is_named_as_that(changes: dict[str, bool], title: str) -> None:
    assert wording.finding_title(finding(replace(LEAK, **changes))) == title  # type: ignore[arg-type]
    hidden = wording.finding_title(finding(replace(LEAK, sensitive=True, **changes)))  # type: ignore[arg-type]
    assert "Dating" not in hidden


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("LeakCheck",), "LeakCheck says so."),
        (("Have I Been Pwned", "XposedOrNot"), "Have I Been Pwned and XposedOrNot say so."),
        (("A", "B", "C"), "A, B and C say so."),
    ],
)
def test_who_says_so(names: tuple[str, ...], words: str) -> None:
    assert wording.told_by(names) == words


def test_addresses_in_a_leak_are_counted_and_not_told() -> None:
    addresses = tuple(Identifier(IdentifierKind.EMAIL, f"jane+{n}@example.org") for n in range(3))
    site = Identifier(IdentifierKind.SERVICE, "example.org")
    known = replace(finding(LEAK), subjects=(*addresses, site))
    assert wording.addresses_in_it(known) == "3 of your addresses are in it."
    assert wording.addresses_in_it(replace(known, subjects=(addresses[0], site))) == ""


def test_what_is_new_in_a_leak() -> None:
    known = finding(LEAK)
    assert wording.grown(known) == ""
    more = replace(known, grown=("Phone numbers", "IP addresses"))
    assert wording.grown(more) == "New: it also holds phone numbers, IP addresses."
    private = replace(more, evidence=replace(LEAK, sensitive=True))
    assert wording.grown(private) == "New: it holds more than we told you before."
    assert "phone numbers" in wording.grown(private, hide_sensitive=False)


def test_a_face_is_a_likeness_and_never_somebody() -> None:
    assert wording.finding_title(finding(FACE)) == "Looks a little like you"
    assert wording.finding_title(finding(FACE), Relation.MY_CHILD) == "Looks a little like your child"
    assert wording.finding_title(finding(PictureCopy("p", None, 1, "0"))) == "The same picture as one you chose"


def test_a_sensitive_leak_is_named_only_when_asked_for() -> None:
    sensitive = replace(LEAK, sensitive=True)
    assert wording.breach_name(sensitive) == "a service you may want to keep private"
    assert "Dating" not in wording.finding_title(finding(sensitive))
    assert wording.breach_name(sensitive, hide_sensitive=False) == "Example Dating"
    assert "Example Dating" in wording.finding_title(finding(sensitive), hide_sensitive=False)
    assert wording.breach_name(LEAK) == "Example Dating"


def test_days_and_months() -> None:
    assert wording.day(date(2026, 5, 4)) == "4 May 2026"
    assert wording.day(date(2025, 12, 31)) == "31 December 2025"
    assert wording.month(date(2026, 1, 9)) == "January 2026"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (NOW, "today, 09:05"),
        (NOW - timedelta(hours=9, minutes=5), "today, 00:00"),
        (NOW - timedelta(hours=9, minutes=6), "yesterday, 23:59"),
        (NOW - timedelta(days=2), "30 May 2026, 09:05"),
        (NOW + timedelta(days=1), "2 June 2026, 09:05"),
    ],
)
def test_moments_are_told_as_one_speaks(when: datetime, words: str) -> None:
    assert wording.moment(when, NOW) == words


def test_a_moment_is_told_in_the_zone_of_the_one_who_reads() -> None:
    there = timezone(timedelta(hours=10))
    late = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)
    assert wording.moment(late, NOW.astimezone(there)) == "today, 02:30"


def test_amounts_in_one_and_many() -> None:
    assert [wording.minutes(count) for count in (1, 10)] == ["about 1 minute", "about 10 minutes"]
    assert wording.answered(3, 5) == "3 of 5 places answered"
    assert wording.answered(1, 1) == "1 of 1 place answered"
    sizes = [wording.size(count) for count in (1, 212, 48_000, 12_400_000)]
    assert sizes == ["1 byte", "212 bytes", "48 kB", "12 MB"]


@pytest.mark.parametrize(
    ("relation", "is_adult", "text"),
    [
        (Relation.ME, True, ADULT),
        (Relation.ME, False, UNDER_18),
        (Relation.MY_CHILD, False, PARENT),
        (Relation.MY_CHILD, True, PARENT),
        (Relation.SOMEONE_I_HELP, True, HELPED),
    ],
)
def test_each_person_gets_the_consent_text_meant_for_them(
    relation: Relation, is_adult: bool, text: ConsentText
) -> None:
    assert consent_text(relation, is_adult) is text


@pytest.mark.parametrize("text", [ADULT, PARENT, HELPED])
def test_a_consent_says_what_where_how_long_and_has_a_free_no(text: ConsentText) -> None:
    said = " ".join(f"{heading} {words}" for heading, words in text.paragraphs)
    assert "a list of numbers that describes the face" in said
    assert "only on this computer" in said
    assert "until you delete it" in said
    assert "say no" in said or "says no" in said
    assert len(text.ticks) >= 2
    assert text.yes
    assert text.no.startswith("Continue without")


def test_nobody_under_18_can_say_yes_alone() -> None:
    assert UNDER_18.ticks == ()
    assert UNDER_18.yes == ""
    assert "not your fault" in " ".join(words for _heading, words in UNDER_18.paragraphs)
