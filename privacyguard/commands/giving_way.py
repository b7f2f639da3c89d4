"""The background makes room for a window: it is asked over the instance's socket, stops its check and closes the vault."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from privacyguard.errors import VaultUnwritable
from privacyguard.model.progress import CancelToken
from privacyguard.net.instance import Role, claim
from privacyguard.paths import Paths, make_private


class GivingWay:
    """Whether the vault is in use here, and the check that is stopped when a window asks for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._check: CancelToken | None = None
        self._is_closed = threading.Event()
        self._is_closed.set()

    def asked(self) -> None:
        """Stop the check under way; returns when the vault is closed."""
        with self._lock:
            check = self._check
        if check is not None:
            check.cancel()
        self._is_closed.wait()

    @contextmanager
    def turn(self, cancel: CancelToken) -> Iterator[CancelToken]:
        """The vault is in use meanwhile. The token is set when a window asks for it, and with ``cancel``."""
        own = CancelToken()
        with self._lock:
            self._check = own
            self._is_closed.clear()
        cancel.on_cancel(own.cancel)
        try:
            yield own
        finally:
            cancel.forget(own.cancel)
            with self._lock:
                self._check = None
                self._is_closed.set()


@contextmanager
def first_in_background(paths: Paths) -> Iterator[GivingWay | None]:
    """Be the one in the background that windows ask. None where another one is.

    Where there is no folder for a socket nobody can ask: then a window that opens meets a vault in use.
    """
    giving_way = GivingWay()
    with ExitStack() as stack:
        try:
            make_private(paths.runtime)
            instance = claim(paths.runtime, paths.home, Role.BACKGROUND)
            is_first = instance is not None
        except (OSError, VaultUnwritable):
            instance, is_first = None, True
        if instance is not None:
            stack.enter_context(instance).serve(lambda _wish: giving_way.asked())
        yield giving_way if is_first else None
