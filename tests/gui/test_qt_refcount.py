"""PySide6 6.12 on Python 3.11 loses a reference to True on each emit, and the program dies after some hundred."""

import sys

from PySide6.QtCore import QObject, Signal

EMITS = 5_000


class _Emitter(QObject):
    happened = Signal(bool)


def test_emitting_a_signal_keeps_the_references_to_true() -> None:
    heard: list[int] = []
    emitter = _Emitter()
    emitter.happened.connect(lambda value: heard.append(1 if value else 0))
    before = sys.getrefcount(True)
    for _ in range(EMITS):
        emitter.happened.emit(True)
    assert abs(sys.getrefcount(True) - before) < 50
    assert sum(heard) == EMITS
