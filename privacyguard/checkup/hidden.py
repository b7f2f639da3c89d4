"""What the person's own photos tell beside what they show, counted for each folder. Only for ME, only on this computer.

The counts are made from the findings and their files. A flag in the vault says while they are not up to date, so that a stop,
or a vault of an older version, costs nothing but reading those files again, without decoding them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.errors import PictureUnreadable
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, MarkKind, finding_key
from privacyguard.model.person import Person, Relation
from privacyguard.model.picture import FaceMatch, PictureCopy, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.provenance import HiddenDetails, HiddenInPhotos, HiddenKind
from privacyguard.vault.vault import Vault

EXAMPLES = 5
TELLING = frozenset({HiddenKind.PLACE, HiddenKind.SERIAL, HiddenKind.NAME})
"""What makes a folder a finding. Nearly every photo has a time and a device: alone they are none."""

_FLAG, _DUE, _DONE = "hidden-details", "due", "done"
_NOTHING: frozenset[HiddenKind] = frozenset()


class HiddenInFolders:
    """What one scan learns of hidden details. ``is_on``: whether they are looked for at all, which is for ME alone;
    ``keys``: of the findings that it kept; ``new``: those that are new.
    """

    def __init__(
        self, vault: Vault, pool: AnalysisPool, person: Person, source_id: str, clock: Callable[[], datetime]
    ) -> None:
        self.is_on = person.relation is Relation.ME
        self.keys: dict[str, None] = {}
        self.new: list[str] = []
        self._vault, self._pool, self._person_id = vault, pool, person.person_id
        self._source_id, self._clock = source_id, clock
        self._read: dict[str, frozenset[HiddenKind]] = {}
        self._touched: set[str] = set()
        self._is_all_read = True
        self._is_all_due = self.is_on and vault.flag(_FLAG) != _DONE

    def add(self, finding: Finding, path: str, details: HiddenDetails | None) -> None:
        """Note what a picture of the person tells, before its finding is written."""
        self._read[finding.key] = details.kinds if details is not None else _NOTHING
        self._touch(path)

    def moved(self, before: str, now: str) -> None:
        """Note where a picture was and where it is now, which may be the same."""
        if before != now:
            self._touch(before, now)

    def _touch(self, *paths: str) -> None:
        if self.is_on:
            if not self._touched:
                self._vault.set_flag(_FLAG, _DUE)
            self._touched |= {str(Path(path).parent) for path in paths}

    def keep(self, cancel: CancelToken) -> None:
        """Count what changed, once all that was found is written. Raises :class:`~privacyguard.errors.Cancelled`."""
        if not self._touched and not self._is_all_due:
            return
        findings = self._vault.findings(self._person_id)
        known = {each.evidence.folder for each in findings if isinstance(each.evidence, HiddenInPhotos)}
        folders = {**{folder: [] for folder in known}, **_by_folder(findings)}
        counted = [
            self._counted(folder, photos, cancel)
            for folder, photos in folders.items()
            if self._is_all_due or folder in self._touched
        ]
        made = [self._finding(evidence) for evidence in counted if evidence.photos or evidence.folder in known]
        outcome = Outcome(self._source_id, Status.CHECKED, tuple(finding.key for finding in made))
        if made:
            self.new += self._vault.save_outcome(self._person_id, outcome, made)
        self.keys |= dict.fromkeys(finding.key for finding in made)
        if self._is_all_read:
            self._vault.set_flag(_FLAG, _DONE)

    def _counted(self, folder: str, photos: Sequence[Finding], cancel: CancelToken) -> HiddenInPhotos:
        counts: Counter[HiddenKind] = Counter()
        telling: list[str] = []
        total = 0
        for photo in photos:
            cancel.check()
            kinds = self._kinds(photo, cancel)
            counts.update(kinds)
            total += bool(kinds)
            if kinds & TELLING:
                telling.append(_picture(photo))
        if not telling:
            counts.clear()
            total = 0
        told = tuple((kind, counts[kind]) for kind in HiddenKind if counts[kind])
        return HiddenInPhotos(folder, told, total, tuple(sorted(telling)[:EXAMPLES]))

    def _finding(self, evidence: HiddenInPhotos) -> Finding:
        key, now = finding_key(FindingKind.HIDDEN, self._person_id, evidence.folder), self._clock()
        return Finding(key, FindingKind.HIDDEN, self._person_id, (self._source_id,), now, now, evidence)

    def _kinds(self, photo: Finding, cancel: CancelToken) -> frozenset[HiddenKind]:
        if photo.key in self._read:
            return self._read[photo.key]
        try:
            details = self._pool.hidden_details(Path(_picture(photo)), cancel)
        except PictureUnreadable as error:
            # One that is gone tells nothing from here any more; any other has to be asked again.
            self._is_all_read &= error.reason == Unreadable.GONE
            return _NOTHING
        return details.kinds if details is not None else _NOTHING


def _by_folder(findings: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    folders: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        evidence = finding.evidence
        if not isinstance(evidence, FaceMatch | PictureCopy) or not evidence.on_this_computer:
            continue
        if finding.mark is None or finding.mark.kind is not MarkKind.NOT_ME:
            folders[str(Path(evidence.picture).parent)].append(finding)
    return folders


def _picture(finding: Finding) -> str:
    evidence = finding.evidence
    return evidence.picture if isinstance(evidence, FaceMatch | PictureCopy) else ""
