"""What a worker is handed: an open file, so that it needs no folder of the person, or content."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.files import MAGIC_BYTES, MAX_FILE_BYTES, head_of, is_video, open_regular


@contextmanager
def opened_for_worker(source: Path | bytes) -> Iterator[tuple[int | bytes, bool]]:
    """The content, or an open file; and whether it is a video, which gets more time. The file is closed afterwards.

    Raises:
        PictureUnreadable: not a regular file, not to be read, or a picture that is too large.
    """
    if isinstance(source, bytes):
        if len(source) > MAX_FILE_BYTES:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        yield source, is_video(source[:MAGIC_BYTES])
        return
    descriptor = open_regular(source)
    try:
        has_time = is_video(head_of(descriptor))
        if not has_time and os.fstat(descriptor).st_size > MAX_FILE_BYTES:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        yield descriptor, has_time
    finally:
        os.close(descriptor)
