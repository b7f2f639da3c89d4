"""The Debian package, as a person has it: installed in a clean system, used there, removed. `make test-deb` names it in DEB.

The window is used as somebody does who does not see it: by keyboard, and by what a screen reader reads out.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from privacyguard.wording_consent import ADULT
from tests.conftest import Portraits
from tests.support import clean_system
from tests.support.clean_system import HOME, RUNTIME, USER_ID, Session, System, session
from tests.support.commands import ROOT
from tests.support.display import start_display
from tests.support.screen_reader import Person, screen_reader

DEB = os.environ.get("DEB", "")
pytestmark = [pytest.mark.skipif(not DEB, reason="asked for by make test-deb"), pytest.mark.timeout(1200)]

PICTURES = f"{HOME}/Pictures"
SERVICE, TIMER = "privacyguard-background.service", "privacyguard-background.timer"
READ_INSIDE = {"xkb-data", "libx11-data", "fontconfig-config", "fonts-dejavu-core", "fonts-inter"}
"""No program is linked with these: what libraries inside the app read."""

LATER = """\
[Service]
Environment=LD_PRELOAD={faketime} FAKETIME=+8d FAKETIME_DONT_FAKE_MONOTONIC=1
"""


@pytest.fixture(scope="module")
def system(free_portraits: Portraits) -> Iterator[System]:
    if os.getuid() != 0:
        pytest.skip("needs the superuser")
    with clean_system.clean_system() as system:
        system.install("faketime")
        for portrait in free_portraits:
            put(system, f"{PICTURES}/{portrait.name}", portrait)
        yield system


def put(system: System, place: str, file: Path) -> None:
    """A copy of the file in the person's own folder."""
    target = system.root / place[1:]
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(file.read_bytes())
    for path in (target.parent, target):
        os.chown(path, USER_ID, USER_ID)


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
    system.install(f"/root/{package.name}")
    package.unlink()
    return Installed(system, before)


@pytest.fixture(scope="module")
def person_here(installed: Installed) -> Iterator[Session]:
    """The person is logged in."""
    screen, name = start_display(os.environ)
    try:
        with session(installed.system, name) as here:
            yield here
    finally:
        screen.kill()
        screen.wait()


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


def test_lintian_finds_nothing_that_has_no_reason() -> None:
    """The reasons are in packaging/linux/deb/lintian-overrides; one that nothing needs any more is found too, but for
    the parts of Python: Debian's own needs none.
    """
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", "--display-info", str(ROOT / DEB)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    unused = [line for line in done.stdout.splitlines() if "-override " in line]
    assert [line for line in unused if "/lib-dynload/" not in line] == []


def test_it_depends_on_what_it_needs_and_on_nothing_else(installed: Installed) -> None:
    needed = {owner(installed.system, library) for library in libraries_outside(installed.system.root)}
    fields = installed.system("dpkg-query", "--show", "--showformat", "${Depends}", "privacyguard").stdout
    assert {field.split()[0] for field in fields.split(", ")} == needed | READ_INSIDE


