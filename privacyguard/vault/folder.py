"""The home folder of one vault: private, and in use by one copy of PrivacyGuard at a time."""

import contextlib
import errno
import os
import sys
from pathlib import Path
from types import TracebackType

from privacyguard.errors import DiskFull, VaultError, VaultInUse, VaultUnwritable

VAULT_FILE = "vault.db"
LOCK_FILE = "lock"
"""Only where a folder itself cannot be locked (Windows)."""

PROBE_BYTES = 1 << 16
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def prepare(home: Path) -> None:
    """Make the folder, and close it to other users of this computer.

    Raises:
        VaultUnwritable: it cannot be made or written, or belongs to somebody else.
        DiskFull: there is no room for it.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and home.stat().st_mode & 0o077:
            home.chmod(0o700)
    except OSError as error:
        raise meaning(error) from None
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise VaultUnwritable("the folder may not be written")


def new_private_file(path: Path) -> int:
    """A descriptor of a new, empty file that only its owner may read, whatever the umask; the caller closes it."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if os.name == "posix":
        os.fchmod(descriptor, 0o600)
    return descriptor


def write_to_disk(folder: Path) -> None:
    """Make new and renamed entries of the folder outlast a power cut, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def has_room(file: Path) -> bool:
    """Whether what lies beside ``file`` could grow a little more; False only where room is what is missing."""
    probe = file.with_name(file.name + ".probe")
    try:
        sizes = [part.stat().st_size for part in file.parent.iterdir() if part.name.startswith(file.name)]
        probe.unlink(missing_ok=True)
        descriptor = new_private_file(probe)
        try:
            os.lseek(descriptor, max(sizes, default=0), os.SEEK_SET)
            return os.write(descriptor, bytes(PROBE_BYTES)) == PROBE_BYTES
        finally:
            os.close(descriptor)
            probe.unlink()
    except OSError as error:
        return error.errno not in NO_ROOM


def meaning(error: OSError) -> VaultError:
    """Our error for one of the file system's, without its text: that holds the path."""
    if error.errno in NO_ROOM:
        return DiskFull("no room")
    return VaultUnwritable("a file or folder cannot be used")


class FolderLock:
    """Held while a copy of PrivacyGuard uses the folder. The system lets go of it when the process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, home: Path) -> "FolderLock":
        """The lock of an existing folder, at once.

        Raises:
            VaultInUse: another holder, in this process or any other.
            VaultUnwritable: the folder cannot be locked.
        """
        try:
            descriptor = _locked_descriptor(home)
        except BlockingIOError:
            raise VaultInUse("the folder is locked") from None
        except OSError as error:
            raise meaning(error) from None
        lock = cls(descriptor)
        if os.name == "posix" and not _is_still(home, descriptor):
            lock.release()
            raise VaultInUse("the folder was just erased")
        return lock

    def release(self) -> None:
        """Let go. Calling it again does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _is_still(home: Path, descriptor: int) -> bool:
    """Whether the locked folder is the one at this path: "forget everything" may have removed it meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.stat(home), os.fstat(descriptor))
    return False


if sys.platform == "win32":

    def _locked_descriptor(home: Path) -> int:
        import msvcrt

        descriptor = os.open(home / LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(descriptor)
            raise BlockingIOError(errno.EWOULDBLOCK, "locked") from None
        return descriptor

else:

    def _locked_descriptor(home: Path) -> int:
        import fcntl

        descriptor = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor
