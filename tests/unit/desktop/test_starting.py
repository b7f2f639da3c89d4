"""How the system starts the regular check: files that its own tools accept, without anything personal."""

import os
import plistlib
import re
import shlex
import subprocess
from pathlib import Path, PurePosixPath, PureWindowsPath

import defusedxml.ElementTree
import pytest

from privacyguard.desktop.autostart import FILE, Autostart, entry
from privacyguard.desktop.files import StartRefused
from privacyguard.desktop.launch_agent import LaunchAgent
from privacyguard.desktop.launch_agent import content as agent
from privacyguard.desktop.program import STAYING, WHEN_DUE, Program, this_program
from privacyguard.desktop.starting import Starting, starting
from privacyguard.desktop.systemd import SERVICE, TIMER, UserTimer, service
from privacyguard.desktop.task_scheduler import ScheduledTask
from privacyguard.desktop.task_scheduler import content as task

INSTALLED = Program(PurePosixPath("/usr/bin/privacyguard"), False)
ODD = 'my  apps/50%h "guard" $HOME `id`; it\'s ü\\n'
AT_HOME = Program(PurePosixPath(ODD, "privacyguard"), True)
ELSEWHERE = Program(PurePosixPath("/opt", ODD, "privacyguard"), False)
PROGRAMS = pytest.mark.parametrize("program", [INSTALLED, AT_HOME, ELSEWHERE], ids=["installed", "home", "elsewhere"])


def writes_arguments(place: Path) -> Path:
    """A program that writes down what it was started with."""
    place.mkdir(parents=True)
    file = place / "privacyguard"
    file.write_text('#!/bin/sh\nprintf "%s\\n" "$0" "$@" > "$OUT"\n')
    file.chmod(0o700)
    return file


# --- the program ---


def test_a_program_below_the_home_is_named_without_it(tmp_path: Path) -> None:
    file = writes_arguments(tmp_path / "zoe" / "x" / "bin")
    python = str(file.with_name("python3"))
    assert this_program(is_frozen=False, home=tmp_path / "zoe", executable=python) == Program(
        PurePosixPath("x/bin/privacyguard"), True
    )
    assert this_program(is_frozen=False, home=tmp_path / "max", executable=python) == Program(file, False)
    assert this_program(is_frozen=True, home=tmp_path / "zoe", executable=str(file)) == Program(
        PurePosixPath("x/bin/privacyguard"), True
    )


def test_without_the_command_there_is_nothing_to_start(tmp_path: Path) -> None:
    assert this_program(is_frozen=False, home=tmp_path, executable=str(tmp_path / "python3")) is None


# --- autostart ---


