"""FaceCheck.ID: what is sent, in which order, and that the photo is to be erased whatever happens in between."""

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.photos import photos_to_send
from privacyguard.checkup.plan import NO_FACE_SEARCH, CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.checkup.web_faces import SEARCH_TEXT_VERSION
from privacyguard.errors import (
    Cancelled,
    CodeMissing,
    CodeRefused,
    PhotoMissing,
    ServiceDown,
    SourceError,
    TimedOut,
    UnexpectedReply,
)
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.checkup import Checkup, Status
from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.model.picture import Candidate, FaceMatch
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.model.statement import SearchConsent
from privacyguard.net import gateway as gateways
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.facecheck import (
    LOOKED_AT_MOST,
    RESULTS_AT_MOST,
    FaceCheck,
    PhotoLeftBehind,
    SearchRefused,
)
from privacyguard.sources.pictures.named import CreditUsedUp
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support.fakes.facecheck import (
    FACECHECK_KEY,
    SEARCH_ID,
    FaceSearch,
    a_result,
    an_input,
    an_output,
    answered,
    told,
)
from tests.support.fakes.searches import file_names_in, form_in
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Answer, Seen, Server

PHOTO = b"\xff\xd8\xff a photo made for this test"
PAGE = "https://club.example.org/team"
INFO, UPLOAD, SEARCH, ERASE = "/api/info", "/api/upload_pic", "/api/search", "/api/delete_pic"


