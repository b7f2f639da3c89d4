"""A source is asked about many addresses over several checkups, each of them once in a round, whatever happens between."""

import dataclasses
import random
import select
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.vault.rounds import ROUND_AGE
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, breach, finding, open_vault, picture_copy

A, B, C, D = (Identifier(IdentifierKind.EMAIL, f"{name}@example.org") for name in "abcd")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann(vault: Vault) -> str:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    vault.add_identifiers(person_id, (A, B, C, D))
    return person_id


def test_a_round_is_gone_on_with_where_it_stopped(vault: Vault, ann: str) -> None:
    assert vault.rounds.open(ann, "hibp", (A, B, C, A), NOW) == (A, B, C)
    vault.rounds.asked(ann, "hibp", B, NOW)
    assert vault.rounds.open(ann, "hibp", (A, B, C), NOW + MINUTE) == (A, C)
    assert vault.rounds.open(ann, "leakcheck", (A, B, C), NOW) == (A, B, C)
    assert vault.rounds.open(ann, "hibp", (B, C, D), NOW) == (C, D)
    assert vault.rounds.open(ann, "hibp", (), NOW) == ()


def test_the_next_round_begins_with_those_asked_never_or_longest_ago(vault: Vault, ann: str) -> None:
    vault.rounds.open(ann, "hibp", (A, B, C), NOW)
    for minutes, one in ((5, A), (1, B), (3, C)):
        vault.rounds.asked(ann, "hibp", one, NOW + minutes * MINUTE)
    vault.rounds.close(ann, "hibp")
    assert vault.rounds.open(ann, "hibp", (A, B, C, D), NOW + 9 * MINUTE) == (D, B, C, A)
    vault.rounds.asked(ann, "hibp", D, NOW + 10 * MINUTE)
    assert vault.rounds.open(ann, "hibp", (A, B, C, D), NOW + 11 * MINUTE) == (B, C, A)


def test_a_round_of_which_nothing_is_left_is_over(vault: Vault, ann: str) -> None:
    """The program ended between the last answer and the end of the round."""
    vault.rounds.open(ann, "hibp", (A,), NOW)
    vault.save_asked(ann, "hibp", A, [finding(ann, breach())])
    assert vault.rounds.open(ann, "hibp", (A,), NOW) == (A,)
    assert vault.rounds.findings(ann, "hibp") == ()


@pytest.mark.parametrize("age", [ROUND_AGE, -ROUND_AGE])
def test_an_old_round_is_not_gone_on_with(vault: Vault, ann: str, age: timedelta) -> None:
    vault.rounds.open(ann, "hibp", (A, B), NOW)
    vault.save_asked(ann, "hibp", A, [finding(ann, breach())])
    assert vault.rounds.open(ann, "hibp", (A, B), NOW + age) == (B,)
    assert len(vault.rounds.findings(ann, "hibp")) == 1
    assert vault.rounds.open(ann, "hibp", (A, B), NOW + age * 1.01) == (B, A)
    assert vault.rounds.findings(ann, "hibp") == ()


def test_the_findings_of_a_round_have_the_keys_of_the_vault(vault: Vault, ann: str) -> None:
    first, other = finding(ann, breach()), finding(ann, breach(name="Zyxw-Canary.example", title="x"), "leakcheck")
    vault.save_asked(ann, "hibp", A, [first])
    assert vault.rounds.findings(ann, "hibp") == ()  # in no round
    vault.rounds.open(ann, "leakcheck", (A, B, C), NOW)
    new = finding(ann, breach(name="New", domain="new.example"), "leakcheck")
    assert vault.save_asked(ann, "leakcheck", A, [new, other]) == (new.key,)
    assert vault.save_asked(ann, "leakcheck", B, [other]) == ()
    assert vault.rounds.findings(ann, "leakcheck") == (first.key, new.key)
    vault.rounds.close(ann, "leakcheck")
    assert vault.rounds.findings(ann, "leakcheck") == ()


