"""Profiles and provenance as programs read them: plain words, and nothing of how they are kept."""

import dataclasses
import json

from privacyguard.commands.answers import evidence_as_json
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import Credentials, Making, Provenance, Seal
from tests.support.vault_samples import face_match, finding

PROFILE = Profile("Example", "https://example.org/@zyxw", "zyxw", None, True, "example")
SEALED = Provenance(Making.MADE_BY_AI, ("IPTC",), Credentials(Seal.BROKEN, None, "A tool"))


def test_a_match_tells_its_profile_and_what_the_picture_says_of_itself() -> None:
    match = dataclasses.replace(face_match(), profile=PROFILE, provenance=SEALED)
    said = json.loads(json.dumps(evidence_as_json(finding("p", match))))
    assert said["profile"] == {
        "site": "Example",
        "page": "https://example.org/@zyxw",
        "user_name": "zyxw",
        "shown_name": None,
        "has_picture": True,
    }
    assert said["provenance"] == {
        "making": "made-by-ai",
        "marks": ["IPTC"],
        "credentials": {"seal": "broken", "signer": None, "tool": "A tool", "making": None},
    }


def test_a_match_without_them_says_so() -> None:
    said = evidence_as_json(finding("p", face_match()))
    assert (said["profile"], said["provenance"]) == (None, None)
