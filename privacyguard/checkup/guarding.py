"""The regular check as the window and the tray show it, and what the person does with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from privacyguard import wording
from privacyguard.checkup import notices, regular, schedule
from privacyguard.checkup.regular import Guard
from privacyguard.i18n import N_, _
from privacyguard.model.guard import Decision, GuardState, Icon, Pace, Waits, WaitUntil
from privacyguard.vault.vault import Vault

_PACES = {Pace.DAILY: N_("Every day"), Pace.WEEKLY: N_("Every week"), Pace.MONTHLY: N_("Every month")}

_WAITS = {
    Waits.SWITCHED_OFF: N_("The regular check is off."),
    Waits.PAUSED: N_("The regular check is paused."),
    Waits.KEYRING_LOCKED: N_("The password store of this computer is locked. The check waits until it is open."),
    Waits.CLOCK_SET_BACK: N_("The date of this computer seems wrong. The check waits until it is right."),
    Waits.NOT_DUE: N_("The next check comes by itself."),
    Waits.JUST_STARTED: N_("The check begins in a few minutes."),
    Waits.BROKEN_OFF: N_("The last check was cut short. We try again within the hour."),
    Waits.CHECKING: N_("A check is running now."),
    Waits.OFFLINE: N_("The check waits for the internet."),
    Waits.METERED: N_("This network may cost money for what you load. The check waits for another one."),
    Waits.ON_BATTERY: N_("The check waits until the computer is plugged in."),
    Waits.BUSY: N_("The check waits for a quiet moment."),
}


@dataclass(frozen=True)
class GuardView:
    """What is shown of the regular check, in the zone where the person is.

    ``next_at``: when the next check is due, None while it is off; ``last_at``: when the last one ended, the person's own too;
    ``waits``: why it does not run now, None where nothing is in its way; ``words``: that in a sentence; ``is_overdue``: it
    could not run for longer than its pace; ``has_trouble``: a place did not answer for long; ``new``: how many things need
    doing that were not seen yet.
    """

    is_on: bool
    pace: Pace
    next_at: datetime | None
    last_at: datetime | None
    paused_until: datetime | None
    waits: Waits | None
    words: str
    icon: Icon
    is_overdue: bool = False
    has_trouble: bool = False
    new: int = 0


def view(guard: Guard, local: Callable[[datetime], datetime] = notices.system_local) -> GuardView:
    """What is shown now."""
    decision = regular.look(guard)
    now = local(guard.clock())
    state = regular.current_state(guard)
    waits = decision.reason if isinstance(decision, WaitUntil) else None
    is_overdue = _is_overdue(state, now)
    has_trouble, new = notices.lasting_trouble(guard), len(notices.unseen(guard, local))
    return GuardView(
        is_on=state.is_on,
        pace=state.pace,
        next_at=local(state.due_at) if state.is_on and state.due_at is not None else None,
        last_at=None if state.last_end_at is None else local(state.last_end_at),
        paused_until=local(state.paused_until) if waits is Waits.PAUSED and state.paused_until is not None else None,
        waits=waits,
        words=words(decision, state, now),
        icon=icon(waits, guard.turn.locked(), new > 0, has_trouble or is_overdue),
        is_overdue=is_overdue,
        has_trouble=has_trouble,
        new=new,
    )


def locked_view() -> GuardView:
    """What is shown while the password store is locked, so that nothing can be read: that it waits, not that all is quiet."""
    said = _(_WAITS[Waits.KEYRING_LOCKED])
    return GuardView(True, Pace.WEEKLY, None, None, None, Waits.KEYRING_LOCKED, said, Icon.COULD_NOT_CHECK)


def icon(waits: Waits | None, is_looking: bool, has_news: bool, has_trouble: bool) -> Icon:
    """The tray's icon."""
    if is_looking:
        return Icon.LOOKING
    if has_news:
        return Icon.NEW
    if has_trouble or waits in (Waits.KEYRING_LOCKED, Waits.CLOCK_SET_BACK):
        return Icon.COULD_NOT_CHECK
    return Icon.RESTING


def words(decision: Decision, state: GuardState, now: datetime) -> str:
    """Why there is no check now and when the next one comes, in words. ``now``: in the zone where the person is."""
    if not isinstance(decision, WaitUntil):
        return _("The next check begins now.")
    if decision.reason is Waits.NOT_DUE and state.due_at is not None:
        return _("Next check: {when}.").format(when=_coming(state.due_at, now))
    if decision.reason is Waits.PAUSED and state.paused_until is not None:
        return _("The regular check is paused until {when}.").format(when=_coming(state.paused_until, now))
    if decision.reason is Waits.SWITCHED_OFF and state.switched_at is not None:
        day = wording.day(state.switched_at.astimezone(now.tzinfo).date())
        return _("The regular check was switched off on {day}.").format(day=day)
    return _(_WAITS[decision.reason])


def pace_words(pace: Pace) -> str:
    """How often, in words."""
    return _(_PACES[pace])


def switch(vault: Vault, is_on: bool, now: datetime) -> GuardState:
    """Switch the regular check on or off. The first check is due at once, later ones as they were."""
    return vault.guard.change(
        lambda state: state if state.is_on == is_on else replace(state, is_on=is_on, switched_at=now, paused_until=None)
    )


def set_pace(vault: Vault, pace: Pace) -> GuardState:
    """Another pace, counted from the last check of all places. What is to be caught up stays due as it was."""

    def changed(state: GuardState) -> GuardState:
        if state.regular_at is None or state.due_at is None:
            return replace(state, pace=pace)
        regular_at = state.regular_at - state.pace.period + pace.period
        is_to_catch_up = state.due_at < state.regular_at
        return replace(
            state,
            pace=pace,
            regular_at=regular_at,
            due_at=min(regular_at, state.due_at) if is_to_catch_up else regular_at,
        )

    return vault.guard.change(changed)


def pause_for_a_day(vault: Vault, now: datetime) -> GuardState:
    """No check and no notice for a day."""
    return vault.guard.change(lambda state: replace(state, paused_until=now.astimezone(UTC) + schedule.PAUSE))


def end_pause(vault: Vault) -> GuardState:
    """Go on before the day is over."""
    return vault.guard.change(lambda state: replace(state, paused_until=None))


def _is_overdue(state: GuardState, now: datetime) -> bool:
    return state.is_on and state.due_at is not None and now - state.due_at > state.pace.period


def _coming(moment: datetime, now: datetime) -> str:
    """A time to come as "today, 09:12", "tomorrow, 09:12" or "4 May 2026, 09:12"."""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date() + timedelta(days=1):
        return _("tomorrow, {clock}").format(clock=f"{local:%H:%M}")
    return wording.moment(moment, now)
