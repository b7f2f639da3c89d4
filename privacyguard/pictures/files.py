"""Opening a file that may be anything: only regular files, never a link, a device or a pipe, and bounded in size."""

import os
import stat
from pathlib import Path

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Larger pictures are not opened (threat model, section 4)."""

MAGIC_BYTES = 16


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


def read_bounded(path: Path) -> bytes:
    """The whole content of a regular file of at most :data:`MAX_FILE_BYTES`.

    Raises:
        PictureUnreadable: as :func:`open_regular`, too large, or it changed while it was read.
    """
    descriptor = open_regular(path)
    with os.fdopen(descriptor, "rb") as file:
        size = os.fstat(descriptor).st_size
        if size > MAX_FILE_BYTES:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        try:
            content = file.read(MAX_FILE_BYTES + 1)
        except OSError:
            raise PictureUnreadable(Unreadable.BROKEN) from None
    if len(content) > MAX_FILE_BYTES:
        raise PictureUnreadable(Unreadable.TOO_LARGE)
    return content


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
