"""Advice about photos that tell more than they show: quiet, and gone when nothing is hidden any more."""

from datetime import UTC, datetime

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise, level_of
from privacyguard.model.advice import Level
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import Person
from privacyguard.model.provenance import HiddenInPhotos, HiddenKind

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
CONTEXT = Context(NOW, "GB", {"p": Person("p", "me")})
HIDDEN = HiddenInPhotos("/home/me/trip", ((HiddenKind.PLACE, 3), (HiddenKind.SERIAL, 1)), 4, ("/home/me/trip/a.jpg",))


def finding(evidence: HiddenInPhotos, mark: Mark | None = None) -> Finding:
    return Finding("hidden-1", FindingKind.HIDDEN, "p", ("folders",), NOW, NOW, evidence, mark=mark)


def test_hidden_details_are_good_to_know_and_answered_by_cleaned_copies() -> None:
    told = finding(HIDDEN)
    (advice,) = advise([told], (), CONTEXT)
    assert advice.answers == ("hidden-1",)
    assert level_of(told, [advice]) is Level.GOOD_TO_KNOW
    assert "4 photos in one folder hold hidden details" in advice.why
    assert "where it was taken (3)" in advice.why
    assert "cleaned copy" in advice.steps[0].text
    assert "trip" not in advice.why + advice.title


def test_nothing_hidden_any_more_and_decided_ones_give_no_advice() -> None:
    assert advise([finding(HiddenInPhotos("/home/me/trip"))], (), CONTEXT) == ()
    assert advise([finding(HIDDEN, Mark(MarkKind.FINE))], (), CONTEXT) == ()
