"""What a scan found, until it is written in batches together with what was looked at."""

import dataclasses
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from privacyguard.checkup.recall import Recall
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.vault.index import Index
from privacyguard.vault.vault import Vault

BATCH = 64
"""Pictures between two writes: a kill costs at most these, to be looked at again."""

BATCH_TIME = timedelta(seconds=5)
"""And the time between two: videos take long."""

Seen = TypeVar("Seen", FaceMatch, PictureCopy)


class Found:
    """Findings of one scan. ``new``: the keys that the person has not seen before, of those that are written."""

    def __init__(
        self, vault: Vault, index: Index, recall: Recall, person_id: str, source_id: str, clock: Callable[[], datetime]
    ) -> None:
        self.new: list[str] = []
        self._vault = vault
        self._index = index
        self._recall = recall
        self._person_id = person_id
        self._source_id = source_id
        self._clock = clock
        self._unwritten: dict[str, Finding] = {}
        self._seen_again: dict[str, None] = {}
        self._kept_at = clock()

    def known(self, keys: Collection[str]) -> dict[str, Finding]:
        """These findings by key, some of them without their cuts."""
        unwritten = {key: self._unwritten[key] for key in keys if key in self._unwritten}
        return {**self._index.findings(keys), **unwritten}

    def add(self, finding: Finding, evidence: Seen) -> Seen:
        """Keep a finding; its evidence as it is kept.

        Two files of one content are one finding: it names the first of them for as long as that is there.
        """
        known = self.known([finding.key]).get(finding.key)
        place = evidence.picture if known is None else (_place(known) or evidence.picture)
        if place != evidence.picture and self._recall.is_there(place, evidence.sha256):
            evidence = dataclasses.replace(evidence, picture=place)
        self._unwritten[finding.key] = dataclasses.replace(finding, evidence=evidence)
        return evidence

    def see_again(self, finding: Finding, evidence: Seen, path: str) -> Seen:
        """Keep that a known finding is still there, today, at ``path``; its evidence with the place where it is now."""
        now = self._clock()
        unwritten = self._unwritten.get(finding.key)
        # Another file of this content may have become its new place a moment ago.
        place = evidence.picture if unwritten is None else (_place(unwritten) or evidence.picture)
        if place != path and not self._recall.is_there(place, evidence.sha256):
            self._move(finding.key, path, now)
            place = path
        elif finding.last_seen.date() != now.date():
            self._seen_again[finding.key] = None
        return dataclasses.replace(evidence, picture=place)

    def keep_some(self) -> None:
        """Write, if a batch is full or some time has passed."""
        gathered = max(len(self._recall.pending), len(self._unwritten), len(self._seen_again))
        if gathered >= BATCH or (gathered and self._clock() - self._kept_at >= BATCH_TIME):
            self.keep()

    def keep(self) -> None:
        """Write everything now: findings and what was looked at in one transaction."""
        findings, self._unwritten = list(self._unwritten.values()), {}
        seen_again, self._seen_again = list(self._seen_again), {}
        looked_at = self._recall.taken()
        self._kept_at = self._clock()
        if findings or looked_at:
            outcome = Outcome(self._source_id, Status.CHECKED, tuple(finding.key for finding in findings))
            self.new += self._vault.save_outcome(self._person_id, outcome, findings, looked_at)
        if seen_again:
            self._index.seen_again(seen_again, self._kept_at)

    def _move(self, key: str, path: str, now: datetime) -> None:
        # Asked for again: what is kept has its cut, what is listed has not.
        known = self._unwritten.get(key) or self._vault.finding(key)
        if known is not None and isinstance(known.evidence, FaceMatch | PictureCopy):
            evidence = dataclasses.replace(known.evidence, picture=path)
            self._unwritten[key] = dataclasses.replace(known, evidence=evidence, last_seen=now)


def _place(finding: Finding) -> str | None:
    return finding.evidence.picture if isinstance(finding.evidence, FaceMatch | PictureCopy) else None
