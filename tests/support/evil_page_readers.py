"""Child processes that stand in for a reader of saved pages that a hostile page took over. Importable by ``spawn``."""

import json
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from privacyguard.analysis import saved_worker, worker
from privacyguard.analysis.saved_pages import PICTURES
from tests.support import attacks
from tests.support.evil_workers import READY

A = "https://club.example.org/a"
GOOD: dict[str, Any] = {
    "title": "T",
    "address": A,
    "inside": [[3, A, None]],
    "beside": {"R_files/a.png": A},
    "left_out": 0,
}

LIES: dict[str, Any] = {
    "no object": [],
    "nothing": {},
    "a number as a title": GOOD | {"title": 1},
    "an empty title": GOOD | {"title": ""},
    "a title of 10,000 letters": GOOD | {"title": "x" * 10_000},
    "a file as an address": GOOD | {"address": "file:///etc/passwd"},
    "a turned address": GOOD | {"address": A + "\u202e"},
    "an address of 10,000 letters": GOOD | {"address": A + "x" * 10_000},
    "no list of pictures": GOOD | {"inside": {}},
    "too many pictures": GOOD | {"inside": [[1, None, None]] * (PICTURES + 1)},
    "half a picture": GOOD | {"inside": [[3, A]]},
    "a picture of no bytes": GOOD | {"inside": [[0, None, None]]},
    "a picture below nothing": GOOD | {"inside": [[-1, None, None]]},
    "a truth as a size": GOOD | {"inside": [[True, None, None]]},
    "a picture of a terabyte": GOOD | {"inside": [[2**40, None, None]]},
    "pictures larger than the file": GOOD | {"inside": [[60_000_000, None, None]] * 2},
    "a script as a page": GOOD | {"inside": [[3, None, "javascript:alert(1)"]]},
    "links as a list": GOOD | {"beside": []},
    "a link that is none": GOOD | {"beside": {"a.png": None}},
    "a link to a file": GOOD | {"beside": {"a.png": "file:///x"}},
    "a name without letters": GOOD | {"beside": {"": A}},
    "a name of 10,000 letters": GOOD | {"beside": {"x" * 10_000: A}},
    "left out as a text": GOOD | {"left_out": "0"},
    "below nothing left out": GOOD | {"left_out": -1},
    "an unknown reason": {"unreadable": "<b>"},
    "a reason that is no word": {"unreadable": ["no-page"]},
}


def gives_short_pieces(connection: Connection, parent: int) -> None:
    """Tells of a picture of a megabyte and gives two bytes."""
    _serve(connection, b"xx", 1_000_000)


def gives_nothing(connection: Connection, parent: int) -> None:
    """Tells of a picture, and gives empty pieces for ever."""
    _serve(connection, b"", 10)


def gives_more(connection: Connection, parent: int) -> None:
    """Gives more than it told of."""
    _serve(connection, b"x" * 11, 10)


def dies_between(connection: Connection, parent: int) -> None:
    """Tells of a picture, and is gone."""
    _serve(connection, None, 10)


def _serve(connection: Connection, piece: bytes | None, size: int) -> None:
    connection.send_bytes(READY)
    request = json.loads(connection.recv_bytes())
    recv_handle(connection)
    told = GOOD | {"inside": [[size, None, None]]}
    connection.send_bytes(request["token"].encode() + json.dumps(told).encode())
    while piece is not None:
        try:
            token = json.loads(connection.recv_bytes())["token"]
            connection.recv_bytes()
            connection.send_bytes(token.encode() + piece)
        except (EOFError, OSError):
            return


def confined(connection: Connection, parent: int, home: str, folder: str) -> None:
    """A real reader, that tries all attacks first; then it answers one request as usual."""
    reader, _told = saved_worker.prepare(connection, parent)
    target = attacks.Target(parent, Path(home), Path(folder), recv_handle(connection))
    connection.send_bytes(json.dumps(attacks.attempt(target)).encode())
    worker.serve_one(connection, reader)
