"""What comes from a worker is foreign: here its parts are checked, and whatever is not as agreed raises BadAnswer."""

import math
from collections.abc import Mapping
from typing import Any


class BadAnswer(Exception):
    """A worker's answer has not the agreed form. It is ended, and its picture counts as unreadable."""


def an_object(untrusted: object) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(untrusted, dict):
        raise BadAnswer("not an object")
    return untrusted


def a_list(untrusted: object, most: int, least: int = 0) -> list[Any]:
    """A list of ``least`` to ``most`` items."""
    if not isinstance(untrusted, list) or not least <= len(untrusted) <= most:
        raise BadAnswer("not a list of the agreed length")
    return untrusted


def a_number(untrusted: object, limit: float) -> float:
    """A finite number, at most ``limit`` from zero."""
    if isinstance(untrusted, bool) or not isinstance(untrusted, int | float):
        raise BadAnswer("not a number")
    if not math.isfinite(untrusted) or abs(untrusted) > limit:
        raise BadAnswer("a number out of range")
    return float(untrusted)


def a_whole_number(untrusted: object, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``."""
    if isinstance(untrusted, bool) or not isinstance(untrusted, int) or not least <= untrusted <= most:
        raise BadAnswer("not a whole number in range")
    return untrusted


def a_word(untrusted: object, length: int) -> str:
    """Printable ASCII, 1 to ``length`` letters."""
    if not isinstance(untrusted, str) or not untrusted.isascii() or not untrusted.isprintable():
        raise BadAnswer("not a word")
    if not 0 < len(untrusted) <= length:
        raise BadAnswer("a word of the wrong length")
    return untrusted


def hexadecimal(untrusted: object, length: int) -> str:
    """Exactly ``length`` hexadecimal digits."""
    if not isinstance(untrusted, str) or len(untrusted) != length or set(untrusted) - set("0123456789abcdef"):
        raise BadAnswer("not hexadecimal")
    return untrusted


def no_constant(name: str) -> float:
    """For json.loads: NaN and Infinity are refused."""
    raise ValueError(name)


def plain_text(untrusted: object, length: int) -> str:
    """Printable text, 1 to ``length`` letters, in any script."""
    if not isinstance(untrusted, str) or not untrusted.isprintable() or not 0 < len(untrusted) <= length:
        raise BadAnswer("not plain text")
    return untrusted
