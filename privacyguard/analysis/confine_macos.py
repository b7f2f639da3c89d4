"""macOS: the system's sandbox by ``sandbox_init``, which is marked as old and is what browsers still use. Untried.

Not here: a limit of memory (RLIMIT_AS is not kept there; the parent would have to watch), and an end with the parent
(a worker that hangs while its parent dies stays until the pipe is read).
"""

import ctypes
from collections.abc import Iterable
from pathlib import Path


def close_off(home: Path, readable: Iterable[Path]) -> None:
    """From now on: no network, no new programs or processes, no file written, and below ``home`` only ``readable`` read.

    Raises:
        OSError: the system refused the rules.
    """
    library = ctypes.CDLL("/usr/lib/libSystem.dylib")
    problem = ctypes.c_char_p()
    if library.sandbox_init(profile(home, readable).encode(), ctypes.c_uint64(0), ctypes.byref(problem)) != 0:
        library.sandbox_free_error(problem)
        raise OSError("sandbox_init")


def profile(home: Path, readable: Iterable[Path]) -> str:
    """The rules in the sandbox's own language; of two that fit, the later one counts."""
    rules = ["(version 1)", "(allow default)"]
    rules += [f"(deny {what})" for what in ("network*", "process-exec*", "process-fork", "file-write*")]
    rules.append(f"(deny file-read* (subpath {_quoted(home)}))")
    rules += [f"(allow file-read* (subpath {_quoted(place)}))" for place in readable]
    return "\n".join(rules)


def _quoted(path: Path) -> str:
    text = str(path.resolve()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
