"""Cleaned copies over the pipe: a line of JSON, then the bytes of the copy, checked on arrival."""

from dataclasses import dataclass, field

from privacyguard.analysis.checked import BadAnswer, a_whole_number, a_word
from privacyguard.analysis.messages import parse_answer, unreadable_of
from privacyguard.analysis.told import kinds_of
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_
from privacyguard.model.picture import Unreadable
from privacyguard.model.provenance import HiddenKind
from privacyguard.pictures.files import MAX_FILE_BYTES

HEAD_BYTES = 1000
COPY_BYTES = 4 * MAX_FILE_BYTES
"""Of a cleaned copy: pixels of a HEIC take more room as JPEG."""

ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",), "GIF": (".gif",)}
"""The formats of cleaned copies, and how the names of their files end."""

_MAGIC = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF", "GIF": b"GIF8"}


class SeveralPages(PrivacyGuardError):
    """A file holds several pictures, of which a cleaned copy would have only one."""

    title = N_("There is more than one picture in this file. We cannot clean it.")
    remedy = N_("Save each picture as a file of its own, and clean those.")


@dataclass(frozen=True)
class CleanedCopy:
    """A copy of a picture without hidden details. ``format``: one of :data:`ENDINGS`; ``removed``: what it does not tell."""

    format: str
    content: bytes = field(repr=False)
    removed: frozenset[HiddenKind] = frozenset()


def copy_of(untrusted: bytes) -> CleanedCopy | Unreadable | None:
    """The copy in an answer, or why there is none: None for a file that holds several pictures.

    Raises:
        BadAnswer: any part has not the agreed form.
    """
    line, _newline, content = untrusted.partition(b"\n")
    if len(line) > HEAD_BYTES:
        raise BadAnswer("a long head")
    head = parse_answer(line)
    reason = unreadable_of(head)
    if reason is not None:
        return reason
    if head.get("several_pages") is True:
        return None
    kind, size = a_word(head.get("format"), 8), a_whole_number(head.get("bytes"), 1, COPY_BYTES)
    if kind not in ENDINGS or size != len(content) or not content.startswith(_MAGIC[kind]):
        raise BadAnswer("a copy that is none")
    return CleanedCopy(kind, content, kinds_of(head.get("removed")))
