"""What a report says: nothing hidden, nothing fetched, nothing that reads as an all-clear."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from privacyguard import wording_levels
from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of
from privacyguard.model.advice import Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.model.picture import Box, Closeness, FaceCut, FaceMatch
from privacyguard.model.source import Disclosure
from privacyguard.paths import resources
from privacyguard.report.content import ReportContent
from privacyguard.report.report_html import as_html
from privacyguard.report.report_json import write_json

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JANE = (Identifier(IdentifierKind.EMAIL, "jane@example.org"),)
FORMULA = '=HYPERLINK("https://evil.example.org","Look")'
HOSTILE = '"><img src=x onerror=alert(1)>\x1b[2J\u202egpj.exe\udcff{{ 7 * 7 }}'
HIDES = re.compile("[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def content() -> ReportContent:
    leak = Breach("X", HOSTILE, "x.example.org", date(2026, 5, 4), None, ("Passwords", HOSTILE, FORMULA))
    place = f"https://x.example.org/{HOSTILE}"
    cut = FaceCut(2, 2, b"\1\2\3" * 4)
    match = FaceMatch(place, None, Box(0, 0, 2, 2), 0.6, Closeness.A_LOT, "m", "0", "0", cut=cut)
    findings = (
        Finding("breach-1", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, leak, JANE),
        Finding("face-1", FindingKind.FACE, "p", ("gravatar",), NOW, NOW, match),
    )
    outcomes = (Outcome("hibp", Status.CHECKED, ("breach-1",), seen=1),)
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


def page_of(**changes: object) -> str:
    return as_html(replace(content(), **changes), resources())  # type: ignore[arg-type]


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_what_hides_or_turns_is_shown_and_formulas_and_braces_are_only_text() -> None:
    page = page_of()
    assert HIDES.search(page) is None
    assert "\N{REPLACEMENT CHARACTER}" in page
    assert "=HYPERLINK(&#34;https://evil.example.org&#34;" in page
    assert "{{ 7 * 7 }}" in page
    assert page.encode()


def test_words_of_other_languages_keep_their_signs() -> None:
    title = "Zoë\u00a0Gym \u0646\u06cc\u200c\u0645"
    leak = Breach("X", title, "x.example.org", None, None, ("Names",))
    finding = Finding("breach-1", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, leak, JANE)
    assert title in page_of(findings=(finding,), levels={"breach-1": Level.GOOD_TO_KNOW})


def test_no_address_is_asked_for_when_the_page_is_opened() -> None:
    page = page_of()
    assert re.search(r"url\(|@import|srcset|http-equiv=.refresh|<base|javascript:", page, re.IGNORECASE) is None
    asked = [
        a[name] for tag, a in Tags(page).found if tag != "a" for name in ("href", "src", "xlink:href") if name in a
    ]
    assert asked
    assert all(str(address).startswith("#") for address in asked)


def test_the_policy_allows_nothing_but_the_pages_own_style() -> None:
    policies = [a["content"] for _tag, a in Tags(page_of()).found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]


@pytest.mark.parametrize("level", list(Level))
def test_each_level_has_a_shape_beside_its_word(level: Level) -> None:
    page = page_of(levels=dict.fromkeys(content().levels, level))
    assert f'<symbol id="{level.value}"' in page
    assert f'<use href="#{level.value}"/></svg>{wording_levels.level(level)}</span></td>' in page


def test_the_page_has_no_green() -> None:
    page = page_of()
    assert "green" not in page.lower()
    colours = re.findall(r"#([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})\b", page)
    assert len(colours) > 5
    assert all(int(green, 16) <= max(int(red, 16), int(blue, 16)) for red, green, blue in colours)


def test_a_sensitive_leak_is_told_without_its_name_and_its_data() -> None:
    leak = Breach("D", "Example Dating", "d.example.org", None, None, ("Sexual orientations",), sensitive=True)
    finding = replace(content().findings[0], evidence=leak)
    page = page_of(findings=(finding,), advice=advise((finding,), (), Context(NOW, "GB")))
    assert "a service you may want to keep private" in page
    assert "Dating" not in page
    assert "Sexual" not in page


def test_a_childs_report_speaks_of_the_child() -> None:
    assert "Looks a lot like you<" in page_of()
    assert "Looks a lot like your child<" in page_of(relations={"p": Relation.MY_CHILD})


def test_a_checkup_that_was_stopped_or_could_not_open_pictures_says_so() -> None:
    outcomes = (
        Outcome("folders", Status.CHECKED, seen=7, unreadable=2),
        Outcome("hibp", Status.SKIPPED, problem="You stopped before this place was asked."),
    )
    page = page_of(checkup=Checkup(NOW, NOW, outcomes, "p", cancelled=True))
    assert "You stopped this checkup, so it is not complete." in page
    assert "7 looked at. 2 could not be opened." in page
    assert "You stopped before this place was asked." in page
    assert "is not complete" not in page_of()


def test_an_empty_report_does_not_read_as_all_clear() -> None:
    page = as_html(ReportContent(NOW, (), (), {}, None, ()), resources())
    assert "There was no checkup yet." in page
    assert "before the first checkup" in page
    assert "Nothing found" not in page
    assert "not a promise" in page


def test_json_report_holds_days_and_marks_and_no_hashes(tmp_path: Path) -> None:
    report = content()
    later = replace(report.findings[0], mark=Mark(MarkKind.LATER, date(2026, 7, 1)))
    due = replace(report.advice[0], due=date(2026, 7, 2))
    write_json(tmp_path / "r.json", replace(report, findings=(later, report.findings[1]), advice=(due,)))
    written = (tmp_path / "r.json").read_bytes()
    assert written.isascii()
    told = json.loads(written)
    assert (told["findings"][0]["mark"], told["findings"][0]["until"]) == ("later", "2026-07-01")
    assert told["findings"][0]["evidence"]["occurred_on"] == "2026-05-04"
    assert told["findings"][0]["evidence"]["title"] == HOSTILE
    assert told["advice"][0]["due"] == "2026-07-02"
    assert told["left_this_computer"][0]["host"] == "haveibeenpwned.com"
    assert not {"sha256", "phash", "cut"} & set(told["findings"][1]["evidence"])


def test_json_report_without_a_checkup(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", ReportContent(NOW, (), (), {}, None, ()))
    assert json.loads((tmp_path / "r.json").read_bytes())["checkup"] is None


def joined_leak(**changes: object) -> Finding:
    leak = Breach("X", "Example Gym", "x.example.org", date(2026, 5, 4), None, ("Names", "Passwords"))
    addresses = tuple(Identifier(IdentifierKind.EMAIL, f"jane+{n}@example.org") for n in range(3))
    known = Finding(
        "breach-1", FindingKind.BREACH, "p", ("hibp", "xposedornot"), NOW, NOW, leak, addresses, None, ("Passwords",)
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def test_a_leak_says_who_knows_of_it_how_many_addresses_and_what_is_new() -> None:
    names = {"hibp": "Have I Been Pwned", "xposedornot": "XposedOrNot"}
    page = page_of(findings=(joined_leak(),), source_names=names)
    assert "Have I Been Pwned and XposedOrNot say so. 3 of your addresses are in it." in page
    assert "New: it also holds passwords." in page
    assert "jane+1" not in page
    alone = joined_leak(subjects=JANE, grown=(), sources=("hibp",))
    page = page_of(findings=(alone,), source_names=names)
    assert "Have I Been Pwned says so.<" in page
    assert "New:" not in page


def test_what_is_new_at_a_very_private_service_is_not_in_the_page() -> None:
    leak = Breach("D", "Example Dating", "d.example.org", None, None, ("Sexual orientations",), sensitive=True)
    page = page_of(findings=(joined_leak(evidence=leak, grown=("Sexual orientations",)),), advice=())
    assert "Sexual" not in page
    assert "sexual" not in page
    assert "New: it holds more than we told you before." in page


def test_a_source_that_stopped_in_the_middle_says_how_many_are_left() -> None:
    outcomes = (Outcome("hibp", Status.FAILED, problem="This place asks us to wait.", seen=3, left=2),)
    assert "3 looked at. 2 are left for the next checkup." in page_of(checkup=Checkup(NOW, NOW, outcomes, "p"))
    assert "next checkup" not in page_of(advice=())


def test_json_report_tells_all_addresses_and_what_is_new(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", replace(content(), findings=(joined_leak(),)))
    (told,) = json.loads((tmp_path / "r.json").read_bytes())["findings"]
    assert told["subjects"] == [{"kind": "email", "value": f"jane+{n}@example.org"} for n in range(3)]
    assert told["grown"] == ["Passwords"]
    assert told["sources"] == ["hibp", "xposedornot"]
    assert told["evidence"]["paste"] is False
