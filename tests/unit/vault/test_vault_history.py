"""Checkups, places, what left this computer, and small things by name."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from privacyguard.model.checkup import Checkup
from privacyguard.model.place import Place, PlaceKind
from privacyguard.vault import history
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, disclosure, open_vault, outcome

FOLDER = Place(PlaceKind.FOLDER, "/pictures/\udcff")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with open_vault(tmp_path / "home", MemoryKeyStore()) as vault:
        yield vault


def checkup(person_id: str, day: int) -> Checkup:
    start = NOW + timedelta(days=day)
    return Checkup(start, start, (outcome("hibp", "breach-1"),), person_id)


def test_the_last_checkup_is_a_persons_or_anybodys(vault: Vault) -> None:
    assert vault.last_checkup() is None
    for one in (checkup("a", 0), checkup("a", 1), checkup("b", 2)):
        vault.save_checkup(one)
    assert vault.last_checkup() == checkup("b", 2)
    assert vault.last_checkup("a") == checkup("a", 1)
    assert vault.last_checkup("c") is None


def test_old_checkups_are_erased_for_each_person(vault: Vault) -> None:
    vault.save_checkup(checkup("b", 0))
    for day in range(history.CHECKUPS_KEPT + 5):
        vault.save_checkup(checkup("a", day))
    with vault._reading() as connection:
        counts = connection.execute("SELECT person_id, count(*) FROM checkup GROUP BY 1 ORDER BY 1").fetchall()
    assert [tuple(row) for row in counts] == [("a", history.CHECKUPS_KEPT), ("b", 1)]
    assert vault.last_checkup("a") == checkup("a", history.CHECKUPS_KEPT + 4)


def test_places_are_added_once_and_removed_once(vault: Vault) -> None:
    page = Place(PlaceKind.URL, FOLDER.value)
    assert vault.add_place(FOLDER) and vault.add_place(page)
    assert not vault.add_place(FOLDER)
    assert vault.places() == (FOLDER, page)
    assert vault.remove_place(FOLDER)
    assert not vault.remove_place(FOLDER)
    assert vault.places() == (page,)


def test_disclosures_come_newest_first_and_can_be_cleared(vault: Vault) -> None:
    assert vault.disclosures() == ()
    for number in (1, 3, 2):
        vault.record(disclosure(number))
    assert vault.disclosures() == (disclosure(2), disclosure(3), disclosure(1))
    vault.clear_disclosures()
    assert vault.disclosures() == ()


def test_named_things_are_replaced(vault: Vault) -> None:
    assert vault.load("x") is None and vault.flag("x") is None
    vault.save("x", b"1")
    vault.save("x", bytes(range(256)))
    vault.set_flag("x", "1")
    vault.set_flag("x", "")
    assert vault.load("x") == (bytes(range(256)), NOW)
    assert vault.flag("x") == ""
    assert vault.load("y") is None and vault.flag("y") is None
