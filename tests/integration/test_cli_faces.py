"""enrol, scan and forget --face, on two free portraits."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import Portraits
from tests.support.commands import CommandLine

MODEL = "sface-2021dec-int8bq"


@pytest.fixture
def pictures(tmp_path: Path, free_portraits: Portraits) -> Path:
    """A folder with the person, a stranger, a file that is no picture, and names that try to steer a terminal."""
    folder = tmp_path / "pictures"
    (folder / "deeper").mkdir(parents=True)
    shutil.copy(free_portraits.astronaut, folder / "deeper" / "club\x1b[2J.png")
    shutil.copy(free_portraits.grace_hopper, folder / "other.jpg")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (folder / "letter.txt").write_text("no picture at all")
    return folder


def test_no_face_pattern_without_consent(privacyguard: CommandLine, free_portraits: Portraits) -> None:
    done = privacyguard("enrol", free_portraits.astronaut)
    assert done.status == 2
    assert "clear yes" in done.err
    assert privacyguard("scan", ".").status == 3


def test_the_help_tells_what_consent_means(privacyguard: CommandLine) -> None:
    assert "This is my own face" in privacyguard("enrol", "--help").out


def test_a_photo_makes_a_face_pattern(privacyguard: CommandLine, free_portraits: Portraits) -> None:
    done = privacyguard("enrol", "--consent", free_portraits.astronaut, "--json")
    assert done.status == 0
    assert done.json == {
        "person": "me",
        "model_id": MODEL,
        "photos": [{"path": str(free_portraits.astronaut), "used": True, "problem": None}],
        "enrolled": 1,
    }


def test_each_photo_is_judged_and_the_good_one_used(
    privacyguard: CommandLine, free_portraits: Portraits, pictures: Path
) -> None:
    good, other = free_portraits
    photos = [good, other, good, pictures / "broken.jpg", pictures / "missing.jpg"]
    done = privacyguard("enrol", "--consent", *photos, "--json")
    assert done.status == 0
    assert [photo["used"] for photo in done.json["photos"]] == [True, False, False, False, False]
    assert [photo["path"] for photo in done.json["photos"]] == [str(photo) for photo in photos]
    assert all(photo["problem"] for photo in done.json["photos"][1:])
    assert len({photo["problem"] for photo in done.json["photos"][1:4]}) == 3
    assert done.json["enrolled"] == 1


def test_no_usable_photo_is_one_and_changes_nothing(
    privacyguard: CommandLine, free_portraits: Portraits, pictures: Path
) -> None:
    done = privacyguard("enrol", "--consent", pictures / "broken.jpg", "--json")
    assert (done.status, done.json["enrolled"]) == (1, 0)
    assert privacyguard("scan", pictures).status == 3
    assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
    assert privacyguard("enrol", "--consent", pictures / "broken.jpg").status == 1
    assert len(privacyguard("scan", pictures, "--json").lines) == 2


def test_a_new_face_pattern_takes_the_place_of_the_old_one(
    enrolled: CommandLine, free_portraits: Portraits, pictures: Path
) -> None:
    done = enrolled("enrol", "--consent", free_portraits.grace_hopper)
    assert "takes the place of the one before" in done.out
    match, summary = enrolled("scan", pictures, "--json").lines
    assert match["path"].endswith("other.jpg")
    assert summary["summary"]["skipped_unchanged"] == 0


def test_people_and_relations(privacyguard: CommandLine, free_portraits: Portraits, pictures: Path) -> None:
    me, other = free_portraits
    assert privacyguard("enrol", "--consent", "--person", "Zoë", me, "--json").json["person"] == "Zoë"
    assert privacyguard("enrol", "--consent", "--person", "Ben", "--relation", "me", other).status == 2
    assert privacyguard("enrol", "--consent", "--person", "Ben", "--relation", "my-child", other).status == 0
    assert privacyguard("enrol", "--consent", "--person", "Ben", "--relation", "me", other).status == 2
    assert privacyguard("enrol", "--consent", "--person", "a\x07b", other).status == 2
    match, _ = privacyguard("scan", pictures, "--person", "Ben", "--json").lines
    assert (match["person"], Path(match["path"]).name) == ("Ben", "other.jpg")
    match, _ = privacyguard("scan", pictures, "--json").lines
    assert match["person"] == "Zoë"


def test_the_first_name_is_you_and_the_next_is_someone_you_help(
    privacyguard: CommandLine, free_portraits: Portraits
) -> None:
    me, other = free_portraits
    privacyguard("account", "add", "zoe@example.org")
    assert privacyguard("enrol", "--consent", "--person", "Zoë", me).status == 0
    done = privacyguard("enrol", "--consent", "--person", "Ben", other)
    assert done.status == 0
    assert "on this computer only" in done.out
    # The profile that the address was kept in got the name, so the address is still Zoë's.
    assert privacyguard("account", "list", "--json").json == [{"kind": "email", "value": "zoe@example.org"}]
    assert privacyguard("forget", "--person", "me", "--yes").status == 2
    assert privacyguard("source", "on", "gravatar").status == 0
    outcomes = privacyguard("check", "--source", "gravatar", "--person", "Ben", "--json").json["outcomes"]
    (outcome,) = [each for each in outcomes if each["source"] == "gravatar"]
    assert outcome["status"] == "skipped"
    assert "someone you help" in outcome["problem"]


def test_nothing_enrolled_is_three(privacyguard: CommandLine, pictures: Path) -> None:
    for arguments in ([pictures], [pictures, "--person", "Nobody"], [pictures, "--json"]):
        done = privacyguard("scan", *arguments)
        assert (done.status, done.out) == (3, "")
        assert "No face has been added yet." in done.err
    assert privacyguard("forget", "--face", "--yes").status == 3


def test_a_scan_finds_the_person_and_nobody_else(enrolled: CommandLine, pictures: Path) -> None:
    done = enrolled("scan", pictures, "--json")
    assert done.status == 0
    match, summary = done.lines
    assert set(match) == {
        *("path", "person", "finding", "box", "similarity", "closeness", "time_s", "remembered"),
    }
    assert match["path"] == str(pictures / "deeper" / "club\x1b[2J.png")
    assert match["person"] == "me"
    assert match["similarity"] > 0.95
    assert (match["closeness"], match["time_s"], match["remembered"]) == ("a-lot", None, False)
    x, y, w, h = match["box"]
    assert 100 < x < 250
    assert 0 < y < 150
    assert w > 50
    assert h > 50
    counts = summary["summary"]
    assert list(counts) == [
        *("seen", "skipped_unchanged", "unreadable", "could_not_judge", "faces", "matches", "seconds"),
    ]
    assert [counts[name] for name in ("seen", "skipped_unchanged", "unreadable", "matches")] == [3, 0, 1, 1]
    assert counts["faces"] >= 2
    keys = [finding["key"] for finding in enrolled("findings", "--json").json]
    assert keys == [match["finding"]]


def test_what_did_not_change_is_remembered_and_fresh_looks_again(enrolled: CommandLine, pictures: Path) -> None:
    first, _ = enrolled("scan", pictures, "--json").lines
    again, summary = enrolled("scan", pictures, "--json").lines
    assert again == {**first, "remembered": True}
    assert summary["summary"]["skipped_unchanged"] == 2
    assert (summary["summary"]["seen"], summary["summary"]["unreadable"]) == (3, 1)
    fresh, summary = enrolled("scan", pictures, "--json", "--fresh").lines
    assert fresh == first
    assert summary["summary"]["skipped_unchanged"] == 0
    os.utime(pictures / "deeper" / "club\x1b[2J.png", (1, 1))
    changed, _ = enrolled("scan", pictures, "--json").lines
    assert not changed["remembered"]


def test_one_level_can_be_asked_for(enrolled: CommandLine, pictures: Path) -> None:
    assert len(enrolled("scan", pictures, "--json", "--closeness", "a-lot").lines) == 2
    (summary,) = enrolled("scan", pictures, "--json", "--closeness", "a-little").lines
    assert summary["summary"]["matches"] == 0


def test_a_path_that_is_not_there_is_one_and_the_rest_is_scanned(enrolled: CommandLine, pictures: Path) -> None:
    done = enrolled("scan", pictures / "missing", pictures / "deeper" / "club\x1b[2J.png", "--json")
    assert done.status == 1
    assert len(done.lines) == 2
    assert "missing" in done.err
    done = enrolled("scan", pictures / "other.jpg")
    assert done.status == 0


def test_text_output_cannot_steer_the_terminal(enrolled: CommandLine, pictures: Path) -> None:
    done = enrolled("scan", pictures)
    assert "\x1b" not in done.out
    assert "club\\x1b[2J.png" in done.out
    assert "%" not in done.out


def test_names_that_are_no_text_are_scanned_and_shown(
    enrolled: CommandLine, free_portraits: Portraits, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    shutil.copy(free_portraits.astronaut, os.fsdecode(os.fsencode(folder) + b"/inv\xff\xfe.png"))
    shutil.copy(free_portraits.astronaut, folder / "line\nend.png")
    done = enrolled("scan", folder, "--json")
    assert (done.status, len(done.lines)) == (0, 3)
    assert {os.fsencode(match["path"]) for match in done.lines[:2]} == {
        os.fsencode(folder) + name for name in (b"/inv\xff\xfe.png", b"/line\nend.png")
    }
    assert all(match["remembered"] for match in enrolled("scan", folder, "--json").lines[:2])
    assert len(enrolled("scan", folder).out.splitlines()) == 2 + 6
    assert enrolled("findings").status == 0


def test_stopping_keeps_what_was_found(enrolled: CommandLine, free_portraits: Portraits, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    content = free_portraits.astronaut.read_bytes()
    for number in range(400):
        (folder / f"{number:03}.png").write_bytes(content + bytes([number % 256, number // 256]))
    with enrolled.start("scan", folder, "--json") as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        asked = time.monotonic()
        rest = running.stdout.read().splitlines()
        assert running.wait(30) == 130
        assert time.monotonic() - asked < 2
    assert b'"remembered": false' in first
    assert rest[-1].startswith(b'{"summary": ')
    told = 1 + len(rest) - 1
    assert told < 400
    assert len(enrolled("findings", "--json").json) >= told


def test_forgetting_the_face_forgets_it(privacyguard: CommandLine, free_portraits: Portraits, pictures: Path) -> None:
    assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
    assert privacyguard("scan", pictures).status == 0
    assert privacyguard("forget", "--face").status == 2
    assert privacyguard("scan", pictures).status == 0
    done = privacyguard("forget", "--face", "--yes", "--json")
    assert done.status == 0
    assert done.json["erased"]
    assert privacyguard("scan", pictures).status == 3
