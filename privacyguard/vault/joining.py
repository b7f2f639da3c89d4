"""What was known and what a source brings, joined to one finding; and whether a decision still holds for it."""

import dataclasses
from datetime import date
from typing import TypeVar

from privacyguard.model.breach import Breach
from privacyguard.model.finding import Evidence, Finding, Mark, MarkKind
from privacyguard.model.leaks import added, joined, united
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import FaceMatch, overlap

SAME_FACE = 0.5
"""Share of two boxes in one picture (intersection over union) from which on they hold one face."""


_T = TypeVar("_T")


def joined_finding(known: Finding, fresh: Finding) -> Finding:
    """The known finding with what is fresh. The person's decision stays, unless there is something they did not judge."""
    more = _more(known, fresh)
    had_decision = known.mark is not None or bool(known.grown)
    decision = None if _speaks_again(known, fresh, more) else known.mark
    evidence = _evidence(known, fresh)
    is_not_me = decision is not None and decision.kind is MarkKind.NOT_ME
    return dataclasses.replace(
        known,
        sources=_once(known.sources, fresh.sources),
        last_seen=max(known.last_seen, fresh.last_seen),
        evidence=without_cut(evidence) if is_not_me else evidence,
        subjects=_once(known.subjects, fresh.subjects),
        mark=decision,
        grown=_once(known.grown, more) if had_decision else (),
    )


def merged(first: Finding, second: Finding) -> Finding:
    """Two findings of one leak, both known, under the first one's key. A decision stays only where there was one for both."""
    one, other = first.evidence, second.evidence
    if not isinstance(one, Breach) or not isinstance(other, Breach):
        raise ValueError("not two leaks")
    return dataclasses.replace(
        first,
        sources=_once(first.sources, second.sources),
        first_seen=min(first.first_seen, second.first_seen),
        last_seen=max(first.last_seen, second.last_seen),
        evidence=joined(one, other),
        subjects=_once(first.subjects, second.subjects),
        mark=_stricter(first.mark, second.mark),
        grown=_once(first.grown, second.grown),
    )


def without_cut(evidence: Evidence) -> Evidence:
    """The evidence without the face cut."""
    return dataclasses.replace(evidence, cut=None) if isinstance(evidence, FaceMatch) else evidence


def _speaks_again(known: Finding, fresh: Finding, more: tuple[str, ...]) -> bool:
    if known.mark is None:
        return False
    if isinstance(known.evidence, Breach):
        new_subjects = set(fresh.subjects) - set(known.subjects)
        return bool(more) or any(subject.kind is IdentifierKind.EMAIL for subject in new_subjects)
    return known.mark.kind is MarkKind.NOT_ME and _is_other_face(known.evidence, fresh.evidence)


def _more(known: Finding, fresh: Finding) -> tuple[str, ...]:
    """The kinds of data that the leak holds and was not known to hold."""
    old, new = known.evidence, fresh.evidence
    if not isinstance(old, Breach) or not isinstance(new, Breach):
        return ()
    return added(old.data_classes, new.data_classes)


def _evidence(known: Finding, fresh: Finding) -> Evidence:
    """The newer evidence. Of a leak, no kind of data is lost, nor anything that another service said."""
    old, new = known.evidence, fresh.evidence
    if not isinstance(old, Breach) or not isinstance(new, Breach):
        return new
    if not set(known.sources) <= set(fresh.sources):
        return joined(old, new)
    return dataclasses.replace(
        new,
        title=new.title or old.title,
        domain=new.domain or old.domain,
        occurred_on=new.occurred_on or old.occurred_on,
        added_on=new.added_on or old.added_on,
        data_classes=united(old.data_classes, new.data_classes),
    )


def _is_other_face(old: Evidence, new: Evidence) -> bool:
    """Whether the very same picture now brings another face of it: the person did not judge that one."""
    if not isinstance(old, FaceMatch) or not isinstance(new, FaceMatch) or old.sha256 != new.sha256:
        return False
    return overlap(old.box, new.box) < SAME_FACE


def _stricter(first: Mark | None, second: Mark | None) -> Mark | None:
    """Of two decisions the one that asks for more: none, then the earlier reminder."""
    if first is None or second is None:
        return None
    later = [mark for mark in (first, second) if mark.kind is MarkKind.LATER]
    if not later:
        return first
    return min(later, key=lambda mark: mark.until or date.min)


def _once(first: tuple[_T, ...], second: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
