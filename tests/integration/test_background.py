"""The regular check without a window: real processes, a real password store, a real daemon of notices; services on loopback."""

import json
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from privacyguard.checkup.schedule import SETTLING
from privacyguard.desktop.network import NETWORK_MANAGER
from privacyguard.desktop.notices import SENTENCE
from privacyguard.desktop.power import UPOWER
from privacyguard.net.instance import Role, ask
from tests.conftest import Portraits
from tests.support import children
from tests.support.background_home import holds_vault, in_vault, limited, switch_on
from tests.support.commands import CommandLine, command
from tests.support.fakes.bus_services import Service, on_bus
from tests.support.keyring_session import Session
from tests.support.notice_daemon import notice_daemon
from tests.support.servers import Answer, Seen, Server
from tests.support.services import Scenario, Services

ADDRESS = "zoe.quatermain@example.org"
ON = ("xposedornot",)


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(Scenario(leaks={ADDRESS: ["Adobe"]})) as running:
        yield running


@pytest.fixture
def upower() -> Service:
    """What the computer says of its power; change it before a command."""
    return Service(UPOWER.name, {(UPOWER.interface, "OnBattery"): ("b", False)})


@pytest.fixture
def manager() -> Service:
    """What the computer says of its network; change it before a command."""
    told = {"Metered": 2, "Connectivity": 4, "State": 70}
    return Service(NETWORK_MANAGER.name, {(NETWORK_MANAGER.interface, name): ("u", n) for name, n in told.items()})


@pytest.fixture
def ready(privacyguard: CommandLine, services: Services, upower: Service, manager: Service) -> Iterator[CommandLine]:
    """A home with an address, and one place switched on that knows it, on a computer with mains and a network."""
    if time.clock_gettime(time.CLOCK_BOOTTIME) < SETTLING.total_seconds() + 10:
        pytest.skip("this computer has just started: a due check waits some minutes for that")
    bus = privacyguard.session.environment["DBUS_SESSION_BUS_ADDRESS"]
    ready = CommandLine(privacyguard.session, privacyguard.folder, {"DBUS_SYSTEM_BUS_ADDRESS": bus})
    assert ready("account", "add", "-", typed=ADDRESS).status == 0
    ready.settings(services.settings_toml(on=ON))
    with on_bus(bus, upower, manager):
        yield ready


