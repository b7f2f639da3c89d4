"""A checkup: every chosen source is asked, what comes is looked at here, each outcome is kept at once.

A source that fails says so and the others go on. Nothing but the person's wish to stop ends a checkup early.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.look import Look
from privacyguard.checkup.plan import CheckupPlan, reason_to_skip
from privacyguard.checkup.scan import Scan, ScanCounts
from privacyguard.checkup.scenes import Scenes
from privacyguard.errors import Cancelled, NotConfined, PictureUnreadable, SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, finding_key
from privacyguard.model.person import Identifier
from privacyguard.model.picture import Candidate, FaceMatch, SwapSign, Unreadable
from privacyguard.model.place import PlaceKind
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.net.gateway import Gateway, Network
from privacyguard.sources.base import BreachSource, PictureQuery, PictureSource, Source
from privacyguard.vault.vault import Vault

STOPPED = N_("You stopped the checkup before this place was done.")
NONE_OPENED = N_("None of the pictures from this place could be opened.")


@dataclass(frozen=True)
class Parts:
    """What a checkup works with, joined by the composition root.

    ``api_key``: the person's code for a source id, or None.
    """

    vault: Vault
    sources: Sequence[Source]
    network: Network
    pool: AnalysisPool
    clock: Callable[[], datetime]
    api_key: Callable[[str], str | None]


@dataclass
class _Tally:
    """What one source brought so far."""

    findings: list[Finding] = field(default_factory=list)
    seen: int = 0
    total: int | None = None
    unreadable: int = 0
    kept: list[str] = field(default_factory=list)  # keys that are in the vault already
    new: list[str] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.kept, *(finding.key for finding in self.findings)]))


def run_checkup(plan: CheckupPlan, parts: Parts, progress: Callable[[Progress], None], cancel: CancelToken) -> Checkup:
    """Ask every source of the plan and keep what it found; blocks until all are done or ``cancel`` is set.

    A cancelled checkup is kept too: its open sources are SKIPPED, what was found stays. Errors of a source become its
    outcome; errors of the vault (a full disk, say) are raised.
    """
    run = _Run(plan, parts, progress, cancel)
    started_at = parts.clock()
    outcomes = tuple(run.source(source) for source in parts.sources)
    checkup = Checkup(
        started_at,
        parts.clock(),
        outcomes,
        plan.person_id,
        tuple(dict.fromkeys(run.new)),
        cancel.is_cancelled,
    )
    parts.vault.save_checkup(checkup)
    return checkup


class _Run:
    def __init__(
        self, plan: CheckupPlan, parts: Parts, progress: Callable[[Progress], None], cancel: CancelToken
    ) -> None:
        self.new: list[str] = []
        self._plan = plan
        self._parts = parts
        self._progress = progress
        self._cancel = cancel
        self._person = parts.vault.person(plan.person_id)
        self._folders = plan.folders if plan.folders is not None else _folders(parts.vault)

    def source(self, source: Source) -> Outcome:
        """One source's outcome, kept in the vault together with its findings."""
        info = source.info
        reason = reason_to_skip(info, self._person, self._plan, bool(self._folders))
        if reason is None and self._cancel.is_cancelled:
            reason = STOPPED
        if reason is not None:
            self._progress(Progress(info.id, SourceState.SKIPPED))
            return Outcome(info.id, Status.SKIPPED, problem=reason)
        tally = _Tally()
        self._progress(Progress(info.id, SourceState.RUNNING))
        outcome = self._ask(source, tally)
        tally.new += self._parts.vault.save_outcome(self._person.person_id, outcome, tally.findings)
        self.new += tally.new
        self._progress(
            Progress(info.id, SourceState(outcome.status.value), tally.seen, tally.total, len(outcome.findings))
        )
        return outcome

    def _ask(self, source: Source, tally: _Tally) -> Outcome:
        info = source.info
        problem: str | None = None
        remedy: str | None = None
        try:
            gateway = self._parts.network.bind(info, self._cancel, self._parts.api_key(info.id))
            for _ in self._steps(source, gateway, tally):
                self._cancel.check()
                found = len(tally.keys)
                self._progress(Progress(info.id, SourceState.RUNNING, tally.seen, tally.total, found))
        except Cancelled:
            status, problem = Status.SKIPPED, STOPPED
        except SourceError as error:
            status, problem, remedy = Status.FAILED, error.title, error.remedy
        else:
            nothing_opened = info.id != "folders" and tally.seen > 0 and tally.unreadable == tally.seen
            status = Status.FAILED if nothing_opened else Status.CHECKED
            if nothing_opened:
                problem, remedy = NONE_OPENED, SourceError.remedy
        return Outcome(info.id, status, tally.keys, problem, remedy, tally.seen, tally.unreadable)

    def _steps(self, source: Source, gateway: Gateway, tally: _Tally) -> Iterator[None]:
        """The work on one source, cut into steps between which progress is told and a wish to stop is seen."""
        if isinstance(source, BreachSource):
            return self._ask_about_leaks(source, gateway, tally)
        if source.info.id == "folders":
            return self._look_through_folders(source, gateway, tally)
        return self._look_at_pictures(source, gateway, tally)

    def _ask_about_leaks(self, source: BreachSource, gateway: Gateway, tally: _Tally) -> Iterator[None]:
        identifiers = self._accepted(source)
        tally.total = len(identifiers)
        for identifier in identifiers:
            for breach in source.check(identifier, gateway):
                key = finding_key(
                    FindingKind.BREACH, self._person.person_id, identifier.kind, identifier.value, breach.key
                )
                now = self._parts.clock()
                tally.findings.append(
                    Finding(
                        key,
                        FindingKind.BREACH,
                        self._person.person_id,
                        (source.info.id,),
                        now,
                        now,
                        breach,
                        identifier.value,
                    )
                )
            tally.seen += 1
            yield

    def _look_through_folders(self, source: PictureSource, gateway: Gateway, tally: _Tally) -> Iterator[None]:
        def told(counts: ScanCounts) -> None:
            tally.seen, tally.unreadable = counts.seen, counts.unreadable
            self._progress(Progress(source.info.id, SourceState.RUNNING, counts.seen, None, counts.matches))

        scan = Scan(self._look(), self._parts.vault, self._parts.clock, source.info.id, told)
        candidates = source.search(PictureQuery(folders=self._folders), gateway)
        try:
            for match in scan.matches(candidates, self._cancel, self._plan.fresh):
                tally.kept.append(match.finding.key)
                tally.seen, tally.unreadable = scan.counts.seen, scan.counts.unreadable
                yield
        finally:
            tally.seen, tally.unreadable = scan.counts.seen, scan.counts.unreadable
            tally.kept += scan.copies
            tally.new += scan.new

    def _look_at_pictures(self, source: PictureSource, gateway: Gateway, tally: _Tally) -> Iterator[None]:
        look = self._look()
        scenes = Scenes(look, self._parts.vault, source.info.id, self._parts.clock)
        query = PictureQuery(self._accepted(source), (), self._plan.photos)
        for candidate in source.search(query, gateway):
            tally.seen += 1
            try:
                fetched = self._fetched(candidate, gateway)
                analysis = self._parts.pool.analyse(fetched.content or b"", cancel=self._cancel)
                finding = look.finding(fetched, analysis, source.info.id, self._parts.clock())
                if finding is not None and isinstance(finding.evidence, FaceMatch) and finding.evidence.swap is None:
                    swap = SwapSign.OTHER_SCENE if scenes.had_another_face(analysis, self._cancel) else None
                    finding = replace(finding, evidence=replace(finding.evidence, swap=swap))
            except (PictureUnreadable, SourceError) as error:
                if isinstance(error, PictureUnreadable) and error.reason == Unreadable.NOT_CONFINED:
                    raise NotConfined from None
                tally.unreadable += 1
                finding = None
            if finding is not None:
                tally.findings.append(finding)
            yield

    def _fetched(self, candidate: Candidate, gateway: Gateway) -> Candidate:
        if candidate.content is not None:
            return candidate
        if candidate.address is None:
            raise UnexpectedReply("a picture without content and address")
        content = gateway.picture(
            candidate.address, what=N_("the address of a picture"), purpose=N_("a picture to compare here")
        )
        return replace(candidate, content=content)

    def _look(self) -> Look:
        template = self._person.template
        if template is None:
            raise ValueError("a source of pictures without a face pattern; the plan skips it")
        not_me = self._parts.vault.not_me(self._person.person_id)
        return Look(self._person, template, self._parts.pool, not_me)

    def _accepted(self, source: Source) -> tuple[Identifier, ...]:
        return tuple(i for i in self._person.identifiers if i.kind in source.info.accepts)


def _folders(vault: Vault) -> tuple[Path, ...]:
    return tuple(Path(place.value) for place in vault.places() if place.kind is PlaceKind.FOLDER)
