"""One instance for each home and role: with real processes, killed ones too, and with other users."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from privacyguard.net.instance import Role, Wish, ask, claim, traces

FIRST = """
import sys, time
from pathlib import Path
from privacyguard.net.instance import Role, claim
first = claim(Path(sys.argv[1]), Path(sys.argv[2]), Role(sys.argv[3]))
if first is None:
    print("second", flush=True)
    sys.exit()
first.serve(lambda wish: print("asked", flush=True))
print("first", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir(mode=0o700)
    return tmp_path / "run"


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(runtime: Path, home: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(role: Role = Role.WINDOW, home: Path = home) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", FIRST, str(runtime), str(home), role.value]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield begin
    for each in started:
        each.kill()
        each.communicate()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def socket_of(runtime: Path) -> Path:
    (file,) = runtime.glob("*.socket")
    return file


def test_the_second_start_asks_the_first_and_ends(start: Start, runtime: Path, home: Path) -> None:
    assert not ask(runtime, home, Role.WINDOW)
    first = start()
    assert line(first) == "first"
    assert line(start()) == "second"
    assert ask(runtime, home, Role.WINDOW) and ask(runtime, home, Role.WINDOW)
    assert [line(first), line(first)] == ["asked", "asked"]


def test_a_killed_one_is_taken_over(start: Start, runtime: Path, home: Path) -> None:
    first = start()
    assert line(first) == "first"
    first.kill()
    first.wait()
    assert socket_of(runtime).is_socket()
    assert not ask(runtime, home, Role.WINDOW)
    assert line(start()) == "first"
    assert ask(runtime, home, Role.WINDOW)


def test_of_many_that_start_at_once_one_is_the_first(start: Start) -> None:
    assert sorted(line(each) for each in [start() for _ in range(6)]) == ["first"] + ["second"] * 5


def test_roles_and_homes_do_not_meet(start: Start, runtime: Path, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert line(start(Role.WINDOW)) == line(start(Role.BACKGROUND)) == line(start(Role.WINDOW, other)) == "first"
    assert ask(runtime, other, Role.WINDOW) and not ask(runtime, other, Role.BACKGROUND)


def test_after_the_end_another_is_the_first(runtime: Path, home: Path) -> None:
    with claim(runtime, home, Role.WINDOW) or pytest.fail() as first:
        assert claim(runtime, home, Role.WINDOW) is None
        first.serve(lambda _wish: None)
        first.close()
    assert list(runtime.glob("*.socket")) == []
    second = claim(runtime, home, Role.WINDOW)
    assert second is not None
    second.close()


def test_one_that_does_not_listen_yet_is_waited_for(runtime: Path, home: Path) -> None:
    with claim(runtime, home, Role.WINDOW) or pytest.fail() as first:
        answers: list[bool] = []
        asking = threading.Thread(target=lambda: answers.append(ask(runtime, home, Role.WINDOW)))
        asking.start()
        time.sleep(0.2)
        first.serve(lambda _wish: None)
        asking.join(10)
        assert answers == [True]


def test_one_that_hangs_is_not_waited_for_for_ever(runtime: Path, home: Path) -> None:
    with claim(runtime, home, Role.WINDOW):  # type: ignore[union-attr]
        assert not ask(runtime, home, Role.WINDOW, patience_s=0.2)


def test_a_socket_only_for_its_owner(runtime: Path, home: Path) -> None:
    with claim(runtime, home, Role.WINDOW):  # type: ignore[union-attr]
        assert socket_of(runtime).stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in runtime.iterdir())
        assert all("home" not in file.name for file in runtime.iterdir())


@pytest.mark.parametrize("said", [b"", b"x", b"show the window", b"ss", b"\x00" * 9000])
def test_anything_but_the_one_byte_is_dropped(runtime: Path, home: Path, said: bytes) -> None:
    asked: list[object] = []
    with claim(runtime, home, Role.WINDOW) or pytest.fail() as first:
        first.serve(asked.append)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(10)
            caller.connect(str(socket_of(runtime)))
            try:
                caller.sendall(said)
                assert caller.recv(10) == b""
            except ConnectionError:  # it hung up with our words unread
                pass
        assert asked == []
        assert ask(runtime, home, Role.WINDOW) and asked == [Wish.SHOW]


def test_a_folder_that_is_open_to_others_is_not_used(runtime: Path, home: Path) -> None:
    runtime.chmod(0o755)
    with pytest.raises(PermissionError):
        claim(runtime, home, Role.WINDOW)
    assert not ask(runtime, home, Role.WINDOW)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_another_user_is_not_heard(runtime: Path, home: Path) -> None:
    asked = []
    with claim(runtime, home, Role.WINDOW) or pytest.fail() as first:
        first.serve(lambda _wish: asked.append(True))
        # Opened wide, so that only the look at who it is can refuse.
        file = socket_of(runtime)
        file.chmod(0o777)
        for folder in (
            runtime,
            *[each for each in runtime.parents if each.is_relative_to("/tmp") and each != Path("/tmp")],
        ):
            folder.chmod(0o755)
        call = f"""
import os, socket
os.setgid(65534); os.setuid(65534)
with socket.socket(socket.AF_UNIX) as caller:
    caller.settimeout(10)
    caller.connect({str(file)!r})
    caller.sendall({b"s"!r})
    print(caller.recv(2))
"""
        done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, timeout=60)
        is_hung_up = any(name in done.stderr for name in ("ConnectionResetError", "BrokenPipeError"))
        assert done.stdout.strip() == "b''" or is_hung_up, done
    assert asked == []


def test_a_long_path_is_no_hindrance(tmp_path: Path, home: Path) -> None:
    runtime = tmp_path / ("x" * 100) / "run"
    runtime.mkdir(parents=True)
    runtime.chmod(0o700)
    with claim(runtime, home, Role.BACKGROUND) or pytest.fail() as first:
        first.serve(lambda _wish: None)
        assert ask(runtime, home, Role.BACKGROUND)


def test_all_that_is_left_is_known(runtime: Path, home: Path) -> None:
    with claim(runtime, home, Role.WINDOW):  # type: ignore[union-attr]
        assert set(runtime.iterdir()) == {file for file in traces(runtime, home) if Role.WINDOW in file.name}
    assert set(runtime.iterdir()) <= set(traces(runtime, home))
