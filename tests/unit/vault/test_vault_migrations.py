"""A file of an earlier version is brought to the current one with every row; a newer one is left alone.

``VERSION_1`` to ``VERSION_3`` are frozen: they are what these versions wrote, not what the program says of it today.
"""

import dataclasses
import json
import os
import struct
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from privacyguard.errors import DiskFull, VaultDamaged, VaultTooNew
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import (
    Consent,
    EnrolledPhoto,
    FaceTemplate,
    Identifier,
    IdentifierKind,
    Person,
    Relation,
)
from privacyguard.model.picture import Box, Closeness, FaceCut, FaceMatch, NotMe
from privacyguard.model.place import LookedAt, Place, PlaceKind
from privacyguard.model.source import Disclosure
from privacyguard.vault import merging, schema
from privacyguard.vault.merging import merge_leaks
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import open_vault

KEY = "5a" * 32
Row = tuple[object, ...]

VERSION_1 = """
CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, relation TEXT NOT NULL, is_adult INTEGER NOT NULL)
    STRICT;
CREATE TABLE identifier (person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE, kind TEXT NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (person_id, kind, value)) STRICT;
CREATE TABLE consent (person_id TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE, face_pattern INTEGER NOT NULL,
    folders INTEGER NOT NULL, text_version TEXT NOT NULL, given_at TEXT NOT NULL, given_by TEXT NOT NULL) STRICT;
CREATE TABLE template (person_id TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE, model_id TEXT NOT NULL,
    enrolled_at TEXT NOT NULL) STRICT;
CREATE TABLE photo (person_id TEXT NOT NULL REFERENCES template ON DELETE CASCADE, position INTEGER NOT NULL,
    embedding BLOB NOT NULL, cut_width INTEGER NOT NULL, cut_height INTEGER NOT NULL, cut BLOB NOT NULL,
    phash TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (person_id, position)) STRICT;
CREATE TABLE finding (key TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
    kind TEXT NOT NULL, sources TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, subject TEXT,
    evidence TEXT NOT NULL, cut_width INTEGER, cut_height INTEGER, cut BLOB, mark TEXT, mark_until TEXT) STRICT;
CREATE INDEX finding_of_person ON finding (person_id);
CREATE TABLE not_me (person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE, sha256 TEXT NOT NULL,
    x INTEGER NOT NULL, y INTEGER NOT NULL, w INTEGER NOT NULL, h INTEGER NOT NULL,
    PRIMARY KEY (person_id, sha256, x, y, w, h)) STRICT;
CREATE TABLE looked_at (person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE, path TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, template_id TEXT NOT NULL, faces INTEGER NOT NULL,
    could_not_judge INTEGER NOT NULL, finding TEXT, unreadable TEXT, PRIMARY KEY (person_id, path))
    STRICT, WITHOUT ROWID;
CREATE TABLE checkup (id INTEGER PRIMARY KEY, person_id TEXT NOT NULL, started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL, cancelled INTEGER NOT NULL, outcomes TEXT NOT NULL, new TEXT NOT NULL) STRICT;
CREATE TABLE disclosure (id INTEGER PRIMARY KEY, at TEXT NOT NULL, host TEXT NOT NULL, source_id TEXT NOT NULL,
    what TEXT NOT NULL, purpose TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT;
CREATE TABLE place (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, value)) STRICT;
CREATE TABLE kept (name TEXT PRIMARY KEY, content BLOB NOT NULL, kept_at TEXT NOT NULL) STRICT;
CREATE TABLE flag (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA user_version = 1;
"""

VERSION_2 = (
    VERSION_1.replace("path TEXT NOT NULL,", "path BLOB NOT NULL,")
    .replace("kind TEXT NOT NULL, value TEXT NOT NULL, UNIQUE", "kind TEXT NOT NULL, value BLOB NOT NULL, UNIQUE")
    .replace("user_version = 1", "user_version = 2")
)

VERSION_3 = (
    VERSION_2.replace("user_version = 2", "user_version = 3")
    + """
ALTER TABLE looked_at ADD COLUMN sha256 TEXT;
ALTER TABLE looked_at ADD COLUMN scene TEXT;
ALTER TABLE looked_at ADD COLUMN due INTEGER;
CREATE INDEX looked_at_content ON looked_at (person_id, size, sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX looked_at_due ON looked_at (person_id, due, mtime_ns) WHERE due IS NOT NULL;
CREATE TABLE passed_over (person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE, folder BLOB NOT NULL,
    formats INTEGER NOT NULL, files BLOB NOT NULL, PRIMARY KEY (person_id, folder)) STRICT, WITHOUT ROWID;
CREATE INDEX finding_mark ON finding (key, mark, mark_until);
ALTER TABLE photo ADD COLUMN mirrored BLOB;
ALTER TABLE photo ADD COLUMN other_model BLOB;
ALTER TABLE photo ADD COLUMN copy_variants BLOB;
ALTER TABLE not_me ADD COLUMN phash TEXT;
ALTER TABLE not_me ADD COLUMN width INTEGER;
ALTER TABLE not_me ADD COLUMN height INTEGER;
"""
)

