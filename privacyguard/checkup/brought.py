"""Pictures, screenshots and saved pages that the person brings back from a search by hand: looked at as any of the web.

Nothing of them is kept but what is kept of any finding. The files stay where they are.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from privacyguard.advice.visits import is_search_site
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.analysis.saved_reader import OpenSavedPage, opened_page
from privacyguard.checkup.look import Look
from privacyguard.checkup.scenes import Scenes
from privacyguard.checkup.web_faces import why_not
from privacyguard.errors import NotConfined, NothingEnrolled, PictureUnreadable, PrivacyGuardError
from privacyguard.i18n import N_, _
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, finding_key
from privacyguard.model.person import Person
from privacyguard.model.picture import Candidate, FaceMatch, PictureAnalysis, PictureCopy, SwapSign, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.saved import SavedPageUnreadable
from privacyguard.pictures.files import head_of, is_picture, is_video, open_regular
from privacyguard.vault.vault import Vault

SOURCE_ID = "by-hand"
"""In ``Finding.sources``. It is no source: nobody is asked."""

SOURCE_NAME = N_("What you brought back")


class NotCompared(PrivacyGuardError):
    """This person's face may not be compared with pictures of the web. ``title``: why not, in the chosen language."""

    remedy = N_("The rest of PrivacyGuard works as before.")

    def __init__(self, why: str) -> None:
        super().__init__("not compared")
        self.title = why


@dataclass(frozen=True)
class BroughtBack:
    """What came of one file.

    ``findings``: of the person, as they are kept, those that they called "not me" left out; ``seen``: pictures looked at,
    ``unreadable`` among them; ``left_out``: pictures of a saved page that were not taken from it; ``own_photos``: of a page of
    results, how often it shows the photo that was searched with; ``analysis``: of a single picture, None of a page;
    ``problem``: why it could not be looked at, or not to the end.
    """

    path: str = field(repr=False)
    findings: tuple[Finding, ...] = ()
    seen: int = 0
    unreadable: int = 0
    left_out: int = 0
    own_photos: int = 0
    is_page: bool = False
    analysis: PictureAnalysis | None = None
    problem: PrivacyGuardError | None = None

    @property
    def matches(self) -> tuple[Finding, ...]:
        """The findings with a face like theirs."""
        return tuple(one for one in self.findings if one.kind is FindingKind.FACE)

    @property
    def copies(self) -> tuple[Finding, ...]:
        """The findings that are copies of pictures they chose, without such a face."""
        return tuple(one for one in self.findings if one.kind is FindingKind.COPY)


Told = Callable[[int, int], None]
"""Called with how many pictures of a page were looked at, and how many there are."""


