"""Reading foreign JSON: each field checked for its type and cut to a length, HTML taken out."""

import html
import re
from datetime import date
from typing import Any

from privacyguard.errors import UnexpectedReply

TEXT_AT_MOST = 300
LIST_AT_MOST = 100_000
CLASSES_AT_MOST = 100

_TAG = re.compile(r"<[^<>]{0,2000}>")


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


def a_text(untrusted: object, most: int = TEXT_AT_MOST) -> str:
    """Plain text of one line: no tags, no control or direction characters. Raises :class:`UnexpectedReply`."""
    if not isinstance(untrusted, str):
        raise UnexpectedReply("not text")
    return plain(untrusted, most)


def plain(untrusted: str, most: int = TEXT_AT_MOST) -> str:
    """Foreign text as plain text of one line, cut to ``most`` characters."""
    without_tags = html.unescape(_TAG.sub(" ", untrusted[: most * 20]))
    shown = "".join(ch if ch.isprintable() and not "\u202a" <= ch <= "\u202e" else " " for ch in without_tags)
    shown = " ".join(shown.split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


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


def classes(untrusted: object) -> tuple[str, ...]:
    """The service's words for what leaked. Raises :class:`UnexpectedReply`."""
    return tuple(a_text(each, 80) for each in a_list(untrusted, CLASSES_AT_MOST))
