"""Who may be asked about whom: the one table that keeps a child, a helped person and a minor away from outside sources."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from privacyguard.checkup import plan as plans
from privacyguard.checkup.plan import CheckupPlan, Web, reason_to_skip
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
FACES = card(
    "faces", theme=Theme.PICTURES, accepts=frozenset(), sends_pictures=True, fetches_pictures=True, searches_faces=True
)
NAME = card("name", theme=Theme.PICTURES, accepts=frozenset({IdentifierKind.NAME}), fetches_pictures=True)
PAGES = card("pages", theme=Theme.PICTURES, accepts=frozenset(), hosts=frozenset(), named_sites=True)
OWN = card("own", theme=Theme.PICTURES, accepts=frozenset({EMAIL}), hosts=frozenset(), own_server=True)
WEB = (PICTURES, UPLOAD, FACES, NAME, PAGES, OWN)
FOLDERS = card("folders", theme=Theme.PICTURES, accepts=frozenset(), only_me=False)
CATALOGUE = card("catalogue", accepts=frozenset({EMAIL}), only_me=False)


def person(relation: Relation = Relation.ME, is_adult: bool = True, **changes: object) -> Person:
    fields: dict[str, object] = {"identifiers": (Identifier(EMAIL, "a@b.example"),), "template": TEMPLATE}
    return Person("p", "N", relation, is_adult, **(fields | changes))  # type: ignore[arg-type]


STATED = Web(faces_refused=None, has_pages=True, servers=frozenset({"own"}))


def skip(
    info: SourceInfo,
    who: Person,
    *,
    photos: tuple[bytes, ...] = (),
    folders: bool = True,
    agreed: bool = False,
    web: Web = STATED,
) -> str | None:
    plan = CheckupPlan(
        "p",
        frozenset({info.id}),
        photos={info.id: photos} if photos else {},
        face_search_agreed=frozenset({info.id} if agreed else ()),
    )
    return reason_to_skip(info, who, plan, folders, web)


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


@pytest.mark.parametrize("info", WEB, ids=lambda info: info.id)
def test_no_face_is_compared_with_the_web_where_something_speaks_against_it(info: SourceInfo) -> None:
    assert skip(info, person(), photos=(b"photo",), agreed=True, web=Web("words", True, frozenset({"own"}))) == "words"
    assert skip(info, person(), photos=(b"photo",), agreed=True, web=Web()) == plans.NO_STATEMENT


@pytest.mark.parametrize("info", [LEAK, CATALOGUE, FOLDERS], ids=lambda info: info.id)
def test_leaks_and_folders_need_no_statement(info: SourceInfo) -> None:
    assert skip(info, person(), web=Web("words")) is None


def test_nobody_is_asked_where_the_caller_does_not_say_what_there_is() -> None:
    plan = CheckupPlan("p", frozenset({"pictures"}))
    assert reason_to_skip(PICTURES, person(), plan, True) == plans.NO_STATEMENT


def test_a_search_by_a_service_that_compares_faces_takes_a_yes_of_its_own() -> None:
    assert skip(FACES, person(), photos=(b"photo",)) == plans.NO_FACE_SEARCH
    assert skip(FACES, person(), agreed=True) == plans.NO_PHOTO_SENT
    assert skip(FACES, person(), photos=(b"photo",), agreed=True) is None
    agreed_elsewhere = CheckupPlan(
        "p", frozenset({"faces"}), photos={"faces": (b"photo",)}, face_search_agreed=frozenset({"other"})
    )
    assert reason_to_skip(FACES, person(), agreed_elsewhere, True, STATED) == plans.NO_FACE_SEARCH


def test_nothing_named_is_said_as_such() -> None:
    assert skip(LEAK, person(identifiers=())) == plans.NOTHING_NAMED[EMAIL]
    assert skip(NAME, person()) == plans.NOTHING_NAMED[IdentifierKind.NAME]
    assert skip(NAME, person(identifiers=(Identifier(IdentifierKind.NAME, "Ann Lee"),))) is None
    assert skip(PAGES, person()) is None
    assert skip(PAGES, person(), web=replace(STATED, has_pages=False)) == plans.NO_PAGE
    assert skip(OWN, person()) is None
    assert skip(OWN, person(), web=replace(STATED, servers=frozenset({"pages"}))) == plans.NO_SERVER
    assert skip(FOLDERS, person(), folders=False) == plans.NO_FOLDER
