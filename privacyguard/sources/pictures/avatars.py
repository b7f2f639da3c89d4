"""Replies that are a picture, or say that there is none; and pictures that a program drew."""

import struct

from privacyguard.errors import NetworkIntercepted, UnexpectedReply
from privacyguard.net.reply import Reply

DRAWN_BYTES_A_PIXEL = 0.03
"""Ours: a drawing of some squares takes less in a PNG, a photo of a face many times more."""

_PNG_HEAD = struct.Struct(">8sI4sII")


def picture_in(reply: Reply) -> bytes | None:
    """The picture of a reply; None for status 404, which says that there is none.

    Raises:
        NetworkIntercepted: a page came instead.
        UnexpectedReply: neither of the two.
    """
    if reply.is_page or (reply.status == 200 and "html" in reply.content_type):
        raise NetworkIntercepted("a page instead of a picture")
    if reply.status == 404:
        return None
    if reply.status != 200 or not reply.body or not reply.content_type.startswith("image/"):
        raise UnexpectedReply(f"status {reply.status}")
    return reply.body


def is_drawn(content: bytes) -> bool:
    """Whether a program drew the picture: a PNG with so few bytes for its size that no photo is in it. Nothing is decoded."""
    if len(content) < _PNG_HEAD.size:
        return False
    signature, _length, chunk, width, height = _PNG_HEAD.unpack_from(content)
    pixels: int = width * height
    return signature == b"\x89PNG\r\n\x1a\n" and chunk == b"IHDR" and len(content) < DRAWN_BYTES_A_PIXEL * pixels