AT = "2026-01-02T03:04:05+00:00"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NUMBERS = (0.6, -0.8, 0.0, 0.25)
EMBEDDING = struct.pack("<4f", *NUMBERS)
CUT = bytes(range(12))
BREACH = {
    "name": "Club",
    "title": "The Club",
    "domain": "club.example",
    "occurred_on": "2019-05-01",
    "added_on": None,
    "data_classes": ["Passwords"],
    "verified": True,
    "sensitive": False,
    "spam_list": False,
    "malware": False,
}
MATCH = {
    "picture": "/pictures/ä.jpg",
    "page": None,
    "box": [1, 2, 3, 4],
    "similarity": 0.5,
    "closeness": "a-little",
    "model_id": "m",
    "sha256": "ab",
    "phash": "cd",
    "title": None,
    "on_this_computer": True,
    "copy_distance": None,
}
OUTCOME = {
    "source_id": "hibp",
    "status": "failed",
    "findings": ["breach-1"],
    "problem": "down",
    "remedy": None,
    "seen": 2,
    "unreadable": 1,
}
ROWS: dict[str, list[tuple[object, ...]]] = {
    "person": [("p1", "Ann", "me", 1), ("p2", "Ben", "my-child", 0)],
    "identifier": [("p1", "email", "ann@example.org"), ("p1", "username", "ann")],
    "consent": [("p1", 1, 0, "1", AT, "me")],
    "template": [("p1", "m", AT)],
    "photo": [("p1", 0, EMBEDDING, 2, 2, zlib.compress(CUT), "ph", "sha")],
    "finding": [
        ("breach-1", "p1", "breach", '{"sources":["hibp","catalogue"]}', AT, AT, "ann@example.org", json.dumps(BREACH))
        + (None, None, None, "later", "2026-06-01"),
        ("face-1", "p1", "face", '{"sources":["folders"]}', AT, AT, None, json.dumps(MATCH))
        + (2, 2, zlib.compress(CUT), None, None),
    ],
    "not_me": [("p1", "ef", 5, 6, 7, 8)],
    "looked_at": [("p1", "/pictures/ä.jpg", 10, 20, "t", 1, 0, "face-1", None)],
    "checkup": [(1, "p1", AT, AT, 0, json.dumps({"outcomes": [OUTCOME]}), '{"new":["breach-1"]}')],
    "disclosure": [(4, AT, "api.example", "hibp", "an address", "leaks", 99)],
    "place": [(1, "folder", "/pictures/ä"), (2, "url", "https://club.example/")],
    "kept": [("catalogue", b"\x00\xff", AT)],
    "flag": [("answered", "yes")],
}
ROWS_2 = ROWS | {
    "looked_at": [("p1", "/pictures/ä.jpg".encode(), 10, 20, "t", 1, 0, "face-1", None)],
    "place": [(1, "folder", "/pictures/ä".encode()), (2, "url", b"https://club.example/")],
}
ROWS_3 = ROWS_2 | {
    table: [(*row, None, None, None) for row in ROWS_2[table]] for table in ("looked_at", "photo", "not_me")
}
ROWS_3["passed_over"] = [("p1", "/pictures/ä".encode(), 5, bytes(range(8)))]
OLDER = {"version 1": (VERSION_1, ROWS), "version 2": (VERSION_2, ROWS_2), "version 3": (VERSION_3, ROWS_3)}


def write(file: Path, script: str, rows: dict[str, list[tuple[object, ...]]]) -> None:
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(script)
    for table, values in rows.items():
        connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(values[0]))})", values)
    connection.close()


def keys() -> MemoryKeyStore:
    return MemoryKeyStore({"vault-key-1": KEY})


def test_the_frozen_script_covers_every_table_of_version_1() -> None:
    assert set(ROWS) == {statement.split()[2] for statement in schema.STEPS[0] if "TABLE" in statement}
    assert VERSION_2.count(" BLOB NOT NULL") == VERSION_1.count(" BLOB NOT NULL") + 2


