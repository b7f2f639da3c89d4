"""Named sites from end to end: a real web server, a real vault, real workers; free portraits only."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.sites import A_PART
from privacyguard.model.checkup import Status
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.picture import FaceMatch
from privacyguard.model.progress import CancelToken
from tests.conftest import Portraits
from tests.support.own_time import Hurried
from tests.support.site_looks import Connections, Looks
from tests.support.web_sites import CDN, HOST, Gallery, Site, nginx, web_site

pytestmark = pytest.mark.skipif(nginx() is None, reason="nginx is not installed (packaging/linux/system-packages.txt)")


def smaller(path: Path) -> bytes:
    with Image.open(path) as picture:
        file = io.BytesIO()
        picture.convert("RGB").resize((picture.width // 2, picture.height // 2)).save(file, "JPEG", quality=80)
    return file.getvalue()


@pytest.fixture(scope="module")
def pool() -> Iterator[AnalysisPool]:
    with AnalysisPool(workers=1) as running:
        yield running


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    running = PageReader()
    yield running
    running.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, free_portraits: Portraits) -> Iterator[Site]:
    with web_site(tmp_path_factory.mktemp("web") / "nginx") as running:
        mine, other = smaller(free_portraits.astronaut), smaller(free_portraits.grace_hopper)
        Gallery(running, [mine], [other], each=1, strangers=1).fill()
        yield running


@pytest.fixture
def looks(tmp_path: Path, pool: AnalysisPool, reader: PageReader, site: Site) -> Iterator[Looks]:
    made = Looks.made(tmp_path / "home", pool, reader, site)
    yield made
    made.vault.close()


def test_every_way_to_show_a_picture_is_found_and_no_trap_is_stepped_into(
    looks: Looks, site: Site, free_portraits: Portraits
) -> None:
    person = looks.person([free_portraits.astronaut])
    if (site.folder / "access.log").exists():
        site.forget_requests()
    connections = Connections()
    _checkup, outcome = looks.look(person)
    connections.stop()
    assert (outcome.status, outcome.problem) == (Status.CHECKED, A_PART)
    expected = {address: way for way, addresses in site.pictures.items() for address in addresses}
    assert {way for address, way in expected.items() if address not in looks.found(outcome)} == set()
    assert looks.found(outcome) == set(expected)
    told = [each.seen for each in looks.progress if each.source_id == "pages"]
    assert told == sorted(told) and len(set(told)) > len(expected)
    # At the socket: the web server and nobody else; and no look-up of any name.
    assert set(connections.asked) == {("127.0.0.1", site.port)}
    paths = [path for path in site.paths() if not path.startswith("/loop")]
    assert len(set(paths)) == len(paths)
    assert 2 <= len([path for path in site.paths() if path.startswith("/loop")]) <= 6
    assert paths[0] == "/robots.txt"
    assert not [path for path in paths if path.startswith("/private/") and not path.startswith("/private/open")]
    assert "/file.secret" not in paths
    assert "/behind.html" not in paths
    assert "/logout" not in paths
    assert "/film.mp4" not in paths
    assert len([path for path in paths if path.startswith("/members.html")]) == 1
    assert len([path for path in paths if path.startswith("/calendar")]) <= 4
    assert 12 <= len([path for path in paths if path.startswith("/months")]) <= 24
    assert 1 <= len([path for path in paths if path.startswith("/days")]) <= 25
    pages = [path for path in paths if not path.endswith((".jpg", ".css", ".xml", ".gz", ".png", ".txt"))]
    assert len(pages) <= 200 + 5  # and what redirects lead to
    seen = site.requests()
    assert {each["host"] for each in seen} == {HOST, CDN}
    assert all(each["agent"] == "PrivacyGuard/test" for each in seen)
    assert not any(each["referer"] or each["cookie"] for each in seen)
    recorded = looks.vault.disclosures()
    assert len(recorded) == len(seen)
    assert {each.host for each in recorded} == {HOST, CDN}


def test_the_count_at_the_socket_sees_forbidden_addresses_and_look_ups() -> None:
    """What the test above rests on."""
    connections = Connections()
    with socket.socket() as one:
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", 22))
    socket.getaddrinfo("localhost", 80)
    connections.stop()
    socket.getaddrinfo("localhost", 443)
    assert connections.asked == [("127.0.0.1", 22), ("looked up", "localhost")]


def test_a_finding_names_page_and_picture(looks: Looks, site: Site, free_portraits: Portraits) -> None:
    looks.look(looks.person([free_portraits.astronaut]))
    found = {
        finding.evidence.picture: finding.evidence
        for finding in looks.vault.findings()
        if isinstance(finding.evidence, FaceMatch)
    }
    (address,) = site.pictures["img"]
    assert found[address].page == f"http://{HOST}/img.html"
    assert found[address].title == "img"
    (address,) = site.pictures["redirect"]
    assert found[address].page == f"http://{HOST}/moved/gallery.html"
    (address,) = site.pictures["other host"]
    assert found[address].page == f"http://{HOST}/cdn.html"


def test_what_did_not_change_is_not_sent_again_and_stays_found(
    looks: Looks, site: Site, free_portraits: Portraits
) -> None:
    person = looks.person([free_portraits.astronaut])
    _checkup, first = looks.look(person)
    site.forget_requests()
    again, second = looks.look(person)
    assert again.new == ()
    assert set(second.findings) == set(first.findings)
    assert (second.seen, second.unreadable) == (first.seen, first.unreadable)
    sent = {each["path"] for each in site.requests() if each["status"] == "200" and each["path"].endswith(".jpg")}
    assert sent == set()
    files = [each for each in site.requests() if each["path"].endswith("img.html")]
    assert [each["status"] for each in files] == ["304"]


def test_a_changed_picture_is_looked_at_again_and_a_new_face_pattern_makes_all_due(
    looks: Looks, site: Site, free_portraits: Portraits
) -> None:
    person = looks.person([free_portraits.astronaut])
    _checkup, first = looks.look(person)
    address = site.others[0]
    before = (site.folder / "site" / address.removeprefix(f"http://{HOST}/")).read_bytes()
    site.write(address.removeprefix(f"http://{HOST}/"), smaller(free_portraits.astronaut) + b"changed")
    try:
        again, second = looks.look(person)
        assert looks.found(second) == {*looks.found(first), address}
        assert len(again.new) == 1
    finally:
        site.write(address.removeprefix(f"http://{HOST}/"), before)
    looks.enrol(person, [free_portraits.grace_hopper])
    looks.vault.save_statement(person.person_id, looks.clock())
    site.forget_requests()
    looks.clock.now = looks.clock.now.replace(month=looks.clock.now.month + 1)  # past the wait for another face
    _checkup, other = looks.look(looks.vault.person(person.person_id))
    assert set(site.others) <= looks.found(other)
    assert not looks.found(other) & {address for each in site.pictures.values() for address in each}


def test_a_stopped_look_keeps_what_it_found_and_is_gone_on_with(
    looks: Looks, site: Site, free_portraits: Portraits
) -> None:
    person = looks.person([free_portraits.astronaut])
    token = Hurried()

    def stop_after_some(progress: object) -> None:
        if looks.progress[-1].found >= 5:
            token.cancel()

    site.forget_requests()
    looks.progress = _Heard(stop_after_some)
    stopped, outcome = looks.look(person, token)
    assert stopped.cancelled
    assert outcome.status is Status.SKIPPED
    assert len(looks.vault.findings()) >= 5
    asked_before = set(site.paths())
    looks.progress = []
    site.forget_requests()
    _checkup, second = looks.look(person)
    assert second.status is Status.CHECKED
    assert looks.found(second) == {address for each in site.pictures.values() for address in each}
    assert not (asked_before & set(site.paths())) - {"/robots.txt", "/maps/index.xml", "/maps/one.xml.gz"}


class _Waits(Hurried):
    """Waits for a minute when it is asked to wait at all, and says so."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Event()

    def wait(self, seconds: float) -> None:
        self.waits.set()
        CancelToken.wait(self, 60)


def test_a_wish_to_stop_is_heard_at_once_also_while_we_wait_for_our_turn(
    looks: Looks, free_portraits: Portraits
) -> None:
    person = looks.person([free_portraits.astronaut])
    token, stopped_at = _Waits(), []

    def stop() -> None:
        assert token.waits.wait(30)
        stopped_at.append(time.monotonic())
        token.cancel()

    stopping = threading.Thread(target=stop)
    stopping.start()
    stopped, outcome = looks.look(person, token)
    ended_at = time.monotonic()
    stopping.join()
    assert (stopped.cancelled, outcome.status) == (True, Status.SKIPPED)
    assert ended_at - stopped_at[0] < 2


class _Heard(list):  # type: ignore[type-arg]
    def __init__(self, heard: object) -> None:
        super().__init__()
        self._heard = heard

    def append(self, item: object) -> None:
        super().append(item)
        self._heard(item)  # type: ignore[operator]


def test_not_me_stays_quiet_at_the_next_look(looks: Looks, free_portraits: Portraits) -> None:
    person = looks.person([free_portraits.astronaut])
    _checkup, first = looks.look(person)
    key = first.findings[0]
    looks.vault.mark(key, Mark(MarkKind.NOT_ME))
    again, second = looks.look(person)
    assert key not in second.findings
    assert set(second.findings) < set(first.findings)
    assert again.new == ()


def test_forgetting_the_face_forgets_what_was_seen(looks: Looks, free_portraits: Portraits) -> None:
    person = looks.person([free_portraits.astronaut])
    looks.look(person)
    with looks.vault._reading() as connection:
        before = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("page", "web_picture")]
    assert min(before) > 0
    looks.vault.forget_face(person.person_id)
    with looks.vault._reading() as connection:
        after = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("page", "web_picture")]
    assert after == [0, 0]


@pytest.mark.parametrize(
    ("start", "title"),
    [
        ("private/members.html", "This site asks programs not to look at the page that you named, so we did not."),
        ("no-such-page.html", "The page that you named is not there, or it needs a sign-in."),
        ("css/main.css", "What is at the address that you named cannot be read as a page."),
        ("loop", "This place answered in a way that we do not understand."),
        ("to-metadata", None),
        ("away", "This network answers with its own page."),
    ],
)
def test_a_named_page_that_cannot_be_read_is_a_failure(
    looks: Looks, site: Site, free_portraits: Portraits, start: str, title: str | None
) -> None:
    person = looks.person([free_portraits.astronaut])
    looks.vault.remove_place(looks.vault.places()[0])
    looks.name(f"http://{HOST}/{start}")
    connections = Connections()
    _checkup, outcome = looks.look(person)
    connections.stop()
    assert outcome.status is Status.FAILED
    assert outcome.problem
    assert outcome.remedy
    assert title is None or outcome.problem == title
    assert outcome.findings == ()
    assert set(connections.asked) == {("127.0.0.1", site.port)}


def test_without_a_statement_no_page_is_asked(looks: Looks, site: Site, free_portraits: Portraits) -> None:
    person = looks.person([free_portraits.astronaut], states=False)
    connections = Connections()
    _checkup, outcome = looks.look(person)
    connections.stop()
    assert outcome.status is Status.SKIPPED
    assert connections.asked == []
