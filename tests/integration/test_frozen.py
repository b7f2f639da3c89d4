"""The installed app as `make frozen` made it. Only where FROZEN names its folder: `make test-frozen` does."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackagePath, distribution, distributions, packages_distributions
from pathlib import Path

import pytest

from privacyguard import cli
from privacyguard.analysis import landlock
from privacyguard.licences.composing import locked_names, parts_inside, plain_name
from tests.bench.frozen import WANTED_MB
from tests.conftest import Portraits
from tests.integration.test_selftest import CHECKS, told
from tests.support.commands import ROOT, Done
from tests.support.display import start_display
from tests.support.keyring_session import Session, Store, keyring_session
from tests.support.making import module

FOLDER = os.environ.get("FROZEN", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="asked for by make test-frozen")

PROGRAM = ROOT / FOLDER / "privacyguard"
PYTHON = ROOT / "build/freeze/bin/python"
LETTERS = "resources/letters/en.json"


@dataclass(frozen=True)
class Installed:
    """The installed program with one home."""

    session: Session
    home: Path

    def __call__(self, *arguments: str | Path, extra: dict[str, str] | None = None) -> Done:
        environment = {"PRIVACYGUARD_HOME": str(self.home), "LANG": "C.UTF-8", **(extra or {})}
        done = self.session.run([str(PROGRAM), *map(str, arguments)], extra=environment, timeout_s=110)
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def installed(running_store: Session, tmp_path: Path) -> Installed:
    return Installed(running_store, tmp_path / "home")


def test_everything_starts(installed: Installed) -> None:
    done = installed("--self-test", "--json")
    assert list(told(done)) == CHECKS
    assert (done.status, done.json) == (0, {"ok": True}), done.err
    assert f"Landlock {landlock.version()}" in told(done)["worker limits"]


def test_it_takes_no_more_room_than_it_may() -> None:
    sizes = (file.stat().st_size for file in PROGRAM.parent.rglob("*") if file.is_file() and not file.is_symlink())
    assert sum(sizes) / 1e6 <= WANTED_MB


@pytest.fixture
def copy() -> Iterator[Path]:
    """A copy of the app's folder beside it, by links: files can be taken away, not changed."""
    copy = PROGRAM.parents[1] / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(PROGRAM.parent, copy, symlinks=True, copy_function=os.link)
    yield copy
    shutil.rmtree(copy)


def test_a_part_that_is_missing_is_told(installed: Installed, copy: Path) -> None:
    for part in ("certifi/cacert.pem", "resources/selftest/face.webm", "face_recognition_models/models", LETTERS):
        place = copy / "_internal" / part
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    command = [str(copy / "privacyguard"), "--self-test", "--json"]
    run = installed.session.run(command, extra={"PRIVACYGUARD_HOME": str(installed.home)}, timeout_s=110)
    done = Done(run.returncode, run.stdout, run.stderr)
    assert (done.status, done.json) == (1, {"ok": False})
    failed = {what for what, words in told(done).items() if words.startswith("does not work")}
    # Faces and photos too: photos of the person get their second opinion at once.
    assert failed == {"faces", "photos", "second opinion", "videos", "certificates", "words"}


def test_without_a_password_store_the_vault_does_not_work(tmp_path: Path) -> None:
    with keyring_session(Store.MISSING) as session:
        done = Installed(session, tmp_path / "home")("--self-test", "--json")
    assert (done.status, done.json) == (1, {"ok": False})
    assert "password store" in told(done)["vault"]


def test_doctor_says_that_it_is_installed(installed: Installed) -> None:
    done = installed("doctor", "--json")
    assert done.status == 0, done.out
    checks = {check["what"]: check["detail"] for check in done.json}
    assert "installed app" in checks["program"]
    assert "seccomp" in checks["worker limits"]
    assert "dlib" in checks["second opinion"]


