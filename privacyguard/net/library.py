"""Loading the library that speaks HTTP: late, and by one thread."""

import importlib
import threading

_LOADING = threading.Lock()


def load_library() -> None:
    """Load ``requests`` with all that it needs, where it is not loaded yet.

    Two threads that load parts of one package at once can lose it (CPython 3.11): whoever may be the first calls this.
    """
    with _LOADING:
        importlib.import_module("requests")
