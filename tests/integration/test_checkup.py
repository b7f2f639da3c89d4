"""A checkup over a real vault, real workers and the services on loopback: who is asked, what fails, what is kept."""

import io
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from privacyguard.analysis import worker
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import STOPPED, Parts, run_checkup
from privacyguard.errors import DiskFull, NotConfined
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Status
from privacyguard.model.finding import FindingKind, Mark, MarkKind
from privacyguard.model.person import FaceTemplate, Identifier, IdentifierKind, Person, Relation
from privacyguard.model.picture import FaceMatch
from privacyguard.model.place import Place, PlaceKind
from privacyguard.model.progress import CancelToken, Progress, SourceState
from privacyguard.model.provenance import HiddenInPhotos
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import Source
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support import evil_workers
from tests.support.fakes.leaks import BY_NAME
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Answer, Seen, Server
from tests.support.services import CORE_PLAN, HIBP_KEY, VISION_KEY, Scenario, Services

MAIL = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
GYM = Identifier(IdentifierKind.SERVICE, "gym.example.org")
ALL = frozenset({"folders", "catalogue", "hibp", "xposedornot", "leakcheck", "gravatar", "google-vision"})


def now() -> datetime:
    return datetime.now(UTC)


def some_sources(bases: dict[str, str], vault: Vault) -> tuple[Source, ...]:
    """One or two of each kind; every source has its contract tests."""
    return tuple(each for each in sources(bases, vault) if each.info.id in {*ALL, "passwords"})


class Bench:
    """A vault with one person, the services, and a checkup at hand."""

    def __init__(self, home: Path, services: Services, pool: AnalysisPool, portraits: Portraits) -> None:
        self.services, self.pool, self.portraits = services, pool, portraits
        self.vault = Vault.open(home, MemoryKeyStore(), clock=now)
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        self.network = Network(self.vault.record, settings)
        self.keys = {"google-vision": VISION_KEY}
        every = some_sources(services.base_urls(), self.vault)
        self.parts = Parts(self.vault, every, self.network, pool, now, self.keys.get)
        self.progress: list[Progress] = []

    def person(self, relation: Relation = Relation.ME, is_adult: bool = True, face: bool = True) -> Person:
        person = self.vault.add_person(f"{relation}", relation, is_adult)
        for identifier in (MAIL, GYM):
            self.vault.add_identifier(person.person_id, identifier)
        if face:
            looked = self.pool.analyse(self.portraits.astronaut, cuts=True)
            photos = enrolled_photos(judge([looked]))
            self.vault.save_template(person.person_id, FaceTemplate(photos, looked.model_id, now()))
            if relation is Relation.ME and is_adult:
                self.vault.save_statement(person.person_id, now())
        return self.vault.person(person.person_id)

    def run(self, person: Person, *, photos: tuple[bytes, ...] = (), cancel: CancelToken | None = None) -> Checkup:
        plan = CheckupPlan(person.person_id, ALL, photos=dict.fromkeys(ALL, photos))
        return run_checkup(plan, self.parts, self.progress.append, cancel or CancelToken())


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as running:
        yield running


@pytest.fixture
def bench(tmp_path: Path, pool: AnalysisPool, free_portraits: Portraits) -> Iterator[Bench]:
    scenario = Scenario(
        leaks={MAIL.value: ["ExampleShop"]},
        avatars={MAIL.value: smaller(free_portraits.astronaut)},
        pictures={"me.jpg": smaller(free_portraits.astronaut), "other.jpg": smaller(free_portraits.grace_hopper)},
    )
    with Services(scenario) as services:
        scenario.vision = {
            "fullMatchingImages": [{"url": services.picture_address("me.jpg")}],
            "visuallySimilarImages": [
                {"url": services.picture_address("other.jpg")},
                {"url": "https://127.0.0.1:22/secret.jpg"},
                {"url": services.picture_address("missing.jpg")},
            ],
        }
        made = Bench(tmp_path / "home", services, pool, free_portraits)
        yield made
        made.vault.close()


