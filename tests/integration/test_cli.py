"""The command line as a whole: help, wrong usage, the same answer for people and programs, errors as words."""

import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Portraits
from tests.support.commands import CommandLine
from tests.support.keyring_session import Store, keyring_session

COMMANDS = """
enrol scan account place password key sources source check findings mark advice report letter disclosures forget doctor
statement
""".split()


def test_help_names_every_command_and_makes_nothing(privacyguard: CommandLine) -> None:
    done = privacyguard("--help")
    assert done.status == 0
    assert all(command in done.out for command in COMMANDS)
    assert done.err == ""
    assert not privacyguard.folder.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(privacyguard: CommandLine, command: str) -> None:
    done = privacyguard(command, "--help")
    assert done.status == 0
    assert "usage: privacyguard" in done.out


def test_version_is_told(privacyguard: CommandLine) -> None:
    assert privacyguard("--version").out == "PrivacyGuard 0.1.0\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["scan"],
        ["enrol", "--consent"],
        ["account"],
        ["account", "add", "--kind", "phone", "1"],
        ["mark", "breach-0123456789abcdef"],
        ["mark", "breach-0123456789abcdef", "maybe"],
        ["source", "on"],
        ["source", "on", "nobody"],
        ["key", "set", "nobody"],
        ["check", "--source", "nobody"],
        ["check", "--person", "Nobody"],
        ["report"],
        ["report", "--out", "x.pdf"],
        ["report", "--out", "x"],
        ["advice", "--country", "Germany"],
        ["scan", ".", "--closeness", "exactly"],
        ["--json"],
    ],
)
def test_wrong_usage_is_two_and_says_how(privacyguard: CommandLine, arguments: list[str]) -> None:
    done = privacyguard(*arguments)
    assert done.status == 2
    assert done.out == ""
    assert done.err.strip()
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["password", "test", "Zyxw canary"],
        ["letter", "delete", "--to", "Zyxw canary", "--out", "a.txt"],
        ["letter", "delete", "--to", "-", "--out", "a.txt", "Zyxw (choose from canary"],
        ["account", "add", "--kind", "Zyxw canary", "-"],
    ],
)
def test_a_value_in_the_wrong_place_is_not_repeated(privacyguard: CommandLine, arguments: list[str]) -> None:
    done = privacyguard(*arguments)
    assert done.status == 2
    assert "canary" not in done.err
    assert "unrecognized arguments" in done.err or "invalid choice (choose from" in done.err


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_commands_of_coming_versions_say_so(privacyguard: CommandLine, command: str) -> None:
    done = privacyguard(command, "x")
    assert done.status == 2
    assert f"“{command}” is not part of this version" in done.err


def test_what_is_typed_cannot_steer_the_terminal(privacyguard: CommandLine) -> None:
    done = privacyguard("scan\x1b[2J\u202e")
    assert done.status == 2
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err
    assert "\\x1b[2J" in done.err


def test_json_may_stand_before_and_after_the_command(privacyguard: CommandLine) -> None:
    assert privacyguard("--json", "account", "list").json == []
    assert privacyguard("account", "list", "--json").json == []
    assert privacyguard("account", "list").out.startswith("Nothing is named yet.")


