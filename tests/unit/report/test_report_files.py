"""Writing a report: whole or not at all, for its owner only; an old one survives whatever goes wrong."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from privacyguard.errors import DiskFull, VaultError, VaultUnwritable
from privacyguard.report.files import write_private

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from privacyguard.errors import DiskFull
from privacyguard.report.files import write_private

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    write_private(Path(sys.argv[1]), b"new" * 100)
except DiskFull:
    sys.exit(7)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    report = tmp_path / "report.html"
    report.write_text("old")
    return report


def test_a_report_replaces_the_old_one_and_is_its_owners(old: Path) -> None:
    old.chmod(0o644)
    write_private(old, b"new")
    assert old.read_bytes() == b"new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert list(old.parent.iterdir()) == [old]


def test_a_loose_umask_changes_nothing(old: Path) -> None:
    before = os.umask(0)
    try:
        write_private(old, b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


def test_a_link_is_replaced_and_what_it_points_at_stays(old: Path) -> None:
    link = old.with_name("link.html")
    link.symlink_to(old)
    write_private(link, b"new")
    assert old.read_text() == "old"
    assert not link.is_symlink()


def test_a_full_disk_is_said_as_such_and_the_old_report_stays(old: Path) -> None:
    # In a process of its own: the limit cannot be taken back.
    child = subprocess.run([sys.executable, "-c", FULL_DISK, str(old)], cwd=Path(__file__).parents[3], check=False)
    assert child.returncode == 7
    assert old.read_text() == "old"
    assert list(old.parent.iterdir()) == [old]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(VaultUnwritable):
        write_private(tmp_path / "missing" / "report.html", b"new")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody can make a file")
def test_a_folder_that_nobody_may_write_is_said_without_its_name() -> None:
    with pytest.raises(VaultError) as failure:
        write_private(Path("/proc/self/report.html"), b"new")
    assert not isinstance(failure.value, DiskFull)
    assert "proc" not in str(failure.value)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_a_folder_of_the_reports_name_stays_and_nothing_is_left_over(tmp_path: Path) -> None:
    taken = tmp_path / "report.html"
    taken.mkdir()
    with pytest.raises(VaultUnwritable):
        write_private(taken, b"new")
    assert list(tmp_path.iterdir()) == [taken]
    assert taken.is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_leaves_the_old_report(old: Path) -> None:
    old.parent.chmod(0o500)
    try:
        with pytest.raises(VaultUnwritable):
            write_private(old, b"new")
        assert old.read_text() == "old"
    finally:
        old.parent.chmod(0o700)
