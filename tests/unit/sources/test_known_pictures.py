"""Our own list of leaks of pictures: what it says, and that a list with a fault is refused."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from privacyguard.sources.breaches.known_pictures import DATA, known_picture_leaks

GOOD: dict[str, Any] = {
    "title": "Example Gym",
    "domain": "gym.example",
    "aliases": ["Example Health Clubs"],
    "occurred_on": "2026-05",
    "data_classes": ["Photos"],
    "source": "A report",
    "checked_on": "2026-06-01",
    "confidence": "B",
}


def written(folder: Path, *entries: object) -> Path:
    file = folder / "list.json"
    file.write_text(json.dumps({"leaks": entries}), encoding="utf-8")
    return file


def test_the_gym_chain_of_june_2024_is_first_and_names_its_source() -> None:
    first = known_picture_leaks()[0]
    assert first.breach.title == "Total Fitness"
    assert first.breach.occurred_on == date(2024, 6, 1)
    assert first.breach.knows_no_addresses
    assert first.breach.has_pictures
    assert first.breach.has_documents
    assert "vpnMentor" in first.source
    assert first.confidence == "B"


def test_each_entry_says_where_it_is_known_from() -> None:
    for leak in known_picture_leaks():
        assert leak.breach.knows_no_addresses
        assert leak.breach.domain
        assert len(leak.source) > 20
        assert date(2026, 1, 1) <= leak.checked_on
    assert json.loads(DATA.read_text(encoding="utf-8")).keys() == {"about", "leaks"}


def test_a_good_list_is_read(tmp_path: Path) -> None:
    (leak,) = known_picture_leaks(written(tmp_path, GOOD))
    assert leak.breach.name == "ExampleGym"
    assert leak.breach.domain == "gym.example"
    assert leak.aliases == ("Example Health Clubs",)
    assert leak.checked_on == date(2026, 6, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": " Example"},
        {"title": "a\u202eb"},
        {"title": 7},
        {"domain": "https://gym.example/"},
        {"domain": "Gym.example"},
        {"domain": None},
        {"aliases": "Example"},
        {"aliases": [""]},
        {"occurred_on": "2026"},
        {"occurred_on": "2026-13"},
        {"data_classes": ["Names"]},
        {"data_classes": []},
        {"source": ""},
        {"checked_on": "yesterday"},
        {"confidence": "D"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_list_with_a_fault_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        known_picture_leaks(written(tmp_path, GOOD | change))


def test_a_missing_field_or_a_leak_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fields"):
        known_picture_leaks(written(tmp_path, {name: GOOD[name] for name in GOOD if name != "source"}))
    with pytest.raises(ValueError, match="twice"):
        known_picture_leaks(written(tmp_path, GOOD, GOOD))
