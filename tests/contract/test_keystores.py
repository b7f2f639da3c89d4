"""What every key store does, and what the system's own does besides: asked on a real GNOME Keyring under its own bus."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import secretstorage
from jeepney import DBusAddress, message_bus, new_method_call
from jeepney.io.blocking import Proxy, open_dbus_connection

from privacyguard.errors import KeyMissing, NoPasswordStore, PasswordStoreLocked
from privacyguard.vault import backends
from privacyguard.vault.keystore import KeyStore, StoreDescription, SystemKeyStore
from tests.support.keyring_session import Session, Store, as_own_environment, keyring_session
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import open_vault

ROOT = Path(__file__).parents[2]
HOME_ID = "0123456789abcdef" * 2
PATIENCE_S = 1.0
"""Short, where silence is what the test is about."""


@pytest.fixture
def session() -> Iterator[Session]:
    with keyring_session() as session, as_own_environment(session):
        yield session


@pytest.fixture(params=["memory", "system"])
def store(request: pytest.FixtureRequest) -> KeyStore:
    if request.param == "memory":
        return MemoryKeyStore()
    request.getfixturevalue("session")
    return SystemKeyStore(HOME_ID)


def items() -> list[tuple[str, dict[str, str]]]:
    with secretstorage.dbus_init() as bus:
        collection = secretstorage.get_default_collection(bus)
        return [(item.get_label(), dict(item.get_attributes())) for item in collection.get_all_items()]


# --- every store ---


def test_an_entry_comes_out_as_it_went_in_until_it_is_deleted(store: KeyStore) -> None:
    assert store.load("vault-key-1") is None
    for secret in ("5a" * 32, "ü € \U0001f511 'quoted' \"too\"", "x" * 2000):
        store.save("vault-key-1", secret)
        assert store.load("vault-key-1") == secret
    store.delete("vault-key-1")
    assert store.load("vault-key-1") is None


def test_entries_do_not_touch_each_other(store: KeyStore) -> None:
    for number, entry in enumerate(("vault-key-1", "vault-key-2", "api-hibp", "api-google-vision")):
        store.save(entry, f"secret {number}")
    store.delete("vault-key-1")
    assert [store.load(f"vault-key-{number}") for number in (1, 2)] == [None, "secret 1"]
    assert [store.load(entry) for entry in ("api-hibp", "api-google-vision")] == ["secret 2", "secret 3"]


def test_deleting_what_is_not_there_does_nothing(store: KeyStore) -> None:
    store.save("api-hibp", "x")
    store.delete("never")
    store.delete("never")
    assert store.load("api-hibp") == "x"


def test_a_vault_lives_in_it(store: KeyStore, tmp_path: Path) -> None:
    with open_vault(tmp_path, store) as vault:
        vault.set_flag("a", "b")
    with open_vault(tmp_path, store) as vault:
        assert vault.flag("a") == "b"
    store.delete("vault-key-1")
    with pytest.raises(KeyMissing):
        open_vault(tmp_path, store)


# --- the system's store ---


def test_homes_share_no_entries(session: Session) -> None:
    one, other = SystemKeyStore(HOME_ID), SystemKeyStore(HOME_ID[::-1])
    one.save("vault-key-1", "first")
    other.save("vault-key-1", "second")
    other.delete("vault-key-1")
    assert one.load("vault-key-1") == "first" and other.load("vault-key-1") is None


def test_labels_and_attributes_hold_nothing_personal(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/home/zyxwuser/bin/privacyguard"])
    SystemKeyStore(HOME_ID).save("api-hibp", "x")
    ((label, attributes),) = items()
    assert label == f"Password for 'api-hibp' on 'PrivacyGuard {HOME_ID}'"
    attributes.pop("xdg:schema", None)
    assert attributes == {
        "application": "PrivacyGuard",
        "service": f"PrivacyGuard {HOME_ID}",
        "username": "api-hibp",
    }


def test_an_entry_that_is_there_twice_is_wholly_deleted(session: Session) -> None:
    attributes = {"service": f"PrivacyGuard {HOME_ID}", "username": "vault-key-1"}
    with secretstorage.dbus_init() as bus:
        collection = secretstorage.get_default_collection(bus)
        for application in ("an import", "another"):
            collection.create_item("old", {**attributes, "application": application}, b"old")
    store = SystemKeyStore(HOME_ID)
    store.delete("vault-key-1")
    assert store.load("vault-key-1") is None and items() == []


@contextmanager
def questions(session: Session) -> Iterator[Callable[[], int]]:
    """How often the store has been asked to put a question to the person since the last time."""
    rule = "type='method_call',interface='org.freedesktop.Secret.Prompt',member='Prompt'"
    address = session.environment["DBUS_SESSION_BUS_ADDRESS"]
    with session.start(["dbus-monitor", "--profile", rule]) as monitor:
        assert monitor.stdout is not None
        lines = monitor.stdout
        lines.readline()  # its headline comes when it listens

        def count() -> int:
            # The bus keeps the order: when a call of our own is seen, all before it have been.
            nowhere = DBusAddress("/until/here", "org.freedesktop.DBus", "org.freedesktop.Secret.Prompt")
            with open_dbus_connection(address) as connection:
                connection.send_and_get_reply(new_method_call(nowhere, "Prompt", "s", ("",)), timeout=20)
            seen = 0
            while b"/until/here" not in (line := lines.readline()):
                assert line
                seen += b"Prompt" in line
            return seen

        yield count
        monitor.terminate()


def test_a_locked_store_is_told_at_once_after_one_question_and_opens_later(session: Session, tmp_path: Path) -> None:
    store = SystemKeyStore(HOME_ID)
    open_vault(tmp_path, store).close()
    session.lock()
    with questions(session) as count:
        start = time.monotonic()
        with pytest.raises(PasswordStoreLocked):
            open_vault(tmp_path, store)
        assert time.monotonic() - start < 5
        assert count() == 1
    asks: list[Callable[[], None]] = [lambda: store.save("x", "y"), lambda: store.delete("vault-key-1")]
    for ask in asks:
        with pytest.raises(PasswordStoreLocked):
            ask()
    session.unlock()
    open_vault(tmp_path, store).close()


def test_the_question_for_a_first_keyring_closed_is_a_locked_store(session: Session) -> None:
    with secretstorage.dbus_init() as bus:
        collection: Any = secretstorage.get_default_collection(bus)
        collection.delete()
    with questions(session) as count:
        assert SystemKeyStore(HOME_ID).describe() == StoreDescription(backends.FREEDESKTOP, None)
        assert count() == 0
        with pytest.raises(PasswordStoreLocked):
            SystemKeyStore(HOME_ID).save("x", "y")
        assert count() == 1


def test_a_keyring_with_a_password_says_so_and_is_not_asked_for_it(session: Session) -> None:
    assert SystemKeyStore(HOME_ID).describe() == StoreDescription(backends.FREEDESKTOP, False)
    session.lock()
    with questions(session) as count:
        assert SystemKeyStore(HOME_ID).describe().opens_without_password is False
        assert count() == 0


WITHOUT_PASSWORD = """
import secretstorage
from secretstorage.util import DBusAddressWrapper, format_secret, open_session
with secretstorage.dbus_init() as bus:
    inner = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
    label = {"org.freedesktop.Secret.Collection.Label": ("s", "Open ring")}
    secret = format_secret(open_session(bus), b"", "text/plain")
    path = "/org/freedesktop/secrets"
    made, = DBusAddressWrapper(path, inner, bus).call("CreateWithMasterPassword", "a{sv}(oayays)", label, secret)
    DBusAddressWrapper(path, "org.freedesktop.Secret.Service", bus).call("SetAlias", "so", "default", made)
