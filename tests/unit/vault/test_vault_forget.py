"""Forgetting a face or a person: the rows are gone, the key is new, and copies from before are dead."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from privacyguard.errors import PasswordStoreLocked, VaultInUse, WrongKey
from privacyguard.model.finding import Finding, Mark, MarkKind
from privacyguard.model.person import Consent, Relation
from privacyguard.model.picture import FaceMatch
from privacyguard.vault import schema
from privacyguard.vault.forget import Receipt, forget_everything
from privacyguard.vault.pages import SitePages
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import (
    NOW,
    Filled,
    clock,
    face_match,
    fill,
    finding,
    open_vault,
    outcome,
    seen_page,
    seen_picture,
    template,
)


def cuts(findings: tuple[Finding, ...]) -> list[bool]:
    return [one.evidence.cut is not None for one in findings if isinstance(one.evidence, FaceMatch)]


OF_A_PERSON = schema.TABLES - {"disclosure", "place", "kept", "flag", "pace", "guard", "guard_presence"}
"""Tables whose rows name somebody; those of the last one hang on a finding."""


def cells_of(vault: Vault) -> dict[str, list[object]]:
    """Every value in every table."""
    with vault._reading() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [cell for row in connection.execute(f"SELECT * FROM {table}").fetchall() for cell in tuple(row)]
            for table in tables
        }


def is_in(value: str, cells: list[object]) -> bool:
    forms = {value.encode(), json.dumps(value)[1:-1].encode()}
    texts = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells]
    return any(form in text for form in forms for text in texts)


def theirs(filled: Filled) -> dict[str, str]:
    """Texts that are about the person and nobody else."""
    names = ("name", "identifier 0", "identifier 1", "identifier 2", "picture", "page", "title", "leak")
    others = ("looked at", "looked at scene", "problem", "recipient", "leak's name", "grown", "enrolled hash")
    seen = ("seen page", "seen page's place", "seen page's state", "seen picture", "seen picture's state")
    values = {name: filled.canaries[name] for name in (*names, *others, *seen)}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def test_forgetting_a_face_erases_pattern_and_cuts_and_keeps_the_rest(tmp_path: Path) -> None:
    with open_vault(tmp_path, MemoryKeyStore()) as vault:
        filled = fill(vault)
        ben = vault.add_person("Ben", Relation.SOMEONE_I_HELP, True).person_id
        vault.save_template(ben, template(5))
        vault.save_outcome(ben, outcome("folders"), [finding(ben, face_match(8), "folders")])
        person_id = filled.person.person_id
        receipt = vault.forget_face(person_id)
        person = vault.person(person_id)
        assert person.template is None
        assert person.consent == Consent(False, True, "2026-02", NOW, Relation.ME)
        assert person.identifiers == filled.person.identifiers
        assert [one.key for one in vault.findings(person_id)] == [one.key for one in filled.findings]
        assert cuts(vault.findings(person_id)) == [False]
        assert vault.looked_at(person_id, filled.looked_at.path) is None
        seen = SitePages.of(vault, person_id, seen_picture().template_id)
        assert seen.page(seen_page().address) is None and seen.picture(seen_picture().address) is None
        assert vault.person(ben).template == template(5) and cuts(vault.findings(ben)) == [True]
        assert vault.places() == filled.places and vault.disclosures() == (filled.disclosure,)
        vault.check()
    assert receipt.at == NOW and len(receipt.erased) == 4
    assert "backups" in receipt.not_reached


def test_a_receipt_names_only_what_was_there(tmp_path: Path) -> None:
    with open_vault(tmp_path, MemoryKeyStore()) as vault:
        person_id = vault.add_person("Ann", Relation.ME, True).person_id
        receipt = vault.forget_face(person_id)
    assert len(receipt.erased) == 1 and "key" in receipt.erased[0]


def test_forgetting_a_person_leaves_nothing_of_them(tmp_path: Path) -> None:
    with open_vault(tmp_path, MemoryKeyStore()) as vault:
        filled = fill(vault)
        ben = vault.add_person("Ben", Relation.ME, True)
        vault.mark(filled.findings[1].key, Mark(MarkKind.NOT_ME))
        person_id = filled.person.person_id
        vault.index(person_id).pass_over({"/home/zyxwuser/Papers": frozenset({b"12345678"})}, 1)
        before = cells_of(vault)
        assert {table for table, cells in before.items() if person_id in cells} == OF_A_PERSON
        vault.forget_person(person_id)
        assert vault.people() == (ben,)
        assert vault.findings() == () and vault.not_me(person_id) == frozenset() and vault.letters() == ()
        assert vault.last_checkup() is None
        assert vault.looked_at(person_id, filled.looked_at.path) is None
        after = cells_of(vault)
        assert [table for table, cells in after.items() if person_id in cells] == []
        assert before["guard_presence"] and not after["guard_presence"]
        for name, value in theirs(filled).items():
            assert [table for table, cells in before.items() if is_in(value, cells)] != [], name
            assert [table for table, cells in after.items() if is_in(value, cells)] == [], name


@pytest.mark.parametrize("forget", [Vault.forget_face, Vault.forget_person])
def test_copies_from_before_are_dead_and_the_file_is_wholly_rewritten(
    tmp_path: Path, forget: Callable[[Vault, str], Receipt]
) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path / "home", keys) as vault:
        person_id = fill(vault).person.person_id
    before, first_key = (tmp_path / "home" / "vault.db").read_bytes(), dict(keys.entries)
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    with open_vault(tmp_path / "home", keys) as vault:
        forget(vault, person_id)
        assert list(keys.entries) == ["vault-key-2"]
    after = (tmp_path / "home" / "vault.db").read_bytes()
    with pytest.raises(WrongKey):
        open_vault(tmp_path / "copy", keys)
    with pytest.raises(WrongKey):
        open_vault(tmp_path / "home", MemoryKeyStore(first_key))
    pages = {before[start + 16 : start + 4096] for start in range(0, len(before), 4096)}  # 16: the file's salt
    assert not [start for start in range(0, len(after), 4096) if after[start + 16 : start + 4096] in pages]
    with open_vault(tmp_path / "home", keys) as vault:
        vault.check()


def test_the_two_entries_take_turns(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        person_id = fill(vault).person.person_id
        seen = set(keys.entries.values())
        for entry in ("vault-key-2", "vault-key-1", "vault-key-2"):
            vault.forget_face(person_id)
            assert list(keys.entries) == [entry]
            seen |= set(keys.entries.values())
        assert len(seen) == 4
        with pytest.raises(VaultInUse):  # still held after the file was opened anew
            open_vault(tmp_path, keys)


def test_a_store_that_locks_while_forgetting_leaves_the_file_and_its_key(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        person_id = fill(vault).person.person_id
        before = dict(keys.entries)
        keys.failure = PasswordStoreLocked("closed")
        with pytest.raises(PasswordStoreLocked):
            vault.forget_face(person_id)
        assert vault.person(person_id).template is None
    keys.failure = None
    assert keys.entries == before
    with open_vault(tmp_path, keys) as vault:  # makes good what was left to do
        assert vault.person(person_id).template is None
        assert len(keys.entries) == 1 and set(keys.entries.values()) != set(before.values())


def test_everything_can_be_forgotten_without_opening_the_vault(tmp_path: Path) -> None:
    for state in ("whole", "damaged", "no key"):
        home, keys = tmp_path / state, MemoryKeyStore({"api-hibp": "code", "api-other": "another program's"})
        with open_vault(home, keys) as vault:
            fill(vault)
        if state == "damaged":
            (home / "vault.db").write_bytes(b"?" * 9000)
        if state == "no key":
            del keys.entries["vault-key-1"]
        receipt = forget_everything(home, keys, ["api-hibp", "api-never-set"], clock=clock)
        assert keys.entries == {"api-other": "another program's"}
        assert not home.exists()
        assert receipt.at == NOW
        assert any("key" in words for words in receipt.erased) == (state != "no key")
        assert any("face pattern" in words for words in receipt.erased)


def test_an_empty_home_gives_an_empty_receipt(tmp_path: Path) -> None:
    receipt = forget_everything(tmp_path / "never", MemoryKeyStore(), ["api-hibp"])
    assert receipt.erased == () and not (tmp_path / "never").exists()
