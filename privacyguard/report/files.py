"""Writing a report so that it is there whole or not at all, and readable by its owner only."""

import os
from pathlib import Path

from privacyguard.errors import DiskFull, VaultUnwritable


def write_private(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600; an older file there stays until the new one is complete.

    Raises:
        DiskFull: no room. VaultUnwritable: the folder cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        if error.errno in _NO_ROOM:
            raise DiskFull("report") from None
        raise VaultUnwritable("report") from None


_NO_ROOM = frozenset({28, 122})  # ENOSPC, EDQUOT
