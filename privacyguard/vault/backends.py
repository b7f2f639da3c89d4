"""Which class of ``keyring`` keeps our secrets: the operating system's own store, from an allow-list, or none.

``keyring`` would obey keyringrc.cfg, which names a folder and a class to import, so it can run code; and the variable
PYTHON_KEYRING_BACKEND, which may name a store that locks nothing. So the class is chosen here, before the first import.
"""

import importlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from privacyguard.errors import NoPasswordStore, PasswordStoreLocked, PasswordStoreRefused, VaultError
from privacyguard.vault import secret_service

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

FREEDESKTOP = "keyring.backends.SecretService.Keyring"
KWALLET = "keyring.backends.kwallet.DBusKeyring"
MACOS = "keyring.backends.macOS.Keyring"
WINDOWS = "keyring.backends.Windows.WinVaultKeyring"

VARIABLE = "PYTHON_KEYRING_BACKEND"
_PROPERTY = "KEYRING_PROPERTY_"
_CLASS_NAME = re.compile(r"[A-Za-z_][\w.]{0,99}", re.ASCII)


def allowed(platform: str) -> tuple[str, ...]:
    """The classes that may keep secrets on this platform (``sys.platform``), the first choice first."""
    return {"win32": (WINDOWS,), "darwin": (MACOS,)}.get(platform, (FREEDESKTOP, KWALLET))


def choose(patience_s: float) -> "KeyringBackend":
    """The store of this computer, checked; blocks for about ``patience_s`` at most.

    Raises:
        PasswordStoreRefused: the environment names a class outside the allow-list.
        NoPasswordStore: none is there, or none answers.
    """
    name = _wanted(os.environ.get(VARIABLE, ""), sys.platform) or _found(sys.platform, patience_s)
    with _told_to_use(name), converted():
        backend = _load(name)
        is_good = backend.priority >= 1
    if not is_good:
        raise PasswordStoreRefused(name)
    _settle(backend)
    return backend


def class_name(backend: "KeyringBackend") -> str:
    """The full name of the store's class."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


@contextmanager
def converted() -> Iterator[None]:
    """Turn the errors of ``keyring`` and of what it uses into ours, without their texts.

    Raises:
        PasswordStoreLocked: locked, or the person closed the store's question.
        NoPasswordStore: anything else.
    """
    from keyring import errors

    try:
        yield
    except (errors.KeyringError, RuntimeError, ImportError, OSError) as error:
        raise _meaning(error) from None
    except _foreign_errors() as error:
        raise _meaning(error) from None


def _wanted(variable: str, platform: str) -> str | None:
    if not variable:
        return None
    if variable not in allowed(platform):
        # Only what can be a class is repeated: the variable may hold anything.
        raise PasswordStoreRefused(variable if _CLASS_NAME.fullmatch(variable) else "not a class")
    return variable


def _found(platform: str, patience_s: float) -> str:
    names = allowed(platform)
    if FREEDESKTOP not in names:
        return names[0]
    if secret_service.answers(patience_s):
        return FREEDESKTOP
    if secret_service.wallet_runs(patience_s):
        return KWALLET
    raise NoPasswordStore("no store answers on the session's bus")


@contextmanager
def _told_to_use(name: str) -> Iterator[None]:
    """Set the variable before ``keyring`` is imported; it stays set where the class can be used."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = name
    try:
        yield
    except VaultError:
        # The next try may find another store.
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
        raise


def _load(name: str) -> "KeyringBackend":
    module, _, attribute = name.rpartition(".")
    backend: KeyringBackend = getattr(importlib.import_module(module), attribute)()
    return backend


def _settle(backend: "KeyringBackend") -> None:
    # The environment may set any attribute of the class (KEYRING_PROPERTY_…), another collection say: not obeyed.
    for variable in os.environ:
        _, found, attribute = variable.partition(_PROPERTY)
        if found:
            vars(backend).pop(attribute.lower(), None)
    # Kept beside each entry; the default of one class is the path of the program, which may hold a user's name.
    vars(backend)["appid"] = "PrivacyGuard"
    if class_name(backend) == WINDOWS:
        # The default may be copied to other computers of a company's network.
        cast("Any", backend).persist = "local machine"


def _foreign_errors() -> tuple[type[Exception], ...]:
    places = (
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney", "DBusErrorResponse"),
        ("dbus.exceptions", "DBusException"),
        ("win32ctypes.pywin32.pywintypes", "error"),
        ("pywintypes", "error"),
    )
    # Only libraries that the chosen class has loaded can raise.
    return tuple(getattr(sys.modules[module], name) for module, name in places if module in sys.modules)


def _meaning(error: BaseException) -> VaultError:
    locked = {"KeyringLocked", "LockedException", "PromptDismissedException", "PasswordSetError"}
    # InitError: the person closed the question for a password of a new keyring; its cause says so.
    if type(error).__name__ in locked or type(error.__cause__).__name__ in locked:
        return PasswordStoreLocked("locked, or the question was closed")
    return NoPasswordStore("the store does not work")
