"""Findings join with what was known, and a decision outlasts every later checkup."""

import dataclasses
import os
from datetime import date, timedelta

import pytest

from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Relation
from privacyguard.model.picture import Box, FaceMatch, NotMe
from privacyguard.model.place import LookedAt
from privacyguard.model.profile import Profile
from privacyguard.vault.findings import WHOLE_PICTURE, NotAProfile
from privacyguard.vault.vault import Vault
from tests.support.vault_samples import (
    NOW,
    breach,
    cut,
    face_match,
    finding,
    outcome,
    picture_copy,
)

LATER = NOW + timedelta(days=3)
JUDGED = NotMe(face_match().sha256, Box(10, 20, 110, 120), face_match().phash, (1280, 720))


def test_new_findings_are_named_once_and_known_ones_not_again(vault: Vault, ann: str) -> None:
    leak, face = finding(ann, breach()), finding(ann, face_match(), "folders")
    assert vault.save_outcome(ann, outcome(), [leak, leak]) == (leak.key,)
    assert vault.save_outcome(ann, outcome("folders"), [leak, face]) == (face.key,)
    assert vault.save_outcome(ann, outcome(), [leak]) == ()
    assert [one.key for one in vault.findings(ann)] == [leak.key, face.key]


def test_a_second_look_keeps_the_first_day_and_moves_the_last(vault: Vault, ann: str) -> None:
    leak = finding(ann, breach())
    vault.save_outcome(ann, outcome(), [leak])
    vault.save_outcome(ann, outcome(), [dataclasses.replace(leak, first_seen=LATER, last_seen=LATER)])
    kept = vault.finding(leak.key)
    assert kept is not None and (kept.first_seen, kept.last_seen) == (NOW, LATER)
    vault.save_outcome(ann, outcome(), [leak])
    kept = vault.finding(leak.key)
    assert kept is not None and kept.last_seen == LATER


def test_two_sources_of_one_leak_are_one_finding_and_neither_word_is_lost(vault: Vault, ann: str) -> None:
    vault.save_outcome(ann, outcome(), [finding(ann, breach(data_classes=("Passwords", "Photos")))])
    other = breach(title="", domain="", occurred_on=None, data_classes=("photos", "Names"), sensitive=True)
    vault.save_outcome(ann, outcome("xposedornot"), [finding(ann, other, "xposedornot")])
    (kept,) = vault.findings(ann)
    assert kept.sources == ("hibp", "xposedornot")
    assert kept.evidence == breach(data_classes=("Passwords", "Photos", "Names"), sensitive=True)


def test_a_source_may_correct_what_it_said_itself(vault: Vault, ann: str) -> None:
    vault.save_outcome(
        ann, outcome(), [finding(ann, breach(verified=False, occurred_on=date(2018, 1, 1), title="Club"))]
    )
    vault.save_outcome(ann, outcome(), [finding(ann, breach())])
    assert vault.findings(ann)[0].evidence == breach()
    vault.save_outcome(ann, outcome(), [finding(ann, breach(verified=False))])
    assert vault.findings(ann)[0].evidence == breach(verified=False)


def test_a_leak_never_shrinks_in_what_leaked(vault: Vault, ann: str) -> None:
    vault.save_outcome(ann, outcome(), [finding(ann, breach(data_classes=("Passwords", "Photos")))])
    assert vault.save_outcome(ann, outcome(), [finding(ann, breach(data_classes=("Photos",)))]) == ()
    assert vault.findings(ann)[0].evidence == breach(data_classes=("Passwords", "Photos"))


def test_the_outcomes_source_is_among_the_findings_sources(vault: Vault, ann: str) -> None:
    vault.save_outcome(ann, outcome("catalogue"), [finding(ann, breach(), "hibp")])
    assert vault.findings(ann)[0].sources == ("hibp", "catalogue")


