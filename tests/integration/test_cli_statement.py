"""statement: the typed sentence opens the web for one face, and another face has to wait."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support.commands import CommandLine, Done
from tests.support.services import Services

STATE = {"person", "sentence", "text_version", "typed_at", "counts_from", "counts", "why_not"}


def of_vision(done: Done) -> tuple[str, str]:
    (outcome,) = [each for each in done.json["outcomes"] if each["source"] == "google-vision"]
    return outcome["status"], outcome["problem"] or ""


def test_the_sentence_is_asked_for_kept_and_shown(enrolled: CommandLine) -> None:
    before = enrolled("statement", "--json").json
    assert set(before) == STATE
    assert (before["counts"], before["typed_at"], before["sentence"]) == (False, None, SENTENCE)
    assert "type the sentence" in before["why_not"]
    done = enrolled("statement", typed="this is my own face. I am 18 or over\n")
    assert done.status == 0, done.err
    assert SENTENCE in done.err and "Use it only for your own" in done.err
    assert "may look for your face on the web now" in done.out
    after = enrolled("statement", "--json").json
    assert (after["counts"], after["why_not"]) == (True, None)
    assert after["typed_at"] == after["counts_from"]


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", "This is my own face.\n", f"\n{SENTENCE}\n"])
def test_anything_else_changes_nothing(enrolled: CommandLine, typed: str) -> None:
    done = enrolled("statement", typed=typed)
    assert done.status == 2
    assert "nothing was changed" in done.err
    assert not enrolled("statement", "--json").json["counts"]


def test_without_a_face_there_is_nothing_to_say(privacyguard: CommandLine) -> None:
    assert privacyguard("statement", typed=SENTENCE).status == 3
    privacyguard("account", "add", "-", typed="zoe@example.org")
    assert privacyguard("statement", typed=SENTENCE).status == 3
    assert not privacyguard("statement", "--json").json["counts"]


@pytest.mark.parametrize("relation", ["my-child", "someone-i-help"])
def test_it_is_not_for_others(enrolled: CommandLine, free_portraits: Portraits, relation: str) -> None:
    other = free_portraits.grace_hopper
    assert enrolled("enrol", "--consent", "--person", "Ben", "--relation", relation, other).status == 0
    done = enrolled("statement", "--person", "Ben", typed=SENTENCE)
    assert done.status == 1
    assert "only by the grown-up who uses this computer" in done.err
    assert not enrolled("statement", "--person", "Ben", "--json").json["counts"]
    assert enrolled("statement", typed=SENTENCE).status == 0


def test_a_place_with_pictures_is_asked_only_after_the_sentence_and_another_face_waits(
    privacyguard: CommandLine, free_portraits: Portraits
) -> None:
    # A home of its own: erasing the face renews the key.
    assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
    with Services() as services:
        privacyguard.settings(services.settings_toml(on=("google-vision",)))
        assert privacyguard("key", "set", "google-vision", typed="AIzaSy-invented-for-tests-000000000000").status == 0
        check = ("check", "--source", "google-vision", "--json")
        done = privacyguard(*check)
        assert (done.status, services.requests) == (1, [])
        assert of_vision(done) == (
            "skipped",
            "To look for your face on the web, first type the sentence that says it is your own face.",
        )
        privacyguard("statement", typed=SENTENCE)
        assert of_vision(privacyguard(*check)) == ("checked", "")
        asked = len(services.requests)
        assert asked == 1
        assert "sentence" not in privacyguard("enrol", "--consent", free_portraits.astronaut).err  # the same face
        assert of_vision(privacyguard(*check)) == ("checked", "")
        asked = len(services.requests)
        other = privacyguard("enrol", "--consent", free_portraits.grace_hopper)
        assert other.status == 0
        assert "The sentence that you typed was for the face before, so it is gone." in other.err
        assert "type the sentence" in of_vision(privacyguard(*check))[1]
        said = privacyguard("statement", typed=SENTENCE).out
        assert "there is a wait of 7 days" in said and "camera" in said
        status, problem = of_vision(privacyguard(*check))
        assert (status, "there is a wait of 7 days" in problem) == ("skipped", True)
        state = privacyguard("statement", "--json").json
        waited = datetime.fromisoformat(state["counts_from"]) - datetime.fromisoformat(state["typed_at"])
        assert (state["counts"], waited) == (False, timedelta(days=7))
        assert state["why_not"] == problem
        assert privacyguard("forget", "--face", "--yes").status == 0
        assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
        assert "there is a wait of 7 days" in privacyguard("statement", typed=SENTENCE).out
        assert len(services.requests) == asked


def test_the_list_of_places_tells_why_those_with_pictures_are_not_asked(
    privacyguard: CommandLine, free_portraits: Portraits
) -> None:
    assert "face" not in privacyguard("source", "on", "xposedornot").err
    assert "No face has been added" in privacyguard("source", "on", "gravatar").err
    assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
    done = privacyguard("sources")
    assert done.status == 0
    assert "type the sentence" in done.err and "privacyguard statement" in done.err
    assert "type the sentence" not in privacyguard("source", "on", "xposedornot").err
    assert privacyguard("statement", typed=SENTENCE).status == 0
    assert privacyguard("sources").err == ""


SIX_CHILDREN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from privacyguard.model.person import Relation
from privacyguard.vault.keystore import SystemKeyStore, home_id
from privacyguard.vault.vault import Vault
home = Path(sys.argv[1])
with Vault.open(home, SystemKeyStore(home_id(home)), clock=lambda: datetime.now(UTC)) as vault:
    for number in range(6):
        vault.add_person(f"Child {number}", Relation.MY_CHILD, True)
"""


def test_six_people_and_no_more(privacyguard: CommandLine, free_portraits: Portraits) -> None:
    program: list[str | Path] = [sys.executable, "-c", SIX_CHILDREN, privacyguard.folder]
    privacyguard.session.run(program, extra=privacyguard.environment, check=True)
    child = ("--relation", "my-child", free_portraits.grace_hopper)
    done = privacyguard("enrol", "--consent", "--person", "Child 6", *child)
    assert done.status == 1
    assert "six people at most" in done.err
    assert privacyguard("enrol", "--consent", "--person", "Child 5", *child).status == 0