"""


def test_a_keyring_without_a_password_is_told(session: Session) -> None:
    session.run([sys.executable, "-c", WITHOUT_PASSWORD], check=True)
    store = SystemKeyStore(HOME_ID)
    store.save("x", "zyxw-secret")
    assert store.describe() == StoreDescription(backends.FREEDESKTOP, True)
    # What the answer rests on: anybody with the file can read it.
    keyrings = session.home / ".local" / "share" / "keyrings"
    assert any(b"zyxw-secret" in path.read_bytes() for path in keyrings.iterdir())
    session.lock()
    assert store.load("x") == "zyxw-secret"


# --- no store, and stores that say nothing ---


@pytest.mark.parametrize("missing", [Store.MISSING, Store.NO_BUS])
def test_a_session_without_a_store_is_told(missing: Store, tmp_path: Path) -> None:
    with keyring_session(missing) as session, as_own_environment(session), pytest.raises(NoPasswordStore):
        open_vault(tmp_path, SystemKeyStore(HOME_ID))
    assert list(tmp_path.iterdir()) == []


def test_kwallet_without_its_library_is_no_store() -> None:
    with keyring_session(Store.MISSING) as session, as_own_environment(session):
        address = session.environment["DBUS_SESSION_BUS_ADDRESS"]
        with open_dbus_connection(address) as connection:
            Proxy(message_bus, connection).RequestName("org.kde.kwalletd5")
            with pytest.raises(NoPasswordStore):
                SystemKeyStore(HOME_ID).load("x")
        assert backends.VARIABLE not in os.environ


def test_a_store_that_hangs_is_no_store(session: Session) -> None:
    SystemKeyStore(HOME_ID).save("x", "y")
    os.environ.pop(backends.VARIABLE)
    with open_dbus_connection(session.environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        (process,) = Proxy(message_bus, connection).GetConnectionUnixProcessID("org.freedesktop.secrets")
    os.kill(process, signal.SIGSTOP)
    try:
        start = time.monotonic()
        with pytest.raises(NoPasswordStore):
            SystemKeyStore(HOME_ID, patience_s=PATIENCE_S).load("x")
        assert time.monotonic() - start < 10 * PATIENCE_S
    finally:
        os.kill(process, signal.SIGCONT)
    assert SystemKeyStore(HOME_ID).load("x") == "y"


@pytest.mark.parametrize("words", [b"", b"OK 0123\r\n"])
def test_a_bus_that_hangs_is_no_store(words: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0privacyguard-{os.getpid()}-{len(words)}")
        server.listen()

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(words)
                while connection.recv(1000):
                    pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:abstract=privacyguard-{os.getpid()}-{len(words)}")
        monkeypatch.delenv(backends.VARIABLE, raising=False)
        start = time.monotonic()
        with pytest.raises(NoPasswordStore):
            SystemKeyStore(HOME_ID, patience_s=PATIENCE_S).load("x")
        assert time.monotonic() - start < 10 * PATIENCE_S


# --- settings of others are not obeyed ---

EVIL = """
from pathlib import Path
Path({marker!r}).write_text("imported")
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username): return None
    def set_password(self, service, username, password): Path({marker!r}).write_text(password)
    def delete_password(self, service, username): pass