def test_everything_made_is_private(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", "a@example.org").status == 0
    assert privacyguard("source", "on", "hibp").status == 0
    made = [privacyguard.folder, *privacyguard.folder.rglob("*")]
    assert {path.name for path in made} >= {"vault.db", "settings.toml", "home-id", "privacyguard.log"}
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_damaged_settings_are_told_in_words_and_left_alone(privacyguard: CommandLine) -> None:
    privacyguard.settings("[sources.hibp]\ncolour = 'x'\n")
    done = privacyguard("sources")
    assert done.status == 2
    assert "sources.hibp.colour" in done.err
    assert privacyguard("source", "on", "hibp").status == 2
    assert "colour" in (privacyguard.folder / "settings.toml").read_text()


def test_a_broken_file_of_the_vault_is_four(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", "a@example.org").status == 0
    vault = privacyguard.folder / "vault.db"
    vault.write_bytes(b"\x00" * vault.stat().st_size)
    done = privacyguard("findings")
    assert done.status == 4
    assert done.err.strip()
    assert "Traceback" not in done.err
    assert privacyguard("account", "list", "--json").out == ""


def test_a_home_that_cannot_be_written_is_four(privacyguard: CommandLine) -> None:
    privacyguard.folder.write_text("a file in its place")
    done = privacyguard("findings")
    assert done.status == 4
    assert "PrivacyGuard folder" in done.err
    without_memory_folder = {"XDG_RUNTIME_DIR": ""}
    again = CommandLine(privacyguard.session, privacyguard.folder, without_memory_folder)
    assert again("findings").status == 4
    checks = {check["what"]: check["ok"] for check in again("doctor", "--json").json}
    assert not checks["vault"] or not checks["password store"]
    assert checks["models"]


@pytest.mark.parametrize("store", [Store.MISSING, Store.NO_BUS])
def test_without_a_password_store_it_is_four_with_a_remedy(tmp_path: Path, store: Store) -> None:
    with keyring_session(store) as session:
        done = CommandLine(session, tmp_path / "home")("account", "add", "a@example.org")
    assert done.status == 4
    assert "password store" in done.err
    assert not (tmp_path / "home" / "vault.db").exists()


def test_a_store_named_by_the_environment_is_refused(privacyguard: CommandLine) -> None:
    pointed = CommandLine(
        privacyguard.session, privacyguard.folder, {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    )
    done = pointed("account", "add", "a@example.org")
    assert done.status == 4
    assert "PYTHON_KEYRING_BACKEND" in done.err


def test_a_reader_that_goes_away_is_no_error(privacyguard: CommandLine) -> None:
    with privacyguard.start("sources") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert said == b""


def test_the_log_holds_commands_and_counts_only(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", "zoe.quatermain@example.org").status == 0
    assert privacyguard("findings", "--person", "x").status == 2
    text = (privacyguard.folder / "log" / "privacyguard.log").read_text()
    assert "command account ended with status 0" in text
    assert "quatermain" not in text


def test_temporary_files_lie_in_memory_and_are_gone_at_the_end(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "list").status == 0
    assert privacyguard.left_in_memory() == set()
    assert not (privacyguard.folder / "runtime").exists()


def test_doctor_tells_what_works_without_names(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", "zoe.quatermain@example.org").status == 0
    privacyguard.settings(
        '[sources.hibp]\nbase_url = "http://127.0.0.1:9/api/v3"\n[net]\nresolve = { "club.example" = "127.0.0.1:8081" }\n'
    )
    done = privacyguard("doctor", "--json")
    assert done.status == 0, done.out
    checks = {check["what"]: check for check in done.json}
    assert set(done.json[0]) == {"what", "ok", "detail"}
    assert all(check["ok"] for check in checks.values())
    assert "it asks for a password" in checks["password store"]["detail"]
    assert "opens" in checks["vault"]["detail"]
    assert checks["network settings"]["detail"] == (
        "goes straight out; asked on this computer instead: hibp = http://127.0.0.1:9/api/v3; "
        "names answered by this computer: club.example = 127.0.0.1:8081"
    )
    assert "no core file" in checks["worker limits"]["detail"]
    assert {"models", "camera", "tray", "second opinion"} <= set(checks)
    assert "quatermain" not in done.out
    assert str(privacyguard.folder) not in done.out


def test_doctor_tells_that_a_proxy_is_used_and_nothing_of_it(privacyguard: CommandLine) -> None:
    proxies = {"https_proxy": "http://canary:word@proxy.canary.example:3128", "http_proxy": "http://canary.example"}
    for extra, said in ((proxies, "uses a proxy for http, https"), ({"no_proxy": "*"}, "goes straight out")):
        done = replace(privacyguard, extra=extra)("doctor", "--json")
        assert {check["what"]: check["detail"] for check in done.json}["network settings"] == said
        assert "canary" not in done.out


def test_doctor_goes_on_where_the_vault_does_not_open(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", "a@example.org").status == 0
    (privacyguard.folder / "vault.db").write_bytes(b"x" * 8192)
    privacyguard.settings("colour = 1")
    done = privacyguard("doctor", "--json")
    assert done.status == 1
    checks = {check["what"]: check["ok"] for check in done.json}
    assert not checks["vault"]
    assert not checks["settings"]
    assert checks["models"]
    assert checks["password store"]
    assert "does not work" in privacyguard("doctor").out


def test_doctor_without_a_password_store_says_so(tmp_path: Path) -> None:
    with keyring_session(Store.MISSING) as session:
        done = CommandLine(session, tmp_path / "home")("doctor", "--json")
    assert done.status == 1
    assert {check["what"] for check in done.json if not check["ok"]} == {"password store"}


def test_answers_are_ascii_so_no_foreign_text_reaches_the_terminal(privacyguard: CommandLine) -> None:
    done = privacyguard("account", "add", "--kind", "name", "Zoë \u4e00", "--json")
    assert done.out.isascii()
    assert json.loads(done.out) == [{"kind": "name", "value": "Zoë \u4e00"}]


def test_the_command_line_loads_neither_the_window_nor_pixels(
    privacyguard: CommandLine, free_portraits: Portraits, tmp_path: Path
) -> None:
    program = (
        "import sys\n"
        "from privacyguard.cli import main\n"
        "if __name__ == '__main__':\n"
        "    status = [main(arguments.split('|')) for arguments in sys.argv[1:]]\n"
        "    loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "    heavy = {'PySide6', 'shiboken6', 'numpy', 'scipy', 'cv2', 'PIL', 'dlib', 'imagehash', 'requests'}\n"
        "    print(status, sorted(loaded & heavy))\n"
    )
    (tmp_path / "program.py").write_text(program)
    commands = ["enrol|--consent|" + str(free_portraits.astronaut), f"scan|{tmp_path}", "check|--source|folders"]
    commands += ["findings", "advice", f"report|--out|{tmp_path / 'report.html'}", "doctor"]
    done = privacyguard.session.run(
        [sys.executable, tmp_path / "program.py", f"place|add|{tmp_path}", *commands], extra=privacyguard.environment
    )
    assert done.stdout.splitlines()[-1] == f"{[0] * 8} []", done.stderr


def test_help_loads_nothing_heavy(privacyguard: CommandLine) -> None:
    program = (
        "import sys\n"
        "from privacyguard.cli import main\n"
        "main(['--help'])\n"
        "print({name.partition('.')[0] for name in sys.modules} & {'keyring', 'sqlcipher3', 'jinja2', 'requests', 'certifi'})\n"
    )
    done = privacyguard.session.run([sys.executable, "-c", program], extra=privacyguard.environment)
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