class Ticks:
    """Seconds that go on by one with each look: nobody waits."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        self.s += 1.0
        return self.s


@dataclass
class Bench:
    """The service, a network that leads there, and what was recorded."""

    service: FaceSearch
    server: Server
    recorded: list[Disclosure]
    network: Network
    cancel: CancelToken

    @property
    def asked(self) -> list[str]:
        return [urlsplit(seen.path).path for seen in self.server.requests]

    def search(self, *photos: bytes, key: str | None = FACECHECK_KEY, questions: int = 9) -> Iterator[Candidate]:
        source = FaceCheck(self.server.url, questions)
        return source.search(PictureQuery(photos=photos or (PHOTO,)), self.network.bind(source.info, self.cancel, key))


def bench_of(service: FaceSearch, answer: Callable[[Seen], Answer] | None = None) -> Bench:
    server = Server(answer or service.answer)
    recorded: list[Disclosure] = []
    settings = NetSettings("PrivacyGuard/test", {"facecheck": server.url})
    return Bench(service, server, recorded, Network(recorded.append, settings, monotonic_s=Ticks()), CancelToken())


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = bench_of(FaceSearch(found=[(PAGE, b"one"), ("https://b.example.org/", b"two")], steps=3))
    yield made
    made.server.close()


def test_a_search_asks_in_steps_and_has_the_photo_erased(bench: Bench) -> None:
    found = list(bench.search())
    assert found == [
        Candidate(content=b"one", page=PAGE),
        Candidate(content=b"two", page="https://b.example.org/"),
    ]
    assert bench.asked == [INFO, UPLOAD, SEARCH, SEARCH, SEARCH, ERASE]
    assert bench.service.kept == {}
    info, upload, search, *_, erase = bench.server.requests
    assert json.loads(info.body) == {}
    assert form_in(upload) == {"images": PHOTO, "id_search": b""}
    assert file_names_in(upload) == ["photo.jpg"]
    asked = {"id_search": SEARCH_ID, "with_progress": True, "status_only": False, "demo": False}
    assert json.loads(search.body) == asked
    assert urlsplit(erase.path).query == f"id_search={SEARCH_ID}&id_pic=p1"
    assert {seen.method for seen in bench.server.requests} == {"POST"}


def test_the_code_is_sent_as_it_is_in_its_header_only(bench: Bench) -> None:
    list(bench.search())
    for seen in bench.server.requests:
        assert seen.headers["authorization"] == FACECHECK_KEY
        assert FACECHECK_KEY not in seen.path and FACECHECK_KEY.encode() not in seen.body
    assert FACECHECK_KEY not in repr(bench.recorded)


def test_each_request_is_told_before_it_leaves(bench: Bench) -> None:
    list(bench.search())
    assert [(each.what, each.bytes) for each in bench.recorded] == [
        ("a photo that you chose, and your code" if seen.path == UPLOAD else "your code", seen.size)
        for seen in bench.server.requests
    ]
    assert [each.purpose for each in bench.recorded][-1] == "erase the photo that you sent"


def test_nobody_found_is_an_empty_answer_and_the_photo_is_erased_all_the_same(bench: Bench) -> None:
    bench.service.found = []
    assert list(bench.search()) == []
    assert bench.service.kept == {}


def test_several_photos_are_one_search_and_each_is_erased() -> None:
    def answer(seen: Seen) -> Answer:
        if urlsplit(seen.path).path == UPLOAD:
            return told(id_search=SEARCH_ID, input=[an_input(f"p{number}") for number in range(3)])
        if ERASE in seen.path:
            return told(input=[])
        return FaceSearch(kept={"p0": b"x"}).answer(seen)

    bench = bench_of(FaceSearch(), answer)
    with_four = list(bench.search(b"a", b"b", b"c", b"d"))
    assert with_four == []
    assert bench.server.requests[1].body.count(b'name="images"') == 3
    assert [seen.path.rpartition("=")[2] for seen in bench.server.requests if ERASE in seen.path] == ["p0", "p1", "p2"]
    bench.server.close()


def test_without_a_photo_or_a_code_nothing_is_sent(bench: Bench) -> None:
    source = FaceCheck(bench.server.url)
    with pytest.raises(PhotoMissing):
        list(source.search(PictureQuery(), bench.network.bind(source.info, bench.cancel, FACECHECK_KEY)))
    with pytest.raises(CodeMissing):
        list(bench.search(key=None))
    assert bench.asked == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"credits": 2}, CreditUsedUp),
        ({"is_online": False}, ServiceDown),
        ({"broken": {INFO: Answer(401, b"{}")}}, CodeRefused),
        ({"broken": {INFO: answered({"error": "no", "code": "X"})}}, SearchRefused),
        ({"broken": {INFO: answered({"remaining_credits": 30})}}, UnexpectedReply),
        (
            {"broken": {INFO: answered({"has_credits_to_search": 1, "is_online": 1, "remaining_credits": 1})}},
            SourceError,
        ),
    ],
)
def test_no_photo_leaves_where_no_search_can_be_made(
    bench: Bench, change: dict[str, Any], kind: type[SourceError]
) -> None:
    for name, value in change.items():
        setattr(bench.service, name, value)
    with pytest.raises(kind):
        list(bench.search())
    assert bench.asked == [INFO]


def test_a_wrong_code_is_refused_before_a_photo_leaves(bench: Bench) -> None:
    with pytest.raises(SearchRefused):
        list(bench.search(key="wrong"))
    assert bench.asked == [INFO]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(error="busy", code="BUSY"), SearchRefused),
        (Answer(500, b"{}"), ServiceDown),
        (Answer(401, b"{}"), CodeRefused),
        (Answer(404, b"{}"), UnexpectedReply),
        (Answer(200, b"[]"), UnexpectedReply),
        (Answer(200, b"{"), UnexpectedReply),
        (told(output=7), UnexpectedReply),
        (told(output={}), UnexpectedReply),
        (told(output=an_output([], demo=True)), UnexpectedReply),
        (told(output=an_output("x")), UnexpectedReply),
        (told(output=an_output([7])), UnexpectedReply),
        (told(output=an_output([a_result(7, b"x")])), UnexpectedReply),
        (told(output=an_output([a_result(PAGE, b"x", base64=7)])), UnexpectedReply),
        (told(output=an_output([a_result("javascript:alert(1)", b"x")])), UnexpectedReply),
        (told(output=an_output([a_result(None, b"x")])), UnexpectedReply),
        (told(output=an_output([a_result(PAGE, b"")] * (RESULTS_AT_MOST + 1))), UnexpectedReply),
    ],
)
def test_a_search_that_does_not_work_is_no_empty_answer_and_the_photo_is_erased(
    bench: Bench, answer: Answer, kind: type[SourceError]
) -> None:
    bench.service.broken[SEARCH] = answer
    with pytest.raises(kind):
        list(bench.search())
    assert bench.asked == [INFO, UPLOAD, SEARCH, ERASE]
    assert bench.service.kept == {}


def test_a_search_that_does_not_end_is_given_up_and_the_photo_is_erased(bench: Bench) -> None:
    bench.service.steps = 1000
    with pytest.raises(TimedOut):
        list(bench.search(questions=5))
    assert bench.asked == [INFO, UPLOAD, *[SEARCH] * 5, ERASE]
    assert bench.service.kept == {}


ERASING = [
    told(error="no such picture", code="X"),
    Answer(500, b"{}"),
    Answer(200, b"no"),
    Answer(404, b"", ""),
]


@pytest.mark.parametrize("answer", ERASING)
def test_a_photo_that_is_not_erased_is_told_after_what_was_found(bench: Bench, answer: Answer) -> None:
    bench.service.broken[ERASE] = answer
    found = bench.search()
    assert [next(found).page, next(found).page] == [PAGE, "https://b.example.org/"]
    with pytest.raises(PhotoLeftBehind):
        next(found)


@pytest.mark.parametrize("answer", ERASING)
def test_a_photo_that_is_not_erased_after_a_search_that_did_not_work_is_told(bench: Bench, answer: Answer) -> None:
    bench.service.broken |= {SEARCH: Answer(500, b"{}"), ERASE: answer}
    with pytest.raises(PhotoLeftBehind):
        list(bench.search())
    assert bench.asked[-1] == ERASE


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(error="no face", code="NO_FACE"), SearchRefused),
        (told(), PhotoLeftBehind),
        (told(id_search=SEARCH_ID), PhotoLeftBehind),
        (told(id_search=7, input=[an_input("p1")]), PhotoLeftBehind),
        (told(id_search="a/../b", input=[an_input("p1")]), PhotoLeftBehind),
        (told(id_search=SEARCH_ID, input=[an_input("p1&x=y")]), PhotoLeftBehind),
        (Answer(200, b"<html>Welcome", "text/html"), PhotoLeftBehind),
        (Answer(500, b"{}"), PhotoLeftBehind),
        (Answer(401, b"{}"), CodeRefused),
    ],
)
def test_a_photo_that_got_no_number_cannot_be_erased_and_that_is_told(
    bench: Bench, answer: Answer, kind: type[SourceError]
) -> None:
    bench.service.broken[UPLOAD] = answer
    with pytest.raises(kind):
        list(bench.search())
    assert bench.asked == [INFO, UPLOAD]


def test_a_photo_that_was_refused_with_a_number_is_erased(bench: Bench) -> None:
    bench.service.kept["p1"] = PHOTO
    refused = told(error="no face", code="NO_FACE", id_search=SEARCH_ID, input=[an_input("p1")])
    bench.service.broken[UPLOAD] = refused
    with pytest.raises(SearchRefused):
        list(bench.search())
    assert bench.asked == [INFO, UPLOAD, ERASE]
    assert bench.service.kept == {}


def test_fewer_numbers_than_photos_is_told(bench: Bench) -> None:
    found = bench.search(PHOTO, b"another")
    with pytest.raises(PhotoLeftBehind):
        list(found)


@pytest.mark.parametrize(
    ("item", "candidate"),
    [
        (a_result({"value": PAGE}, b"x"), Candidate(content=b"x", page=PAGE)),
        (a_result(PAGE, b"", base64="data:text/html;base64,PGI+"), Candidate(content=b"", page=PAGE)),
        (a_result(PAGE, b"", base64="https://evil.example/x"), Candidate(content=b"", page=PAGE)),
        (a_result(PAGE, b"", base64="data:image/webp;base64,A"), Candidate(content=b"", page=PAGE)),
        (a_result(PAGE, b"", base64=None), Candidate(content=b"", page=PAGE)),
        (a_result(PAGE, b"x", score="much", guid=None, group=[]), Candidate(content=b"x", page=PAGE)),
    ],
)
def test_odd_results_are_read_or_handed_on_empty_so_that_they_are_counted(
    bench: Bench, item: dict[str, Any], candidate: Candidate
) -> None:
    bench.service.broken[SEARCH] = told(output=an_output([item]))
    assert list(bench.search()) == [candidate]


def test_the_most_alike_hundred_are_looked_at(bench: Bench) -> None:
    bench.service.found = [(f"https://a.example.org/{number}", b"x") for number in range(RESULTS_AT_MOST)]
    found = list(bench.search())
    assert [each.page for each in found] == [f"https://a.example.org/{number}" for number in range(LOOKED_AT_MOST)]


def stopped_while(path: str, service: FaceSearch, also: str = "") -> tuple[Bench, threading.Event]:
    """The person stops as soon as ``path`` is asked; that and ``also`` is answered only when the event is set."""
    released = threading.Event()

    def answer(seen: Seen) -> Answer:
        asked = urlsplit(seen.path).path
        if asked == path:
            made.cancel.cancel()
        if asked in (path, also):
            released.wait(20)
        return service.answer(seen)

    made = bench_of(service, answer)
    return made, released


def test_stopping_in_the_middle_still_has_the_photo_erased_at_once() -> None:
    bench, released = stopped_while(SEARCH, FaceSearch(steps=9))
    began = time.monotonic()
    with pytest.raises(Cancelled):
        list(bench.search())
    assert time.monotonic() - began < 2
    assert bench.asked == [INFO, UPLOAD, SEARCH, ERASE]
    assert bench.service.kept == {}
    released.set()
    bench.server.close()


def test_stopping_does_not_wait_for_ever_for_the_erasing_and_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "AFTERWARDS_S", 0.5)
    bench, released = stopped_while(SEARCH, FaceSearch(), also=ERASE)
    began = time.monotonic()
    with pytest.raises(PhotoLeftBehind):
        list(bench.search())
    assert 0.4 < time.monotonic() - began < 3
    released.set()
    bench.server.close()


def test_stopping_while_the_photo_is_erased_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "AFTERWARDS_S", 0.5)
    bench, released = stopped_while(ERASE, FaceSearch())
    began = time.monotonic()
    with pytest.raises(PhotoLeftBehind):
        list(bench.search())
    assert time.monotonic() - began < 3
    released.set()
    bench.server.close()


def test_stopping_before_the_photo_leaves_is_only_that(bench: Bench) -> None:
    bench.cancel.cancel()
    with pytest.raises(Cancelled):
        list(bench.search())
    assert bench.asked == []


def test_stopping_while_the_photo_leaves_is_told() -> None:
    bench, released = stopped_while(UPLOAD, FaceSearch())
    with pytest.raises(PhotoLeftBehind):
        list(bench.search())
    released.set()
    bench.server.close()


@pytest.mark.parametrize(
    ("left", "words"),
    [(30, "30 credits left."), (1, "1 credit left. That is not enough for a search."), (12987, "12,987 credits left.")],
)
def test_the_code_is_tested_without_a_search(bench: Bench, left: int, words: str) -> None:
    bench.service.credits = left
    source = FaceCheck(bench.server.url)
    assert source.test_key(bench.network.bind(source.info, bench.cancel, FACECHECK_KEY)) == words
    assert bench.asked == [INFO]


def test_the_card_says_what_it_is() -> None:
    info = FaceCheck.info
    assert info.searches_faces and info.sends_pictures and info.only_me and info.needs_key
    assert not info.on_at_first and not info.fetches_pictures
    assert "erase" in info.keeps and "measures your face" in info.discloses


# --- in a checkup -----------------------------------------------------------------------------------------------


def now() -> datetime:
    return datetime.now(UTC)


def small(path: Path) -> bytes:
    """A small picture as the service has them."""
    with Image.open(path) as picture:
        encoded = io.BytesIO()
        picture.convert("RGB").crop((100, 0, 400, 300)).resize((220, 220)).save(encoded, "WEBP", quality=80)
    return encoded.getvalue()


@dataclass
class Whole:
    """A vault with a grown-up, a face and a statement, and a checkup of this one place."""

    bench: Bench
    vault: Vault
    pool: AnalysisPool
    person: Person

    def checkup(self, agreed: bool = True) -> Checkup:
        source = FaceCheck(self.bench.server.url)
        keys = {"facecheck": FACECHECK_KEY}
        parts = Parts(self.vault, (source,), self.bench.network, self.pool, now, keys.get)
        plan = CheckupPlan(
            self.person.person_id,
            frozenset({"facecheck"}),
            photos={"facecheck": photos_to_send(self.person, self.pool)},
            face_search_agreed=frozenset({"facecheck"} if agreed else ()),
        )
        return run_checkup(plan, parts, lambda _: None, CancelToken())


@pytest.fixture
def whole(tmp_path: Path, free_portraits: Portraits) -> Iterator[Whole]:
    me, stranger = (small(portrait) for portrait in free_portraits)
    service = FaceSearch(found=[(PAGE, me), ("https://b.example.org/", stranger), ("https://c.example.org/", b"none")])
    bench = bench_of(service)
    with AnalysisPool(workers=1) as pool, Vault.open(tmp_path, MemoryKeyStore(), clock=now) as vault:
        looked = pool.analyse(free_portraits.astronaut, cuts=True)
        person_id = vault.add_person("Jane", Relation.ME, True).person_id
        vault.save_template(person_id, FaceTemplate(enrolled_photos(judge([looked])), looked.model_id, now()))
        vault.save_statement(person_id, now())
        yield Whole(bench, vault, pool, vault.person(person_id))
    bench.server.close()


def test_what_it_names_is_looked_at_here_and_only_the_person_is_a_finding(whole: Whole) -> None:
    (outcome,) = whole.checkup().outcomes
    assert (outcome.status, outcome.seen, outcome.unreadable) == (Status.CHECKED, 3, 1)
    (finding,) = whole.vault.findings()
    assert isinstance(finding.evidence, FaceMatch)
    assert (finding.evidence.page, finding.sources) == (PAGE, ("facecheck",))
    (consent,) = whole.vault.searches(whole.person.person_id)
    assert consent == SearchConsent(whole.person.person_id, "facecheck", SEARCH_TEXT_VERSION, consent.agreed_at)


def test_without_the_yes_nothing_is_sent_and_nothing_noted(whole: Whole) -> None:
    (outcome,) = whole.checkup(agreed=False).outcomes
    assert (outcome.status, outcome.problem) == (Status.SKIPPED, NO_FACE_SEARCH)
    assert whole.bench.asked == []
    assert whole.vault.searches(whole.person.person_id) == ()


def test_a_photo_left_behind_is_told_and_what_was_found_is_kept(whole: Whole) -> None:
    whole.bench.service.broken[ERASE] = Answer(500, b"{}")
    (outcome,) = whole.checkup().outcomes
    assert (outcome.status, outcome.problem) == (Status.FAILED, PhotoLeftBehind.title)
    assert len(outcome.findings) == len(whole.vault.findings()) == 1
