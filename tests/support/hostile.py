"""Replies with one field wrong."""

import copy
from collections.abc import Iterator
from typing import Any

HOSTILE: list[Any] = [
    None,
    True,
    7,
    "",
    "x",
    "x" * 10**6,
    "\x00",
    "\x1b[2J",
    "\u202e<b>x</b>",
    "\ud800",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"a": 1},
]
"""What a field may be in place of what it should be."""


def places(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*way, name))


def changed(value: Any, way: tuple[Any, ...], to: Any) -> Any:
    """A copy with another value at one place."""
    if not way:
        return to
    new = copy.deepcopy(value)
    at = new
    for name in way[:-1]:
        at = at[name]
    at[way[-1]] = to
    return new


def is_clean(text: str | None, most: int = 2048) -> bool:
    return text is None or (text.isprintable() and "<b>" not in text and len(text) <= most)
