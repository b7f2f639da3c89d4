"""Looking through pictures on this computer: continues where it stopped, keeps what it found at every moment."""

import dataclasses
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from privacyguard.checkup.found import Found
from privacyguard.checkup.hidden import HiddenInFolders
from privacyguard.checkup.look import Look, place_of
from privacyguard.checkup.not_me import is_not_me
from privacyguard.checkup.recall import Recall
from privacyguard.checkup.scenes import Scenes
from privacyguard.model.finding import Finding, FindingKind, MarkKind, finding_key
from privacyguard.model.person import FaceTemplate
from privacyguard.model.picture import Candidate, FaceMatch, PictureAnalysis, PictureCopy, Unreadable
from privacyguard.model.place import LookedAt
from privacyguard.model.progress import CancelToken
from privacyguard.sources.pictures.folder import recognise
from privacyguard.vault.vault import Vault

PAGE = 256
"""Files that the index is asked about at once."""

CRASHES_FORGIVEN = 3
"""Of the workers that looked at one picture."""

_STAYS_UNREADABLE = frozenset({Unreadable.NOT_A_PICTURE, Unreadable.BROKEN, Unreadable.TOO_LARGE})
"""Reasons that lie in the file itself: not tried again until it changes."""


@dataclass(frozen=True)
class ScanMatch:
    """The person in one file. ``remembered``: known from an earlier look at the unchanged file, or at its twin.

    The finding of a remembered one comes without its cut.
    """

    path: str = field(repr=False)
    finding: Finding = field(repr=False)
    match: FaceMatch = field(repr=False)
    remembered: bool


@dataclass
class ScanCounts:
    """What a scan counted so far. ``seen`` counts looked at, unchanged and unreadable files alike.

    A new file whose content is known under another name counts as unchanged: it is not decoded.
    """

    seen: int = 0
    skipped_unchanged: int = 0
    unreadable: int = 0
    could_not_judge: int = 0
    faces: int = 0
    matches: int = 0


