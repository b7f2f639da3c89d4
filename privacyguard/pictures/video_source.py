"""A video's bytes: which container they are, and how they are read piece by piece. Never by a name."""

import hashlib
import os

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.files import is_picture

MAGIC_BYTES = 16
WHOLE_BYTES = 256 * 1024 * 1024
"""Content up to this size is hashed whole."""

_EDGE_BYTES = 64 * 1024 * 1024
_BLOCK_BYTES, _BLOCKS = 1024 * 1024, 64
_READ_BYTES = 1024 * 1024
_LOOK_BYTES = 1024 * 1024


class Source:
    """Content behind an open descriptor, or at hand; read at any place. The descriptor stays open."""

    def __init__(self, source: int | bytes) -> None:
        self._source = source
        self.size = len(source) if isinstance(source, bytes) else os.fstat(source).st_size

    def at(self, place: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``place``; fewer only at the end.

        Raises:
            PictureUnreadable: the file cannot be read any more.
        """
        if isinstance(self._source, bytes):
            return self._source[place : place + count]
        try:
            os.lseek(self._source, place, os.SEEK_SET)
            return os.read(self._source, count)
        except OSError:
            raise PictureUnreadable(Unreadable.BROKEN) from None


def container_of(head: bytes) -> str | None:
    """The demuxer for content that starts with these (at least 16) bytes: ``mov``, ``matroska``, ``avi``; None: no video.

    MP4 and MOV are both ``mov``, WebM and MKV both ``matroska``. Playlists, scripts and numbered pictures have no such head.
    """
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[4:8] == b"ftyp":
        return None if is_picture(head) or head[8:12] in _SOUND_BRANDS else "mov"
    # Older QuickTime files have no brand; they start with one of these parts.
    return "mov" if head[4:8] in {b"moov", b"mdat", b"wide"} else None


def format_of(head: bytes) -> str:
    """MP4, MOV, WEBM, MKV or AVI, for content that has a container and starts with these (about 64) bytes."""
    match container_of(head):
        case "matroska":
            return "WEBM" if b"webm" in head else "MKV"
        case "avi":
            return "AVI"
    return "MP4" if head[4:8] == b"ftyp" and head[8:12] != b"qt  " else "MOV"


_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})


def announces_pictures(source: Source) -> bool:
    """Whether the head or the end of a container names a stream of pictures: one that fails is then broken, not sound."""
    marks = (b"vide", b"vids", b"\x83\x81\x01")
    ends = source.at(0, _LOOK_BYTES) + source.at(max(0, source.size - _LOOK_BYTES), _LOOK_BYTES)
    return any(mark in ends for mark in marks)


def content_sha256(source: int | bytes) -> str:
    """A content's SHA-256, as 64 hex digits, read in pieces.

    Above 256 MB it is the SHA-256 of the size (8 bytes, big-endian), the first and the last 64 MB and 64 blocks of 1 MB
    that lie evenly between them: enough to tell videos apart, and a 2 GB file is known in a second.

    Raises:
        PictureUnreadable: the file cannot be read any more.
    """
    content = Source(source)
    if content.size <= WHOLE_BYTES:
        parts = [(0, content.size)]
        digest = hashlib.sha256()
    else:
        digest = hashlib.sha256(content.size.to_bytes(8, "big"))
        between = content.size - 2 * _EDGE_BYTES - _BLOCK_BYTES
        blocks = [(_EDGE_BYTES + between * number // (_BLOCKS - 1), _BLOCK_BYTES) for number in range(_BLOCKS)]
        parts = [(0, _EDGE_BYTES), *blocks, (content.size - _EDGE_BYTES, _EDGE_BYTES)]
    for place, count in parts:
        for start in range(place, place + count, _READ_BYTES):
            digest.update(content.at(start, min(_READ_BYTES, place + count - start)))
    return digest.hexdigest()
