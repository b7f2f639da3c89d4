"""T1 of the threat model: after a whole flow nothing personal lies in any file, and none of it is visible to other users.

A person with an odd name, address, folder, file name and codes does everything once. Then every file of their home, of
the temporary folder and of the runtime folder is searched byte for byte, also while a scan runs and after a kill -9.
"""

import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from privacyguard.analysis.pool import AnalysisPool
from tests.conftest import Portraits
from tests.support import canaries
from tests.support.commands import CommandLine, Done
from tests.support.keyring_session import keyring_session
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services

pytestmark = pytest.mark.timeout(300)  # the whole flow runs in a fixture

SAMPLE_S = 0.02
ALL = ("hibp", "xposedornot", "gravatar", "google-vision")
MANY = 240

_KEY = """
import sys
from pathlib import Path
from privacyguard.vault.keystore import SystemKeyStore, home_id
print(SystemKeyStore(home_id(Path(sys.argv[1]))).load("vault-key-1"), end="")
"""


@dataclass
class Flow:
    """One person's way through the commands. ``said``: everything on standard error, and what doctor says."""

    privacyguard: CommandLine
    services: Services
    pictures: Path
    values: Mapping[str, str]
    said: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[Path]:
        """Where a program of the person's may leave something."""
        session = self.privacyguard.session
        return [session.home, session.runtime, Path(self.privacyguard.extra["TMPDIR"])]

    def run(self, *arguments: str | Path, typed: str | None = None, status: int = 0) -> Done:
        """A command that ends as expected."""
        done = self.privacyguard(*arguments, typed=typed)
        assert done.status == status, done.err
        self.said.append(done.err)
        return done

    def everything(self, portrait: Path) -> None:
        """Every command of a first day; what is personal goes in by standard input."""
        values = self.values
        self.run("enrol", "--consent", portrait)
        self.run("account", "add", "-", typed=values["address"])
        for kind in ("username", "service", "organisation", "name"):
            self.run("account", "add", "--kind", kind, "-", typed=values[kind])
        self.run("place", "add", "-", typed=str(self.pictures))
        self.run("key", "set", "hibp", typed=values["code"])
        self.run("key", "set", "google-vision", typed=values["second code"])
        self.run("key", "test", "hibp")
        for source in ALL:
            self.run("source", "on", source)
        assert len(self.run("check", "--json").json["new"]) >= 4
        self.run("check", "--source", "google-vision")
        key = self.run("findings", "--json").json[0]["key"]
        self.run("mark", key, "later")
        for command in ("findings", "advice", "disclosures", "sources"):
            self.run(command)
        self.said.append(self.run("doctor", "--json").out)
        self.run("--self-test")


@contextmanager
def new_flow(free_portraits: Portraits, folder: Path) -> Iterator[Flow]:
    """A session of its own, so that its whole HOME can be searched; values that exist nowhere else."""
    token = secrets.token_hex(4)
    values = {
        "name": f"Zoë Quatermain-Çelik {token}",
        "address": f"zoe.quatermain+{token}@maelstrom.example.org",
        "username": f"zwölfzoe{token}",
        "service": f"Kegelclub Grünheide {token}",
        "organisation": f"Turnhalle am Weiher {token}",
        "folder": f"Sommerfest im Garten {token}",
        "file": f"Tür Nr. 7 – {token}",
        "page": f"https://club.example/team-{token}",
        "code": HIBP_KEY,
        "second code": VISION_KEY,
    }
    pictures = folder / values["folder"]
    pictures.mkdir()
    shutil.copy(free_portraits.astronaut, pictures / f"{values['file']}.png")
    shutil.copy(free_portraits.grace_hopper, pictures / f"{values['file']}.jpg")
    me, stranger = (portrait.read_bytes() for portrait in free_portraits)
    scenario = Scenario({values["address"]: ["Adobe", "ExampleGym"]}, {values["address"]: me}, {"a": me, "b": stranger})
    with Services(scenario) as services, keyring_session() as session:
        found = [{"url": services.picture_address(name)} for name in ("a", "b")]
        scenario.vision["pagesWithMatchingImages"] = [{"url": values["page"], "fullMatchingImages": found}]
        temporary = session.home.parent / "tmp"
        temporary.mkdir(mode=0o700)
        privacyguard = CommandLine(session, session.home / "privacyguard", {"TMPDIR": str(temporary)})
        privacyguard.settings(services.settings_toml())
        assert privacyguard("account", "list").status == 0
        values["vault key"] = session.run([sys.executable, "-c", _KEY, privacyguard.folder], check=True).stdout
        yield Flow(privacyguard, services, pictures, values)


def needles_of(flow: Flow, free_portraits: Portraits) -> dict[str, bytes]:
    """Every form of every value, of the face patterns of the person and of the stranger, and of their face cuts."""
    forms = canaries.needles({**flow.values, "bytes of the vault key": bytes.fromhex(flow.values["vault key"])})
    with AnalysisPool(workers=1) as pool:
        for who, portrait in (("person", free_portraits.astronaut), ("stranger", free_portraits.grace_hopper)):
            face = pool.analyse(portrait, cuts=True).faces[0]
            assert face.embedding is not None
            assert face.cut is not None
            forms |= canaries.needles({f"face of the {who}": face.embedding, f"cut of the {who}": face.cut.rgb})
    return forms


@contextmanager
def watched(values: Mapping[str, str]) -> Iterator[set[str]]:
    """Names of the values that any process showed in its arguments or environment meanwhile."""
    seen: set[str] = set()
    stop = threading.Event()
    forms = {name: value.encode() for name, value in values.items()}

    def watch() -> None:
        while not stop.wait(SAMPLE_S):
            for process in Path("/proc").glob("[0-9]*"):
                for what in ("cmdline", "environ"):
                    with suppress(OSError):
                        content = (process / what).read_bytes()
                        seen.update(f"{name} in {what}" for name, form in forms.items() if form in content)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


