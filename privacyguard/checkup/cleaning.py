"""Cleaned copies of the person's own photos as files of their own. The original is only read, and nothing is overwritten."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from privacyguard.analysis.copies import ENDINGS, CleanedCopy
from privacyguard.errors import DiskFull, PrivacyGuardError
from privacyguard.i18n import N_

NAMES_AT_MOST = 1000
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileIsThere(PrivacyGuardError):
    """Where the copy should go there is a file already."""

    title = N_("There is a file with this name already. We do not write over files.")
    remedy = N_("Choose another name.")


class NotWritten(PrivacyGuardError):
    """The copy could not be written."""

    title = N_("This file cannot be written.")
    remedy = N_("Is there such a folder, and may you write there? Choose another one.")


def fits(copy: CleanedCopy, name: Path) -> bool:
    """Whether the name's ending is one of the copy's format."""
    return name.suffix.lower() in ENDINGS[copy.format]


def write_copy(copy: CleanedCopy, out: Path) -> None:
    """Write the copy to a file that is not there yet, for its owner only; whole or not at all.

    Raises:
        FileIsThere: there is one, or a link.
        DiskFull: no room.
        NotWritten: the folder is not there, or cannot be written.
    """
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise FileIsThere from None
    except (OSError, ValueError):
        raise NotWritten from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(copy.content)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        out.unlink(missing_ok=True)
        raise (DiskFull("copy") if error.errno in _NO_ROOM else NotWritten()) from None


def write_beside(copy: CleanedCopy, original: Path, folder: Path) -> Path:
    """Write the copy into a folder under the original's name with "-clean"; the path, with a number where that is taken.

    Raises as :func:`write_copy`.
    """
    for name in _names(original, ENDINGS[copy.format]):
        try:
            write_copy(copy, folder / name)
        except FileIsThere:
            continue
        return folder / name
    raise FileIsThere


def _names(original: Path, endings: tuple[str, ...]) -> Iterator[str]:
    ending = original.suffix if original.suffix.lower() in endings else endings[0]
    yield f"{original.stem}-clean{ending}"
    yield from (f"{original.stem}-clean-{number}{ending}" for number in range(2, NAMES_AT_MOST))
