"""A scan goes on where the last one stopped: nothing is looked at twice, nothing is lost, nothing is opened for nothing."""

import dataclasses
import os
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from privacyguard.checkup import found as scan_found
from privacyguard.checkup import scan as scans
from privacyguard.errors import Cancelled
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.picture import Box, FaceMatch, PictureCopy
from privacyguard.model.progress import CancelToken
from tests.support.scan_bench import ANN, PHASH, STRANGER, ScanBench, picture
from tests.support.vault_samples import template


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ScanBench]:
    bench = ScanBench(tmp_path / "home", tmp_path / "pictures")
    yield bench
    bench.close()


def noted_opens(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The files that are opened from now on."""
    opened: list[object] = []
    real_open = os.open

    def noted(path: str, *arguments: int) -> int:
        opened.append(path)
        return real_open(path, *arguments)

    monkeypatch.setattr(os, "open", noted)
    return opened


def kept_match(bench: ScanBench, key: str) -> FaceMatch:
    finding = bench.vault.finding(key)
    assert finding is not None and isinstance(finding.evidence, FaceMatch)
    return finding.evidence


def test_what_was_looked_at_is_kept_with_content_and_scene(bench: ScanBench) -> None:
    path = bench.write("a.png", picture(ANN, STRANGER, 0))
    bench.write("b.png", picture(STRANGER, phash="ff" * 8))
    scan, found = bench.run()
    assert set(found) == {"a.png"}
    assert dataclasses.astuple(scan.counts) == (2, 0, 0, 1, 4, 1)
    row = bench.vault.looked_at(bench.person_id, str(path))
    assert row is not None and row.sha256 == found["a.png"].match.sha256
    assert (row.faces, row.could_not_judge, row.finding) == (3, 1, found["a.png"].finding.key)
    assert [scene for _, scene, _ in bench.vault.scenes(bench.person_id)] == ["5c" + PHASH, "5c" + "ff" * 8]


def test_an_unchanged_file_is_not_even_opened(bench: ScanBench, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(600):  # more than a page, with more matches than are gathered before they are told
        bench.write(f"{number:03}.png", picture(ANN if number % 2 else STRANGER, more=str(number)))
    bench.write("letter.txt", b"no picture at all")
    bench.write("broken.png", b"\x89PNG\r\n\x1a\n no picture of ours")
    first, found = bench.run()
    opened = noted_opens(monkeypatch)
    second, again = bench.run()
    assert opened == [] and bench.pool.looked_at == []
    assert set(again) == set(found) and len(again) == 300
    assert all(match.remembered for match in again.values()) and not any(match.remembered for match in found.values())
    assert second.new == [] and len(first.new) == 300
    assert dataclasses.asdict(second.counts) == {**dataclasses.asdict(first.counts), "skipped_unchanged": 600}


def test_changed_new_and_formerly_other_files_are_opened(bench: ScanBench) -> None:
    bench.write("same.png", picture(ANN))
    bench.write("changed.png", picture(STRANGER))
    letter = bench.write("letter.txt", b"no picture at all")
    bench.run()
    bench.write("changed.png", picture(ANN, more="longer"))
    bench.write("new.png", picture(ANN, more="new"))
    letter.write_bytes(picture(ANN, more="in a letter"))
    _, found = bench.run()
    assert sorted(bench.pool.looked_at) == ["changed.png", "letter.txt", "new.png"]
    assert {name: match.remembered for name, match in found.items()} == {
        **dict.fromkeys(["changed.png", "letter.txt", "new.png"], False),
        "same.png": True,
    }


def test_fresh_looks_at_everything_again(bench: ScanBench) -> None:
    bench.write("a.png", picture(ANN))
    bench.write("b.png", picture(STRANGER))
    bench.write("letter.txt", b"no picture at all")
    bench.run()
    scan, found = bench.run(fresh=True)
    assert sorted(bench.pool.looked_at) == ["a.png", "b.png"]
    assert not found["a.png"].remembered and scan.counts.skipped_unchanged == 0 and scan.new == []


def test_a_file_of_another_time_but_the_same_content_is_not_decoded(bench: ScanBench) -> None:
    path = bench.write("a.png", picture(ANN))
    bench.run()
    os.utime(path, ns=(1, 1))
    scan, found = bench.run()
    assert bench.pool.looked_at == []
    assert (scan.counts.seen, scan.counts.skipped_unchanged, scan.counts.matches) == (1, 0, 1)
    assert not found["a.png"].remembered
    row = bench.vault.looked_at(bench.person_id, str(path))
    assert row is not None and row.mtime_ns == 1


def test_a_renamed_file_keeps_its_finding_and_the_evidence_names_the_new_place(bench: ScanBench) -> None:
    old = bench.write("old.png", picture(ANN))
    _, found = bench.run()
    key = found["old.png"].finding.key
    bench.vault.mark(key, Mark(MarkKind.DONE))
    old.rename(bench.folder / "new.png")
    scan, found = bench.run()
    assert bench.pool.looked_at == []
    assert found["new.png"].finding.key == key and found["new.png"].remembered
    assert found["new.png"].match.picture == str(bench.folder / "new.png")
    assert kept_match(bench, key).picture == str(bench.folder / "new.png")
    assert kept_match(bench, key).cut is not None
    assert len(bench.vault.findings()) == 1 and bench.vault.findings()[0].mark == Mark(MarkKind.DONE)
    assert scan.new == [] and scan.counts.seen == 1


def test_a_place_where_other_content_is_now_does_not_keep_the_finding(bench: ScanBench) -> None:
    old = bench.write("old.png", picture(ANN))
    _, found = bench.run()
    key = found["old.png"].finding.key
    old.rename(bench.folder / "a moved.png")
    old.write_bytes(picture(STRANGER, more="somebody else"))
    bench.run()
    assert bench.pool.looked_at == ["old.png"]
    assert kept_match(bench, key).picture == str(bench.folder / "a moved.png")


def test_a_second_file_of_one_content_is_not_decoded_and_the_first_place_stays(bench: ScanBench) -> None:
    first = bench.write("m.png", picture(ANN))
    _, found = bench.run()
    key = found["m.png"].finding.key
    for name in ("a.png", "z.png"):
        bench.write(name, picture(ANN))
    _, found = bench.run()
    assert bench.pool.looked_at == [] and set(found) == {"a.png", "m.png", "z.png"}
    assert {match.finding.key for match in found.values()} == {key}
    assert kept_match(bench, key).picture == str(first)
    bench.run(fresh=True)
    assert kept_match(bench, key).picture == str(first)
    first.unlink()
    bench.run()
    assert kept_match(bench, key).picture == str(bench.folder / "a.png")
    assert len(bench.vault.findings()) == 1


def test_many_copies_within_one_scan_are_decoded_as_often_as_they_are_in_work_at_once(bench: ScanBench) -> None:
    for number in range(100):
        bench.write(f"{number:03}.png", picture(ANN))
    scan, found = bench.run()
    assert len(bench.pool.looked_at) <= 14 + 2 * bench.pool.workers
    assert len(found) == 100 and scan.counts.seen == 100 and len(bench.vault.findings()) == 1


def test_same_size_is_not_same_content(bench: ScanBench) -> None:
    bench.write("a.png", picture(ANN, more="1"))
    bench.run()
    bench.write("b.png", picture(ANN, more="2"))
    bench.write("c.png", picture(STRANGER, more="")[:-1] + b" " * 2 + b"}")
    _, found = bench.run()
    assert "b.png" in bench.pool.looked_at and not found["b.png"].remembered
    assert len(bench.vault.findings()) == 2


def test_a_new_face_pattern_looks_again_newest_first_after_what_was_never_looked_at(bench: ScanBench) -> None:
    bench.pool.workers = 1
    for number in range(40):
        path = bench.write(f"{number:02}.png", picture(STRANGER, more=str(number)))
        os.utime(path, ns=(0, number * 7 % 40 * 10**9))
    bench.run()
    bench.now += timedelta(days=1)
    bench.enrol(dataclasses.replace(template(STRANGER), enrolled_at=bench.now))
    bench.write("zz new.png", picture(STRANGER, more="new"))
    scan, found = bench.run()
    newest_first = sorted(range(40), key=lambda number: -(number * 7 % 40))
    # Two are in work at once, so neighbours may change places.
    assert sorted(bench.pool.looked_at[:1]) == ["zz new.png"]
    order = {name: place for place, name in enumerate(bench.pool.looked_at)}
    assert all(abs(order[f"{number:02}.png"] - place - 1) <= 1 for place, number in enumerate(newest_first))
    assert len(found) == 41 and scan.counts.seen == 41 and scan.counts.skipped_unchanged == 0
    bench.run()
    assert bench.pool.looked_at == []


def test_a_look_for_a_new_face_pattern_continues_and_stays_within_its_folder(bench: ScanBench) -> None:
    for number in range(20):
        os.utime(bench.write(f"{number:02}.png", picture(STRANGER, more=str(number))), ns=(0, number))
        os.utime(bench.write(f"deeper/d{number:02}.png", picture(STRANGER, more=f"d{number}")), ns=(0, number))
    bench.run()
    bench.enrol(dataclasses.replace(template(ANN), enrolled_at=bench.now + timedelta(days=1)))
    cancel = CancelToken()
    scan = bench.scan()
    bench.pool.looked_at.clear()
    with pytest.raises(Cancelled):
        for _ in scan.matches(bench.candidates(), _after(10, bench, cancel)):
            pass
    done = set(bench.pool.looked_at)
    assert 0 < len(done) < 40
    bench.run(bench.folder / "deeper")
    assert bench.pool.looked_at and all(name.startswith("d") for name in bench.pool.looked_at)
    bench.run()
    assert not any(name.startswith("d") for name in bench.pool.looked_at)
    bench.run()
    assert bench.pool.looked_at == []


def _after(count: int, bench: ScanBench, cancel: CancelToken) -> CancelToken:
    """The token, cancelled at the look at so many files."""
    real = bench.pool.analyse

    def counted(source: Path, **options: object) -> object:
        if len(bench.pool.looked_at) >= count:
            cancel.cancel()
        return real(source, **options)  # type: ignore[arg-type]

    bench.pool.analyse = counted  # type: ignore[method-assign, assignment]
    return cancel


def test_a_stopped_scan_goes_on_and_looks_at_nothing_twice(bench: ScanBench) -> None:
    for number in range(200):
        bench.write(f"{number:03}.png", picture(ANN if number % 3 else STRANGER, more=str(number)))
    told: list[str] = []
    rounds = 0
    while len(told) < 133 - 9 and rounds < 50:
        rounds += 1
        matches = bench.scan().matches(bench.candidates(), CancelToken())
        new = (match.path for match in matches if not match.remembered)
        told += islice(new, 9)
        matches.close()  # type: ignore[attr-defined]
    # What was in work at the moment of stopping is looked at again, nothing else.
    assert rounds > 10 and len(bench.pool.looked_at) <= 200 + rounds * 2 * bench.pool.workers
    scan, found = bench.run()
    assert len(bench.pool.looked_at) <= 14 + 2 * bench.pool.workers
    assert len(found) == len(bench.vault.findings()) == 133
    assert scan.counts.seen == 200


def test_a_picture_whose_worker_was_ended_is_tried_again_a_few_times(bench: ScanBench) -> None:
    for number in range(10):
        bench.write(f"{number}.png", picture(ANN, more=str(number)))
    bench.pool.crashes = {"3.png": 1, "9.png": 3, "5.png": 4}
    bench.pool.crashes_at_cut = {"7.png": 1}
    scan, found = bench.run()
    assert set(found) == {f"{number}.png" for number in range(10) if number != 5}
    assert (scan.counts.seen, scan.counts.unreadable, len(bench.vault.findings())) == (10, 1, 9)
    assert bench.pool.looked_at.count("5.png") == 4
    scan, found = bench.run()  # it was not the picture's fault for ever
    assert bench.pool.looked_at == ["5.png"] and len(found) == 10


def test_not_me_stays_quiet_until_the_person_changes_their_mind(bench: ScanBench) -> None:
    path = bench.write("a.png", picture(ANN))
    _, found = bench.run()
    key = found["a.png"].finding.key
    bench.vault.mark(key, Mark(MarkKind.NOT_ME))
    assert bench.run()[1] == {} and bench.run(fresh=True)[1] == {}
    bench.write("smaller copy.png", picture(ANN, phash=PHASH[:-1] + "b", more="recoded"))
    bench.write("other place.png", picture(ANN, box=Box(200, 20, 50, 60), more="recoded"))
    bench.write("other picture.png", picture(ANN, phash="f" * 16))
    assert set(bench.run()[1]) == {"other place.png", "other picture.png"}
    bench.vault.mark(key, Mark(MarkKind.DONE))
    bench.pool.looked_at.clear()
    _, found = bench.run()
    assert found["a.png"].finding.key == key and found["a.png"].path == str(path)


def test_a_copy_of_a_chosen_picture_is_kept_remembered_and_moved_and_is_no_match(bench: ScanBench) -> None:
    chosen = dataclasses.replace(template(ANN).photos[0], phash="abcd" * 4, copy_variants=b"")
    bench.enrol(dataclasses.replace(template(ANN), photos=(chosen,)))
    path = bench.write("a.png", picture(STRANGER, phash="abcd" * 4))
    bench.write("b.png", picture(STRANGER, phash="1234" * 4))
    scan, found = bench.run()
    assert found == {} and scan.counts.matches == 0
    (copy,) = bench.vault.findings()
    assert isinstance(copy.evidence, PictureCopy) and copy.evidence.picture == str(path)
    assert list(scan.copies) == scan.new == [copy.key]
    path.rename(bench.folder / "c.png")
    scan, found = bench.run()
    assert found == {} and bench.pool.looked_at == [] and scan.new == []
    assert list(scan.copies) == [copy.key]
    (moved,) = bench.vault.findings()
    assert moved == dataclasses.replace(
        copy, evidence=dataclasses.replace(copy.evidence, picture=str(bench.folder / "c.png"))
    )


def test_the_last_day_is_moved_once_a_day_and_the_cut_stays(bench: ScanBench) -> None:
    bench.write("a.png", picture(ANN))
    bench.run()
    first = bench.vault.findings()[0]
    bench.now += timedelta(hours=1)
    bench.run()
    assert bench.vault.findings()[0] == first
    bench.now += timedelta(days=3)
    bench.run()
    assert bench.vault.findings()[0] == dataclasses.replace(first, last_seen=bench.now)


def test_what_was_seen_is_written_in_batches(bench: ScanBench) -> None:
    for number in range(200):
        bench.write(f"{number:03}.png", picture(STRANGER, more=str(number)))
    bench.write("zz.png", picture(ANN))
    matches = bench.scan().matches(bench.candidates(), CancelToken())
    next(iter(matches))
    kept = len(list(bench.vault.scenes(bench.person_id)))
    assert 200 - scan_found.BATCH < kept < 201
    matches.close()  # type: ignore[attr-defined]
    assert len(list(bench.vault.scenes(bench.person_id))) >= 201 - 2 * bench.pool.workers


def test_what_was_seen_is_written_after_some_time(bench: ScanBench) -> None:
    for number in range(3):
        bench.write(f"{number}.png", picture(ANN, more=str(number)))
    matches = bench.scan().matches(bench.candidates(), CancelToken())
    next(iter(matches))
    assert list(bench.vault.scenes(bench.person_id)) == [] and bench.vault.findings() == ()
    bench.now += scan_found.BATCH_TIME
    next(iter(matches))
    assert len(list(bench.vault.scenes(bench.person_id))) == len(bench.vault.findings()) == 2


def test_progress_is_told_while_new_files_are_looked_at(bench: ScanBench) -> None:
    for number in range(30):
        bench.write(f"{number}.png", picture(STRANGER, more=str(number)))
    told: list[int] = []
    scan = bench.scan()
    scan._progress = lambda counts: told.append(counts.seen)
    assert list(scan.matches(bench.candidates(), CancelToken())) == []
    assert told == sorted(told) and set(told) >= set(range(1, 31))


def test_a_named_file_that_is_no_picture_is_told_each_time(bench: ScanBench) -> None:
    letter = bench.write("letter.txt", b"no picture at all")
    bench.run()
    for _ in range(2):
        scan, _found = bench.run(letter)
        assert (scan.counts.seen, scan.counts.unreadable) == (1, 1)
    assert bench.run()[0].counts.seen in (0, 1)


def test_files_that_are_no_pictures_are_opened_once(bench: ScanBench, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("", "a/", "b/", "a/deeper/"):
        for number in range(30):
            bench.write(f"{folder}{number}.txt", b"text %d" % number)
    opened = noted_opens(monkeypatch)
    assert bench.run()[0].counts.seen == 0 and len(opened) == 120
    opened.clear()
    bench.run()
    assert opened == []
    changed = bench.write("a/7.txt", b"text 7, longer")
    new = bench.write("b/new.txt", b"text")
    bench.run()
    assert opened == [changed, new]
    opened.clear()
    bench.run()
    assert opened == []


def test_a_long_list_of_matches_is_told_while_the_walk_goes_on(bench: ScanBench) -> None:
    for number in range(3 * scans.PAGE):
        bench.write(f"{number:04}.png", picture(ANN, more=str(number)))
    bench.run()
    walked = 0

    def counted() -> Iterator[object]:
        nonlocal walked
        for candidate in bench.candidates():
            walked += 1
            yield candidate

    matches = bench.scan().matches(counted(), CancelToken())  # type: ignore[arg-type]
    next(iter(matches))
    assert walked <= 2 * scans.PAGE