@pytest.mark.parametrize(
    "mark",
    [Mark(MarkKind.DONE), Mark(MarkKind.FINE), Mark(MarkKind.NOT_ME), Mark(MarkKind.LATER, date(2026, 6, 1))],
)
def test_a_decision_outlasts_later_checkups(vault: Vault, ann: str, mark: Mark) -> None:
    leak = finding(ann, breach())
    vault.save_outcome(ann, outcome(), [leak])
    assert vault.mark(leak.key, mark).mark == mark
    assert vault.save_outcome(ann, outcome("catalogue"), [leak]) == ()
    assert vault.findings()[0].mark == mark


def test_marking_asks_for_a_known_finding_and_a_sensible_date(vault: Vault, ann: str) -> None:
    leak = finding(ann, breach())
    with pytest.raises(LookupError):
        vault.mark(leak.key, Mark(MarkKind.DONE))
    vault.save_outcome(ann, outcome(), [leak])
    with pytest.raises(ValueError, match="date"):
        vault.mark(leak.key, Mark(MarkKind.DONE, date(2026, 6, 1)))
    assert vault.findings()[0].mark is None


def test_not_me_erases_the_cut_and_remembers_picture_and_box(vault: Vault, ann: str) -> None:
    face = finding(ann, face_match(), "folders")
    vault.save_outcome(ann, outcome("folders"), [face])
    assert vault.not_me(ann) == frozenset()
    marked = vault.mark(face.key, Mark(MarkKind.NOT_ME))
    assert marked.evidence == face_match(cut=None)
    assert vault.finding(face.key) == marked
    assert vault.not_me(ann) == {JUDGED}


def test_a_not_me_never_gets_its_cut_back(vault: Vault, ann: str) -> None:
    face = finding(ann, face_match(), "folders")
    vault.save_outcome(ann, outcome("folders"), [face])
    vault.mark(face.key, Mark(MarkKind.NOT_ME))
    recoded = finding(ann, face_match(sha256="e" * 64, box=Box(300, 300, 50, 50)), "folders")
    assert vault.save_outcome(ann, outcome("folders"), [face, recoded]) == ()
    (kept,) = vault.findings(ann)
    assert kept.mark == Mark(MarkKind.NOT_ME)
    assert isinstance(kept.evidence, FaceMatch) and kept.evidence.cut is None


def test_another_face_of_the_same_picture_is_asked_about_again(vault: Vault, ann: str) -> None:
    face = finding(ann, face_match(), "folders")
    vault.save_outcome(ann, outcome("folders"), [face])
    vault.mark(face.key, Mark(MarkKind.NOT_ME))
    other = finding(ann, face_match(box=Box(400, 20, 110, 120), cut=cut(9)), "folders")
    assert other.key == face.key
    assert vault.save_outcome(ann, outcome("folders"), [other]) == (face.key,)
    (kept,) = vault.findings(ann)
    assert kept.mark is None and kept.evidence == other.evidence
    assert vault.not_me(ann) == {JUDGED}


def test_another_decision_takes_not_me_back(vault: Vault, ann: str) -> None:
    face = finding(ann, face_match(), "folders")
    vault.save_outcome(ann, outcome("folders"), [face])
    vault.mark(face.key, Mark(MarkKind.NOT_ME))
    vault.mark(face.key, Mark(MarkKind.DONE))
    assert vault.not_me(ann) == frozenset()
    vault.save_outcome(ann, outcome("folders"), [face])
    assert vault.findings(ann)[0].evidence == face.evidence


def test_not_me_on_a_copy_is_about_the_whole_picture(vault: Vault, ann: str) -> None:
    copy = finding(ann, picture_copy(), "google-vision")
    vault.save_outcome(ann, outcome("google-vision"), [copy])
    vault.mark(copy.key, Mark(MarkKind.NOT_ME))
    assert vault.not_me(ann) == {NotMe("c" * 64, WHOLE_PICTURE)}