def test_what_was_asked_is_kept_with_its_findings_or_not_at_all(vault: Vault, ann: str) -> None:
    vault.rounds.open(ann, "hibp", (A, B), NOW)
    wrong_kind = dataclasses.replace(finding(ann, breach(name="Other")), evidence=picture_copy())
    with pytest.raises(ValueError, match="kind"):
        vault.save_asked(ann, "hibp", A, [finding(ann, breach()), wrong_kind])
    with pytest.raises(ValueError, match="person"):
        vault.save_asked(ann, "hibp", A, [finding("somebody else", breach())])
    with pytest.raises(LookupError):
        vault.save_asked("nobody", "hibp", A, [])
    assert vault.findings() == () and vault.rounds.open(ann, "hibp", (A, B), NOW) == (A, B)
    with pytest.raises(LookupError):
        vault.rounds.open("nobody", "hibp", (A,), NOW)
    with pytest.raises(LookupError):
        vault.rounds.asked("nobody", "hibp", A, NOW)
    with pytest.raises(ValueError, match="zone"):
        vault.rounds.asked(ann, "hibp", A, datetime(2026, 1, 1))


def test_an_address_that_is_removed_is_nowhere_any_more(vault: Vault, ann: str) -> None:
    vault.rounds.open(ann, "hibp", (A, B), NOW)
    vault.rounds.asked(ann, "hibp", A, NOW)
    vault.remove_identifier(ann, A)
    vault.rounds.asked(ann, "hibp", A, NOW)  # its answer came in the meantime
    with vault._reading() as connection:
        assert connection.execute("SELECT count(*) FROM asked").fetchone()[0] == 0
    vault.add_identifier(ann, A)
    assert vault.rounds.open(ann, "hibp", (A, B), NOW) == (A, B)


COUNT = 60
KEY = "5a" * 32
ASKING = f"""
import dataclasses
import sys
from pathlib import Path
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, breach, finding, open_vault
with open_vault(Path(sys.argv[1]), MemoryKeyStore({{"vault-key-1": "{KEY}"}})) as vault:
    (person,) = vault.people()
    for one in vault.rounds.open(person.person_id, "hibp", person.identifiers, NOW):
        leak = breach(name=one.value, domain="", title=one.value)
        found = dataclasses.replace(finding(person.person_id, leak), subjects=(one,))
        vault.save_asked(person.person_id, "hibp", one, [found])
        print(one.value, flush=True)
"""


def test_a_kill_between_two_addresses_neither_loses_nor_repeats_one(tmp_path: Path) -> None:
    home, chance = tmp_path / "home", random.Random(4)
    keys = MemoryKeyStore({"vault-key-1": KEY})
    with open_vault(home, keys) as vault:
        person_id = vault.add_person("Ann", Relation.ME, True).person_id
        addresses = [Identifier(IdentifierKind.EMAIL, f"a{number:03}@example.org") for number in range(COUNT)]
        vault.add_identifiers(person_id, addresses)
    saved: set[str] = set()
    kills = 0
    while len(saved) < COUNT:
        said, before = asked_until_killed(home, chance), saved
        with open_vault(home, keys) as vault:
            saved = {subject.value for one in vault.findings() for subject in one.subjects}
            assert len(vault.rounds.findings(person_id, "hibp")) == len(saved)
            if len(saved) < COUNT:
                kills += 1
                left = vault.rounds.open(person_id, "hibp", addresses, NOW)
                assert [one.value for one in left] == [one.value for one in addresses if one.value not in saved]
        assert before.isdisjoint(said) and before | set(said) <= saved
        assert len(saved - before - set(said)) <= 1  # kept, and killed before it could tell
    assert kills >= 2


def asked_until_killed(home: Path, chance: random.Random) -> list[str]:
    """The addresses of which a process of its own told, killed a moment after one of the first of them."""
    command = [sys.executable, "-c", ASKING, str(home)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        first = [asking.stdout.readline() for _ in range(chance.randint(1, 20))]
        select.select([], [], [], chance.uniform(0, 0.005))
        asking.kill()
        rest = asking.stdout.read()
    assert first[0], "nothing was asked"
    return ("".join(first) + rest).split()
