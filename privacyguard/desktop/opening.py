"""Opens the window after a click on a notice: as a program of its own, without the few rights of a background service."""

import os
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from privacyguard.desktop.program import Program

PATIENCE_S = 10.0


def open_window(
    program: Program,
    home: Path,
    environment: Mapping[str, str],
    activation_token: str = "",
    arguments: Sequence[str] = (),
) -> bool:
    """Start the window; whether it could be started. It is not waited for, and does not end with us.

    ``activation_token``: lets it come to the front; ``arguments``: our own fixed words. Under systemd what a service starts
    would end with the service, and have its few rights and its low priority, so systemd is asked to start it.
    """
    start = [str(program.file(home)), *arguments]
    token = {"XDG_ACTIVATION_TOKEN": activation_token} if activation_token else {}
    by_systemd = shutil.which("systemd-run") if environment.get("INVOCATION_ID") else None
    try:
        if by_systemd is None:
            window = _start(start, {**environment, **token})
            threading.Thread(
                target=window.wait, name="window", daemon=True
            ).start()  # else its end leaves a trace behind
            return True
        words = [f"--setenv={name}={value}" for name, value in token.items()]
        asking = _start([by_systemd, "--user", "--quiet", "--collect", *words, "--", *start], environment)
        return asking.wait(PATIENCE_S) == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _start(command: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        env=dict(environment),
        cwd=os.sep,
        start_new_session=True,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
    )
