"""Opening a file that may be anything: only regular files, never a link, a device or a pipe, and bounded in size."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Larger pictures are not opened (threat model, section 4)."""

MAGIC_BYTES = 16

FORMATS = 2
"""Raised whenever :func:`is_picture` or :func:`is_video` takes more: files that were none are looked at again then."""

WHOLE_BYTES = 256 * 1024 * 1024
"""Up to this size the digest of a file is that of its whole content."""

_ENDS_BYTES = 64 * 1024 * 1024
_BLOCK_BYTES = 1024 * 1024
_BLOCKS = 64


def open_regular(path: Path) -> int:
    """A file descriptor of the regular file at ``path``; the caller closes it.

    Raises:
        PictureUnreadable: gone, not a regular file, or not allowed to be read.
    """
    # Without O_NONBLOCK a pipe named .jpg would hang us; O_NOFOLLOW keeps links to devices out.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise PictureUnreadable(Unreadable.GONE) from None
    except PermissionError:
        raise PictureUnreadable(Unreadable.NO_PERMISSION) from None
    except (OSError, ValueError):
        raise PictureUnreadable(Unreadable.NOT_A_FILE) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise PictureUnreadable(Unreadable.NOT_A_FILE)
    return descriptor


def read_bounded(source: Path | int) -> bytes:
    """The whole content of a regular file of at most :data:`MAX_FILE_BYTES`: at a path, or open already and left open.

    Raises:
        PictureUnreadable: as :func:`open_regular`, too large, or it changed while it was read.
    """
    descriptor = source if isinstance(source, int) else open_regular(source)
    with os.fdopen(descriptor, "rb", closefd=not isinstance(source, int)) as file:
        size = os.fstat(descriptor).st_size
        if size > MAX_FILE_BYTES:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        try:
            file.seek(0)
            content = file.read(size + 1)  # a request for the largest size would fetch as much memory each time
            if len(content) > size:  # it grew meanwhile
                content += file.read(MAX_FILE_BYTES + 1 - len(content))
        except OSError:
            raise PictureUnreadable(Unreadable.BROKEN) from None
    if len(content) > MAX_FILE_BYTES:
        raise PictureUnreadable(Unreadable.TOO_LARGE)
    return content


def head_of(descriptor: int) -> bytes:
    """The first bytes of an open file, at most :data:`MAGIC_BYTES`; its next reader starts at the beginning.

    Raises:
        PictureUnreadable: it cannot be read.
    """
    try:
        head = os.read(descriptor, MAGIC_BYTES)
        os.lseek(descriptor, 0, os.SEEK_SET)
    except OSError:
        raise PictureUnreadable(Unreadable.BROKEN) from None
    return head


def is_picture(head: bytes) -> bool:
    """Whether a file that starts with these (at least 16) bytes is of a format that we open.

    JPEG, PNG, GIF, BMP, TIFF, WebP, and HEIC or AVIF by the brands of the ISO base media file format.
    """
    if head.startswith(
        (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
    ):
        return True
    if head.startswith(b"BM") and len(head) >= 14:
        return int.from_bytes(head[10:14], "little") < 4096  # "BM" alone starts many texts; the pixels' place does not
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    return head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS


_STILL_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"miaf", b"mif2"}
)


def is_video(head: bytes) -> bool:
    """Whether a file that starts with these (at least 16) bytes is a video of a kind that we open: MP4, MOV, WebM/MKV, AVI.

    By ISO base media brands that are neither a still picture's nor sound only, by the first atom of an older MOV, by EBML.
    """
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return True
    size, atom = int.from_bytes(head[:4], "big"), head[4:8]
    if atom == b"ftyp":
        return len(head) >= 12 and head[8:12] not in _STILL_BRANDS | _OTHER_BRANDS
    if atom == b"mdat":
        return size in {0, 1} or size >= 8
    return atom in _FIRST_ATOMS and 8 <= size < 2**27  # larger numbers are letters: the atom is a word in a text


_OTHER_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P ", b"crx ", b"jp2 ", b"jxl ", b"jpx "})
"""Sound, raw photos, and formats of pictures that we do not open."""

_FIRST_ATOMS = frozenset({b"moov", b"wide", b"free", b"skip", b"pnot"})


def content_sha256(descriptor: int) -> str:
    """The SHA-256 of an open file's content, in hex, read a block at a time; its next reader starts at the beginning.

    Above :data:`WHOLE_BYTES` (long videos) not all is read: it is then the SHA-256 over the size (8 bytes, big endian), the
    first 64 MiB, 64 blocks of 1 MiB evenly over what lies between, and the last 64 MiB, in this order.

    Raises:
        PictureUnreadable: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        size = os.fstat(descriptor).st_size
        if size > WHOLE_BYTES:
            digest.update(size.to_bytes(8, "big"))
        for start, length in _spans(size):
            for block in _blocks(descriptor, start, length):
                digest.update(block)
        os.lseek(descriptor, 0, os.SEEK_SET)
    except OSError:
        raise PictureUnreadable(Unreadable.BROKEN) from None
    return digest.hexdigest()


def _spans(size: int) -> list[tuple[int, int]]:
    if size <= WHOLE_BYTES:
        return [(0, size)]
    between = size - 2 * _ENDS_BYTES - _BLOCK_BYTES
    middle = [_ENDS_BYTES + between * number // (_BLOCKS - 1) for number in range(_BLOCKS)]
    return [(0, _ENDS_BYTES), *((start, _BLOCK_BYTES) for start in middle), (size - _ENDS_BYTES, _ENDS_BYTES)]


def _blocks(descriptor: int, start: int, length: int) -> Iterator[bytes]:
    os.lseek(descriptor, start, os.SEEK_SET)
    while length > 0 and (block := os.read(descriptor, min(length, _BLOCK_BYTES))):
        length -= len(block)
        yield block
