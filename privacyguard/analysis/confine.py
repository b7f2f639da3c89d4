"""What a worker gives up before it sees a picture. On Linux by prctl and rlimits; elsewhere nothing yet (untried).

Landlock and seccomp, which keep it from files and the network, come with the scanning of pictures from the web at scale.
"""

import ctypes
import os
import sys

MEMORY_BYTES = 3 * 1024**3
OPEN_FILES = 64
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9


def confine(parent: int) -> None:
    """Tie this process to its parent's life and take away core files, files to write and endless memory.

    Raises:
        OSError: the system refused a step; the caller ends, so that no picture is looked at without it.
    """
    if sys.platform == "linux":
        _blank_environment()
    os.environ.clear()
    # One thread a worker: there is a worker for each core.
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENCV_LOG_LEVEL": "SILENT"})
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_PDEATHSIG, _SIGKILL), (_PR_SET_DUMPABLE, 0), (_PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        raise OSError("the parent is gone")
    limit()


def limit() -> None:
    """Resource limits: no core file, no file written, bounded memory and open files."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, MEMORY_BYTES),
    ):
        resource.setrlimit(kind, (most, most))


def _blank_environment() -> None:
    """Overwrite the values that were handed over at the start: clearing only forgets where they are."""
    libc = ctypes.CDLL(None)
    values = ctypes.POINTER(ctypes.c_void_p).in_dll(libc, "environ")
    index = 0
    while values and (place := values[index]):
        ctypes.memset(place, 0, len(ctypes.string_at(place)))
        index += 1