@PROGRAMS
def test_the_entry_is_valid(tmp_path: Path, program: Program) -> None:
    file = tmp_path / FILE
    file.write_text(entry(program, STAYING), "utf-8")
    done = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_broken_entry_is_not_valid(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(entry(INSTALLED, STAYING).replace("Exec=", "Exce="), "utf-8")
    assert subprocess.run(["desktop-file-validate", file], capture_output=True, timeout=20).returncode != 0


def exec_words(text: str) -> list[str]:
    """As a desktop reads an Exec line: the escapes of the file, then the quotes, then the field codes."""
    (line,) = re.findall(r"^Exec=(.*)$", text, re.MULTILINE)
    unescaped = re.sub(r"\\(.)", lambda found: {"s": " ", "n": "\n", "t": "\t"}.get(found[1], found[1]), line)
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', unescaped)
    plain = [re.sub(r"\\(.)", r"\1", quoted) if quoted else bare for quoted, bare in words]
    assert not any(re.search(r"(?<!%)(%%)*%(?!%)", word) for word in plain)
    return [word.replace("%%", "%") for word in plain]


@PROGRAMS
def test_the_entry_starts_the_program(tmp_path: Path, program: Program) -> None:
    place = tmp_path / "zoe" if program.below_home else Path("/")
    words = exec_words(entry(program, STAYING))
    if program is INSTALLED:
        assert words == ["/usr/bin/privacyguard", "background"]
        return
    if not program.below_home:
        program = Program(PurePosixPath(tmp_path, ODD, "privacyguard"), False)
        words, place = exec_words(entry(program, STAYING)), Path("/")
    file = writes_arguments((place / program.path).parent)
    out = tmp_path / "out"
    subprocess.run(
        words, env={"HOME": str(tmp_path / "zoe"), "OUT": str(out), "PATH": os.environ["PATH"]}, check=True, timeout=20
    )
    assert out.read_text().splitlines() == [str(file), "background"]


@PROGRAMS
def test_the_entry_names_the_program_that_has_to_be_there(program: Program) -> None:
    """Desktops pass over an entry whose TryExec is missing. A place below the home is not named there."""
    named = re.findall(r"^TryExec=(.*)$", entry(program, STAYING), re.MULTILINE)
    if program.below_home:
        assert named == []
    else:
        assert [name.replace("\\\\", "\\") for name in named] == [str(program.path)]


def test_switching_writes_and_takes_away_the_entry(tmp_path: Path) -> None:
    own = Autostart(tmp_path / "autostart")
    assert not own.is_on() and not own.switch_off()
    own.switch_on(INSTALLED)
    file = tmp_path / "autostart" / FILE
    assert own.is_on() and file.stat().st_mode & 0o777 == 0o600
    assert own.switch_off() and not own.is_on()
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_person_switched_off_in_the_desktop_is_off(tmp_path: Path, line: str) -> None:
    own = Autostart(tmp_path)
    own.switch_on(INSTALLED)
    text = (tmp_path / FILE).read_text().replace("X-GNOME-Autostart-enabled=true\n", "")
    (tmp_path / FILE).write_text(f"{text}{line}\n")
    assert not own.is_on()
    (tmp_path / FILE).write_text(text)
    assert own.is_on()


@pytest.mark.parametrize("text", ["", "nonsense", "[Other]\nExec=x\n", "[Desktop Entry]\n[Desktop Entry\n"])
def test_a_damaged_entry_starts_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert not Autostart(tmp_path).is_on()


def test_an_entry_of_the_computer_is_hidden(tmp_path: Path) -> None:
    system = tmp_path / "system"
    system.mkdir()
    (system / FILE).write_text(entry(INSTALLED, STAYING))
    own = Autostart(tmp_path / "own", [system])
    assert own.is_on()
    assert own.switch_off() and not own.is_on()
    assert "Hidden=true" in (tmp_path / "own" / FILE).read_text()
    assert own.remove() and own.is_on()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartRefused):
        Autostart(tmp_path / "file" / "autostart").switch_on(INSTALLED)


def test_the_environment_names_the_folders(tmp_path: Path) -> None:
    Autostart.of({}, tmp_path).switch_on(INSTALLED)
    assert (tmp_path / ".config" / "autostart" / FILE).is_file()
    Autostart.of({"XDG_CONFIG_HOME": str(tmp_path / "set")}, tmp_path).switch_on(INSTALLED)
    assert (tmp_path / "set" / "autostart" / FILE).is_file()


# --- systemd ---


def verified(folder: Path, program: Program, home: Path) -> str:
    """What systemd-analyze says about both units."""
    (folder / SERVICE).write_text(service(program))
    UserTimer(folder, ["true"]).switch_on(program)
    done = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", folder / SERVICE, folder / TIMER],
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return f"{done.returncode}{done.stdout}{done.stderr}"


def test_the_units_are_valid(tmp_path: Path) -> None:
    (tmp_path / "units").mkdir()
    program = Program(writes_arguments(tmp_path / "installed"), False)
    assert verified(tmp_path / "units", program, tmp_path) == "0"


def test_units_that_start_what_is_not_there_are_not_valid(tmp_path: Path) -> None:
    assert verified(tmp_path, Program(PurePosixPath("/nowhere/at/all"), False), tmp_path).startswith("1")


