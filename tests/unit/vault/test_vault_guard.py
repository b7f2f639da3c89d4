"""What the vault keeps of the regular check, and a file of the version before it."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from privacyguard.errors import VaultDamaged
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.guard import GuardState, News, NewsKind, Pace, Presence, SourceRecord
from privacyguard.model.person import Relation
from privacyguard.vault import schema
from privacyguard.vault.guard import NEWS_KEPT
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, breach, finding, open_vault, outcome, picture_copy

KEY = "5a" * 32
HOUR = timedelta(hours=1)


def test_a_new_vault_is_not_on_guard_and_nothing_is_written_for_looking(vault: Vault) -> None:
    assert vault.guard.state() == GuardState() and not GuardState().is_on and GuardState().pace is Pace.WEEKLY
    assert vault.guard.change(lambda state: state) == GuardState()
    with vault._reading() as connection:
        assert connection.execute("SELECT count(*) FROM guard").fetchone()[0] == 0


def test_every_field_of_the_state_comes_back(tmp_path: Path) -> None:
    times = [each.name for each in fields(GuardState) if each.name not in ("is_on", "pace")]
    zone = timezone(timedelta(hours=10, minutes=30))
    whole = GuardState(
        is_on=True,
        pace=Pace.MONTHLY,
        **{name: (NOW + number * HOUR).astimezone(zone) for number, name in enumerate(times)},
    )
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        assert vault.guard.change(lambda state: whole) == whole
    with open_vault(tmp_path, keys) as vault:
        assert vault.guard.state() == whole
        assert vault.guard.change(lambda state: replace(state, due_at=None)).due_at is None
        assert vault.guard.state() == replace(whole, due_at=None)


def test_a_time_without_its_zone_is_not_kept(vault: Vault) -> None:
    with pytest.raises(ValueError, match="zone"):
        vault.guard.change(lambda state: replace(state, due_at=datetime(2026, 1, 1)))
    assert vault.guard.state() == GuardState()


def test_a_state_that_was_not_written_by_us_means_a_damaged_file(vault: Vault) -> None:
    vault.guard.change(lambda state: replace(state, is_on=True))
    with vault._writing() as connection:
        connection.execute("UPDATE guard SET pace = 'hourly'")
    with pytest.raises(VaultDamaged):
        vault.guard.state()


def test_sources_are_kept_for_each_person(vault: Vault, ann: str) -> None:
    ben = vault.add_person("Ben", Relation.MY_CHILD, False).person_id
    fine, failing = SourceRecord(NOW, NOW), SourceRecord(NOW, NOW - 9 * HOUR, 2, NOW - HOUR)
    vault.guard.note(ann, {"hibp": failing, "catalogue": fine})
    vault.guard.note(ben, {"catalogue": failing})
    assert vault.guard.sources(ann) == {"hibp": failing, "catalogue": fine}
    vault.guard.note(ann, {"hibp": fine})
    assert vault.guard.sources(ann) == {"hibp": fine, "catalogue": fine}
    assert vault.guard.sources(ben) == {"catalogue": failing}
    with pytest.raises(LookupError):
        vault.guard.note("nobody", {"hibp": fine})


def test_what_a_check_brought_is_kept_all_or_nothing(vault: Vault, ann: str) -> None:
    news = News(NewsKind.NEW, "nobody", "face-1", NOW)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        vault.guard.note(ann, {"hibp": SourceRecord(NOW, NOW)}, {}, [news])
    assert vault.guard.sources(ann) == {} and vault.guard.news() == ()


def test_presence_is_kept_only_of_findings_that_are_there(vault: Vault, ann: str) -> None:
    copy = finding(ann, picture_copy(), "brave")
    vault.save_outcome(ann, outcome("brave"), [copy])
    gone, back = Presence(2, NOW), Presence(0, None, NOW + HOUR)
    vault.guard.note(ann, {}, {copy.key: gone, "copy-0": gone})
    assert vault.guard.presence(ann) == {copy.key: gone}
    vault.guard.note(ann, {}, {copy.key: back})
    assert vault.guard.presence(ann) == {copy.key: back}
    assert vault.guard.presence("nobody") == {}


def test_news_are_said_once_and_seen_once(vault: Vault, ann: str) -> None:
    first = News(NewsKind.NEW, ann, "breach-1", NOW)
    second = News(NewsKind.REMINDER, ann, "breach-1", NOW + HOUR, date(2026, 3, 1))
    third = News(NewsKind.REMINDER, ann, "breach-1", NOW + 2 * HOUR, date(2026, 4, 1))
    vault.guard.add_news([second, first])
    vault.guard.add_news([replace(first, at=NOW + 9 * HOUR)])  # known already
    assert vault.guard.untold() == (first, second)
    vault.guard.told([first], NOW + 3 * HOUR)
    assert vault.guard.state().last_notice_at == NOW + 3 * HOUR
    assert vault.guard.untold() == (second,)
    assert vault.guard.unseen() == (replace(first, told_at=NOW + 3 * HOUR), second)
    vault.guard.seen(["breach-2"], NOW + 4 * HOUR)
    assert len(vault.guard.unseen()) == 2
    vault.guard.seen(["breach-1"], NOW + 4 * HOUR)
    assert vault.guard.unseen() == ()
    vault.guard.add_news([third])
    assert vault.guard.untold() == (third,)
    vault.guard.seen(None, NOW + 5 * HOUR)
    assert vault.guard.unseen() == () and len(vault.guard.news()) == 3
    assert vault.guard.news()[0].seen_at == NOW + 4 * HOUR  # the first time counts
    with pytest.raises(LookupError):
        vault.guard.add_news([replace(third, person_id="nobody")])


def test_news_of_more_than_a_year_ago_are_forgotten(vault: Vault, ann: str) -> None:
    old, younger = News(NewsKind.NEW, ann, "face-1", NOW), News(NewsKind.NEW, ann, "face-2", NOW + 2 * HOUR)
    vault.guard.note(ann, {}, {}, [old, younger])
    late = News(NewsKind.NEW, ann, "face-3", NOW + NEWS_KEPT + HOUR)
    vault.guard.note(ann, {}, {}, [late])
    assert vault.guard.news() == (younger, late)


def test_reminders_are_those_whose_day_has_come(vault: Vault, ann: str) -> None:
    leaks = [finding(ann, breach(name=name, title=name)) for name in ("A", "B", "C", "D")]
    vault.save_outcome(ann, outcome(), leaks)
    today = date(2026, 3, 10)
    for leak, mark in zip(
        leaks,
        (
            Mark(MarkKind.LATER, today),
            Mark(MarkKind.LATER, today + timedelta(days=1)),
            Mark(MarkKind.LATER),
            Mark(MarkKind.DONE),
        ),
        strict=True,
    ):
        vault.mark(leak.key, mark)
    assert vault.guard.reminders(today) == ((ann, leaks[0].key, today),)
    assert vault.guard.reminders(today - timedelta(days=1)) == ()


def test_a_file_of_version_5_gets_a_guard_that_is_off_and_keeps_what_it_holds(tmp_path: Path) -> None:
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(tmp_path / "vault.db", isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    for step in schema.STEPS[:5]:
        for statement in step:
            connection.execute(statement)
    connection.execute("PRAGMA user_version = 5")
    connection.execute("INSERT INTO person VALUES ('p1', 'Ann', 'me', 1)")
    connection.execute("INSERT INTO flag VALUES ('country', 'DE')")
    at = datetime(2026, 1, 2, tzinfo=UTC).isoformat()
    connection.execute("INSERT INTO checkup VALUES (1, 'p1', ?, ?, 0, '{\"outcomes\":[]}', '{\"new\":[]}')", (at, at))
    connection.close()
    for _ in range(2):
        with open_vault(tmp_path, MemoryKeyStore({"vault-key-1": KEY})) as vault:
            with vault._reading() as opened:
                assert opened.execute("PRAGMA user_version").fetchone()[0] == schema.CURRENT == 6
            assert [person.name for person in vault.people()] == ["Ann"]
            assert vault.flag("country") == "DE" and vault.last_checkup("p1") is not None
            assert vault.guard.state() == GuardState() and vault.guard.news() == ()
            vault.guard.note("p1", {"hibp": SourceRecord(NOW, NOW)})
            assert vault.guard.sources("p1") == {"hibp": SourceRecord(NOW, NOW)}
