"""Pictures in folders and drives of this computer. Nothing leaves it."""

import os
from collections.abc import Iterator
from pathlib import Path

from privacyguard.errors import PictureUnreadable
from privacyguard.i18n import N_
from privacyguard.model.picture import Candidate, Unreadable
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.pictures.files import MAGIC_BYTES, is_picture, open_regular
from privacyguard.sources.base import PictureQuery

_PICTURE_NAMES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif"}
)


class Folders:
    """Looks for pictures below folders, by content and not by name."""

    info = SourceInfo(
        id="folders",
        name=N_("Folders on this computer"),
        theme=Theme.PICTURES,
        finds=N_("Pictures that look like you, in folders that you choose."),
        accepts=frozenset(),
        hosts=frozenset(),
        discloses="",
        cost=N_("Free"),
        on_at_first=True,
        only_me=False,
    )

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """Every picture in and below ``query.folders``, sorted by path.

        A link to a folder is followed once, so that loops end. What looks like a picture by its name but is none, and
        what may not be read, comes as a candidate that is unreadable; other files are passed over.
        """
        visited: set[tuple[int, int]] = set()
        for place in query.folders:
            yield from self._below(place, visited)

    def _below(self, place: Path, visited: set[tuple[int, int]]) -> Iterator[Candidate]:
        if not place.is_dir():
            yield from self._file(place, named=True)
            return
        waiting = [place]
        while waiting:
            folder = waiting.pop()
            try:
                status = folder.stat()
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                yield Candidate(path=folder, unreadable=Unreadable.NO_PERMISSION)
                continue
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            deeper = []
            for entry in entries:
                path = Path(entry.path)
                if _is_folder(entry):
                    deeper.append(path)
                else:
                    yield from self._file(path)
            waiting += reversed(deeper)

    def _file(self, path: Path, named: bool = False) -> Iterator[Candidate]:
        """The file if it is a picture; ``named``: the person named this very file, so that it is never passed over."""
        looks_like_one = named or path.suffix.lower() in _PICTURE_NAMES
        try:
            descriptor = open_regular(path)
            try:
                status = os.fstat(descriptor)
                head = os.read(descriptor, MAGIC_BYTES)
            finally:
                os.close(descriptor)
        except PictureUnreadable as error:
            if looks_like_one:
                yield Candidate(path=path, unreadable=Unreadable(error.reason))
            return
        except OSError:
            if looks_like_one:
                yield Candidate(path=path, unreadable=Unreadable.BROKEN)
            return
        if is_picture(head):
            yield Candidate(path=path, size=status.st_size, mtime_ns=status.st_mtime_ns)
        elif looks_like_one:
            yield Candidate(path=path, unreadable=Unreadable.NOT_A_PICTURE)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
