"""A damaged file, and values that we never wrote, end in words: never in a traceback, never in wrong answers."""

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from privacyguard.errors import VaultDamaged, VaultError, WrongKey
from privacyguard.vault.blobs import MAX_SIDE
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import ADDRESS, NOW, PACED, Filled, fill, open_vault

PAGE = 4096


def everything(vault: Vault, filled: Filled) -> list[object]:
    """All that can be asked of a vault."""
    person_id, path = filled.person.person_id, filled.looked_at.path
    return [
        vault.people(),
        vault.person_named("Zyxwanda Canarysdóttir"),
        vault.findings(),
        [vault.finding(one.key) for one in vault.findings(person_id)],
        vault.not_me(person_id),
        vault.looked_at(person_id, path),
        list(vault.scenes(person_id)),
        vault.index(person_id).findings([one.key for one in vault.findings(person_id)]),
        vault.places(),
        vault.last_checkup(),
        vault.disclosures(),
        vault.load("catalogue"),
        vault.flag("flag"),
    ]


def test_a_change_anywhere_in_the_file_is_noticed(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        filled = fill(vault)
        expected = everything(vault, filled)
        vault.check()
    file = tmp_path / "vault.db"
    whole = file.read_bytes()
    chance = random.Random(1)
    for page in range(len(whole) // PAGE):
        damaged = bytearray(whole)
        damaged[page * PAGE + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        with pytest.raises(WrongKey if page == 0 else VaultDamaged), open_vault(tmp_path, keys) as vault:
            assert everything(vault, filled) == expected  # what can still be read is what was written
            vault.check()
    file.write_bytes(whole)
    with open_vault(tmp_path, keys) as vault:
        vault.check()
        assert everything(vault, filled) == expected


def test_other_files_in_its_place_are_refused(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    open_vault(tmp_path, keys).close()
    file = tmp_path / "vault.db"
    for content in (b"SQLite format 3\x00" + bytes(8176), random.Random(2).randbytes(3 * PAGE), b"<html>" * 2000):
        file.write_bytes(content)
        with pytest.raises(VaultError):
            open_vault(tmp_path, keys)
        assert file.read_bytes() == content


def test_a_damaged_log_beside_the_file_never_brings_wrong_values(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        vault.set_flag("a", "before")
    file, log = tmp_path / "vault.db", tmp_path / "vault.db-wal"
    with open_vault(tmp_path, keys) as vault:
        vault.set_flag("a", "after")
        kept, kept_log = file.read_bytes(), log.read_bytes()
    for place in range(0, len(kept_log), len(kept_log) // 40):
        file.write_bytes(kept)
        damaged = bytearray(kept_log)
        damaged[place] ^= 0xFF
        log.write_bytes(damaged)
        with open_vault(tmp_path, keys) as vault:
            assert vault.flag("a") in ("before", "after")
            vault.check()
    file.write_bytes(kept)
    log.write_bytes(kept_log)
    with open_vault(tmp_path, keys) as vault:
        assert vault.flag("a") == "after"


BOMB = zlib.compress(bytes(50_000_000))
DEEP = '{"name":' + "[" * 100_000 + "]" * 100_000 + "}"
UNKNOWN: dict[str, tuple[str, ...]] = {
    "person": ("relation = 'aunt'", "is_adult = 2", "name = CAST(x'ff80' AS TEXT)"),
    "identifier": ("kind = 'shoe size'",),
    "consent": ("given_at = 'yesterday'", "given_at = '2026-01-01T00:00:00'", "given_by = ''", "folders = 7"),
    "template": ("enrolled_at = ''",),
    "photo": (
        "embedding = x''",
        "embedding = x'000102'",
        "embedding = x'0000c07f'",  # not a number
        "cut = x'00'",
        f"cut = x'{BOMB.hex()}'",
        "cut_width = 0",
        "cut_height = -1",
        "cut_width = cut_width + 1",
        f"cut_width = {MAX_SIDE + 1}",
        "cut = substr(cut, 1, length(cut) - 4)",
        "mirrored = NULL",
        "other_model = NULL",
        "mirrored = x'0000c07f'",
        "other_model = x'00'",
        "copy_variants = x''",
        f"copy_variants = x'{BOMB.hex()}'",
        "copy_variants = substr(copy_variants, 1, length(copy_variants) - 4)",
        "copy_variants = CAST(copy_variants || x'00' AS BLOB)",
    ),
    "round": ("opened_at = 'yesterday'", "opened_at = '2026-01-01T00:00:00'"),
    "asked": ("kind = 'shoe size'", "at = ''", "in_round = 7"),
    "pace": ("asked_at = x'00'", "asked_at = x'ffffffffffffff7f'", "not_before = 'never'"),
    "letter": ("sent_on = 'then'", "due_on = ''", "answered_on = '2026-02-30'"),
    "finding": (
        "subjects = ''",
        'subjects = \'{"subjects":["a"]}\'',
        'subjects = \'{"subjects":[{"kind":"shoe size","value":"44"}]}\'',
        'subjects = \'{"subjects":[{"kind":"email","value":44}]}\'',
        "grown = '[]'",
        "grown = '{\"grown\":[7]}'",
        "kind = 'rumour'",
        "kind = 'copy'",
        "sources = '[]'",
        "sources = '{\"sources\":[1]}'",
        "first_seen = '2026-13-01'",
        "last_seen = ''",
        "evidence = ''",
        "evidence = 'null'",
        "evidence = '{}'",
        "evidence = '{\"name\":NaN}'",
        f"evidence = '{DEEP}'",
        f"evidence = json_set(evidence, '$.similarity', json('1{'0' * 400}'))",
        "evidence = json_set(evidence, '$.box', json('[1,2,3]'))",
        "evidence = json_set(evidence, '$.box', json('[1,2,3,1e400]'))",
        "evidence = json_set(evidence, '$.closeness', 'twin')",
        "evidence = json_set(evidence, '$.title', 5)",
        "evidence = json_remove(evidence, '$.phash')",
        "evidence = json_set(evidence, '$.on_this_computer', 'yes')",
        "evidence = json_set(evidence, '$.swap', 'maybe')",
        "evidence = json_set(evidence, '$.time_s', 'late')",
        "evidence = json_set(evidence, '$.size', json('[1280]'))",
        "evidence = json_set(evidence, '$.size', json('[1280,true]'))",
        "cut = x'ff'",
        "cut_width = NULL",
        "mark = 'maybe'",
        "mark = 'later', mark_until = 'soon'",
    ),
    "place": ("kind = 'moon'", "value = x'ff'"),
    "checkup": (
        "started_at = ''",
        "outcomes = '{}'",
        "outcomes = '{\"outcomes\":[1]}'",
        'outcomes = \'{"outcomes":[{"source_id":"x"}]}\'',
        "new = '[]'",
        "cancelled = 3",
    ),
    "disclosure": ("at = 'x'", "at = CAST(x'ff' AS TEXT)"),
    "kept": ("kept_at = ''",),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str, MemoryKeyStore]:
    home, keys = tmp_path_factory.mktemp("whole"), MemoryKeyStore()
    with open_vault(home, keys) as vault:
        filled = fill(vault)
    return (home / "vault.db").read_bytes(), filled.findings[1].key, keys


@pytest.mark.parametrize(("table", "change"), [(table, one) for table in UNKNOWN for one in UNKNOWN[table]])
def test_values_we_never_wrote_are_damage(
    tmp_path: Path, whole: tuple[bytes, str, MemoryKeyStore], table: str, change: str
) -> None:
    content, face_key, keys = whole
    (tmp_path / "vault.db").write_bytes(content)
    where = f"WHERE key = '{face_key}'" if table == "finding" else ""
    with open_vault(tmp_path, keys) as vault:
        assert damaged(vault) == []
        with vault._reading() as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
        with vault._writing() as connection:
            assert connection.execute(f"UPDATE {table} SET {change} {where}").rowcount > 0
        (error,) = damaged(vault)
    assert "zyxw" not in str(error).lower()


def ids(vault: Vault) -> list[tuple[str]]:
    with vault._reading() as connection:
        return connection.execute("SELECT id FROM person").fetchall()


def damaged(vault: Vault) -> list[VaultDamaged]:
    """What each question that reads rows raises."""
    questions: list[Callable[[], object]] = [
        vault.people,
        vault.findings,
        vault.places,
        vault.last_checkup,
        vault.disclosures,
        vault.letters,
        lambda: vault.load("catalogue"),
        lambda: vault.pace.load(PACED),
        lambda: [vault.rounds.open(row[0], "hibp", (ADDRESS,), NOW) for row in ids(vault)],
    ]
    errors = []
    for question in questions:
        try:
            question()
        except VaultDamaged as error:
            errors.append(error)
    return errors


def test_a_missing_table_is_not_an_empty_one(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault, vault._writing() as connection:
        connection.execute("DROP TABLE not_me")
    with pytest.raises(VaultDamaged):
        open_vault(tmp_path, keys)