class Brought:
    """Looks at what one person brings back.

    Raises:
        NothingEnrolled: no face pattern.
        NotCompared: a child, someone who is helped, a person under 18, or without a statement that counts now.
    """

    def __init__(self, person: Person, vault: Vault, pool: AnalysisPool, clock: Callable[[], datetime]) -> None:
        if person.template is None:
            raise NothingEnrolled
        refusal = why_not(person, vault, clock())
        if refusal is not None:
            raise NotCompared(_(refusal))
        self._look = Look(person, person.template, pool, vault.not_me(person.person_id))
        self._scenes = Scenes(self._look, vault, SOURCE_ID, clock)
        self._vault, self._pool, self._clock = vault, pool, clock

    def look(
        self, source: Path | bytes, cancel: CancelToken, told: Told = lambda done, count: None, *, own: bool = False
    ) -> BroughtBack:
        """Look at one file, or a picture's content; what was found is in the vault when this returns, or raises Cancelled.

        ``own``: the file is the person's own, so what is hidden in it is read too, and it counts as on this computer.

        Raises:
            NotConfined: this computer cannot close workers off, and the picture is not their own.
            Cancelled: the person stopped.
        """
        if not own and not self._pool.confinement(cancel).holds_for_the_web:
            raise NotConfined
        if isinstance(source, bytes):
            return self._picture(Candidate(content=source), "", False, cancel)
        try:
            if _is_picture(source):
                return self._picture(Candidate(path=source), str(source), own, cancel)
        except PictureUnreadable as error:
            return BroughtBack(str(source), seen=1, unreadable=1, problem=error)
        try:
            with opened_page(source, cancel) as opened:
                return self._page(opened, str(source), cancel, told)
        except SavedPageUnreadable as error:
            return BroughtBack(str(source), seen=1, unreadable=1, problem=error)

    def _picture(self, candidate: Candidate, place: str, own: bool, cancel: CancelToken) -> BroughtBack:
        source = candidate.path if candidate.path is not None else candidate.content or b""
        try:
            analysis = self._pool.analyse(source, hidden=own, cancel=cancel)
            finding = self._finding(candidate, analysis, cancel)
        except PictureUnreadable as error:
            return BroughtBack(place, seen=1, unreadable=1, problem=error)
        if finding is None:
            return BroughtBack(place, seen=1, analysis=analysis)
        kept = finding if own else _of_the_web(finding, analysis.sha256, place)
        self._save([kept])
        return BroughtBack(place, (kept,), seen=1, analysis=analysis)

    def _page(self, opened: OpenSavedPage, place: str, cancel: CancelToken, told: Told) -> BroughtBack:
        page = opened.page
        findings: dict[str, Finding] = {}
        seen = unreadable = own_photos = 0
        problem: PrivacyGuardError | None = None
        told(0, page.count)
        candidates = _candidates(opened)
        try:
            looked = self._pool.judge_each(candidates, lambda one, it: self._finding(one, it, cancel), cancel)
            for candidate, result, finding in looked:
                seen += 1
                unreadable += isinstance(result, Unreadable)
                told(seen, page.count)
                if finding is None or isinstance(result, Unreadable):
                    continue
                leads_on = candidate.page is not None and candidate.page != page.address
                if _is_own_photo(finding) and not leads_on and page.address and is_search_site(page.address):
                    own_photos += 1
                    continue
                subject = candidate.address or (candidate.page if leads_on else None) or result.sha256
                kept = _of_the_web(finding, subject, place)
                findings[kept.key] = kept
        except SavedPageUnreadable as error:
            problem = error
        finally:
            self._save(list(findings.values()))
        lost = opened.lost if problem is None else max(opened.lost, page.count - seen)
        return BroughtBack(
            place,
            tuple(findings.values()),
            seen=seen,
            unreadable=unreadable,
            left_out=page.left_out + lost,
            own_photos=own_photos,
            is_page=True,
            problem=problem,
        )

    def _finding(self, candidate: Candidate, analysis: PictureAnalysis, cancel: CancelToken) -> Finding | None:
        finding = self._look.finding(candidate, analysis, SOURCE_ID, self._clock())
        if finding is None or not isinstance(finding.evidence, FaceMatch) or finding.evidence.swap is not None:
            return finding
        swap = SwapSign.OTHER_SCENE if self._scenes.had_another_face(analysis, cancel) else None
        return replace(finding, evidence=replace(finding.evidence, swap=swap))

    def _save(self, findings: list[Finding]) -> None:
        if findings:
            outcome = Outcome(SOURCE_ID, Status.CHECKED, tuple(finding.key for finding in findings))
            self._vault.save_outcome(self._look.person.person_id, outcome, findings)


def _candidates(opened: OpenSavedPage) -> Iterator[Candidate]:
    title = opened.page.title
    for each in opened.pictures():
        yield Candidate(content=each.content, address=each.address, page=each.page, title=title)


def _of_the_web(finding: Finding, subject: str, place: str) -> Finding:
    """The finding as one of the web, which it is wherever its file lies now; ``place``: of the file that it was brought in."""
    evidence = finding.evidence
    assert isinstance(evidence, FaceMatch | PictureCopy)
    picture = evidence.picture if not evidence.on_this_computer and evidence.picture else place
    key = finding_key(finding.kind, finding.person_id, subject)
    return replace(finding, key=key, evidence=replace(evidence, picture=picture, on_this_computer=False))


def _is_own_photo(finding: Finding) -> bool:
    """Whether it is a copy of a photo that the person chose, unchanged as far as we can tell."""
    match finding.evidence:
        case FaceMatch() as match:
            return match.copy_distance is not None and match.swap is None
        case PictureCopy() as copy:
            return copy.swap is None
    return False


def _is_picture(path: Path) -> bool:
    descriptor = open_regular(path)
    try:
        head = head_of(descriptor)
    finally:
        os.close(descriptor)
    return is_picture(head) or is_video(head)
