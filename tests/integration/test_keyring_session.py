"""The sessions that other tests rely on: a real password store, open, locked or missing, and nothing left over."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked

from tests.support import children
from tests.support.keyring_session import Session, Store, as_own_environment, keyring_session, run_in_session

Sessions = Callable[..., Session]

SET = "from keyring.backends.SecretService import Keyring; Keyring().set_password('service', 'entry', 'sécrét')"
GET = "from keyring.backends.SecretService import Keyring; print(Keyring().get_password('service', 'entry'))"


def running(session: Path) -> dict[str, int]:
    """The processes that name the session's folder in their command, by program; those that ended are left out."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text().split("\0")
        except OSError:  # it ended meanwhile
            continue
        if any(str(session) in word for word in command):
            found[Path(command[0]).name] = int(folder.name)
    return found


def test_a_secret_comes_back_from_the_real_store(secret_service: Session) -> None:
    store = Keyring()
    store.set_password("service", "entry", "sécrét")
    assert store.get_password("service", "entry") == "sécrét"
    store.delete_password("service", "entry")
    assert store.get_password("service", "entry") is None


def test_a_secret_is_not_on_the_disk_in_clear(keyring_sessions: Sessions) -> None:
    session = keyring_sessions()
    session.run([sys.executable, "-c", SET], check=True)
    files = [file for file in session.home.rglob("*") if file.is_file()]
    assert any(file.suffix == ".keyring" for file in files)
    assert not any("sécrét".encode() in file.read_bytes() for file in files)


def test_a_locked_store_refuses_until_it_is_unlocked(keyring_sessions: Sessions) -> None:
    with as_own_environment(keyring_sessions()) as session:
        Keyring().set_password("service", "entry", "sécrét")
        session.lock()
        with pytest.raises(KeyringLocked):
            Keyring().get_password("service", "entry")
        session.unlock()
        assert Keyring().get_password("service", "entry") == "sécrét"


@pytest.mark.parametrize("store", [Store.MISSING, Store.NO_BUS])
def test_without_a_store_there_is_no_backend(keyring_sessions: Sessions, store: Store) -> None:
    usable = "from keyring.backends.SecretService import Keyring; print(Keyring.viable)"
    assert keyring_sessions(store).run([sys.executable, "-c", usable]).stdout == "False\n"
    assert keyring_sessions().run([sys.executable, "-c", usable]).stdout == "True\n"


def test_a_bus_is_there_also_where_the_store_is_missing(keyring_sessions: Sessions) -> None:
    connect = "import secretstorage; secretstorage.dbus_init().close(); print('connected')"
    assert keyring_sessions(Store.MISSING).run([sys.executable, "-c", connect]).stdout == "connected\n"
    assert keyring_sessions(Store.NO_BUS).run([sys.executable, "-c", connect]).returncode == 1


def test_the_store_comes_back_with_its_home(tmp_path: Path) -> None:
    assert run_in_session([sys.executable, "-c", SET], tmp_path).returncode == 0
    assert run_in_session([sys.executable, "-c", GET], tmp_path).stdout == "sécrét\n"
    assert run_in_session([sys.executable, "-c", GET], tmp_path / "other").stdout == "None\n"


@pytest.mark.parametrize("ended", [0, 1])
def test_a_store_that_ended_comes_back_with_its_entries(keyring_sessions: Sessions, ended: int) -> None:
    session = keyring_sessions()
    session.run([sys.executable, "-c", SET], check=True)
    assert session.revive() == ""
    session.servers[ended].kill()
    session.servers[ended].wait()
    assert "ended with -9" in session.revive()
    assert session.run([sys.executable, "-c", GET]).stdout == "sécrét\n"
    assert session.revive() == ""


def test_two_sessions_do_not_see_each_other(keyring_sessions: Sessions) -> None:
    one, two = keyring_sessions(), keyring_sessions()
    one.run([sys.executable, "-c", SET], check=True)
    assert one.run([sys.executable, "-c", GET]).stdout == "sécrét\n"
    assert two.run([sys.executable, "-c", GET]).stdout == "None\n"


def test_the_environment_is_as_before_whatever_was_set_inside(keyring_sessions: Sessions) -> None:
    before = dict(os.environ)
    with as_own_environment(keyring_sessions()) as session:
        os.environ["PYTHON_KEYRING_BACKEND"] = "set.inside"
        del os.environ["PATH"]
        assert os.environ["HOME"] == str(session.home)
    assert dict(os.environ) == before


def test_nothing_of_whoever_runs_the_tests_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("PRIVACYGUARD_HOME", "/somewhere")
    with keyring_session(Store.NO_BUS) as session:
        assert {"PYTHON_KEYRING_BACKEND", "PRIVACYGUARD_HOME"}.isdisjoint(session.environment)


def test_no_process_and_no_file_is_left_over() -> None:
    with keyring_session() as session:
        own = session.runtime.parent
        assert set(running(own)) == {"dbus-daemon", "gnome-keyring-daemon"}
    assert running(own) == {}
    assert not own.exists()


def test_no_process_is_left_over_when_the_tests_are_killed() -> None:
    program = (
        "import sys; from tests.support.keyring_session import keyring_session\n"
        "with keyring_session() as session: print(session.runtime.parent, flush=True); sys.stdin.read()"
    )
    tests = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert tests.stdout is not None
    own = Path(tests.stdout.readline().strip())
    servers = running(own)
    assert set(servers) == {"dbus-daemon", "gnome-keyring-daemon"}
    tests.kill()
    tests.communicate()
    for process in servers.values():
        children.wait_for_end(process)
    assert running(own) == {}
    shutil.rmtree(own)


def test_a_server_that_is_not_installed_is_named() -> None:
    with pytest.raises(children.DidNotStart, match="no-such-server is not installed"):
        children.start(["no-such-server"], os.environ)


def test_a_server_that_ends_at_once_is_noticed() -> None:
    read, write = os.pipe()
    server = children.start(["false"], os.environ, pass_fds=[write])
    os.close(write)
    with pytest.raises(children.DidNotStart):
        children.first_line(server, read)
    os.close(read)
