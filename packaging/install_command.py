"""Leave `.venv/bin/privacyguard` and make the package importable, without building or downloading anything.

Run by `make setup` with the environment's own Python.
"""

import shlex
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# -I: neither the current folder nor Python's own variables decide which code runs.
COMMAND = """#!/bin/sh
exec {python} -I -c 'import sys; from privacyguard.__main__ import main; sys.exit(main())' "$@"
"""


def main() -> None:
    """Write the path entry and the command."""
    (Path(sysconfig.get_path("purelib")) / "privacyguard.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts")) / "privacyguard"
    command.write_text(COMMAND.format(python=shlex.quote(sys.executable)), encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    main()
