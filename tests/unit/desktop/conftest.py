"""A bus of the test's own: the session's and the computer's at once."""

from collections.abc import Iterator

import pytest

from tests.support.keyring_session import Store, as_own_environment, keyring_session


@pytest.fixture
def bus() -> Iterator[str]:
    """Its address. Nothing is on it."""
    with keyring_session(Store.MISSING) as session, as_own_environment(session):
        address = session.environment["DBUS_SESSION_BUS_ADDRESS"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
            yield address


@pytest.fixture
def no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither bus is there."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