def smaller(path: Path) -> bytes:
    with Image.open(path) as picture:
        encoded = io.BytesIO()
        picture.convert("RGB").resize((picture.width // 2, picture.height // 2)).save(encoded, "JPEG", quality=80)
    return encoded.getvalue()


def statuses(checkup: Checkup) -> dict[str, str]:
    return {outcome.source_id: outcome.status.value for outcome in checkup.outcomes}


def test_everything_is_asked_and_only_the_person_becomes_a_finding(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "me.jpg").write_bytes(smaller(bench.portraits.astronaut))
    (folder / "other.jpg").write_bytes(smaller(bench.portraits.grace_hopper))
    bench.vault.add_place(Place(PlaceKind.FOLDER, str(folder)))
    person = bench.person()
    checkup = bench.run(person, photos=(bench.pool.prepare_upload(bench.portraits.astronaut),))
    assert statuses(checkup) == {
        "folders": "checked",
        "catalogue": "checked",
        "hibp": "failed",
        "xposedornot": "checked",
        "leakcheck": "checked",
        "gravatar": "checked",
        "google-vision": "checked",
    }
    outcomes = {outcome.source_id: outcome for outcome in checkup.outcomes}
    assert len(outcomes["google-vision"].findings) == 1
    assert (outcomes["google-vision"].seen, outcomes["google-vision"].unreadable) == (4, 2)
    found = {finding.key: finding for finding in bench.vault.findings()}
    web = found[outcomes["google-vision"].findings[0]]
    assert isinstance(web.evidence, FaceMatch)
    assert web.evidence.copy_distance is not None
    assert web.evidence.cut is not None
    assert max(web.evidence.cut.width, web.evidence.cut.height) <= 160
    assert len(bench.vault.disclosures()) == len(bench.services.requests)
    assert bench.vault.last_checkup() == checkup
    ends = {each.source_id: each.state for each in bench.progress}
    assert ends["hibp"] is SourceState.FAILED
    assert ends["folders"] is SourceState.CHECKED


def test_what_ones_own_photos_tell_beside_is_a_finding_of_the_folders(bench: Bench, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    for name, details, quality in (("telling", exif, 80), ("silent", Image.Exif(), 70)):
        (tmp_path / name).mkdir()
        with Image.open(bench.portraits.astronaut) as image:
            image.convert("RGB").save(tmp_path / name / "me.jpg", quality=quality, exif=details)
        bench.vault.add_place(Place(PlaceKind.FOLDER, str(tmp_path / name)))
    checkup = bench.run(bench.person())
    (folders,) = [outcome for outcome in checkup.outcomes if outcome.source_id == "folders"]
    found = {finding.key: finding for finding in bench.vault.findings() if finding.sources == ("folders",)}
    assert set(folders.findings) == set(found)
    told = [each.evidence for each in found.values() if each.kind is FindingKind.HIDDEN]
    assert [each.folder for each in told if isinstance(each, HiddenInPhotos)] == [str(tmp_path / "telling")]
    assert set(folders.findings) <= set(checkup.new)


def test_a_second_checkup_brings_nothing_new_and_keeps_marks(bench: Bench) -> None:
    person = bench.person()
    first = bench.run(person)
    face = next(f for f in bench.vault.findings() if f.kind is FindingKind.FACE)
    bench.vault.mark(face.key, Mark(MarkKind.NOT_ME))
    second = bench.run(person)
    assert set(first.new) == {finding.key for finding in bench.vault.findings()}
    assert second.new == ()
    kept = bench.vault.finding(face.key)
    assert kept is not None
    assert kept.mark == Mark(MarkKind.NOT_ME)
    assert isinstance(kept.evidence, FaceMatch)
    assert kept.evidence.cut is None


@pytest.mark.parametrize("broken", ["xposedornot", "gravatar", "google-vision", "catalogue"])
def test_a_failed_source_says_so_and_the_others_go_on(bench: Bench, broken: str) -> None:
    bench.services.scenario.broken[broken] = Answer(500, b"{}")
    person = bench.person()
    checkup = bench.run(person, photos=(b"\xff\xd8\xff photo",))
    outcome = next(each for each in checkup.outcomes if each.source_id == broken)
    assert outcome.status is Status.FAILED
    assert outcome.problem
    assert outcome.remedy
    others = [each for each in checkup.outcomes if each.source_id not in (broken, "hibp", "folders")]
    assert all(each.status is Status.CHECKED for each in others)


@pytest.mark.parametrize(
    ("relation", "is_adult"), [(Relation.MY_CHILD, False), (Relation.SOMEONE_I_HELP, True), (Relation.ME, False)]
)
def test_nothing_about_a_child_a_helped_person_or_a_minor_is_sent(
    bench: Bench, relation: Relation, is_adult: bool
) -> None:
    checkup = bench.run(bench.person(relation, is_adult), photos=(b"\xff\xd8\xff photo",))
    asked = {source for source, status in statuses(checkup).items() if status != "skipped"}
    assert asked == {"catalogue"}
    assert [seen.path for seen in bench.services.requests] == ["/api/v3/breaches"]


def test_a_childs_finding_keeps_nothing_of_the_picture(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(smaller(bench.portraits.astronaut))
    bench.vault.add_place(Place(PlaceKind.FOLDER, str(tmp_path / "me.jpg")))
    bench.run(bench.person(Relation.MY_CHILD, False))
    (face,) = [f.evidence for f in bench.vault.findings() if isinstance(f.evidence, FaceMatch)]
    assert face.cut is None


def test_without_a_face_leaks_are_checked_and_pictures_are_not(bench: Bench) -> None:
    checkup = bench.run(bench.person(face=False))
    assert statuses(checkup)["xposedornot"] == "checked"
    assert {statuses(checkup)[source] for source in ("folders", "gravatar", "google-vision")} == {"skipped"}


def test_no_photo_is_sent_without_a_yes_this_time(bench: Bench) -> None:
    checkup = bench.run(bench.person())
    assert statuses(checkup)["google-vision"] == "skipped"
    assert bench.services.requests_of("google-vision") == []


def moved(bench: Bench, **places: str) -> Parts:
    """The parts of the bench with some services at another place."""
    bases = bench.services.base_urls() | {name.replace("_", "-"): url for name, url in places.items()}
    settings = NetSettings("PrivacyGuard/test", bases, bench.services.resolve())
    network = Network(bench.vault.record, settings)
    return replace(bench.parts, network=network, sources=some_sources(bases, bench.vault))


def test_services_that_know_leaks_are_asked_beside_the_pictures(bench: Bench) -> None:
    """Each of three waits for the other two: one after the other, none would ever answer."""
    meeting = threading.Barrier(3)
    arrived: set[str] = set()

    def answer(seen: Seen) -> Answer:
        if seen.host not in arrived:  # the first question of each
            arrived.add(seen.host)
            meeting.wait(10)
        return Answer(404, b'{"Error": "No breaches found"}')

    with Server(answer) as one, Server(answer) as two, Server(answer) as three:
        parts = moved(bench, xposedornot=one.url, catalogue=two.url, gravatar=three.url)
        checkup = run_checkup(CheckupPlan(bench.person().person_id, ALL), parts, bench.progress.append, CancelToken())
    assert not meeting.broken
    assert statuses(checkup) == {
        **dict.fromkeys(("folders", "google-vision"), "skipped"),
        **dict.fromkeys(("xposedornot", "leakcheck"), "checked"),
        **dict.fromkeys(("catalogue", "hibp", "gravatar"), "failed"),
    }
    assert list(statuses(checkup)) == [source.info.id for source in parts.sources if not source.info.by_hand]


def test_progress_is_told_one_at_a_time_and_nothing_after_the_end(bench: Bench) -> None:
    telling = threading.Lock()
    ended: set[str] = set()

    def told(progress: Progress) -> None:
        assert telling.acquire(blocking=False), "two at once"
        assert progress.source_id not in ended
        time.sleep(0.01)
        if progress.state not in (SourceState.WAITING, SourceState.RUNNING):
            ended.add(progress.source_id)
        telling.release()

    checkup = run_checkup(CheckupPlan(bench.person().person_id, ALL), bench.parts, told, CancelToken())
    assert ended == {outcome.source_id for outcome in checkup.outcomes}


def test_a_cancelled_checkup_keeps_what_was_found(bench: Bench) -> None:
    person = bench.person()
    cancel, arrived, released = CancelToken(), threading.Event(), threading.Event()
    others = ALL - {"gravatar"}
    ended: set[str] = set()

    def answer(_seen: Seen) -> Answer:
        arrived.set()
        released.wait(30)
        return Answer(404, b"", "text/plain")

    def stop_when_the_others_are_done(progress: Progress) -> None:
        if progress.state is not SourceState.RUNNING:
            ended.add(progress.source_id)
        if ended >= others - {"google-vision"} and arrived.wait(10):
            cancel.cancel()

    with Server(answer) as silent:
        parts = moved(bench, gravatar=silent.url)
        checkup = run_checkup(CheckupPlan(person.person_id, ALL), parts, stop_when_the_others_are_done, cancel)
        released.set()
    assert checkup.cancelled
    outcomes = {outcome.source_id: outcome for outcome in checkup.outcomes}
    assert outcomes["xposedornot"].status is Status.CHECKED
    assert outcomes["gravatar"].problem == STOPPED
    assert bench.services.requests_of("google-vision") == []
    assert {finding.kind for finding in bench.vault.findings()} == {FindingKind.BREACH}
    assert {finding.key for finding in bench.vault.findings()} == set(checkup.new)


def test_one_leak_that_several_services_know_is_one_finding_and_each_names_it(bench: Bench) -> None:
    bench.keys["hibp"] = HIBP_KEY
    bench.services.scenario.leaks[MAIL.value] = ["Adobe", "ExampleGym"]
    person = bench.person(face=False)
    bench.vault.add_identifier(person.person_id, Identifier(IdentifierKind.SERVICE, "adobe.com"))
    checkup = bench.run(person)
    found = {finding.key: finding for finding in bench.vault.findings()}
    assert set(checkup.new) == set(found)
    assert len(checkup.new) == len(set(checkup.new))
    titles = {finding.evidence.title: finding for finding in found.values() if isinstance(finding.evidence, Breach)}
    assert len(titles) == len(found)
    adobe = titles["Adobe"]
    assert sorted(adobe.sources) == ["catalogue", "hibp", "leakcheck", "xposedornot"]
    assert {each.value for each in adobe.subjects} == {MAIL.value, "adobe.com"}
    for outcome in checkup.outcomes:
        assert set(outcome.findings) <= set(found)
        assert (adobe.key in outcome.findings) == (outcome.source_id in adobe.sources)
    assert bench.run(person).new == ()


def test_what_a_source_said_before_it_broke_is_found_and_the_source_has_failed(bench: Bench) -> None:
    """Of the list of leaks our own part is there also without a connection; it is compared with every service."""
    bench.services.scenario.broken["catalogue"] = Answer(500)
    person = bench.person(face=False)
    for service in ("totalfitness.co.uk", "unknown.example"):
        bench.vault.add_identifier(person.person_id, Identifier(IdentifierKind.SERVICE, service))
    checkup = bench.run(person)
    outcome = next(each for each in checkup.outcomes if each.source_id == "catalogue")
    assert (outcome.status, outcome.seen, outcome.left) == (Status.FAILED, 0, 0)
    (key,) = outcome.findings
    found = bench.vault.finding(key)
    assert found is not None
    assert isinstance(found.evidence, Breach)
    assert found.evidence.title == "Total Fitness"
    assert len([seen for seen in bench.services.requests if seen.path == "/api/v3/breaches"]) == 1


def test_an_address_of_which_only_a_part_was_answered_is_asked_again(bench: Bench) -> None:
    bench.keys["hibp"] = HIBP_KEY
    is_broken = True

    def answer(seen: Seen) -> Answer:
        if "/pasteaccount/" in seen.path:
            return Answer(500) if is_broken else Answer(404, b"", "")
        known = CORE_PLAN if seen.path.endswith("/subscription/status") else [BY_NAME["ExampleShop"]]
        return Answer(200, json.dumps(known).encode())

    person = bench.person(face=False)
    with Server(answer) as half:
        plan = CheckupPlan(person.person_id, frozenset({"hibp"}))
        parts = moved(bench, hibp=f"{half.url}/api/v3")
        first = run_checkup(plan, parts, bench.progress.append, CancelToken())
        is_broken = False
        second = run_checkup(plan, parts, bench.progress.append, CancelToken())
        addresses = [seen.path for seen in half.requests if "/breachedaccount/" in seen.path]
    outcomes = [next(each for each in run.outcomes if each.source_id == "hibp") for run in (first, second)]
    assert [(outcome.status, outcome.seen) for outcome in outcomes] == [(Status.FAILED, 0), (Status.CHECKED, 1)]
    assert len(first.new) == 1
    assert second.new == ()
    assert [outcome.findings for outcome in outcomes] == [first.new, first.new]
    assert len(addresses) == 2


def test_sources_used_by_hand_have_no_part_in_a_checkup(bench: Bench) -> None:
    by_hand = {source.info.id for source in bench.parts.sources if source.info.by_hand}
    assert by_hand == {"passwords"}
    person = bench.person()
    checkup = run_checkup(
        CheckupPlan(person.person_id, ALL | by_hand), bench.parts, bench.progress.append, CancelToken()
    )
    told = {outcome.source_id for outcome in checkup.outcomes} | {each.source_id for each in bench.progress}
    assert told == ALL
    assert bench.services.requests_of("passwords") == []


def test_a_full_disk_ends_all_at_once_and_is_raised(bench: Bench) -> None:
    """One service is never answered: the checkup ends all the same when another one's request cannot be kept."""
    released = threading.Event()

    def answer(_seen: Seen) -> Answer:
        released.wait(30)
        return Answer(500)

    def full(disclosure: Disclosure) -> None:
        if disclosure.source_id == "xposedornot":
            raise DiskFull("record")
        bench.vault.record(disclosure)

    person = bench.person()
    with Server(answer) as silent:
        parts = moved(bench, gravatar=silent.url, catalogue=silent.url)
        parts = replace(parts, network=Network(full, parts.network.settings))
        begun, cancel = time.monotonic(), CancelToken()
        with pytest.raises(DiskFull):
            run_checkup(CheckupPlan(person.person_id, ALL), parts, bench.progress.append, cancel)
        assert time.monotonic() - begun < 5
        released.set()
    assert cancel.is_cancelled
    assert bench.vault.last_checkup() is None


def test_what_cannot_be_recorded_is_not_sent(bench: Bench) -> None:
    def full(disclosure: Disclosure) -> None:
        raise DiskFull("record")

    settings = NetSettings("PrivacyGuard/test", bench.services.base_urls(), {})
    parts = replace(bench.parts, network=Network(full, settings))
    with pytest.raises(DiskFull):
        run_checkup(CheckupPlan(bench.person().person_id, ALL), parts, bench.progress.append, CancelToken())
    assert bench.services.requests == []


def test_where_workers_cannot_be_closed_off_pictures_from_the_web_have_failed_and_folders_are_looked_through(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = bench.person()
    bench.vault.add_place(Place(PlaceKind.FOLDER, str(tmp_path)))
    monkeypatch.setattr(worker, "run", evil_workers.is_open_to_the_web)
    with AnalysisPool(workers=1) as open_pool:
        bench.parts = replace(bench.parts, pool=open_pool)
        checkup = bench.run(person)
    outcomes = {outcome.source_id: outcome for outcome in checkup.outcomes}
    assert (outcomes["gravatar"].status, outcomes["gravatar"].problem) == (Status.FAILED, NotConfined.title)
    assert outcomes["folders"].status is Status.CHECKED
    assert not any(isinstance(finding.evidence, FaceMatch) for finding in bench.vault.findings())
