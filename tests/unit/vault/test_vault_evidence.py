"""Profiles, provenance and hidden details are kept as they are; anything else in the file is a damaged one."""

import dataclasses
import json

import pytest

from privacyguard.model.finding import Evidence, FindingKind, place_of, places_of, profile_of
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import Credentials, HiddenInPhotos, HiddenKind, Making, Provenance, Seal
from privacyguard.vault.evidence import pack, unpack
from privacyguard.vault.vault import Vault
from tests.support.vault_samples import breach, face_match, finding, outcome, picture_copy

PROFILE = Profile("Example", "https://example.org/@zyxw", "zyxw", "Zyxw C.", True, "example")
BARE = dataclasses.replace(PROFILE, shown_name=None, has_picture=False)
SEALED = Provenance(
    Making.CHANGED_BY_AI, ("IPTC",), Credentials(Seal.VALID, "A. Signer", "A tool", Making.CHANGED_BY_AI)
)
SAYS = Provenance(Making.MADE_BY_AI, ("Stable Diffusion",))
HIDDEN = HiddenInPhotos("/home/zyxw/photos", ((HiddenKind.PLACE, 3), (HiddenKind.SERIAL, 1)), 9, ("/home/zyxw/1.jpg",))


def _match(provenance: Provenance | None = None, profile: Profile | None = None) -> Evidence:
    return dataclasses.replace(face_match(), cut=None, provenance=provenance, profile=profile)


@pytest.mark.parametrize(
    ("kind", "evidence"),
    [
        (FindingKind.PROFILE, PROFILE),
        (FindingKind.PROFILE, BARE),
        (FindingKind.HIDDEN, HIDDEN),
        (FindingKind.FACE, _match(SEALED, PROFILE)),
        (FindingKind.FACE, _match(SAYS)),
        (FindingKind.COPY, dataclasses.replace(picture_copy(), provenance=Provenance(), profile=BARE)),
    ],
)
def test_what_was_packed_comes_back(kind: FindingKind, evidence: Evidence) -> None:
    assert unpack(kind, pack(kind, evidence), None) == evidence


def test_pictures_of_an_older_version_have_no_provenance_and_no_profile() -> None:
    for kind, evidence in ((FindingKind.FACE, _match(SAYS, PROFILE)), (FindingKind.COPY, picture_copy())):
        kept = json.loads(pack(kind, evidence))
        del kept["provenance"], kept["profile"]
        read = unpack(kind, json.dumps(kept), None)
        assert (getattr(read, "provenance", ""), getattr(read, "profile", "")) == (None, None)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("profile", 7),
        ("profile", {}),
        ("profile", {"site": "x"}),
        ("provenance", []),
        ("provenance", {"making": "by-hand", "marks": [], "credentials": None}),
        ("provenance", {"making": None, "marks": "x", "credentials": None}),
        ("provenance", {"making": None, "marks": [], "credentials": {"seal": "gold"}}),
    ],
)
def test_anything_else_is_refused(part: str, value: object) -> None:
    kept = json.loads(pack(FindingKind.FACE, _match()))
    with pytest.raises(ValueError, match=r"\w"):
        unpack(FindingKind.FACE, json.dumps({**kept, part: value}), None)


def test_evidence_of_another_kind_is_not_packed() -> None:
    for kind, evidence in ((FindingKind.PROFILE, HIDDEN), (FindingKind.HIDDEN, PROFILE), (FindingKind.FACE, PROFILE)):
        with pytest.raises(ValueError, match="another kind"):
            pack(kind, evidence)


def test_where_and_which_profile(vault: Vault, ann: str) -> None:
    assert place_of(PROFILE) == PROFILE.page and place_of(HIDDEN) == HIDDEN.folder
    match = face_match()
    assert place_of(match) == (match.page or match.picture)
    assert places_of(match) == (match.page, match.picture)
    assert places_of(dataclasses.replace(match, page=None)) == (match.picture,)
    assert places_of(dataclasses.replace(match, page=match.picture)) == (match.picture,)
    assert places_of(PROFILE) == (PROFILE.page,) and places_of(HIDDEN) == (HIDDEN.folder,)
    with_profile = dataclasses.replace(match, profile=PROFILE)
    for evidence, profile in ((breach(), None), (match, None), (with_profile, PROFILE)):
        known = finding(ann, evidence)
        vault.save_outcome(ann, outcome(), [known])
        kept = vault.finding(known.key)
        assert kept is not None and profile_of(kept) == profile