def statuses(checkup: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {outcome["source"]: outcome["status"] for outcome in checkup["outcomes"]}


# --- one check ---


def test_before_the_first_answer_nobody_is_asked(privacyguard: CommandLine, services: Services) -> None:
    assert privacyguard("account", "add", "-", typed=ADDRESS).status == 0
    privacyguard.settings(services.settings_toml())
    done = privacyguard("background", "--once", "--json")
    assert done.status == 0 and set(statuses(done.json).values()) == {"skipped"} and done.json["new"] == []
    assert services.requests == []


def test_once_does_what_check_does(ready: CommandLine, services: Services) -> None:
    done = ready("background", "--once", "--json")
    assert done.status == 0 and set(done.json) == {"started_at", "finished_at", "outcomes", "new"}
    assert statuses(done.json)["xposedornot"] == "checked" and len(done.json["new"]) == 1
    assert {finding["key"] for finding in ready("findings", "--json").json} == set(done.json["new"])
    again = ready("background", "--once", "--json")
    assert again.status == 0 and again.json["new"] == [] and statuses(again.json) == statuses(done.json)
    assert len(services.requests_of("xposedornot")) == 2
    assert "1 new finding" not in ready("background", "--once").out


def test_a_place_that_does_not_answer_shows_in_the_status(ready: CommandLine, services: Services) -> None:
    services.scenario.broken["xposedornot"] = Answer(404, b"<html>gone</html>", "text/html")
    done = ready("background", "--once", "--json")
    assert (done.status, statuses(done.json)["xposedornot"]) == (1, "failed")


def test_when_due_waits_while_it_is_off_and_between_two_checks(ready: CommandLine, services: Services) -> None:
    off = ready("background", "--once", "--when-due", "--json")
    assert (off.status, off.json["waits"], off.json["outcomes"]) == (0, "switched-off", [])
    switch_on(ready)
    ran = ready("background", "--once", "--when-due", "--json")
    assert ran.status == 0 and statuses(ran.json)["xposedornot"] == "checked"
    later = ready("background", "--once", "--when-due", "--json")
    assert (later.status, later.json["waits"]) == (0, "not-due")
    assert len(services.requests_of("xposedornot")) == 1


def test_a_timer_makes_no_vault(privacyguard: CommandLine) -> None:
    done = privacyguard("background", "--once", "--when-due", "--json")
    assert (done.status, done.json["waits"]) == (0, "switched-off")
    assert not list(privacyguard.folder.glob("vault.*"))
    assert privacyguard("background").status == 0


def test_when_due_goes_with_once(privacyguard: CommandLine) -> None:
    assert privacyguard("background", "--when-due").status == 2


@pytest.mark.parametrize(
    ("name", "told", "waits"),
    [
        ("OnBattery", ("b", True), "on-battery"),
        ("Metered", ("u", 1), "metered"),
        ("Connectivity", ("u", 1), "offline"),
    ],
)
def test_a_due_check_waits_for_better_times(
    ready: CommandLine,
    services: Services,
    upower: Service,
    manager: Service,
    name: str,
    told: tuple[str, object],
    waits: str,
) -> None:
    switch_on(ready)
    service = upower if name == "OnBattery" else manager
    before = dict(service.properties)
    service.properties = {key: told if key[1] == name else value for key, value in before.items()}
    held = ready("background", "--once", "--when-due", "--json")
    assert (held.status, held.json["waits"]) == (0, waits)
    assert services.requests == []
    service.properties = before
    ran = ready("background", "--once", "--when-due", "--json")
    assert statuses(ran.json)["xposedornot"] == "checked"


# --- the password store ---


def test_a_locked_store_is_waited_for_without_a_question(
    keyring_sessions: Callable[..., Session], services: Services, tmp_path: Path
) -> None:
    session = keyring_sessions()
    nowhere = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere/at/all"}
    home = CommandLine(session, tmp_path / "home", nowhere)
    assert home("account", "add", "-", typed=ADDRESS).status == 0
    home.settings(services.settings_toml(on=ON))
    switch_on(home)
    session.lock()
    rule = "type='method_call',interface='org.freedesktop.Secret.Prompt'"
    other = "type='method_call',interface='org.freedesktop.Secret.Service',member='Unlock'"
    seen = tmp_path / "seen"
    with seen.open("wb") as out:
        monitor = children.start(["dbus-monitor", "--profile", rule, other], session.environment, stdout=out)
    while not seen.stat().st_size:
        time.sleep(0.05)
    head = seen.read_bytes()
    began = time.monotonic()
    quiet = home("background", "--once", "--when-due", "--json")
    assert (quiet.status, quiet.json["waits"]) == (0, "keyring-locked")
    assert home("background", "--once").status == 4
    assert time.monotonic() - began < 60
    children.end(monitor)
    assert seen.read_bytes() == head
    assert services.requests == []
    session.unlock()
    ran = home("background", "--once", "--when-due", "--json")
    assert ran.status == 0
    # What else this computer may be at.
    assert ran.json.get("waits") in ("on-battery", "just-started") or statuses(ran.json)["xposedornot"] == "checked"


# --- never twice, and room for a window ---


@pytest.fixture
def slow(ready: CommandLine, services: Services) -> Iterator[threading.Event]:
    """The place takes a minute for its answer. The event: it was asked."""
    arrived, released = threading.Event(), threading.Event()

    def answer(seen: Seen) -> Answer:
        arrived.set()
        released.wait(60)
        return Answer(500)

    with Server(answer) as server:
        ready.settings(services.settings_toml(on=ON).replace(services.base_urls()["xposedornot"], server.url))
        yield arrived
        released.set()


def test_a_check_under_way_is_not_doubled(ready: CommandLine, slow: threading.Event) -> None:
    switch_on(ready)
    with ready.start("background", "--once", "--json") as first:
        assert slow.wait(60)
        timer = ready("background", "--once", "--when-due", "--json")
        assert (timer.status, timer.json["waits"]) == (0, "checking")
        assert ready("background", "--once").status == 4
        assert ready("check").status == 4
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 130


def test_a_window_that_is_open_has_the_vault(ready: CommandLine, services: Services) -> None:
    switch_on(ready)
    with holds_vault(ready) as window:
        timer = ready("background", "--once", "--when-due", "--json")
        assert (timer.status, timer.json["waits"]) == (0, "checking")
        window.kill()
    assert services.requests == []


def test_a_check_gives_way_to_a_window_that_opens(ready: CommandLine, slow: threading.Event) -> None:
    runtime = ready.session.runtime / "privacyguard"
    with ready.start("background", "--once", "--json") as running:
        assert slow.wait(60)
        began = time.monotonic()
        assert ask(runtime, ready.folder, Role.BACKGROUND)
        assert time.monotonic() - began < 3
        with holds_vault(ready) as window:
            assert running.wait(30) == 130
            window.kill()
        assert running.stdout is not None
        done = json.loads(running.stdout.read())
    assert statuses(done)["xposedornot"] == "skipped"


# --- staying ---


def test_it_stays_checks_and_ends_when_told(ready: CommandLine, services: Services) -> None:
    switch_on(ready)
    with ready.start("background", "--json") as staying:
        assert staying.stdout is not None
        done = json.loads(staying.stdout.readline())
        assert statuses(done)["xposedornot"] == "checked"
        assert ready("findings").status == 0  # the vault is closed between two checks
        second = ready("background")
        assert second.status == 0 and "already" in second.err
        staying.send_signal(signal.SIGTERM)
        assert staying.wait(30) == 130
    assert len(services.requests_of("xposedornot")) == 1


def test_once_off_it_does_not_stay(ready: CommandLine) -> None:
    assert ready("background").status == 0


# --- the notice, and the click ---


def windows(display: str) -> str:
    """Asked for again where one went while they were listed, which ends the lister."""
    command = ["xwininfo", "-display", display, "-root", "-tree"]
    for must in (*[False] * 9, True):
        told = subprocess.run(command, capture_output=True, text=True, check=must, timeout=20)
        if told.returncode == 0:
            break
    return told.stdout


DUE_NOW = "from dataclasses import replace; vault.guard.change(lambda s: replace(s, due_at=now, regular_at=now))"


def test_a_new_finding_is_told_once_and_a_click_opens_the_window(
    ready: CommandLine, services: Services, tmp_path: Path
) -> None:
    ready("background", "--once")  # the first look: its findings are told too, below
    switch_on(ready)
    services.scenario.leaks[ADDRESS] = ["Adobe", "ExampleGym"]
    in_vault(
        ready, "from dataclasses import replace; vault.guard.change(lambda s: replace(s, due_at=now, regular_at=now))"
    )
    with notice_daemon(ready.session.environment, tmp_path) as daemon:
        display = daemon.environment["DISPLAY"]
        there = replace(ready, extra={**ready.extra, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
        with there.start("background", "--once", "--when-due", "--json") as running:
            deadline = time.monotonic() + 60
            while SENTENCE not in daemon.printed.read_text("utf-8"):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert ready("findings").status == 0  # while it waits for the click the vault is closed
            daemon.control("action")
            while '"PrivacyGuard"' not in windows(display):
                assert time.monotonic() < deadline
                time.sleep(0.2)
            assert running.wait(30) == 0
        text = daemon.printed.read_text("utf-8")
        assert "Adobe" not in text and "ExampleGym" not in text and "zoe" not in text
    again = ready("background", "--once", "--when-due", "--json")
    assert again.json["waits"] in ("not-due", "checking")


def test_without_a_daemon_the_check_is_done_all_the_same(ready: CommandLine) -> None:
    switch_on(ready)
    done = ready("background", "--once", "--when-due", "--json")
    assert done.status == 0 and len(done.json["new"]) == 1
    assert "This desktop shows no notices." in done.err and "Adobe" not in done.err


# --- as the unit runs it ---


def test_pictures_are_looked_at_with_the_limits_of_the_unit(
    ready: CommandLine, free_portraits: Portraits, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    shutil.copy(free_portraits.astronaut, tmp_path / "pictures" / "party.png")
    assert ready("enrol", "--consent", free_portraits.astronaut).status == 0
    assert ready("place", "add", tmp_path / "pictures").status == 0
    ready.settings(services.settings_toml(on=("folders", *ON)))
    done = ready.session.run(
        limited(*command("background", "--once", "--json")), extra=ready.environment, timeout_s=200
    )
    assert done.returncode == 0, done.stderr
    told = {outcome["source"]: outcome for outcome in json.loads(done.stdout)["outcomes"]}
    assert told["folders"]["status"] == told["xposedornot"]["status"] == "checked"
    assert len(told["folders"]["findings"]) == 1
    limits = ready.session.run(limited(*command("doctor", "--json")), extra=ready.environment, timeout_s=200)
    (workers,) = [check for check in json.loads(limits.stdout) if check["what"] == "worker limits"]
    assert workers["ok"] and re.search(r"landlock|Landlock", workers["detail"])


def test_nothing_personal_is_written_beside_the_vault(ready: CommandLine, services: Services) -> None:
    switch_on(ready)
    done = ready("background", "--once", "--when-due", "--json")
    assert done.status == 0
    written = [file for file in ready.folder.rglob("*") if file.is_file() and not file.name.startswith("vault.")]
    written += [file for file in ready.session.runtime.rglob("*") if file.is_file()]
    assert written
    assert not any(b"zoe" in file.read_bytes() or "zoe" in file.name for file in written)
    assert "zoe" not in done.err
