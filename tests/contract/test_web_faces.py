"""T9 of the threat model: whose face is compared with pictures of the web, from one table.

Every source, for every kind of profile, with every way a face and its statement can stand. A checkup over a real vault; each
source has a server of its own on loopback, and what arrived there counts.
"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import (
    NO_FACE,
    NO_STATEMENT,
    NOT_FOR_CHILD,
    NOT_FOR_HELPED,
    NOT_UNDER_18,
    CheckupPlan,
)
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.checkup.web_faces import NOT_A_CHILD, NOT_SOMEONE_HELPED, why_not
from privacyguard.checkup.web_faces import NOT_UNDER_18 as NO_FACE_UNDER_18
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Identifier, IdentifierKind, Relation
from privacyguard.model.place import Place, PlaceKind
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.catalogue import sources
from privacyguard.sources.pictures.whatsmyname import WhatsMyName
from privacyguard.vault.statements import StatementRefused
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Answer, Server

WEB = [
    "pages",
    *("gravatar", "libravatar", "github", "bluesky", "mastodon", "keybase", "whatsmyname"),
    *("brave", "searxng"),
    *("google-vision", "serpapi-lens", "tineye", "facecheck"),
]
"""Sources that bring pictures of the web."""
LEAKS_FOR_ME = ["hibp", "xposedornot", "leakcheck"]
FOR_ALL = ["catalogue"]
BY_HAND = ["passwords", "wayback"]
CODE = "0123456789abcdef0123456789abcdef"
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAMED = (
    Identifier(IdentifierKind.EMAIL, "jane@mail.example.org"),
    Identifier(IdentifierKind.USERNAME, "canary4711"),
    Identifier(IdentifierKind.USERNAME, "jane.social.example.org"),
    Identifier(IdentifierKind.USERNAME, "jane@social.example.org"),
    Identifier(IdentifierKind.NAME, "Jane Canary-Name"),
    Identifier(IdentifierKind.SERVICE, "gym.example.org"),
)
SITE = "club.example"
LISTED = {
    "name": "A site of pictures",
    "uri_check": "https://pictures.example.org/{account}",
    "e_code": 200,
    "e_string": "joined",
    "m_code": 404,
    "m_string": "",
    "cat": "images",
}
"""An entry of the list of sites for user names."""


@dataclass(frozen=True)
class Who:
    """A kind of profile: why outside places are not asked for it, and why its face is not compared with the web."""

    relation: Relation
    is_adult: bool
    refusal: str | None = None
    of_faces: str | None = None


ME = Who(Relation.ME, True)
OTHERS = [
    Who(Relation.ME, False, NOT_UNDER_18, NO_FACE_UNDER_18),
    Who(Relation.MY_CHILD, False, NOT_FOR_CHILD, NOT_A_CHILD),
    Who(Relation.MY_CHILD, True, NOT_FOR_CHILD, NOT_A_CHILD),
    Who(Relation.SOMEONE_I_HELP, True, NOT_FOR_HELPED, NOT_SOMEONE_HELPED),
]


class Ticks:
    """Seconds that go on by one with each look: nobody waits for a service's pace."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        self.s += 1.0
        return self.s


@dataclass(frozen=True)
class Faces:
    """A face, another photo of it, and the face of somebody else."""

    mine: EnrolledPhoto
    mine_again: EnrolledPhoto
    another: EnrolledPhoto
    model_id: str


