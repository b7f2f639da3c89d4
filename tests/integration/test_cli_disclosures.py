"""disclosures: the list narrowed, written as CSV, and erased; the requests are real HTTP on loopback."""

import csv
import io
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.commands import CommandLine
from tests.support.services import Scenario, Services


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with Services(Scenario()) as running:
        yield running


@pytest.fixture
def checked(privacyguard: CommandLine, services: Services) -> CommandLine:
    """After a checkup of one address with the catalogue and XposedOrNot."""
    privacyguard.settings(services.settings_toml(on=("catalogue", "xposedornot")))
    privacyguard("account", "add", "-", typed="zoe@example.org\n")
    privacyguard("account", "add", "--kind", "service", "-", typed="shop.example.org\n")
    assert privacyguard("check", "--source", "catalogue", "--source", "xposedornot").status == 0
    return privacyguard


def test_the_list_is_narrowed_by_place_and_day(checked: CommandLine) -> None:
    everything = checked("disclosures", "--json").json
    sources = {each["source"] for each in everything}
    assert sources == {"catalogue", "xposedornot"}
    only = checked("disclosures", "--source", "xposedornot", "--json").json
    assert only == [each for each in everything if each["source"] == "xposedornot"]
    assert checked("disclosures", "--source", "hibp", "--json").json == []
    today = datetime.now().astimezone().date()
    assert checked("disclosures", "--since", today.isoformat(), "--json").json == everything
    assert checked("disclosures", "--since", (today + timedelta(days=1)).isoformat(), "--json").json == []


def test_the_sum_is_told_to_people(checked: CommandLine) -> None:
    everything = checked("disclosures", "--json").json
    out = checked("disclosures").out
    hosts = len({each["host"] for each in everything})
    size = sum(each["bytes"] for each in everything)
    assert f"{len(everything)} requests." in out
    assert f"In all: {len(everything)} requests, {size} bytes, to {hosts} place" in out


def test_the_list_is_written_for_its_owner_only(checked: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "left.csv"
    done = checked("disclosures", "--out", out, "--json")
    assert (done.status, done.json) == (0, {"out": str(out)})
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    head, *lines = csv.reader(io.StringIO(out.read_text("utf-8-sig")))
    told = [{**dict(zip(head, line, strict=True)), "bytes": int(line[5])} for line in lines]
    assert told == checked("disclosures", "--json").json


def test_a_file_that_cannot_be_written_is_one_and_nothing_is_lost(checked: CommandLine, tmp_path: Path) -> None:
    before = checked("disclosures", "--json").json
    done = checked("disclosures", "--out", tmp_path / "nowhere" / "left.csv", "--json")
    assert (done.status, done.out) == (1, "")
    assert "cannot be written" in done.err
    assert checked("disclosures", "--json").json == before


def test_the_list_is_erased_only_with_a_yes(checked: CommandLine) -> None:
    refused = checked("disclosures", "--clear", typed="")
    assert refused.status == 2
    assert checked("disclosures", "--json").json
    done = checked("disclosures", "--clear", "--yes", "--json")
    assert (done.status, done.json) == (0, {"erased": ["the list of what left this computer"]})
    assert checked("disclosures", "--json").json == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("--source", "nowhere"),
        ("--since", "yesterday"),
        ("--out", "left.txt"),
        ("--yes",),
        ("--clear", "--yes", "--source", "hibp"),
        ("--clear", "--yes", "--since", "2026-01-01"),
        ("--clear", "--yes", "--out", "left.csv"),
    ],
)
def test_wrong_usage_is_two_and_changes_nothing(
    privacyguard: CommandLine, tmp_path: Path, wrong: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = privacyguard("disclosures", *wrong)
    assert done.status == 2
    assert done.out == ""
    assert not list(tmp_path.glob("left.*"))
