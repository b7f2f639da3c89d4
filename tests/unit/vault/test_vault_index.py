"""The index of what was looked at: asked in bulk, by content, newest first, and one person's only."""

import dataclasses
import os
from datetime import timedelta

import pytest

from privacyguard.errors import VaultDamaged
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.person import Relation
from privacyguard.model.picture import FaceMatch
from privacyguard.model.place import LookedAt
from privacyguard.vault import index as vault_index
from privacyguard.vault.vault import Vault
from tests.support.vault_samples import NOW, breach, face_match, finding, outcome

ODD = os.fsdecode(b"/p/\xff\xfe.jpg")


@pytest.fixture
def ben(vault: Vault) -> str:
    return vault.add_person("Ben", Relation.ME, True).person_id


def row(path: str, size: int = 10, mtime_ns: int = 20, template_id: str = "t", **more: str | None) -> LookedAt:
    return LookedAt(path, size, mtime_ns, template_id, 1, 0, **more)


def test_many_paths_are_asked_for_at_once(vault: Vault, ann: str, ben: str) -> None:
    rows = [row(f"/p/{number}.jpg", number) for number in range(300)] + [row(ODD)]
    vault.remember(ann, rows)
    assert vault.index(ann).known([one.path for one in rows] + ["/p/unknown"]) == {one.path: one for one in rows}
    assert vault.index(ann).known([]) == {}
    assert vault.index(ben).known([ODD]) == {}


def test_a_content_is_known_by_size_and_hash_for_the_same_face_pattern_and_person(
    vault: Vault, ann: str, ben: str
) -> None:
    known = row("/a.jpg", 7, sha256="aa", scene="5c")
    vault.remember(ann, [known, row("/b.jpg", 8), row("/c.jpg", 9, template_id="old", sha256="cc")])
    index = vault.index(ann)
    assert index.sizes("t", [7, 8, 9, 10]) == {7}  # 8: content not read, 9: another face pattern
    assert index.sizes("old", [7, 8, 9, 10]) == {9}
    assert index.same_content("t", 7, "aa") == known
    assert index.same_content("t", 8, "aa") is None
    assert index.same_content("t", 7, "bb") is None
    assert index.same_content("old", 7, "aa") is None
    assert vault.index(ben).sizes("t", [7]) == frozenset()
    assert vault.index(ben).same_content("t", 7, "aa") is None


