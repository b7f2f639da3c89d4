"""Which known finding a leak belongs to, whatever service tells of it and however it calls it."""

from collections.abc import Iterable

from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.model.leaks import forms, is_same_leak, likeness
from privacyguard.model.sites import site_of
from privacyguard.vault import records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, strictly


class KnownLeaks:
    """The leaks of one person, in memory by name and site; read when the first one comes that has no known name.

    A service's own leaks are never joined with each other: it has a name for each.
    """

    def __init__(self, connection: Connection, person_id: str) -> None:
        self._connection = connection
        self._person_id = person_id
        self._index: LeakIndex | None = None

    def key_of(self, source_id: str, leak: Breach, own_key: str) -> str:
        """The key of the finding that the leak belongs to; ``own_key`` where it is a new one."""
        statement = "SELECT key FROM leak_name WHERE person_id = ? AND source_id = ? AND name = ?"
        row = self._connection.execute(statement, (self._person_id, source_id, leak.key)).fetchone()
        if row is None:
            row = self._connection.execute("SELECT key FROM finding WHERE key = ?", (own_key,)).fetchone()
        if row is not None:
            with strictly():
                return Fields.from_row(row).text("key")
        if self._index is None:
            self._index = self._read()
        return self._index.match({source_id}, leak) or own_key

    def kept(self, source_id: str, leak: Breach, finding: Finding) -> None:
        """Note that the source's leak was kept as this finding."""
        row = (self._person_id, source_id, leak.key, finding.key)
        self._connection.execute("INSERT OR IGNORE INTO leak_name VALUES (?, ?, ?, ?)", row)
        if self._index is not None and isinstance(finding.evidence, Breach):
            self._index.add(finding.key, finding.evidence)
            self._index.add_name(finding.key, source_id, leak.key)

    def _read(self) -> "LeakIndex":
        index = LeakIndex()
        statement = "SELECT key, kind, evidence FROM finding WHERE person_id = ? AND kind = 'breach' ORDER BY rowid"
        rows = self._connection.execute(statement, (self._person_id,)).fetchall()
        statement = "SELECT key, source_id, name FROM leak_name WHERE person_id = ?"
        names = self._connection.execute(statement, (self._person_id,)).fetchall()
        with strictly():
            for row in rows:
                fields = Fields.from_row(row)
                index.add(fields.text("key"), records.leak(fields))
            for row in names:
                fields = Fields.from_row(row)
                index.add_name(fields.text("key"), fields.text("source_id"), fields.text("name"))
        return index


class LeakIndex:
    """Leaks of one person by the key of their finding, by the forms of their names, and by site."""

    def __init__(self) -> None:
        self._leaks: dict[str, Breach] = {}
        self._by_form: dict[str, dict[str, None]] = {}
        self._by_site: dict[str, dict[str, None]] = {}
        self._names: dict[str, dict[str, set[str]]] = {}

    def add(self, key: str, leak: Breach) -> None:
        """What is said of the leak of this finding, also where there is something already."""
        if self._leaks.get(key) == leak:
            return
        self._leaks[key] = leak
        for form in forms(leak):
            self._by_form.setdefault(form, {})[key] = None
        site = _site(leak)
        if site is not None:
            self._by_site.setdefault(site, {})[key] = None

    def add_name(self, key: str, source_id: str, name: str) -> None:
        """The source knows the leak of this finding by this name."""
        self._names.setdefault(key, {}).setdefault(source_id, set()).add(name)

    def match(self, source_ids: Iterable[str], leak: Breach) -> str | None:
        """The key of the known finding that is the same leak and most like it, or None."""
        near = {key: None for form in forms(leak) for key in self._by_form.get(form, ())}
        site = _site(leak)
        if site is not None:
            near |= self._by_site.get(site, {})
        same = [
            key for key in near if is_same_leak(self._leaks[key], leak) and not self._has_other(key, source_ids, leak)
        ]
        if len(same) < 2:
            return next(iter(same), None)
        return max(same, key=lambda key: likeness(self._leaks[key], leak))

    def _has_other(self, key: str, source_ids: Iterable[str], leak: Breach) -> bool:
        """Whether one of the sources has another leak in this finding: then it tells of two."""
        known = self._names.get(key, {})
        return any(known.get(source_id, {leak.key}) - {leak.key} for source_id in source_ids)


def _site(leak: Breach) -> str | None:
    """By which site it may be known; a paste by none, there are thousands at one."""
    return None if leak.paste else site_of(leak.domain)
