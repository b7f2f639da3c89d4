"""What was looked at on this computer for one person, so that the next scan goes on where the last one stopped."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from privacyguard.model.finding import Finding
from privacyguard.model.place import LookedAt
from privacyguard.vault import records
from privacyguard.vault.database import Connection, Row, Transaction
from privacyguard.vault.fields import Fields, moment_text, path_bytes, strictly

PAGE = 1000
"""Rows read at once where all are wanted: what a long list costs in memory."""

FILE_BYTES = 8
"""Of what is kept for a file that is no picture."""

_COLUMNS = "person_id, path, size, mtime_ns, template_id, faces, could_not_judge, finding, unreadable, sha256, scene"
# +person_id: else SQLite takes the index of all findings of the person, and compares each with each key.
_BEFORE_THE_CUT = "key, person_id, kind, sources, first_seen, last_seen, subjects, evidence"


class Index:
    """One person's part of the index. Each call is one transaction and raises what the vault raises."""

    def __init__(self, person_id: str, reading: Transaction, writing: Transaction) -> None:
        self._person_id = person_id
        self._reading = reading
        self._writing = writing

    def known(self, paths: Collection[str]) -> dict[str, LookedAt]:
        """What is known of these paths, by path."""
        statement = f"SELECT {_COLUMNS} FROM looked_at WHERE person_id = ? AND path IN ({_places(paths)})"  # noqa: S608
        return {one.path: one for one in self._rows(statement, *map(path_bytes, paths))}

    def sizes(self, template_id: str, sizes: Collection[int]) -> frozenset[int]:
        """Which of these sizes a file has whose content is known for this face pattern."""
        statement = f"""SELECT DISTINCT size FROM looked_at INDEXED BY looked_at_content
            WHERE person_id = ? AND sha256 IS NOT NULL AND size IN ({_places(sizes)}) AND template_id = ?"""  # noqa: S608
        with self._reading() as connection:
            rows = connection.execute(statement, (self._person_id, *sizes, template_id)).fetchall()
        return frozenset(size for (size,) in rows)

    def same_content(self, template_id: str, size: int, sha256: str) -> LookedAt | None:
        """A file of this content that was looked at for this face pattern, or None."""
        statement = f"""SELECT {_COLUMNS} FROM looked_at INDEXED BY looked_at_content
            WHERE person_id = ? AND size = ? AND sha256 = ? AND template_id = ? LIMIT 1"""  # noqa: S608
        return next(iter(self._rows(statement, size, sha256, template_id)), None)

    def put_off(self, paths: Collection[str], turn: int) -> None:
        """Note that these are due again, in the scan of this number; :meth:`due` gives them back."""
        statement = f"""UPDATE looked_at SET due = ?
            WHERE person_id = ? AND path IN ({_places(paths)}) AND due IS NOT ?"""  # noqa: S608
        with self._writing() as connection:
            connection.execute(statement, (turn, self._person_id, *map(path_bytes, paths), turn))

    def due(self, turn: int) -> Iterator[LookedAt]:
        """What was put off in this scan, the newest file first. Rows may be kept anew meanwhile, each comes once."""
        statement = f"""SELECT {_COLUMNS} FROM looked_at INDEXED BY looked_at_due
            WHERE person_id = ? AND due = ? AND (mtime_ns, path) < (?, ?)
            ORDER BY mtime_ns DESC, path DESC LIMIT ?"""  # noqa: S608
        # Above every time and every path that can be.
        after: tuple[int, bytes] = (2**63 - 1, b"\xff")
        while rows := self._rows(statement, turn, *after, PAGE):
            yield from rows
            after = (rows[-1].mtime_ns, path_bytes(rows[-1].path))

    def scenes(self) -> Iterator[tuple[str, str, str | None]]:
        """Path, scene and the key of the person's finding, of every picture with a scene; read in pages."""
        statement = """SELECT path, scene, finding FROM looked_at
            WHERE person_id = ? AND path > ? AND scene IS NOT NULL ORDER BY path LIMIT ?"""
        after = b""
        while True:
            with self._reading() as connection:
                rows = connection.execute(statement, (self._person_id, after, PAGE)).fetchall()
            with strictly():
                page = [Fields.from_row(row) for row in rows]
                found = [(row.path("path"), row.text("scene"), row.optional_text("finding")) for row in page]
            yield from found
            if not found:
                return
            after = path_bytes(found[-1][0])

    def findings(self, keys: Collection[str]) -> Mapping[str, Finding]:
        """These findings by key, without their cuts: those are large, and nothing of a long list shows them."""
        statement = f"SELECT {_BEFORE_THE_CUT} FROM finding WHERE +person_id = ? AND key IN ({_places(keys)})"  # noqa: S608
        marks = f"SELECT key, mark, mark_until FROM finding INDEXED BY finding_mark WHERE key IN ({_places(keys)})"  # noqa: S608
        with self._reading() as connection:
            rows = connection.execute(statement, (self._person_id, *keys)).fetchall()
            marked = {key: (mark, until) for key, mark, until in connection.execute(marks, (*keys,)).fetchall()}
        with strictly():
            return {one.key: one for one in (_finding(row, *marked[row["key"]]) for row in rows)}

    def seen_again(self, keys: Collection[str], at: datetime) -> None:
        """Move the last day of these findings to ``at``; the rest of them stays."""
        statement = f"UPDATE finding SET last_seen = ? WHERE +person_id = ? AND key IN ({_places(keys)})"  # noqa: S608
        with self._writing() as connection:
            connection.execute(statement, (moment_text(at), self._person_id, *keys))

    def passed_over(self, folder: str, formats: int) -> frozenset[bytes]:
        """What was kept of the files in this folder that are no pictures; empty for other ``formats``."""
        statement = "SELECT files FROM passed_over WHERE person_id = ? AND folder = ? AND formats = ?"
        with self._reading() as connection:
            row = connection.execute(statement, (self._person_id, path_bytes(folder), formats)).fetchone()
        with strictly():
            files = b"" if row is None else Fields.from_row(row).content("files")
            if len(files) % FILE_BYTES:
                raise ValueError("cut")
        return frozenset(files[start : start + FILE_BYTES] for start in range(0, len(files), FILE_BYTES))

    def pass_over(self, files: Mapping[str, Iterable[bytes]], formats: int) -> None:
        """Keep, by folder, :data:`FILE_BYTES` for each file in it that is no picture, in place of those before."""
        rows = [
            (self._person_id, path_bytes(folder), formats, b"".join(sorted(marks))) for folder, marks in files.items()
        ]
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO passed_over VALUES (?, ?, ?, ?)", rows)

    def _rows(self, statement: str, *values: object) -> list[LookedAt]:
        with self._reading() as connection:
            rows = connection.execute(statement, (self._person_id, *values)).fetchall()
        with strictly():
            return [records.looked_at(Fields.from_row(row)) for row in rows]


def remember(connection: Connection, person_id: str, seen: Sequence[LookedAt]) -> None:
    """Keep what was looked at, in place of what was known of the same paths; it is not due any more."""
    rows = [records.looked_at_row(person_id, one) for one in seen]
    statement = f"INSERT OR REPLACE INTO looked_at ({_COLUMNS}) VALUES ({_places(range(11))})"  # noqa: S608
    connection.executemany(statement, rows)


def forget(connection: Connection, person_id: str) -> int:
    """Erase what was looked at for a person; how many pictures."""
    connection.execute("DELETE FROM passed_over WHERE person_id = ?", (person_id,))
    return connection.execute("DELETE FROM looked_at WHERE person_id = ?", (person_id,)).rowcount


def _finding(row: Row, mark: object, until: object) -> Finding:
    return records.finding(Fields.from_row(row).with_defaults(mark=mark, mark_until=until))


def _places(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