def test_what_is_put_off_comes_newest_first_each_once_and_only_in_its_scan(
    vault: Vault, ann: str, ben: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_index, "PAGE", 3)
    rows = [row(f"/{number}.jpg", mtime_ns=number // 2 - 5) for number in range(20)]
    for person in (ann, ben):
        vault.remember(person, [*rows, row("/not due.jpg", mtime_ns=99)])
    index = vault.index(ann)
    index.put_off([one.path for one in rows], 5)
    index.put_off([rows[3].path], 6)  # another scan took this one over
    expected = sorted((one for one in rows if one != rows[3]), key=lambda one: (one.mtime_ns, one.path), reverse=True)
    found = []
    for one in index.due(5):
        found.append(one)
        vault.remember(ann, [dataclasses.replace(one, template_id="new")])
    assert found == expected
    assert list(index.due(5)) == [] and list(index.due(6)) == [rows[3]]
    assert list(vault.index(ben).due(5)) == []


def test_what_was_not_kept_anew_comes_only_once_too(vault: Vault, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_index, "PAGE", 2)
    rows = [row(f"/{number}.jpg", mtime_ns=7) for number in range(5)] + [row(ODD, mtime_ns=7)]
    vault.remember(ann, rows)
    vault.index(ann).put_off([one.path for one in rows], 1)
    assert sorted(one.path for one in vault.index(ann).due(1)) == sorted(one.path for one in rows)


def test_scenes_come_in_pages_with_path_and_finding(
    vault: Vault, ann: str, ben: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_index, "PAGE", 2)
    rows = [row(f"/{number}.jpg", scene=f"{number:x}", finding="face-1" if number else None) for number in range(5)]
    vault.remember(ann, [*rows, row("/none.jpg")])
    assert list(vault.scenes(ann)) == [(one.path, one.scene, one.finding) for one in rows]
    assert list(vault.scenes(ben)) == []


def test_findings_in_bulk_have_no_cut_and_are_one_persons(vault: Vault, ann: str, ben: str) -> None:
    found = [finding(ann, face_match(seed, page=str(seed)), "folders") for seed in (1, 2)] + [finding(ann, breach())]
    vault.save_outcome(ann, outcome("folders"), found)
    vault.mark(found[1].key, Mark(MarkKind.DONE))
    kept = vault.index(ann).findings([one.key for one in found] + ["face-unknown"])
    assert set(kept) == {one.key for one in found}
    for one in vault.findings(ann):
        evidence = one.evidence
        bare = dataclasses.replace(evidence, cut=None) if isinstance(evidence, FaceMatch) else evidence
        assert kept[one.key] == dataclasses.replace(one, evidence=bare)
    assert vault.index(ben).findings([one.key for one in found]) == {}


def test_seen_again_moves_the_last_day_and_nothing_else(vault: Vault, ann: str, ben: str) -> None:
    first, second = (finding(ann, face_match(seed, page=str(seed)), "folders") for seed in (1, 2))
    vault.save_outcome(ann, outcome("folders"), [first, second])
    later = NOW + timedelta(days=2)
    vault.index(ben).seen_again([second.key], later)
    assert vault.findings(ann) == (first, second)
    vault.index(ann).seen_again([first.key], later)
    assert vault.findings(ann) == (dataclasses.replace(first, last_seen=later), second)


def test_files_that_are_no_pictures_are_kept_by_folder_and_formats(vault: Vault, ann: str, ben: str) -> None:
    index = vault.index(ann)
    marks = [bytes([number]) * vault_index.FILE_BYTES for number in range(3)]
    index.pass_over({ODD: marks, "/b": []}, 1)
    assert index.passed_over(ODD, 1) == set(marks)
    assert index.passed_over(ODD, 2) == frozenset()  # a newer version may open more
    assert index.passed_over("/other", 1) == frozenset()
    assert vault.index(ben).passed_over(ODD, 1) == frozenset()
    index.pass_over({ODD: marks[:1]}, 2)
    assert index.passed_over(ODD, 1) == frozenset() and index.passed_over(ODD, 2) == set(marks[:1])
    with vault._writing() as connection:
        connection.execute("UPDATE passed_over SET files = x'00'")
    with pytest.raises(VaultDamaged):
        index.passed_over(ODD, 2)


def test_forgetting_the_face_forgets_the_whole_index(vault: Vault, ann: str, ben: str) -> None:
    for person in (ann, ben):
        vault.remember(person, [row("/a.jpg", sha256="aa", scene="5c")])
        vault.index(person).pass_over({"/": [bytes(8)]}, 1)
    vault.forget_face(ann)
    assert list(vault.scenes(ann)) == [] and vault.index(ann).passed_over("/", 1) == frozenset()
    assert vault.index(ann).sizes("t", [10]) == frozenset()
    assert len(list(vault.scenes(ben))) == 1 and vault.index(ben).passed_over("/", 1) == {bytes(8)}
    with vault._reading() as connection:
        for table in ("looked_at", "passed_over"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1


def test_every_question_of_a_long_index_uses_an_index(vault: Vault, ann: str) -> None:
    """With 474,651 pictures a question that reads every row would take seconds, and is asked for each file."""
    seen: list[str] = []
    with vault._reading() as connection:
        connection.set_trace_callback(seen.append)
    index = vault.index(ann)
    index.known(["/a", "/b"])
    index.sizes("t", [1, 2])
    index.same_content("t", 1, "aa")
    index.put_off(["/a", "/b"], 3)
    list(index.due(3))
    index.findings(["face-1"])
    index.seen_again(["face-1"], NOW)
    index.passed_over("/", 1)
    with vault._reading() as connection:
        connection.set_trace_callback(None)
        statements = [statement for statement in seen if statement.lstrip().startswith(("SELECT", "UPDATE"))]
        assert len(statements) == 9
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall() for statement in statements]
    details = [step["detail"] for plan in plans for step in plan]
    assert [detail for detail in details if "SCAN" in detail or "TEMP B-TREE FOR ORDER" in detail] == []
    assert not any(detail.endswith("(person_id=?)") for detail in details)
    assert not any("finding_of_person" in detail for detail in details)  # every finding of a person, for each page
    assert "SEARCH finding USING COVERING INDEX finding_mark (key=?)" in details
