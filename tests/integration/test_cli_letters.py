"""letter: a text file, from a finding or a name; what is refused; and what the leaks say in findings and advice."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Portraits
from tests.support.commands import CommandLine
from tests.support.keyring_session import Session
from tests.support.services import Scenario, Services

ADDRESS = "zoe.quatermain@example.org"
NAME = "Zoe Quatermain"


@pytest.fixture(scope="module")
def checked(running_store: Session, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home after a checkup: a leak of the address, and one of pictures at an organisation that was named."""
    home = tmp_path_factory.mktemp("checked") / "home"
    privacyguard = CommandLine(running_store, home)
    with Services(Scenario(leaks={ADDRESS: ["Adobe", "ExampleGym"]})) as services:
        privacyguard.settings(services.settings_toml(on=("xposedornot", "catalogue")))
        for kind, value in (("email", ADDRESS), ("organisation", "Total Fitness"), ("name", NAME)):
            assert privacyguard("account", "add", "--kind", kind, "-", typed=value).status == 0
        done = privacyguard("check", "--json")
    assert {each["source"]: each["status"] for each in done.json["outcomes"]}["xposedornot"] == "checked", done.err
    yield home


@pytest.fixture
def after(privacyguard: CommandLine, checked: Path) -> CommandLine:
    """The command line with a copy of that home."""
    shutil.copytree(checked, privacyguard.folder)
    return privacyguard


def key_of(privacyguard: CommandLine, title: str) -> str:
    found = [each for each in privacyguard("findings", "--json").json if each["evidence"]["title"] == title]
    assert len(found) == 1, f"{title} {found}"
    return str(found[0]["key"])


def test_a_leak_of_pictures_at_a_place_that_was_named_is_found_and_told(after: CommandLine) -> None:
    (known,) = [each for each in after("findings", "--json").json if each["evidence"]["title"] == "Total Fitness"]
    assert known["sources"] == ["catalogue"]
    assert known["title"] == "Pictures in a leak: Total Fitness"
    assert known["evidence"]["knows_no_addresses"] is True
    assert known["evidence"]["accounts"] == ["Total Fitness"]
    (advice,) = [each for each in after("advice", "--json").json if each["key"] == f"pictures:{known['key']}"]
    assert "You told us that Total Fitness has a photo of you." in advice["why"]
    assert "Only Total Fitness can say who is in it." in advice["why"]


