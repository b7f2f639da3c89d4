"""The window after a click, and our memory in the background."""

import subprocess
import sys
import time
from pathlib import Path

from privacyguard.desktop.opening import open_window
from privacyguard.desktop.program import Program


def script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o700)
    return file


def content(file: Path) -> str:
    deadline = time.monotonic() + 20
    while not file.exists() or not file.read_text().endswith("\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return file.read_text()


def test_it_is_started_with_what_lets_it_come_to_the_front(tmp_path: Path) -> None:
    script(tmp_path / "zoe" / "x" / "privacyguard", f'echo "$* $XDG_ACTIVATION_TOKEN $PWD" > {tmp_path}/out')
    program = Program(Path("x/privacyguard"), True)
    assert open_window(program, tmp_path / "zoe", {"PATH": "/usr/bin:/bin"}, "a-token", ["--news"])
    assert content(tmp_path / "out") == "--news a-token /\n"


def test_under_systemd_systemd_starts_it(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "systemd-run", f'echo "$@" > {tmp_path}/out; exit ${{RESULT:-0}}')
    code = (
        "import os, sys; from pathlib import Path;"
        "from privacyguard.desktop.opening import open_window; from privacyguard.desktop.program import Program;"
        "print(open_window(Program(Path('/usr/bin/privacyguard'), False), Path('/'), os.environ, 'a-token', ['--news']))"
    )
    environment = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "INVOCATION_ID": "0" * 32}
    for result, opened in (("0", "True\n"), ("1", "False\n")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "RESULT": result},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout == opened
        assert content(tmp_path / "out") == (
            "--user --quiet --collect --setenv=XDG_ACTIVATION_TOKEN=a-token -- /usr/bin/privacyguard --news\n"
        )


def test_what_is_not_there_is_not_opened(tmp_path: Path) -> None:
    assert not open_window(Program(Path("/nowhere/at/all"), False), tmp_path, {})


def test_memory_is_closed() -> None:
    code = (
        "import ctypes; libc = ctypes.CDLL(None); print(libc.prctl(3, 0, 0, 0, 0));"
        "from privacyguard.desktop.memory import close_memory; close_memory(); print(libc.prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["1", "0"]
