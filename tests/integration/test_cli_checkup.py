"""check and what follows from it: findings, mark, advice, report, disclosures; the services are real HTTP on loopback."""

import json
import re
import shutil
import signal
import stat
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support.commands import CommandLine
from tests.support.keyring_session import Session
from tests.support.servers import Answer, Seen, Server
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services

ADDRESS = "zoe.quatermain@example.org"
ALL = ("hibp", "xposedornot", "leakcheck", "gravatar", "google-vision")
FINDING = {*("key", "kind", "person", "sources", "level", "title", "first_seen", "last_seen", "mark", "evidence")}


@pytest.fixture
def services(free_portraits: Portraits) -> Iterator[Services]:
    """The services know one address, its profile picture, and two pictures on pages: the person and a stranger."""
    me, stranger = (portrait.read_bytes() for portrait in free_portraits)
    scenario = Scenario(
        leaks={ADDRESS: ["Adobe", "ExampleGym"]}, avatars={ADDRESS: me}, pictures={"me.png": me, "other.jpg": stranger}
    )
    with Services(scenario) as running:
        pictures = [{"url": running.picture_address(name)} for name in ("me.png", "other.jpg")]
        scenario.vision["pagesWithMatchingImages"] = [
            {"url": "https://club.example/team", "pageTitle": "The <b>team</b>", "fullMatchingImages": pictures}
        ]
        yield running


