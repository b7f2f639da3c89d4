"""How the system starts this program by itself: a command without anything personal in it.

The folder of the program may be below the person's home, whose name is theirs: such a path begins with the system's own
word for the home, so it is not in the file.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

WHEN_DUE = ("background", "--once", "--when-due")
"""What a timer of the system starts now and then."""

STAYING = ("background",)
"""What stays and looks at the time itself, where there is no such timer."""


@dataclass(frozen=True)
class Program:
    """A file that is started. ``below_home``: it is below the home folder, and ``path`` begins there."""

    path: PurePath
    below_home: bool

    def file(self, home: Path) -> Path:
        """Where it is. ``home``: the person's own folder."""
        return Path(home / self.path if self.below_home else self.path)


def this_program(*, is_frozen: bool, home: Path, executable: str = sys.executable) -> Program | None:
    """The installed app itself, or the command beside Python that runs it from its sources; None where there is no such file.

    ``home``: the person's own folder.
    """
    file = Path(executable)
    if not is_frozen:
        file = file.with_name("privacyguard.exe" if sys.platform == "win32" else "privacyguard")
    if not file.is_file():
        return None
    if file.is_relative_to(home):
        return Program(file.relative_to(home), True)
    return Program(file, False)


def shell_line(program: Program, arguments: Sequence[str]) -> str:
    """For a shell that puts the home in its place. ``arguments``: our own fixed words."""
    start = '"$HOME"/' if program.below_home else ""
    return f"exec {start}{shell_quoted(str(program.path))} {' '.join(arguments)}"


def shell_quoted(text: str) -> str:
    """One word for a shell, whatever is in it."""
    from shlex import quote

    return quote(text)
