"""What the computer runs on and what network it has, asked of services on a real bus and of files as the kernel makes them."""

import time
from pathlib import Path

import pytest

from privacyguard.desktop.bus import Place, Which, ask
from privacyguard.desktop.network import NETWORK_MANAGER, LinuxNetwork, UnknownNetwork, WindowsNetwork
from privacyguard.desktop.power import UPOWER, LinuxPower, MacPower, WindowsPower
from tests.support.fakes.bus_services import Reply, Service, on_bus


def supply(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir(parents=True)
    for file, text in files.items():
        (folder / name / file).write_text(text + "\n")


def upower(value: Reply) -> Service:
    return Service(UPOWER.name, {(UPOWER.interface, "OnBattery"): value})


def manager(**values: int) -> Service:
    return Service(NETWORK_MANAGER.name, {(NETWORK_MANAGER.interface, name): ("u", n) for name, n in values.items()})


# --- power ---


@pytest.mark.parametrize("on_battery", [True, False])
def test_upower_is_believed_before_the_files(bus: str, tmp_path: Path, on_battery: bool) -> None:
    supply(tmp_path, "BAT0", type="Battery", status="Charging" if on_battery else "Discharging")
    service = upower(("b", on_battery))
    with on_bus(bus, service):
        assert LinuxPower(tmp_path).on_battery() is on_battery
    assert service.asked == ["Get"]


def test_an_answer_of_another_type_is_not_believed(bus: str, tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", status="Discharging")
    answers: list[Reply] = [("i", 0), ("s", "no"), ("as", [])]
    for wrong in answers:
        with on_bus(bus, upower(wrong)):
            assert LinuxPower(tmp_path).on_battery() is True


@pytest.mark.parametrize(
    ("supplies", "on_battery"),
    [
        ({"BAT0": ("Battery", "Discharging", "")}, True),
        ({"AC": ("Mains", "", "1"), "BAT0": ("Battery", "Discharging", "")}, False),
        ({"AC": ("Mains", "", "0"), "BAT0": ("Battery", "Discharging", "")}, True),
        ({"BAT0": ("Battery", "Full", "")}, False),
        ({"AC": ("Mains", "", "1")}, False),
        ({"AC": ("Mains", "", "0")}, None),
        ({}, None),
    ],
)
def test_without_upower_the_files_tell(
    no_bus: None, tmp_path: Path, supplies: dict[str, tuple[str, str, str]], on_battery: bool | None
) -> None:
    for name, (kind, status, online) in supplies.items():
        supply(tmp_path, name, type=kind, status=status, online=online)
    assert LinuxPower(tmp_path).on_battery() is on_battery


def test_the_battery_of_a_mouse_is_not_the_computers(no_bus: None, tmp_path: Path) -> None:
    supply(tmp_path, "mouse", type="Battery", status="Discharging", scope="Device")
    assert LinuxPower(tmp_path).on_battery() is None


# --- network ---


@pytest.mark.parametrize(("told", "metered"), [(0, None), (1, True), (2, False), (3, True), (4, False), (9, None)])
def test_what_a_network_costs(bus: str, told: int, metered: bool | None) -> None:
    with on_bus(bus, manager(Metered=told)):
        assert LinuxNetwork().metered() is metered


@pytest.mark.parametrize(
    ("connectivity", "state", "online"),
    [
        (1, 70, False),  # none
        (2, 70, False),  # a page to sign in
        (3, 70, True),  # limited: the test page does not answer
        (3, 20, False),
        (4, 70, True),
        (0, 70, True),  # not tested, but connected
        (0, 20, False),
        (0, 0, None),
        (0, 99, None),
    ],
)
def test_whether_there_is_a_way_out(bus: str, connectivity: int, state: int, online: bool | None) -> None:
    with on_bus(bus, manager(Connectivity=connectivity, State=state)):
        assert LinuxNetwork().online() is online


def test_without_network_manager_nothing_is_known(bus: str) -> None:
    assert LinuxNetwork().online() is None and LinuxNetwork().metered() is None


def test_without_a_bus_nothing_is_known(no_bus: None) -> None:
    assert LinuxNetwork().online() is None and LinuxNetwork().metered() is None


# --- asking ---


def test_nothing_is_started_and_silence_is_no_answer(bus: str) -> None:
    quiet = Service("org.example.Quiet", silent=frozenset({"Say"}))
    place = Place(quiet.name, "/", "org.example.Quiet")
    began = time.monotonic()
    with on_bus(bus, quiet):
        assert ask(Which.SESSION, lambda it: it.answer(place, "Say", bool), patience_s=0.3) is None
        assert ask(Which.SESSION, lambda it: it.answer(place, "Other", bool), patience_s=20) is None
    assert time.monotonic() - began < 10
    assert quiet.asked == ["Say", "Other"]


@pytest.mark.parametrize("address", ["", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:path=/nowhere"])
def test_an_address_that_leads_nowhere_is_no_answer(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert ask(Which.SESSION, lambda it: True) is None
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert ask(Which.SESSION, lambda it: True) is None


def test_other_systems_say_that_they_do_not_know_here() -> None:
    assert WindowsPower().on_battery() is None and MacPower().on_battery() is None
    assert WindowsNetwork().online() is None and WindowsNetwork().metered() is None
    assert UnknownNetwork().online() is None and UnknownNetwork().metered() is None
