"""Child processes that stand in for a worker that a hostile picture took over. Importable by ``spawn``: plain functions."""

import os
import pickle
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

READY = b'{"ready": true}'
ASKED = b"sent before it was asked"


class Planted:
    """Unpickling this makes a file, so that a test sees whether anybody unpickled it."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (self.mark,)


def _answering(connection: Connection, answer: bytes) -> None:
    connection.send_bytes(READY)
    while True:
        try:
            connection.recv_bytes()
            connection.recv_bytes()  # these tests send the content along
            connection.send_bytes(answer)
        except (EOFError, OSError):
            return


def pickles(connection: Connection, parent: int) -> None:
    """Answers with what would run code when unpickled; the mark is next to the working folder's name."""
    _answering(connection, pickle.dumps(Planted(f"unpickled-{parent}")))


def floods(connection: Connection, parent: int) -> None:
    """Answers with twice the bytes that are allowed."""
    _answering(connection, b'{"faces": "' + b"x" * (2 * 1024 * 1024) + b'"}')


def babbles(connection: Connection, parent: int) -> None:
    """Answers with noise."""
    _answering(connection, bytes(range(256)) * 16)


def lies(connection: Connection, parent: int) -> None:
    """Answers in JSON that has not the agreed form."""
    _answering(connection, b'{"width": 1, "height": 1, "faces": [{"box": "everywhere"}]}')


def says_nothing_of_use(connection: Connection, parent: int) -> None:
    """Answers with no byte at all."""
    _answering(connection, b"")


def announces_gigabytes(connection: Connection, parent: int) -> None:
    """Writes the head of a message that would be far larger than memory."""
    connection.send_bytes(READY)
    connection.recv_bytes()
    connection.recv_bytes()
    os.write(connection.fileno(), b"\xff\xff\xff\xff" + (2**50).to_bytes(8, "big"))
    time.sleep(60)


def stops_within_an_answer(connection: Connection, parent: int) -> None:
    """Announces 1,000 bytes, sends ten and waits."""
    connection.send_bytes(READY)
    connection.recv_bytes()
    connection.recv_bytes()
    os.write(connection.fileno(), (1000).to_bytes(4, "big") + b"0123456789")
    time.sleep(60)


def is_silent(connection: Connection, parent: int) -> None:
    """Takes the picture and never answers."""
    connection.send_bytes(READY)
    connection.recv_bytes()
    connection.recv_bytes()
    time.sleep(60)


def dies(connection: Connection, parent: int) -> None:
    """Ends when it is asked."""
    connection.send_bytes(READY)
    connection.recv_bytes()
    os._exit(7)


def dies_at_the_start(connection: Connection, parent: int) -> None:
    """Ends before it is ready."""
    os._exit(7)
