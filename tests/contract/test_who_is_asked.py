"""For whom each source is asked: a child, someone who is helped and a person under 18 are kept away from outside places.

One table for all sources; each "no" beside the grown-up's "yes". A checkup over a real vault; what the services saw counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import NOT_FOR_CHILD, NOT_FOR_HELPED, NOT_UNDER_18, CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.person import FaceTemplate, Identifier, IdentifierKind, Relation
from privacyguard.model.place import Place, PlaceKind
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.named_site import SITE_HOST, NamedSite
from tests.support.fakes.searches import SEARCH_KEYS
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Seen
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services

MAIL = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
NAMED = (
    MAIL,
    Identifier(IdentifierKind.USERNAME, "canary_jane_4711"),
    Identifier(IdentifierKind.USERNAME, "canary-jane-4711"),
    Identifier(IdentifierKind.USERNAME, "jane4711@social.example.org"),
    Identifier(IdentifierKind.SERVICE, "gym.example.org"),
    Identifier(IdentifierKind.ORGANISATION, "Example Club"),
    Identifier(IdentifierKind.NAME, "Jane Canary-Name"),
)
KEYS = {"hibp": HIBP_KEY, "google-vision": VISION_KEY, "facecheck": FACECHECK_KEY, **SEARCH_KEYS}
PHOTO = b"a photo that the person agreed to send"


@dataclass(frozen=True)
class Who:
    """A kind of profile, and why outside places are not asked for it."""

    relation: Relation
    is_adult: bool
    refusal: str


CHILD = Who(Relation.MY_CHILD, False, NOT_FOR_CHILD)
GROWN_CHILD = Who(Relation.MY_CHILD, True, NOT_FOR_CHILD)
HELPED = Who(Relation.SOMEONE_I_HELP, True, NOT_FOR_HELPED)
HELPED_YOUNG = Who(Relation.SOMEONE_I_HELP, False, NOT_FOR_HELPED)
UNDER_18 = Who(Relation.ME, False, NOT_UNDER_18)
KEPT_AWAY = [CHILD, GROWN_CHILD, HELPED, HELPED_YOUNG, UNDER_18]

ONLY_FOR_ME = [
    "pages",
    "hibp",
    "xposedornot",
    "leakcheck",
    *("gravatar", "libravatar", "github", "bluesky", "mastodon", "keybase", "whatsmyname"),
    "brave",
    "searxng",
    "google-vision",
    "serpapi-lens",
    "tineye",
    "facecheck",
]
FOR_ALL = ["catalogue"]
BY_HAND = ["passwords", "wayback"]
ON_THIS_COMPUTER = ["folders"]


class Bench:
    """A vault that knows a page of a named site, the services, and a checkup of one source."""

    def __init__(self, home: Path, services: Services, pool: AnalysisPool, template: FaceTemplate | None) -> None:
        self.services = services
        self.vault = Vault.open(home, MemoryKeyStore(), clock=now)
        self.sources = sources(services.base_urls(), self.vault)
        self._network = Network(
            self.vault.record, NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        )
        self.vault.add_place(Place(PlaceKind.URL, f"http://{SITE_HOST}/team.html"))
        self.pages = PageReader()
        self._pool, self._template = pool, template

    def checkup(self, who: Who, *source_ids: str, photos: tuple[bytes, ...] = (PHOTO,)) -> Checkup:
        person = self.vault.add_person(f"Jane {who.relation} {who.is_adult}", who.relation, who.is_adult)
        for identifier in NAMED:
            self.vault.add_identifier(person.person_id, identifier)
        if self._template is not None:
            self.vault.save_template(person.person_id, self._template)
            if who.relation is Relation.ME and who.is_adult:
                self.vault.save_statement(person.person_id, now())
        parts = Parts(self.vault, self.sources, self._network, self._pool, now, KEYS.get, self.pages)
        plan = CheckupPlan(
            person.person_id,
            frozenset(source_ids),
            photos=dict.fromkeys(source_ids, photos),
            face_search_agreed=frozenset(source_ids),
        )
        return run_checkup(plan, parts, lambda _: None, CancelToken())

    def outcome(self, who: Who, source_id: str) -> Outcome:
        checkup = self.checkup(who, source_id)
        return next(outcome for outcome in checkup.outcomes if outcome.source_id == source_id)

    def arrived(self) -> list[Seen]:
        return list(self.services.requests)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as running:
        yield running


@pytest.fixture(scope="module")
def template(pool: AnalysisPool, free_portraits: Portraits) -> FaceTemplate:
    """A face, so that nothing but the profile keeps a source of pictures from being asked."""
    looked = pool.analyse(free_portraits.astronaut, cuts=True)
    return FaceTemplate(enrolled_photos(judge([looked])), looked.model_id, now())


@pytest.fixture
def bench(tmp_path: Path, pool: AnalysisPool, template: FaceTemplate) -> Iterator[Bench]:
    no_picture = b"\xff\xd8\xff no picture"
    scenario = Scenario(leaks={MAIL.value: ["ExampleShop"]}, avatars={MAIL.value: no_picture})
    scenario.site = NamedSite(pictures={"me.jpg": no_picture})
    with Services(scenario) as services:
        made = Bench(tmp_path / "home", services, pool, template)
        yield made
        made.pages.close()
        made.vault.close()


def test_every_source_stands_in_the_table(bench: Bench) -> None:
    listed = {source.info.id for source in bench.sources}
    assert listed == {*ONLY_FOR_ME, *FOR_ALL, *BY_HAND, *ON_THIS_COMPUTER}
    cards = {source.info.id: source.info for source in bench.sources}
    assert all(cards[source_id].only_me for source_id in ONLY_FOR_ME)
    assert all(not cards[source_id].only_me for source_id in FOR_ALL)
    assert all(cards[source_id].by_hand for source_id in BY_HAND)
    assert all(not cards[source_id].hosts for source_id in ON_THIS_COMPUTER)


@pytest.mark.parametrize("source_id", ONLY_FOR_ME)
@pytest.mark.parametrize("who", KEPT_AWAY, ids=lambda who: f"{who.relation}-{'adult' if who.is_adult else 'under-18'}")
def test_outside_place_is_not_asked_for_them(bench: Bench, who: Who, source_id: str) -> None:
    outcome = bench.outcome(who, source_id)
    assert (outcome.status, outcome.problem) == (Status.SKIPPED, who.refusal)
    assert outcome.findings == ()
    assert bench.arrived() == []
    assert bench.vault.disclosures() == ()


@pytest.mark.parametrize("source_id", ONLY_FOR_ME)
def test_outside_place_is_asked_for_the_grown_up_who_uses_this_computer(bench: Bench, source_id: str) -> None:
    outcome = bench.outcome(Who(Relation.ME, True, ""), source_id)
    assert outcome.status is not Status.SKIPPED
    assert bench.services.requests_of(source_id)
    assert {disclosure.source_id for disclosure in bench.vault.disclosures()} == {source_id}


@pytest.mark.parametrize(
    "who", [*KEPT_AWAY, Who(Relation.ME, True, "")], ids=lambda who: f"{who.relation}-{who.is_adult}"
)
def test_the_public_list_is_for_everybody_and_tells_nothing_of_them(bench: Bench, who: Who) -> None:
    outcome = bench.outcome(who, "catalogue")
    assert outcome.status is Status.CHECKED
    assert len(outcome.findings) == 2
    (seen,) = bench.arrived()
    assert seen.path == "/api/v3/breaches"
    headers = {
        name: value for name, value in seen.headers.items() if name.casefold() != "host"
    }  # its port may be any number
    sent = f"{seen.path}{headers}{seen.body!r}".casefold()
    assert "host" in {name.casefold() for name in seen.headers}
    assert not any(part in sent for part in ("jane", "gym", "club", "mail.example", "4711"))


@pytest.mark.parametrize(
    "who", [*KEPT_AWAY, Who(Relation.ME, True, "")], ids=lambda who: f"{who.relation}-{who.is_adult}"
)
def test_passwords_are_never_asked_by_a_checkup(bench: Bench, who: Who) -> None:
    checkup = bench.checkup(who, "passwords")
    assert "passwords" not in {outcome.source_id for outcome in checkup.outcomes}
    assert bench.arrived() == []


@pytest.mark.parametrize("who", KEPT_AWAY, ids=lambda who: f"{who.relation}-{who.is_adult}")
def test_with_everything_switched_on_only_the_public_list_is_asked(bench: Bench, who: Who) -> None:
    checkup = bench.checkup(who, *(source.info.id for source in bench.sources))
    asked = {outcome.source_id for outcome in checkup.outcomes if outcome.status is Status.CHECKED}
    assert asked == {"catalogue"}
    assert [seen.path for seen in bench.arrived()] == ["/api/v3/breaches"]
    assert [disclosure.source_id for disclosure in bench.vault.disclosures()] == ["catalogue"]
