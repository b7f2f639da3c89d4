"""The typed statement hangs on the face: it stays with it, goes with it, and forgetting is no way around the wait."""

import dataclasses
import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Identifier, IdentifierKind, Relation
from privacyguard.model.picture import Embedding
from privacyguard.model.statement import TEXT_VERSION, SearchConsent, Statement
from privacyguard.vault.forget import forget_everything
from privacyguard.vault.people import TooManyPeople
from privacyguard.vault.statements import WAIT, NoFaceToState, StatementRefused
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, clock, embedding, open_vault, photo, template

LATER = NOW + timedelta(days=3)


def like(seed: int, number: int, share: float = 0.8) -> EnrolledPhoto:
    """Another photo of the face of ``photo(seed)``: alike by ``share``, -1..1; without a second opinion."""
    one, other = embedding(seed), embedding(seed + 100 * number)
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    apart = [b - dot * a for a, b in zip(one, other, strict=True)]
    length = math.sqrt(sum(number * number for number in apart))
    rest = math.sqrt(1 - share * share)
    mixed: Embedding = tuple(share * a + rest * b / length for a, b in zip(one, apart, strict=True))
    return dataclasses.replace(photo(seed + 100 * number), embedding=mixed, second=None)


def pattern(*photos: EnrolledPhoto, days: int = 3) -> FaceTemplate:
    plain = tuple(dataclasses.replace(one, second=None) for one in photos)
    return FaceTemplate(plain, "sface-2021dec-int8bq", NOW + timedelta(days=days))


@pytest.fixture
def stated(vault: Vault, ann: str) -> Statement:
    vault.save_template(ann, pattern(photo(1), days=0))
    return vault.save_statement(ann, NOW)


