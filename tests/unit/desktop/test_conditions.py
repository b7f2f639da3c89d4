"""What is gathered for the regular check; and a password store that is looked at without a question to the person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from privacyguard.desktop.conditions import FRESH_S, Senses, Waking, senses
from privacyguard.model.guard import FINE, Conditions
from privacyguard.vault import secret_service
from privacyguard.vault.keystore import SystemKeyStore
from tests.support.keyring_session import Session, Store, as_own_environment


@dataclass
class Told:
    """A computer that tells one thing about everything."""

    answer: bool | None
    asked: int = 0

    def on_battery(self) -> bool | None:
        self.asked += 1
        return self.answer

    metered = online = busy = presenting = on_battery


def gathered(answer: bool | None) -> Conditions:
    told = Told(answer)
    return Senses(told, told, told, told.on_battery).now()


def test_all_that_is_told_is_gathered() -> None:
    assert gathered(True) == Conditions(True, True, True, True, True, True)
    assert gathered(False) == Conditions(False, False, False, False, False, False)


def test_what_cannot_be_known_counts_as_fine() -> None:
    assert gathered(None) == FINE


def test_without_any_desktop_all_is_fine(no_bus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    told = senses().now()
    assert (told.metered, told.online, told.presenting, told.busy, told.keyring_locked) == (
        False,
        True,
        False,
        False,
        False,
    )


def test_an_answer_holds_for_a_while() -> None:
    told, clock = Told(False), [0.0]
    it = Senses(told, told, told, told.on_battery, lambda: clock[0])
    it.now()
    asked = told.asked
    clock[0] = FRESH_S - 1
    it.now()
    assert told.asked == asked
    clock[0] = FRESH_S
    told.answer = True
    assert it.now().on_battery and told.asked == 2 * asked


# --- the password store ---


def test_a_locked_store_is_found_and_an_open_one(keyring_sessions: Callable[..., Session]) -> None:
    session = keyring_sessions()
    with as_own_environment(session):
        assert secret_service.is_locked(10) is False
        session.lock()
        assert secret_service.is_locked(10) is True
        session.unlock()
        assert secret_service.is_locked(10) is False
        store = SystemKeyStore("0123456789abcdef" * 2)
        store.save("vault-key-1", "x")
        assert store.load("vault-key-1") == "x"


@pytest.mark.parametrize("store", [Store.MISSING, Store.NO_BUS])
def test_without_a_store_it_is_not_known(keyring_sessions: Callable[..., Session], store: Store) -> None:
    with as_own_environment(keyring_sessions(store)):
        assert secret_service.is_locked(1) is None


# --- since when ---


def test_a_sleep_is_seen_and_work_is_not() -> None:
    now, running, passing = [datetime(2026, 5, 4, 12, tzinfo=UTC)], [100.0], [100.0]
    waking = Waking(lambda: now[0], lambda: running[0], lambda: passing[0])
    started = datetime(2026, 5, 4, 12, tzinfo=UTC) - timedelta(seconds=100)
    assert waking.since() == started
    now[0] += timedelta(hours=1)
    running[0] += 3600
    passing[0] += 3600.5
    assert waking.since() == started
    now[0] += timedelta(hours=8)
    running[0] += 60
    passing[0] += 8 * 3600
    assert waking.since() == now[0]
    woke = now[0]
    now[0] += timedelta(hours=1)
    running[0] += 3600
    passing[0] += 3600
    assert waking.since() == woke


def test_this_computer_was_started_before() -> None:
    assert Waking(lambda: datetime.now(UTC)).since() < datetime.now(UTC)