class Bench:
    """A vault with one person at a time of the test's own, and every source with a server of its own that knows nothing."""

    def __init__(
        self, home: Path, pool: AnalysisPool, faces: Faces, pictures: Path, servers: dict[str, Server]
    ) -> None:
        self.now = START
        self.faces, self.servers, self._pool = faces, servers, pool
        bases = {name: server.url for name, server in servers.items() if name != "pages"}
        resolve = {SITE: f"127.0.0.1:{servers['pages'].port}"}
        self.vault = Vault.open(home, MemoryKeyStore(), clock=lambda: self.now)
        self.vault.add_place(Place(PlaceKind.FOLDER, str(pictures)))
        self.vault.add_place(Place(PlaceKind.URL, f"http://{SITE}/"))
        listed = home.parent / "sites.json"
        listed.write_text(json.dumps({"sites": [LISTED]}))
        sweep = WhatsMyName(self.vault, bases["whatsmyname"], listed)
        of_list = sources(bases, self.vault)
        self.sources = [sweep if source.info.id == "whatsmyname" else source for source in of_list]
        settings = NetSettings("PrivacyGuard/test", bases, resolve)
        self.network = Network(self.vault.record, settings, clock=lambda: self.now, monotonic_s=Ticks())
        self.person_id = ""

    def person(self, who: Who) -> None:
        self.person_id = self.vault.add_person("Jane", who.relation, who.is_adult).person_id
        self.vault.add_identifiers(self.person_id, NAMED)

    def enrol(self, *photos: EnrolledPhoto) -> None:
        self.now += timedelta(minutes=1)
        self.vault.save_template(self.person_id, FaceTemplate(photos, self.faces.model_id, self.now))

    def type_sentence(self) -> None:
        self.now += timedelta(minutes=1)
        person = self.vault.person(self.person_id)
        if person.relation is Relation.ME and person.is_adult:
            self.vault.save_statement(self.person_id, self.now)
        else:
            with pytest.raises(StatementRefused):
                self.vault.save_statement(self.person_id, self.now)

    def why_not(self) -> str | None:
        return why_not(self.vault.person(self.person_id), self.vault, self.now)

    def outcomes(self) -> dict[str, Outcome]:
        """Of a checkup of every source, each with a photo and every yes."""
        ids = frozenset(source.info.id for source in self.sources)
        parts = Parts(self.vault, self.sources, self.network, self._pool, lambda: self.now, lambda _source_id: CODE)
        photos = {source.info.id: (b"a photo",) for source in self.sources if source.info.sends_pictures}
        plan = CheckupPlan(self.person_id, ids, photos=photos, face_search_agreed=ids)
        checkup = run_checkup(plan, parts, lambda _progress: None, CancelToken())
        return {outcome.source_id: outcome for outcome in checkup.outcomes}

    @property
    def asked(self) -> set[str]:
        """The sources whose server was asked."""
        return {name for name, server in self.servers.items() if server.requests}


def no_face(bench: Bench) -> None:
    """Nothing was added."""


def a_face(bench: Bench) -> None:
    bench.enrol(bench.faces.mine)


def stated(bench: Bench) -> None:
    bench.enrol(bench.faces.mine)
    bench.type_sentence()


def stated_and_more_photos(bench: Bench) -> None:
    stated(bench)
    bench.enrol(bench.faces.mine, bench.faces.mine_again)


def another_added(bench: Bench) -> None:
    """The statement was typed for a face, then photos of somebody else were added to it."""
    stated(bench)
    bench.enrol(bench.faces.mine, bench.faces.another)


def another_face(bench: Bench) -> None:
    stated(bench)
    bench.enrol(bench.faces.another)


def in_its_days(bench: Bench) -> None:
    another_face(bench)
    bench.type_sentence()
    bench.now += timedelta(days=6, hours=23)


def after_its_days(bench: Bench) -> None:
    another_face(bench)
    bench.type_sentence()
    bench.now += timedelta(days=7)


def forgotten_and_back(bench: Bench) -> None:
    """Forgetting is no way around the wait: nobody can know that it is the same face."""
    stated(bench)
    bench.vault.forget_face(bench.person_id)
    bench.enrol(bench.faces.mine)
    bench.type_sentence()


def all_forgotten_and_another(bench: Bench) -> None:
    stated(bench)
    person = bench.vault.person(bench.person_id)
    bench.vault.forget_person(bench.person_id)
    bench.person(Who(person.relation, person.is_adult))
    bench.enrol(bench.faces.another)
    bench.type_sentence()


WAITS = "there is a wait of 7 days"
TABLE: list[tuple[Callable[[Bench], None], str | None]] = [
    (no_face, NO_FACE),
    (a_face, NO_STATEMENT),
    (stated, None),
    (stated_and_more_photos, None),
    (another_added, NO_STATEMENT),
    (another_face, NO_STATEMENT),
    (in_its_days, WAITS),
    (after_its_days, None),
    (forgotten_and_back, WAITS),
    (all_forgotten_and_another, WAITS),
]
"""How a face and its statement stand, and why the grown-up's face is then not compared with the web; None: it is."""


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as running:
        yield running


