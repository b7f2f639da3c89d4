"""Asking an archive about a finding: which addresses, for whom, and what is left when it does not answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from privacyguard.checkup.archives import Archived, look_up, web_addresses, why_not
from privacyguard.checkup.plan import NOT_FOR_CHILD, NOT_FOR_HELPED, NOT_UNDER_18
from privacyguard.errors import Cancelled, NotForThisPerson, TooManyRequests
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Evidence, Finding, FindingKind
from privacyguard.model.person import Person, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.wayback import Wayback
from tests.support.fakes.archives import Archive
from tests.support.own_time import Hurried
from tests.support.servers import Answer, Server

NOW = datetime(2026, 5, 18, 9, 12, tzinfo=UTC)
ME = Person("p", "me", Relation.ME, is_adult=True)
PAGE, PICTURE = "https://club.example.org/team", "https://pictures.example.org/1.jpg"
FACE = FaceMatch(PICTURE, PAGE, Box(1, 2, 3, 4), 0.6, Closeness.A_LOT, "m", "a" * 64, "b" * 16)
PROFILE = Profile("Example", "https://social.example.org/zoe", "zoe")


class Bench:
    """An archive on loopback, asked as the window and the command line do."""

    def __init__(self, server: Server, archive: Archive) -> None:
        self.server, self.archive = server, archive
        self.recorded: list[Disclosure] = []
        self.told: list[tuple[int, int]] = []
        self.cancel = Hurried()

    def look_up(self, finding: Finding, person: Person = ME) -> Archived:
        source = Wayback(self.server.url)
        settings = NetSettings("PrivacyGuard/test", {"wayback": self.server.url})
        network = Network(self.recorded.append, settings, monotonic_s=lambda: self.cancel.now_s)
        gateway = network.bind(source.info, self.cancel)
        return look_up(finding, person, source, gateway, lambda done, count: self.told.append((done, count)))


@pytest.fixture
def bench() -> Iterator[Bench]:
    archive = Archive()
    with Server(archive.answer) as server:
        yield Bench(server, archive)


def found(evidence: Evidence) -> Finding:
    return Finding("face-1", FindingKind.FACE, "p", ("pages",), NOW, NOW, evidence)


@pytest.mark.parametrize(
    ("evidence", "addresses"),
    [
        (FACE, (PAGE, PICTURE)),
        (replace(FACE, page=None), (PICTURE,)),
        (replace(FACE, page=PICTURE), (PICTURE,)),
        (replace(FACE, page=f"{PAGE}#top"), (PAGE, PICTURE)),
        (PictureCopy(PICTURE, PAGE, 2, "c" * 64), (PAGE, PICTURE)),
        (PROFILE, (PROFILE.page,)),
        (replace(FACE, on_this_computer=True, picture="/home/zoe/1.jpg"), ()),
        (replace(FACE, page="http://192.168.1.5/", picture="https://nas.local/1.jpg"), ()),
        (HiddenInPhotos("/home/zoe/Pictures"), ()),
        (Breach("ExampleGym", "Example Gym", "gym.example.org", None, None, ("Photos",)), ()),
    ],
)
def test_page_and_picture_of_the_public_web_are_asked_about_and_nothing_else(
    evidence: Evidence, addresses: tuple[str, ...]
) -> None:
    assert web_addresses(found(evidence)) == addresses


def test_each_address_gets_its_answer(bench: Bench) -> None:
    bench.archive.copies[PICTURE] = [("20190203040506", "200")]
    answer = bench.look_up(found(FACE))
    assert [(address, copies.count) for address, copies in answer.copies] == [(PAGE, 0), (PICTURE, 1)]
    assert answer.problem is None
    assert bench.told == [(0, 2), (1, 2)]
    assert len(bench.server.requests) == len(bench.recorded) == 4


def test_an_archive_that_says_stop_is_not_asked_again_and_what_it_said_is_kept(bench: Bench) -> None:
    answered: list[str] = []
    whole = bench.archive.answer

    def stops_later(seen: object) -> Answer:
        answered.append("")
        return Answer(429, b"{}", headers={"Retry-After": "900"}) if len(answered) > 2 else whole(seen)  # type: ignore[arg-type]

    with Server(stops_later) as server:
        bench.server = server
        answer = bench.look_up(found(FACE))
    assert [address for address, _copies in answer.copies] == [PAGE]
    assert isinstance(answer.problem, TooManyRequests)
    assert len(answered) == 3


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        (Person("p", "Kim", Relation.MY_CHILD), NOT_FOR_CHILD),
        (Person("p", "Kim", Relation.MY_CHILD, is_adult=True), NOT_FOR_CHILD),
        (Person("p", "Ana", Relation.SOMEONE_I_HELP, is_adult=True), NOT_FOR_HELPED),
        (Person("p", "me", Relation.ME, is_adult=False), NOT_UNDER_18),
    ],
)
def test_the_page_of_a_child_of_someone_helped_and_of_a_minor_never_leaves(
    bench: Bench, person: Person, refusal: str
) -> None:
    assert why_not(person) == refusal
    with pytest.raises(NotForThisPerson):
        bench.look_up(found(FACE), person)
    assert bench.server.requests == []
    assert bench.recorded == []


def test_a_grown_up_does_not_lend_their_name_to_a_finding_of_another(bench: Bench) -> None:
    assert why_not(ME) is None
    with pytest.raises(NotForThisPerson):
        bench.look_up(replace(found(FACE), person_id="kim"))
    assert bench.recorded == []


def test_it_stops_when_the_person_says_so(bench: Bench) -> None:
    bench.cancel.cancel()
    with pytest.raises(Cancelled):
        bench.look_up(found(FACE))
    assert bench.server.requests == []
