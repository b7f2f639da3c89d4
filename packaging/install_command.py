"""Leave `.venv/bin/privacyguard` and make the package importable, without building or downloading anything.

Run by `make setup` with the environment's own Python.
"""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the path entry and the command."""
    (Path(sysconfig.get_path("purelib")) / "privacyguard.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts")) / "privacyguard"
    # -P keeps the current folder off the module path; no setting of Python's environment is obeyed otherwise.
    code = "import sys; from privacyguard.__main__ import main; sys.exit(main())"
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P -c '{code}' \"$@\"\n", encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    main()
