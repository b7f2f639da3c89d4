"""Reports: hostile text stays text, nothing is loaded, nobody else can read them, and an old one survives a failed write."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of
from privacyguard.errors import DiskFull, VaultUnwritable
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Box, Closeness, FaceCut, FaceMatch
from privacyguard.model.source import Disclosure
from privacyguard.paths import resources
from privacyguard.report.content import ReportContent
from privacyguard.report.files import write_private
from privacyguard.report.report_html import as_html, write_html
from privacyguard.report.report_json import write_json

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JANE = (Identifier(IdentifierKind.EMAIL, "jane@example.org"),)
HOSTILE = '"><img src=x onerror=alert(1)>\x1b[2J\u202egpj.exe'


def content() -> ReportContent:
    leak = Breach("X", HOSTILE, "x.example.org", date(2026, 5, 4), None, ("Passwords", HOSTILE))
    cut = FaceCut(2, 2, b"\1\2\3" * 4)
    match = FaceMatch(
        f"https://x.example.org/{HOSTILE}", None, Box(0, 0, 2, 2), 0.6, Closeness.A_LOT, "m", "0", "0", cut=cut
    )
    findings = (
        Finding("breach-1", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, leak, JANE),
        Finding("face-1", FindingKind.FACE, "p", ("gravatar",), NOW, NOW, match),
    )
    outcomes = (
        Outcome("hibp", Status.CHECKED, ("breach-1",), seen=1),
        Outcome("gravatar", Status.FAILED, problem="This place did not answer in time."),
    )
    advice = advise(findings, outcomes, Context(NOW, "GB"))
    return ReportContent(
        NOW,
        advice,
        findings,
        {finding.key: level_of(finding, advice) for finding in findings},
        Checkup(NOW, NOW, outcomes, "p"),
        (Disclosure(NOW, "haveibeenpwned.com", "hibp", "your full e-mail address", "leak check", 212),),
        {"hibp": "Have I Been Pwned", "gravatar": "Gravatar"},
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_hostile_text_is_text_and_nothing_is_loaded() -> None:
    page = as_html(content(), resources())
    tags = Tags()
    tags.feed(page)
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "img", "iframe", "object", "link", "form"}
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)
    links = [attributes for tag, attributes in tags.found if tag == "a"]
    assert all(link["rel"] == "noreferrer noopener" and str(link["href"]).startswith("https://") for link in links)
    assert "&lt;img" in page
    policy = next(a["content"] for t, a in tags.found if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'")
    assert ("html", {"lang": "en"}) in tags.found


def test_what_was_not_checked_is_in_the_report() -> None:
    page = as_html(content(), resources())
    assert "Could not check" in page
    assert "did not answer in time" in page
    assert "not a promise" in page
    assert "1 request left this computer" in page


def test_json_report_is_versioned_and_has_no_face(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", content())
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["version"] == 3
    assert [finding["key"] for finding in report["findings"]] == ["breach-1", "face-1"]
    assert "cut" not in report["findings"][1]["evidence"]
    assert report["checkup"]["outcomes"][1]["status"] == "failed"


def test_report_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", content())
    write_html(tmp_path / "r.html", content(), resources())
    assert {path.name for path in tmp_path.iterdir()} == {"r.json", "r.html"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_folder_in_the_way_stays_and_nothing_is_left_over(tmp_path: Path) -> None:
    in_the_way = tmp_path / "report.html"
    in_the_way.mkdir()
    with pytest.raises(VaultUnwritable):
        write_private(in_the_way, b"new")
    assert list(tmp_path.iterdir()) == [in_the_way]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(VaultUnwritable):
        write_private(tmp_path / "missing" / "report.html", b"new")
    assert list(tmp_path.iterdir()) == []


def test_the_rest_of_a_crash_does_not_get_in_the_way(tmp_path: Path) -> None:
    left = tmp_path / f".report.html.{os.getpid()}"
    left.write_bytes(b"rest")
    write_private(tmp_path / "report.html", b"new")
    assert (tmp_path / "report.html").read_bytes() == b"new"
    assert left.read_bytes() == b"rest"


def test_a_full_disk_is_said_as_such(tmp_path: Path) -> None:
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    old = tmp_path / "report.html"
    old.write_text("old")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        with pytest.raises((DiskFull, VaultUnwritable)):
            write_private(old, b"new" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_levels_are_words_for_every_finding() -> None:
    report = content()
    assert set(report.levels) == {finding.key for finding in report.findings}
    assert as_html(replace(report, checkup=None, advice=()), resources())