def test_a_finding_gives_the_letter_its_reader_its_date_and_its_name(after: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "ask.txt"
    old = os.umask(0)
    try:
        done = after(
            *("letter", "leak-question", "--finding", key_of(after, "Total Fitness"), "--country", "gb"),
            *("--out", out, "--json"),
        )
    finally:
        os.umask(old)
    assert (done.status, done.json) == (0, {"out": str(out)})
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text("utf-8")
    assert text.startswith("What leaked about me, and which pictures?\n\nTo Total Fitness\n")
    assert "data leaked from you in June 2024." in text
    assert "UK General Data Protection Regulation" in text
    assert text.endswith(f"\n{NAME}\n")
    assert ADDRESS not in text


def test_the_name_comes_from_standard_input_and_the_law_from_the_country(
    privacyguard: CommandLine, tmp_path: Path
) -> None:
    for country, law in (("de", "General Data"), ("CH", "Federal Act"), ("US", "California"), ("JP", "one month")):
        out = tmp_path / f"{country}.txt"
        done = privacyguard(
            *("letter", "delete", "--to", "-", "--country", country, "--out", out), typed="  City  School \n"
        )
        assert done.status == 0, done.err
        assert law in out.read_text("utf-8")
        assert "\n\nTo City School\n\n" in out.read_text("utf-8")
        assert out.read_text("utf-8").endswith("\n[Your name]\n")
        assert "send it yourself" in done.out
        assert "not legal advice" in done.out
        assert "City School" not in done.out


def test_a_letter_about_a_child_is_a_parents(
    privacyguard: CommandLine, free_portraits: Portraits, tmp_path: Path
) -> None:
    made = privacyguard(*("enrol", "--person", "Kim", "--relation", "my-child", "--consent", free_portraits.astronaut))
    assert made.status == 0, made.err
    out = tmp_path / "child.txt"
    arguments = ("letter", "what-do-you-hold", "--to", "-", "--person", "Kim", "--out", out)
    assert privacyguard(*arguments, typed="City School\n").status == 0
    assert "I am the parent or guardian of Kim." in out.read_text("utf-8")
    assert out.read_text("utf-8").endswith("\n[Your name]\n")


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (("delete", "--out", "{}/a.txt"), ""),
        (("sue", "--to", "-", "--out", "{}/a.txt"), "City School\n"),
        (("delete", "--to", "City School", "--out", "{}/a.txt"), ""),
        (("delete", "--to", "-", "--out", "{}/a.pdf"), "City School\n"),
        (("delete", "--to", "-", "--out", "{}/a.txt"), "\n"),
        (("delete", "--to", "-", "--out", "{}/a.txt"), "City School\nExample Gym\n"),
        (("delete", "--to", "-", "--out", "{}/a.txt"), "City\x1b[2JSchool\n"),
        (("delete", "--to", "-", "--out", "{}/a.txt"), "x" * 300),
        (("delete", "--to", "-", "--country", "GBR", "--out", "{}/a.txt"), "City School\n"),
        (("delete", "--to", "-", "--person", "nobody", "--out", "{}/a.txt"), "City School\n"),
        (("delete", "--finding", "breach-0123456789abcdef", "--out", "{}/a.txt"), ""),
        (("delete", "--finding", "../etc", "--out", "{}/a.txt"), ""),
        (("delete", "--finding", "breach-0123456789abcdef", "--to", "-", "--out", "{}/a.txt"), "City School\n"),
        (("delete", "--finding", "breach-0123456789abcdef", "--person", "me", "--out", "{}/a.txt"), ""),
    ],
)
def test_what_cannot_be_a_letter_is_refused_and_no_file_is_made(
    privacyguard: CommandLine, tmp_path: Path, arguments: tuple[str, ...], typed: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    done = privacyguard("letter", *(each.format(folder) for each in arguments), typed=typed)
    assert done.status == 2
    assert list(folder.iterdir()) == []
    assert "\x1b" not in done.err


def test_a_folder_that_is_not_there_is_said(privacyguard: CommandLine, tmp_path: Path) -> None:
    done = privacyguard("letter", "delete", "--to", "-", "--out", tmp_path / "missing" / "a.txt", typed="City School\n")
    assert done.status == 1
    assert "cannot be written" in done.err


def test_a_letter_leaves_nothing_on_the_network_and_no_name_in_the_log(after: CommandLine, tmp_path: Path) -> None:
    before = after("disclosures", "--json").json
    assert after("letter", "delete", "--to", "-", "--out", tmp_path / "a.txt", typed="Quatermain Club\n").status == 0
    assert after("disclosures", "--json").json == before
    for file in after.folder.rglob("*"):
        assert file.is_dir() or b"Quatermain" not in file.read_bytes()


def test_a_mark_says_that_it_stays_quiet_unless_more_leaked(after: CommandLine) -> None:
    key = key_of(after, "Total Fitness")
    done = after("mark", key, "done")
    assert "It stays quiet. If it turns out that more leaked, we tell you again." in done.out
    assert not [each for each in after("advice", "--json").json if key in each["answers"]]
    assert after("mark", key, "later", "--until", f"{date.today().year + 1}-01-31").out.count("stays quiet") == 0


def test_a_place_that_was_named_and_has_no_leak_is_to_be_asked(privacyguard: CommandLine) -> None:
    def asked() -> list[str]:
        return [each["why"] for each in privacyguard("advice", "--json").json if each["key"].startswith("photos:")]

    assert privacyguard("account", "add", "--kind", "service", "-", typed="shop.example\n").status == 0
    assert asked() == []
    assert privacyguard("account", "add", "--kind", "organisation", "-", typed="City School\n").status == 0
    (why,) = asked()
    assert "Leaks of pictures are often in no list, so asking is the way to know." in why