@pytest.mark.parametrize("version", OLDER)
def test_an_older_file_is_brought_to_the_current_one_with_every_row(tmp_path: Path, version: str) -> None:
    write(tmp_path / "vault.db", *OLDER[version])
    for _ in range(2):  # the second time it is current already
        with open_vault(tmp_path, keys()) as vault:
            with vault._reading() as connection:
                assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.CURRENT
                assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
            photo = EnrolledPhoto(struct.unpack("<4f", EMBEDDING), FaceCut(2, 2, CUT), "ph", "sha")
            ann = Person(
                "p1",
                "Ann",
                Relation.ME,
                True,
                (Identifier(IdentifierKind.EMAIL, "ann@example.org"), Identifier(IdentifierKind.USERNAME, "ann")),
                FaceTemplate((photo,), "m", MOMENT),
                Consent(True, False, "1", MOMENT, Relation.ME),
            )
            assert vault.people() == (ann, Person("p2", "Ben", Relation.MY_CHILD, False))
            leak = Breach("Club", "The Club", "club.example", date(2019, 5, 1), None, ("Passwords",))
            match = FaceMatch(
                "/pictures/ä.jpg",
                None,
                Box(1, 2, 3, 4),
                0.5,
                Closeness.A_LITTLE,
                "m",
                "ab",
                "cd",
                on_this_computer=True,
                cut=FaceCut(2, 2, CUT),
            )
            assert vault.findings() == (
                Finding(
                    "breach-1",
                    FindingKind.BREACH,
                    "p1",
                    ("hibp", "catalogue"),
                    MOMENT,
                    MOMENT,
                    leak,
                    (Identifier(IdentifierKind.EMAIL, "ann@example.org"),),
                    Mark(MarkKind.LATER, date(2026, 6, 1)),
                ),
                Finding("face-1", FindingKind.FACE, "p1", ("folders",), MOMENT, MOMENT, match),
            )
            assert vault.not_me("p1") == {NotMe("ef", Box(5, 6, 7, 8))}
            assert vault.looked_at("p1", "/pictures/ä.jpg") == LookedAt("/pictures/ä.jpg", 10, 20, "t", 1, 0, "face-1")
            assert vault.last_checkup() == Checkup(
                MOMENT,
                MOMENT,
                (Outcome("hibp", Status.FAILED, ("breach-1",), "down", None, 2, 1),),
                "p1",
                ("breach-1",),
            )
            assert vault.disclosures() == (Disclosure(MOMENT, "api.example", "hibp", "an address", "leaks", 99),)
            assert vault.places() == (
                Place(PlaceKind.FOLDER, "/pictures/ä"),
                Place(PlaceKind.URL, "https://club.example/"),
            )
            assert vault.load("catalogue") == (b"\x00\xff", MOMENT)
            assert vault.flag("answered") == "yes"


def test_what_version_1_could_not_keep_fits_after_the_migration(tmp_path: Path) -> None:
    write(tmp_path / "vault.db", VERSION_1, ROWS)
    odd = os.fsdecode(b"/pictures/\xff.jpg")
    with open_vault(tmp_path, keys()) as vault:
        vault.remember("p1", [LookedAt(odd, 1, 2, "t")])
        assert vault.looked_at("p1", odd) == LookedAt(odd, 1, 2, "t")
        assert vault.add_place(Place(PlaceKind.FOLDER, odd))


def test_every_version_leads_to_the_same_schema(tmp_path: Path) -> None:
    for name, older in OLDER.items():
        (tmp_path / name).mkdir()
        write(tmp_path / name / "vault.db", *older)
    found = []
    for name in (*OLDER, "new"):
        with open_vault(tmp_path / name, keys()) as vault, vault._reading() as connection:
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master ORDER BY 1").fetchall()]
            found.append(
                [
                    (table, [tuple(row) for row in connection.execute(f"PRAGMA table_info({table})").fetchall()])
                    for table in tables
                ]
            )
    assert all(one == found[-1] for one in found)


def old_leak(key: str, person_id: str, sources: list[str], subject: str, mark: str | None, **changes: object) -> Row:
    until = "2026-06-01" if mark == "later" else None
    said = (json.dumps({"sources": sources}), AT, AT, subject, json.dumps(BREACH | changes))
    return (key, person_id, "breach", *said, None, None, None, mark, until)


def with_leaks(*leaks: Row) -> dict[str, list[Row]]:
    """Rows of version 3, with these leaks and a checkup that names them."""
    keys = [str(leak[0]) for leak in leaks]
    outcome = OUTCOME | {"findings": keys}
    checkup = (1, "p1", AT, AT, 0, json.dumps({"outcomes": [outcome]}), json.dumps({"new": keys[-1:]}))
    return ROWS_3 | {"finding": list(leaks), "checkup": [checkup]}


