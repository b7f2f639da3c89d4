"""What the computer and the person are at now, gathered for the regular check."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from privacyguard.desktop.activity import Activity, activity
from privacyguard.desktop.network import Network, network
from privacyguard.desktop.power import Power, power
from privacyguard.model.guard import Conditions
from privacyguard.vault.secret_service import is_locked

FRESH_S = 10.0
"""So long an answer holds: a check in progress asks at every step."""

PATIENCE_S = 2.0


class Senses:
    """Asks the desktop. Safe to use from several threads one after the other; an answer may take some seconds.

    ``clock``: seconds that only grow; ``is_store_locked``: None where it cannot be told.
    """

    def __init__(
        self,
        power: Power,
        network: Network,
        activity: Activity,
        is_store_locked: Callable[[], bool | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._power = power
        self._network = network
        self._activity = activity
        self._is_store_locked = is_store_locked
        self._clock = clock
        self._last: tuple[float, Conditions] | None = None

    def now(self) -> Conditions:
        """What is known, at most :data:`FRESH_S` old. What cannot be known counts as fine."""
        if self._last is None or self._clock() - self._last[0] >= FRESH_S:
            self._last = (self._clock(), self._ask())
        return self._last[1]

    def _ask(self) -> Conditions:
        return Conditions(
            on_battery=bool(self._power.on_battery()),
            metered=bool(self._network.metered()),
            online=self._network.online() is not False,
            presenting=bool(self._activity.presenting()),
            busy=bool(self._activity.busy()),
            keyring_locked=bool(self._is_store_locked()),
        )


def senses() -> Senses:
    """Those of this computer."""
    return Senses(power(), network(), activity(), lambda: is_locked(PATIENCE_S))


class Waking:
    """Since when the computer, or this program in it, has been awake: a sleep shows as time that only one clock counted.

    ``running_s``: seconds awake; ``passing_s``: the same and asleep. Elsewhere than on Linux both count the same.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        running_s: Callable[[], float] = time.monotonic,
        passing_s: Callable[[], float] | None = None,
    ) -> None:
        self._clock = clock
        self._running_s = running_s
        self._passing_s = passing_s or (_passing_s if hasattr(time, "CLOCK_BOOTTIME") else running_s)
        self._asleep_s = self._passing_s() - self._running_s()
        self._since = clock() - timedelta(seconds=self._passing_s())

    def since(self) -> datetime:
        """The start of the computer, or the last waking up that was seen here."""
        asleep_s = self._passing_s() - self._running_s()
        if asleep_s - self._asleep_s > 1.0:
            self._since = self._clock()
        self._asleep_s = asleep_s
        return self._since


def _passing_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
