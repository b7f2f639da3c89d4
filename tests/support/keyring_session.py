"""A private session with a real GNOME Keyring under a D-Bus of its own, in a home that is thrown away.

By hand: ``python -m tests.support.keyring_session COMMAND...`` runs a command in such a session.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from jeepney import MatchRule, message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from tests.support import children

PASSWORD = b"the test's own password"

# No folders of services: only what a test starts can appear on this bus, so no prompter that waits for a click.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

_SETTINGS_OF_OTHERS = ("XDG_", "DBUS_", "GNOME_", "KEYRING_", "PYTHON_KEYRING_", "PRIVACYGUARD_", "SSH_AUTH_SOCK")


class Store(Enum):
    """Which password store the session has. A locked one can be had with :meth:`Session.lock`."""

    UNLOCKED = "GNOME Keyring, open"
    MISSING = "a bus, but no Secret Service on it"
    NO_BUS = "no bus at all"


@dataclass(frozen=True)
class Session:
    """``home``: its HOME; ``runtime``: XDG_RUNTIME_DIR; ``environment``: everything a process in it is given."""

    home: Path
    runtime: Path
    environment: Mapping[str, str] = field(repr=False)
    servers: "list[subprocess.Popen[bytes]]" = field(default_factory=list, repr=False, compare=False)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        input: str | None = None,
        extra: Mapping[str, str] | None = None,
        timeout_s: float = 60,
        check: bool = False,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in the session to its end; ``extra``: more environment. Without ``input`` stdin is empty."""
        return subprocess.run(
            [str(word) for word in command],
            env={**self.environment, **(extra or {})},
            input=input if input is not None else "",
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=check,
        )

    def start(
        self, command: Sequence[str | Path], *, extra: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a command in the session with pipes on all three; it ends with the test at the latest."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return children.start([str(word) for word in command], {**self.environment, **(extra or {})}, **pipes)

    def begin(self, store: Store) -> None:
        """Start its bus and its password store, as far as it has them."""
        if store is not Store.NO_BUS:
            self.servers.append(_start_bus(self.runtime.parent, self.environment))
        if store is Store.UNLOCKED:
            self.servers.append(_start_keyring(self.environment))

    def end(self) -> None:
        """End them."""
        while self.servers:
            children.end(self.servers.pop())

    def revive(self) -> str:
        """Start an open one anew where a server of it ended, with the same entries. How they ended; empty where all run."""
        ended = [
            f"{server.args!r} ended with {server.returncode}" for server in self.servers if server.poll() is not None
        ]
        if ended:
            self.end()
            shutil.rmtree(self.runtime / "keyring", ignore_errors=True)
            self.begin(Store.UNLOCKED)
        return "; ".join(ended)

    def lock(self) -> None:
        """Lock the default collection. No prompter runs here, so it stays locked until :meth:`unlock`."""
        self.run([sys.executable, "-c", _LOCK], check=True)

    def unlock(self) -> None:
        """Open the default collection with its password, as signing in does."""
        # As pam_gnome_keyring asks: a byte for the credentials, then the size, the operation (unlock) and the password.
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.runtime / "keyring" / "control"))
            control.sendall(b"\0" + struct.pack("!III", 12 + len(PASSWORD), 1, len(PASSWORD)) + PASSWORD)
            assert control.recv(8) == struct.pack("!II", 8, 0), "it stays locked"


_LOCK = "import secretstorage as s\nwith s.dbus_init() as bus: s.get_default_collection(bus).lock()"


@contextmanager
def keyring_session(store: Store = Store.UNLOCKED, *, home: Path | None = None) -> Iterator[Session]:
    """A session; at the end its processes and files are gone. With ``home`` (kept at the end) a session comes back."""
    with ExitStack() as stack:
        # Not pytest's folder: the path of a socket has 107 letters at most.
        own = Path(stack.enter_context(_short_folder()))
        home = home or own / "home"
        runtime = own / "run"
        for folder in (home, runtime):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        environment = {
            **without_session(os.environ),
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / ".local" / "share"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_STATE_HOME": str(home / ".local" / "state"),
            "XDG_RUNTIME_DIR": str(runtime),
            # Named also where there is none, so that no library starts a bus of its own.
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={own / 'bus'}",
            "GNOME_KEYRING_CONTROL": str(runtime / "keyring"),
        }
        session = Session(home, runtime, environment)
        stack.callback(session.end)
        session.begin(store)
        yield session


def run_in_session(
    command: Sequence[str | Path], home: Path, store: Store = Store.UNLOCKED, **options: object
) -> "subprocess.CompletedProcess[str]":
    """Run one command in a session of its own with this home; ``options`` as of :meth:`Session.run`."""
    with keyring_session(store, home=home) as session:
        return session.run(command, **options)  # type: ignore[arg-type]


@contextmanager
def as_own_environment(session: Session) -> Iterator[Session]:
    """Put this very process into the session; afterwards its environment is as before, whatever was set meanwhile."""
    before = dict(os.environ)
    _replace_environment(session.environment)
    try:
        yield session
    finally:
        _replace_environment(before)


def without_session(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what belongs to the session of whoever runs the tests."""
    return {name: value for name, value in environment.items() if not name.startswith(_SETTINGS_OF_OTHERS)}


def _replace_environment(environment: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


@contextmanager
def _short_folder() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="session-", dir="/tmp")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start_bus(own: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    (own / "bus.conf").write_text(_BUS.format(socket=own / "bus"))
    return _started(
        lambda write: children.start(
            ["dbus-daemon", f"--config-file={own / 'bus.conf'}", "--nofork", f"--print-address={write}"],
            environment,
            pass_fds=[write],
        )
    )


def _started(begin: Callable[[int], "subprocess.Popen[bytes]"]) -> "subprocess.Popen[bytes]":
    read, write = os.pipe()
    try:
        server = begin(write)
        os.close(write)
        children.first_line(server, read)
    finally:
        os.close(read)
    return server


def _start_keyring(environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    control = f"--control-directory={environment['GNOME_KEYRING_CONTROL']}"
    daemon = children.start(
        ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock", control],
        environment,
        stdin=subprocess.PIPE,
    )
    assert daemon.stdin is not None
    daemon.stdin.write(PASSWORD)
    daemon.stdin.close()
    try:
        wait_for_name("org.freedesktop.secrets", environment["DBUS_SESSION_BUS_ADDRESS"])
    except TimeoutError:
        children.end(daemon)
        raise children.DidNotStart("gnome-keyring-daemon is not on the bus") from None
    return daemon


def wait_for_name(name: str, address: str) -> None:
    """Return when somebody has the name on the bus; it says nothing itself when it is ready."""
    rule = MatchRule(
        type="signal", sender="org.freedesktop.DBus", interface="org.freedesktop.DBus", member="NameOwnerChanged"
    )
    rule.add_arg_condition(0, name)
    with open_dbus_connection(address) as connection, connection.filter(rule) as news:
        bus = Proxy(message_bus, connection)
        bus.AddMatch(rule)
        if not bus.NameHasOwner(name)[0]:
            connection.recv_until_filtered(news, timeout=children.PATIENCE_S)


def main(command: Sequence[str]) -> int:
    """Run the command in a session with this terminal, and return its status."""
    with keyring_session() as session:
        return subprocess.run(command, env=dict(session.environment), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
