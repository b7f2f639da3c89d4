"""Files that are no pictures: most of a home. They are opened once, and again only when they change."""

import hashlib
from pathlib import Path

from privacyguard.model.picture import Candidate
from privacyguard.pictures.files import FORMATS
from privacyguard.vault.index import FILE_BYTES, Index

_FOLDERS = 64
"""Between two writes."""


class PassedOver:
    """What one scan knows of them, a folder at a time: the files of a folder come one after the other."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._folder: Path | None = None
        self._known: frozenset[bytes] = frozenset()
        self._found: set[bytes] = set()
        self._unwritten: dict[str, frozenset[bytes]] = {}

    def knows(self, path: Path, candidate: Candidate) -> bool:
        """Whether this very file, unchanged, was no picture before."""
        self._enter(path.parent)
        mark = _mark(path, candidate)
        if mark not in self._known:
            return False
        self._found.add(mark)
        return True

    def add(self, path: Path, candidate: Candidate) -> None:
        """Remember a file that is no picture."""
        self._enter(path.parent)
        self._found.add(_mark(path, candidate))

    def keep(self) -> None:
        """Write what was found until now; the folder at hand may have more, so nothing of it is forgotten yet."""
        if self._folder is not None and not self._found <= self._known:
            self._unwritten[str(self._folder)] = self._known | self._found
        if self._unwritten:
            self._index.pass_over(self._unwritten, FORMATS)
            self._unwritten = {}

    def _enter(self, folder: Path) -> None:
        if folder == self._folder:
            return
        if self._folder is not None and self._found != self._known:
            self._unwritten[str(self._folder)] = frozenset(self._found)
        if len(self._unwritten) >= _FOLDERS:
            self._index.pass_over(self._unwritten, FORMATS)
            self._unwritten = {}
        self._folder = folder
        self._known = self._unwritten.get(str(folder)) or self._index.passed_over(str(folder), FORMATS)
        self._found = set()


def _mark(path: Path, candidate: Candidate) -> bytes:
    text = f"{candidate.size} {candidate.mtime_ns} {path.name}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=FILE_BYTES).digest()
