"""Accounts under the person's user name: whose they are, fake ones with and without a face, and those that are gone."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of
from privacyguard.advice.profiles import is_gone
from privacyguard.model.advice import Advice, Level
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Evidence, Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Person
from privacyguard.model.picture import Box, Closeness, FaceMatch, PictureCopy
from privacyguard.model.profile import Profile

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
CONTEXT = Context(NOW, "GB", {"p": Person("p", "me")})
PROFILE = Profile("Example Site", "https://site.example/jane7", "jane7", "Jane Doe", True, "github")
FACE = FaceMatch(
    "https://site.example/a.jpg", PROFILE.page, Box(0, 0, 9, 9), 0.6, Closeness.A_LOT, "m", "0", "0", profile=PROFILE
)
COPY = PictureCopy("https://site.example/a.jpg", PROFILE.page, 2, "0", profile=PROFILE)
NOT_MINE = Mark(MarkKind.NOT_MINE)


def finding(
    evidence: Evidence, mark: Mark | None = None, key: str = "k", sources: tuple[str, ...] = ("github",)
) -> Finding:
    kind = {Profile: FindingKind.PROFILE, FaceMatch: FindingKind.FACE, PictureCopy: FindingKind.COPY}[type(evidence)]
    return Finding(key, kind, "p", sources, NOW, NOW, evidence, mark=mark)


def given(*findings: Finding, outcomes: tuple[Outcome, ...] = ()) -> tuple[Advice, ...]:
    return tuple(each for each in advise(findings, outcomes, CONTEXT) if each.answers and each.answers[0] in {"k", "l"})


def checked(*keys: str, status: Status = Status.CHECKED, source: str = "github") -> Outcome:
    return Outcome(source, status, keys, problem=None if status is Status.CHECKED else "words")


def said(advice: Advice) -> str:
    return " ".join((advice.title, advice.why, *(step.text for step in advice.steps), advice.later, advice.help_line))


def test_an_account_that_nobody_decided_about_is_a_quiet_question() -> None:
    (advice,) = given(finding(PROFILE))
    assert (advice.key, advice.level, advice.title) == (
        "profile:k",
        Level.GOOD_TO_KNOW,
        "Is this your profile? Example Site",
    )
    assert "Other people may use the same name." in advice.why


@pytest.mark.parametrize("evidence", [FACE, COPY])
def test_an_account_with_a_face_is_told_by_its_picture_until_it_is_decided(evidence: Evidence) -> None:
    (advice,) = given(finding(evidence))
    assert advice.key in {"face:k", "copy:k"}


@pytest.mark.parametrize(
    ("evidence", "level"), [(PROFILE, Level.DO_THIS_WEEK), (FACE, Level.DO_TODAY), (COPY, Level.DO_TODAY)]
)
def test_a_fake_profile_has_proof_first_then_the_site_friends_and_police(evidence: Evidence, level: Level) -> None:
    fake = finding(evidence, NOT_MINE)
    (advice,) = given(fake)
    assert (advice.key, advice.level, level_of(fake, [advice])) == ("fake:k", level, level)
    order = ["Keep proof first", "Tell the site", "Warn your friends", "Tell the police"]
    assert [words in step.text for words, step in zip(order, advice.steps, strict=True)] == [True] * 4
    assert all((advice.why, advice.later, advice.help_line))
    assert "This is not your fault." in advice.why


@pytest.mark.parametrize("evidence", [PROFILE, FACE, COPY])
@pytest.mark.parametrize(
    "mark", [Mark(MarkKind.FINE), Mark(MarkKind.DONE), Mark(MarkKind.NOT_ME), Mark(MarkKind.LATER, date(2026, 6, 2))]
)
def test_what_was_dealt_with_stays_quiet(evidence: Evidence, mark: Mark) -> None:
    assert given(finding(evidence, mark), outcomes=(checked(),)) == ()


def test_a_reminder_whose_day_has_come_asks_again() -> None:
    (advice,) = given(finding(PROFILE, Mark(MarkKind.LATER, date(2026, 6, 1))))
    assert advice.key == "profile:k"


def test_not_mine_on_something_without_a_profile_says_nothing() -> None:
    """The vault refuses such a mark."""
    assert given(finding(replace(FACE, profile=None), NOT_MINE)) == ()


@pytest.mark.parametrize(
    ("outcomes", "gone"),
    [
        ((checked(),), True),
        ((checked("another"),), True),
        ((checked("k"),), False),
        ((checked(status=Status.FAILED),), False),
        ((checked(status=Status.SKIPPED),), False),
        ((), False),
        ((checked(source="keybase"),), False),
    ],
)
def test_a_fake_profile_is_gone_when_its_place_was_asked_and_has_it_no_more(
    outcomes: tuple[Outcome, ...], gone: bool
) -> None:
    (advice,) = given(finding(PROFILE, NOT_MINE), outcomes=outcomes)
    assert advice.key == ("fake-gone:k" if gone else "fake:k")
    assert ("seems to be gone" in advice.title) is gone


def test_every_place_that_had_it_has_to_say_so() -> None:
    both = finding(PROFILE, NOT_MINE, sources=("github", "whatsmyname"))
    web = (checked(), checked(source="whatsmyname"))
    assert is_gone(both, [both], web)
    assert not is_gone(both, [both], web[:1])
    assert not is_gone(both, [both], (web[0], checked("k", source="whatsmyname")))


def test_the_same_account_with_another_picture_is_not_gone() -> None:
    before, today = finding(FACE, NOT_MINE), finding(PROFILE, key="l")
    assert not is_gone(before, [before, today], (checked("l"),))
    assert is_gone(
        before, [before, replace(today, evidence=replace(PROFILE, page="https://site.example/x"))], (checked("l"),)
    )
    assert is_gone(before, [before, replace(today, person_id="q")], (checked("l"),))


def test_no_advice_promises_or_shouts() -> None:
    every = [finding(PROFILE), finding(FACE, NOT_MINE), finding(PROFILE, NOT_MINE)]
    for each in every:
        for advice in (*given(each), *given(each, outcomes=(checked(),))):
            assert not re.search(r"\b(?:safe|secure|promise|vanish|confront)\b|!|{", said(advice).lower())
            assert "jane" not in said(advice).lower()
