"""Child processes that stand in for a reader of pages that a hostile page took over. Importable by ``spawn``."""

import json
from multiprocessing.connection import Connection
from typing import Any

from tests.support.evil_workers import READY

A = "https://club.example.org/a"
GOOD: dict[str, Any] = {
    "title": "T",
    "pictures": [A],
    "links": [A],
    "next_pages": [A],
    "styles": [A],
    "canonical": A,
    "may_follow": True,
    "left_out": 0,
}
LIES: dict[str, Any] = {
    "no object": [],
    "nothing": {},
    "a number as a title": GOOD | {"title": 1},
    "a title of 10,000 letters": GOOD | {"title": "x" * 10_000},
    "a title that clears the screen": GOOD | {"title": "\x1b[2J"},
    "a title that turns the direction": GOOD | {"title": "a\u202eb"},
    "pictures as one text": GOOD | {"pictures": A},
    "a number as a picture": GOOD | {"pictures": [1]},
    "a file as a picture": GOOD | {"pictures": ["file:///etc/passwd"]},
    "a script as a link": GOOD | {"links": ["javascript:alert(1)"]},
    "a link of 3,000 letters": GOOD | {"links": [A + "a" * 3000]},
    "a link of two lines": GOOD | {"links": [A + "\n"]},
    "a turned link": GOOD | {"links": [A + "\u202e"]},
    "5,001 links": GOOD | {"links": [A] * 5001},
    "2,001 pictures": GOOD | {"pictures": [A] * 2001},
    "21 styles": GOOD | {"styles": [A] * 21},
    "a number as its own address": GOOD | {"canonical": 7},
    "yes as a text": GOOD | {"may_follow": "yes"},
    "a truth as a count": GOOD | {"left_out": True},
    "below nothing": GOOD | {"left_out": -1},
    "an unknown reason": {"unreadable": "<b>"},
    "a reason that is no word": {"unreadable": ["size"]},
}


def lies(connection: Connection, parent: int) -> None:
    """Answers with the lie whose name is the content."""
    connection.send_bytes(READY)
    token = json.loads(connection.recv_bytes())["token"]
    name = connection.recv_bytes().decode()
    connection.send_bytes(token.encode() + json.dumps(LIES[name]).encode())


def tells(connection: Connection, parent: int) -> None:
    """Answers as agreed, so that it is the lie that is refused."""
    connection.send_bytes(READY)
    token = json.loads(connection.recv_bytes())["token"]
    connection.recv_bytes()
    connection.send_bytes(token.encode() + json.dumps(GOOD).encode())
