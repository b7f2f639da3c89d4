"""A video's bytes: which container they are, and how they are read piece by piece. Never by a name."""

import hashlib
import os

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures import files
from privacyguard.pictures.files import is_video

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
    if not is_video(head):
        return None
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    return "avi" if head.startswith(b"RIFF") else "mov"


def format_of(head: bytes) -> str:
    """MP4, MOV, WEBM, MKV or AVI, for content that has a container and starts with these (about 64) bytes."""
    match container_of(head):
        case "matroska":
            return "WEBM" if b"webm" in head else "MKV"
        case "avi":
            return "AVI"
    return "MP4" if head[4:8] == b"ftyp" and head[8:12] != b"qt  " else "MOV"


def announces_pictures(source: Source) -> bool:
    """Whether the head or the end of a container names a stream of pictures: one that fails is then broken, not sound."""
    marks = (b"vide", b"vids", b"\x83\x81\x01")
    ends = source.at(0, _LOOK_BYTES) + source.at(max(0, source.size - _LOOK_BYTES), _LOOK_BYTES)
    return any(mark in ends for mark in marks)


def content_sha256(source: int | bytes) -> str:
    """A content's digest, as 64 hex digits, as :func:`privacyguard.pictures.files.content_sha256` makes it of a file.

    Raises:
        PictureUnreadable: the file cannot be read any more.
    """
    return hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else files.content_sha256(source)
