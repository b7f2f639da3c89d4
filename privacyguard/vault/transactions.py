"""The open file: one transaction at a time, from any thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from types import TracebackType
from typing import Self

from privacyguard.vault.database import Connection
from privacyguard.vault.unlocking import Unlocked


class Transactions:
    """An unlocked file and the lock around it. ``clock``: gives times with their zone."""

    def __init__(self, unlocked: Unlocked, clock: Callable[[], datetime]) -> None:
        self._unlocked = unlocked
        self._clock = clock
        self._lock = RLock()

    def close(self) -> None:
        """Close the file. Calling it again does nothing; any other call raises VaultClosed from now on."""
        with self._lock:
            self._unlocked.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self) -> None:
        """Read the whole file. Raises VaultDamaged where a part was changed or lost."""
        with self._lock:
            self._unlocked.database.check()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._lock, self._unlocked.database.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, self._unlocked.database.writing() as connection:
            yield connection
