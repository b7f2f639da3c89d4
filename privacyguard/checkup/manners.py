"""How the regular check behaves while it runs: it makes room for the person, and it does not run for ever."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from privacyguard.errors import Cancelled
from privacyguard.model.guard import Conditions
from privacyguard.model.progress import CancelToken, Progress

AT_MOST = timedelta(hours=2)
"""A service whose pace takes days for many addresses would keep all that was found waiting: the next check goes on with it."""

LOOKED_EVERY_S = 5.0
"""At what the computer is at."""


class Manners:
    """Between two steps of a check (a picture, an address), in place of ``progress``.

    While the person is busy on a small computer the check stands still; after :data:`AT_MOST` it sets ``cancel``.
    """

    def __init__(
        self,
        progress: Callable[[Progress], None],
        conditions: Callable[[], Conditions],
        cancel: CancelToken,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._progress = progress
        self._conditions = conditions
        self._cancel = cancel
        self._steady_s = steady_s
        self._ends_at_s = steady_s() + AT_MOST.total_seconds()
        self._looked_at_s = steady_s()

    def told(self, progress: Progress) -> None:
        """Tell on, then wait for as long as the person is busy. Called by one thread at a time."""
        self._progress(progress)
        if self._steady_s() >= self._looked_at_s + LOOKED_EVERY_S:
            self._make_room()
            self._looked_at_s = self._steady_s()
        if self._steady_s() >= self._ends_at_s:
            self._cancel.cancel()

    def _make_room(self) -> None:
        try:
            while self._conditions().busy and self._steady_s() < self._ends_at_s:
                self._cancel.wait(LOOKED_EVERY_S)
        except Cancelled:
            return  # the step that comes next looks at the token itself


@contextmanager
def own_token(cancel: CancelToken) -> Iterator[CancelToken]:
    """A token that is cancelled with ``cancel``, and may be cancelled without it."""
    own = CancelToken()
    cancel.on_cancel(own.cancel)
    try:
        yield own
    finally:
        cancel.forget(own.cancel)
