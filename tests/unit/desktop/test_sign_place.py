"""Whether there is a place for the sign, asked over a bus of the test's own."""

import pytest

from privacyguard.desktop.sign_place import WATCHER, has_place
from tests.support.fakes.bus_services import Service, on_bus


@pytest.mark.parametrize("has_host", [True, False])
def test_the_watcher_is_asked(bus: str, has_host: bool) -> None:
    host = (WATCHER.interface, "IsStatusNotifierHostRegistered")
    with on_bus(bus, Service(WATCHER.name, {host: ("b", has_host)})):
        assert has_place() is has_host


def test_without_a_watcher_there_is_none(bus: str) -> None:
    assert not has_place()
