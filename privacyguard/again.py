"""This program once more, in place of this process: with fewer things in memory, or without what it was given."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from privacyguard.paths import is_frozen

if TYPE_CHECKING:
    from privacyguard.desktop.program import Program

RESTING = "--resting"
"""Start with the sign beside the clock only."""

NEWS = "--news"
"""Start with what is new."""


def start_again(file: str | Path, arguments: Sequence[str]) -> NoReturn:
    """Become this program, which is started anew. Everything is closed before.

    Raises:
        OSError: it cannot be started.
    """
    if is_frozen():
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # else the new one believes to be a part of this one
    os.execv(file, [str(file), *arguments])  # noqa: S606  (our own program)


def become(program: "Program", arguments: Sequence[str]) -> NoReturn:
    """As :func:`start_again`, by what the system knows this program as."""
    start_again(program.file(Path.home()), arguments)
