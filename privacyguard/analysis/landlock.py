"""Which files this process may open, by Landlock of Linux: a few folders of programs, to read, and nothing else."""

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

# The same numbers on every machine.
_MAKE_RULES, _ADD_RULE, _OBEY_RULES = 444, 445, 446
_ASK_VERSION = 1
_BELOW_A_PATH = 1

_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# Rights over files that each version of Landlock knows: one that it does not know is refused, one that is not named is
# not taken away. 2 brought moving between folders, 3 truncating, 5 commands to devices.
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_FROM, _TCP = 4, 0b11  # bind, connect
_SCOPES_FROM, _SCOPES = 6, 0b11  # sockets with a name that is no file, signals


def version() -> int:
    """The version of Landlock that this kernel speaks, from 1; 0 where it has none, or it is switched off."""
    try:
        return _call(_MAKE_RULES, None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno in {errno.ENOSYS, errno.EOPNOTSUPP}:
            return 0
        raise


def only_read(places: Iterable[Path], newest: int = 999) -> int:
    """From now on this thread, and those it starts, opens files only below ``places``, only to read them.

    Returns the version in force, ``newest`` at most, 0 for none. Places that do not exist are passed over. Also taken
    away, where the version can: TCP (4), and signals and nameless sockets to processes outside (6). Threads that run
    already are not bound. What Landlock never hides: whether a file exists, and how large it is.

    Raises:
        OSError: the kernel refused; "no new privileges" must be set before.
    """
    known = min(version(), newest)
    if known == 0:
        return 0
    rules = _call(_MAKE_RULES, attributes := ruleset(known), len(attributes), 0)
    try:
        for place in places:
            _allow(rules, place)
        _call(_OBEY_RULES, rules, 0)
    finally:
        os.close(rules)
    return known


def ruleset(known: int) -> bytes:
    """What is taken away, in the form that version ``known`` takes: shorter in older ones."""
    files = _FILES[min(known, max(_FILES))]
    if known < _TCP_FROM:
        return struct.pack("=Q", files)
    if known < _SCOPES_FROM:
        return struct.pack("=QQ", files, _TCP)
    return struct.pack("=QQQ", files, _TCP, _SCOPES)


def _allow(rules: int, place: Path) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # what cannot be reached now cannot be read later
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        rights = _READ_FILE | _READ_FOLDER if is_folder else _READ_FILE
        _call(_ADD_RULE, rules, _BELOW_A_PATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(a) if isinstance(a, int) else ctypes.c_char_p(a) for a in arguments]
    done: int = libc.syscall(ctypes.c_long(number), *words)
    if done < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return done