@contextmanager
def bus_record(flow: Flow, folder: Path) -> Iterator[Path]:
    """All that passes over the session's bus meanwhile, as a file."""
    record = folder / "bus"
    record.mkdir()
    with (record / "messages").open("wb") as messages:
        monitor = subprocess.Popen(
            ["dbus-monitor", "--session", "--pcap"], env=dict(flow.privacyguard.session.environment), stdout=messages
        )
        try:
            yield record
        finally:
            monitor.terminate()
            monitor.wait(20)


@dataclass(frozen=True)
class FirstDay:
    """Everything done once. ``shown``: values that were visible to other users; ``bus``: what passed over the bus."""

    flow: Flow
    needles: Mapping[str, bytes]
    shown: set[str]
    bus: Path


@pytest.fixture(scope="module")
def first_day(free_portraits: Portraits, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    """The whole flow, watched."""
    folder = tmp_path_factory.mktemp("day")
    with new_flow(free_portraits, folder) as flow:
        needles = needles_of(flow, free_portraits)
        with watched(flow.values) as shown, bus_record(flow, folder) as bus:
            flow.everything(free_portraits.astronaut)
        yield FirstDay(flow, needles, shown, bus)


def test_the_search_finds_every_form_that_was_planted(first_day: FirstDay, tmp_path: Path) -> None:
    planted = canaries.plant(tmp_path, first_day.needles)
    found = {(hit.form, hit.path) for hit in canaries.search([tmp_path], first_day.needles)}
    assert set(zip(first_day.needles, planted, strict=True)) <= found


def test_the_watch_sees_arguments_and_environments() -> None:
    value = f"visible-{secrets.token_hex(8)}"
    with watched({"value": value}) as seen:
        sleeper = ["sh", "-c", "read line", value]
        with subprocess.Popen(sleeper, stdin=subprocess.PIPE, env={"HIDDEN": value}) as running:
            assert running.stdin is not None
            while len(seen) < 2:
                assert running.poll() is None
            running.stdin.close()
    assert seen == {"value in cmdline", "value in environ"}


def test_nothing_personal_is_left_in_any_file(first_day: FirstDay) -> None:
    flow = first_day.flow
    assert canaries.search([*flow.places, Path("/dev/shm")], first_day.needles) == []
    assert list(Path(flow.privacyguard.extra["TMPDIR"]).iterdir()) == []
    log = (flow.privacyguard.folder / "log" / "privacyguard.log").read_text()
    assert log.count("ended with status 0") >= 20


def test_nothing_personal_is_visible_to_others(first_day: FirstDay) -> None:
    assert first_day.shown == set()
    assert (first_day.bus / "messages").stat().st_size > 10_000
    assert canaries.search([first_day.bus], first_day.needles) == []


def test_what_is_shown_to_a_support_person_is_not_personal(first_day: FirstDay, tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("\n".join(first_day.flow.said))
    assert "password store" in (tmp_path / "said.txt").read_text()
    assert canaries.search([tmp_path], first_day.needles) == []


def test_requests_and_disclosures_agree_one_to_one(first_day: FirstDay) -> None:
    flow = first_day.flow
    seen = [(request.host.partition(":")[0], request.size) for request in flow.services.requests]
    told = [(each["host"], each["bytes"]) for each in flow.run("disclosures", "--json").json]
    assert sorted(seen) == sorted(told)
    assert len(seen) >= 8
    # A code goes nowhere but to its own service, a photo only to the one that was named.
    for name in ("xposedornot", "gravatar", "pictures"):
        for request in flow.services.requests_of(name):
            assert not {"hibp-api-key", "x-goog-api-key"} & set(request.headers)
            assert request.body == b""


def test_nothing_personal_is_left_while_it_runs_and_after_a_kill(free_portraits: Portraits, tmp_path: Path) -> None:
    with new_flow(free_portraits, tmp_path) as flow:
        needles = needles_of(flow, free_portraits)
        content = free_portraits.astronaut.read_bytes()
        for number in range(MANY):
            name = f"{flow.values['file']} {number}.png"
            (flow.pictures / name).write_bytes(content + number.to_bytes(2, "big"))
        flow.run("enrol", "--consent", free_portraits.astronaut)
        flow.run("place", "add", "-", typed=str(flow.pictures))
        with flow.privacyguard.start("scan", flow.pictures, "--json") as running:
            assert running.stdout is not None
            for _ in range(MANY // 3):
                assert running.stdout.readline()
            assert (flow.privacyguard.folder / "vault.db-wal").stat().st_size > 0
            assert canaries.search(flow.places, needles) == []
            running.kill()
            running.stdout.read()
        assert running.returncode == -9
        assert canaries.search(flow.places, needles) == []
        assert _processes_in(flow.privacyguard.folder) == []
        summary = flow.run("scan", flow.pictures, "--json").lines[-1]["summary"]
        assert summary["seen"] == MANY + 2
        assert 0 < summary["skipped_unchanged"] < MANY
        assert canaries.search(flow.places, needles) == []
        assert not (flow.privacyguard.session.runtime / "privacyguard").exists()


def _processes_in(home: Path) -> list[Path]:
    """Processes that were started with this home, the watching test apart."""
    needle = os.fsencode(f"PRIVACYGUARD_HOME={home}\0")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if needle in (process / "environ").read_bytes():
                found.append(process)
    return found
