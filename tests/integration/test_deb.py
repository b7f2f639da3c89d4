"""The Debian package in a clean system of its own, made with debootstrap: `make test-deb`, which names the package in DEB.

Needs the superuser. The system comes from where this computer's apt gets its own; its mounts are in a namespace that goes
with each command.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Portraits
from tests.support.commands import ROOT
from tests.support.display import start_display

DEB = os.environ.get("DEB", "")
pytestmark = [pytest.mark.skipif(not DEB, reason="asked for by make test-deb"), pytest.mark.timeout(1200)]

USER = "zoe"

ENTER = """
set -e
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
mount -t tmpfs tmpfs "$1/run"
mkdir -p "$1/tmp/.X11-unix" "$1/run/user/1000"
chmod 700 "$1/run/user/1000"
chown 1000:1000 "$1/run/user/1000"
[ ! -d /tmp/.X11-unix ] || mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
root=$1; shift
exec chroot "$root" /usr/bin/env -i "$@"
"""

IN_SESSION = """
printf 'a password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
exec "$@"
"""


@dataclass(frozen=True)
class System:
    """The clean system in ``root``."""

    root: Path

    def __call__(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """A command of its superuser, to its end."""
        return subprocess.run(
            self.command(words, environment), capture_output=True, text=True, timeout=900, check=False
        )

    def command(self, words: Sequence[str], environment: dict[str, str]) -> list[str]:
        """How it is started."""
        base = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        named = [f"{name}={value}" for name, value in {**base, **environment}.items()]
        return ["unshare", "--mount", "--", "sh", "-c", ENTER, "enter", str(self.root), *named, *words]

    def in_session(self, *words: str) -> list[str]:
        """The words for a command of the person, with a bus and an open password store of its own."""
        session = ["dbus-run-session", "--", "sh", "-c", IN_SESSION, "session", *words]
        return ["runuser", "-u", USER, "--", "env", f"HOME=/home/{USER}", "XDG_RUNTIME_DIR=/run/user/1000", *session]

    def person(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """A command of the person, to its end."""
        return self(*self.in_session(*words), **environment)

    def files(self) -> set[str]:
        """Every file and folder, but what apt and dpkg keep for themselves and what the system writes by itself."""
        left_out = ("/proc", "/dev", "/run", "/sys", "/tmp", "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log")
        names = (f"/{path.relative_to(self.root)}" for path in self.root.rglob("*"))
        return {name for name in names if not name.startswith(left_out)}


def _mirror() -> tuple[str, str]:
    """Where this computer's apt gets the release from, and the release."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    release = Path("/etc/os-release").read_text("utf-8").partition("VERSION_CODENAME=")[2].splitlines()[0]
    return next(line.split()[0] for line in told.splitlines() if line.split()[1:] == [release, "main"]), release


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    if os.getuid() != 0:
        pytest.skip("needs the superuser")
    mirror, release = _mirror()
    with tempfile.TemporaryDirectory(prefix="clean-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "root"
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", release, str(root), mirror],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout[-2000:]
        system = System(root)
        done = system("apt-get", "install", "-y", "-q", "--no-install-recommends", "dbus", "gnome-keyring")
        assert done.returncode == 0, done.stderr[-2000:]
        assert system("useradd", "--create-home", "--uid", "1000", USER).returncode == 0
        yield system


@dataclass(frozen=True)
class Installed:
    """The system with the package. ``before``: the files that were there before."""

    system: System
    before: set[str]


@pytest.fixture(scope="module")
def installed(system: System) -> Installed:
    before = system.files()
    package = system.root / "root" / Path(DEB).name
    package.write_bytes((ROOT / DEB).read_bytes())
    done = system("apt-get", "install", "-y", "-q", "--no-install-recommends", f"/root/{package.name}")
    package.unlink()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return Installed(system, before)


def test_the_papers_are_in_order(installed: Installed) -> None:
    share = installed.system.root / "usr/share"
    for command in (
        ["desktop-file-validate", str(share / "applications/privacyguard.desktop")],
        ["appstreamcli", "validate", "--no-net", str(share / "metainfo/privacyguard.metainfo.xml")],
        ["man", "--warnings", "-l", str(share / "man/man1/privacyguard.1.gz")],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    for size in (16, 48, 256, 512):
        assert (share / f"icons/hicolor/{size}x{size}/apps/privacyguard.png").stat().st_size > 100
    assert not any((installed.system.root / "etc").rglob("*privacyguard*"))  # nothing starts by itself


def test_every_part_works(installed: Installed) -> None:
    done = installed.system.person("privacyguard", "--self-test", "--json", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == {"ok": True}


def test_the_menu_entry_opens_the_window(installed: Installed) -> None:
    entry = (installed.system.root / "usr/share/applications/privacyguard.desktop").read_text("utf-8")
    (words,) = [line.partition("=")[2].split() for line in entry.splitlines() if line.startswith("Exec=")]
    screen, name = start_display(os.environ)
    window = subprocess.Popen(
        installed.system.command(installed.system.in_session(*words), {"DISPLAY": name}), stderr=subprocess.PIPE
    )
    try:
        until, seen = time.monotonic() + 60, ""
        while '"PrivacyGuard": ("privacyguard"' not in seen:  # the window, not what Qt has beside it
            assert time.monotonic() < until and window.poll() is None
            tree = ["xwininfo", "-root", "-tree", "-display", name]
            seen = subprocess.run(tree, capture_output=True, text=True, check=True).stdout
            time.sleep(0.2)
    finally:
        subprocess.run(["pkill", "-TERM", "-u", "1000", "-x", "privacyguard"], check=False)
        try:
            assert window.wait(30) == 0
        finally:
            subprocess.run(["pkill", "-KILL", "-u", "1000"], check=False)
            window.communicate()
            screen.kill()
            screen.wait()


def test_a_face_is_found_and_the_regular_check_runs(installed: Installed, free_portraits: Portraits) -> None:
    system = installed.system
    folder = system.root / f"home/{USER}/Pictures"
    folder.mkdir()
    for portrait in free_portraits:
        (folder / portrait.name).write_bytes(portrait.read_bytes())
    subprocess.run(["chown", "-R", "1000:1000", str(folder)], check=True)
    pictures = f"/home/{USER}/Pictures"
    script = (
        f"privacyguard enrol --consent {pictures}/astronaut.png >/dev/null && privacyguard place add {pictures} >/dev/null"
        f" && privacyguard scan {pictures} --json && privacyguard background --once --json >/tmp/regular"
    )
    done = system.person("sh", "-c", script)
    assert done.returncode == 0, done.stderr
    *matches, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(match["path"]).name for match in matches] == ["astronaut.png"] and summary["summary"]["seen"] == 2


def test_what_is_left_after_it_was_removed_is_the_persons_own(installed: Installed) -> None:
    done = installed.system("apt-get", "purge", "-y", "-q", "--auto-remove", "privacyguard")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "your own data stays" in done.stdout
    left = installed.system.files() - installed.before
    not_own = {name for name in left if not name.startswith(f"/home/{USER}/")}
    assert not_own == set()
    assert f"/home/{USER}/.local/share/privacyguard/vault.db" in left