def test_a_scan_finds_the_person_and_no_other(installed: Installed, free_portraits: Portraits, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for portrait in free_portraits:
        shutil.copy(portrait, folder)
    assert installed("enrol", "--consent", free_portraits.astronaut).status == 0
    first = installed("scan", folder, "--json")
    assert first.status == 0, first.err
    *matches, summary = first.lines
    assert [Path(match["path"]).name for match in matches] == ["astronaut.png"]
    assert summary["summary"]["seen"] == 2
    again = installed("scan", folder, "--json").lines[-1]["summary"]
    assert again["skipped_unchanged"] == 2


def test_workers_are_closed_off_and_load_neither_window_nor_secrets(
    installed: Installed, free_portraits: Portraits, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(40):  # enough for a look at those who work
        (folder / f"{number}.png").write_bytes(free_portraits.astronaut.read_bytes() + bytes([number]))
    assert installed("enrol", "--consent", free_portraits.astronaut).status == 0
    environment = {"PRIVACYGUARD_HOME": str(installed.home)}
    with installed.session.start([str(PROGRAM), "scan", str(folder)], extra=environment) as running:
        worker = next(closed_off_children(running.pid))
        loaded = (worker / "maps").read_text() if os.access(worker / "maps", os.R_OK) and os.getuid() == 0 else ""
        assert "NoNewPrivs:\t1" in (worker / "status").read_text()
        running.communicate(timeout=100)
    if not loaded:
        pytest.skip("only the superuser may look into a worker")
    assert "libopenblas" in loaded
    for part in ("libQt6", "PySide6", "sqlcipher3", "_cffi_backend", "cryptography"):
        assert part not in loaded


def test_foreign_places_for_libraries_and_code_are_forgotten(
    installed: Installed, free_portraits: Portraits, tmp_path: Path
) -> None:
    foreign = str(tmp_path / "foreign")
    named = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH", "PYTHONPATH")
    environment = {"PRIVACYGUARD_HOME": str(installed.home), **dict.fromkeys(named, foreign)}
    assert installed("enrol", "--consent", free_portraits.astronaut, extra=environment).status == 0
    command = [str(PROGRAM), "scan", str(free_portraits.grace_hopper)]
    with installed.session.start(command, extra=environment) as running:
        next(closed_off_children(running.pid))
        # What a process was started with: the app itself after it started once more, and the helper of multiprocessing.
        started_with = environment_of(Path(f"/proc/{running.pid}"))
        handed_on = [environment_of(child) for child in children(running.pid)]
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert foreign not in started_with["LD_LIBRARY_PATH"]
    assert any("HOME" in each for each in handed_on)
    assert [each for each in handed_on if foreign in " ".join(each.values())] == []


def test_every_command_is_inside(installed: Installed) -> None:
    done = installed("--help")
    assert done.status == 0, done.err
    for command in (name for names in cli.GROUPS.values() for name in names):
        assert command in done.out


def test_the_notice_names_everything_inside() -> None:
    inside = PROGRAM.parent / "_internal"
    parts = {plain_name(part.name): part for part in parts_inside(inside / "resources")}
    assert all(part.text.strip() and part.licence for part in parts.values())
    assert {"privacyguard", "python", "pyinstaller"} <= parts.keys()
    # By the files that lie there: those of packages in the lock, and libraries that no package brought.
    brought = {file.name: name for name in _installed() for file in _files(name)}
    there = [file for file in inside.rglob("*") if file.is_file() and "resources" not in file.parts]
    packages = {brought[file.name] for file in there if file.suffix == ".so" and file.name in brought}
    assert len(packages) > 10
    assert packages - parts.keys() == set()
    libraries = [file for file in inside.glob("lib*.so*") if not file.is_symlink() and file.name not in brought]
    assert len(libraries) > 30
    found = [_in_the_system(file.name) for file in libraries if not file.name.startswith("libpython")]
    assert {plain_name(module("inside").system_package(library)) for library in found} - parts.keys() == set()


def test_the_notice_names_the_packages_of_every_module() -> None:
    done = subprocess.run(
        [PYTHON, "-m", "PyInstaller.utils.cliutils.archive_viewer", "--list", "--recursive", "--brief", str(PROGRAM)],
        capture_output=True,
        text=True,
        check=True,
    )
    modules = {line.strip().partition(".")[0] for line in done.stdout.splitlines()}
    assert {"privacyguard", "json", "requests"} <= modules
    runtime = {plain_name(name) for name in locked_names(ROOT / "requirements.lock")}
    told = {plain_name(part.name) for part in parts_inside(PROGRAM.parent / "_internal" / "resources")}
    owners = {top: set(map(plain_name, packages_distributions().get(top, ()))) & runtime for top in modules}
    assert len([top for top in owners if owners[top]]) > 15
    assert [top for top in owners if owners[top] and not owners[top] & told] == []


def test_the_coder_of_heic_is_empty() -> None:
    coders = [file for file in (PROGRAM.parent / "_internal").rglob("*x265*") if not file.is_symlink()]
    assert len(coders) == 1
    assert coders[0].stat().st_size < 50_000


def _installed() -> list[str]:
    names = map(plain_name, locked_names(ROOT / "requirements.lock"))
    present = {plain_name(each.name) for each in distributions()}
    return [name for name in names if name in present]


def _files(name: str) -> list[PackagePath]:
    return list(distribution(name).files or ())


def _in_the_system(name: str) -> Path:
    return next(file for folder in ("/usr/lib", "/lib") for file in Path(folder).glob(f"*-linux-gnu/{name}"))


def test_the_regular_check_runs_without_a_window(installed: Installed) -> None:
    assert installed("account", "add", "--kind", "username", "zoe").status == 0
    done = installed("background", "--once", "--json")
    assert done.status == 0, done.err
    assert done.json["outcomes"] or done.json["waits"]


def test_the_sign_alone_becomes_the_window_when_it_is_started_again(installed: Installed) -> None:
    screen, name = start_display(os.environ)
    environment = {"PRIVACYGUARD_HOME": str(installed.home), "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
    running = installed.session.start([str(PROGRAM), "--resting"], extra=environment)
    words = Path(f"/proc/{running.pid}/cmdline")
    try:
        _until(lambda: any((installed.session.runtime / "privacyguard").glob("window-*.socket")))
        assert b"--resting" in words.read_bytes()
        second = installed(extra=environment)
        assert second.status == 0, second.err  # it asked the first, and ended
        _until(lambda: b"--resting" not in words.read_bytes())
        time.sleep(3)
        assert running.poll() is None
        running.terminate()
        assert running.wait(30) == 0
    finally:
        running.kill()
        running.communicate()
        screen.kill()
        screen.wait()


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def closed_off_children(parent: int) -> Iterator[Path]:
    """The folders below /proc of the children whose system calls are filtered, as soon as there are any."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for folder in children(parent):
            with suppress(FileNotFoundError, ProcessLookupError):
                if "Seccomp:\t2" in (folder / "status").read_text("ascii"):
                    yield folder
    raise AssertionError("no worker was seen")


def children(parent: int) -> list[Path]:
    """The folders below /proc of its children, of whichever thread."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread ended meanwhile
            found += [Path("/proc") / number for number in (task / "children").read_text("ascii").split()]
    return found


def environment_of(process: Path) -> dict[str, str]:
    """What a process was started with; nothing where it may not be read, or was blanked."""
    try:
        words = (process / "environ").read_bytes().decode().split("\0")
    except PermissionError:
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)
