"""Advice speaks of the person it is about, and names them where it is somebody else than whoever reads."""

from datetime import UTC, date, datetime

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Evidence, Finding, FindingKind
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
PEOPLE = {
    "p": Person("p", "Zoe"),
    "c": Person("c", "Kim", Relation.MY_CHILD, False),
    "h": Person("h", "Ana", Relation.SOMEONE_I_HELP),
}
CONTEXT = Context(NOW, "GB", PEOPLE)
HERE = FaceMatch("/home/zoe/a.jpg", None, Box(0, 0, 9, 9), 0.6, Closeness.A_LOT, "m", "0", "0", on_this_computer=True)
LEAK = Breach("ExampleGym", "Example Gym", "gym.example.org", date(2026, 5, 4), None, ("Passwords",))


def title(person_id: str, evidence: Evidence, subject: str | None = None) -> str:
    kind = FindingKind.BREACH if isinstance(evidence, Breach) else FindingKind.FACE
    subjects = (Identifier(IdentifierKind.SERVICE, subject),) if subject else ()
    known = Finding("k", kind, person_id, ("folders",), NOW, NOW, evidence, subjects)
    (advice,) = advise((known,), (), CONTEXT)
    return advice.title


@pytest.mark.parametrize(
    ("person_id", "told"),
    [
        ("p", "1 picture on this computer may show you"),
        ("c", "1 picture on this computer may show your child (Kim)"),
        ("h", "1 picture on this computer may show the person you help (Ana)"),
    ],
)
def test_a_picture_here_is_told_of_the_person_it_may_show(person_id: str, told: str) -> None:
    assert title(person_id, HERE) == told


def test_several_people_are_told_apart_and_whoever_reads_is_not_named() -> None:
    titles = [title(person_id, LEAK, "Example Gym") for person_id in PEOPLE]
    assert len(set(titles)) == 3
    assert ["Zoe" in each for each in titles] == [False, False, False]
    assert (titles[1].endswith("(Kim)"), titles[2].endswith("(Ana)")) == (True, True)
