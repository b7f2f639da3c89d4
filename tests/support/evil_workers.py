"""Child processes that stand in for a worker that a hostile picture took over. Importable by ``spawn``: plain functions."""

import io
import json
import math
import os
import pickle
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import Any

from privacyguard.analysis import worker
from privacyguard.analysis.confinement import Confinement, Network, ready_message

READY = ready_message(Confinement(7, True, 2**31, Network.NONE))
"""They say that they gave up everything, so that they get to see a picture."""

HARMLESS = b'{"unreadable": "not-a-picture"}'
FAR_TOO_MUCH = 10 * 1024 * 1024


class Planted:
    """Unpickling this makes a file, so that a test sees whether anybody unpickled it."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (self.mark,)


def _asked(connection: Connection) -> bytes:
    """The token of what is asked next; these tests send the content along."""
    token: str = json.loads(connection.recv_bytes())["token"]
    connection.recv_bytes()
    return token.encode()


def _answering(connection: Connection, answer: bytes, with_token: bool = True) -> None:
    connection.send_bytes(READY)
    while True:
        try:
            token = _asked(connection)
            connection.send_bytes(token + answer if with_token else answer)
        except (EOFError, OSError):
            return


def pickles(connection: Connection, parent: int) -> None:
    """Answers with what would run code when unpickled; the mark is in the working folder."""
    _answering(connection, pickle.dumps(Planted(f"unpickled-{parent}")))


def pickles_without_a_token(connection: Connection, parent: int) -> None:
    """The same, and nothing before it."""
    _answering(connection, pickle.dumps(Planted(f"unpickled-{parent}")), with_token=False)


def pickles_when_ready(connection: Connection, parent: int) -> None:
    """The same as the first word."""
    connection.send_bytes(pickle.dumps(Planted(f"unpickled-{parent}")))
    _answering(connection, b"{}")


def floods(connection: Connection, parent: int) -> None:
    """Answers in JSON with ten times the bytes that are allowed."""
    _answering(connection, b'{"faces": "' + b"x" * FAR_TOO_MUCH + b'"}')


def sends_gigabytes(connection: Connection, parent: int) -> None:
    """Sends 2 GB, if anybody takes them."""
    connection.send_bytes(READY)
    _asked(connection)
    os.write(connection.fileno(), (2**31 - 1).to_bytes(4, "big"))
    with suppress(OSError):
        for _ in range(2**11):
            os.write(connection.fileno(), bytes(2**20))


def babbles(connection: Connection, parent: int) -> None:
    """Answers with noise."""
    _answering(connection, bytes(range(256)) * 16)


def lies(connection: Connection, parent: int) -> None:
    """Answers in JSON that has not the agreed form."""
    _answering(connection, b'{"width": 1, "height": 1, "faces": [{"box": "everywhere"}]}')


def answers_with_no_number(connection: Connection, parent: int) -> None:
    """Answers as agreed, but one face points in a direction that is none: NaN."""
    face = {"box": [0, 0, 9, 9], "landmarks": [[1, 1]] * 5, "quality": [9, 1, 1, 0, 1], "cut": None}
    told = {"width": 9, "height": 9, "format": "PNG", "sha256": "0" * 64, "phash": "0" * 16, "model_id": "sface"}
    nowhere = [math.nan] * 128
    _answering(connection, json.dumps({**told, "faces": [{**face, "embedding": nowhere}]}).encode())


def answers_for_another(connection: Connection, parent: int) -> None:
    """Answers in good form, but with the token of another picture: the one before, or one that was never asked about."""
    connection.send_bytes(READY)
    token = b"0" * 16
    while True:
        try:
            before, token = token, _asked(connection)
            connection.send_bytes(before + HARMLESS)
        except (EOFError, OSError):
            return


def answers_twice(connection: Connection, parent: int) -> None:
    """Answers, and adds an answer for whatever comes next."""
    connection.send_bytes(READY)
    while True:
        try:
            token = _asked(connection)
            connection.send_bytes(token + HARMLESS)
            connection.send_bytes(token + HARMLESS)
        except (EOFError, OSError):
            return


def says_nothing_of_use(connection: Connection, parent: int) -> None:
    """Answers with no byte at all."""
    _answering(connection, b"")


def announces_gigabytes(connection: Connection, parent: int) -> None:
    """Writes the head of a message that would be far larger than memory."""
    connection.send_bytes(READY)
    _asked(connection)
    os.write(connection.fileno(), b"\xff\xff\xff\xff" + (2**50).to_bytes(8, "big"))
    time.sleep(60)


def stops_within_an_answer(connection: Connection, parent: int) -> None:
    """Announces 1,000 bytes, sends ten and waits."""
    connection.send_bytes(READY)
    _asked(connection)
    os.write(connection.fileno(), (1000).to_bytes(4, "big") + b"0123456789")
    time.sleep(60)


def is_silent(connection: Connection, parent: int) -> None:
    """Takes the picture and never answers."""
    connection.send_bytes(READY)
    _asked(connection)
    time.sleep(60)


def is_silent_after_a_file(connection: Connection, parent: int) -> None:
    """Takes an open file and never answers."""
    connection.send_bytes(READY)
    connection.recv_bytes()
    recv_handle(connection)
    time.sleep(120)


def dies(connection: Connection, parent: int) -> None:
    """Ends when it is asked."""
    connection.send_bytes(READY)
    connection.recv_bytes()
    os._exit(7)


def dies_at_the_start(connection: Connection, parent: int) -> None:
    """Ends before it is ready."""
    os._exit(7)


def is_open_to_the_web(connection: Connection, parent: int) -> None:
    """An honest worker on a Linux without seccomp: it does all but filter calls, says so, and works."""
    looker, told = worker.prepare(connection, parent)
    connection.send_bytes(ready_message(replace(told, seccomp=False, network=Network.BEST_EFFORT)))
    worker.serve(connection, looker)


HUNGRY, FATAL = b"hungry decoder", b"fatal decoder"


def has_faulty_decoders(connection: Connection, parent: int) -> None:
    """The real worker, but its decoder asks for memory without end at one content, and ends the process at another."""
    looker, told = worker.prepare(connection, parent)
    import numpy as np
    from PIL import Image

    open_honestly = Image.open

    def open_faultily(file: io.BytesIO, *arguments: Any, **options: Any) -> Image.Image:
        match file.getvalue():
            case content if content == HUNGRY:
                taken = []
                while True:
                    taken.append(np.empty(64 * 1024 * 1024, np.uint8))
            case content if content == FATAL:
                os.abort()
        return open_honestly(file, *arguments, **options)

    Image.open = open_faultily  # type: ignore[assignment]
    connection.send_bytes(ready_message(told))
    worker.serve(connection, looker)
