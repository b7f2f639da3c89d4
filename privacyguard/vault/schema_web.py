"""Version 5: what is kept for the pictures of the web. See :mod:`privacyguard.vault.schema`."""

PAGES: tuple[str, ...] = (
    # These hang on the face pattern too: for another one everything is due again.
    """CREATE TABLE site_look (
        person_id TEXT NOT NULL REFERENCES template ON DELETE CASCADE,
        site TEXT NOT NULL,
        began_at TEXT NOT NULL,
        PRIMARY KEY (person_id, site)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE page (
        person_id TEXT NOT NULL REFERENCES template ON DELETE CASCADE,
        address TEXT NOT NULL,
        landed TEXT NOT NULL,
        etag TEXT,
        modified TEXT,
        sha256 TEXT NOT NULL,
        content BLOB NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (person_id, address)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE web_picture (
        person_id TEXT NOT NULL REFERENCES template ON DELETE CASCADE,
        address TEXT NOT NULL,
        etag TEXT,
        modified TEXT,
        sha256 TEXT NOT NULL,
        template_id TEXT NOT NULL,
        finding TEXT,
        unreadable TEXT,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (person_id, address)
    ) STRICT, WITHOUT ROWID""",
)
"""Pages that were looked at, so that those that did not change are not fetched again."""

STATEMENTS: tuple[str, ...] = (
    # It hangs on the face pattern: whatever erases or replaces that, erases the statement.
    """CREATE TABLE statement (
        person_id TEXT PRIMARY KEY REFERENCES template ON DELETE CASCADE,
        text_version TEXT NOT NULL,
        typed_at TEXT NOT NULL,
        pattern_at TEXT NOT NULL,
        counts_from TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE search_consent (
        id INTEGER PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        text_version TEXT NOT NULL,
        agreed_at TEXT NOT NULL
    ) STRICT""",
)
"""The typed statement of a face pattern, and each yes to a face search."""
