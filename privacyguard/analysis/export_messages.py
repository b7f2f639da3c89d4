"""What the reader of exports tells: JSON in bytes, checked on arrival. What read a foreign file is foreign itself."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from privacyguard.analysis.export_sites import name_of
from privacyguard.analysis.exports import FILE_BYTES, KINDS, ExportRead
from privacyguard.analysis.messages import REPLY_BYTES, BadAnswer, parse_answer
from privacyguard.model.export import (
    ExportEmpty,
    ExportNotOpened,
    ExportTooLarge,
    ExportUnknown,
    ExportUnreadable,
)
from privacyguard.model.sites import HOST

_PROBLEMS: dict[str, type[ExportUnreadable]] = {
    "empty": ExportEmpty,
    "unknown": ExportUnknown,
    "too-large": ExportTooLarge,
    "not-opened": ExportNotOpened,
    "row": ExportUnreadable,
}
Item = TypeVar("Item", str, tuple[str, str])

_SHA1 = re.compile(r"[0-9A-F]{40}")


def answer_of(read: ExportRead) -> bytes:
    """The answer, at most :data:`REPLY_BYTES`; where it would be more, that it is too large: never a part of it."""
    told = {
        "kind": read.kind,
        "sites": read.sites,
        "names": read.names,
        "passwords": read.passwords,
        "rows": read.rows,
        "left_out": read.left_out,
    }
    answer = json.dumps(told, separators=(",", ":")).encode()
    return answer if len(answer) <= REPLY_BYTES else problem_of(ExportTooLarge())


def problem_of(error: ExportUnreadable) -> bytes:
    """The answer that says why an export could not be read."""
    word = next(word for word, kind in _PROBLEMS.items() if type(error) is kind)
    return json.dumps({"unreadable": word, "line": error.line}).encode()


def read_of(untrusted: bytes, wants_passwords: bool) -> ExportRead:
    """What an answer says.

    Raises:
        ExportUnreadable: it says that the export could not be read.
        BadAnswer: any part of it has not the agreed form, or holds passwords that nobody asked for.
    """
    answer = parse_answer(untrusted)
    if "unreadable" in answer:
        raise _problem(answer["unreadable"], answer.get("line"))
    kind, rows, left_out = answer.get("kind"), answer.get("rows"), answer.get("left_out")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadAnswer("no kind")
    if type(rows) is not int or type(left_out) is not int or not 0 <= left_out <= rows <= FILE_BYTES:
        raise BadAnswer("no count")
    sites = _texts(answer.get("sites"))
    names = _texts(answer.get("names"))
    if not all(HOST.fullmatch(site) for site in sites) or not all(name and name_of(name) == name for name in names):
        raise BadAnswer("no site or name")
    passwords = _passwords(answer.get("passwords"))
    if passwords and not wants_passwords:
        raise BadAnswer("not what was asked")
    return ExportRead(kind, sites, names, passwords, rows, left_out)


def _problem(word: object, line: object) -> ExportUnreadable:
    if not isinstance(word, str) or word not in _PROBLEMS:
        raise BadAnswer("unknown reason")
    if line is not None and (isinstance(line, bool) or not isinstance(line, int) or not 1 <= line <= FILE_BYTES):
        raise BadAnswer("no line")
    return _PROBLEMS[word](line)


def _texts(untrusted: object) -> tuple[str, ...]:
    if not isinstance(untrusted, list) or not all(isinstance(text, str) for text in untrusted):
        raise BadAnswer("not texts")
    return _ascending(untrusted)


def _passwords(untrusted: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(untrusted, list):
        raise BadAnswer("not passwords")
    passwords: list[tuple[str, str]] = []
    for each in untrusted:
        match each:
            case [str(label), str(code)] if _SHA1.fullmatch(code) and (
                HOST.fullmatch(label) or label == name_of(label)
            ):
                passwords.append((label, code))
            case _:
                raise BadAnswer("not a password")
    return _ascending(passwords)


def _ascending(items: Sequence[Item]) -> tuple[Item, ...]:
    if any(before >= after for before, after in pairwise(items)):
        raise BadAnswer("not sorted, or twice")
    return tuple(items)
