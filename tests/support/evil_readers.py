"""Child processes that stand in for a reader of exports that a hostile file took over. Importable by ``spawn``."""

import json
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from privacyguard.analysis import export_worker, worker
from tests.support import attacks
from tests.support.evil_workers import READY

GOOD: dict[str, Any] = {"kind": "chrome", "sites": [], "names": [], "passwords": [], "rows": 9, "left_out": 0}
CODE = "0" * 40

LIES: dict[str, Any] = {
    "no object": [],
    "nothing": {},
    "another kind": GOOD | {"kind": "=cmd()"},
    "a kind that is a list": GOOD | {"kind": []},
    "sites as one text": GOOD | {"sites": "example.com"},
    "a number as a site": GOOD | {"sites": [1]},
    "a site in capitals": GOOD | {"sites": ["Example.com"]},
    "markup as a site": GOOD | {"sites": ["<b>example.com"]},
    "an address as a site": GOOD | {"sites": ["https://example.com"]},
    "a host of numbers": GOOD | {"sites": ["127.0.0.1"]},
    "a host of 300 letters": GOOD | {"sites": ["a." * 150 + "com"]},
    "sites out of order": GOOD | {"sites": ["b.com", "a.com"]},
    "a site twice": GOOD | {"sites": ["a.com", "a.com"]},
    "a name with a code for terminals": GOOD | {"names": ["\x1b[2J"]},
    "a name that turns the direction": GOOD | {"names": ["a\u202eb"]},
    "half of a pair": GOOD | {"names": ["\ud800"]},
    "an empty name": GOOD | {"names": [""]},
    "a name of 10,000 letters": GOOD | {"names": ["x" * 10_000]},
    "a person's address as a name": GOOD | {"names": ["zoe@example.net"]},
    "rows as a text": GOOD | {"rows": "9"},
    "a truth as a count": GOOD | {"rows": True},
    "fewer rows than left out": GOOD | {"left_out": 10},
    "below nothing": GOOD | {"left_out": -1},
    "part of a row": GOOD | {"rows": 9.5},
    "more rows than bytes": GOOD | {"rows": 2**60},
    "passwords that nobody asked for": GOOD | {"passwords": [["example.com", CODE]]},
    "an unknown reason": {"unreadable": "<b>", "line": 1},
    "a reason that is no word": {"unreadable": ["row"], "line": 1},
    "line 0": {"unreadable": "row", "line": 0},
    "a text as a line": {"unreadable": "row", "line": "secret"},
}
LIES_ABOUT_PASSWORDS: dict[str, Any] = {
    "no list": GOOD | {"passwords": {}},
    "a password itself": GOOD | {"passwords": [["example.com", "hunter2"]]},
    "a short code": GOOD | {"passwords": [["example.com", "0" * 39]]},
    "a code alone": GOOD | {"passwords": [CODE]},
    "three parts": GOOD | {"passwords": [["example.com", CODE, ""]]},
    "markup as a place": GOOD | {"passwords": [["\x1b", CODE]]},
    "one twice": GOOD | {"passwords": [["example.com", CODE]] * 2},
}


def lies(connection: Connection, parent: int) -> None:
    """Answers with the lie whose name is the content."""
    connection.send_bytes(READY)
    token = json.loads(connection.recv_bytes())["token"]
    name = connection.recv_bytes().decode()
    connection.send_bytes(token.encode() + json.dumps((LIES | LIES_ABOUT_PASSWORDS)[name]).encode())


def confined(connection: Connection, parent: int, home: str, folder: str) -> None:
    """A real reader, that tries all attacks first; then it answers one request as usual."""
    reader, _told = export_worker.prepare(connection, parent)
    target = attacks.Target(parent, Path(home), Path(folder), recv_handle(connection))
    connection.send_bytes(json.dumps(attacks.attempt(target)).encode())
    worker.serve_one(connection, reader)
