"""Writing a report so that it is there whole or not at all, and readable by its owner only."""

import errno
import os
import secrets
from pathlib import Path

from privacyguard.errors import DiskFull, VaultUnwritable

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_private(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600; an older file there stays until the new one is complete.

    Raises:
        DiskFull: no room. VaultUnwritable: the folder cannot be written, or ``path`` is a folder.
    """
    # A name that nothing else has, not even a rest of an earlier crash, and that tells nothing.
    unfinished = path.with_name(f".report-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull("report") from None
        raise VaultUnwritable("report") from None