@pytest.fixture(scope="module")
def prepared(running_store: Session, free_portraits: Portraits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures of the person, and a home: a face, an address, a service, that folder, two codes."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "pictures").mkdir()
    shutil.copy(free_portraits.astronaut, folder / "pictures" / "party.png")
    privacyguard = CommandLine(running_store, folder / "home")
    for arguments, typed in (
        (["enrol", "--consent", free_portraits.astronaut], ""),
        (["statement"], SENTENCE),
        (["account", "add", "-"], ADDRESS),
        (["account", "add", "--kind", "service", "-"], "Example Gym"),
        (["place", "add", folder / "pictures"], ""),
        (["key", "set", "hibp"], HIBP_KEY),
        (["key", "set", "google-vision"], VISION_KEY),
    ):
        assert privacyguard(*arguments, typed=typed).status == 0
    return folder


@pytest.fixture
def ready(privacyguard: CommandLine, services: Services, prepared: Path) -> CommandLine:
    """A copy of the prepared home (so with the same entries in the password store) with every source switched on."""
    shutil.copytree(prepared / "home", privacyguard.folder)
    privacyguard.settings(services.settings_toml(on=ALL))
    return privacyguard


def outcomes(checkup: dict[str, list[dict[str, object]]]) -> dict[object, dict[str, object]]:
    return {outcome["source"]: outcome for outcome in checkup["outcomes"]}


def seen_and_recorded(
    privacyguard: CommandLine, services: Services
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What the servers saw and what the person is told, request by request."""
    seen = sorted((seen.host.partition(":")[0], seen.size) for seen in services.requests)
    told = [(each["host"], each["bytes"]) for each in privacyguard("disclosures", "--json").json]
    return seen, sorted(told)


def test_a_checkup_asks_what_is_on_and_keeps_what_it_finds(ready: CommandLine, services: Services) -> None:
    done = ready("check", "--json")
    assert done.status == 0
    assert set(done.json) == {"started_at", "finished_at", "outcomes", "new"}
    assert datetime.fromisoformat(done.json["started_at"]) <= datetime.fromisoformat(done.json["finished_at"])
    every = outcomes(done.json)
    by_source = {source: outcome for source, outcome in every.items() if source in ("folders", "catalogue", *ALL)}
    assert list(by_source) == ["folders", "catalogue", *ALL]
    assert {outcome["status"] for source, outcome in every.items() if source not in by_source} == {"skipped"}
    assert all(set(outcome) == {"source", "status", "problem", "seen", "findings"} for outcome in by_source.values())
    assert {source: outcome["status"] for source, outcome in by_source.items()} == {
        **dict.fromkeys(("folders", "catalogue", "hibp", "xposedornot", "leakcheck", "gravatar"), "checked"),
        "google-vision": "skipped",
    }
    assert "privacyguard check --source google-vision" in str(by_source["google-vision"]["problem"])
    assert services.requests_of("google-vision") == []
    findings = ready("findings", "--json").json
    assert {finding["key"] for finding in findings} == set(done.json["new"])
    assert all(set(finding) == FINDING for finding in findings)
    assert {finding["kind"] for finding in findings} == {"breach", "face"}
    again = ready("check", "--json")
    assert again.json["new"] == []


def test_one_leak_at_several_places_is_one_finding(ready: CommandLine) -> None:
    ready("check")
    leaks = [finding for finding in ready("findings", "--json").json if finding["evidence"].get("title") == "Adobe"]
    assert len(leaks) == 1
    assert sorted(leaks[0]["sources"]) == ["hibp", "leakcheck", "xposedornot"]
    assert leaks[0]["evidence"]["account"] == ADDRESS
    assert leaks[0]["level"] in ("do-today", "do-this-week")


def test_a_photo_is_sent_only_when_its_place_is_named(ready: CommandLine, services: Services) -> None:
    done = ready("check", "--source", "google-vision", "--json")
    assert done.status == 0
    by_source = outcomes(done.json)
    assert by_source["google-vision"]["status"] == "checked"
    assert {outcome["status"] for source, outcome in by_source.items() if source != "google-vision"} == {"skipped"}
    assert len(services.requests_of("google-vision")) == 1
    (face,) = ready("findings", "--json").json
    assert face["evidence"]["page"] == "https://club.example/team"
    assert face["evidence"]["picture"] == services.picture_address("me.png")
    assert {services.requests_of(name).__len__() for name in ALL[:-1]} == {0}


def test_requests_and_the_list_of_what_left_agree_one_to_one(ready: CommandLine, services: Services) -> None:
    ready("check")
    ready("check", "--source", "google-vision")
    ready("key", "test", "hibp")
    seen, recorded = seen_and_recorded(ready, services)
    assert seen == recorded
    assert len(seen) >= 7
    first = ready("disclosures", "--json").json[0]
    assert set(first) == {"at", "host", "source", "what", "purpose", "bytes"}
    text = ready("disclosures").out
    assert ADDRESS not in text
    assert HIBP_KEY not in text


def test_nothing_is_asked_before_it_is_switched_on(
    privacyguard: CommandLine, services: Services, free_portraits: Portraits
) -> None:
    privacyguard.settings(services.settings_toml())
    privacyguard("account", "add", ADDRESS)
    done = privacyguard("check", "--json")
    assert done.status == 0
    assert {outcome["status"] for outcome in done.json["outcomes"]} == {"skipped"}
    assert privacyguard("check", "--source", "xposedornot").status == 1
    assert services.requests == []
    assert privacyguard("source", "on", "xposedornot").status == 0
    assert privacyguard("check", "--source", "xposedornot").status == 0
    assert len(services.requests) == 1


def test_a_named_place_that_needs_a_face_is_three_without_one(privacyguard: CommandLine, tmp_path: Path) -> None:
    assert privacyguard("place", "add", tmp_path).status == 0
    assert privacyguard("check", "--source", "folders").status == 3
    assert privacyguard("check").status == 0


def test_a_place_that_fails_is_one_and_the_others_are_done(ready: CommandLine, services: Services) -> None:
    services.scenario.broken["xposedornot"] = Answer(500, b"<html>oops", "text/html")
    done = ready("check", "--json")
    assert done.status == 1
    by_source = outcomes(done.json)
    assert by_source["xposedornot"]["status"] == "failed"
    assert by_source["xposedornot"]["problem"]
    assert by_source["hibp"]["status"] == "checked"
    assert done.json["new"]
    assert any(each["level"] == "could-not-check" for each in ready("advice", "--json").json)


def test_a_child_is_never_asked_about_outside(
    ready: CommandLine, services: Services, free_portraits: Portraits
) -> None:
    child = ["--person", "Ben"]
    photo = free_portraits.grace_hopper
    assert ready("enrol", "--consent", *child, "--relation", "my-child", photo).status == 0
    before = len(services.requests)
    done = ready("check", *child, "--json")
    asked = {source for source, outcome in outcomes(done.json).items() if outcome["status"] == "checked"}
    assert asked <= {"folders", "catalogue"}
    assert ready("check", *child, "--source", "gravatar").status == 1
    assert len(services.requests) == before


def test_stopping_a_checkup_keeps_what_was_found_and_the_next_one_goes_on(
    ready: CommandLine, services: Services
) -> None:
    other = "zoe.other@example.org"
    ready("account", "add", "-", typed=other)
    arrived, released = threading.Event(), threading.Event()
    asked: list[str] = []

    def answer(seen: Seen) -> Answer:
        asked.append(seen.path)
        if len(asked) == 1:
            return Answer(200, b'{"breaches": [["ExampleGym"]]}')
        arrived.set()
        released.wait(60)
        return Answer(500)

    with Server(answer) as silent:
        place = services.base_urls()["xposedornot"]
        ready.settings(services.settings_toml(on=ALL).replace(place, silent.url))
        with ready.start("check", "--json") as running:
            assert running.stdout is not None
            assert arrived.wait(60)
            running.send_signal(signal.SIGINT)
            stopped = time.monotonic()
            done = json.loads(running.stdout.read())
            assert running.wait(30) == 130
            assert time.monotonic() - stopped < 2
        released.set()
    of_xposedornot = next(each for each in done["outcomes"] if each["source"] == "xposedornot")
    assert of_xposedornot["status"] == "skipped"
    assert of_xposedornot["seen"] == 1
    assert "Asked about so far: 1 of 2. The next checkup goes on from there." in of_xposedornot["problem"]
    (key,) = of_xposedornot["findings"]
    assert key in done["new"]
    assert {finding["key"] for finding in ready("findings", "--json").json} == set(done["new"])
    ready.settings(services.settings_toml(on=ALL))
    again = ready("check", "--source", "xposedornot", "--json").json
    of_xposedornot = next(each for each in again["outcomes"] if each["source"] == "xposedornot")
    assert of_xposedornot["status"] == "checked"
    assert key in of_xposedornot["findings"]
    (second,) = services.requests_of("xposedornot")
    first_name = ADDRESS.partition("@")[0]
    assert {first_name in second.path, first_name in asked[0]} == {True, False}


def test_a_place_that_lets_us_wait_says_for_how_long_and_why(ready: CommandLine, services: Services) -> None:
    more = "\n".join(f"zoe.{number}@example.org" for number in range(25))
    assert ready("account", "add", "-", typed=more).status == 0
    with ready.start("check", "--source", "xposedornot") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        told = running.stderr.readline().decode()
        running.send_signal(signal.SIGINT)
        said = running.stdout.read().decode()
        assert running.wait(30) == 130
    assert told == (
        "XposedOrNot: About 60 minutes left, because we ask this place 25 times an hour at most."
        " You can stop; the next checkup goes on.\n"
    )
    assert re.search(r"XposedOrNot: Not (asked|finished)\. You stopped the checkup before this place was done\.", said)
    assert len(services.requests_of("xposedornot")) < 26


def test_a_checkup_that_looked_nowhere_does_not_count_to_zero(ready: CommandLine, services: Services) -> None:
    services.scenario.broken["xposedornot"] = Answer(500, b"")
    ready("source", "off", "google-vision")
    for nowhere in ("google-vision", "xposedornot"):
        said = ready("check", "--source", nowhere).out
        assert said.endswith("No place was looked at, so we do not know if there is something.\n")
        assert "0 new findings" not in said
    assert ready("check", "--source", "leakcheck").out.count("No place was looked at") == 0


def test_what_is_most_urgent_is_listed_first_and_of_that_pictures(ready: CommandLine, services: Services) -> None:
    services.scenario.leaks[ADDRESS] = ["Adobe", "ExampleSchool", "ExampleGym"]
    assert ready("check", "--source", "xposedornot", "--source", "leakcheck", "--source", "catalogue").status == 0
    listed = [(each["level"], each["evidence"]["title"]) for each in ready("findings", "--json").json]
    assert listed == [("do-today", "Example Gym"), ("do-this-week", "Example School"), ("do-this-week", "Adobe")]
    ready("report", "--out", ready.folder.parent / "ordered.json")
    kept = json.loads((ready.folder.parent / "ordered.json").read_text())["findings"]
    assert [(each["level"], each["evidence"]["title"]) for each in kept] == listed


def test_a_place_with_a_command_of_its_own_is_no_part_of_a_checkup(ready: CommandLine, services: Services) -> None:
    done = ready("check", "--source", "passwords")
    assert done.status == 2
    assert "not part of a checkup" in done.err
    assert services.requests == []


def test_a_key_is_tested_with_the_service(ready: CommandLine) -> None:
    done = ready("key", "test", "hibp", "--json")
    assert done.status == 0
    assert (done.json["source"], done.json["ok"]) == ("hibp", True)
    assert "Core 1" in done.json["detail"]
    ready("key", "set", "hibp", typed="wrong-code")
    done = ready("key", "test", "hibp", "--json")
    assert (done.status, done.json["ok"]) == (1, False)
    assert "did not accept your code" in done.json["detail"]
    ready("key", "set", "hibp", typed=HIBP_KEY)
    assert ready("key", "test", "google-vision", "--json").json["ok"]


def test_a_decision_is_remembered(ready: CommandLine) -> None:
    ready("check")
    key = next(finding["key"] for finding in ready("findings", "--json").json if finding["kind"] == "breach")
    for mark in ("done", "fine", "later"):
        assert ready("mark", key, mark, "--json").json == {"key": key, "mark": mark}
        marks = {finding["key"]: finding["mark"] for finding in ready("findings", "--json").json}
        assert marks[key] == mark
    ready("check")
    assert {finding["key"]: finding["mark"] for finding in ready("findings", "--json").json}[key] == "later"
    assert key not in [answer for each in ready("advice", "--json").json for answer in each["answers"]]
    soon = (date.today() + timedelta(days=3)).isoformat()
    assert ready("mark", key, "later", "--until", soon).status == 0


@pytest.mark.parametrize("until", ["2020-01-01", "soon", "31.12.2030"])
def test_a_date_that_cannot_be_is_refused(ready: CommandLine, until: str) -> None:
    ready("check", "--source", "xposedornot")
    key = ready("findings", "--json").json[0]["key"]
    assert ready("mark", key, "later", "--until", until).status == 2
    assert ready("mark", key, "done", "--until", "2090-01-01").status == 2


@pytest.mark.parametrize("key", ["breach-0123456789abcdef", "x", "breach-\udcff", ""])
def test_an_unknown_finding_cannot_be_marked(privacyguard: CommandLine, key: str) -> None:
    assert privacyguard("mark", key, "done").status == 2


def test_not_me_takes_the_face_away_for_good(ready: CommandLine, prepared: Path) -> None:
    ready("scan", prepared / "pictures")
    (face,) = ready("findings", "--json").json
    assert ready("mark", face["key"], "not-me").status == 0
    (summary,) = ready("scan", prepared / "pictures", "--fresh", "--json").lines
    assert summary["summary"]["matches"] == 0


def test_advice_comes_in_order_with_minutes(ready: CommandLine) -> None:
    ready("check")
    advice = ready("advice", "--json", "--country", "de").json
    assert set(advice[0]) == {"key", "level", "title", "why", "steps", "answers", "due"}
    assert set(advice[0]["steps"][0]) == {"text", "minutes", "link"}
    order = ["do-today", "do-this-week", "could-not-check", "good-to-know", "nothing-found"]
    ranks = [order.index(each["level"]) for each in advice]
    assert ranks == sorted(ranks)
    assert advice[0]["level"] == "do-today"
    text = ready("advice").out
    assert text.startswith("Do today: ")
    assert "minute" in text
    assert "%" not in text


def test_a_report_is_private_and_holds_what_was_found(ready: CommandLine, tmp_path: Path) -> None:
    ready("check")
    for name in ("report.html", "report.json"):
        out = tmp_path / name
        done = ready("report", "--out", out, "--json")
        assert done.json == {"out": str(out)}
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert "Adobe" in out.read_text()
    assert json.loads((tmp_path / "report.json").read_text())["findings"]
    assert "<script" not in (tmp_path / "report.html").read_text()


def test_a_report_that_cannot_be_written_is_one(privacyguard: CommandLine, tmp_path: Path) -> None:
    for out in (tmp_path / "missing" / "report.html", tmp_path / "file" / "report.json"):
        (tmp_path / "file").write_text("")
        done = privacyguard("report", "--out", out)
        assert done.status == 1
        assert "cannot be written" in done.err


def test_people_read_the_same_in_words(ready: CommandLine) -> None:
    done = ready("check")
    assert "Have I Been Pwned: Checked." in done.out
    assert "privacyguard advice" in done.out
    assert "Password in a leak: Adobe" in ready("findings").out
    assert "party.png" in ready("findings").out
    assert f"{len(ready('disclosures', '--json').json)} requests." in ready("disclosures").out


def test_a_proxy_is_told_and_not_used_for_this_computers_own_addresses(ready: CommandLine, services: Services) -> None:
    behind = CommandLine(ready.session, ready.folder, {"http_proxy": "http://127.0.0.1:9", "https_proxy": ""})
    assert behind("check", "--source", "xposedornot").status == 0
    assert behind("check", "--source", "google-vision").status == 0
    assert len(services.requests_of("pictures")) == 2
    details = {check["what"]: check["detail"] for check in behind("doctor", "--json").json}
    assert "uses a proxy for http" in details["network settings"]
