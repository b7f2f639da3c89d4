"""Hands over to the window or the command line."""

import sys


def main() -> int:
    """Run what the arguments ask for; without any, open the window. Returns the exit status."""
    if sys.argv[1:] == ["--self-test-window"]:
        from privacyguard.app import open_once

        return open_once()
    if len(sys.argv) > 1:
        from privacyguard.cli import main as command_line

        return command_line(sys.argv[1:])
    from privacyguard.app import main as window

    return window()


if __name__ == "__main__":
    sys.exit(main())
