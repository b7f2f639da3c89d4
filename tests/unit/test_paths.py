"""Our folders: found, private, and emptied of what others left."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from privacyguard import paths
from privacyguard.errors import VaultUnwritable


def test_the_home_can_be_moved(tmp_path: Path) -> None:
    found = paths.find_paths({"PRIVACYGUARD_HOME": str(tmp_path / "x")})
    assert found.home == tmp_path / "x"
    assert found.settings == tmp_path / "x" / "settings.toml"
    assert found.log.parent == found.home
    assert found.is_moved
    assert found.obeys_redirections
    assert not found.home.exists()


def test_without_a_moved_home_redirections_do_not_count() -> None:
    found = paths.find_paths({})
    assert found.home.name == "privacyguard"
    assert not found.obeys_redirections


def test_an_installed_app_never_obeys_redirections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert not paths.find_paths({"PRIVACYGUARD_HOME": str(tmp_path)}).obeys_redirections


def test_the_frozen_app_brings_its_own_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.resources().parent.joinpath("privacyguard", "paths.py").exists()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"


def test_temporary_files_lie_in_the_memory_folder_only_when_it_is_ours(tmp_path: Path) -> None:
    ours = tmp_path / "run"
    ours.mkdir(mode=0o700)
    assert paths.find_paths({"XDG_RUNTIME_DIR": str(ours)}).runtime == ours / "privacyguard"
    ours.chmod(0o777)
    moved = {"PRIVACYGUARD_HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(ours)}
    assert paths.find_paths(moved).runtime == tmp_path / "home" / "runtime"
    moved["XDG_RUNTIME_DIR"] = str(tmp_path / "not there")
    assert paths.find_paths(moved).runtime == tmp_path / "home" / "runtime"


def test_a_folder_is_made_private_and_an_open_one_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir(mode=0o755)
    paths.make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told_without_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultUnwritable) as caught:
        paths.make_private(tmp_path / "file" / "x")
    assert str(tmp_path) not in str(caught.value)


def test_temporary_files_go_where_we_say_and_are_gone_afterwards(tmp_path: Path) -> None:
    before = tempfile.gettempdir(), os.environ.get("TMPDIR")
    runtime = tmp_path / "run" / "privacyguard"
    with paths.temporary_files(runtime) as own:
        assert stat.S_IMODE(own.stat().st_mode) == 0o700
        with tempfile.NamedTemporaryFile(delete=False) as file:
            assert Path(file.name).parent == own
        child = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
        assert subprocess.check_output(child, text=True).strip() == str(own)
    assert not runtime.exists()
    assert (tempfile.gettempdir(), os.environ.get("TMPDIR")) == before


def test_what_a_killed_copy_left_is_removed_and_what_a_running_one_uses_is_not(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        used, left = tmp_path / f"tmp-{running.pid}", tmp_path / "tmp-999999999"
        for folder in (used, left):
            folder.mkdir()
            (folder / "file").write_text("x")
        with paths.temporary_files(tmp_path):
            assert (used / "file").exists()
            assert not left.exists()
        assert used.exists()
        assert running.stdin is not None
        running.stdin.close()


def test_without_a_place_of_our_own_the_systems_temporary_folder_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with paths.temporary_files(tmp_path / "file" / "runtime") as own:
        assert own.parent == tmp_path / "tmp"
        assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert list((tmp_path / "tmp").iterdir()) == []
