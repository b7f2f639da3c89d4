"""Our own list of leaks of pictures that know no addresses: ``resources/known-picture-leaks.json``."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from privacyguard.model.breach import Breach

DATA = Path(__file__).resolve().parents[3] / "resources" / "known-picture-leaks.json"
CONFIDENCE = ("A", "B", "C")

_FIELDS = frozenset("title domain aliases occurred_on data_classes source checked_on confidence".split())
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True)
class KnownPictureLeak:
    """A leak of pictures, with where we know it from.

    ``aliases``: other names of the organisation; ``checked_on``: when the source was last read; ``confidence``: A, the
    organisation or an authority says so; B, several reports agree; C, one report.
    """

    breach: Breach
    aliases: tuple[str, ...]
    source: str
    checked_on: date
    confidence: str


def known_picture_leaks(data: Path = DATA) -> tuple[KnownPictureLeak, ...]:
    """The leaks of our own list.

    Raises:
        ValueError: a field is missing, unknown, or not of its form; such a list is a fault of ours, never left out.
    """
    content = json.loads(data.read_text(encoding="utf-8"))
    leaks = tuple(_leak(entry) for entry in content["leaks"])
    if len({leak.breach.key for leak in leaks}) != len(leaks):
        raise ValueError("a leak twice")
    return leaks


def _leak(entry: dict[str, Any]) -> KnownPictureLeak:
    if entry.keys() != _FIELDS:
        raise ValueError("fields that are not those of the list")
    title, domain = _text(entry["title"]), entry["domain"]
    if domain != "" and not _DOMAIN.fullmatch(domain):
        raise ValueError("not the address of a site")
    if not _MONTH.fullmatch(entry["occurred_on"]):
        raise ValueError("not a month")
    if entry["confidence"] not in CONFIDENCE:
        raise ValueError("not a degree of confidence")
    breach = Breach(
        name="".join(ch for ch in title if ch.isalnum()),
        title=title,
        domain=domain,
        occurred_on=date.fromisoformat(f"{entry['occurred_on']}-01"),
        added_on=None,
        data_classes=_texts(entry["data_classes"]),
        knows_no_addresses=True,
    )
    if not breach.has_pictures:
        raise ValueError("a leak without pictures")
    return KnownPictureLeak(
        breach,
        _texts(entry["aliases"]),
        _text(entry["source"]),
        date.fromisoformat(entry["checked_on"]),
        entry["confidence"],
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or value != value.strip() or not value or not value.isprintable():
        raise ValueError("not a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return tuple(map(_text, value))
