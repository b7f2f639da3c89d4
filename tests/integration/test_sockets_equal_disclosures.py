"""Every connection and every look-up of a whole checkup is one that the person is told of (threat model, T5).

In a network namespace of the test's own, where every host of every source has a number and nothing else can be reached.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.fakes.small_internet import PICTURES, STRANGE, Hosts

ROOT = Path(__file__).resolve().parents[2]
ASKING = [
    *("check", "check google-vision", "check searches", "check again"),
    *("password test", "key test", "archived"),
]
PROFILES = ("gravatar", "libravatar", "github", "bluesky", "mastodon", "keybase", "whatsmyname")
IN_EACH_CHECKUP = {
    *("folders", "pages", "catalogue", "hibp", "xposedornot", "leakcheck", *PROFILES, "brave", "searxng"),
}
"""Asked by a checkup that names no place; the others are asked only by name."""


pytestmark = pytest.mark.timeout(700)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each command did, by its name."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rnm", "true"], capture_output=True).returncode:
        pytest.skip("this system allows no network namespace of one's own")
    command = ["unshare", "-rnm", sys.executable, "-m", "tests.support.fakes.small_internet"]
    folder = tmp_path_factory.mktemp("internet")
    done = subprocess.run(
        [*command, folder], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=690
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def hosts_of(step: dict[str, Any]) -> Counter[str]:
    return Counter(each["host"] for each in step["disclosed"])


def test_every_command_did_what_it_should(steps: dict[str, Any]) -> None:
    assert {name: step["said"] for name, step in steps.items() if step.get("status") and name != "strange"} == {}
    for name in ("check", "check again"):
        outcomes = {each["source"]: each["status"] for each in json.loads(steps[name]["out"])["outcomes"]}
        assert [source for source, status in outcomes.items() if status == "failed"] == []
        assert {source for source, status in outcomes.items() if status == "checked"} == IN_EACH_CHECKUP
    named = json.loads(steps["check searches"]["out"])["outcomes"]
    asked = {each["source"] for each in named if each["status"] == "checked"}
    assert asked == {"serpapi-lens", "tineye", "facecheck"}


def test_every_host_of_every_source_was_asked_so_that_nothing_is_left_untried(steps: dict[str, Any]) -> None:
    asked = {host for step in steps.values() for host in hosts_of(step)}
    assert asked == set(Hosts.of_all_sources().source_of)
    assert PICTURES in asked


@pytest.mark.parametrize("name", ASKING)
def test_connections_are_disclosures_one_to_one(steps: dict[str, Any], name: str) -> None:
    step = steps[name]
    assert step["disclosed"]
    assert Counter(host for host, _ in step["opened"]) == hosts_of(step)
    assert {port for _, port in step["opened"]} == {443}


@pytest.mark.parametrize("name", ASKING)
def test_each_disclosed_host_is_looked_up_once_for_each_request_and_no_other_name(
    steps: dict[str, Any], name: str
) -> None:
    assert Counter(steps[name]["looked_up"]) == hosts_of(steps[name])


@pytest.mark.parametrize("name", ASKING)
def test_what_the_servers_saw_is_what_the_person_is_told_to_the_byte(steps: dict[str, Any], name: str) -> None:
    told = sorted((each["host"], each["bytes"]) for each in steps[name]["disclosed"])
    assert sorted((host, size) for host, size in steps[name]["seen"]) == told


def test_nothing_else_goes_over_the_wire(steps: dict[str, Any]) -> None:
    assert {name: step["other"] for name, step in steps.items() if step.get("other")} == {}
    told = sum(len(step["disclosed"]) for name, step in steps.items() if name != "end")
    assert told == len(steps["end"]["disclosed"])


@pytest.mark.parametrize(
    "name",
    [
        "sources",
        "account add",
        "account add service",
        "account add name",
        "account add username",
        "enrol --consent",
        "statement",
        "place add",
        "source base",
        "key set",
        "look",
        "clean",
        "doctor",
        "findings",
        "advice",
        "source on",
    ],
)
def test_no_other_command_asks_anybody(steps: dict[str, Any], name: str) -> None:
    step = steps[name]
    assert (step["opened"], step["looked_up"], step["disclosed"]) == ([], [], [])


def test_checkup_before_anything_was_said_tells_nobody_anything_of_the_person(steps: dict[str, Any]) -> None:
    step = steps["check, nothing said"]
    assert (step["opened"], step["looked_up"], step["disclosed"]) == ([], [], [])


def test_what_nobody_was_told_of_would_have_been_seen(steps: dict[str, Any]) -> None:
    step = steps["strange"]
    assert step["opened"] == [[STRANGE, 443]]
    assert step["looked_up"] == [STRANGE]
    assert step["disclosed"] == []
