"""Which password store may be used: our list decides, whatever the environment says. No store is needed for these."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from privacyguard.errors import NoPasswordStore, PasswordStoreRefused
from privacyguard.vault import backends
from privacyguard.vault.keystore import SystemKeyStore, home_id

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "name",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.SecretService.Keyring ",
        "KEYRING.backends.SecretService.Keyring",
        "os.system",
        "nonsense",
    ],
)
def test_a_class_that_is_not_on_the_list_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(backends.VARIABLE, name)
    store = SystemKeyStore("0" * 32)
    for ask in (lambda: store.load("x"), lambda: store.save("x", "y"), lambda: store.delete("x"), store.describe):
        with pytest.raises(PasswordStoreRefused) as caught:
            ask()
        assert caught.value.remedy
        assert str(caught.value) == (name if name.strip() == name else "not a class")
    assert os.environ[backends.VARIABLE] == name


def test_what_is_no_class_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(backends.VARIABLE, "ann@example.org /home/ann")
    with pytest.raises(PasswordStoreRefused) as caught:
        SystemKeyStore("0" * 32).load("x")
    assert str(caught.value) == "not a class"


NULL = "keyring.backends.null.Keyring"


def test_a_class_of_low_priority_is_refused_even_if_it_were_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "allowed", lambda platform: (NULL,))
    monkeypatch.setenv(backends.VARIABLE, NULL)
    with pytest.raises(PasswordStoreRefused) as caught:
        SystemKeyStore("0" * 32).load("x")
    assert str(caught.value) == NULL


def test_a_store_that_does_not_keep_what_it_took_is_refused() -> None:
    from keyring.backends.null import Keyring

    store = SystemKeyStore("0" * 32)
    store._chosen = Keyring()
    with pytest.raises(PasswordStoreRefused) as caught:
        store.save("vault-key-1", "zyxw-secret")
    assert str(caught.value) == NULL


@pytest.mark.parametrize(
    ("platform", "first"),
    [("linux", "SecretService"), ("freebsd14", "SecretService"), ("darwin", "macOS"), ("win32", "Windows")],
)
def test_each_system_has_its_own_store_first(platform: str, first: str) -> None:
    assert f".{first}." in backends.allowed(platform)[0]
    assert not any(word in name for name in backends.allowed(platform) for word in ("null", "fail", "Plain", "chain"))


def test_no_bus_is_no_store_and_the_next_try_starts_afresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for address in (f"unix:path={tmp_path}/none", "", "nonsense", "tcp:host=localhost,port=1", "unix:abstract=zyxw"):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.delenv(backends.VARIABLE, raising=False)
        with pytest.raises(NoPasswordStore) as caught:
            SystemKeyStore("0" * 32, patience_s=5).load("x")
        assert str(tmp_path) not in str(caught.value)
        assert backends.VARIABLE not in os.environ
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    with pytest.raises(NoPasswordStore):
        SystemKeyStore("0" * 32, patience_s=5).load("x")


def test_the_wanted_store_that_is_not_there_is_no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    for name in backends.allowed("linux"):
        monkeypatch.setenv(backends.VARIABLE, name)
        with pytest.raises(NoPasswordStore):
            SystemKeyStore("0" * 32, patience_s=5).load("x")
        assert os.environ[backends.VARIABLE] == name


def test_the_store_and_the_database_are_imported_at_first_use_only() -> None:
    modules = ["vault", "keystore", "forget", "unlocking", "database"]
    imports = ";".join(f"import privacyguard.vault.{name}" for name in modules)
    check = "import sys; print([m for m in ('keyring', 'sqlcipher3', 'secretstorage', 'jeepney') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", f"{imports};{check}"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.strip() == "[]"


def test_a_home_gets_one_id_and_keeps_it(tmp_path: Path) -> None:
    first = home_id(tmp_path / "a")
    assert home_id(tmp_path / "a") == first
    assert home_id(tmp_path / "b") != first
    assert len(first) == 32 and set(first) <= set("0123456789abcdef")
    assert (tmp_path / "a" / "home-id").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["home-id"]


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 32, b"../" * 11, b"g" * 32])
def test_a_home_id_cut_by_a_kill_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "home-id").write_bytes(content)
    (tmp_path / "home-id.new").write_bytes(b"left")
    new = home_id(tmp_path)
    assert len(new) == 32 and home_id(tmp_path) == new
