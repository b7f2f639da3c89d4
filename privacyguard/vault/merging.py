"""After version 4 of the file: leaks that were a finding for each address become one finding, as they are since then."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.vault import findings, people, records
from privacyguard.vault.database import Connection
from privacyguard.vault.fields import Fields, strictly
from privacyguard.vault.joining import merged
from privacyguard.vault.leaks import LeakIndex

DUE = "vault.leaks-to-merge"
"""A flag, set by the step to version 4; the step itself cannot compare leaks."""


def merge_leaks(connection: Connection) -> None:
    """Join the findings of one leak, for each person, under the first one's key, and note by what names it is known."""
    for person in people.people(connection):
        known = LeakIndex()
        kept: dict[str, Finding] = {}
        replaced: dict[str, str] = {}
        for finding in findings.findings(connection, person.person_id):
            leak = finding.evidence
            if not isinstance(leak, Breach):
                continue
            key = known.match(finding.sources, leak) or finding.key
            kept[key] = merged(kept[key], finding) if key in kept else finding
            if key != finding.key:
                replaced[finding.key] = key
                connection.execute("DELETE FROM finding WHERE key = ?", (finding.key,))
                findings.put(connection, kept[key])
            whole = kept[key].evidence
            known.add(key, whole if isinstance(whole, Breach) else leak)
            for source_id in finding.sources:
                known.add_name(key, source_id, leak.key)
                row = (person.person_id, source_id, leak.key, key)
                connection.execute("INSERT OR IGNORE INTO leak_name VALUES (?, ?, ?, ?)", row)
        if replaced:
            _rename_in_checkups(connection, person.person_id, replaced)


def _rename_in_checkups(connection: Connection, person_id: str, replaced: Mapping[str, str]) -> None:
    rows = connection.execute("SELECT * FROM checkup WHERE person_id = ?", (person_id,)).fetchall()
    with strictly():
        checkups = [(row["id"], records.checkup(Fields.from_row(row))) for row in rows]
    for number, checkup in checkups:
        outcomes = [replace(one, findings=_renamed(one.findings, replaced)) for one in checkup.outcomes]
        renamed = replace(checkup, outcomes=tuple(outcomes), new=_renamed(checkup.new, replaced))
        *_, outcomes_text, new_text = records.checkup_row(renamed)
        connection.execute("UPDATE checkup SET outcomes = ?, new = ? WHERE id = ?", (outcomes_text, new_text, number))


def _renamed(keys: Iterable[str], replaced: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(replaced.get(key, key) for key in keys))