def libraries_outside(root: Path) -> set[str]:
    """The libraries that a file of the app is linked with and that are not in it."""
    files = [path for path in (root / "usr/lib/privacyguard").rglob("*") if path.is_file()]
    programs = [path for path in files if not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"]
    read = subprocess.run(["readelf", "--dynamic", *programs], capture_output=True, text=True, check=True).stdout
    linked = {line.partition("[")[2].rstrip("]") for line in read.splitlines() if "(NEEDED)" in line}
    assert len(programs) > 100 and len(linked) > 50
    return linked - {path.name for path in files}


def owner(system: System, library: str) -> str:
    """The package whose library it is."""
    told = system("dpkg", "--search", f"*/{library}").stdout
    (package,) = {line.partition(":")[0] for line in told.splitlines()}
    return package


def test_every_part_works(person_here: Session) -> None:
    done = person_here.run("privacyguard", "--self-test", "--json", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == {"ok": True}


def test_the_guided_checkup_from_the_menu_by_keyboard_and_ear(installed: Installed, person_here: Session) -> None:
    root = installed.system.root
    entry = (root / "usr/share/applications/privacyguard.desktop").read_text("utf-8")
    (words,) = [line.partition("=")[2].split() for line in entry.splitlines() if line.startswith("Exec=")]
    with (
        screen_reader(root, person_here.bus, USER_ID) as reader,
        person_here.program("matchbox-window-manager"),
        person_here.program(*words) as window,
    ):
        person = Person(reader, person_here.display)
        answer(person)
        person.at("What we found")
        person.hear_in_order(
            "1 picture on this computer may show you", "What was not checked", "The regular check", "See all findings"
        )
        person.hear("Nothing left this computer in this checkup.")
        person.activate("Turn on the regular check")
        person.on("Change the regular check")
        person.activate("See all findings")
        person.hear("A picture here looks a lot like you")
        person.hear(f"{PICTURES}/astronaut.png")
        person.hear("Findings  (1), current page")
    assert window.returncode == 0
    (finding,) = findings(person_here)
    assert (finding["title"], finding["evidence"]["picture"]) == ("Looks a lot like you", f"{PICTURES}/astronaut.png")


def answer(person: Person) -> None:
    """The pages that ask, up to the one that looks."""
    person.at("Shall we look for your data and your pictures?")
    person.activate("Start")
    person.at("Who is this for?")
    person.tick("Yes, I am 18 or over")
    person.activate("Continue")
    person.at(ADULT.title)
    for words in ADULT.ticks:
        person.tick(words)
    person.activate(ADULT.yes)
    person.at("Can we see your face in a few photos?")
    person.activate("Choose photos")
    person.on("File name:")
    person.type(f"{PICTURES}/astronaut.png")
    person.press("Return")
    person.hear("1 of 5 photos")
    person.activate("Continue")
    person.at("Which accounts do you have, and who has a photo of you?")
    person.tab_to("User name")
    person.type("zoe-at-home")
    person.press("Return")
    person.hear("Remove zoe-at-home")
    person.activate("Continue")
    person.at("Where may we look?")
    person.activate("Add folder")
    person.on("Directory:")
    person.type(PICTURES)
    person.press("Return")
    person.hear(f"Remove {PICTURES}")
    person.activate("Look now")


def findings(person_here: Session) -> list[Any]:
    """What the command line tells."""
    done = person_here.run("privacyguard", "findings", "--json")
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def test_the_regular_check_by_its_unit_finds_what_is_new_a_week_later(
    installed: Installed, person_here: Session, free_portraits: Portraits, tmp_path: Path
) -> None:
    units = f"{HOME}/.config/systemd/user"
    paths = (f"{units}/{SERVICE}", f"{units}/{TIMER}")
    verified = person_here.run("systemd-analyze", "--user", "--man=no", "verify", *paths)
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")
    assert person_here.run("systemctl", "--user", "is-active", TIMER).stdout == "active\n"
    assert ran(person_here) == {"Result": "success", "ExecMainStatus": "0", "ConditionResult": "yes"}
    assert len(findings(person_here)) == 1  # it was not due

    with Image.open(free_portraits.astronaut) as original:
        original.convert("RGB").crop((60, 0, 400, 330)).save(tmp_path / "new.jpg")
    put(installed.system, f"{PICTURES}/new.jpg", tmp_path / "new.jpg")
    (faketime,) = (installed.system.root / "usr/lib").glob("*/faketime/libfaketime.so.1")
    week = installed.system.root / RUNTIME[1:] / f"systemd/user/{SERVICE}.d/later.conf"
    week.parent.mkdir(parents=True)
    week.write_text(LATER.format(faketime=f"/{faketime.relative_to(installed.system.root)}"), "utf-8")
    assert person_here.run("systemctl", "--user", "daemon-reload").returncode == 0
    assert ran(person_here) == {"Result": "success", "ExecMainStatus": "0", "ConditionResult": "yes"}
    pictures = {finding["evidence"]["picture"] for finding in findings(person_here)}
    assert pictures == {f"{PICTURES}/astronaut.png", f"{PICTURES}/new.jpg"}


def ran(person_here: Session) -> dict[str, str]:
    """What became of the service after the person's systemd started it, as its timer does."""
    assert person_here.run("systemctl", "--user", "start", SERVICE).returncode == 0
    told = person_here.run("systemctl", "--user", "show", SERVICE, "-p", "Result,ExecMainStatus,ConditionResult").stdout
    return dict(line.split("=") for line in told.splitlines())


def test_what_is_left_after_it_was_removed_is_the_persons_own(installed: Installed, person_here: Session) -> None:
    done = installed.system("apt-get", "purge", "-y", "-q", "--auto-remove", "privacyguard")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "your own data stays" in done.stdout
    assert ran(person_here)["ConditionResult"] == "no"  # the timer they turned on is theirs, and does nothing now
    assert person_here.run("systemctl", "--user", "list-units", "--failed", "--quiet").stdout == ""
    left = installed.system.files() - installed.before
    assert {name for name in left if not name.startswith(f"{HOME}/")} == set()
    assert f"{HOME}/.local/share/privacyguard/vault.db" in left