class Scan:
    """One look through candidates from this computer, for one person. ``counts`` may be read while it runs.

    ``copies``: the keys of findings that are no matches: copies of chosen pictures without a face like the person's;
    ``swaps``: of findings whose face may have been put into the picture, told by comparing it with others; ``hidden``: what
    the person's own photos tell beside what they show.
    """

    def __init__(
        self,
        look: Look,
        vault: Vault,
        clock: Callable[[], datetime],
        source_id: str = "folders",
        progress: Callable[[ScanCounts], None] = lambda counts: None,
    ) -> None:
        self.counts = ScanCounts()
        self.copies: dict[str, None] = {}
        self.swaps: dict[str, None] = {}
        self._progress = progress
        self._look = look
        self._clock = clock
        self._source_id = source_id
        self._template_id = template_id(look.template)
        person_id = look.person.person_id
        index = vault.index(person_id)
        self._recall = Recall(index, self._template_id)
        self._found = Found(vault, index, self._recall, person_id, source_id, clock)
        self._scenes = Scenes(look, vault, source_id, clock)
        self.hidden = HiddenInFolders(vault, look.pool, look.person, source_id, clock)
        self._remembered: deque[ScanMatch] = deque()
        self._once_more: deque[Candidate] = deque()
        self._crashes: Counter[str] = Counter()
        self._is_done = False

    @property
    def new(self) -> list[str]:
        """The keys of findings that the person has not seen before, of those that are in the vault by now."""
        return self._found.new + self.hidden.new

    def matches(self, candidates: Iterable[Candidate], cancel: CancelToken, fresh: bool = False) -> Iterator[ScanMatch]:
        """Each file that shows the person, as it is found. What was seen is in the vault, also after a cancel.

        First what was never looked at, in the order of ``candidates``; then, the newest first, what was looked at for an
        earlier face pattern. ``fresh``: everything, in the order of ``candidates``.

        Raises:
            Cancelled: the person stopped; everything until then is kept.
        """
        work = self._everything(candidates, cancel) if fresh else self._work(candidates, cancel)
        try:
            while not self._is_done or self._once_more:
                items, is_own = self._until_pause(work), self.hidden.is_on
                for looked in self._look.pool.judge_each(items, self._finding, cancel, hidden=is_own):
                    match = self._judge(*looked)
                    self._found.keep_some()
                    self._progress(self.counts)
                    yield from self._drained()
                    if match is not None:
                        yield match
                yield from self._drained()
            self._found.keep()
            yield from self._swapped(cancel)
            self._found.keep()
            self.hidden.keep(cancel)
        finally:
            self._found.keep()
            self._recall.keep_passed_over()

    def _swapped(self, cancel: CancelToken) -> Iterator[ScanMatch]:
        """What comes to light by comparing pictures; only those that were no matches before are told."""
        for finding in self._scenes.swapped(cancel):
            if not isinstance(finding.evidence, FaceMatch):
                continue
            is_told = bool(self._found.known([finding.key]))
            match = self._found.add(finding, finding.evidence)
            self.swaps[finding.key] = None
            if not is_told:
                self.counts.matches += 1
                yield ScanMatch(match.picture, finding, match, remembered=False)

    def _everything(self, candidates: Iterable[Candidate], cancel: CancelToken) -> Iterator[Candidate | None]:
        for candidate in candidates:
            cancel.check()
            found = recognise(candidate)
            if found is not None:
                yield found

    def _work(self, candidates: Iterable[Candidate], cancel: CancelToken) -> Iterator[Candidate | None]:
        """What has to be looked at. None where remembered matches have gathered and should be told first."""
        untold = iter(candidates)
        while page := list(islice(untold, PAGE)):
            cancel.check()
            found = self._recall.sort(page)
            self._remember(found.unchanged)
            for candidate in found.new:
                cancel.check()
                recognised = self._recall.recognised(candidate)
                is_changed = str(candidate.path) in found.changed
                if recognised is not None and not self._is_twin(recognised, is_changed):
                    yield recognised
            self._found.keep_some()
            self._progress(self.counts)
            if len(self._remembered) >= PAGE:
                yield None
        for candidate in self._recall.due():
            cancel.check()
            if not self._is_twin(candidate):
                yield candidate
            if len(self._remembered) >= PAGE:
                yield None

    def _until_pause(self, work: Iterator[Candidate | None]) -> Iterator[Candidate]:
        while True:
            while self._once_more:
                yield self._once_more.popleft()
            try:
                item = next(work)
            except StopIteration:
                self._is_done = True
                return
            if item is None:
                return
            yield item

    def _drained(self) -> Iterator[ScanMatch]:
        while self._remembered:
            yield self._remembered.popleft()

    def _remember(self, rows: Iterable[LookedAt], is_changed: bool = False) -> None:
        known = list(rows)
        findings = self._found.known({row.finding for row in known if row.finding is not None})
        for row in known:
            self.counts.seen += 1
            if row.unreadable:
                self.counts.unreadable += 1
                continue
            self.counts.skipped_unchanged += not is_changed
            self.counts.faces += row.faces
            self.counts.could_not_judge += row.could_not_judge
            finding = findings.get(row.finding or "")
            if finding is not None:
                self._recollect(row.path, finding, is_changed)

    def _recollect(self, path: str, finding: Finding, is_changed: bool) -> None:
        match finding.evidence:
            case FaceMatch() as evidence if not self._is_not_me(finding, evidence):
                seen = self._found.see_again(finding, evidence, path)
                self.hidden.moved(evidence.picture, seen.picture)
                self.counts.matches += 1
                self._remembered.append(ScanMatch(path, finding, seen, remembered=not is_changed))
            case PictureCopy() as copy:
                self.hidden.moved(copy.picture, self._found.see_again(finding, copy, path).picture)
                self.copies[finding.key] = None

    def _is_not_me(self, finding: Finding, match: FaceMatch) -> bool:
        if finding.mark is not None and finding.mark.kind is MarkKind.NOT_ME:
            return True
        return is_not_me(self._look.not_me, match.sha256, match.box, match.phash, match.size)

    def _is_twin(self, candidate: Candidate, is_changed: bool = False) -> bool:
        """Whether its content is known, under another name or of another time; then nothing of it is decoded again."""
        row = self._recall.twin(candidate)
        if row is None:
            return False
        self._recall.pending.append(row)
        self._remember([row], is_changed)
        self._found.keep_some()
        return True

    def _finding(self, candidate: Candidate, analysis: PictureAnalysis) -> Finding | None:
        return self._look.finding(candidate, analysis, self._source_id, self._clock())

    def _judge(
        self, candidate: Candidate, result: PictureAnalysis | Unreadable, finding: Finding | None
    ) -> ScanMatch | None:
        if isinstance(result, Unreadable):
            self._could_not_read(candidate, result)
            return None
        del self._crashes[place_of(candidate)]
        unjudged = sum(face.embedding is None for face in result.faces)
        self.counts.seen += 1
        self.counts.faces += len(result.faces)
        self.counts.could_not_judge += unjudged
        self._scenes.add(place_of(candidate), result)
        self._note(
            candidate,
            faces=len(result.faces),
            could_not_judge=unjudged,
            finding=finding.key if finding is not None else self._judged_before(result),
            sha256=result.sha256,
            scene=result.fingerprint.scene if result.fingerprint is not None else None,
        )
        if finding is None:
            return None
        self.hidden.add(finding, place_of(candidate), result.hidden)
        return self._keep(place_of(candidate), finding)

    def _keep(self, path: str, finding: Finding) -> ScanMatch | None:
        match finding.evidence:
            case FaceMatch() as evidence:
                self.counts.matches += 1
                return ScanMatch(path, finding, self._found.add(finding, evidence), remembered=False)
            case PictureCopy() as copy:
                self._found.add(finding, copy)
                self.copies[finding.key] = None
        return None

    def _could_not_read(self, candidate: Candidate, reason: Unreadable) -> None:
        # A worker may be ended for reasons of its own (the system needs memory): a picture is not lost by some such deaths.
        if reason is Unreadable.CRASHED and self._crashes[place_of(candidate)] < CRASHES_FORGIVEN:
            self._crashes[place_of(candidate)] += 1
            self._once_more.append(candidate)
            return
        del self._crashes[place_of(candidate)]
        self.counts.seen += 1
        self.counts.unreadable += 1
        if reason in _STAYS_UNREADABLE:
            self._note(candidate, unreadable=reason.value)

    def _judged_before(self, analysis: PictureAnalysis) -> str | None:
        """The key of a finding that the person called "not me": it is quiet for as long as they do not change their mind."""
        if all(answer.sha256 != analysis.sha256 for answer in self._look.not_me):
            return None
        return finding_key(FindingKind.FACE, self._look.person.person_id, analysis.sha256)

    def _note(self, candidate: Candidate, **values: int | str | None) -> None:
        size, mtime_ns = candidate.size, candidate.mtime_ns
        if size is not None and mtime_ns is not None:
            row = LookedAt(place_of(candidate), size, mtime_ns, self._template_id)
            self._recall.pending.append(dataclasses.replace(row, **values))  # type: ignore[arg-type]


def template_id(template: FaceTemplate) -> str:
    """The name of a face pattern: what was looked at with another one is due again."""
    return f"{template.model_id}@{template.enrolled_at.isoformat()}"