"""
OURS = f"""
from privacyguard.vault.keystore import SystemKeyStore
store = SystemKeyStore({HOME_ID!r})
store.save("x", "y")
print(store.load("x"), store.describe().backend)
import keyring
print(type(keyring.get_keyring()).__module__)
"""
PLAIN = "import keyring; keyring.set_password('service', 'x', 'y')"


@pytest.mark.parametrize(("program", "is_obeyed"), [(PLAIN, True), (OURS, False)])
def test_keyringrc_that_runs_code_is_not_obeyed(session: Session, program: str, is_obeyed: bool) -> None:
    marker = session.home / "evil-was-here"
    folder = session.home / "evil"
    folder.mkdir()
    (folder / "evil_keyring.py").write_text(EVIL.format(marker=str(marker)))
    settings = Path(session.environment["XDG_CONFIG_HOME"]) / "python_keyring"
    settings.mkdir(parents=True)
    text = f"[backend]\ndefault-keyring=evil_keyring.Keyring\nkeyring-path={folder}\n"
    (settings / "keyringrc.cfg").write_text(text)
    result = session.run([sys.executable, "-c", program], extra={"PYTHONPATH": str(ROOT)})
    assert result.returncode == 0, result.stderr
    assert marker.exists() == is_obeyed
    if not is_obeyed:
        assert result.stdout.split() == ["y", backends.FREEDESKTOP, "keyring.backends.SecretService"]


def test_an_allowed_class_in_the_environment_is_fine(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(backends.VARIABLE, backends.FREEDESKTOP)
    store = SystemKeyStore(HOME_ID)
    store.save("x", "y")
    assert store.load("x") == "y"


def test_attributes_from_the_environment_are_not_obeyed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    # The session collection lies in memory only: a key in it would be gone after the next sign-in.
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/org/freedesktop/secrets/collection/session")
    monkeypatch.setenv("KEYRING_PROPERTY_APPID", "zyxwuser")
    monkeypatch.setenv("KEYRING_PROPERTY_SCHEME", "KeePassXC")
    SystemKeyStore(HOME_ID).save("x", "y")
    ((_, attributes),) = items()
    assert attributes["application"] == "PrivacyGuard" and attributes["username"] == "x"


def test_an_entry_outlives_the_session(tmp_path: Path) -> None:
    for expected in (None, "y"):
        with keyring_session(home=tmp_path / "home") as session, as_own_environment(session):
            store = SystemKeyStore(HOME_ID)
            assert store.load("x") == expected
            store.save("x", "y")


def test_a_program_in_the_same_session_sees_the_same_entry(session: Session) -> None:
    SystemKeyStore(HOME_ID).save("x", "y")
    code = f"from privacyguard.vault.keystore import SystemKeyStore; print(SystemKeyStore({HOME_ID!r}).load('x'))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "y"
