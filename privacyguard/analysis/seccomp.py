"""A filter on the system calls of this process, for good: no network, no new processes, no reach to other processes.

A few instructions of the kernel's own small language (classic BPF), made from :mod:`privacyguard.analysis.system_calls`.
Without a library: the kept ones need one of the system's, or a newer kernel.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterator

from privacyguard.analysis.system_calls import DENIED, MISSING, UNKNOWN_FROM, Allowed, Numbers, Rule, with_rules

_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16  # in the kernel's struct seccomp_data
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _END_PROCESS = 0x7FFF0000, 0x80000000
_NOT_ALLOWED, _NO_SUCH_CALL = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_SET_FILTER, _ALL_THREADS = 1, 1
_MACHINES = {"x86_64": (0xC000003E, 317), "aarch64": (0xC00000B7, 277)}
"""The machine's word for its calls (AUDIT_ARCH), and the number of seccomp()."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_calls() -> bool:
    """Whether calls of all threads of this process are filtered from now on; False where this machine or kernel cannot.

    Raises:
        OSError: it could, and refused: "no new privileges" is not set, or a thread has another filter.
    """
    machine = os.uname().machine
    if sys.platform != "linux" or machine not in _MACHINES or sys.maxsize < 2**32:
        return False
    code = instructions(machine, os.getpid())
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = _MACHINES[machine][1]
    done = libc.syscall(
        ctypes.c_long(number), ctypes.c_long(_SET_FILTER), ctypes.c_long(_ALL_THREADS), ctypes.byref(program)
    )
    if done < 0 and ctypes.get_errno() in {errno.ENOSYS, errno.EINVAL}:
        return False
    if done != 0:  # positive: the thread that could not follow
        raise OSError(ctypes.get_errno() if done < 0 else errno.EBUSY, "seccomp")
    return True


def instructions(machine: str, own_process: int) -> bytes:
    """The filter for ``x86_64`` or ``aarch64``, 8 bytes an instruction."""
    return b"".join(struct.pack("=HBBI", *step) for step in _steps(machine, own_process))


Step = tuple[int, int, int, int]
"""What to do, how many instructions to skip where it is so and where it is not, and with which value."""


def _steps(machine: str, own_process: int) -> Iterator[Step]:
    yield (_LOAD, 0, 0, _MACHINE_AT)
    yield (_IF_EQUAL, 1, 0, _MACHINES[machine][0])
    yield (_RETURN, 0, 0, _END_PROCESS)
    yield (_LOAD, 0, 0, _NUMBER_AT)
    yield (_IF_AT_LEAST, 0, 1, UNKNOWN_FROM)
    yield (_RETURN, 0, 0, _NO_SUCH_CALL)
    for numbers, answer in [
        *((n, _NO_SUCH_CALL) for n in MISSING.values()),
        *((n, _NOT_ALLOWED) for n in DENIED.values()),
    ]:
        if (number := _of(machine, numbers)) is not None:
            yield (_IF_EQUAL, 0, 1, number)
            yield (_RETURN, 0, 0, answer)
    for numbers, rule in with_rules(own_process).values():
        if (number := _of(machine, numbers)) is not None:
            block = list(_by_rule(rule))
            yield (_IF_EQUAL, 0, len(block), number)
            yield from block
    yield (_RETURN, 0, 0, _ALLOW)


def _by_rule(rule: Rule) -> Iterator[Step]:
    test = _IF_BIT if rule.allowed in {Allowed.WITH_BIT, Allowed.WITHOUT_BITS} else _IF_EQUAL
    allows = rule.allowed in {Allowed.WITH_BIT, Allowed.ONLY_VALUES}
    yield (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule.argument)  # both machines keep the lower half first
    for value in rule.values:
        yield (test, 0, 1, value)
        yield (_RETURN, 0, 0, _ALLOW if allows else _NOT_ALLOWED)
    yield (_RETURN, 0, 0, _NOT_ALLOWED if allows else _ALLOW)


def _of(machine: str, numbers: Numbers) -> int | None:
    return numbers.x86_64 if machine == "x86_64" else numbers.aarch64
