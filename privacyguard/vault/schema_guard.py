"""Version 6: what is kept for the regular check. See :mod:`privacyguard.vault.schema`."""

GUARD: tuple[str, ...] = (
    # One row at most; none before the person or a check touched it.
    """CREATE TABLE guard (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        is_on INTEGER NOT NULL,
        pace TEXT NOT NULL,
        switched_at TEXT,
        due_at TEXT,
        regular_at TEXT,
        last_try_at TEXT,
        last_end_at TEXT,
        trying_since TEXT,
        paused_until TEXT,
        last_notice_at TEXT,
        set_back_at TEXT
    ) STRICT""",
    """CREATE TABLE guard_source (
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        tried_at TEXT NOT NULL,
        asked_at TEXT,
        failures INTEGER NOT NULL,
        failing_since TEXT,
        PRIMARY KEY (person_id, source_id)
    ) STRICT, WITHOUT ROWID""",
    # No reference to a finding: it may be about a letter or a source. What is about nothing any more is passed over.
    """CREATE TABLE guard_news (
        kind TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
        about TEXT NOT NULL,
        since TEXT NOT NULL,
        at TEXT NOT NULL,
        told_at TEXT,
        seen_at TEXT,
        PRIMARY KEY (kind, person_id, about, since)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE guard_presence (
        key TEXT PRIMARY KEY REFERENCES finding ON DELETE CASCADE,
        missed INTEGER NOT NULL,
        gone_at TEXT,
        returned_at TEXT
    ) STRICT, WITHOUT ROWID""",
)
"""The state, each source's failures, what there is to say, and which findings are gone from the web."""
