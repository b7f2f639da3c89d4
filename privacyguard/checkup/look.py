"""From a picture's analysis to what it means for one person. Faces of anybody else are dropped here."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.not_me import is_not_me
from privacyguard.faces.matching import best_match
from privacyguard.model.finding import Evidence, Finding, FindingKind, finding_key
from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.model.picture import Candidate, FaceMatch, NotMe, PictureAnalysis, PictureCopy, distance
from privacyguard.pictures.copies import is_copy


@dataclass(frozen=True)
class Look:
    """What is needed to judge pictures for one person with a face pattern."""

    person: Person
    template: FaceTemplate
    pool: AnalysisPool
    not_me: frozenset[NotMe]

    def finding(self, candidate: Candidate, analysis: PictureAnalysis, source_id: str, now: datetime) -> Finding | None:
        """The finding that this picture is for the person, or None.

        A face that looks like theirs comes first; the same picture as one they chose, with no such face in it, second. A
        face the person called "not me" in the very same picture, or in a copy of it, is passed over.
        """
        evidence: Evidence | None = self._face(candidate, analysis)
        kind = FindingKind.FACE
        if evidence is None and candidate.path is None:
            evidence, kind = self._copy(candidate, analysis), FindingKind.COPY
        if evidence is None:
            return None
        # On this computer a moved file stays the same finding; on the web each address is a thing to deal with.
        web = candidate.address or candidate.page or analysis.sha256
        subject = analysis.sha256 if candidate.path is not None else web
        key = finding_key(kind, self.person.person_id, subject)
        return Finding(key, kind, self.person.person_id, (source_id,), now, now, evidence)

    def _face(self, candidate: Candidate, analysis: PictureAnalysis) -> FaceMatch | None:
        best = best_match(self.template, analysis, self.person.relation)
        if best is None:
            return None
        face, similarity, closeness = best
        size = (analysis.width, analysis.height)
        if is_not_me(self.not_me, analysis.sha256, face.box, analysis.phash, size):
            return None
        keeps_cut = self.person.relation is not Relation.MY_CHILD
        return FaceMatch(
            picture=place_of(candidate),
            page=candidate.page,
            box=face.box,
            similarity=similarity,
            closeness=closeness,
            model_id=analysis.model_id,
            sha256=analysis.sha256,
            phash=analysis.phash,
            title=candidate.title,
            on_this_computer=candidate.path is not None,
            cut=self.pool.cut(_source(candidate), face.box) if keeps_cut else None,
            copy_distance=None if candidate.path is not None else self._copy_distance(analysis),
            size=size,
        )

    def _copy(self, candidate: Candidate, analysis: PictureAnalysis) -> PictureCopy | None:
        bits = self._copy_distance(analysis)
        if bits is None or any(answer.sha256 == analysis.sha256 for answer in self.not_me):
            return None
        return PictureCopy(place_of(candidate), candidate.page, bits, analysis.sha256, candidate.title)

    def _copy_distance(self, analysis: PictureAnalysis) -> int | None:
        bits = min(distance(photo.phash, analysis.phash) for photo in self.template.photos)
        return bits if is_copy(bits) else None


def place_of(candidate: Candidate) -> str:
    """Where the picture is: its path, its address, or the page that shows it."""
    return str(candidate.path) if candidate.path is not None else (candidate.address or candidate.page or "")


def _source(candidate: Candidate) -> Path | bytes:
    if candidate.path is not None:
        return candidate.path
    if candidate.content is None:
        raise ValueError("a candidate that was not fetched")
    return candidate.content
