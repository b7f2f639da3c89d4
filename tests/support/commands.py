"""The command line as a person runs it: a process of its own, in a session with a real password store, in one home."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.keyring_session import Session

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one answer on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class CommandLine:
    """``privacyguard`` with one home. ``folder``: PRIVACYGUARD_HOME."""

    session: Session
    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What is added to the session's environment: every warning is an error, as in the tests themselves."""
        return {
            "PRIVACYGUARD_HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "LANG": "C.UTF-8",
            **self.extra,
        }

    def __call__(self, *arguments: str | Path, typed: str | None = None, timeout_s: float = 90) -> Done:
        """Run a command to its end; ``typed`` is its standard input."""
        done = self.session.run(command(*arguments), input=typed, extra=self.environment, timeout_s=timeout_s)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path) -> "subprocess.Popen[bytes]":
        """Start a command and return at once."""
        return self.session.start(command(*arguments), extra=self.environment)

    def left_in_memory(self) -> set[Path]:
        """What lies in the runtime folder. Not the locks that other homes of this session keep there until it ends."""
        return {file for file in (self.session.runtime / "privacyguard").glob("*") if file.suffix != ".lock"}

    def settings(self, text: str) -> None:
        """Write settings.toml by hand."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "settings.toml").write_text(text, "utf-8")


def command(*arguments: str | Path) -> list[str]:
    """The command for a new process."""
    return [sys.executable, "-P", "-m", "privacyguard", *map(str, arguments)]
