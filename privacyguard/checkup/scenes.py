"""The person's face in a scene that was also seen with another face: found by comparing pictures of this computer.

Done once, at the end of a scan: each picture is remembered with the hash of its scene, so nothing is decoded for it but the
few pairs that are near.
"""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from privacyguard.checkup.look import Look
from privacyguard.checkup.swaps import is_suspect, other_scene
from privacyguard.errors import PictureUnreadable
from privacyguard.model.finding import Finding, MarkKind
from privacyguard.model.picture import Candidate, FaceMatch, Fingerprint, PictureAnalysis, SwapSign
from privacyguard.model.progress import CancelToken
from privacyguard.pictures.scenes import near_scenes
from privacyguard.vault.vault import Vault

NEIGHBOURS = 4
"""Pictures of one scene that are compared with a suspect, the nearest first."""

NEW_AT_MOST = 50_000
"""New pictures that are kept in mind; after more, every picture counts as new."""

_DUE = "scenes-due"


class Scenes:
    """What was seen of scenes on this computer: compared after a scan, also a stopped one, and with pictures of the web."""

    def __init__(self, look: Look, vault: Vault, source_id: str, clock: Callable[[], datetime]) -> None:
        self._look = look
        self._vault = vault
        self._source_id = source_id
        self._clock = clock
        self._flag = f"{_DUE}-{look.person.person_id}"
        self._suspects: dict[str, Fingerprint] = {}
        # By a number for each name: the names of 20,000 pictures take six times the room.
        self._new: set[int] | None = set() if vault.flag(self._flag) != "yes" else None
        self._is_due = self._new is None

    def add(self, path: str, analysis: PictureAnalysis) -> None:
        """One picture that was looked at just now."""
        if analysis.fingerprint is None or analysis.fingerprint.scene is None:
            return
        if not self._is_due:
            self._vault.set_flag(self._flag, "yes")
            self._is_due = True
        if self._new is not None:
            self._new.add(hash(path))
            if len(self._new) > NEW_AT_MOST:
                self._new = None
        if is_suspect(self._look.template, analysis):
            self._suspects[path] = analysis.fingerprint

    def swapped(self, cancel: CancelToken) -> Iterator[Finding]:
        """The findings of pictures whose face may have been put there, each with its sign.

        Call it when everything that was added is in the vault. Raises Cancelled.
        """
        if not self._is_due:
            return
        for path, scene, finding in self._vault.scenes(self._look.person.person_id):
            if finding is not None and path not in self._suspects:
                self._suspects[path] = Fingerprint("", "", scene)
        for suspect, neighbours in near_scenes(self._suspects, self._seen()).items():
            cancel.check()
            others = [other for other in _nearest(neighbours) if self._is_new(suspect) or self._is_new(other)]
            analysis = self._analysis(suspect, cancel) if others else None
            if analysis is not None and self._had_another_face(analysis, others, cancel):
                swap = self._finding(suspect, analysis)
                if swap is not None:
                    yield swap
        self._vault.set_flag(self._flag, "no")

    def had_another_face(self, analysis: PictureAnalysis, cancel: CancelToken) -> bool:
        """Whether a picture on this computer shows the scene of this one of the web with a face less like theirs."""
        if analysis.fingerprint is None or not is_suspect(self._look.template, analysis):
            return False
        neighbours = near_scenes({"": analysis.fingerprint}, self._seen()).get("", [])
        return self._had_another_face(analysis, _nearest(neighbours), cancel)

    def _had_another_face(self, analysis: PictureAnalysis, others: list[str], cancel: CancelToken) -> bool:
        for other in others:
            seen = self._analysis(other, cancel)
            if seen is None or seen.sha256 == analysis.sha256:
                continue
            if other_scene(self._look.template, analysis, seen):
                return True
        return False

    def _seen(self) -> Iterator[tuple[str, str]]:
        return ((path, scene) for path, scene, _finding in self._vault.scenes(self._look.person.person_id))

    def _is_new(self, path: str) -> bool:
        return self._new is None or hash(path) in self._new

    def _analysis(self, path: str, cancel: CancelToken) -> PictureAnalysis | None:
        try:
            return self._look.pool.analyse(Path(path), cancel=cancel)
        except PictureUnreadable:
            return None  # moved meanwhile: it is compared when it is looked at again

    def _finding(self, path: str, analysis: PictureAnalysis) -> Finding | None:
        try:
            finding = self._look.suspected(Candidate(path=Path(path)), analysis, self._source_id, self._clock())
        except PictureUnreadable:
            return None
        known = None if finding is None else self._vault.finding(finding.key)
        if known is not None and known.mark is not None and known.mark.kind is MarkKind.NOT_ME:
            return None
        if known is not None and isinstance(known.evidence, FaceMatch):
            evidence = dataclasses.replace(known.evidence, swap=SwapSign.OTHER_SCENE)
            return dataclasses.replace(known, evidence=evidence)
        return finding


def _nearest(neighbours: list[tuple[str, int]]) -> list[str]:
    return [path for path, _bits in sorted(neighbours, key=lambda pair: pair[1])[:NEIGHBOURS]]
