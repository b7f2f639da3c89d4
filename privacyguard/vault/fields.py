"""Stored values read strictly: whatever is not as we write it means a damaged file, never a surprise further on."""

import json
import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn

from privacyguard.errors import VaultDamaged
from privacyguard.model.picture import Box

if TYPE_CHECKING:
    from sqlite3 import Row


@contextmanager
def strictly() -> Iterator[None]:
    """Around code that reads stored values: what they cannot be read as raises :class:`VaultDamaged`."""
    try:
        yield
    except (ValueError, OverflowError, RecursionError, zlib.error):
        raise VaultDamaged("a value is not as it was written") from None


class Fields:
    """A row or a JSON object, field by field. Raises ValueError for a missing field or another type."""

    def __init__(self, untrusted: object) -> None:
        if not isinstance(untrusted, Mapping):
            raise ValueError("not an object")
        self._untrusted: Mapping[object, object] = untrusted

    @classmethod
    def from_row(cls, row: "Row") -> "Fields":
        """The fields of a row: its columns."""
        return cls({name: row[name] for name in row.keys()})  # noqa: SIM118  (a row iterates over its values)

    @classmethod
    def from_json(cls, untrusted_text: str) -> "Fields":
        """The fields of a JSON object."""
        return cls(from_json(untrusted_text))

    def with_defaults(self, **defaults: object) -> "Fields":
        """The same, with these values for fields that an older version did not write."""
        fields = dict(self._untrusted)
        for name, value in defaults.items():
            fields.setdefault(name, value)
        return Fields(fields)

    def value(self, name: str) -> object:
        """The field as it is."""
        if name not in self._untrusted:
            raise ValueError("a field is missing")
        return self._untrusted[name]

    def text(self, name: str) -> str:
        """A text."""
        return _text(self.value(name))

    def optional_text(self, name: str) -> str | None:
        """A text, or None."""
        value = self.value(name)
        return None if value is None else _text(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(_text(item) for item in _list(self.value(name)))

    def integer(self, name: str) -> int:
        """A whole number of at most 64 bits."""
        return _integer(self.value(name))

    def optional_integer(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self.value(name)
        return None if value is None else _integer(value)

    def number(self, name: str) -> float:
        """A finite number."""
        value = self.value(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError("not a number")
        return float(value)

    def optional_number(self, name: str) -> float | None:
        """A finite number, or None."""
        return None if self.value(name) is None else self.number(name)

    def size(self, name: str) -> tuple[int, int] | None:
        """Width and height, or None."""
        value = self.value(name)
        if value is None:
            return None
        sides = [_integer(item) for item in _list(value)]
        if len(sides) != 2:
            raise ValueError("not a size")
        return sides[0], sides[1]

    def truth(self, name: str) -> bool:
        """True or false; in a row 1 or 0."""
        value = self.value(name)
        if value not in (0, 1):
            raise ValueError("neither true nor false")
        return bool(value)

    def content(self, name: str) -> bytes:
        """Bytes."""
        value = self.value(name)
        if not isinstance(value, bytes):
            raise ValueError("not bytes")
        return value

    def optional_content(self, name: str) -> bytes | None:
        """Bytes, or None."""
        return None if self.value(name) is None else self.content(name)

    def path(self, name: str) -> str:
        """A path or address that was written with :func:`path_bytes`."""
        return self.content(name).decode("utf-8", "surrogatepass")

    def moment(self, name: str) -> datetime:
        """A time with its zone."""
        moment = datetime.fromisoformat(self.text(name))
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment

    def day(self, name: str) -> date | None:
        """A date, or None."""
        text = self.optional_text(name)
        return None if text is None else date.fromisoformat(text)

    def box(self, name: str) -> Box:
        """A rectangle."""
        sides = [_integer(item) for item in _list(self.value(name))]
        if len(sides) != 4:
            raise ValueError("not a rectangle")
        return Box(*sides)

    def objects(self, name: str) -> tuple["Fields", ...]:
        """A list of objects."""
        return tuple(Fields(item) for item in _list(self.value(name)))


def from_json(untrusted_text: str) -> object:
    """What the text holds; ValueError for text that is not strict JSON."""
    return json.loads(untrusted_text, parse_constant=_refuse)


def to_json(value: object) -> str:
    """The value as text. Lone surrogates (of paths) are escaped, so it always fits SQLite's TEXT."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def path_bytes(path: str) -> bytes:
    """A path as bytes, also one that is no text on this system."""
    return path.encode("utf-8", "surrogatepass")


def moment_text(moment: datetime) -> str:
    """A time as text. Raises ValueError where it has no zone: it could not be compared later."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.isoformat()


def day_text(day: date | None) -> str | None:
    """A date as text, or None."""
    return None if day is None else day.isoformat()


def _refuse(name: str) -> NoReturn:
    raise ValueError("not a number")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError("not a whole number")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value
