"""Who may be asked about whom: the one table that keeps a child, a helped person and a minor away from outside sources."""

from datetime import UTC, datetime

import pytest

from privacyguard.checkup import plan as plans
from privacyguard.checkup.plan import CheckupPlan, reason_to_skip
from privacyguard.model.person import (
    EnrolledPhoto,
    FaceTemplate,
    Identifier,
    IdentifierKind,
    Person,
    Relation,
)
from privacyguard.model.picture import FaceCut
from privacyguard.model.source import SourceInfo, Theme

EMAIL = IdentifierKind.EMAIL
PHOTO = EnrolledPhoto((1.0,), FaceCut(1, 1, b"\0\0\0"), "0" * 16, "0" * 64)
TEMPLATE = FaceTemplate((PHOTO,), "model", datetime(2026, 1, 1, tzinfo=UTC))


def card(source_id: str, **changes: object) -> SourceInfo:
    fields: dict[str, object] = {
        "id": source_id,
        "name": "n",
        "theme": Theme.LEAKS,
        "finds": "f",
        "accepts": frozenset({EMAIL}),
        "hosts": frozenset({"api.example.org"}),
        "discloses": "d",
        "cost": "c",
    }
    return SourceInfo(**(fields | changes))  # type: ignore[arg-type]


LEAK = card("leak")
PICTURES = card("pictures", theme=Theme.PICTURES, fetches_pictures=True)
UPLOAD = card("upload", theme=Theme.PICTURES, accepts=frozenset(), sends_pictures=True, fetches_pictures=True)
FOLDERS = card("folders", theme=Theme.PICTURES, accepts=frozenset(), only_me=False)
CATALOGUE = card("catalogue", accepts=frozenset({EMAIL}), only_me=False)


def person(relation: Relation = Relation.ME, is_adult: bool = True, **changes: object) -> Person:
    fields: dict[str, object] = {"identifiers": (Identifier(EMAIL, "a@b.example"),), "template": TEMPLATE}
    return Person("p", "N", relation, is_adult, **(fields | changes))  # type: ignore[arg-type]


def skip(info: SourceInfo, who: Person, *, photos: tuple[bytes, ...] = (), folders: bool = True) -> str | None:
    return reason_to_skip(
        info, who, CheckupPlan("p", frozenset({info.id}), photos={info.id: photos} if photos else {}), folders
    )


@pytest.mark.parametrize("info", [LEAK, PICTURES, FOLDERS, CATALOGUE])
def test_a_grown_up_who_named_everything_is_asked_for_everywhere(info: SourceInfo) -> None:
    assert skip(info, person()) is None


@pytest.mark.parametrize("info", [LEAK, PICTURES, UPLOAD])
@pytest.mark.parametrize(
    ("who", "words"),
    [
        (person(Relation.MY_CHILD, is_adult=False), plans.NOT_FOR_CHILD),
        (person(Relation.MY_CHILD, is_adult=True), plans.NOT_FOR_CHILD),
        (person(Relation.SOMEONE_I_HELP), plans.NOT_FOR_HELPED),
        (person(Relation.ME, is_adult=False), plans.NOT_UNDER_18),
    ],
)
def test_outside_sources_are_refused_for_anybody_but_a_grown_up_me(info: SourceInfo, who: Person, words: str) -> None:
    assert skip(info, who, photos=(b"photo",)) == words


@pytest.mark.parametrize("relation", [Relation.MY_CHILD, Relation.SOMEONE_I_HELP])
@pytest.mark.parametrize("info", [FOLDERS, CATALOGUE])
def test_sources_on_this_computer_serve_everybody(info: SourceInfo, relation: Relation) -> None:
    assert skip(info, person(relation)) is None


def test_a_source_that_is_not_in_the_plan_is_switched_off() -> None:
    assert reason_to_skip(LEAK, person(), CheckupPlan("p", frozenset()), True) == plans.SWITCHED_OFF


def test_the_callers_own_reason_wins_over_switched_off() -> None:
    plan = CheckupPlan("p", frozenset(), why_skipped={"leak": "words"})
    assert reason_to_skip(LEAK, person(), plan, True) == "words"


@pytest.mark.parametrize("info", [FOLDERS, PICTURES, UPLOAD])
def test_no_face_pattern_means_no_look_at_pictures(info: SourceInfo) -> None:
    assert skip(info, person(template=None), photos=(b"photo",)) == plans.NO_FACE


def test_leaks_are_checked_without_a_face() -> None:
    assert skip(LEAK, person(template=None)) is None


def test_a_photo_is_sent_only_when_one_was_chosen_this_time() -> None:
    assert skip(UPLOAD, person()) == plans.NO_PHOTO_SENT
    assert skip(UPLOAD, person(), photos=(b"photo",)) is None


def test_nothing_named_is_said_as_such() -> None:
    assert skip(LEAK, person(identifiers=())) == plans.NOTHING_NAMED[EMAIL]
    assert skip(FOLDERS, person(), folders=False) == plans.NO_FOLDER
