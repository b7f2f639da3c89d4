"""What every test may use. No test reaches the home, the password store or the screen of whoever runs it."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.keyring_session import Session, Store, as_own_environment, keyring_session, without_session

LFW_DEV = Path(__file__).resolve().parents[2] / "shared" / "lfw-dev"


class Portraits(NamedTuple):
    """Two people, one picture each, free for everyone (THIRD_PARTY_NOTICES.md)."""

    astronaut: Path
    grace_hopper: Path


@pytest.fixture(scope="session", autouse=True)
def away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home, no session bus, no screen, English words. The value is the home."""
    home = tmp_path_factory.mktemp("home")
    before = dict(os.environ)
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    own = without_session(before) | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home / 'no-bus'}",
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "LANGUAGE"):
        own.pop(name, None)
    os.environ.clear()
    os.environ.update(own)
    yield home
    os.environ.clear()
    os.environ.update(before)


_SHARED: list[Session] = []


@pytest.fixture(scope="session")
def running_store() -> Iterator[Session]:
    """One session with an open GNOME Keyring for all tests that need nothing else of it."""
    with keyring_session() as session:
        _SHARED.append(session)
        yield session
        _SHARED.remove(session)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A store that ended costs the test in which it did, not all that follow; it is told in any case."""
    for session in _SHARED:
        told = session.revive()
        if told and sys.__stderr__ is not None:
            sys.__stderr__.write(f"\nbefore {item.nodeid}: {told}\n")


@pytest.fixture
def secret_service(running_store: Session) -> Iterator[Session]:
    """This process is in a session with an open GNOME Keyring. Entries of other tests may be in it."""
    with as_own_environment(running_store):
        yield running_store


@pytest.fixture
def keyring_sessions() -> Iterator[Callable[..., Session]]:
    """Starts sessions of this test's own, for its subprocesses: ``keyring_sessions(Store.MISSING, home=...)``.

    ``with as_own_environment(session)`` puts the test itself into one.
    """
    with ExitStack() as stack:

        def start(store: Store = Store.UNLOCKED, *, home: Path | None = None) -> Session:
            return stack.enter_context(keyring_session(store, home=home))

        yield start


@pytest.fixture(scope="session")
def lfw_dev() -> Path:
    """The development faces beside the project: ``enrolled/<person>/*.jpg`` and ``others/*.jpg``. Never copy them."""
    if not LFW_DEV.is_dir():
        pytest.skip("the development faces are not beside the project (../shared/lfw-dev)")
    return LFW_DEV


@pytest.fixture(scope="session")
def free_portraits() -> Portraits:
    """Two photos that come inside packages: astronaut.png 512 x 512 (a face), grace_hopper.jpg 512 x 600 (another)."""
    return Portraits(
        _inside("skimage", "data/astronaut.png"), _inside("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")
    )


def _inside(package: str, path: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.submodule_search_locations
    file = Path(found.submodule_search_locations[0], path)
    assert file.is_file(), file
    return file
