"""What the vault holds, as steps from one version of the file to the next. A step that was released is never changed.

Lone surrogates (paths that are no text) do not fit SQLite's TEXT, so paths are kept as bytes since version 2.
"""

from privacyguard.vault.schema_guard import GUARD
from privacyguard.vault.schema_web import PAGES, STATEMENTS

_VERSION_1 = (
    """CREATE TABLE person (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        relation TEXT NOT NULL,
        is_adult INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE identifier (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (person_id, kind, value)
    ) STRICT""",
    """CREATE TABLE consent (
        person_id TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE,
        face_pattern INTEGER NOT NULL,
        folders INTEGER NOT NULL,
        text_version TEXT NOT NULL,
        given_at TEXT NOT NULL,
        given_by TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE template (
        person_id TEXT PRIMARY KEY REFERENCES person ON DELETE CASCADE,
        model_id TEXT NOT NULL,
        enrolled_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE photo (
        person_id TEXT NOT NULL REFERENCES template ON DELETE CASCADE,
        position INTEGER NOT NULL,
        embedding BLOB NOT NULL,
        cut_width INTEGER NOT NULL,
        cut_height INTEGER NOT NULL,
        cut BLOB NOT NULL,
        phash TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (person_id, position)
    ) STRICT""",
    """CREATE TABLE finding (
        key TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        kind TEXT NOT NULL,
        sources TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        subject TEXT,
        evidence TEXT NOT NULL,
        cut_width INTEGER,
        cut_height INTEGER,
        cut BLOB,
        mark TEXT,
        mark_until TEXT
    ) STRICT""",
    "CREATE INDEX finding_of_person ON finding (person_id)",
    """CREATE TABLE not_me (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        sha256 TEXT NOT NULL,
        x INTEGER NOT NULL,
        y INTEGER NOT NULL,
        w INTEGER NOT NULL,
        h INTEGER NOT NULL,
        PRIMARY KEY (person_id, sha256, x, y, w, h)
    ) STRICT""",
    """CREATE TABLE looked_at (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        template_id TEXT NOT NULL,
        faces INTEGER NOT NULL,
        could_not_judge INTEGER NOT NULL,
        finding TEXT,
        unreadable TEXT,
        PRIMARY KEY (person_id, path)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE checkup (
        id INTEGER PRIMARY KEY,
        person_id TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL,
        cancelled INTEGER NOT NULL,
        outcomes TEXT NOT NULL,
        new TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE disclosure (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        host TEXT NOT NULL,
        source_id TEXT NOT NULL,
        what TEXT NOT NULL,
        purpose TEXT NOT NULL,
        bytes INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE place (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (kind, value)
    ) STRICT""",
    """CREATE TABLE kept (
        name TEXT PRIMARY KEY,
        content BLOB NOT NULL,
        kept_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE flag (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
)

_VERSION_2 = (
    """CREATE TABLE looked_at_2 (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        template_id TEXT NOT NULL,
        faces INTEGER NOT NULL,
        could_not_judge INTEGER NOT NULL,
        finding TEXT,
        unreadable TEXT,
        PRIMARY KEY (person_id, path)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO looked_at_2 SELECT person_id, CAST(path AS BLOB), size, mtime_ns, template_id, faces,
        could_not_judge, finding, unreadable FROM looked_at""",
    "DROP TABLE looked_at",
    "ALTER TABLE looked_at_2 RENAME TO looked_at",
    """CREATE TABLE place_2 (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        value BLOB NOT NULL,
        UNIQUE (kind, value)
    ) STRICT""",
    "INSERT INTO place_2 SELECT id, kind, CAST(value AS BLOB) FROM place",
    "DROP TABLE place",
    "ALTER TABLE place_2 RENAME TO place",
)

_VERSION_3 = (
    "ALTER TABLE looked_at ADD COLUMN sha256 TEXT",
    "ALTER TABLE looked_at ADD COLUMN scene TEXT",
    # The number of the scan that found the row due again; NULL where nothing is to be done.
    "ALTER TABLE looked_at ADD COLUMN due INTEGER",
    # Size first: only a file of a known size is read to be compared. Content second: bitmaps all have one size.
    "CREATE INDEX looked_at_content ON looked_at (person_id, size, sha256) WHERE sha256 IS NOT NULL",
    "CREATE INDEX looked_at_due ON looked_at (person_id, due, mtime_ns) WHERE due IS NOT NULL",
    # Files that are no pictures, so that they are not opened again: 8 bytes for each, joined, for each folder.
    """CREATE TABLE passed_over (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        folder BLOB NOT NULL,
        formats INTEGER NOT NULL,
        files BLOB NOT NULL,
        PRIMARY KEY (person_id, folder)
    ) STRICT, WITHOUT ROWID""",
    # The mark lies behind the cut in its row: without this, every page of the cut is read on the way.
    "CREATE INDEX finding_mark ON finding (key, mark, mark_until)",
    "ALTER TABLE photo ADD COLUMN mirrored BLOB",
    "ALTER TABLE photo ADD COLUMN other_model BLOB",
    "ALTER TABLE photo ADD COLUMN copy_variants BLOB",
    "ALTER TABLE not_me ADD COLUMN phash TEXT",
    "ALTER TABLE not_me ADD COLUMN width INTEGER",
    "ALTER TABLE not_me ADD COLUMN height INTEGER",
)

_VERSION_4 = (
    # Renamed in place: a table that is rebuilt would write every cut anew.
    "ALTER TABLE finding RENAME COLUMN subject TO subjects",
    # Until here only the value was kept; its kind is what it has among the identifiers, or what it looks like.
    """UPDATE finding SET subjects = json_object('subjects', json_array(json_object(
        'kind', coalesce(
            (SELECT kind FROM identifier WHERE identifier.person_id = finding.person_id
                AND identifier.value = finding.subjects ORDER BY kind = 'service' DESC, kind LIMIT 1),
            CASE WHEN instr(subjects, '@') THEN 'email' ELSE 'service' END),
        'value', subjects))) WHERE subjects IS NOT NULL""",
    # NULL: not grown. Behind the cut, where only leaks, which have none, are read for it.
    "ALTER TABLE finding ADD COLUMN grown TEXT",
    "CREATE INDEX finding_leak ON finding (person_id) WHERE kind = 'breach'",
    # Letters and digits of the name by which a source knows a leak: it finds its finding again, whatever that is called now.
    """CREATE TABLE leak_name (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        name TEXT NOT NULL,
        key TEXT NOT NULL REFERENCES finding ON DELETE CASCADE,
        PRIMARY KEY (person_id, source_id, name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX leak_name_key ON leak_name (key)",
    # Until here a leak was a finding for each identifier; see merging.py.
    """INSERT INTO flag SELECT 'vault.leaks-to-merge', 'yes'
        WHERE EXISTS (SELECT 1 FROM finding WHERE kind = 'breach')""",
    # Identifiers that a source was asked about, so that a checkup over many of them goes on where the last one stopped.
    """CREATE TABLE round (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        PRIMARY KEY (person_id, source_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE asked (
        person_id TEXT NOT NULL,
        source_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        at TEXT NOT NULL,
        in_round INTEGER NOT NULL,
        PRIMARY KEY (person_id, source_id, kind, value),
        FOREIGN KEY (person_id, kind, value) REFERENCES identifier ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX asked_identifier ON asked (person_id, kind, value)",
    """CREATE TABLE round_finding (
        person_id TEXT NOT NULL,
        source_id TEXT NOT NULL,
        key TEXT NOT NULL REFERENCES finding ON DELETE CASCADE,
        PRIMARY KEY (person_id, source_id, key),
        FOREIGN KEY (person_id, source_id) REFERENCES round ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX round_finding_key ON round_finding (key)",
    """CREATE TABLE pace (
        host TEXT PRIMARY KEY,
        asked_at BLOB NOT NULL,
        not_before TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE letter (
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        recipient TEXT NOT NULL,
        kind TEXT NOT NULL,
        sent_on TEXT NOT NULL,
        due_on TEXT NOT NULL,
        answered_on TEXT
    ) STRICT""",
)

STEPS: tuple[tuple[str, ...], ...] = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4, (*PAGES, *STATEMENTS), GUARD)
"""``STEPS[n]`` leads from version n to n + 1; version 0 is an empty file."""

CURRENT = len(STEPS)
"""The version that this program reads and writes."""

TABLES = frozenset(
    {
        "person",
        "identifier",
        "consent",
        "template",
        "photo",
        "finding",
        "not_me",
        "looked_at",
        "passed_over",
        "checkup",
        "disclosure",
        "place",
        "kept",
        "flag",
        "leak_name",
        "round",
        "asked",
        "round_finding",
        "pace",
        "letter",
        "statement",
        "search_consent",
        "site_look",
        "page",
        "web_picture",
        "guard",
        "guard_source",
        "guard_news",
        "guard_presence",
    }
)
"""The tables of the current version."""
