"""Pictures and videos in folders and drives of this computer. Nothing leaves it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from privacyguard.errors import PictureUnreadable
from privacyguard.i18n import N_
from privacyguard.model.picture import Candidate, Unreadable
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.pictures.files import head_of, is_picture, is_video, open_regular
from privacyguard.sources.base import PictureQuery

_NAMES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif"}
    | {".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi"}
)
"""Of what a person takes for a picture or video: when it is none, they are told."""


class Folders:
    """Looks for files below folders that may be pictures or videos. Opens none: :func:`recognise` does."""

    info = SourceInfo(
        id="folders",
        name=N_("Folders on this computer"),
        theme=Theme.PICTURES,
        finds=N_("Pictures and videos that look like you, in folders that you choose."),
        accepts=frozenset(),
        hosts=frozenset(),
        discloses="",
        cost=N_("Free"),
        on_at_first=True,
        only_me=False,
    )

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """Every file in and below ``query.folders`` with its size and time, sorted by name within a folder; none is opened.

        Holds the names of one folder at a time. A link to a folder is followed once, so that loops end. What has the name
        of a picture but is no file, and folders that may not be read, come as unreadable.
        """
        visited: set[tuple[int, int]] = set()
        for place in query.folders:
            yield from self._below(place, visited)

    def _below(self, place: Path, visited: set[tuple[int, int]]) -> Iterator[Candidate]:
        if not place.is_dir():
            yield from _file(place, is_named=True)
            return
        waiting = [place]
        while waiting:
            folder = waiting.pop()
            try:
                status = folder.stat()
                names, deeper = _listed(folder)
            except OSError:
                yield Candidate(path=folder, unreadable=Unreadable.NO_PERMISSION)
                continue
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            for name in names:
                yield from _file(folder / name)
            waiting += [folder / name for name in reversed(deeper)]


def recognise(candidate: Candidate) -> Candidate | None:
    """The file at ``candidate.path``, opened and known by its first bytes: as it is now if it is a picture or video.

    None for another file. What was named by the person, or has the name of a picture, and is none or cannot be opened, comes
    back as unreadable.
    """
    if candidate.path is None or candidate.unreadable is not None:
        return candidate
    try:
        descriptor = open_regular(candidate.path)
        try:
            status = os.fstat(descriptor)
            head = head_of(descriptor)
        finally:
            os.close(descriptor)
    except PictureUnreadable as error:
        return replace(candidate, unreadable=Unreadable(error.reason)) if _is_expected(candidate) else None
    now = replace(candidate, size=status.st_size, mtime_ns=status.st_mtime_ns)
    if is_picture(head) or is_video(head):
        return now
    return replace(now, unreadable=Unreadable.NOT_A_PICTURE) if _is_expected(candidate) else None


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """The names of the files and of the folders in a folder, sorted. Raises OSError."""
    names: list[str] = []
    deeper: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (deeper if _is_folder(entry) else names).append(entry.name)
    return sorted(names), sorted(deeper)


def _file(path: Path, is_named: bool = False) -> Iterator[Candidate]:
    candidate = Candidate(path=path, is_named=is_named)
    reason = Unreadable.NOT_A_FILE
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        reason = Unreadable.GONE
    except OSError:
        reason = Unreadable.NO_PERMISSION
    else:
        if stat.S_ISREG(status.st_mode):
            yield Candidate(path=path, size=status.st_size, mtime_ns=status.st_mtime_ns, is_named=is_named)
            return
    if _is_expected(candidate):
        yield replace(candidate, unreadable=reason)


def _is_expected(candidate: Candidate) -> bool:
    return candidate.is_named or (candidate.path is not None and candidate.path.suffix.lower() in _NAMES)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
