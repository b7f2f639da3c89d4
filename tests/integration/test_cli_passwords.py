"""password test: against the list of leaked passwords, on a real server; nothing of the passwords is kept or told."""

import hashlib
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.model.person import Relation
from privacyguard.session import now
from privacyguard.vault.keystore import SystemKeyStore, home_id
from privacyguard.vault.vault import Vault
from tests.support.commands import CommandLine, command
from tests.support.keyring_session import Session
from tests.support.servers import Answer, Seen, Server
from tests.support.services import Scenario, Services

LEAKED, OTHER, UNKNOWN = "c4nary-Password1", 'c4nary, with "signs" ü', "c4nary-never-seen"
PROMPT = "A password (it is not shown). Enter alone to end: "
LISTED = {LEAKED: 37359, OTHER: 1}

EXPORT = f"""name,url,username,password
Shop,https://shop.example.com/login,zoe.quatermain@example.net,{LEAKED}
News,https://www.example.org/,zoe,{UNKNOWN}
Router,http://192.168.1.1/,admin,{LEAKED}
Old,https://shop.example.net/,zoe,"{OTHER.replace('"', '""')}"
Empty,https://empty.example.com/,zoe,
"""


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(Scenario(passwords=LISTED)) as running:
        yield running


@pytest.fixture
def ready(privacyguard: CommandLine, services: Services) -> CommandLine:
    privacyguard.settings(services.settings_toml(on=("passwords",)))
    return privacyguard


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, "utf-8")
    return path


def asked(services: Services) -> list[str]:
    return [seen.path.rpartition("/")[2] for seen in services.requests_of("passwords")]


def test_each_line_is_told_how_often_it_leaked(ready: CommandLine, services: Services) -> None:
    done = ready("password", "test", "--json", typed=f"{UNKNOWN}\n{LEAKED}\r\n\n{OTHER}\n{LEAKED}")
    assert done.status == 0
    assert done.json == [
        {"line": 1, "times": 0},
        {"line": 2, "times": 37359},
        {"line": 4, "times": 1},
        {"line": 5, "times": 37359},
    ]
    assert len(asked(services)) == 3  # a password is asked about once
    assert done.err == ""


def test_words_say_what_to_do_and_promise_nothing(ready: CommandLine) -> None:
    done = ready("password", "test", typed=f"{UNKNOWN}\n{LEAKED}\n{OTHER}\n")
    assert done.out.splitlines() == [
        "Line 1: not in this list of leaked passwords. No list knows all of them.",
        "Line 2: 37,359 times in leaks. Do not use it any more.",
        "Line 3: 1 time in leaks. Do not use it any more.",
    ]


def test_only_five_signs_leave_and_nothing_stays(ready: CommandLine, services: Services, export: Path) -> None:
    ready("password", "test", typed=f"{LEAKED}\n{UNKNOWN}\n")
    ready("password", "test", "--export", export)
    requests = services.requests_of("passwords")
    assert all(re.fullmatch("[0-9A-F]{5}", each) for each in asked(services))
    told = ready("disclosures", "--json").json
    assert sorted(each["bytes"] for each in told) == sorted(seen.size for seen in requests)
    assert {(each["source"], each["what"]) for each in told} == {
        ("passwords", "the first 5 of the 40 signs of a fingerprint of a password")
    }
    shown = ready("disclosures").out
    for password in (LEAKED, UNKNOWN, OTHER):
        code = hashlib.sha1(password.encode()).hexdigest()
        for form in (password, code, code.upper(), code[:5].upper()):
            assert form not in shown
            for file in ready.folder.rglob("*"):
                assert file.is_dir() or form.encode() not in file.read_bytes() or len(form) == 5
    assert ready("account", "list", "--json").json == []


def test_an_export_names_the_sites_and_never_a_password(ready: CommandLine, services: Services, export: Path) -> None:
    done = ready("password", "test", "--export", export, "--json")
    assert done.status == 0
    assert done.json == [
        {"site": "Router", "times": 37359},
        {"site": "example.com", "times": 37359},
        {"site": "example.net", "times": 1},
        {"site": "example.org", "times": 0},
    ]
    assert len(asked(services)) == 3
    assert done.err.splitlines() == ["Now delete the export file, and empty the trash: it holds your passwords."]
    text = ready("password", "test", "--export", export)
    assert "example.com: 37,359 times in leaks. Do not use it any more." in text.out
    for private in ("c4nary", "quatermain", "admin"):
        assert private not in done.out + done.err + text.out + text.err


def test_nothing_is_asked_before_the_place_is_switched_on(
    privacyguard: CommandLine, services: Services, export: Path
) -> None:
    privacyguard.settings(services.settings_toml())
    for arguments in ((), ("--export", export)):
        done = privacyguard("password", "test", *arguments, typed=LEAKED)
        assert done.status == 1
        assert done.out == ""
        assert "privacyguard source on passwords" in done.err
    assert services.requests == []
    assert privacyguard("source", "on", "passwords").status == 0
    assert privacyguard("password", "test", "--json", typed=LEAKED).json == [{"line": 1, "times": 37359}]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, b"", "text/plain"),
        Answer(200, b"<html>Welcome to the hotel", "text/html"),
        Answer(200, b"", "text/plain"),
        Answer(200, b"0018A45C4D1DEF81644B54AB7F969B88D65", "text/plain"),
        Answer(403, b"", "text/plain"),
        Answer(503, b"", "text/plain"),
    ],
)
def test_what_could_not_be_tested_is_never_said_to_be_unknown(
    ready: CommandLine, services: Services, answer: Answer
) -> None:
    services.scenario.broken["passwords"] = answer
    done = ready("password", "test", "--json", typed=f"{LEAKED}\n{UNKNOWN}\n")
    assert done.status == 1
    assert done.json == [{"line": 1, "times": None}, {"line": 2, "times": None}]
    assert "2 passwords could not be tested." in done.err
    text = ready("password", "test", typed=f"{UNKNOWN}\n")
    assert text.out == "Line 1: could not be tested.\n"
    assert "at the next check" not in done.err + text.err  # nothing is kept that could be tried again
    assert "c4nary" not in done.err + text.err


