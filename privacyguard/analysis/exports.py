"""CSV exports of password managers and browsers: which sites a person uses, and nothing else of them.

Known by their header rows: Bitwarden, 1Password, KeePassXC, Firefox, Safari, and Chrome, which Edge and its other relatives
write alike. Of any other CSV the column that is named like an address, or holds them, is taken. User names are not read.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TextIO

from privacyguard.analysis.export_sites import is_app, is_web_address, name_of, sites_of
from privacyguard.model.export import ExportEmpty, ExportRead, ExportTooLarge, ExportUnknown, ExportUnreadable

__all__ = ["KINDS", "ExportRead", "read_export"]

FILE_BYTES = 64 * 1024 * 1024
FIELD_CHARS = 64 * 1024
ROW_CHARS = 1024 * 1024
COLUMNS_AT_MOST = 1000
ROWS_AT_MOST = 500_000
"""About ten seconds of work."""

LOOKED_AT = 50
"""Rows in which a column of addresses is looked for where none is named like one."""

_FORMS: tuple[tuple[str, frozenset[str]], ...] = (
    ("bitwarden", frozenset({"name", "type", "login_uri", "login_password"})),
    ("keepassxc", frozenset({"group", "title", "username", "password", "url"})),
    ("firefox", frozenset({"url", "password", "httprealm", "formactionorigin"})),
    ("1password", frozenset({"title", "url", "password", "archived"})),
    ("1password", frozenset({"title", "url", "password", "type"})),
    ("safari", frozenset({"title", "url", "username", "password"})),
    ("chrome", frozenset({"name", "url", "username", "password"})),
)
_OTHERS = frozenset({"grouping", "fav", "vault", "username2", "additional_urls"})
"""Of LastPass, Proton Pass, Dashlane and NordPass, whose columns are those of Chrome or Safari and more."""
KINDS = frozenset(kind for kind, _columns in _FORMS) | {"other"}

_ADDRESS_NAMES = tuple(
    "login_uri|url|urls|uri|uris|website|websites|web site|web address|site|domain|host|hostname|link|address".split(
        "|"
    )
)
_TITLE_NAMES = ("title", "name", "account", "service", "entry")
_USER_NAMES = frozenset({"username", "user name", "login name", "login", "user", "login_username", "email", "e-mail"})
_PASSWORD_NAMES = ("password", "login_password", "pass", "pwd")
_OTHER_FILES = (b"{", b"[", b"<", b"PK\x03\x04", b"\x03\xd9\xa2\x9a", b"%PDF", b"\x1f\x8b")
"""How JSON, XML, archives, databases of KeePass and the like begin."""


def read_export(content: bytes, wants_passwords: bool) -> ExportRead:
    """What is in the content of an export. ``wants_passwords``: also the SHA-1 of each password.

    Raises:
        ExportUnreadable: one of its kinds; where a line is to blame, with its number.
    """
    if len(content) > FILE_BYTES:
        raise ExportTooLarge
    if content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_OTHER_FILES):
        raise ExportUnknown
    limit_before = csv.field_size_limit(FIELD_CHARS)
    try:
        return _read(_Rows(content), wants_passwords)
    finally:
        csv.field_size_limit(limit_before)


def _read(rows: "_Rows", wants_passwords: bool) -> ExportRead:
    each = iter(rows)
    first = list(islice(each, LOOKED_AT))
    if not first:
        raise ExportEmpty
    columns = _columns([row for _line, row in first])
    if wants_passwords and columns.password is None:
        raise ExportUnknown
    taken = _Taken(columns, wants_passwords)
    for line, row in chain(first[columns.has_header :], each):
        taken.add(line, row)
    if not taken.rows:
        raise ExportEmpty
    sites = tuple(sorted(taken.sites))
    passwords = tuple(sorted(taken.passwords))
    return ExportRead(columns.kind, sites, tuple(sorted(taken.names)), passwords, taken.rows, taken.left_out)


class _Rows:
    """The rows that are not empty, each with the number of the line where it begins."""

    def __init__(self, content: bytes) -> None:
        self._file = _text(content)
        self._line = 0
        self._begins = 1
        self._taken_chars = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        lines = self._lines()
        first = ""
        for line in lines:
            self._begins, self._taken_chars, first = self._line, len(line), line
            if line.strip():
                break
        reader = csv.reader(chain([first], lines), delimiter=_delimiter(first), strict=True)
        while True:
            try:
                row = next(reader, None)
            except csv.Error:
                raise ExportUnreadable(self._begins) from None
            if row is None:
                return
            if len(row) > COLUMNS_AT_MOST:
                raise ExportUnreadable(self._begins)
            if any(row):
                yield self._begins, row
            self._begins, self._taken_chars = self._line + 1, 0

    def _lines(self) -> Iterator[str]:
        while line := self._file.readline(ROW_CHARS + 1):
            self._line += 1
            self._taken_chars += len(line)
            if "\0" in line:
                raise ExportUnreadable(self._line)
            if self._taken_chars > ROW_CHARS:
                raise ExportUnreadable(self._begins)
            yield line


def _text(content: bytes) -> TextIO:
    """The content as text; what cannot be read in it is U+FFFD. Not UTF-8 are those that say so, or hold every other byte 0."""
    encoding = "utf-8-sig"
    start = content[:64]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif len(start) >= 8 and not any(start[1::2]) and all(start[0::2]):
        encoding = "utf-16-le"
    elif len(start) >= 8 and not any(start[0::2]) and all(start[1::2]):
        encoding = "utf-16-be"
    return io.TextIOWrapper(io.BytesIO(content), encoding, "replace", newline="")


def _delimiter(first_line: str) -> str:
    """The sign that parts the first line into most columns."""

    def columns(sign: str) -> int:
        try:
            return len(next(csv.reader([first_line], delimiter=sign), []))
        except csv.Error:
            return 0

    return max(",;\t", key=columns)


@dataclass(frozen=True)
class _Columns:
    kind: str
    width: int
    has_header: bool
    address: int
    title: int | None = None
    password: int | None = None
    type: int | None = None


def _columns(first: Sequence[Sequence[str]]) -> _Columns:
    """Which column holds what. Raises :class:`ExportUnknown` where none holds addresses."""
    names = [cell.strip().casefold() for cell in first[0]]
    width = len(first[0])
    has_header = not any(is_web_address(cell) for cell in first[0])
    address = _place(names, _ADDRESS_NAMES) if has_header else None
    if address is None:
        address = _fullest(first[has_header:], width)
    if address is None:
        raise ExportUnknown
    if not has_header:
        return _Columns("other", width, False, address)
    known = frozenset(names)
    kind = next((kind for kind, form in _FORMS if form <= known and not _OTHERS & known), "other")
    kinds_of_entries = _place(names, ("type",)) if kind == "bitwarden" else None
    # An "account" beside a user name is a title (KeePass); without one it is the user name, which is not read.
    titles = _TITLE_NAMES if known & _USER_NAMES else [name for name in _TITLE_NAMES if name != "account"]
    title, password = _place(names, titles), _place(names, _PASSWORD_NAMES)
    return _Columns(kind, width, True, address, title, password, kinds_of_entries)


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _fullest(rows: Sequence[Sequence[str]], width: int) -> int | None:
    """The column with an address in at least every second row, the one with most."""
    counts = [sum(is_web_address(row[at]) for row in rows if at < len(row)) for at in range(width)]
    most = max(counts, default=0)
    return counts.index(most) if most and 2 * most >= len(rows) else None


@dataclass
class _Taken:
    columns: _Columns
    wants_passwords: bool
    sites: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    passwords: set[tuple[str, str]] = field(default_factory=set)
    rows: int = 0
    left_out: int = 0

    def add(self, line: int, row: list[str]) -> None:
        """Take what counts from one row."""
        columns = self.columns
        self.rows += 1
        if self.rows > ROWS_AT_MOST:
            raise ExportTooLarge
        if len(row) < columns.width or any(row[columns.width :]):
            # Its cells may stand under the wrong names, so a password could pass for a site.
            if self.wants_passwords:
                raise ExportUnreadable(line)
            self.left_out += 1
            return
        if columns.type is not None and row[columns.type].strip().lower() != "login":
            self.left_out += 1
            return
        self._add_entry(line, row[columns.address], _cell(row, columns.title), _cell(row, columns.password))

    def _add_entry(self, line: int, address: str, title: str | None, password: str | None) -> None:
        sites = sites_of(address)
        name = "" if sites else name_of(title or "")
        # Behind an address that is no site of the internet is a router or a file, whatever it is called.
        is_named = not sites and (not address.strip() or is_app(address))
        if is_named and "." in name:
            sites = sites_of(name)
        self.sites.update(sites)
        if not sites and is_named and name and password != "":
            self.names.add(name)
        elif not sites:
            self.left_out += 1
        if self.wants_passwords and password:
            if "\ufffd" in password:
                raise ExportUnreadable(line)
            self.passwords.add((sites[0] if sites else name, _sha1_of(password)))


def _cell(row: Sequence[str], column: int | None) -> str | None:
    return None if column is None else row[column]


def _sha1_of(password: str) -> str:
    """As the list of leaked passwords wants it: SHA-1 of the UTF-8 bytes, in upper case."""
    return hashlib.sha1(password.encode("utf-8"), usedforsecurity=False).hexdigest().upper()
