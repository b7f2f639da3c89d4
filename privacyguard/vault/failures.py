"""The database driver's errors in our words, converted once, without the driver's text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privacyguard.errors import DiskFull, VaultDamaged, VaultError, VaultInUse, VaultUnwritable, WrongKey
from privacyguard.vault import folder

# Primary result codes of https://sqlite.org/rescode.html (the low byte of the extended ones).
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 3, 5, 6, 8, 10, 11, 13, 14, 26
_IOERR_OF_READING = frozenset({_IOERR | (1 << 8), _IOERR | (2 << 8), _IOERR | (33 << 8)})


@contextmanager
def converted(file: Path, *, opening: bool = False) -> Iterator[None]:
    """Turn the driver's errors about ``file`` into ours; mistakes of our own SQL stay as they are.

    Raises:
        WrongKey: only with ``opening``: the first page is not readable with this key.
        VaultDamaged, DiskFull, VaultInUse, VaultUnwritable: as their names say.
    """
    from sqlcipher3 import dbapi2

    try:
        yield
    except dbapi2.DatabaseError as error:
        failure = _meaning(error, file, opening)
        if failure is None:
            raise
        raise failure from None


def _meaning(error: Exception, file: Path, opening: bool) -> VaultError | None:
    extended = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        # The one error without a code is a text that is no UTF-8.
        return VaultDamaged("not text") if "decode" in str(error) else None
    code = extended & 0xFF
    if code == _NOTADB and opening:
        return WrongKey("the first page does not open")
    if code in (_NOTADB, _CORRUPT) or extended in _IOERR_OF_READING:
        return VaultDamaged("a page does not open")
    if code == _FULL:
        return DiskFull("no room")
    if code in (_IOERR, _PERM, _READONLY, _CANTOPEN):
        # SQLite tells a full disk from other failures of writing, but neither a used-up quota nor the largest size.
        return VaultUnwritable("the file may not be used") if folder.has_room(file) else DiskFull("no room")
    if code in (_BUSY, _LOCKED):
        return VaultInUse("the file is locked")
    return None
