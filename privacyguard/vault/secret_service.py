"""What a Linux session says about its password stores, without a question to the person and without hanging."""

import os
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

NAME = "org.freedesktop.secrets"
PATH = "/org/freedesktop/secrets"
SERVICE = "org.freedesktop.Secret.Service"
COLLECTION = "org.freedesktop.Secret.Collection"
NO_OBJECT = "/"
WALLET_NAME = "org.kde.kwalletd5"
GNOME_KEYRING = "gnome-keyring-d"
"""Its process, as Linux shortens the name."""

_ESCAPED = re.compile(r"_([0-9a-f]{2})")
# The first bytes of GNOME Keyring's files: a keyring without a password is a text file, with one it is encrypted.
_PLAIN, _LOCKED = b"[keyring]", b"GnomeKeyring\n\r\x00\n"

Bus = Any  # secretstorage's connection; there are no stubs
Answer = TypeVar("Answer")


def answers(patience_s: float) -> bool:
    """Whether a Secret Service runs or can be started, and answers. Starts it where it can be started."""
    return _ask(_collections, patience_s) is not None


def wallet_runs(patience_s: float) -> bool:
    """Whether KWallet runs."""
    return _ask(lambda bus: bool(bus.bus_proxy.NameHasOwner(WALLET_NAME)[0]), patience_s) or False


def is_locked(patience_s: float) -> bool | None:
    """Whether the store would ask the person to unlock it now. None where that cannot be told, or there is no store.

    Asked without a question to the person, and nothing is started for it.
    """
    if sys.platform in ("win32", "darwin"):  # they open with the sign-in
        return None
    return _ask(_default_is_locked, patience_s)


def opens_without_password(patience_s: float) -> bool | None:
    """Whether the default keyring has an empty password. None where that cannot be told.

    Only GNOME Keyring tells, by the form of the keyring's file: text without a password, else encrypted.
    """
    name = _ask(_default_keyring, patience_s)
    if not name:
        return None
    below = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    try:
        with (Path(below) / "keyrings" / f"{name}.keyring").open("rb") as file:
            head = file.read(len(_LOCKED))
    except OSError:
        return None
    if head.startswith(_PLAIN):
        return True
    return False if head == _LOCKED else None


def _ask(question: Callable[[Bus], Answer], patience_s: float) -> Answer | None:
    """The answer of the session's bus; None where there is no bus, an error, or silence.

    In a thread of its own: the libraries wait without a limit for a bus or a store that hangs.
    """
    result: list[Answer] = []

    def ask() -> None:
        import secretstorage
        from secretstorage.util import DBusErrorResponse  # type: ignore[attr-defined]

        try:
            with secretstorage.dbus_init() as bus:
                result.append(question(bus))
        except (secretstorage.SecretStorageException, DBusErrorResponse, OSError, RuntimeError):
            return

    thread = threading.Thread(target=ask, name="password-store", daemon=True)
    thread.start()
    thread.join(patience_s)
    return result[0] if result else None


def _collections(bus: Bus) -> list[str]:
    from secretstorage.util import DBusAddressWrapper

    return list(DBusAddressWrapper(PATH, SERVICE, bus).get_property("Collections"))


def _default_is_locked(bus: Bus) -> bool | None:
    from secretstorage.util import DBusAddressWrapper

    if bus.bus_proxy.NameHasOwner(NAME)[0]:
        (path,) = DBusAddressWrapper(PATH, SERVICE, bus).call("ReadAlias", "s", "default")
        if path == NO_OBJECT:  # before the first entry: the store would ask for a password for a new keyring
            return True
        return bool(DBusAddressWrapper(path, COLLECTION, bus).get_property("Locked"))
    if bus.bus_proxy.NameHasOwner(WALLET_NAME)[0]:
        return not _wallet_is_open(bus)
    return None


def _wallet_is_open(bus: Bus) -> bool:
    """Untried."""
    from jeepney import DBusAddress, new_method_call
    from jeepney.wrappers import unwrap_msg

    wallet = DBusAddress("/modules/kwalletd5", bus_name=WALLET_NAME, interface="org.kde.KWallet")
    (name,) = unwrap_msg(bus.send_and_get_reply(new_method_call(wallet, "networkWallet")))
    (is_open,) = unwrap_msg(bus.send_and_get_reply(new_method_call(wallet, "isOpen", "s", (name,))))
    return bool(is_open)


def _default_keyring(bus: Bus) -> str:
    """The name of the file of GNOME Keyring's default keyring; "" where there is none, or for another service."""
    from secretstorage.util import DBusAddressWrapper

    (process,) = bus.bus_proxy.GetConnectionUnixProcessID(NAME)
    if Path(f"/proc/{process}/comm").read_text("utf-8").strip() != GNOME_KEYRING:
        return ""
    (path,) = DBusAddressWrapper(PATH, SERVICE, bus).call("ReadAlias", "s", "default")
    name = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), str(path).rpartition("/")[2])
    return "" if "/" in name else name
