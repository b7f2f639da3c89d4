"""Our memory, closed to other programs of the same user. Not for the window: a desktop then refuses it file dialogs."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def close_memory() -> None:
    """From now on no other program of this user reads our memory, environment or open files. Linux only.

    Raises:
        OSError: the system refused it.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
