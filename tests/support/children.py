"""Servers that a test starts: none outlives it, also when the test process is killed."""

import os
import select
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence

PATIENCE_S = 20.0
"""How long a server may take to start on a busy computer."""


class DidNotStart(Exception):
    """A server is not installed, ended, or said nothing while it was to start."""


def start(command: Sequence[str], environment: Mapping[str, str], **options: object) -> "subprocess.Popen[bytes]":
    """A server process. The kernel ends it with the thread that started it (setpriv), so start it in the main one.

    Raises:
        DidNotStart: it is not installed.
    """
    if shutil.which(command[0]) is None:
        raise DidNotStart(f"{command[0]} is not installed; make setup-dev installs it")
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        ["setpriv", "--pdeathsig", "TERM", *command],
        env=dict(environment),
        start_new_session=True,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options},
    )


def first_line(server: "subprocess.Popen[bytes]", descriptor: int) -> str:
    """What the server writes into the pipe when it is ready, without the line's end.

    Raises:
        DidNotStart: it ended or was silent for ``PATIENCE_S``.
    """
    deadline = time.monotonic() + PATIENCE_S
    written = b""
    while b"\n" not in written:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(descriptor, 4096) if ready else b""
        if not part:
            end(server)
            raise DidNotStart(f"{server.args!r} said {written!r} and ended with {server.returncode}")
        written += part
    return written.partition(b"\n")[0].decode()


def end(server: "subprocess.Popen[bytes]") -> None:
    """Ask the server to end, and see that it did."""
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_for_end(process: int) -> None:
    """Return when the process, somebody else's child too, has ended.

    Raises:
        TimeoutError: it still runs after ``PATIENCE_S``.
    """
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        if not select.select([descriptor], [], [], PATIENCE_S)[0]:
            raise TimeoutError
    finally:
        os.close(descriptor)
