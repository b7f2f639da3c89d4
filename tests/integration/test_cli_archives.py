"""archived: the copies of a found page in an archive, by a command; what is refused; and the letter to the archive."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, finding_key
from privacyguard.model.person import Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch
from privacyguard.session import now
from privacyguard.vault.keystore import SystemKeyStore, home_id
from privacyguard.vault.vault import Vault
from tests.support.commands import CommandLine
from tests.support.keyring_session import Session
from tests.support.servers import Answer
from tests.support.services import Scenario, Services

PAGE = "https://club.canary-archive.org/team?who=zoe"
NEWEST = f"https://web.archive.org/web/20240229235959/{PAGE}"
UNKNOWN = "face-0123456789abcdef"


@pytest.fixture
def services() -> Iterator[Services]:
    scenario = Scenario()
    scenario.archive.copies[PAGE] = [("20190203040506", "200"), ("20240229235959", "200")]
    with Services(scenario) as running:
        yield running


@pytest.fixture
def ready(privacyguard: CommandLine, services: Services) -> CommandLine:
    privacyguard.settings(services.settings_toml(on=("wayback",)))
    return privacyguard


def planted(privacyguard: CommandLine, page: str | None = PAGE, relation: Relation = Relation.ME) -> str:
    """A face that was found on a page, for a profile of this kind; the key of the finding."""
    home = privacyguard.folder
    with Vault.open(home, SystemKeyStore(home_id(home)), clock=now) as vault:
        person = vault.add_person("Zoe", relation, relation is not Relation.MY_CHILD)
        key = finding_key(FindingKind.FACE, person.person_id, page or "here")
        picture = page or "/home/zoe/1.jpg"
        match = FaceMatch(picture, page, Box(1, 2, 30, 40), 0.6, Closeness.A_LOT, "m", "a" * 64, "b" * 16)
        match = FaceMatch(**{**vars(match), "on_this_computer": page is None})
        found = Finding(key, FindingKind.FACE, person.person_id, ("pages",), now(), now(), match)
        vault.save_outcome(person.person_id, Outcome("pages", Status.CHECKED), [found])
    return key


def test_the_copies_of_a_page_are_told(ready: CommandLine, services: Services, secret_service: Session) -> None:
    key = planted(ready)
    done = ready("archived", key, "--json")
    assert (done.status, done.err) == (0, "")
    assert done.json == [
        {
            "address": PAGE,
            "copies": 2,
            "more": False,
            "first": "2019-02-03",
            "last": "2024-02-29",
            "newest": NEWEST,
            "hidden": False,
        }
    ]
    assert [seen.path.partition("?")[0] for seen in services.requests] == ["/wayback/available", "/cdx/search/cdx"]
    left = ready("disclosures", "--json").json
    assert {(each["source"], each["what"]) for each in left} == {
        ("wayback", "the address of a page or picture that was found")
    }
    assert sum(each["bytes"] for each in left) == sum(seen.size for seen in services.requests)
    assert "canary-archive" not in str(left)
    assert "canary-archive" not in "".join(path.read_text("utf-8") for path in ready.folder.rglob("*.log"))


def test_words_name_the_copy_and_what_to_do_about_it(ready: CommandLine, secret_service: Session) -> None:
    done = ready("archived", planted(ready))
    assert done.out.splitlines() == [
        PAGE,
        "  There are 2 copies. The first is from 3 February 2019, the last from 29 February 2024.",
        f"  {NEWEST}",
        "Ask the site first to take it down. Else the archive may copy it again.",
        "Then ask the archive to take its copies out. We write the letter, and you send it to info@archive.org.",
    ]


def test_no_copy_is_no_promise_and_needs_no_letter(
    ready: CommandLine, services: Services, secret_service: Session
) -> None:
    services.scenario.archive.copies.clear()
    done = ready("archived", planted(ready))
    assert done.status == 0
    assert done.out.splitlines() == [PAGE, "  The archive shows no copy of it. Other archives may have one."]


def test_an_archive_that_does_not_work_is_never_none(
    ready: CommandLine, services: Services, secret_service: Session
) -> None:
    services.scenario.broken["wayback"] = Answer(500, b"{}")
    done = ready("archived", planted(ready), "--json")
    assert (done.status, done.json) == (1, [])
    assert "not working" in done.err
    assert "next check" not in done.err


def test_it_is_asked_only_when_it_is_switched_on(
    privacyguard: CommandLine, services: Services, secret_service: Session
) -> None:
    privacyguard.settings(services.settings_toml())
    done = privacyguard("archived", planted(privacyguard))
    assert done.status == 1
    assert "privacyguard source on wayback" in done.err
    assert services.requests == []


@pytest.mark.parametrize("relation", [Relation.MY_CHILD, Relation.SOMEONE_I_HELP])
def test_the_page_of_somebody_else_never_leaves(
    ready: CommandLine, services: Services, secret_service: Session, relation: Relation
) -> None:
    done = ready("archived", planted(ready, relation=relation))
    assert done.status == 1
    assert "We do not ask this place about" in done.err
    assert services.requests == []
    assert ready("disclosures", "--json").json == []


def test_what_is_not_on_the_web_or_not_known_is_wrong_usage(
    ready: CommandLine, services: Services, secret_service: Session
) -> None:
    key = planted(ready, page=None)
    for wrong in (key, UNKNOWN, "../x"):
        done = ready("archived", wrong)
        assert (done.status, done.out) == (2, "")
    assert services.requests == []


def test_no_checkup_asks_the_archive(ready: CommandLine, services: Services, secret_service: Session) -> None:
    planted(ready)
    done = ready("check", "--json")
    assert "wayback" not in {each["source"] for each in done.json["outcomes"]}
    assert ready("check", "--source", "wayback").status == 2
    assert services.requests_of("wayback") == []


def test_a_letter_asks_the_archive_to_take_its_copies_out(
    ready: CommandLine, services: Services, secret_service: Session, tmp_path: Path
) -> None:
    key, out = planted(ready), tmp_path / "archive.txt"
    done = ready("letter", "archive-removal", "--finding", key, "--country", "DE", "--out", out)
    assert (done.status, done.err) == (0, "")
    assert "Send it to info@archive.org." in done.out
    text = out.read_text("utf-8")
    assert text.startswith("Please take out old copies of a page about me\n\nTo Internet Archive\n")
    assert f"\n- {PAGE}\n" in text
    assert "Does the General Data Protection Regulation (GDPR) cover this?" in text
    assert services.requests == []
    assert str(date.today().year) in text


def test_a_letter_to_an_archive_needs_a_page_and_a_leak_letter_needs_a_leak(
    ready: CommandLine, secret_service: Session, tmp_path: Path
) -> None:
    out = tmp_path / "archive.txt"
    here = planted(ready, page=None)
    for arguments, typed in (
        (("archive-removal", "--finding", here), None),
        (("archive-removal", "--to", "-"), "Somebody"),
        (("leak-question", "--finding", here), None),
    ):
        assert ready("letter", *arguments, "--out", out, typed=typed).status == 2
    assert not out.exists()
