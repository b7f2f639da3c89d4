"""What the unit of the background check takes away, for where no systemd runs: ``python -m tests.support.unit_limits COMMAND``.

As systemd does it: no new privileges, no core file, a umask, and a filter that stays through exec. Only then the command.
"""

import ctypes
import errno
import os
import resource
import struct
import sys

_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_FAMILIES = {1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 16: "AF_NETLINK"}
_NUMBERS = {"x86_64": (41, 272, 135), "aarch64": (198, 97, 92)}
"""socket, unshare, personality."""


def _filter() -> bytes:
    sockets, unshare, personality = _NUMBERS[os.uname().machine]
    steps = [(_LOAD, 0, 0, 0)]
    for number in (unshare, personality):
        steps += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    steps += [(_IF_EQUAL, 0, 2 + len(_FAMILIES), sockets), (_LOAD, 0, 0, 16)]  # else: to the end
    for place, family in enumerate(_FAMILIES):
        steps.append((_IF_EQUAL, len(_FAMILIES) - place, 0, family))  # to the end
    steps += [(_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def apply() -> None:
    """For this process and all that it starts."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter()
    program = _Program(len(code) // 8, code)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    apply()
    os.execvp(sys.argv[1], sys.argv[1:])
