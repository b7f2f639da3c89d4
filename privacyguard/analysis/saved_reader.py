"""A saved page and its pictures: read by a closed-off worker of its own, which ends with it. Nothing is fetched."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from privacyguard.analysis import saved_worker
from privacyguard.analysis.messages import BadAnswer
from privacyguard.analysis.opening import opened_for_worker
from privacyguard.analysis.saved_folder import files_beside
from privacyguard.analysis.saved_links import name_of
from privacyguard.analysis.saved_messages import PIECE_BYTES, InsideTold, SavedTold, saved_of
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.saved import (
    NoSavedPage,
    SavedPage,
    SavedPageNotOpened,
    SavedPageTooLarge,
    SavedPageUnreadable,
    SavedPicture,
)
from privacyguard.pictures.files import MAGIC_BYTES, head_of, is_picture, open_regular, read_bounded

READ_TIMEOUT_S = 60.0
PIECE_TIMEOUT_S = 20.0

_REASONS: Mapping[Unreadable, type[SavedPageUnreadable]] = {
    Unreadable.TOO_LARGE: SavedPageTooLarge,
    Unreadable.GONE: SavedPageNotOpened,
    Unreadable.NO_PERMISSION: SavedPageNotOpened,
    Unreadable.NOT_A_FILE: SavedPageNotOpened,
}


class OpenSavedPage:
    """A saved page whose worker lives. ``page``: what is known of it; :meth:`pictures` may be read once, in one thread.

    ``lost``: pictures that could not be taken so far, because their file is gone or damaged.
    """

    def __init__(self, told: SavedTold, beside: Mapping[str, Path], reader: WorkerProcess, cancel: CancelToken) -> None:
        self.lost = 0
        count = len(told.inside) + len(beside)
        self.page = SavedPage(told.title, told.address, count, told.left_out)
        self._told, self._beside, self._reader, self._cancel = told, beside, reader, cancel

    def pictures(self) -> Iterator[SavedPicture]:
        """Each picture, those inside the file first, then those beside it by name; one at a time is in memory.

        Raises:
            SavedPageUnreadable: the worker died, lied or took too long; what came until then counts.
            Cancelled: the person stopped.
        """
        for number, each in enumerate(self._told.inside):
            yield SavedPicture(self._inside(number, each), each.address, each.page or self._told.address)
        links = {name_of(name): page for name, page in self._told.beside.items()}
        for name, path in self._beside.items():
            self._cancel.check()
            try:
                content = read_bounded(path)
            except PictureUnreadable:
                self.lost += 1
                continue
            yield SavedPicture(content, None, links.get(name) or self._told.address)

    def _inside(self, number: int, told: InsideTold) -> bytes:
        content = bytearray()
        try:
            while len(content) < told.size:
                request = {"do": "piece", "number": number, "start": len(content)}
                piece = self._reader.ask(request, b"", PIECE_TIMEOUT_S, self._cancel)
                if len(piece) != min(PIECE_BYTES, told.size - len(content)):
                    raise SavedPageUnreadable
                content += piece
        except (BadAnswer, PictureUnreadable):
            raise SavedPageUnreadable from None
        return bytes(content)


@contextmanager
def opened_page(saved: Path, cancel: CancelToken, timeout_s: float = READ_TIMEOUT_S) -> Iterator[OpenSavedPage]:
    """The saved page at this path, while its worker lives. Blocks; takes about 0.3 s and the time to read it.

    Raises:
        SavedPageUnreadable: one of its kinds; also where the worker died, lied or took more than ``timeout_s``.
        Cancelled: at once.
    """
    reader = WorkerProcess(saved_worker.run)
    try:
        told = _told(saved, reader, cancel, timeout_s)
        yield OpenSavedPage(told, _pictures_beside(saved), reader, cancel)
    finally:
        reader.kill()


def _told(saved: Path, reader: WorkerProcess, cancel: CancelToken, timeout_s: float) -> SavedTold:
    """What the worker tells of the page. The file is opened here and handed over; the worker can open none."""
    try:
        with opened_for_worker(saved) as (opened, is_video):
            if is_video:
                raise NoSavedPage
            cancel.check()
            reader.start(cancel)
            return saved_of(reader.ask({"do": "read"}, opened, timeout_s, cancel))
    except PictureUnreadable as error:
        raise _REASONS.get(Unreadable(error.reason), SavedPageUnreadable)() from None
    except BadAnswer:
        raise SavedPageUnreadable from None


def _pictures_beside(saved: Path) -> dict[str, Path]:
    """Files beside the page that begin as pictures do. Others (programs, styles) are no pictures, and not counted."""
    return {name: path for name, path in files_beside(saved).items() if _begins_as_a_picture(path)}


def _begins_as_a_picture(path: Path) -> bool:
    try:
        descriptor = open_regular(path)
        try:
            return is_picture(head_of(descriptor)[:MAGIC_BYTES])
        finally:
            os.close(descriptor)
    except PictureUnreadable:
        return False