@pytest.fixture(scope="module")
def faces(pool: AnalysisPool, free_portraits: Portraits) -> Faces:
    def enrolled(source: Path | bytes) -> tuple[EnrolledPhoto, str]:
        looked = pool.analyse(source, cuts=True, own=True)
        (photo,) = enrolled_photos(judge([looked]))
        return photo, looked.model_id

    with Image.open(free_portraits.astronaut) as picture:
        encoded = io.BytesIO()
        picture.convert("RGB").crop((60, 0, 420, 360)).resize((300, 300)).save(encoded, "JPEG", quality=70)
    mine, model_id = enrolled(free_portraits.astronaut)
    again, _ = enrolled(encoded.getvalue())
    another, _ = enrolled(free_portraits.grace_hopper)
    return Faces(mine, again, another, model_id)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        made = {name: Server(lambda _seen: Answer(404, b"{}")) for name in [*WEB, *LEAKS_FOR_ME, *FOR_ALL, *BY_HAND]}
        for server in made.values():
            stack.callback(server.close)
        yield made


@pytest.fixture
def bench(
    tmp_path: Path, pool: AnalysisPool, faces: Faces, free_portraits: Portraits, servers: dict[str, Server]
) -> Iterator[Bench]:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "party.png").write_bytes(free_portraits.astronaut.read_bytes())
    for server in servers.values():
        server.requests.clear()
    made = Bench(tmp_path / "home", pool, faces, pictures, servers)
    yield made
    made.vault.close()


def test_every_source_stands_in_the_table(bench: Bench) -> None:
    assert {source.info.id for source in bench.sources} == {"folders", *WEB, *LEAKS_FOR_ME, *FOR_ALL, *BY_HAND}


@pytest.mark.parametrize(("state", "reason"), TABLE, ids=[state.__name__ for state, _ in TABLE])
def test_the_web_is_asked_for_a_face_that_was_stated_and_for_no_other(
    bench: Bench, state: Callable[[Bench], None], reason: str | None
) -> None:
    bench.person(ME)
    state(bench)
    outcomes = bench.outcomes()
    web = {name: outcomes[name] for name in WEB if name in outcomes}
    if reason is None:
        assert bench.why_not() is None
        assert [name for name, outcome in web.items() if outcome.status is Status.SKIPPED] == []
        assert bench.asked == {*web, *LEAKS_FOR_ME, *FOR_ALL}
    else:
        assert {outcome.status for outcome in web.values()} == {Status.SKIPPED}
        assert [name for name, outcome in web.items() if reason not in (outcome.problem or "")] == []
        assert reason in (bench.why_not() or "")
        assert bench.asked == {*LEAKS_FOR_ME, *FOR_ALL}
    assert {bench.vault.searches(bench.person_id) != ()} == {reason is None}
    assert outcomes["folders"].status is (Status.SKIPPED if state is no_face else Status.CHECKED)


@pytest.mark.parametrize("who", OTHERS, ids=lambda who: f"{who.relation}-{'adult' if who.is_adult else 'under-18'}")
@pytest.mark.parametrize("state", [state for state, _ in TABLE], ids=lambda state: state.__name__)
def test_nobody_elses_face_is_compared_with_the_web(bench: Bench, who: Who, state: Callable[[Bench], None]) -> None:
    bench.person(who)
    state(bench)
    outcomes = bench.outcomes()
    of_web = {outcomes[name].problem for name in WEB if name in outcomes}
    assert of_web == {who.refusal}
    assert bench.why_not() == who.of_faces
    assert bench.asked == set(FOR_ALL)
    assert bench.vault.searches(bench.person_id) == ()
    assert outcomes["folders"].status is (Status.SKIPPED if state is no_face else Status.CHECKED)


def test_the_statement_of_one_is_none_for_another(bench: Bench) -> None:
    bench.person(ME)
    stated(bench)
    mine = bench.person_id
    assert bench.why_not() is None
    bench.person_id = bench.vault.add_person("Another", Relation.ME, True).person_id
    bench.enrol(bench.faces.another)
    assert bench.why_not() == NO_STATEMENT
    bench.type_sentence()
    assert WAITS in (bench.why_not() or "")
    bench.now += timedelta(days=7)
    assert bench.why_not() is None
    bench.person_id = mine
    assert bench.why_not() == NO_STATEMENT


def test_a_statement_for_an_older_pattern_does_not_count(bench: Bench) -> None:
    """Also where a face pattern came into the vault by another way than enrolling."""
    bench.person(ME)
    stated(bench)
    person = bench.vault.person(bench.person_id)
    assert person.template is not None
    swapped = replace(person, template=replace(person.template, enrolled_at=START))
    assert why_not(swapped, bench.vault, bench.now) == NO_STATEMENT
