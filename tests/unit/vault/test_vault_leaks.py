"""One leak from several services is one finding; what was decided about it holds until it grows."""

import dataclasses
import random
import time
from datetime import date, timedelta

import pytest

from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind, finding_key
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.vault.vault import Vault
from tests.support.vault_samples import NOW, clock, face_match, finding, outcome

ANN = Identifier(IdentifierKind.EMAIL, "ann@example.org")
SECOND = Identifier(IdentifierKind.EMAIL, "ann.second@example.org")
NAMED = Identifier(IdentifierKind.SERVICE, "canva.com")

CANVA = Breach("Canva", "Canva", "canva.com", date(2019, 5, 24), date(2019, 8, 9), ("Email addresses", "Passwords"))
BY_SITE = Breach("Canva.com", "Canva.com", "canva.com", date(2019, 5, 1), None, ("Email addresses",))
GROWN = dataclasses.replace(CANVA, data_classes=("Passwords", "Email addresses", "Photos"))
MARKS = [Mark(MarkKind.DONE), Mark(MarkKind.FINE), Mark(MarkKind.NOT_ME), Mark(MarkKind.LATER, date(2026, 6, 1))]
every_mark = pytest.mark.parametrize("mark", MARKS, ids=lambda mark: str(mark.kind))


def told(person_id: str, leak: Breach, source_id: str = "hibp", *subjects: Identifier) -> Finding:
    key = finding_key(FindingKind.BREACH, person_id, leak.key)
    now = clock()
    return Finding(key, FindingKind.BREACH, person_id, (source_id,), now, now, leak, subjects or (ANN,))


def tell(vault: Vault, person_id: str, source_id: str, *leaks: Breach, subject: Identifier = ANN) -> tuple[str, ...]:
    found = [told(person_id, leak, source_id, subject) for leak in leaks]
    return vault.save_outcome(person_id, outcome(source_id), found)


def only(vault: Vault) -> Finding:
    (one,) = vault.findings()
    return one


def test_a_leak_with_another_name_is_joined_under_the_key_that_was_there_first(vault: Vault, ann: str) -> None:
    (key,) = tell(vault, ann, "hibp", CANVA)
    assert tell(vault, ann, "leakcheck", BY_SITE, subject=SECOND) == ()
    assert only(vault) == dataclasses.replace(
        told(ann, CANVA), key=key, sources=("hibp", "leakcheck"), subjects=(ANN, SECOND)
    )
    found = [told(ann, BY_SITE, "leakcheck"), told(ann, CANVA)]
    assert vault.kept_keys(ann, "leakcheck", found) == (key,)


def test_it_does_not_matter_which_service_tells_first(vault: Vault, ann: str) -> None:
    (key,) = tell(vault, ann, "leakcheck", BY_SITE)
    assert tell(vault, ann, "hibp", CANVA) == ()
    kept = only(vault)
    assert kept.key == key == told(ann, BY_SITE).key and kept.sources == ("leakcheck", "hibp")
    assert kept.evidence == dataclasses.replace(CANVA, name="Canva.com")
    for source_id, leak in (("leakcheck", BY_SITE), ("hibp", CANVA), ("leakcheck", BY_SITE)):
        assert tell(vault, ann, source_id, leak) == ()
        assert only(vault) == kept


def test_in_one_answer_too(vault: Vault, ann: str) -> None:
    named = Breach("canva", "Canva", "", None, None, ("Names",))
    (key,) = tell(vault, ann, "hibp", CANVA, named, CANVA)
    assert only(vault).key == key
    assert only(vault).evidence == dataclasses.replace(CANVA, data_classes=(*CANVA.data_classes, "Names"))
    tell(vault, ann, "hibp", named)
    assert only(vault).evidence == dataclasses.replace(CANVA, name="canva", data_classes=(*CANVA.data_classes, "Names"))


def test_two_leaks_of_one_service_are_never_joined(vault: Vault, ann: str) -> None:
    """It has a name for each, also where nothing else tells them apart."""
    one, other = (Breach(name, name, "canva.com", None, None, ("Names",)) for name in ("Canva", "C-Designs"))
    assert len(tell(vault, ann, "xposedornot", one, other)) == 2
    assert tell(vault, ann, "xposedornot", other, one) == ()
    assert [item.evidence for item in vault.findings()] == [one, other]


def test_a_source_finds_its_leak_again_under_the_name_it_gave(vault: Vault, ann: str) -> None:
    """Also when another leak, told of since then, would fit better."""
    undated = dataclasses.replace(BY_SITE, occurred_on=None)
    (key,) = tell(vault, ann, "hibp", CANVA)
    tell(vault, ann, "leakcheck", undated)
    (second,) = tell(vault, ann, "hibp", dataclasses.replace(CANVA, name="CanvaCom2", occurred_on=date(2024, 1, 2)))
    assert tell(vault, ann, "leakcheck", undated, subject=SECOND) == ()
    assert [(one.key, one.sources) for one in vault.findings()] == [(key, ("hibp", "leakcheck")), (second, ("hibp",))]


def test_of_several_leaks_of_a_site_the_one_that_fits_grows(vault: Vault, ann: str) -> None:
    old = Breach("LinkedIn", "LinkedIn", "linkedin.com", date(2012, 5, 5), None, ())
    scrape = Breach("LinkedInScrape", "LinkedIn Scraped Data (2021)", "linkedin.com", date(2021, 4, 8), None, ())
    old_key, scrape_key = tell(vault, ann, "hibp", old, scrape)
    tell(vault, ann, "leakcheck", Breach("Linkedin.com", "Linkedin.com", "linkedin.com", date(2021, 4, 1), None, ()))
    tell(vault, ann, "xposedornot", Breach("LinkedIn", "LinkedIn", "linkedin.com", None, None, ()))
    assert {one.key: one.sources for one in vault.findings()} == {
        old_key: ("hibp", "xposedornot"),
        scrape_key: ("hibp", "leakcheck"),
    }


