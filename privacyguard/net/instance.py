"""One window and one background check for each home: who starts second asks the first, over a socket in the runtime folder.

Whoever asks says one fixed byte, and gets one back when it was done; anything else is dropped. The socket is never in a
temporary folder: there, other users could take its place. On Windows a named pipe; that, and macOS, are untried.
"""

import os
import socket
import struct
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

DONE = b"d"

PATIENCE_S = 5.0
"""A check that gives way stops within two seconds; a window that hangs does not keep the second start from saying so."""

_TALK_S = 1.0
_LONGEST_PATH = 100
"""In bytes: the system takes 104 to 108."""


class Role(StrEnum):
    """Who is the first, and what it is asked to do: show its window, or give way to one."""

    WINDOW = "window"
    BACKGROUND = "background"


class Wish(StrEnum):
    """What the first is asked for: to do its part, or to show what is new."""

    SHOW = "s"
    NEWS = "n"


class Instance(Protocol):
    """The first of its role for one home."""

    def serve(self, asked: Callable[[Wish], None]) -> None:
        """From now on ``asked`` is called, in another thread, for each later start. Once."""

    def close(self) -> None:
        """Be it no more. Calling it again does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def claim(runtime: Path, home: Path, role: Role) -> Instance | None:
    """Be the first of this role for the home; None where another process is. Both folders are private and exist.

    What a process left that was killed is taken over.

    Raises:
        OSError: the runtime folder cannot be used, or is not ours alone.
    """
    if sys.platform == "win32":
        try:
            return _Pipe(_pipe_name(home, role))
        except PermissionError:
            return None
    _check_is_ours(runtime)
    lock = _locked(runtime / f"{_name(home, role)}.lock")
    if lock is None:
        return None
    try:
        return _Socket(runtime, f"{_name(home, role)}.socket", lock)
    except BaseException:
        os.close(lock)
        raise


def ask(runtime: Path, home: Path, role: Role, patience_s: float = PATIENCE_S, wish: Wish = Wish.SHOW) -> bool:
    """Ask the first of this role to do its part; whether one is there and did it. Raises nothing for none."""
    try:
        if sys.platform == "win32":
            return _asked_by_pipe(_pipe_name(home, role), wish)
        _check_is_ours(runtime)
        return _asked_by_socket(runtime, f"{_name(home, role)}.socket", patience_s, wish)
    except (OSError, EOFError):
        return False


def traces(runtime: Path, home: Path) -> tuple[Path, ...]:
    """The files that instances of this home have or leave in the runtime folder. Nothing in them or their names is personal."""
    return tuple(runtime / f"{_name(home, role)}.{ending}" for role in Role for ending in ("socket", "lock"))


def _name(home: Path, role: Role) -> str:
    """Homes are told apart by their number on the disk, which says nothing about the person."""
    status = home.stat()
    return f"{role.value}-{status.st_dev:x}-{status.st_ino:x}"


def _check_is_ours(runtime: Path) -> None:
    status = runtime.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise PermissionError("the runtime folder is open to others")


class _Listening(ABC):
    """Answers whoever asks, one after the other, in a thread of its own."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def serve(self, asked: Callable[[Wish], None]) -> None:
        """From now on ``asked`` is called for each later start."""
        self._thread = threading.Thread(target=self._listen, args=(asked,), name="instance", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _listen(self, asked: Callable[[Wish], None]) -> None:
        while not self._ended.is_set():
            # Who asked has gone, said nothing of ours, or is somebody else.
            with suppress(OSError, EOFError, ValueError):
                self._answer(asked)

    @abstractmethod
    def _answer(self, asked: Callable[[Wish], None]) -> None:
        """Wait for one who asks, and answer."""

    @abstractmethod
    def close(self) -> None:
        """Be it no more."""


class _Socket(_Listening):
    """A socket that only its owner may connect to. ``lock``: the file that makes us the first."""

    def __init__(self, runtime: Path, name: str, lock: int) -> None:
        super().__init__()
        self._file = runtime / name
        self._lock = lock
        self._file.unlink(missing_ok=True)  # whoever left it does not hold the lock any more
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            with _Reachable(runtime, name) as path:
                before = os.umask(0o177)
                try:
                    self._socket.bind(path)
                finally:
                    os.umask(before)
            self._socket.listen(4)
        except BaseException:
            self._socket.close()
            raise

    def _answer(self, asked: Callable[[Wish], None]) -> None:
        theirs, _ = self._socket.accept()
        with theirs:
            theirs.settimeout(_TALK_S)
            if not self._ended.is_set() and _is_same_user(theirs):
                asked(Wish(theirs.recv(2).decode("ascii")))
                theirs.sendall(DONE)

    def close(self) -> None:
        """Be it no more."""
        if self._ended.is_set():
            return
        self._ended.set()
        with suppress(OSError):  # wakes the thread that waits; nobody may
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._file.unlink(missing_ok=True)
        os.close(self._lock)  # its file stays: to remove it would let two of us hold two files of one name


def _asked_by_socket(runtime: Path, name: str, patience_s: float, wish: Wish) -> bool:
    with socket.socket(socket.AF_UNIX) as ours, _Reachable(runtime, name) as path:
        ours.settimeout(patience_s)
        ours.connect(path)
        if not _is_same_user(ours):
            return False
        ours.sendall(wish.encode())
        return ours.recv(2) == DONE


def _is_same_user(connected: socket.socket) -> bool:
    if sys.platform == "linux":
        credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return bool(struct.unpack("3i", credentials)[1] == os.getuid())
    else:  # macOS: LOCAL_PEERCRED, a struct xucred: its version, then the user
        return bool(struct.unpack_from("=II", connected.getsockopt(0, 1, 76))[1] == os.getuid())


class _Reachable:
    """A name for a socket that is short enough for the system, also where the folder's path is long (Linux)."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._descriptor: int | None = None

    def __enter__(self) -> str:
        path = str(self._folder / self._name)
        if len(os.fsencode(path)) <= _LONGEST_PATH or sys.platform != "linux":
            return path
        self._descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._descriptor}/{self._name}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)


def _locked(file: Path) -> int | None:
    """The locked file, None where another process has it. The system lets go of it when the process ends."""
    if sys.platform == "win32":
        return None
    else:
        import fcntl

        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


class _Pipe(_Listening):
    """Windows: a named pipe that only its maker may write to; the system makes a second one of the name impossible. Untried."""

    def __init__(self, name: str) -> None:
        from multiprocessing.connection import Client, Listener

        super().__init__()
        self._name, self._client = name, Client
        self._listener = Listener(name, "AF_PIPE")

    def _answer(self, asked: Callable[[Wish], None]) -> None:
        with self._listener.accept() as theirs:
            if not self._ended.is_set() and theirs.poll(_TALK_S):
                asked(Wish(theirs.recv_bytes(2).decode("ascii")))
                theirs.send_bytes(DONE)

    def close(self) -> None:
        """Be it no more."""
        if self._ended.is_set():
            return
        self._ended.set()
        with suppress(OSError, EOFError), self._client(self._name, "AF_PIPE"):  # wakes the thread that waits
            pass
        self._listener.close()


def _pipe_name(home: Path, role: Role) -> str:
    return rf"\\.\pipe\privacyguard-{_name(home, role)}"


def _asked_by_pipe(name: str, wish: Wish) -> bool:
    from multiprocessing.connection import Client

    with Client(name, "AF_PIPE") as ours:
        ours.send_bytes(wish.encode())
        return ours.poll(PATIENCE_S) and ours.recv_bytes(2) == DONE
