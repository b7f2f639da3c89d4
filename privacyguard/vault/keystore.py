"""The vault's key and the person's codes (API keys) in the operating system's password store."""

import os
import re
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from privacyguard.errors import NoPasswordStore, PasswordStoreRefused
from privacyguard.vault import backends, folder, secret_service
from privacyguard.vault.folder import FolderLock

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

HOME_ID_FILE = "home-id"
_HOME_ID = re.compile(r"[0-9a-f]{32}")

PATIENCE_S = 10.0
"""How long the session's bus or the store may stay silent before it counts as not there."""

MAX_DUPLICATES = 4
"""A store may hold an entry twice, after an import say; more than this means that deleting does not work."""


class KeyStore(Protocol):
    """Where secrets are kept, by entry name, for one home.

    Each method may block while the person answers the store's question, asks at most one, and may raise
    NoPasswordStore, PasswordStoreLocked or PasswordStoreRefused.
    """

    def load(self, entry: str) -> str | None:
        """The secret, or None."""

    def save(self, entry: str, secret: str) -> None:
        """Keep the secret in place of the one before; it was read back when this returns."""

    def delete(self, entry: str) -> None:
        """Erase the entry; nothing happens where there is none."""


@dataclass(frozen=True)
class StoreDescription:
    """For ``doctor``. ``backend``: its class; ``opens_without_password``: None where that cannot be told."""

    backend: str
    opens_without_password: bool | None


class SystemKeyStore:
    """The operating system's own store, chosen from an allow-list at first use. Safe to use from several threads."""

    def __init__(self, home_id: str, *, patience_s: float = PATIENCE_S) -> None:
        self._service = f"PrivacyGuard {home_id}"
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._chosen: KeyringBackend | None = None

    def load(self, entry: str) -> str | None:
        """The secret, or None."""
        backend = self._backend()
        with backends.converted():
            secret: str | None = backend.get_password(self._service, entry)
            return secret

    def save(self, entry: str, secret: str) -> None:
        """Keep the secret in place of the one before, and read it back."""
        backend = self._backend()
        with backends.converted():
            backend.set_password(self._service, entry, secret)
            kept = backend.get_password(self._service, entry)
        if kept != secret:
            raise PasswordStoreRefused(backends.class_name(backend))

    def delete(self, entry: str) -> None:
        """Erase the entry; nothing happens where there is none."""
        backend = self._backend()
        with backends.converted():
            for _ in range(MAX_DUPLICATES):
                if backend.get_password(self._service, entry) is None:
                    return
                backend.delete_password(self._service, entry)
            if backend.get_password(self._service, entry) is not None:
                raise NoPasswordStore("an entry cannot be erased")

    def describe(self) -> StoreDescription:
        """Which store it is, and whether it opens without a password. Asks the person nothing."""
        name = backends.class_name(self._backend())
        if name != backends.FREEDESKTOP:
            return StoreDescription(name, None)
        return StoreDescription(name, secret_service.opens_without_password(self._patience_s))

    def _backend(self) -> "KeyringBackend":
        with self._lock:
            if self._chosen is None:
                self._chosen = backends.choose(self._patience_s)
            return self._chosen


def home_id(home: Path) -> str:
    """The random id of this home, made on first use: no two homes share entries in the password store.

    Raises:
        VaultInUse: another copy is just making it.
        VaultUnwritable, DiskFull: it cannot be kept.
    """
    folder.prepare(home)
    known = _read_home_id(home)
    if known is not None:
        return known
    with FolderLock.take(home):
        known = _read_home_id(home)
        return known if known is not None else _new_home_id(home)


def _read_home_id(home: Path) -> str | None:
    try:
        text = (home / HOME_ID_FILE).read_text("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise folder.meaning(error) from None
    return text if _HOME_ID.fullmatch(text) else None


def _new_home_id(home: Path) -> str:
    new = secrets.token_hex(16)
    unfinished = home / f"{HOME_ID_FILE}.new"
    try:
        unfinished.unlink(missing_ok=True)
        with open(folder.new_private_file(unfinished), "w", encoding="ascii") as file:
            file.write(new + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(home / HOME_ID_FILE)
        folder.write_to_disk(home)
    except OSError as error:
        raise folder.meaning(error) from None
    return new