def test_findings_are_one_persons_or_everybodys(vault: Vault, ann: str) -> None:
    ben = vault.add_person("Ben", Relation.SOMEONE_I_HELP, True).person_id
    for person in (ann, ben):
        vault.save_outcome(person, outcome(), [finding(person, breach())])
    assert [one.person_id for one in vault.findings()] == [ann, ben]
    assert [one.person_id for one in vault.findings(ben)] == [ben]
    assert vault.not_me(ben) == frozenset()


def test_an_outcome_is_kept_whole_or_not_at_all(vault: Vault, ann: str) -> None:
    seen = LookedAt("/a.jpg", 1, 2, "t")
    wrong_kind = dataclasses.replace(finding(ann, breach(name="Other")), evidence=picture_copy())
    with pytest.raises(ValueError, match="kind"):
        vault.save_outcome(ann, outcome(), [finding(ann, breach()), wrong_kind], [seen])
    assert vault.findings() == () and vault.looked_at(ann, "/a.jpg") is None
    with pytest.raises(ValueError, match="person"):
        vault.save_outcome(ann, outcome(), [finding("somebody else", breach())], [seen])
    with pytest.raises(LookupError):
        vault.save_outcome("nobody", outcome(), [], [seen])
    assert vault.looked_at(ann, "/a.jpg") is None


def test_what_was_looked_at_is_replaced_by_path_and_person(vault: Vault, ann: str) -> None:
    ben = vault.add_person("Ben", Relation.ME, True).person_id
    odd = os.fsdecode(b"/pictures/\xff\xfe/\xc3\xa4.jpg")
    first = LookedAt(odd, 1, -2, "t", unreadable="broken")
    second = LookedAt(odd, 2**40, 2**62, "u", 3, 2, "face-1")
    vault.remember(ann, [first])
    assert vault.looked_at(ann, odd) == first
    vault.remember(ann, [second])
    assert vault.looked_at(ann, odd) == second
    assert vault.looked_at(ben, odd) is None
    assert vault.looked_at(ann, odd + "x") is None


def test_a_path_that_is_no_text_survives_in_a_finding(vault: Vault, ann: str) -> None:
    odd = os.fsdecode(b"/pictures/\xff\xfe.jpg")
    face = finding(ann, face_match(picture=odd, title="\ud800 & \x00"), "folders")
    vault.save_outcome(ann, outcome("folders"), [face])
    assert vault.findings(ann) == (face,)


def test_not_mine_is_for_profiles_and_refused_in_words_for_all_else(vault: Vault, ann: str) -> None:
    profile = Profile("Example", "https://site.example/ann", "ann", "Ann", True, "github")
    leak, plain = finding(ann, breach()), finding(ann, face_match(), "folders")
    account = Finding("profile-0123456789abcdef", FindingKind.PROFILE, ann, ("github",), NOW, NOW, profile)
    with_face = finding(ann, face_match(sha256="f" * 64, page=profile.page, profile=profile), "github")
    vault.save_outcome(ann, outcome("github"), [leak, plain, account, with_face])
    for other in (leak, plain):
        vault.mark(other.key, Mark(MarkKind.FINE))
        with pytest.raises(NotAProfile) as told:
            vault.mark(other.key, Mark(MarkKind.NOT_MINE))
        assert "profile" in told.value.title and told.value.exit_code == 2
        kept = vault.finding(other.key)
        assert kept is not None and kept.mark == Mark(MarkKind.FINE)
    for fake in (account, with_face):
        assert vault.mark(fake.key, Mark(MarkKind.NOT_MINE)).evidence == fake.evidence  # the proof stays, the cut too
        vault.save_outcome(ann, outcome("github"), [fake])
        kept = vault.finding(fake.key)
        assert kept is not None and kept.mark == Mark(MarkKind.NOT_MINE)
    assert vault.not_me(ann) == frozenset()
