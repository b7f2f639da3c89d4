"""What is kept of named sites: it comes back as it was, belongs to one face pattern, and goes with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacyguard.errors import VaultDamaged
from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.model.webpage import PageContent, SeenPage, SeenPicture
from privacyguard.vault.pages import KEPT_FOR, LOOK_AGE, SitePages
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
A, B = "https://club.example.org/a", "https://club.example.org/b"
CONTENT = PageContent("Titel ä", (A,), (A, B), (B,), (), A, False, 7)
PAGE = SeenPage(A, B, '"1"', None, "ab" * 32, CONTENT, NOW)
PICTURE = SeenPicture(A, None, "Fri, 01 May 2026 12:00:00 GMT", "cd" * 32, "m@1", "face-1", None, NOW)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path, MemoryKeyStore(), clock=lambda: NOW)


def person(vault: Vault, name: str = "me") -> Person:
    made = vault.add_person(name, Relation.ME, True)
    vault.save_template(made.person_id, FaceTemplate((), "m", NOW))
    return made


def pages(vault: Vault, of: Person, template_id: str = "m@1") -> SitePages:
    return SitePages.of(vault, of.person_id, template_id)


def test_pages_and_pictures_come_back_as_they_were(vault: Vault) -> None:
    me = person(vault)
    kept = pages(vault, me)
    assert kept.page(A) is None
    assert kept.picture(A) is None
    kept.keep_page(PAGE)
    kept.keep_picture(PICTURE)
    assert kept.page(A) == PAGE
    assert kept.picture(A) == PICTURE
    changed = replace(PAGE, etag=None, content=PageContent())
    kept.keep_page(changed)
    kept.keep_picture(replace(PICTURE, finding=None, unreadable="broken"))
    assert kept.page(A) == changed
    assert kept.picture(A) == replace(PICTURE, finding=None, unreadable="broken")


def test_they_belong_to_one_person_and_one_face_pattern(vault: Vault) -> None:
    me, other = person(vault), person(vault, "other")
    pages(vault, me).keep_page(PAGE)
    pages(vault, me).keep_picture(PICTURE)
    assert pages(vault, other).page(A) is None
    assert pages(vault, other).picture(A) is None
    assert pages(vault, me, "m@2").picture(A) is None
    vault.save_template(me.person_id, FaceTemplate((), "m", NOW + timedelta(days=1)))
    assert pages(vault, me).page(A) is None
    assert pages(vault, me).picture(A) is None


@pytest.mark.parametrize("forget", ["forget_face", "forget_person"])
def test_forgetting_erases_them_and_a_late_writer_brings_nothing_back(vault: Vault, forget: str) -> None:
    me = person(vault)
    kept = pages(vault, me)
    kept.keep_page(PAGE)
    kept.keep_picture(PICTURE)
    kept.begin("example.org", NOW)
    getattr(vault, forget)(me.person_id)
    kept.keep_page(PAGE)
    kept.keep_picture(PICTURE)
    kept.begin("example.org", NOW)
    with vault._reading() as connection:
        rows = [
            connection.execute(f"SELECT count(*) FROM {each}").fetchone()[0]
            for each in ("page", "web_picture", "site_look")
        ]
    assert rows == [0, 0, 0]


def test_a_stopped_look_goes_on_within_a_day(vault: Vault) -> None:
    kept = pages(vault, person(vault))
    assert kept.begin("example.org", NOW) == NOW
    later = NOW + timedelta(hours=1)
    assert kept.begin("example.org", later) == NOW
    assert kept.begin("other.org", later) == later
    assert kept.begin("example.org", NOW + LOOK_AGE + timedelta(hours=1)) == NOW + LOOK_AGE + timedelta(hours=1)
    kept.end("other.org", later)
    assert kept.begin("other.org", later + timedelta(minutes=1)) == later + timedelta(minutes=1)


def test_what_was_not_seen_for_long_is_forgotten_at_the_end_of_a_look(vault: Vault) -> None:
    kept = pages(vault, person(vault))
    kept.keep_page(PAGE)
    kept.keep_page(replace(PAGE, address=B, seen_at=NOW + KEPT_FOR))
    kept.keep_picture(PICTURE)
    kept.end("example.org", NOW + KEPT_FOR)
    assert kept.page(A) is not None
    kept.end("example.org", NOW + KEPT_FOR + timedelta(days=1))
    assert kept.page(A) is None
    assert kept.picture(A) is None
    assert kept.page(B) is not None


def test_a_page_that_was_changed_in_the_file_means_damage(vault: Vault) -> None:
    kept = pages(vault, person(vault))
    kept.keep_page(PAGE)
    with vault._writing() as connection:
        connection.execute("UPDATE page SET content = x'0102'")
    with pytest.raises(VaultDamaged):
        kept.page(A)
