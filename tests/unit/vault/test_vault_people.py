"""People, what is checked for them, consent and face patterns: what goes in comes out, after a restart too."""

from pathlib import Path

import pytest

from privacyguard.model.person import Consent, Identifier, IdentifierKind, Relation
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import NOW, fill, open_vault, template

EMAIL = Identifier(IdentifierKind.EMAIL, "ann@example.org")


def test_everything_comes_out_as_it_went_in_also_after_a_restart(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    with open_vault(tmp_path, keys) as vault:
        filled = fill(vault)
    with open_vault(tmp_path, keys) as vault:
        person = vault.person(filled.person.person_id)
        assert person == filled.person
        assert vault.people() == (person,)
        assert person.template == template(1, 2)
        assert person.consent == Consent(True, True, "2026-02", NOW, Relation.ME)
        assert [one.value for one in person.identifiers] == [
            "zyxw.canary@example.org",
            "zyxwcanary77",
            "+49 30 901820773",
        ]
        assert vault.findings() == filled.findings
        assert vault.places() == filled.places
        assert vault.last_checkup() == filled.checkup
        assert vault.disclosures() == (filled.disclosure,)
        assert vault.looked_at(person.person_id, filled.looked_at.path) == filled.looked_at
        assert vault.load("catalogue") == (b"zyxw-kept-canary", NOW)
        assert vault.flag("flag") == "zyxw-flag-canary"


def test_a_new_person_has_a_random_id_and_nothing_else(vault: Vault) -> None:
    ann = vault.add_person("  Ann \t Lee ", Relation.MY_CHILD, False)
    ben = vault.add_person("Ben", Relation.ME, True)
    assert (ann.name, ann.relation, ann.is_adult) == ("Ann Lee", Relation.MY_CHILD, False)
    assert (ann.identifiers, ann.template, ann.consent) == ((), None, None)
    assert len(ann.person_id) == 16 and ann.person_id != ben.person_id
    assert vault.people() == (ann, ben)


def test_a_person_is_found_by_the_whole_name_only(vault: Vault) -> None:
    ann = vault.add_person("Ann Lee", Relation.ME, True)
    assert vault.person_named(" Ann  Lee") == ann
    assert vault.person_named("Ann") is None
    assert vault.person_named("") is None


@pytest.mark.parametrize("name", ["Ann", " Ann ", "Ann\x1b[2J", "Ann\u202e", "\ud800"])
def test_a_taken_or_unshowable_name_is_refused_and_not_repeated(vault: Vault, name: str) -> None:
    vault.add_person("Ann", Relation.ME, True)
    with pytest.raises(ValueError) as caught:
        vault.add_person(name, Relation.ME, True)
    assert "Ann" not in str(caught.value)
    assert len(vault.people()) == 1


def test_identifiers_are_added_once_and_removed_once(vault: Vault) -> None:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    assert vault.add_identifier(person_id, EMAIL)
    assert not vault.add_identifier(person_id, EMAIL)
    assert vault.add_identifier(person_id, Identifier(IdentifierKind.USERNAME, EMAIL.value))
    assert vault.remove_identifier(person_id, EMAIL)
    assert not vault.remove_identifier(person_id, EMAIL)
    assert vault.person(person_id).identifiers == (Identifier(IdentifierKind.USERNAME, EMAIL.value),)


def test_many_identifiers_are_added_at_once_or_not_at_all(vault: Vault) -> None:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    vault.add_identifier(person_id, EMAIL)
    sites = tuple(Identifier(IdentifierKind.SERVICE, f"{number}.example") for number in range(300))
    assert vault.add_identifiers(person_id, (*sites, EMAIL, *sites[:9])) == 300
    assert vault.add_identifiers(person_id, sites) == vault.add_identifiers(person_id, ()) == 0
    more = Identifier(IdentifierKind.SERVICE, "more.example")
    unkept = Identifier(IdentifierKind.SERVICE, "\ud800")
    with pytest.raises(UnicodeEncodeError):
        vault.add_identifiers(person_id, (more, unkept))
    assert vault.person(person_id).identifiers == (EMAIL, *sites)
    with pytest.raises(LookupError):
        vault.add_identifiers("nobody", ())


def test_a_new_face_pattern_and_consent_replace_the_old(vault: Vault) -> None:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    for seeds in ((1, 2, 3), (4,)):
        vault.save_template(person_id, template(*seeds))
    vault.save_consent(person_id, Consent(True, True, "1", NOW, Relation.ME))
    vault.save_consent(person_id, Consent(False, True, "2", NOW, Relation.ME))
    person = vault.person(person_id)
    assert person.template == template(4)
    assert person.consent == Consent(False, True, "2", NOW, Relation.ME)


def test_unknown_people_are_told_apart_from_empty_ones(vault: Vault) -> None:
    with pytest.raises(LookupError):
        vault.person("nobody")
    with pytest.raises(LookupError):
        vault.add_identifier("nobody", EMAIL)
    with pytest.raises(LookupError):
        vault.save_template("nobody", template(1))
    with pytest.raises(LookupError):
        vault.save_consent("nobody", Consent(True, True, "1", NOW, Relation.ME))
    with pytest.raises(LookupError):
        vault.forget_face("nobody")
    assert not vault.remove_identifier("nobody", EMAIL)


def test_a_time_without_its_zone_is_refused_before_it_is_kept(vault: Vault) -> None:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    with pytest.raises(ValueError, match="zone"):
        vault.save_consent(person_id, Consent(True, True, "1", NOW.replace(tzinfo=None), Relation.ME))
    assert vault.person(person_id).consent is None


def test_a_failed_write_keeps_nothing_of_itself_and_all_from_before(vault: Vault) -> None:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    vault.save_template(person_id, template(1))
    broken = template(2, 3)
    wrong_size = broken.photos[1].cut.__class__(41, 40, broken.photos[1].cut.rgb)
    photos = (broken.photos[0], broken.photos[1].__class__((0.0,), wrong_size, "", ""))
    with pytest.raises(ValueError, match="size"):
        vault.save_template(person_id, broken.__class__(photos, "m", NOW))
    assert vault.person(person_id).template == template(1)


def test_a_person_keeps_everything_under_another_name(vault: Vault) -> None:
    person_id = vault.add_person("Ann", Relation.ME, True).person_id
    vault.add_person("Ben", Relation.MY_CHILD, False)
    vault.add_identifier(person_id, EMAIL)
    assert vault.rename_person(person_id, "Anna").identifiers == (EMAIL,)
    assert vault.person_named("Ann") is None
    for name in ("Ben", "An\x1bna"):
        with pytest.raises(ValueError, match="name"):
            vault.rename_person(person_id, name)
    with pytest.raises(LookupError):
        vault.rename_person("nobody", "Zoë")
    assert vault.person(person_id).name == "Anna"
