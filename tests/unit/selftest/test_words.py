"""The self-test's check of the words says no where a language has not all of them, or has broken ones."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from privacyguard import i18n
from privacyguard.i18n import _
from privacyguard.paths import resources
from privacyguard.selftest.words import KNOWN, words
from tests.support.catalogues import write_catalogue

SAID = {KNOWN: "Jetzt Hilfe holen", "Ask them to delete it": "Löschen lassen"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of our texts, with a second language."""
    own = Path(shutil.copytree(resources(), tmp_path / "resources", ignore=shutil.ignore_patterns("screenshots")))
    write_catalogue(own / "locale", "de", SAID)
    shutil.copy(own / "letters" / "en.json", own / "letters" / "de.json")
    return own


def told(own: Path) -> str:
    """What is missing or broken in the two languages, "" for nothing."""
    check = words(own, ("en", "de"))
    assert check.ok == (check.detail == "whole in each language: en, de")
    return "" if check.ok else check.detail.removeprefix("missing or broken: ")


def test_every_language_that_is_offered_is_whole_here() -> None:
    assert words(resources()).ok


def test_what_is_there_is_offered_and_the_other_way_round() -> None:
    letters = {file.stem for file in (resources() / "letters").glob("*.json")} - {"laws"}
    catalogues = {file.parents[1].name for file in (resources() / "locale").glob("*/LC_MESSAGES/privacyguard.mo")}
    assert letters == set(i18n.LANGUAGES) == {"en", *catalogues}


def test_two_whole_languages_are_whole_and_the_chosen_one_stays(own: Path) -> None:
    assert told(own) == ""
    assert _(KNOWN) == KNOWN


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def without_a_kind(file: Path) -> None:
    texts = json.loads(file.read_text("utf-8"))
    del texts["letters"]["delete"]["child"]
    file.write_text(json.dumps(texts), "utf-8")


def with_an_unknown_blank(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("{recipient}", "{empfaenger}"), "utf-8")


def with_an_unknown_note(file: Path) -> None:
    content = json.loads(file.read_text("utf-8"))
    content["visits"][0]["notes"] = ["nobody-knows"]
    file.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    ("name", "harm", "broken"),
    [
        ("locale/de/LC_MESSAGES/privacyguard.mo", Path.unlink, "catalogue (de)"),
        ("locale/de/LC_MESSAGES/privacyguard.mo", cut, "catalogue (de)"),
        ("locale/de/LC_MESSAGES/privacyguard.mo", lambda file: file.write_bytes(b"not one"), "catalogue (de)"),
        ("letters/de.json", Path.unlink, "letters (de)"),
        ("letters/de.json", cut, "letters (de)"),
        ("letters/de.json", without_a_kind, "letters (de)"),
        ("letters/de.json", with_an_unknown_blank, "letters (de)"),
        ("letters/laws.json", cut, "letters (en), letters (de)"),
        ("help/helplines.json", Path.unlink, "help (en), help (de)"),
        ("help/visits.json", with_an_unknown_note, "help (en), help (de)"),
        ("report/report.html", cut, "report (en), report (de)"),
    ],
)
def test_what_is_missing_or_broken_is_named_and_nothing_else(
    own: Path, name: str, harm: Callable[[Path], object], broken: str
) -> None:
    harm(own / name)
    assert told(own) == broken


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ({"Hide": "Verstecken"}, "catalogue (de)"),
        ({**SAID, "You are about to leave PrivacyGuard and open {name}.": "Zu {ort}."}, "help (de)"),
    ],
)
def test_a_catalogue_without_a_word_or_with_a_blank_that_nothing_fills_is_broken(
    own: Path, said: dict[str, str], broken: str
) -> None:
    write_catalogue(own / "locale", "de", said)
    assert told(own) == broken
