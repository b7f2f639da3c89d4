"""Small files of ours in folders of the system, which say what it starts: whole or not there, readable by their owner only."""

import os
from pathlib import Path

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_


class StartRefused(PrivacyGuardError):
    """The system does not let us say what it starts by itself."""

    title = N_("This computer does not let us start the regular check by itself.")
    remedy = N_("Open PrivacyGuard now and then. Then it looks if a check is due.")


def write(file: Path, content: bytes) -> None:
    """Put the file in place of the one before, in one step.

    Raises:
        StartRefused: the folder cannot be made or written.
    """
    new = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as opened:
            opened.write(content)
        new.replace(file)
    except OSError:
        raise StartRefused("a file cannot be written") from None


def remove(file: Path) -> bool:
    """Whether it was there. Raises :class:`StartRefused`."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError:
        raise StartRefused("a file cannot be removed") from None
    return True


def text_of(file: Path) -> str:
    """What is in it, "" where it cannot be read."""
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""
