"""What a scan knows already: unchanged files, the same content under another name, and what is due again."""

import dataclasses
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from privacyguard.checkup.passed_over import PassedOver
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Candidate
from privacyguard.model.place import LookedAt
from privacyguard.pictures.files import content_sha256, open_regular
from privacyguard.sources.pictures.folder import recognise
from privacyguard.vault.index import Index


@dataclass(frozen=True)
class Sorted:
    """A page of candidates: ``unchanged`` were looked at for this face pattern, ``new`` never, or they changed since.

    ``changed``: the places of those that changed.
    """

    unchanged: tuple[LookedAt, ...]
    new: tuple[Candidate, ...]
    changed: frozenset[str]


class Recall:
    """The memory of one scan for one face pattern. ``pending``: looked at, to be written with the next batch."""

    def __init__(self, index: Index, template_id: str) -> None:
        self.pending: list[LookedAt] = []
        self._index = index
        self._template_id = template_id
        self._turn = secrets.randbits(62)
        self._has_put_off = False
        self._passed_over = PassedOver(index)

    def sort(self, page: Sequence[Candidate]) -> Sorted:
        """The page sorted, without opening a file. What was looked at for another face pattern is put off (:meth:`due`)."""
        known = self._index.known([str(one.path) for one in page if one.size is not None])
        unchanged, new, put_off = [], [], []
        for candidate in page:
            row = known.get(str(candidate.path))
            if row is None or (row.size, row.mtime_ns) != (candidate.size, candidate.mtime_ns):
                new.append(candidate)
            elif row.template_id == self._template_id:
                unchanged.append(row)
            else:
                put_off.append(row.path)
        if put_off:
            self._index.put_off(put_off, self._turn)
            self._has_put_off = True
        changed = frozenset(known.keys() & {str(candidate.path) for candidate in new})
        return Sorted(tuple(unchanged), tuple(new), changed)

    def recognised(self, candidate: Candidate) -> Candidate | None:
        """The candidate if it is a picture or video or has to be told as unreadable; None for any other file."""
        path = candidate.path
        if path is None or candidate.unreadable is not None:
            return candidate
        if not candidate.is_named and self._passed_over.knows(path, candidate):
            return None
        found = recognise(candidate)
        if found is None:
            self._passed_over.add(path, candidate)
        return found

    def twin(self, candidate: Candidate) -> LookedAt | None:
        """What is known of a file of the same content, as the row of this one. Only a file of a known size is read."""
        path, size, mtime_ns = candidate.path, candidate.size, candidate.mtime_ns
        if path is None or size is None or mtime_ns is None or candidate.unreadable is not None:
            return None
        is_likely = any(one.size == size and one.sha256 for one in self.pending)
        if not is_likely and not self._index.sizes(self._template_id, [size]):
            return None
        try:
            descriptor = open_regular(path)
            try:
                sha256 = content_sha256(descriptor)
            finally:
                os.close(descriptor)
        except PictureUnreadable:
            return None  # whoever looks at it says why
        return self._known_content(sha256, str(path), size, mtime_ns)

    def is_there(self, place: str, sha256: str) -> bool:
        """Whether the file at a place on this computer still holds this content, as far as can be told without reading it."""
        try:
            status = os.lstat(place)
        except OSError:
            return False
        row = next((one for one in self.pending if one.path == place), None) or self._index.known([place]).get(place)
        if row is None or row.sha256 is None:
            return True
        return (row.size, row.mtime_ns, row.sha256) == (status.st_size, status.st_mtime_ns, sha256)

    def due(self) -> Iterator[Candidate]:
        """What was put off, the newest file first; read in pages while it is looked at."""
        if not self._has_put_off:
            return
        for row in self._index.due(self._turn):
            candidate = recognise(Candidate(path=Path(row.path), size=row.size, mtime_ns=row.mtime_ns))
            if candidate is not None:
                yield candidate

    def taken(self) -> list[LookedAt]:
        """What is pending, to be written now together with what was found in it."""
        taken, self.pending = self.pending, []
        return taken

    def keep_passed_over(self) -> None:
        """Write which files are no pictures."""
        self._passed_over.keep()

    def _known_content(self, sha256: str, path: str, size: int, mtime_ns: int) -> LookedAt | None:
        same = next((one for one in self.pending if (one.size, one.sha256) == (size, sha256)), None)
        row = same or self._index.same_content(self._template_id, size, sha256)
        return None if row is None else dataclasses.replace(row, path=path, mtime_ns=mtime_ns)
