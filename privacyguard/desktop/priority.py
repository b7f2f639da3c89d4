"""Below what the person does: less of the processors, and of the disk only what nobody else wants.

Called first thing in a process, or in the thread that starts the workers: whoever is started afterwards has it too.
"""

import ctypes
import os
import sys

NICENESS = 10
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}
_THIS_ONE, _IDLE_CLASS = 1, 3 << 13  # IOPRIO_WHO_PROCESS (0: this thread), IOPRIO_CLASS_IDLE
_BELOW_NORMAL = 0x4000


def step_back() -> None:
    """From now on at a low priority, for good: only an administrator may go back. Calling it again changes nothing.

    On Linux for this thread and what it starts from now on, elsewhere for the whole process (untried there).

    Raises:
        OSError: the system refused it.
    """
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        if not kernel.SetPriorityClass(ctypes.c_void_p(kernel.GetCurrentProcess()), _BELOW_NORMAL):
            raise ctypes.WinError(ctypes.get_last_error())
    else:
        os.nice(max(0, NICENESS - os.nice(0)))
        if sys.platform == "linux":
            _rest_on_linux()


def _rest_on_linux() -> None:
    if os.sched_getscheduler(0) == os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    number = _IOPRIO_SET.get(os.uname().machine)
    if number is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(number), _THIS_ONE, 0, _IDLE_CLASS) != 0:
        raise OSError(ctypes.get_errno(), "ioprio_set")
