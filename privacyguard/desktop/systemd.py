"""A timer of the person's own systemd: every hour it asks whether a check is due, in a service with few rights.

When it is due is in the vault. A computer that was off or asleep asks soon after it wakes (Persistent).
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from privacyguard.desktop import files
from privacyguard.desktop.autostart import config_home
from privacyguard.desktop.files import StartRefused
from privacyguard.desktop.program import WHEN_DUE, Program

NAME = "privacyguard-background"
SERVICE, TIMER = f"{NAME}.service", f"{NAME}.timer"
PATIENCE_S = 20.0
_REFUSED = re.compile(r"[\"'\\\x00-\x1f]")

# No word of ours here is translated: the journal and the tools of systemd show it, in English as all of theirs.
_SERVICE = """\
[Unit]
Description=PrivacyGuard: the regular check
# After the program was removed this stays, since it is the person's own. Then it does nothing, and that is no failure.
ConditionFileIsExecutable={program}

[Service]
Type=oneshot
ExecStart={command}
# 1: a place could not be asked. 3: no face was added. Neither is a fault of this computer.
SuccessExitStatus=1 3
KillMode=mixed
TimeoutStopSec=30
StandardInput=null
StandardOutput=null
Nice=10
CPUSchedulingPolicy=batch
IOSchedulingClass=idle
NoNewPrivileges=yes
LimitCORE=0
UMask=0077
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
"""

_TIMER = """\
[Unit]
Description=PrivacyGuard: asks if a regular check is due

[Timer]
OnCalendar=hourly
RandomizedDelaySec=20min
FixedRandomDelay=yes
AccuracySec=5min
Persistent=true

[Install]
WantedBy=timers.target
"""


class UserTimer:
    """``folder``: where the person's own units are. ``systemctl``: the command that tells their systemd."""

    def __init__(self, folder: Path, systemctl: Sequence[str] = ("systemctl", "--user")) -> None:
        self._folder = folder
        self._systemctl = systemctl
        self._wanted = folder / "timers.target.wants" / TIMER

    @classmethod
    def of(cls, environment: Mapping[str, str], home: Path) -> "UserTimer":
        """The folder that this environment names."""
        return cls(config_home(environment, home) / "systemd" / "user")

    @staticmethod
    def is_possible(environment: Mapping[str, str]) -> bool:
        """Whether the person's own systemd runs."""
        runtime = environment.get("XDG_RUNTIME_DIR", "")
        return bool(runtime) and shutil.which("systemctl") is not None and (Path(runtime) / "systemd").is_dir()

    def is_on(self) -> bool:
        """Whether it starts us."""
        return self._wanted.is_symlink() and (self._folder / TIMER).is_file()

    def switch_on(self, program: Program) -> None:
        """Have it start us; on a failure nothing of ours is left. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        try:
            files.write(self._folder / SERVICE, service(program).encode())
            files.write(self._folder / TIMER, _TIMER.encode())
            self._tell("daemon-reload")
            self._tell("enable", "--now", TIMER)
        except StartRefused:
            self._clear()
            raise

    def switch_off(self) -> bool:
        """Have it start us no more: whether it did. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        was_on = self.is_on()
        if was_on:
            self._tell("disable", "--now", TIMER)
        if self._clear():
            self._tell("daemon-reload")
        return was_on

    def remove(self) -> bool:
        """Take our files away, also where no systemd runs to be told: whether one was there."""
        if shutil.which(self._systemctl[0]) is None or not self.is_on():
            return self._clear()
        try:
            return self.switch_off()
        except StartRefused:
            return self._clear()

    def _clear(self) -> bool:
        found = [files.remove(file) for file in (self._wanted, self._folder / TIMER, self._folder / SERVICE)]
        return any(found)

    def _tell(self, *words: str) -> None:
        try:
            subprocess.run(
                [*self._systemctl, *words], check=True, capture_output=True, timeout=PATIENCE_S, env=dict(os.environ)
            )
        except (OSError, subprocess.SubprocessError):
            raise StartRefused("systemd refused") from None


def service(program: Program) -> str:
    """The content of the service's file.

    Raises:
        StartRefused: systemd starts no program from a folder with quotes or backslashes in its name.
    """
    path = str(program.path)
    if _REFUSED.search(path):
        raise StartRefused("a path that systemd does not take")
    path = path.replace("%", "%%")  # a "$" in the program's own path means nothing to systemd
    place = f"{'%h/' if program.below_home else ''}{path}"
    return _SERVICE.format(program=place, command=" ".join([f'"{place}"', *WHEN_DUE]))
