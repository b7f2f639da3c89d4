"""The child process that looks at pictures. Started by :mod:`privacyguard.analysis.pool`; it answers until the pipe closes."""

import json
import os
from multiprocessing.connection import Connection
from pathlib import Path

from privacyguard.analysis.confine import confine
from privacyguard.analysis.looker import Looker


def run(connection: Connection, parent: int) -> None:
    """Answer requests until the pipe is closed."""
    confine(parent)
    _silence()
    looker = Looker()
    connection.send_bytes(b'{"ready": true}')
    while True:
        try:
            request = json.loads(connection.recv_bytes())
            content = connection.recv_bytes() if request["has_content"] else None
        except EOFError:
            return
        source = content if content is not None else Path(request["path"])
        connection.send_bytes(looker.answer(request, source))


def _silence() -> None:
    with open(os.devnull, "r+b", buffering=0) as nowhere:
        for stream in (0, 1, 2):
            os.dup2(nowhere.fileno(), stream)
