"""What the reader of saved pages tells: JSON in bytes, and pictures in pieces, checked on arrival. All of it is foreign."""

import json
from dataclasses import dataclass, field

from privacyguard.analysis.messages import REPLY_BYTES, BadAnswer, parse_answer
from privacyguard.analysis.saved_links import ADDRESS_LETTERS, TITLE_LETTERS, web_address
from privacyguard.analysis.saved_pages import PICTURES, Saved
from privacyguard.model.saved import NoSavedPage, SavedPageTooLarge, SavedPageUnreadable
from privacyguard.pictures.files import MAX_FILE_BYTES

PIECE_BYTES = REPLY_BYTES
NAME_LETTERS = 1_000
_TEXT_BYTES = REPLY_BYTES - 200_000
"""Of addresses in one answer; what is over it is left out: only links are lost by that."""

_COUNT_AT_MOST = 10**9
_PROBLEMS: dict[str, type[SavedPageUnreadable]] = {
    "no-page": NoSavedPage,
    "too-large": SavedPageTooLarge,
    "unreadable": SavedPageUnreadable,
}


@dataclass(frozen=True)
class InsideTold:
    """A picture inside the file, as it was told: how many bytes, and its two addresses."""

    size: int
    address: str | None = field(repr=False)
    page: str | None = field(repr=False)


@dataclass(frozen=True)
class SavedTold:
    """What a reader told of a saved page: see :class:`~privacyguard.analysis.saved_pages.Saved`."""

    title: str | None = field(repr=False)
    address: str | None = field(repr=False)
    inside: tuple[InsideTold, ...]
    beside: dict[str, str] = field(repr=False)
    left_out: int


def answer_of(saved: Saved) -> bytes:
    """The answer, at most :data:`REPLY_BYTES`."""
    room = _TEXT_BYTES
    inside: list[list[object]] = []
    for each in saved.inside:
        room -= len(json.dumps([each.address, each.page])) + 20
        kept = room > 0
        inside.append([len(each.content), each.address if kept else None, each.page if kept else None])
    beside: dict[str, str] = {}
    for name, page in saved.beside.items():
        written = len(json.dumps([name, page]))
        if written > room or len(name) > NAME_LETTERS:
            continue
        room -= written
        beside[name] = page
    told = {
        "title": saved.title,
        "address": saved.address,
        "inside": inside,
        "beside": beside,
        "left_out": saved.left_out,
    }
    answer = json.dumps(told, separators=(",", ":")).encode()
    return answer if len(answer) <= REPLY_BYTES else problem_of(SavedPageTooLarge())


def problem_of(error: SavedPageUnreadable) -> bytes:
    """The answer that says why a page could not be read."""
    word = next((word for word, kind in _PROBLEMS.items() if type(error) is kind), "unreadable")
    return json.dumps({"unreadable": word}).encode()


def saved_of(untrusted: bytes) -> SavedTold:
    """What an answer says.

    Raises:
        SavedPageUnreadable: it says that the page could not be read.
        BadAnswer: any part of it has not the agreed form.
    """
    answer = parse_answer(untrusted)
    if "unreadable" in answer:
        word = answer["unreadable"]
        if not isinstance(word, str) or word not in _PROBLEMS:
            raise BadAnswer("unknown reason")
        raise _PROBLEMS[word]
    inside, beside = answer.get("inside"), answer.get("beside")
    if not isinstance(inside, list) or len(inside) > PICTURES or not isinstance(beside, dict):
        raise BadAnswer("no pictures")
    told = tuple(_inside(each) for each in inside)
    if sum(each.size for each in told) > MAX_FILE_BYTES:
        raise BadAnswer("more than the file")
    links = {_name(name): _address(page) or "" for name, page in beside.items()}
    if "" in links.values():
        raise BadAnswer("no link")
    return SavedTold(
        title=_title(answer.get("title")),
        address=_address(answer.get("address")),
        inside=told,
        beside=links,
        left_out=_count(answer.get("left_out"), 0, _COUNT_AT_MOST),
    )


def _inside(untrusted: object) -> InsideTold:
    if not isinstance(untrusted, list) or len(untrusted) != 3:
        raise BadAnswer("no picture")
    size, address, page = untrusted
    return InsideTold(_count(size, 1, MAX_FILE_BYTES), _address(address), _address(page))


def _count(untrusted: object, least: int, most: int) -> int:
    if isinstance(untrusted, bool) or not isinstance(untrusted, int) or not least <= untrusted <= most:
        raise BadAnswer("no count")
    return untrusted


def _address(untrusted: object) -> str | None:
    if untrusted is None:
        return None
    if not isinstance(untrusted, str) or len(untrusted) > ADDRESS_LETTERS or web_address(untrusted) != untrusted:
        raise BadAnswer("no address")
    return untrusted


def _name(untrusted: str) -> str:
    if not 0 < len(untrusted) <= NAME_LETTERS:
        raise BadAnswer("no name")
    return untrusted


def _title(untrusted: object) -> str | None:
    if untrusted is None:
        return None
    if not isinstance(untrusted, str) or not 0 < len(untrusted) <= TITLE_LETTERS:
        raise BadAnswer("no title")
    return untrusted