def test_an_odd_place_below_the_home_is_found(tmp_path: Path) -> None:
    home = tmp_path / "zoe"
    place = home / "my  apps 50%h $x; `y` ü"
    program = Program(writes_arguments(place).relative_to(home), True)
    (tmp_path / "units").mkdir()
    assert verified(tmp_path / "units", program, home) == "0"


@pytest.mark.parametrize("below_home", [True, False])
def test_after_the_program_was_removed_the_service_does_nothing(tmp_path: Path, below_home: bool) -> None:
    file = writes_arguments(tmp_path / "my  apps 50%h $x; `y` ü")
    program = Program(file.relative_to(tmp_path) if below_home else file, below_home)
    (condition,) = re.findall(r"^Condition.*$", service(program), re.MULTILINE)
    command = ["systemd-analyze", "--user", "condition", condition]

    def holds() -> bool:
        done = subprocess.run(
            command, env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60
        )
        assert done.stderr.splitlines()[-1] == f"Conditions {'failed' if done.returncode else 'succeeded'}.", (
            done.stderr
        )
        return done.returncode == 0

    assert holds()
    file.unlink()
    assert not holds()


def test_the_service_has_few_rights() -> None:
    text = service(INSTALLED)
    for line in (
        "NoNewPrivileges=yes",
        "LimitCORE=0",
        "UMask=0077",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "StandardOutput=null",
        'ExecStart="/usr/bin/privacyguard" background --once --when-due',
    ):
        assert f"\n{line}\n" in text


def test_the_timer_makes_up_for_what_was_missed_and_spreads(tmp_path: Path) -> None:
    UserTimer(tmp_path, ["true"]).switch_on(INSTALLED)
    text = (tmp_path / TIMER).read_text()
    assert "Persistent=true" in text and "RandomizedDelaySec=" in text


def test_the_timers_calendar_is_one(tmp_path: Path) -> None:
    UserTimer(tmp_path, ["true"]).switch_on(INSTALLED)
    (when,) = re.findall(r"OnCalendar=(.*)", (tmp_path / TIMER).read_text())
    done = subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0 and "*-*-* *:00:00" in done.stdout


# "daemon-reload" and "--now" are for a systemd that runs.
OFFLINE = """#!/bin/sh
[ "$1" = daemon-reload ] && exit 0
exec systemctl --user "$1" "$3"
"""


def test_systemctl_enables_and_disables_our_timer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMD_OFFLINE", "1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "systemd" / "user"
    script = tmp_path / "systemctl"
    script.write_text(OFFLINE)
    script.chmod(0o700)
    timer = UserTimer(folder, [str(script)])
    assert not timer.is_on()
    timer.switch_on(INSTALLED)
    assert timer.is_on() and (folder / "timers.target.wants" / TIMER).is_symlink()
    assert timer.switch_off() and not timer.is_on()
    assert [file for file in folder.rglob("*") if not file.is_dir()] == []


def test_a_folder_that_systemd_does_not_take_is_refused_before(tmp_path: Path) -> None:
    for name in ('my "apps"', "it's", "back\\slash"):
        with pytest.raises(StartRefused):
            UserTimer(tmp_path, ["true"]).switch_on(Program(PurePosixPath("/opt", name, "privacyguard"), False))
    assert list(tmp_path.iterdir()) == []


def test_where_systemd_refuses_nothing_is_left(tmp_path: Path) -> None:
    for command in (["false"], ["/nowhere/at/all"]):
        with pytest.raises(StartRefused):
            UserTimer(tmp_path, command).switch_on(INSTALLED)
        assert [file for file in tmp_path.rglob("*") if not file.is_dir()] == []


def test_removing_works_without_a_systemd_too(tmp_path: Path) -> None:
    UserTimer(tmp_path, ["true"]).switch_on(INSTALLED)
    (tmp_path / "timers.target.wants").mkdir()
    (tmp_path / "timers.target.wants" / TIMER).symlink_to(tmp_path / TIMER)
    assert UserTimer(tmp_path).is_on()
    assert UserTimer(tmp_path, ["/nowhere/at/all"]).remove()
    assert [file for file in tmp_path.rglob("*") if not file.is_dir()] == []
    assert not UserTimer(tmp_path).remove()


