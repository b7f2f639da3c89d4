"""The child process that looks at pictures. Started by :mod:`privacyguard.analysis.pool`; it answers until the pipe closes.

A request is a JSON object, then an open file or the bytes of a picture; the answer begins with the request's token.
"""

import ctypes
import json
import os
import struct
import sys
import zlib
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import Any, Protocol

from privacyguard.analysis import confine
from privacyguard.analysis.confinement import Confinement, ready_message
from privacyguard.analysis.looker import Looker

FIRST_PX = 416
"""Of the first picture, a white one: the net's buffers are then large enough for small pictures and rows of patches."""

KEPT_BYTES = 32 * 1024 * 1024
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


class Answering(Protocol):
    """What answers the requests."""

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """The answer to a request about an open file, or content."""


def run(connection: Connection, parent: int) -> None:
    """Give up what is not needed, then answer requests until the pipe is closed."""
    looker, confinement = prepare(connection, parent)
    connection.send_bytes(ready_message(confinement))
    serve(connection, looker)


def prepare(connection: Connection, parent: int) -> tuple[Looker, Confinement]:
    """Everything loaded and used once, then closed off; nothing foreign was read until now.

    Raises:
        OSError: the system refused to take something away; the process ends.
    """
    landlock = confine.begin(parent, connection.fileno())
    _keep_memory()
    looker = Looker()
    # What is loaded at first use is loaded now: libraries, codecs, the net's own buffers.
    looker.answer({"do": "analyse", "cuts": False}, white_picture(FIRST_PX))
    return looker, confine.finish(landlock)


def serve(connection: Connection, looker: Answering) -> None:
    """Answer requests until the pipe is closed."""
    while serve_one(connection, looker):
        pass


def serve_one(connection: Connection, looker: Answering) -> bool:
    """Answer one request, and close the file that was handed over with it. False: the pipe was closed."""
    try:
        request = json.loads(connection.recv_bytes())
        source = connection.recv_bytes() if request["has_content"] else _descriptor(recv_handle(connection))
    except EOFError:
        return False
    try:
        answer = looker.answer(request, source)
    finally:
        if isinstance(source, int):
            os.close(source)
    connection.send_bytes(request["token"].encode("ascii") + answer)
    return True


def _keep_memory() -> None:
    """Use large blocks again. glibc gives each back, and the system clears it anew: up to a tenth of a picture's time."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # other C libraries have none
        mallopt(_M_MMAP_THRESHOLD, KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, 4 * KEPT_BYTES)
        # OpenVINO's threads have nothing to do here, and each would set aside 64 MiB of addresses.
        mallopt(_M_ARENA_MAX, 1)


def white_picture(side_px: int = 64) -> bytes:
    """A white square as PNG, made without a library, because none is loaded yet."""
    rows = (b"\0" + b"\xff" * side_px) * side_px
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side_px, side_px, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _descriptor(handle: int) -> int:
    """What was handed over, as a file descriptor: on Windows (untried) it comes as one of the system's handles."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(handle, os.O_RDONLY)
    return handle
