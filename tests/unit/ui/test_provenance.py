"""What the window says of a picture's making: what the file says, and never the reverse."""

from datetime import UTC, datetime

import pytest

from privacyguard.model.advice import Level
from privacyguard.model.finding import Finding, FindingKind
from privacyguard.model.picture import Box, Closeness, FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import (
    Credentials,
    HiddenDetails,
    HiddenInPhotos,
    HiddenKind,
    Making,
    Provenance,
    Seal,
)
from privacyguard.ui.pages.views import FindingDetail
from privacyguard.ui.presenters.cleaning import Photo, clean_view
from privacyguard.ui.presenters.provenance import provenance_notes, with_hidden
from tests.support.photos import DEVICE, PLACE, SERIAL, TAKEN_AT

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DETAIL = FindingDetail("k", Level.GOOD_TO_KNOW, "title", "why", "first", "", "", "", "", notes=("a",))
REVERSE = ("real", "genuine", "authentic", "not made", "no sign")


def notes(provenance: Provenance | None) -> tuple[str, ...]:
    face = FaceMatch("https://a.example/a.jpg", None, Box(0, 0, 9, 9), 0.6, Closeness.A_LOT, "m", "0", "0")
    copy = PictureCopy("https://a.example/a.jpg", None, 1, "0", provenance=provenance)
    from dataclasses import replace

    told = provenance_notes(replace(face, provenance=provenance))
    assert told == provenance_notes(copy)
    return told


def test_a_claim_is_told_with_where_it_comes_from_and_that_it_is_no_proof() -> None:
    told = notes(Provenance(Making.MADE_BY_AI, ("Stable Diffusion", "IPTC")))
    assert told == (
        "This picture says that it was made by AI.",
        "We read this from: Stable Diffusion, IPTC.",
        "Anybody can write such a note. It is a hint and no proof.",
    )
    assert notes(Provenance(Making.CHANGED_BY_AI, ("IPTC",)))[0] == "This picture says that it was changed by AI."


@pytest.mark.parametrize("seal", Seal)
def test_a_seal_is_told_and_never_that_a_picture_is_not_by_ai(seal: Seal) -> None:
    told = " ".join(notes(Provenance(None, (), Credentials(seal))))
    assert told
    assert not any(word in told.lower() for word in REVERSE)
    assert "AI" not in told


def test_signer_is_named_only_where_somebody_vouches_for_the_name() -> None:
    known = notes(Provenance(None, (), Credentials(Seal.VALID, "Example\u202e News")))
    assert known[-1] == "Signed by: Example\\u202e News."
    unknown = notes(Provenance(None, (), Credentials(Seal.UNKNOWN_SIGNER, "Example News")))
    assert "Example News" not in " ".join(unknown)


def test_a_picture_that_says_nothing_has_no_line() -> None:
    assert notes(None) == ()
    assert provenance_notes(Profile("GitHub", "https://github.com/a", "a", None, False, "github")) == ()


def hidden_detail(evidence: HiddenInPhotos) -> FindingDetail:
    return with_hidden(DETAIL, Finding("k", FindingKind.HIDDEN, "p", ("folders",), NOW, NOW, evidence))


def test_hidden_details_are_told_with_examples_and_a_way_to_clean() -> None:
    paths = tuple(f"/home/me/trip/{number}.jpg" for number in range(5))
    detail = hidden_detail(HiddenInPhotos("/home/me/trip", ((HiddenKind.PLACE, 7),), 9, paths))
    assert detail.cleans_photos
    assert detail.place == "/home/me/trip"
    assert "9 photos in one folder" in detail.why
    assert detail.notes == ("a", *(f"One of them: {path}" for path in paths[:3]))


def test_a_folder_that_tells_nothing_any_more_offers_nothing() -> None:
    detail = hidden_detail(HiddenInPhotos("/home/me/trip"))
    assert not detail.cleans_photos
    assert "any more" in detail.why


def test_any_other_finding_stays_as_it_is() -> None:
    copy = PictureCopy("https://a.example/a.jpg", None, 1, "0")
    assert with_hidden(DETAIL, Finding("k", FindingKind.COPY, "p", ("pages",), NOW, NOW, copy)) is DETAIL


def test_photos_tell_what_is_in_them() -> None:
    from pathlib import Path

    every = HiddenDetails(frozenset(HiddenKind), PLACE, TAKEN_AT, DEVICE, SERIAL)
    view = clean_view(
        (
            Photo(Path("/x/a\u202e.jpg"), every),
            Photo(Path("/x/b.jpg"), HiddenDetails()),
            Photo(Path("/x/c.jpg"), problem="why"),
        )
    )
    tells = view.rows[0].tells
    assert view.rows[0].name == "a\\u202e.jpg"
    assert len(tells) == 1 + len(HiddenKind)
    assert "• where it was taken: 52.52417, 13.37889" in tells
    assert f"• the number of that phone or camera: {SERIAL}" in tells
    assert view.rows[1].tells == ("We found nothing hidden in this photo.",)
    assert view.rows[2].tells == ("why",)
    assert view.can_write
    assert not clean_view((Photo(Path("/x/c.jpg"), problem="why"),)).can_write
    assert SERIAL not in repr(view)
