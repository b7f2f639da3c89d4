"""Version 5: what is kept for the pictures of the web. See :mod:`privacyguard.vault.schema`."""

PAGES: tuple[str, ...] = ()
"""Pages that were looked at, so that those that did not change are not fetched again."""

STATEMENTS: tuple[str, ...] = ()
"""The typed statement of each face pattern."""
