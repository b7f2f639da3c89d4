"""A folder of broken and hostile pictures and videos, looked through by the real command line and by real workers."""

import shutil
from pathlib import Path

import pytest

from privacyguard.analysis.pool import PICTURE_TIMEOUT_S, AnalysisPool
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from tests.bench.fuzz import look_at_all, summary
from tests.conftest import Portraits
from tests.support.bombs import BOMBS, FOREIGN
from tests.support.commands import CommandLine
from tests.support.fuzz import special_files, specimens, write

SCANNED, SEED = 200, 7
FIXED = len(BOMBS) + len(FOREIGN)


@pytest.mark.timeout(200)
def test_scan_of_a_hostile_folder_counts_all_and_finds_the_person_behind_it(
    privacyguard: CommandLine, free_portraits: Portraits, tmp_path: Path
) -> None:
    assert privacyguard("enrol", "--consent", free_portraits.astronaut).status == 0
    folder = tmp_path / "hostile"
    folder.mkdir()
    for specimen in specimens(SCANNED, SEED, tmp_path):
        write(specimen, folder)
    special = special_files(folder / "special")
    shutil.copy(free_portraits.astronaut, folder / "zz-the-person.png")
    done = privacyguard("scan", folder, "--json", timeout_s=150)
    assert (done.status, done.err) == (0, "")
    *matches, last = done.lines
    counts = last["summary"]
    assert [Path(match["path"]).name for match in matches] == ["zz-the-person.png"]
    assert counts["seen"] == SCANNED + 1 + len(special) - 1  # the folder with a picture's name is none
    assert FIXED / 2 < counts["unreadable"] < counts["seen"]
    assert counts["skipped_unchanged"] < 20  # good files under a wrong name have the content of others
    again = privacyguard("scan", folder, "--json", timeout_s=150).lines[-1]["summary"]
    assert again["seen"] == counts["seen"]
    assert again["unreadable"] == counts["unreadable"]
    assert again["matches"] == 1


def test_workers_outlive_every_bomb_or_are_replaced(tmp_path: Path, free_portraits: Portraits) -> None:
    folder = tmp_path / "bombs"
    folder.mkdir()
    files = [(write(each, folder), each.kind) for each in specimens(FIXED, SEED, tmp_path)]
    with AnalysisPool(timeout_s=PICTURE_TIMEOUT_S) as pool:
        told = look_at_all(files, pool)
        assert len(pool.analyse(free_portraits.astronaut).faces) == 1
    assert len(told) == FIXED
    assert {each.outcome for each in told if each.kind == "not ours"} <= {Unreadable.NOT_A_PICTURE, Unreadable.BROKEN}
    late = [each for each in told if each.outcome in {Unreadable.TIMED_OUT, Unreadable.CRASHED}]
    assert late == [], summary(told, FIXED)


def test_files_without_an_end_and_what_is_no_file_are_told_with_their_reason(tmp_path: Path) -> None:
    expected = {
        "pipe.jpg": Unreadable.NOT_A_FILE,
        "link.jpg": Unreadable.NOT_A_FILE,
        "nowhere.png": Unreadable.NOT_A_FILE,
        "folder.jpg": Unreadable.NOT_A_FILE,
        "socket.png": Unreadable.NOT_A_FILE,
        "sparse.jpg": Unreadable.TOO_LARGE,
        "sparse.mp4": Unreadable.NOT_A_PICTURE,
        "sparse.mkv": Unreadable.NOT_A_PICTURE,
    }
    paths = {path.name: path for path in special_files(tmp_path / "special")}
    with AnalysisPool(workers=1) as pool:
        for name, reason in expected.items():
            with pytest.raises(PictureUnreadable) as told:
                pool.analyse(paths[name])
            assert (name, told.value.reason) == (name, reason)
