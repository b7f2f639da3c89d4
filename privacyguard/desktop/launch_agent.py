"""macOS: a launch agent that asks every hour whether a check is due. The file's form is tested, the rest is untried."""

import os
import plistlib
import subprocess
from pathlib import Path

from privacyguard.desktop import files
from privacyguard.desktop.files import StartRefused
from privacyguard.desktop.program import WHEN_DUE, Program, shell_line

LABEL = "local.privacyguard.background"
EVERY_S = 3600
PATIENCE_S = 20.0


class LaunchAgent:
    """``folder``: where the person's own agents are."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{LABEL}.plist"

    @classmethod
    def of(cls, home: Path) -> "LaunchAgent":
        """In the usual folder."""
        return cls(home / "Library" / "LaunchAgents")

    def is_on(self) -> bool:
        """Whether the file is there."""
        return self._file.is_file()

    def switch_on(self, program: Program) -> None:
        """Have the system start us. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        files.write(self._file, content(program))
        try:
            self._tell("bootstrap", _domain(), str(self._file))
        except StartRefused:
            files.remove(self._file)
            raise

    def switch_off(self) -> bool:
        """Have it start us no more: whether it did. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        was_on = self.is_on()
        if was_on:
            self._tell("bootout", f"{_domain()}/{LABEL}")
        files.remove(self._file)
        return was_on

    def remove(self) -> bool:
        """Take our file away, also where the system does not listen: whether it was there."""
        try:
            return self.switch_off()
        except StartRefused:
            return files.remove(self._file)

    @staticmethod
    def _tell(*words: str) -> None:
        try:
            subprocess.run(["launchctl", *words], check=True, capture_output=True, timeout=PATIENCE_S)
        except (OSError, subprocess.SubprocessError):
            raise StartRefused("launchd refused") from None


def content(program: Program) -> bytes:
    """The content of the file: no output is kept, no core file, a low priority."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": ["/bin/sh", "-c", shell_line(program, WHEN_DUE)],
            "StartInterval": EVERY_S,
            "RunAtLoad": False,
            "ProcessType": "Background",
            "LowPriorityIO": True,
            "Nice": 10,
            "Umask": 0o077,
            "HardResourceLimits": {"Core": 0},
            "SoftResourceLimits": {"Core": 0},
            "StandardInPath": os.devnull,
            "StandardOutPath": os.devnull,
            "StandardErrorPath": os.devnull,
        }
    )


def _domain() -> str:
    return f"gui/{os.getuid()}"