# --- other systems: the form of the files ---


@PROGRAMS
def test_the_agent_is_a_property_list_that_starts_the_program(tmp_path: Path, program: Program) -> None:
    read = plistlib.loads(agent(program))
    assert read["HardResourceLimits"] == {"Core": 0} and read["Umask"] == 0o077 and read["StartInterval"] == 3600
    shell, option, line = read["ProgramArguments"]
    assert (shell, option) == ("/bin/sh", "-c")
    start = "$HOME/" if program.below_home else ""
    words = shlex.split(line)
    assert words == ["exec", f"{start}{program.path}", *WHEN_DUE]


@pytest.mark.parametrize(
    ("program", "command"),
    [
        (
            Program(PureWindowsPath(r"C:\Program Files\A & B\privacyguard.exe"), False),
            r"C:\Program Files\A & B\privacyguard.exe",
        ),
        (Program(PureWindowsPath(r"apps\privacyguard.exe"), True), r"%USERPROFILE%\apps\privacyguard.exe"),
    ],
)
def test_the_task_is_xml_that_starts_the_program(program: Program, command: str) -> None:
    root = defusedxml.ElementTree.fromstring(task(program))
    names = {each.tag.rpartition("}")[2]: each.text for each in root.iter()}
    assert names["Command"] == command and names["Arguments"] == " ".join(WHEN_DUE)
    assert names["RunLevel"] == "LeastPrivilege" and names["StartWhenAvailable"] == "true"


def test_other_systems_tools_are_missing_here(tmp_path: Path) -> None:
    for way in (LaunchAgent(tmp_path), ScheduledTask(tmp_path)):
        with pytest.raises(StartRefused):
            way.switch_on(INSTALLED)
        assert list(tmp_path.iterdir()) == []
        assert not way.is_on() and not way.switch_off() and not way.remove()


# --- nothing personal; one way at a time ---


def test_no_file_names_the_home(tmp_path: Path) -> None:
    home = tmp_path / "zyxwuser"
    file = writes_arguments(home / "bin")
    program = this_program(is_frozen=True, home=home, executable=str(file))
    assert program is not None
    for text in (entry(program, STAYING), service(program), agent(program).decode(), task(program).decode("utf-16")):
        assert "zyxwuser" not in text and str(tmp_path) not in text


def test_one_way_is_used_at_a_time(tmp_path: Path) -> None:
    timer, desktop = UserTimer(tmp_path / "units", ["true"]), Autostart(tmp_path / "autostart")
    desktop.switch_on(INSTALLED)
    both = Starting((timer, desktop))
    assert both.is_on()
    both.switch_on(INSTALLED)
    assert not desktop.is_on() and (tmp_path / "units" / TIMER).is_file()
    assert both.remove() and not both.remove() and not both.is_on()


def test_where_the_best_way_is_refused_the_next_is_taken(tmp_path: Path) -> None:
    timer, desktop = UserTimer(tmp_path / "units", ["false"]), Autostart(tmp_path / "autostart")
    Starting((timer, desktop)).switch_on(INSTALLED)
    assert desktop.is_on() and not timer.is_on()
    with pytest.raises(StartRefused):
        Starting((timer,)).switch_on(INSTALLED)


def test_systemd_is_used_where_it_runs(tmp_path: Path) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir()
    assert not UserTimer.is_possible({"XDG_RUNTIME_DIR": str(runtime)}) and not UserTimer.is_possible({})
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_RUNTIME_DIR": str(runtime)}
    starting(environment, tmp_path, tmp_path).switch_on(INSTALLED)
    assert (tmp_path / "config" / "autostart" / FILE).is_file()
    (runtime / "systemd").mkdir()
    assert UserTimer.is_possible(environment)