def test_the_first_statement_counts_at_once_and_is_kept(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        ann = vault.add_person("Ann", Relation.ME, True).person_id
        vault.save_template(ann, template(1))
        assert vault.statement(ann) is None
        typed = vault.save_statement(ann, NOW)
    assert typed == Statement(ann, TEXT_VERSION, NOW, NOW, NOW) and typed.counts(NOW)
    with open_vault(tmp_path, keys) as vault:
        assert vault.statement(ann) == typed


def test_a_child_or_another_face_here_is_no_reason_for_the_first_to_wait(vault: Vault, ann: str) -> None:
    """People come in a crisis: what counts is whether a statement was typed here before."""
    child = vault.add_person("Ben", Relation.MY_CHILD, False).person_id
    vault.save_template(child, template(5))
    vault.save_template(ann, template(7))
    vault.forget_face(ann)
    vault.save_template(ann, template(1))
    assert vault.save_statement(ann, NOW).counts(NOW)


@pytest.mark.parametrize(
    ("relation", "is_adult"),
    [
        (Relation.MY_CHILD, False),
        (Relation.MY_CHILD, True),
        (Relation.SOMEONE_I_HELP, True),
        (Relation.SOMEONE_I_HELP, False),
        (Relation.ME, False),
    ],
)
def test_nobody_but_the_grown_up_who_uses_this_computer_can_type_it(
    vault: Vault, relation: Relation, is_adult: bool
) -> None:
    other = vault.add_person("Ben", relation, is_adult).person_id
    vault.save_template(other, template(1))
    with pytest.raises(StatementRefused):
        vault.save_statement(other, NOW)
    assert vault.statement(other) is None


def test_without_a_face_there_is_nothing_to_state(vault: Vault, ann: str) -> None:
    with pytest.raises(NoFaceToState):
        vault.save_statement(ann, NOW)
    with pytest.raises(LookupError):
        vault.save_statement("nobody", NOW)


def test_typed_again_for_the_same_face_nothing_changes(vault: Vault, ann: str, stated: Statement) -> None:
    assert vault.save_statement(ann, LATER) == stated


@pytest.mark.parametrize(
    "photos",
    [
        (photo(1), like(1, 1)),
        (like(1, 1), like(1, 2)),
        (photo(1),),
        (photo(1), like(1, 1), like(1, 2), like(1, 3, 0.65)),
    ],
    ids=["added", "all new", "enrolled again", "more"],
)
def test_photos_of_the_same_face_keep_it(
    vault: Vault, ann: str, stated: Statement, photos: tuple[EnrolledPhoto, ...]
) -> None:
    vault.save_template(ann, pattern(*photos))
    assert vault.statement(ann) == dataclasses.replace(stated, pattern_at=LATER)


@pytest.mark.parametrize(
    "photos",
    [
        (photo(2),),
        (photo(1), photo(2)),
        (photo(1), like(1, 1), like(1, 2), photo(2)),
        (photo(1), like(1, 1, 0.45)),
    ],
    ids=["another face", "one added", "one among many", "only a little alike"],
)
def test_photos_of_another_face_drop_it_and_the_next_waits(
    vault: Vault, ann: str, stated: Statement, photos: tuple[EnrolledPhoto, ...]
) -> None:
    vault.save_template(ann, pattern(*photos))
    assert vault.statement(ann) is None
    typed = vault.save_statement(ann, LATER)
    assert typed == Statement(ann, TEXT_VERSION, LATER, LATER, LATER + WAIT)
    assert not typed.counts(LATER) and typed.counts(LATER + WAIT)
    assert vault.statement(ann) == typed


def test_one_photo_shared_by_two_people_does_not_make_them_one(vault: Vault, ann: str, stated: Statement) -> None:
    """The same file, another face in it."""
    both = dataclasses.replace(photo(2), sha256=photo(1).sha256, phash=photo(1).phash)
    vault.save_template(ann, pattern(both))
    assert vault.statement(ann) is None


def test_another_model_cannot_tell_so_it_counts_as_another_face(vault: Vault, ann: str, stated: Statement) -> None:
    vault.save_template(ann, dataclasses.replace(pattern(photo(1)), model_id="a newer model"))
    assert vault.statement(ann) is None
    assert not vault.save_statement(ann, LATER).counts(LATER)


def test_there_is_no_way_back_through_the_first_face(vault: Vault, ann: str, stated: Statement) -> None:
    vault.save_template(ann, pattern(photo(2)))
    vault.save_template(ann, pattern(photo(1)))
    assert vault.statement(ann) is None
    assert not vault.save_statement(ann, LATER).counts(LATER)


def test_in_the_wait_photos_of_the_same_face_do_not_make_it_longer(vault: Vault, ann: str, stated: Statement) -> None:
    vault.save_template(ann, pattern(photo(2)))
    typed = vault.save_statement(ann, LATER)
    vault.save_template(ann, pattern(photo(2), like(2, 1), days=5))
    assert vault.statement(ann) == dataclasses.replace(typed, pattern_at=NOW + timedelta(days=5))
    assert vault.save_statement(ann, NOW + timedelta(days=6)).counts_from == LATER + WAIT


def forget_face(vault: Vault, ann: str) -> str:
    vault.forget_face(ann)
    return ann


def forget_person(vault: Vault, ann: str) -> str:
    vault.forget_person(ann)
    return vault.add_person("Ann", Relation.ME, True).person_id


def add_another(vault: Vault, ann: str) -> str:
    return vault.add_person("Bea", Relation.ME, True).person_id


def rename(vault: Vault, ann: str) -> str:
    return vault.rename_person(ann, "Bea").person_id


@pytest.mark.parametrize("way", [forget_face, forget_person, add_another, rename])
@pytest.mark.parametrize("face", [photo(2), photo(1)], ids=["another face", "the same face, which nobody can know"])
def test_forgetting_and_adding_is_no_way_around_the_wait(
    vault: Vault, ann: str, stated: Statement, way: Callable[[Vault, str], str], face: EnrolledPhoto
) -> None:
    who = way(vault, ann)
    if way is rename and face == photo(1):
        face = photo(3)  # a new name alone changes nothing
        assert vault.statement(who) == stated
    vault.save_template(who, pattern(face))
    assert vault.statement(who) is None
    typed = vault.save_statement(who, LATER)
    assert typed.counts_from == LATER + WAIT
    assert [vault.statement(person.person_id) for person in vault.people()].count(typed) == 1
    assert sum(vault.statement(person.person_id) is not None for person in vault.people()) == 1


def test_what_is_left_after_forgetting_holds_no_name_and_no_face(vault: Vault, ann: str, stated: Statement) -> None:
    vault.forget_person(ann)
    with vault._reading() as connection:
        flags = [tuple(row) for row in connection.execute("SELECT * FROM flag").fetchall()]
        assert connection.execute("SELECT count(*) FROM statement").fetchone()[0] == 0
    assert ("web-faces.had-a-statement", "yes") in flags


def test_forgetting_everything_begins_anew(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    for _ in range(2):
        with open_vault(tmp_path / "home", keys) as vault:
            ann = vault.add_person("Ann", Relation.ME, True).person_id
            vault.save_template(ann, template(1))
            assert vault.save_statement(ann, NOW).counts(NOW)
        forget_everything(tmp_path / "home", keys, [], clock=clock)


def test_a_clock_that_was_wrong_does_not_lock_a_person_out(vault: Vault, ann: str) -> None:
    vault.save_template(ann, pattern(photo(1)))
    far = NOW + timedelta(days=4000)
    assert not vault.save_statement(ann, far).counts(NOW)
    assert vault.save_statement(ann, NOW).counts(NOW)
    vault.save_template(ann, pattern(photo(2)))
    vault.save_statement(ann, far)
    assert vault.save_statement(ann, NOW).counts_from == NOW + WAIT


def test_there_are_six_people_at_most(vault: Vault) -> None:
    people = [vault.add_person(f"Person {number}", Relation.SOMEONE_I_HELP, True) for number in range(6)]
    with pytest.raises(TooManyPeople):
        vault.add_person("Person 7", Relation.SOMEONE_I_HELP, True)
    assert vault.people() == tuple(people)
    vault.forget_person(people[0].person_id)
    assert vault.add_person("Person 7", Relation.ME, True).name == "Person 7"


def test_each_yes_to_a_face_search_is_kept_until_the_person_is_forgotten(vault: Vault, ann: str) -> None:
    first, second = (SearchConsent(ann, "facecheck", version, NOW) for version in ("1", "2"))
    vault.note_search(first)
    vault.note_search(second)
    ben = vault.add_person("Ben", Relation.SOMEONE_I_HELP, True).person_id
    assert vault.searches(ann) == (first, second) and vault.searches(ben) == ()
    with pytest.raises(LookupError):
        vault.note_search(dataclasses.replace(first, person_id="nobody"))
    vault.forget_person(ann)
    assert vault.searches(ann) == ()


def test_an_account_more_is_not_another_face(vault: Vault, ann: str, stated: Statement) -> None:
    vault.add_identifier(ann, Identifier(IdentifierKind.USERNAME, "ann77"))
    assert vault.statement(ann) == stated
