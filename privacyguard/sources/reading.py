"""Reading foreign JSON: each field checked for its type and cut to a length, HTML taken out."""

import html
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from privacyguard.errors import AddressRefused, UnexpectedReply
from privacyguard.net.addresses import MAX_ADDRESS_BYTES, in_ascii

TEXT_AT_MOST = 300
LIST_AT_MOST = 100_000
CLASSES_AT_MOST = 100

_MONTH_OR_YEAR = re.compile(r"[0-9]{4}(-[0-9]{2})?")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_MARKUP = frozenset("<>&")


def an_object(untrusted: object) -> dict[str, Any]:
    """The JSON object. Raises :class:`UnexpectedReply` for anything else."""
    if not isinstance(untrusted, dict):
        raise UnexpectedReply("not an object")
    return untrusted


def a_list(untrusted: object, most: int = LIST_AT_MOST) -> list[Any]:
    """The JSON list. Raises :class:`UnexpectedReply` for anything else, or one that is too long."""
    if not isinstance(untrusted, list) or len(untrusted) > most:
        raise UnexpectedReply("not a list of the agreed length")
    return untrusted


def objects(untrusted: Mapping[str, Any], name: str, most: int = LIST_AT_MOST) -> list[dict[str, Any]]:
    """The objects in a list that may be missing. Raises :class:`UnexpectedReply` where it is there and no such list."""
    return [an_object(each) for each in a_list(untrusted[name], most)] if name in untrusted else []


def a_text(untrusted: object, most: int = TEXT_AT_MOST) -> str:
    """Plain text of one line: no tags, no control or direction characters. Raises :class:`UnexpectedReply`."""
    if not isinstance(untrusted, str):
        raise UnexpectedReply("not text")
    return plain(untrusted, most)


def a_name(untrusted: object) -> str:
    """As :func:`a_text`, but never empty."""
    name = a_text(untrusted)
    if not name:
        raise UnexpectedReply("an empty name")
    return name


def plain(untrusted: str, most: int = TEXT_AT_MOST) -> str:
    """Foreign text as plain text of one line, cut to ``most`` characters."""
    text = untrusted[: most * 20]
    if not text.isprintable() or not _MARKUP.isdisjoint(text):
        # Twice: what was written with entities may turn out to be a tag.
        text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", text)))
        text = "".join(ch if ch.isprintable() else " " for ch in text)
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def an_address(untrusted: object) -> str | None:
    """A web address in its ASCII form; None where it is not http or https, too long, or not an address at all.

    Raises:
        UnexpectedReply: not even text.
    """
    if not isinstance(untrusted, str):
        raise UnexpectedReply("not text")
    if len(untrusted) > MAX_ADDRESS_BYTES:
        return None
    try:
        address = in_ascii(untrusted.strip())
    except AddressRefused:
        return None
    return address if len(address) <= MAX_ADDRESS_BYTES else None


def a_flag(untrusted: object, default: bool) -> bool:
    """True or false; ``default`` where the field is not there. Raises :class:`UnexpectedReply`."""
    if untrusted is None:
        return default
    if not isinstance(untrusted, bool):
        raise UnexpectedReply("not true or false")
    return untrusted


def a_day(untrusted: object) -> date | None:
    """The day of an ISO date or time; None where it is empty. Raises :class:`UnexpectedReply`."""
    if untrusted is None or untrusted == "":
        return None
    if not isinstance(untrusted, str):
        raise UnexpectedReply("not a date")
    try:
        return date.fromisoformat(untrusted[:10])
    except ValueError:
        raise UnexpectedReply("not a date") from None


def a_rough_day(untrusted: object) -> date | None:
    """As :func:`a_day`, where a service may name the month or the year alone: then its first day."""
    if isinstance(untrusted, str) and _MONTH_OR_YEAR.fullmatch(untrusted):
        return a_day(f"{untrusted}-01-01"[:10])
    return a_day(untrusted)


def a_count(untrusted: object, most: int) -> int:
    """A whole number from 0 to ``most``. Raises :class:`UnexpectedReply` for anything else."""
    if isinstance(untrusted, bool) or not isinstance(untrusted, int) or not 0 <= untrusted <= most:
        raise UnexpectedReply("not a number of the agreed size")
    return untrusted


def classes(untrusted: object) -> tuple[str, ...]:
    """The service's words for what leaked. Raises :class:`UnexpectedReply`."""
    return tuple(a_text(each, 80) for each in a_list(untrusted, CLASSES_AT_MOST))
