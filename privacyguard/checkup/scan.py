"""Looking through pictures on this computer: continues where it stopped, keeps what it found at every moment."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from privacyguard.checkup.look import Look, place_of
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding
from privacyguard.model.person import FaceTemplate
from privacyguard.model.picture import Candidate, FaceMatch, PictureAnalysis, Unreadable
from privacyguard.model.place import LookedAt
from privacyguard.model.progress import CancelToken
from privacyguard.vault.vault import Vault

BATCH = 64
"""Pictures between two writes: a kill costs at most these, to be looked at again."""

_STAYS_UNREADABLE = frozenset({Unreadable.NOT_A_PICTURE, Unreadable.BROKEN, Unreadable.TOO_LARGE})
"""Reasons that lie in the file itself: not tried again until it changes."""


@dataclass(frozen=True)
class ScanMatch:
    """The person in one file. ``remembered``: known from an earlier look at the unchanged file."""

    path: str = field(repr=False)
    finding: Finding = field(repr=False)
    match: FaceMatch = field(repr=False)
    remembered: bool


@dataclass
class ScanCounts:
    """What a scan counted so far. ``seen`` counts looked at, unchanged and unreadable files alike."""

    seen: int = 0
    skipped_unchanged: int = 0
    unreadable: int = 0
    could_not_judge: int = 0
    faces: int = 0
    matches: int = 0


class Scan:
    """One look through candidates from this computer, for one person. ``counts`` may be read while it runs."""

    def __init__(self, look: Look, vault: Vault, clock: Callable[[], datetime], source_id: str = "folders") -> None:
        self.counts = ScanCounts()
        self.new: list[str] = []
        self._look = look
        self._vault = vault
        self._clock = clock
        self._source_id = source_id
        self._template_id = template_id(look.template)
        self._findings: list[Finding] = []
        self._looked_at: list[LookedAt] = []

    def matches(self, candidates: Iterable[Candidate], cancel: CancelToken, fresh: bool = False) -> Iterator[ScanMatch]:
        """Each file that shows the person, as it is found. What was seen is in the vault, also after a cancel.

        Raises:
            Cancelled: the person stopped; everything until then is kept.
        """
        remembered: list[ScanMatch] = []
        todo = self._changed(candidates, remembered, cancel, fresh)
        try:
            for candidate, result in self._look.pool.analyse_each(todo, cancel):
                yield from _drain(remembered)
                match = self._judge(candidate, result)
                if len(self._looked_at) >= BATCH:
                    self._keep()
                if match is not None:
                    yield match
            yield from _drain(remembered)
        finally:
            self._keep()

    def _changed(
        self, candidates: Iterable[Candidate], remembered: list[ScanMatch], cancel: CancelToken, fresh: bool
    ) -> Iterator[Candidate]:
        for candidate in candidates:
            cancel.check()
            known = None if fresh else self._known(candidate)
            if known is None:
                yield candidate
                continue
            match = self._remember(known)
            if match is not None:
                remembered.append(match)
            if len(self._findings) >= BATCH:
                self._keep()

    def _known(self, candidate: Candidate) -> LookedAt | None:
        if candidate.path is None or candidate.size is None or candidate.unreadable:
            return None
        known = self._vault.looked_at(self._look.person.person_id, str(candidate.path))
        same = known is not None and (known.size, known.mtime_ns) == (candidate.size, candidate.mtime_ns)
        return known if same and known is not None and known.template_id == self._template_id else None

    def _remember(self, known: LookedAt) -> ScanMatch | None:
        self.counts.seen += 1
        if known.unreadable:
            self.counts.unreadable += 1
            return None
        self.counts.skipped_unchanged += 1
        self.counts.faces += known.faces
        self.counts.could_not_judge += known.could_not_judge
        finding = self._vault.finding(known.finding) if known.finding else None
        if finding is None or not isinstance(finding.evidence, FaceMatch):
            return None
        self.counts.matches += 1
        self._findings.append(dataclasses.replace(finding, last_seen=self._clock()))
        return ScanMatch(known.path, finding, finding.evidence, remembered=True)

    def _judge(self, candidate: Candidate, result: PictureAnalysis | Unreadable) -> ScanMatch | None:
        self.counts.seen += 1
        if isinstance(result, Unreadable):
            self.counts.unreadable += 1
            if result in _STAYS_UNREADABLE:
                self._note(candidate, unreadable=result.value)
            return None
        unjudged = sum(face.embedding is None for face in result.faces)
        self.counts.faces += len(result.faces)
        self.counts.could_not_judge += unjudged
        finding = self._look.finding(candidate, result, self._source_id, self._clock())
        self._note(candidate, len(result.faces), unjudged, finding.key if finding else None)
        if finding is None or not isinstance(finding.evidence, FaceMatch):
            return None
        self.counts.matches += 1
        self._findings.append(finding)
        return ScanMatch(place_of(candidate), finding, finding.evidence, remembered=False)

    def _note(
        self,
        candidate: Candidate,
        faces: int = 0,
        could_not_judge: int = 0,
        finding: str | None = None,
        unreadable: str | None = None,
    ) -> None:
        size, mtime_ns = candidate.size, candidate.mtime_ns
        if size is None or mtime_ns is None:
            return
        path = place_of(candidate)
        self._looked_at.append(
            LookedAt(path, size, mtime_ns, self._template_id, faces, could_not_judge, finding, unreadable)
        )

    def _keep(self) -> None:
        findings, looked_at = self._findings, self._looked_at
        self._findings, self._looked_at = [], []
        if findings or looked_at:
            outcome = Outcome(self._source_id, Status.CHECKED, tuple(finding.key for finding in findings))
            self.new += self._vault.save_outcome(self._look.person.person_id, outcome, findings, looked_at)


def template_id(template: FaceTemplate) -> str:
    """The name of a face pattern: what was looked at with another one is due again."""
    return f"{template.model_id}@{template.enrolled_at.isoformat()}"


def _drain(remembered: list[ScanMatch]) -> Iterator[ScanMatch]:
    while remembered:
        yield remembered.pop(0)
