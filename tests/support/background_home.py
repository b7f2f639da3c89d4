"""A home for the background check: what the window would do with it, done by a process in the same session."""

import subprocess
import sys
from pathlib import Path

from tests.support.commands import CommandLine

_IN_VAULT = """
import os
from datetime import UTC, datetime, timedelta
from privacyguard.checkup import guarding
from privacyguard.logs import PersonalValues
from privacyguard.paths import find_paths
from privacyguard.session import Session
with Session(find_paths(os.environ), PersonalValues()) as session:
    vault, now = session.vault, session.clock()
    {code}
"""


def in_vault(privacyguard: CommandLine, code: str) -> None:
    """Run one line with the open ``vault`` and the time ``now``."""
    command = [sys.executable, "-P", "-c", _IN_VAULT.format(code=code)]
    done = privacyguard.session.run(command, extra=privacyguard.environment)
    assert done.returncode == 0, done.stderr


def switch_on(privacyguard: CommandLine) -> None:
    """As the person does it in the window."""
    in_vault(privacyguard, "guarding.switch(vault, True, now)")


def holds_vault(privacyguard: CommandLine) -> "subprocess.Popen[bytes]":
    """A process that has the vault open, as a window has, until it is killed."""
    code = _IN_VAULT.format(code="print('open', flush=True); import time; time.sleep(600)")
    holder = privacyguard.session.start([sys.executable, "-P", "-c", code], extra=privacyguard.environment)
    assert holder.stdout is not None and holder.stdout.readline() == b"open\n"
    return holder


def limited(*command: str | Path) -> list[str]:
    """The command with the limits of the unit."""
    return [sys.executable, "-P", "-m", "tests.support.unit_limits", *map(str, command)]
