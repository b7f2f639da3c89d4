"""What a worker gives up before it sees a picture: first files, then memory, then system calls, in this order.

Landlock binds a thread and those it starts, so it comes before numpy and OpenCV, which start some. The filter on system
calls comes last, when everything is loaded. On macOS and Windows: what their modules say, untried.
"""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

from privacyguard.analysis import landlock, seccomp
from privacyguard.analysis.confinement import Confinement, Network

_GIB = 1024**3
MEMORY_BYTES, SMALL_MEMORY_BYTES = 3 * _GIB, 3 * _GIB // 2
"""Address space of a worker, and of one on a computer with less than 4 GiB of memory."""

OPEN_FILES = 64
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9


def begin(parent: int, pipe: int) -> int:
    """Before anything heavy is imported: tie this process to its parent, forget what it was started with, close off files.

    All open files but ``pipe`` are closed. Returns the version of Landlock in force, 0 for none: also where another thread
    runs already, which it would not bind.

    Raises:
        OSError: the system refused a step; the caller ends, so that no picture is looked at without it.
    """
    places = readable_places()
    if sys.platform == "linux":
        _blank_environment()
        _offer_to_be_ended_first()
    os.environ.clear()
    # One thread a worker: there is a worker for each core.
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENCV_LOG_LEVEL": "SILENT"})
    sys.argv[:] = [""]  # the parent's, which may name people's folders
    _silence()
    if sys.platform == "darwin":
        from privacyguard.analysis import confine_macos

        confine_macos.close_off(Path.home(), places)
    if sys.platform != "linux":
        return 0
    os.chdir("/")
    _close_files_but(pipe)
    _bind_to(parent)
    is_single = len(list(Path("/proc/self/task").iterdir())) == 1
    return landlock.only_read(places) if is_single else 0


def finish(landlock_version: int) -> Confinement:
    """After all is loaded: bound memory and files, then filter system calls. What is in force from now on.

    Raises:
        OSError: as :func:`begin`.
    """
    if sys.platform == "win32":
        from privacyguard.analysis import confine_windows

        memory = memory_limit()
        confine_windows.close_off(memory)
        return Confinement(0, False, memory, Network.BEST_EFFORT)
    memory = _limit()
    is_filtered = seccomp.filter_calls()
    return Confinement(landlock_version, is_filtered, memory, Network.NONE if is_filtered else Network.BEST_EFFORT)


def memory_limit() -> int:
    """The most address space that a worker gets on this computer, in bytes."""
    if sys.platform == "win32":
        return MEMORY_BYTES
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return MEMORY_BYTES if memory >= 4 * _GIB else SMALL_MEMORY_BYTES


def readable_places() -> list[Path]:
    """Where the program, Python, their packages and the system's libraries are. No folder of the person's."""
    packages = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    bundled = getattr(sys, "_MEIPASS", None)
    # The installed app has its libraries in one folder, and its modules inside the program's own file.
    own = [Path(bundled), Path(sys.executable)] if bundled else [Path(__file__).resolve().parents[1]]
    of_python = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *packages]
    of_system = [
        "/usr",
        "/lib",
        "/lib32",
        "/lib64",
        "/dev/urandom",
        "/dev/null",
        "/proc/self",
        "/proc/cpuinfo",
        "/sys/devices/system/cpu",
    ]
    return [*own, *map(Path, dict.fromkeys([*of_python, *of_system]))]


def _limit() -> int:
    """Resource limits; the bytes of address space. macOS does not keep that one: 0 there."""
    if sys.platform == "win32":
        return 0
    import resource

    memory = memory_limit() if sys.platform == "linux" else 0
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, OPEN_FILES)]
    if sys.platform == "linux":
        limits += [(resource.RLIMIT_MSGQUEUE, 0), (resource.RLIMIT_AS, memory)]
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))
    return memory


def _bind_to(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_PDEATHSIG, _SIGKILL), (_PR_SET_DUMPABLE, 0), (_PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        raise OSError("the parent is gone")


def _silence() -> None:
    with open(os.devnull, "r+b", buffering=0) as nowhere:
        for stream in (0, 1, 2):
            os.dup2(nowhere.fileno(), stream)


def _close_files_but(pipe: int) -> None:
    """Among them is the pipe of multiprocessing to the process that deletes shared memory by name."""
    for descriptor in [int(each.name) for each in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2 and descriptor != pipe:
            os.closerange(descriptor, descriptor + 1)


def _offer_to_be_ended_first() -> None:
    """When the computer runs out of memory, a worker is the one to lose. A wish: /proc may be closed for writing."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _blank_environment() -> None:
    """Overwrite the values that were handed over at the start: clearing only forgets where they are."""
    libc = ctypes.CDLL(None)
    values = ctypes.POINTER(ctypes.c_void_p).in_dll(libc, "environ")
    index = 0
    while values and (place := values[index]):
        ctypes.memset(place, 0, len(ctypes.string_at(place)))
        index += 1