SECOND = Identifier(IdentifierKind.EMAIL, "second@example.org")
ANN = Identifier(IdentifierKind.EMAIL, "ann@example.org")
DONE, DUE = Mark(MarkKind.DONE), Mark(MarkKind.LATER, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("first", "second", "mark"),
    [
        ("done", "done", DONE),
        ("done", "later", DUE),
        ("later", "done", DUE),
        ("done", None, None),
        (None, "fine", None),
    ],
)
def test_a_leak_that_was_a_finding_for_each_address_becomes_one(
    tmp_path: Path, first: str | None, second: str | None, mark: Mark | None
) -> None:
    rows = with_leaks(
        old_leak("breach-1", "p1", ["hibp"], ANN.value, first),
        old_leak("breach-9", "p1", ["hibp"], ANN.value, "done", name="Other", title="Other", domain="other.example"),
        old_leak("breach-2", "p1", ["hibp", "xposedornot"], SECOND.value, second, data_classes=["Names"]),
        old_leak("breach-3", "p2", ["hibp"], "club.example", None),
    )
    write(tmp_path / "vault.db", VERSION_3, rows)
    for _ in range(2):
        with open_vault(tmp_path, keys()) as vault:
            one, other, of_ben = vault.findings()
            assert (one.key, one.subjects, one.sources) == ("breach-1", (ANN, SECOND), ("hibp", "xposedornot"))
            assert one.mark == mark and isinstance(one.evidence, Breach)
            assert one.evidence.data_classes == ("Passwords", "Names")
            assert (other.key, other.mark) == ("breach-9", DONE)
            assert of_ben.subjects == (Identifier(IdentifierKind.SERVICE, "club.example"),)
            checkup = vault.last_checkup("p1")
            assert checkup is not None and checkup.new == ("breach-3",)
            assert checkup.outcomes[0].findings == ("breach-1", "breach-9", "breach-3")
            with vault._reading() as connection:
                names = [
                    tuple(row) for row in connection.execute("SELECT * FROM leak_name ORDER BY 1, 2, 3").fetchall()
                ]
            assert names == [
                ("p1", "hibp", "club", "breach-1"),
                ("p1", "hibp", "other", "breach-9"),
                ("p1", "xposedornot", "club", "breach-1"),
                ("p2", "hibp", "club", "breach-3"),
            ]
            again = dataclasses.replace(one, key="breach-0", subjects=(SECOND,), mark=None)
            assert vault.save_asked("p1", "xposedornot", SECOND, [again]) == ()
            assert vault.finding("breach-1") == one


def test_a_full_disk_puts_off_the_joining_of_leaks_and_not_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaks = [old_leak(f"breach-{number}", "p1", ["hibp"], f"{number}@example.org", None) for number in (1, 2)]
    write(tmp_path / "vault.db", VERSION_3, with_leaks(*leaks))

    def no_room(connection: object) -> None:
        merge_leaks(connection)  # type: ignore[arg-type]
        raise DiskFull("no room")

    with monkeypatch.context() as patched:
        patched.setattr(merging, "merge_leaks", no_room)
        with open_vault(tmp_path, keys()) as vault:
            assert [one.key for one in vault.findings()] == ["breach-1", "breach-2"]
    with open_vault(tmp_path, keys()) as vault:
        assert [one.key for one in vault.findings()] == ["breach-1"]


def test_the_kind_of_what_a_leak_was_found_by_is_the_one_it_has(tmp_path: Path) -> None:
    rows = with_leaks(
        old_leak("breach-1", "p1", ["catalogue"], "ann", None),
        old_leak("breach-2", "p1", ["hibp"], "gone@example.org", None, name="Other", domain="other.example"),
        old_leak("breach-3", "p1", ["catalogue"], "The “Gym” \\ 'x'", None, name="Gym", domain="gym.example"),
    )
    write(tmp_path / "vault.db", VERSION_3, rows)
    with open_vault(tmp_path, keys()) as vault:
        assert [one.subjects for one in vault.findings()] == [
            (Identifier(IdentifierKind.USERNAME, "ann"),),
            (Identifier(IdentifierKind.EMAIL, "gone@example.org"),),
            (Identifier(IdentifierKind.SERVICE, "The “Gym” \\ 'x'"),),
        ]


def test_a_face_of_an_older_version_has_no_statement_and_its_first_one_counts_at_once(tmp_path: Path) -> None:
    write(tmp_path / "vault.db", VERSION_3, ROWS_3)
    with open_vault(tmp_path, keys()) as vault:
        assert vault.statement("p1") is None
        assert vault.searches("p1") == ()
        assert vault.save_statement("p1", MOMENT).counts(MOMENT)


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    orphan: dict[str, list[tuple[object, ...]]] = {"consent": [("nobody", 1, 0, "1", AT, "me")]}
    file = tmp_path / "vault.db"
    write(file, VERSION_1, ROWS | orphan)
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(VaultDamaged):
            open_vault(tmp_path, keys())
        assert file.read_bytes() == before


def test_a_newer_file_is_refused_and_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "vault.db"
    open_vault(tmp_path, keys()).close()
    write(file, f"PRAGMA user_version = {schema.CURRENT + 1}; CREATE TABLE later (a TEXT);", {"later": [("x",)]})
    before = file.read_bytes()
    with pytest.raises(VaultTooNew):
        open_vault(tmp_path, keys())
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["vault.db"]