def test_leaks_of_two_people_are_theirs_alone(vault: Vault, ann: str) -> None:
    ben = vault.add_person("Ben", Relation.SOMEONE_I_HELP, True).person_id
    assert len(tell(vault, ann, "hibp", CANVA)) == 1
    assert len(tell(vault, ben, "leakcheck", BY_SITE)) == 1
    assert [one.sources for one in vault.findings()] == [("hibp",), ("leakcheck",)]


@every_mark
def test_a_decision_holds_whatever_service_tells_again(vault: Vault, ann: str, mark: Mark) -> None:
    (key,) = tell(vault, ann, "hibp", CANVA)
    vault.mark(key, mark)
    other_words = dataclasses.replace(BY_SITE, data_classes=("E-mail address", "password"))
    assert tell(vault, ann, "leakcheck", other_words) == ()
    assert tell(vault, ann, "catalogue", CANVA, subject=NAMED) == ()
    assert tell(vault, ann, "hibp", dataclasses.replace(CANVA, data_classes=())) == ()
    kept = only(vault)
    assert kept.mark == mark and kept.grown == ()
    assert kept.subjects == (ANN, NAMED) and kept.sources == ("hibp", "leakcheck", "catalogue")


@every_mark
@pytest.mark.parametrize("source_id", ["hibp", "xposedornot"])
def test_a_leak_that_grows_speaks_again(vault: Vault, ann: str, mark: Mark, source_id: str) -> None:
    (key,) = tell(vault, ann, "hibp", CANVA)
    vault.mark(key, mark)
    assert tell(vault, ann, source_id, GROWN) == (key,)
    assert only(vault).mark is None and only(vault).grown == ("Photos",)
    assert tell(vault, ann, source_id, dataclasses.replace(GROWN, data_classes=("Names",))) == ()
    assert only(vault).grown == ("Photos", "Names")
    assert vault.mark(key, mark).grown == ()
    assert tell(vault, ann, source_id, GROWN, CANVA) == ()
    assert only(vault).mark == mark


@every_mark
def test_a_leak_with_another_address_in_it_speaks_again(vault: Vault, ann: str, mark: Mark) -> None:
    (key,) = tell(vault, ann, "catalogue", CANVA, subject=NAMED)
    vault.mark(key, mark)
    assert tell(vault, ann, "hibp", CANVA, subject=ANN) == (key,)
    assert only(vault).mark is None and only(vault).grown == ()
    vault.mark(key, mark)
    assert tell(vault, ann, "leakcheck", BY_SITE, subject=SECOND) == (key,)
    vault.mark(key, mark)
    user = Identifier(IdentifierKind.USERNAME, "ann77")
    assert tell(vault, ann, "leakcheck", BY_SITE, subject=user) == tell(vault, ann, "hibp", CANVA, subject=ANN) == ()
    assert only(vault).mark == mark and only(vault).subjects == (NAMED, ANN, SECOND, user)


def test_a_leak_that_grows_before_any_decision_is_not_told_of_as_grown(vault: Vault, ann: str) -> None:
    tell(vault, ann, "hibp", CANVA)
    assert tell(vault, ann, "hibp", GROWN) == ()
    assert only(vault).grown == () and only(vault).mark is None


def test_pictures_do_not_grow(vault: Vault, ann: str) -> None:
    face = finding(ann, face_match(), "folders")
    vault.save_outcome(ann, outcome("folders"), [face])
    vault.mark(face.key, Mark(MarkKind.DONE))
    again = dataclasses.replace(face, last_seen=NOW + timedelta(days=1))
    assert vault.save_outcome(ann, outcome("google-vision"), [again]) == ()
    assert only(vault).mark == Mark(MarkKind.DONE)
    assert vault.kept_keys(ann, "folders", [face, again]) == (face.key,)


def many(count: int, form: str) -> list[Breach]:
    return [
        Breach(form.format(n), form.format(n), f"site-{n}.example", date(2015 + n % 9, 3, 4), None, ("Names",))
        for n in range(count)
    ]


def test_a_thousand_leaks_against_a_thousand_known_take_no_second_each(vault: Vault, ann: str) -> None:
    assert len(tell(vault, ann, "hibp", *many(1000, "Site {}"))) == 1000
    others = many(1000, "site-{}.example")
    random.Random(1).shuffle(others)
    start = time.process_time()
    assert tell(vault, ann, "leakcheck", *others) == ()
    assert time.process_time() - start < 2.0
    assert {one.sources for one in vault.findings()} == {("hibp", "leakcheck")}


def test_two_thousand_pastes_on_one_page_are_two_thousand_findings(vault: Vault, ann: str) -> None:
    pastes = [
        Breach(f"pastebin-{n:05}", "Untitled", "pastebin.com", None, None, ("Email addresses",), paste=True)
        for n in range(2000)
    ]
    start = time.process_time()
    assert len(tell(vault, ann, "hibp", *pastes)) == 2000
    assert time.process_time() - start < 3.0
    (key,) = tell(vault, ann, "leakcheck", Breach("Pastebin.com", "Pastebin.com", "pastebin.com", None, None, ()))
    assert vault.finding(key) is not None and len(vault.findings()) == 2001
