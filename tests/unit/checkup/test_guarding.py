"""The regular check as it is shown, and what the person does with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from privacyguard.checkup import guarding
from privacyguard.checkup.guarding import icon, words
from privacyguard.model.guard import GuardState, Icon, Pace, RunNow, Waits, WaitUntil
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import open_vault

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with open_vault(tmp_path / "home", MemoryKeyStore()) as vault:
        yield vault


def ran(vault: Vault, **changes: object) -> GuardState:
    """A vault that is on, weekly, with a check a day ago."""
    state = GuardState(True, Pace.WEEKLY, NOW - 9 * DAY, NOW + 6 * DAY, NOW + 6 * DAY, NOW - DAY, NOW - DAY)
    return vault.guard.change(lambda _: replace(state, **changes))  # type: ignore[arg-type]


def test_switching_on_makes_the_first_check_due_and_is_noted_with_its_day(vault: Vault) -> None:
    assert guarding.switch(vault, True, NOW) == GuardState(is_on=True, switched_at=NOW)
    assert guarding.switch(vault, True, NOW + DAY).switched_at == NOW  # it was on


def test_switching_off_and_on_keeps_when_the_next_check_is_due_and_ends_a_pause(vault: Vault) -> None:
    ran(vault, paused_until=NOW + DAY)
    off = guarding.switch(vault, False, NOW)
    assert (off.is_on, off.switched_at, off.due_at, off.paused_until) == (False, NOW, NOW + 6 * DAY, None)
    on = guarding.switch(vault, True, NOW + DAY)
    assert (on.is_on, on.due_at) == (True, NOW + 6 * DAY)


@pytest.mark.parametrize(("pace", "days"), [(Pace.DAILY, 0), (Pace.WEEKLY, 6), (Pace.MONTHLY, 29)])
def test_another_pace_is_counted_from_the_last_check_of_all_places(vault: Vault, pace: Pace, days: int) -> None:
    ran(vault)
    state = guarding.set_pace(vault, pace)
    assert (state.pace, state.due_at, state.regular_at) == (pace, NOW + days * DAY, NOW + days * DAY)


def test_another_pace_leaves_what_is_to_be_caught_up_as_it_was(vault: Vault) -> None:
    ran(vault, due_at=NOW + DAY)
    state = guarding.set_pace(vault, Pace.MONTHLY)
    assert (state.due_at, state.regular_at) == (NOW + DAY, NOW + 29 * DAY)
    assert guarding.set_pace(vault, Pace.DAILY).due_at == NOW


def test_a_pace_chosen_before_the_first_check_leaves_it_due(vault: Vault) -> None:
    guarding.switch(vault, True, NOW)
    assert guarding.set_pace(vault, Pace.DAILY) == GuardState(True, Pace.DAILY, NOW)


def test_a_pause_is_a_day_and_can_be_ended(vault: Vault) -> None:
    ran(vault)
    assert guarding.pause_for_a_day(vault, NOW).paused_until == NOW + DAY
    assert guarding.end_pause(vault).paused_until is None


def test_a_pause_is_a_day_also_where_the_clocks_go_forward_in_it(vault: Vault) -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    until = guarding.pause_for_a_day(vault, before).paused_until
    assert until is not None and until - before.astimezone(UTC) == DAY


def test_the_words_say_when_the_next_check_is_where_the_person_is() -> None:
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))  # 18:00
    for due_at, said in (
        (NOW + timedelta(hours=2), "Next check: today, 20:00."),
        (NOW + timedelta(hours=7), "Next check: tomorrow, 01:00."),
        (NOW + 6 * DAY, "Next check: 10 May 2026, 18:00."),
    ):
        assert words(WaitUntil(due_at, Waits.NOT_DUE), GuardState(True, due_at=due_at), tokyo) == said
    paused = GuardState(True, paused_until=NOW + DAY)
    assert words(WaitUntil(NOW + DAY, Waits.PAUSED), paused, tokyo).endswith("until tomorrow, 18:00.")


def test_that_it_was_switched_off_is_said_with_the_day() -> None:
    """Nobody can switch it off for somebody else without a trace."""
    off = GuardState(switched_at=datetime(2026, 5, 3, 20, 0, tzinfo=UTC))
    decision = WaitUntil(None, Waits.SWITCHED_OFF)
    assert words(decision, off, NOW) == "The regular check was switched off on 3 May 2026."
    assert words(decision, GuardState(), NOW) == "The regular check is off."


def test_every_reason_to_wait_has_words_of_its_own() -> None:
    said = [words(WaitUntil(NOW, reason), GuardState(), NOW) for reason in Waits]
    assert len(set(said)) == len(said) and all(text.endswith(".") for text in said)
    assert words(RunNow(), GuardState(), NOW) == "The next check begins now."
    assert len({guarding.pace_words(pace) for pace in Pace}) == 3


@pytest.mark.parametrize(
    ("waits", "is_looking", "has_news", "has_trouble", "shown"),
    [
        (Waits.NOT_DUE, False, False, False, Icon.RESTING),
        (Waits.OFFLINE, False, False, False, Icon.RESTING),
        (Waits.NOT_DUE, True, True, True, Icon.LOOKING),
        (Waits.SWITCHED_OFF, True, False, False, Icon.LOOKING),
        (Waits.NOT_DUE, False, True, True, Icon.NEW),
        (Waits.NOT_DUE, False, False, True, Icon.COULD_NOT_CHECK),
        (Waits.KEYRING_LOCKED, False, False, False, Icon.COULD_NOT_CHECK),
        (Waits.CLOCK_SET_BACK, False, False, False, Icon.COULD_NOT_CHECK),
        (None, False, False, False, Icon.RESTING),
    ],
)
def test_the_icon_shows_the_first_thing_that_matters(
    waits: Waits | None, is_looking: bool, has_news: bool, has_trouble: bool, shown: Icon
) -> None:
    assert icon(waits, is_looking, has_news, has_trouble) is shown


def test_a_locked_password_store_is_said_and_never_looks_calm() -> None:
    shown = guarding.locked_view()
    assert shown.icon is Icon.COULD_NOT_CHECK and shown.waits is Waits.KEYRING_LOCKED
    assert "locked" in shown.words