def test_one_that_failed_does_not_keep_the_others_from_being_tested(privacyguard: CommandLine) -> None:
    def answer(seen: Seen) -> Answer:
        code = hashlib.sha1(LEAKED.encode()).hexdigest().upper()
        is_known = seen.path == f"/range/{code[:5]}"
        return Answer(200, f"{code[5:]}:37359".encode(), "text/plain") if is_known else Answer(404, b"", "text/plain")

    server = Server(answer)
    privacyguard.settings(f'[sources.passwords]\non = true\nbase_url = "{server.url}"\n')
    done = privacyguard("password", "test", "--json", typed=f"{UNKNOWN}\n{LEAKED}\n")
    assert done.status == 1
    assert done.json == [{"line": 1, "times": None}, {"line": 2, "times": 37359}]
    assert "1 password could not be tested." in done.err
    server.close()


def test_a_list_that_cannot_be_reached_is_not_asked_a_hundred_times(ready: CommandLine, services: Services) -> None:
    services.scenario.broken["passwords"] = Answer(404, b"", "text/plain")
    done = ready("password", "test", "--json", typed="".join(f"password {number}\n" for number in range(100)))
    assert [each["times"] for each in done.json] == [None] * 100
    assert len(asked(services)) == 3
    assert "100 passwords could not be tested." in done.err


@pytest.mark.parametrize("typed", ["", "\n\n"])
def test_nothing_typed_is_two(ready: CommandLine, services: Services, typed: str) -> None:
    done = ready("password", "test", typed=typed)
    assert done.status == 2
    assert services.requests == []


def test_broken_bytes_are_two_and_nothing_is_asked(ready: CommandLine, services: Services) -> None:
    for encoding in ({}, {"PYTHONIOENCODING": "utf-8:strict"}):
        process = CommandLine(ready.session, ready.folder, encoding).start("password", "test")
        out, err = process.communicate(f"{LEAKED}\nc4nary".encode() + b"\xff\n", timeout=60)
        assert process.returncode == 2
        assert err.decode() == "This is not text in UTF-8. Nothing was tested.\n"
        assert out == b""
    assert services.requests == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("url\nhttps://example.com\n", "not a list of accounts"),
        ("url,password\nhttps://example.com,\n", "no password in this file"),
        ("url,password\nhttps://example.com,c4nary\nc4nary\n", "Line 3"),
        (b"url,password\nhttps://example.com,c4nary\xfc\n", "Line 2"),
    ],
)
def test_an_export_that_cannot_be_tested_is_one(
    ready: CommandLine, services: Services, export: Path, content: str | bytes, words: str
) -> None:
    export.write_bytes(content.encode() if isinstance(content, str) else content)
    done = ready("password", "test", "--export", export)
    assert done.status == 1
    assert words in done.err
    assert "c4nary" not in done.err + done.out
    assert services.requests == []


def test_it_can_be_stopped(ready: CommandLine, services: Services, export: Path) -> None:
    services.scenario.broken["passwords"] = Answer(503, b"", "text/plain", {"Retry-After": "30"})
    process = ready.start("password", "test", "--export", export)
    deadline = time.monotonic() + 60
    while not services.requests and time.monotonic() < deadline:
        time.sleep(0.05)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Now delete the export file" in err
    assert time.monotonic() - started < 10


def test_at_a_terminal_they_are_asked_for_without_showing_them(ready: CommandLine) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        command("password", "test"),
        env={**ready.session.environment, **ready.environment},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        asked_for = b""
        for typed in (LEAKED, UNKNOWN, ""):
            asked_for += process.stderr.read(len(PROMPT) + (1 if asked_for else 0))  # a line end follows each
            os.write(ours, f"{typed}\n".encode())
        out, err = process.communicate(timeout=60)
    shown = os.read(ours, 1000) if select.select([ours], [], [], 0)[0] else b""
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    assert asked_for.decode().split("\n") == [PROMPT] * 3
    assert out.decode().startswith("Line 1: 37,359 times in leaks.")
    assert b"Line 2: not in this list" in out
    assert b"c4nary" not in shown + out + err


@pytest.mark.parametrize("is_adult", [False, True])
def test_nothing_is_asked_for_someone_under_18(
    ready: CommandLine, services: Services, secret_service: Session, is_adult: bool
) -> None:
    with Vault.open(ready.folder, SystemKeyStore(home_id(ready.folder)), clock=now) as vault:
        vault.add_person("me", Relation.ME, is_adult)
    done = ready("password", "test", typed=f"{LEAKED}\n")
    assert done.status == (0 if is_adult else 1)
    assert ("18 or over" in done.err) is not is_adult
    assert len(asked(services)) == int(is_adult)
