"""What the window says of a profile: which account, which answers, and nothing of other findings."""

from datetime import UTC, datetime

import pytest

from privacyguard.model.advice import Level
from privacyguard.model.finding import Evidence, Finding, FindingKind, Mark, MarkKind
from privacyguard.model.picture import Box, Closeness, FaceMatch
from privacyguard.model.profile import Profile
from privacyguard.ui.pages.views import FindingDetail
from privacyguard.ui.presenters.profiles import with_profile

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
PROFILE = Profile("GitHub", "https://github.com/jane7", "jane7", "Jane Doe", True, "github")
FACE = FaceMatch(
    "https://a.example/a.jpg", PROFILE.page, Box(0, 0, 9, 9), 0.6, Closeness.A_LOT, "m", "0", "0", profile=PROFILE
)
DETAIL = FindingDetail(
    "k", Level.GOOD_TO_KNOW, "A picture here looks a lot like you", "why", "first", "", "", "", "", notes=("a",)
)
NOT_MINE = Mark(MarkKind.NOT_MINE)


def shown(evidence: Evidence, mark: Mark | None = None, source: str = "github") -> FindingDetail:
    return with_profile(DETAIL, Finding("k", FindingKind.PROFILE, "p", (source,), NOW, NOW, evidence, mark=mark))


def test_an_undecided_profile_is_a_question_with_three_answers() -> None:
    detail = shown(PROFILE)
    assert detail.title == "Is this your profile? GitHub"
    assert detail.decisions == (MarkKind.FINE, MarkKind.NOT_MINE, MarkKind.LATER)
    assert "I did not make it" in detail.first
    assert detail.notes[:4] == ("a", "Site: GitHub", "User name: jane7", "Name on the profile: Jane Doe")
    assert detail.credits == ()


def test_a_profile_with_a_face_keeps_its_words_and_may_also_be_not_me() -> None:
    detail = shown(FACE)
    assert detail.title == "A picture here looks a lot like you, in a profile at GitHub"
    assert (detail.why, detail.decisions) == (
        "why",
        (MarkKind.FINE, MarkKind.NOT_MINE, MarkKind.NOT_ME, MarkKind.LATER),
    )
    assert not any("We " in note for note in detail.notes)


@pytest.mark.parametrize("evidence", [PROFILE, FACE])
def test_a_fake_profile_has_the_advices_words_and_ends_with_done(evidence: Evidence) -> None:
    detail = shown(evidence, NOT_MINE)
    assert detail.title == "A profile that you did not make: GitHub"
    assert (detail.why, detail.first, detail.decisions) == ("why", "first", (MarkKind.DONE, MarkKind.FINE))


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (PROFILE, "It has a picture. We did not see a face like yours there."),
        (Profile("Bluesky", "p", "u", None, False, "bluesky"), "We saw no picture in it."),
        (
            Profile("Flickr", "p", "u", None, False, "whatsmyname"),
            "We only asked if there is such a profile. We did not look at its pictures.",
        ),
    ],
)
def test_what_was_seen_is_told_and_no_more(profile: Profile, words: str) -> None:
    assert shown(profile).notes[-1] == words


def test_the_list_of_sites_is_credited() -> None:
    detail = shown(PROFILE, source="whatsmyname")
    assert detail.credits == (
        ("List of sites: WhatsMyName (CC BY-SA 4.0)", "https://github.com/WebBreacher/WhatsMyName"),
    )


def test_a_finding_without_a_profile_is_left_as_it_is() -> None:
    plain = FaceMatch("https://a.example/a.jpg", None, Box(0, 0, 9, 9), 0.6, Closeness.A_LOT, "m", "0", "0")
    assert shown(plain) is DETAIL
