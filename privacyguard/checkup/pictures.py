"""Looking at the pictures that a source brings, for one person."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from privacyguard.checkup.look import Look
from privacyguard.checkup.parts import Parts, Tally
from privacyguard.checkup.scan import Scan, ScanCounts
from privacyguard.checkup.scenes import Scenes
from privacyguard.checkup.sites import SitePictures
from privacyguard.errors import NotConfined, PictureUnreadable, SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.finding import Finding
from privacyguard.model.person import Person
from privacyguard.model.picture import Candidate, FaceMatch, SwapSign, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import PictureQuery, PictureSource


class Pictures:
    """The pictures of one source; ``tally`` tells what they brought. The person has a face pattern, else ValueError."""

    def __init__(self, parts: Parts, person: Person, source: PictureSource, tally: Tally, cancel: CancelToken) -> None:
        if person.template is None:
            raise ValueError("a source of pictures without a face pattern; the plan skips it")
        not_me = parts.vault.not_me(person.person_id)
        self._look = Look(person, person.template, parts.pool, not_me)
        self._parts = parts
        self._source = source
        self._source_id = source.info.id
        self._tally = tally
        self._cancel = cancel

    def in_folders(
        self, folders: Sequence[Path], gateway: Gateway, fresh: bool, told: Callable[[int], None]
    ) -> Iterator[None]:
        """Look through folders, cut into steps: one for each match. ``told``: called now and then with their count."""
        tally = self._tally

        def count(counts: ScanCounts) -> None:
            tally.seen, tally.unreadable = counts.seen, counts.unreadable
            told(counts.matches)

        scan = Scan(self._look, self._parts.vault, self._parts.clock, self._source_id, count)
        candidates = self._source.search(PictureQuery(folders=tuple(folders)), gateway)
        try:
            for match in scan.matches(candidates, self._cancel, fresh):
                tally.kept.append(match.finding.key)
                tally.seen, tally.unreadable = scan.counts.seen, scan.counts.unreadable
                yield
        finally:
            tally.seen, tally.unreadable = scan.counts.seen, scan.counts.unreadable
            tally.kept += scan.copies
            tally.kept += scan.hidden.keys
            tally.new += scan.new

    def elsewhere(self, query: PictureQuery, gateway: Gateway) -> Iterator[None]:
        """Look at what the source finds outside this computer, cut into steps: one for each picture."""
        scenes = Scenes(self._look, self._parts.vault, self._source_id, self._parts.clock)
        for candidate in self._source.search(query, gateway):
            self._tally.seen += 1
            try:
                finding = self._finding(candidate, gateway, scenes)
            except (PictureUnreadable, SourceError) as error:
                if isinstance(error, PictureUnreadable) and error.reason == Unreadable.NOT_CONFINED:
                    raise NotConfined from None
                self._tally.unreadable += 1
                finding = self._profile(candidate)
            if finding is not None:
                self._tally.findings.append(finding)
            yield

    def on_sites(self, query: PictureQuery, gateway: Gateway) -> Iterator[None]:
        """Look at what is on the sites that the person named, cut into steps: one for each picture. What was found is kept
        at once, so that a stopped look is gone on with by the next one."""
        scenes = Scenes(self._look, self._parts.vault, self._source_id, self._parts.clock)
        sites = SitePictures(self._parts, self._look.person, self._source_id, self._tally)
        candidates = self._source.search(replace(query, look=sites.look), gateway)
        return sites.steps(candidates, gateway, lambda fetched: self._in_content(fetched, scenes))

    def _profile(self, candidate: Candidate) -> Finding | None:
        return self._look.profile(candidate, self._source_id, self._parts.clock())

    def _finding(self, candidate: Candidate, gateway: Gateway, scenes: Scenes) -> Finding | None:
        if candidate.profile is not None and candidate.content is None and candidate.address is None:
            return self._profile(candidate)  # an account without a picture
        return self._in_picture(candidate, gateway, scenes) or self._profile(candidate)

    def _in_picture(self, candidate: Candidate, gateway: Gateway, scenes: Scenes) -> Finding | None:
        return self._in_content(_fetched(candidate, gateway), scenes)

    def _in_content(self, fetched: Candidate, scenes: Scenes) -> Finding | None:
        analysis = self._parts.pool.analyse(fetched.content or b"", cancel=self._cancel)
        finding = self._look.finding(fetched, analysis, self._source_id, self._parts.clock())
        if finding is None or not isinstance(finding.evidence, FaceMatch) or finding.evidence.swap is not None:
            return finding
        swap = SwapSign.OTHER_SCENE if scenes.had_another_face(analysis, self._cancel) else None
        return replace(finding, evidence=replace(finding.evidence, swap=swap))


def _fetched(candidate: Candidate, gateway: Gateway) -> Candidate:
    if candidate.content is not None:
        return candidate
    if candidate.address is None:
        raise UnexpectedReply("a picture without content and address")
    content = gateway.picture(
        candidate.address, what=N_("the address of a picture"), purpose=N_("a picture to compare here")
    )
    return replace(candidate, content=content)
