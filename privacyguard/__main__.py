"""Hands over to the window or the command line."""

import os
import sys

from privacyguard.again import NEWS, RESTING, start_again
from privacyguard.paths import OBEYED_LIBRARIES, is_frozen, names_foreign_places


def main() -> int:
    """Run what the arguments ask for; without any, open the window. Returns the exit status."""
    if is_frozen():
        _use_own_libraries_only()
    if sys.argv[1:] == ["--self-test-window"]:
        from privacyguard.app import open_once

        return open_once()
    if sys.argv[1:] == [RESTING]:
        from privacyguard.ui.resting import rest

        return rest()
    if sys.argv[1:] not in ([], [NEWS]):
        from privacyguard.cli import main as command_line

        return command_line(sys.argv[1:])
    from privacyguard.app import main as window

    return window(shows_news=NEWS in sys.argv[1:])


def _use_own_libraries_only() -> None:
    """Forget what in the environment names other places for libraries and code; programs that we start do not get it either.

    Where the system's loader obeyed it already, the program starts once more without it.
    """
    was_obeyed = bool(os.environ.get(OBEYED_LIBRARIES))
    for name in [name for name in os.environ if names_foreign_places(name)]:
        del os.environ[name]
    if was_obeyed:
        start_again(sys.executable, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
