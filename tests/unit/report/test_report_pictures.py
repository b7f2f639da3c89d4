"""What reports say of accounts, of how pictures were made, and of what is hidden in photos."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of
from privacyguard.model.finding import Evidence, Finding, FindingKind
from privacyguard.model.picture import Box, Closeness, FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import Credentials, HiddenInPhotos, HiddenKind, Making, Provenance, Seal
from privacyguard.paths import resources
from privacyguard.report.content import ReportContent
from privacyguard.report.picture_words import more_words
from privacyguard.report.report_html import as_html
from privacyguard.report.report_json import write_json

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
HOSTILE = '"><img src=x onerror=alert(1)>\u202egpj.exe'
PAGE, PICTURE = "https://club.example.org/team", "https://club.example.org/1.jpg"
FACE = FaceMatch(PICTURE, PAGE, Box(1, 2, 3, 4), 0.6, Closeness.A_LOT, "m", "a" * 64, "b" * 16)
COPY = PictureCopy(PICTURE, PAGE, 2, "c" * 64)
ACCOUNT = Profile("Example", "https://social.example.org/zoe", "zoe", HOSTILE, True, "github")
HIDDEN = HiddenInPhotos(
    "/home/zoe/Pictures", ((HiddenKind.PLACE, 3), (HiddenKind.SERIAL, 1)), 4, ("/home/zoe/Pictures/1.jpg",)
)
BY_AI = "This picture says that it was made by AI."


def found(evidence: Evidence, kind: FindingKind = FindingKind.FACE) -> Finding:
    return Finding(f"{kind.value}-1", kind, "p", ("pages",), NOW, NOW, evidence)


def report(*findings: Finding) -> ReportContent:
    advice = advise(findings, (), Context(NOW, "GB"))
    return ReportContent(NOW, advice, findings, {each.key: level_of(each, advice) for each in findings}, None, ())


def made(
    making: Making | None, seal: Seal | None = None, evidence: FaceMatch | PictureCopy = FACE
) -> FaceMatch | PictureCopy:
    return replace(evidence, provenance=Provenance(making, ("IPTC",), Credentials(seal) if seal else None))


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (FACE, ""),
        (made(None), ""),
        (made(None, Seal.VALID), ""),
        (made(Making.MADE_BY_AI), BY_AI),
        (made(Making.MADE_BY_AI, Seal.VALID), f"{BY_AI} It is signed, and nobody changed it since."),
        (made(Making.CHANGED_BY_AI, evidence=COPY), "This picture says that it was changed by AI."),
        (made(None, Seal.BROKEN), "It has a seal, but the seal is broken. Do not trust what it says."),
        (replace(ACCOUNT, shown_name=None), "The account zoe at Example."),
        (replace(ACCOUNT, shown_name="Zoe Q"), "The account zoe at Example, with the name Zoe Q."),
        (
            replace(FACE, profile=replace(ACCOUNT, shown_name=None), provenance=Provenance(Making.MADE_BY_AI)),
            f"The account zoe at Example. {BY_AI}",
        ),
        (
            HIDDEN,
            "4 photos tell more than they show."
            " Hidden: where it was taken (3), the number of that phone or camera (1).",
        ),
    ],
)
def test_what_is_told_beside_the_place(evidence: Evidence, words: str) -> None:
    assert more_words(found(evidence)) == words


def test_the_page_tells_it_and_a_foreign_name_stays_text() -> None:
    page = as_html(
        report(
            found(ACCOUNT, FindingKind.PROFILE),
            found(made(Making.MADE_BY_AI)),
            found(HIDDEN, FindingKind.HIDDEN),
        ),
        resources(),
    )
    assert ACCOUNT.page in page
    assert f"{PAGE} {PICTURE}" in page
    assert BY_AI in page
    assert "4 photos tell more than they show." in page
    assert "&lt;img src=x" in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_the_file_for_programs_has_all_of_it_and_no_hash_of_a_picture(tmp_path: Path) -> None:
    with_all = replace(made(Making.MADE_BY_AI, Seal.UNKNOWN_SIGNER), profile=ACCOUNT)
    assert isinstance(with_all, FaceMatch)
    write_json(
        tmp_path / "r.json",
        report(found(with_all), found(ACCOUNT, FindingKind.PROFILE), found(HIDDEN, FindingKind.HIDDEN)),
    )
    content = json.loads((tmp_path / "r.json").read_text("ascii"))
    assert content["version"] == 3
    face, account, hidden = (each["evidence"] for each in content["findings"])
    assert face["provenance"] == {
        "making": "made-by-ai",
        "marks": ["IPTC"],
        "credentials": {"seal": "unknown-signer", "signer": None, "tool": None, "making": None},
    }
    assert face["profile"]["page"] == account["page"] == ACCOUNT.page
    assert hidden["counts"] == {"place": 3, "serial": 1}
    assert hidden["folder"] == HIDDEN.folder
    assert not {"sha256", "phash", "cut"} & set(face)
