"""A page saved as one file (MHTML: MIME, RFC 2557), taken apart. Runs in the confined process only.

The standard library reads the headers. The parts are cut here, by plain search: its parser of whole messages calls itself for
each level and asks each line for each boundary, so that a hostile file could make it work for hours.
"""

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

HEADER_BYTES = 64 * 1024
"""Of one part; what has more is no part of a page."""

BOUNDARY_LETTERS = 200
"""RFC 2046 allows 70."""

DEPTH = 8
PARTS = 4_000
"""Of one file; real pages of results have some hundred."""


@dataclass(frozen=True)
class Part:
    """A part that is not made of parts. ``kind``: its type, in lower case; ``place``: its address or ``cid:`` name, untrusted.

    ``body``: decoded; None where its coding is damaged.
    """

    kind: str
    place: str | None = field(repr=False)
    name: str | None = field(repr=False)
    charset: str | None
    body: bytes | None = field(repr=False)


@dataclass
class Parts:
    """The parts of one message, to be gone through once.

    ``address``: the saved page's, as its browser wrote it, untrusted; ``left_out``: parts that were not taken, because there
    are too many, or they lie too deep.
    """

    content: bytes = field(repr=False)
    address: str | None = field(default=None, repr=False)
    left_out: int = 0
    taken: int = 0

    def __iter__(self) -> Iterator[Part]:
        header, start = _header(self.content, 0, len(self.content))
        self.taken = 1
        self.address = _text(header, "Snapshot-Content-Location")
        yield from self._within(header, start, len(self.content), 0)

    def _within(self, header: Message, start: int, end: int, depth: int) -> Iterator[Part]:
        if header.get_content_maintype() != "multipart":
            yield _part(header, self.content[start:end])
            return
        boundary = header.get_boundary("")
        if not boundary or len(boundary) > BOUNDARY_LETTERS or depth >= DEPTH:
            self.left_out += 1
            return
        for part_start, part_end in spans(self.content, boundary, start, end):
            if self.taken >= PARTS:
                self.left_out += 1
                continue
            self.taken += 1
            inner, body = _header(self.content, part_start, part_end)
            yield from self._within(inner, body, part_end, depth + 1)


def is_message(content: bytes) -> bool:
    """Whether a file begins as a page in one file does: with headers that say that it is made of parts, or a page."""
    if not content[:1].isalpha():
        return False
    header, _start = _header(content, 0, len(content))
    return header.get("MIME-Version") is not None and header.get("Content-Type") is not None


def spans(content: bytes, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each part between these places, without the lines that part them. Looks at each byte once."""
    try:
        mark = b"--" + boundary.encode("ascii", "surrogateescape")  # as the reader of headers took it
    except UnicodeEncodeError:
        return
    opened: int | None = None
    place = content.find(mark, start, end)
    while place >= 0:
        after = place + len(mark)
        if place == start or content[place - 1 : place] == b"\n":
            if opened is not None:
                yield opened, max(opened, _before_line_end(content, place))
            if content[after : after + 2] == b"--":
                return
            line_end = content.find(b"\n", after, end)
            opened = end if line_end < 0 else line_end + 1
            after = opened
        place = content.find(mark, after, end)
    if opened is not None and opened < end:  # cut off in the middle: what is there may be whole
        yield opened, end


def _before_line_end(content: bytes, place: int) -> int:
    if content[place - 2 : place] == b"\r\n":
        return place - 2
    return place - 1 if content[place - 1 : place] == b"\n" else place


def _header(content: bytes, start: int, end: int) -> tuple[Message, int]:
    """The headers that begin here, and where the body does. Without any: everything is body."""
    limit = min(end, start + HEADER_BYTES)
    if content[start : start + 1] in (b"\r", b"\n"):
        return Message(), start + (2 if content[start : start + 2] == b"\r\n" else 1)
    ends = [
        (found + len(line), found)
        for line in (b"\r\n\r\n", b"\n\n")
        if (found := content.find(line, start, limit)) >= 0
    ]
    if not ends:
        return Message(), start
    body, stop = min(ends)
    return BytesHeaderParser().parsebytes(content[start:stop] + b"\n\n"), body


def _part(header: Message, body: bytes) -> Part:
    name = _text(header, "Content-ID")
    return Part(
        kind=header.get_content_type(),
        place=_text(header, "Content-Location"),
        name=name.strip("<>") if name else None,
        charset=header.get_content_charset(),
        body=_decoded(body, (_text(header, "Content-Transfer-Encoding") or "").lower()),
    )


def _decoded(body: bytes, coding: str) -> bytes | None:
    try:
        if coding == "base64":
            return binascii.a2b_base64(body)
        return binascii.a2b_qp(body) if coding == "quoted-printable" else body
    except (binascii.Error, ValueError):
        return None


def _text(header: Message, name: str) -> str | None:
    """A header as one line of text without white space: addresses are folded over several lines."""
    value = header.get(name)
    text = "" if value is None else "".join(str(value).split())
    return text or None
