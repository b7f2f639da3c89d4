"""Checkups, places, letters, what left this computer, the pace of hosts, and small things by name."""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.model.checkup import Checkup
from privacyguard.model.person import Relation
from privacyguard.model.place import Place, PlaceKind
from privacyguard.model.source import Disclosure, DisclosureTotals, PaceRecord
from privacyguard.vault import history, pace
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, disclosure, letter, open_vault, outcome

SECOND = timedelta(seconds=1)
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


def at_host(number: int, source_id: str, host: str) -> Disclosure:
    return dataclasses.replace(disclosure(number), source_id=source_id, host=host)


def test_disclosures_are_chosen_by_source_time_and_host(vault: Vault) -> None:
    sent = [at_host(1, "hibp", "a"), at_host(2, "hibp", "b"), at_host(3, "leakcheck", "a")]
    for one in sent:
        vault.record(one)
    first, second, third = sent
    assert vault.disclosures("hibp") == (second, first)
    assert vault.disclosures(host="a") == (third, first)
    assert vault.disclosures("hibp", host="a") == (first,)
    assert vault.disclosures(since=second.at) == (third, second)
    assert vault.disclosures("hibp", second.at, "b") == (second,)
    assert vault.disclosures("hib") == vault.disclosures(host="") == vault.disclosures(since=third.at + SECOND) == ()


def test_times_are_compared_as_times_and_not_as_text(vault: Vault) -> None:
    early = dataclasses.replace(disclosure(0), at=datetime.fromisoformat("2026-03-01T23:30:00+09:00"))
    late = dataclasses.replace(disclosure(0), at=datetime.fromisoformat("2026-03-01T15:30:00+00:00"))
    vault.record(late)
    vault.record(early)
    assert vault.disclosures(since=late.at) == (late,)
    assert vault.disclosure_totals(since=late.at) == DisclosureTotals(1, 300, 1, late.at)
    assert vault.disclosure_totals() == DisclosureTotals(2, 600, 1, early.at)


def test_totals_count_requests_bytes_and_hosts(vault: Vault) -> None:
    assert vault.disclosure_totals() == DisclosureTotals(0, 0, 0, None)
    for one in (at_host(1, "hibp", "a"), at_host(2, "hibp", "b"), at_host(3, "leakcheck", "a")):
        vault.record(one)
    assert vault.disclosure_totals() == DisclosureTotals(3, 301 + 302 + 303, 2, NOW + SECOND)
    assert vault.disclosure_totals(since=NOW + 2 * SECOND) == DisclosureTotals(2, 302 + 303, 2, NOW + 2 * SECOND)
    assert vault.disclosure_totals(since=NOW + 9 * SECOND) == DisclosureTotals(0, 0, 0, None)


def test_letters_are_kept_replaced_and_removed(vault: Vault) -> None:
    ann = vault.add_person("Ann", Relation.ME, True).person_id
    assert vault.letters() == ()
    second = letter(ann, letter_id="e" * 16, recipient="School")
    vault.save_letter(letter(ann))
    vault.save_letter(second)
    answered = letter(ann, answered_on=date(2026, 3, 20))
    vault.save_letter(answered)
    assert vault.letters() == (answered, second)
    assert "Canary" not in repr(answered)
    with pytest.raises(LookupError):
        vault.save_letter(letter("nobody"))
    assert vault.remove_letter(answered.letter_id) and not vault.remove_letter(answered.letter_id)
    assert vault.letters() == (second,)
    vault.forget_person(ann)
    assert vault.letters() == ()


def test_the_pace_of_a_host_outlasts_a_restart(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    record = PaceRecord((NOW - 2 * SECOND, NOW - SECOND, NOW), NOW + 90 * SECOND)
    with open_vault(tmp_path, keys) as vault:
        assert vault.pace.load("a.example") == PaceRecord()
        vault.pace.save("a.example", PaceRecord((NOW,)))
        vault.pace.save("a.example", record)
    with open_vault(tmp_path, keys) as vault:
        assert vault.pace.load("a.example") == record
        assert vault.pace.load("b.example") == PaceRecord()


def test_the_pace_of_one_day_is_kept_and_no_more_times_than_any_pace_needs(vault: Vault) -> None:
    day = timedelta(days=1)
    vault.pace.save("a.example", PaceRecord((NOW, NOW - day, NOW - day - SECOND)))
    assert vault.pace.load("a.example").asked_at == (NOW - day, NOW)
    times = tuple(NOW - number * SECOND for number in range(pace.TIMES_KEPT + 5))
    vault.pace.save("a.example", PaceRecord(times))
    assert vault.pace.load("a.example").asked_at == times[pace.TIMES_KEPT - 1 :: -1]
    with pytest.raises(ValueError, match="zone"):
        vault.pace.save("a.example", PaceRecord((), datetime(2026, 1, 1)))


def test_a_host_that_was_asked_over_a_day_ago_is_not_known_any_more(tmp_path: Path) -> None:
    """Pages that show somebody's picture were asked for it too: nobody needs to know for longer."""
    keys, day = MemoryKeyStore(), timedelta(days=1)
    with open_vault(tmp_path, keys) as vault:
        for host, record in (
            ("old.example", PaceRecord((NOW,))),
            ("waiting.example", PaceRecord((NOW,), NOW + 2 * day)),
            ("newer.example", PaceRecord((NOW + day / 2,))),
        ):
            vault.pace.save(host, record)
    with Vault.open(tmp_path, keys, clock=lambda: NOW + day + SECOND) as vault:
        vault.pace.save("now.example", PaceRecord((NOW + day + SECOND,)))
        with vault._reading() as connection:
            hosts = {row[0] for row in connection.execute("SELECT host FROM pace")}
    assert hosts == {"waiting.example", "newer.example", "now.example"}


def test_forgetting_a_person_lets_the_pace_of_hosts_be(vault: Vault) -> None:
    """It names hosts, not people; and a service's limit is no smaller for who comes next."""
    ann = vault.add_person("Ann", Relation.ME, True).person_id
    vault.pace.save("a.example", PaceRecord((NOW,)))
    vault.forget_person(ann)
    assert vault.pace.load("a.example") == PaceRecord((NOW,))
