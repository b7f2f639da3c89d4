"""What a command says: human text or JSON on standard output, progress and problems on standard error.

Foreign text cannot steer the terminal: control characters, bidirectional marks and broken bytes are shown escaped.
"""

import json
import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

from privacyguard.i18n import _

_SHOWN_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_PROGRESS_EVERY_S = 0.2

Jsonable = Mapping[str, object] | Sequence[object]


class Output:
    """The two streams of one call. ``as_json``: the person asked for ``--json``."""

    def __init__(self, stdout: TextIO, stderr: TextIO, as_json: bool) -> None:
        self.as_json = as_json
        self._stdout = stdout
        self._stderr = stderr
        self._line_is_open = False
        self._next_progress = 0.0

    def say(self, text: str = "") -> None:
        """A line for people; nothing with ``--json``."""
        if not self.as_json:
            self._stdout.write(escaped(text) + "\n")

    def give(self, answer: Jsonable) -> None:
        """The answer for programs, on one line; nothing without ``--json``. A line of JSON lines arrives at once."""
        if self.as_json:
            self._stdout.write(as_json(answer) + "\n")
            self._stdout.flush()

    def problem(self, title: str, remedy: str = "") -> None:
        """What did not work, and what to do about it."""
        self._end_line()
        self._stderr.write(escaped(f"{title} {remedy}".strip()) + "\n")
        self._stderr.flush()

    def note(self, text: str) -> None:
        """A line about the work itself, beside the answer."""
        self.problem(text)

    def progress(self, text: str) -> None:
        """Where the work stands: one line that changes on a terminal, nothing elsewhere (a log, a pipe)."""
        now = time.monotonic()
        if not self._stderr.isatty() or now < self._next_progress:
            return
        self._next_progress = now + _PROGRESS_EVERY_S
        self._stderr.write("\r\x1b[K" + escaped(text))
        self._stderr.flush()
        self._line_is_open = True

    def close(self) -> None:
        """End the line of progress and hand everything over."""
        self._end_line()
        self._stdout.flush()
        self._stderr.flush()

    def _end_line(self) -> None:
        if self._line_is_open:
            self._stderr.write("\r\x1b[K")
            self._line_is_open = False


def as_json(answer: object) -> str:
    """One line of JSON in ASCII, so that no character of a foreign text reaches a terminal as it is."""
    return json.dumps(answer, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")


def escaped(text: str) -> str:
    """``text`` with what could steer a terminal, or turn the direction of writing, as visible codes."""
    return "".join(ch if unicodedata.category(ch) not in _SHOWN_ESCAPED else _code(ch) for ch in text)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines with columns below each other; cells may not hold line ends."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
    return ["  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]) for row in rows]


def yes_no(claim: bool) -> str:
    """The claim as a word."""
    return _("yes") if claim else _("no")


def _code(ch: str) -> str:
    number = ord(ch)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
