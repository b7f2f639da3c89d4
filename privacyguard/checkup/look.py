"""From a picture's analysis to what it means for one person. Faces of anybody else are dropped here."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.not_me import is_not_me, is_same_picture
from privacyguard.checkup.swaps import other_face, suspect_face
from privacyguard.faces.matching import Match, best_match, similarity
from privacyguard.model.finding import Evidence, Finding, FindingKind, finding_key
from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.model.picture import (
    Candidate,
    Closeness,
    Face,
    FaceMatch,
    NotMe,
    PictureAnalysis,
    PictureCopy,
    SecondOpinion,
    SwapSign,
)
from privacyguard.pictures.copies import find_copy


@dataclass(frozen=True)
class CopyOf:
    """A copy of a chosen photo. ``bits``: how far from it; ``swap``: set where its face is somebody else's."""

    bits: int
    swap: SwapSign | None


def nearest_copy(template: FaceTemplate, analysis: PictureAnalysis) -> CopyOf | None:
    """Which of the chosen photos the picture is a copy of, if of any: the nearest."""
    copies = [(copy, photo) for photo in template.photos if (copy := find_copy(photo, analysis)) is not None]
    if not copies:
        return None
    copy, photo = min(copies, key=lambda pair: pair[0].bits)
    return CopyOf(copy.bits, SwapSign.OTHER_FACE if other_face(photo, analysis, copy) else None)


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
        copy = nearest_copy(self.template, analysis)
        evidence: Evidence | None = self._face(candidate, analysis, copy)
        kind = FindingKind.FACE
        if evidence is None and copy is not None:
            evidence, kind = self._copy(candidate, analysis, copy), FindingKind.COPY
        if evidence is None:
            return None
        # On this computer a moved file stays the same finding; on the web each address is a thing to deal with.
        web = candidate.profile.page if candidate.profile else candidate.address or candidate.page or analysis.sha256
        subject = analysis.sha256 if candidate.path is not None else web
        key = finding_key(kind, self.person.person_id, subject)
        return Finding(key, kind, self.person.person_id, (source_id,), now, now, evidence)

    def suspected(
        self, candidate: Candidate, analysis: PictureAnalysis, source_id: str, now: datetime
    ) -> Finding | None:
        """The finding of a picture on this computer with a face a little like theirs, in a scene seen with another face.

        None where the person said that this face is not theirs.
        """
        face = suspect_face(self.template, analysis)
        size = (analysis.width, analysis.height)
        if face is None or face.embedding is None:
            return None
        if is_not_me(self.not_me, analysis.sha256, face.box, analysis.phash, size):
            return None
        best = Match(face, similarity(self.template, face.embedding), Closeness.A_LITTLE)
        evidence = replace(self._match(candidate, analysis, best, None), swap=SwapSign.OTHER_SCENE)
        key = finding_key(FindingKind.FACE, self.person.person_id, analysis.sha256)
        return Finding(key, FindingKind.FACE, self.person.person_id, (source_id,), now, now, evidence)

    def profile(self, candidate: Candidate, source_id: str, now: datetime) -> Finding | None:
        """The finding of an account under the person's user name whose picture does not look like them, if it is one."""
        if candidate.profile is None:
            return None
        person_id = self.person.person_id
        key = finding_key(FindingKind.PROFILE, person_id, candidate.profile.page)
        return Finding(key, FindingKind.PROFILE, person_id, (source_id,), now, now, candidate.profile)

    def _face(self, candidate: Candidate, analysis: PictureAnalysis, copy: CopyOf | None) -> FaceMatch | None:
        source, size = _source(candidate), (analysis.width, analysis.height)

        def is_passed_over(face: Face) -> bool:
            return is_not_me(self.not_me, analysis.sha256, face.box, analysis.phash, size)

        def ask(face: Face) -> SecondOpinion | None:
            return self.pool.second_opinion(source, face)

        best = best_match(self.template, analysis, self.person.relation, ask, is_passed_over)
        return None if best is None else self._match(candidate, analysis, best, copy)

    def _match(self, candidate: Candidate, analysis: PictureAnalysis, best: Match, copy: CopyOf | None) -> FaceMatch:
        source, size = _source(candidate), (analysis.width, analysis.height)
        keeps_cut = self.person.relation is not Relation.MY_CHILD
        return FaceMatch(
            picture=place_of(candidate),
            page=candidate.page,
            box=best.face.box,
            similarity=best.similarity,
            closeness=best.closeness,
            model_id=analysis.model_id,
            sha256=analysis.sha256,
            phash=analysis.phash,
            title=candidate.title,
            on_this_computer=candidate.path is not None,
            cut=self.pool.cut(source, best.face) if keeps_cut else None,
            copy_distance=None if copy is None else copy.bits,
            swap=None if copy is None else copy.swap,
            time_s=best.face.time_s,
            size=size,
            provenance=analysis.provenance,
            profile=candidate.profile,
        )

    def _copy(self, candidate: Candidate, analysis: PictureAnalysis, copy: CopyOf) -> PictureCopy | None:
        if any(is_same_picture(answer, analysis.sha256, analysis.phash) for answer in self.not_me):
            return None
        return PictureCopy(
            place_of(candidate),
            candidate.page,
            copy.bits,
            analysis.sha256,
            candidate.title,
            on_this_computer=candidate.path is not None,
            swap=copy.swap,
            provenance=analysis.provenance,
            profile=candidate.profile,
        )


def place_of(candidate: Candidate) -> str:
    """Where the picture is: its path, its address, or the page that shows it."""
    return str(candidate.path) if candidate.path is not None else (candidate.address or candidate.page or "")


def _source(candidate: Candidate) -> Path | bytes:
    if candidate.path is not None:
        return candidate.path
    if candidate.content is None:
        raise ValueError("a candidate that was not fetched")
    return candidate.content
