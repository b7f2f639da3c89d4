"""What the person does at the computer: how hard it works, and what no notice may cover."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.desktop.activity import (
    GNOME_SESSION,
    INHIBITIONS,
    NOTIFICATIONS,
    SPAN_S,
    LinuxActivity,
    UnknownActivity,
    WindowsActivity,
)
from privacyguard.desktop.screen import full_screen
from tests.support import children
from tests.support.display import start_display
from tests.support.fakes.bus_services import Service, on_bus

KEEPS_AWAKE = Service(GNOME_SESSION.name, methods={(GNOME_SESSION.interface, "IsInhibited"): ("b", True)})
DOES_NOT = Service(GNOME_SESSION.name, methods={(GNOME_SESSION.interface, "IsInhibited"): ("b", False)})
FILM = Service(INHIBITIONS.name, methods={(INHIBITIONS.interface, "HasInhibit"): ("b", True)})
NOT_NOW = Service(NOTIFICATIONS.name, {(NOTIFICATIONS.interface, "Inhibited"): ("b", True)})
AT_ANY_TIME = Service(NOTIFICATIONS.name, {(NOTIFICATIONS.interface, "Inhibited"): ("b", False)})


class Machine:
    """A /proc/stat of ``cores`` cores that a test writes, and its clock."""

    def __init__(self, folder: Path, cores: int) -> None:
        self.file = folder / "stat"
        self.now = 0.0
        self._cores = cores
        self._ticks = dict.fromkeys(("user", "nice", "system", "idle"), 1000.0)
        self.passes()
        self.activity = LinuxActivity(self.file, cores, lambda: self.now)

    def passes(self, seconds: float = 0.0, *, user: float = 0.0, nice: float = 0.0) -> None:
        """Time in which so many cores work for the person and for us."""
        self.now += seconds
        self._ticks["user"] += 100 * seconds * user
        self._ticks["nice"] += 100 * seconds * nice
        self._ticks["idle"] += 100 * seconds * max(0.0, self._cores - user - nice)
        user_, nice_, system, idle = (int(each) for each in self._ticks.values())
        self.file.write_text(f"cpu  {user_} {nice_} {system} {idle} 5 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n")


# --- busy ---


def test_the_first_look_knows_nothing(tmp_path: Path) -> None:
    assert Machine(tmp_path, 2).activity.busy() is None


def test_two_cores_in_use_are_busy_and_one_is_not(tmp_path: Path) -> None:
    machine = Machine(tmp_path, 2)
    machine.activity.busy()
    machine.passes(10, user=1.8)
    assert machine.activity.busy() is True
    machine.passes(10, user=1.0)
    assert machine.activity.busy() is False


def test_our_own_work_at_low_priority_does_not_count(tmp_path: Path) -> None:
    machine = Machine(tmp_path, 2)
    machine.activity.busy()
    machine.passes(10, nice=2.0)
    assert machine.activity.busy() is False


def test_a_large_computer_is_not_busy_from_the_same(tmp_path: Path) -> None:
    machine = Machine(tmp_path, 8)
    machine.activity.busy()
    machine.passes(10, user=2.0)
    assert machine.activity.busy() is False


def test_a_moments_effort_does_not_count(tmp_path: Path) -> None:
    machine = Machine(tmp_path, 2)
    machine.activity.busy()
    machine.passes(SPAN_S, user=0.1)
    assert machine.activity.busy() is False
    machine.passes(SPAN_S / 5, user=2.0)
    assert machine.activity.busy() is False
    machine.passes(2 * SPAN_S, user=2.0)
    assert machine.activity.busy() is True


@pytest.mark.parametrize("content", ["", "cpu  1 2 3\n", "cpu a b c d e f g h\n"])
def test_what_cannot_be_read_is_not_known(tmp_path: Path, content: str) -> None:
    (tmp_path / "stat").write_text(content)
    assert LinuxActivity(tmp_path / "stat").busy() is None
    assert LinuxActivity(tmp_path / "none").busy() is None


def test_this_computers_own_counts_are_read() -> None:
    activity = LinuxActivity(clock=iter([0.0, 10.0]).__next__)
    assert activity.busy() is None
    for _ in range(200_000):  # some ticks pass
        os.getpid()
    assert activity.busy() in (True, False, None)


# --- presenting ---


@pytest.mark.parametrize("service", [KEEPS_AWAKE, FILM, NOT_NOW], ids=lambda each: each.name)
def test_one_service_that_says_so_is_enough(bus: str, service: Service) -> None:
    with on_bus(bus, service):
        assert LinuxActivity().presenting() is True


def test_services_that_say_no(bus: str) -> None:
    with on_bus(bus, DOES_NOT, AT_ANY_TIME):
        assert LinuxActivity().presenting() is False


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of the window leave theirs behind in this process."""
    monkeypatch.delenv("DISPLAY", raising=False)


def test_without_services_and_a_screen_it_is_not_known(bus: str, no_screen: None) -> None:
    assert LinuxActivity().presenting() is None


def test_without_a_bus_it_is_not_known(no_bus: None, no_screen: None) -> None:
    assert LinuxActivity().presenting() is None


def test_other_systems_do_not_know_here() -> None:
    assert WindowsActivity().busy() is None and WindowsActivity().presenting() is None
    assert UnknownActivity().busy() is None and UnknownActivity().presenting() is None


# --- the screen, on a real X server ---


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server, name = start_display(os.environ)
    monkeypatch.setenv("DISPLAY", name)
    yield name
    children.end(server)


def says(*words: str) -> str:
    done = subprocess.run(["xprop", *words], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout


def set_active(window: str) -> None:
    says("-root", "-f", "_NET_ACTIVE_WINDOW", "32x", "-set", "_NET_ACTIVE_WINDOW", window)


def set_state(state: str) -> None:
    says("-root", "-f", "_NET_WM_STATE", "32a", "-set", "_NET_WM_STATE", state)


def root() -> str:
    done = subprocess.run(["xwininfo", "-root"], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.split("Window id: ")[1].split()[0]


def test_a_window_that_fills_the_screen(display: str) -> None:
    assert full_screen() is False  # nobody says which window is in front
    set_active(root())  # any window will do; this one is always there
    assert full_screen() is False
    set_state("_NET_WM_STATE_FULLSCREEN")
    assert full_screen() is True
    assert LinuxActivity().presenting() is True
    set_state("_NET_WM_STATE_MAXIMIZED_VERT")
    assert full_screen() is False


def test_a_window_that_is_gone_ends_nothing(display: str) -> None:
    set_state("_NET_WM_STATE_FULLSCREEN")
    set_active("0x12345678")
    assert full_screen() is False
    set_active("0x0")
    assert full_screen() is False


@pytest.mark.parametrize("name", ["", ":4711", "nonsense"])
def test_without_an_x_server_it_is_not_known(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("DISPLAY", name)
    assert full_screen() is None
