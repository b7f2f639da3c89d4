"""A clean Debian system in a folder, made with debootstrap, and a person's session in it: their systemd, bus, password store.

Needs the superuser. The system comes from where this computer's apt gets its own. Its processes and mounts are in namespaces
that go with it, and what runs in a session has no network.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

USER, USER_ID = "zoe", 1000
HOME, RUNTIME = f"/home/{USER}", f"/run/user/{USER_ID}"
PASSWORD = "a password"
DESKTOP = ("dbus-user-session", "gnome-keyring", "at-spi2-core", "matchbox-window-manager", "systemd")
"""What a desktop has anyway, as small as it can be had: a session, a password store, a bus for screen readers, windows."""

# The first process waits for those whose parents ended: dash, which takes in all while it waits.
_FIRST = """
set -e
mount --rbind /dev "$1/dev"
mount --rbind /sys "$1/sys"
mount -t proc proc "$1/proc"
mkdir -p /tmp/.X11-unix "$1/tmp/.X11-unix" "$1/run/systemd/system"
mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
echo ready
exec chroot "$1" /usr/bin/env -i sh -c 'sleep infinity & wait'
"""

_IN_GROUPS = 'for group in $GROUPS_OF_IT; do echo $$ > "$group/cgroup.procs"; done; exec "$@"'


@dataclass(frozen=True)
class System:
    """The clean system in ``root``; ``first``: the number of its first process, here."""

    root: Path
    first: int

    def __call__(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command of its superuser, to its end."""
        return subprocess.run(self.command(words, {}), capture_output=True, text=True, timeout=900, check=False)

    def command(self, words: Sequence[str], environment: dict[str, str], folder: str = "/") -> list[str]:
        """How it is started."""
        base = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        named = [f"{name}={value}" for name, value in {**base, **environment}.items()]
        inside = ["nsenter", f"--target={self.first}", "--mount", "--pid", "--root", "--wd", "--"]
        return [*inside, "/usr/bin/env", f"--chdir={folder}", "-i", *named, *words]

    def install(self, *packages: str) -> None:
        """Packages, with what they need and nothing else."""
        done = self("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def files(self) -> set[str]:
        """Every file and folder, but what apt and dpkg keep for themselves and what the system writes by itself."""
        left_out = ("/proc", "/dev", "/run", "/sys", "/tmp", "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log")
        names = (f"/{path.relative_to(self.root)}" for path in self.root.rglob("*"))
        return {name for name in names if not name.startswith(left_out)}


@contextmanager
def clean_system() -> Iterator[System]:
    """A system with :data:`DESKTOP` and a person; at the end its processes and files are gone."""
    mirror, release = _mirror()
    with tempfile.TemporaryDirectory(prefix="clean-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the person's own programs are reached from here too
        root = Path(folder) / "root"
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", release, str(root), mirror],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout[-2000:]
        with running(root) as system:
            system.install(*DESKTOP)
            assert system("useradd", "--create-home", "--uid", str(USER_ID), USER).returncode == 0
            yield system


@contextmanager
def running(root: Path) -> Iterator[System]:
    """The system in ``root``, in namespaces of its own."""
    outer = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"]
        + ["sh", "-c", _FIRST, "first", str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # unshare complains of its own end
        text=True,
    )
    assert outer.stdout is not None
    with outer:
        assert outer.stdout.readline() == "ready\n"
        (first,) = children_of(outer.pid)
        try:
            yield System(root, first)
        finally:
            os.kill(first, signal.SIGKILL)  # and so everything in it


def children_of(process: int) -> list[int]:
    """The numbers of the processes that it started."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]


def _mirror() -> tuple[str, str]:
    """Where this computer's apt gets the release from, and the release."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    release = Path("/etc/os-release").read_text("utf-8").partition("VERSION_CODENAME=")[2].splitlines()[0]
    return next(line.split()[0] for line in told.splitlines() if line.split()[1:] == [release, "main"]), release


@dataclass(frozen=True)
class Session:
    """The person is logged in, at the screen ``display``."""

    system: System
    display: str

    @property
    def bus(self) -> Path:
        """The socket of the session's bus, from here."""
        return self.system.root / RUNTIME[1:] / "bus"

    def command(self, *words: str, **more: str) -> list[str]:
        """How a command of theirs is started."""
        environment = {
            "HOME": HOME,
            "USER": USER,
            "DISPLAY": self.display,
            "XDG_RUNTIME_DIR": RUNTIME,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={RUNTIME}/bus",
            **more,
        }
        person = ["setpriv", f"--reuid={USER_ID}", f"--regid={USER_ID}", "--init-groups"]
        return self.system.command(["unshare", "--net", "--", *person, *words], environment, HOME)

    def run(self, *words: str, typed: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        """A command of theirs, to its end. ``typed``: its standard input; ``more``: of its environment."""
        command = self.command(*words, **more)
        return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=300, check=False)

    @contextmanager
    def program(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """A program of theirs while it is used; then it is told to end, as logging out does, and has to."""
        with subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as it:
            try:
                yield it
                assert it.poll() is None, it.communicate()
            finally:
                for inside in children_of(it.pid):  # nsenter waits for the program, and ends as it does
                    os.kill(inside, signal.SIGTERM)
                it.communicate(timeout=30)


@contextmanager
def session(system: System, display: str) -> Iterator[Session]:
    """The person logs in: their systemd starts what they need, and the password store is opened with their password."""
    it = Session(system, display)
    runtime = system.root / RUNTIME[1:]
    with ExitStack() as stack:
        groups = [stack.enter_context(_control_group(tree)) for tree in _trees_of_groups()]
        runtime.mkdir(mode=0o700, parents=True)
        os.chown(runtime, USER_ID, USER_ID)
        stack.callback(lambda: system("rm", "-r", RUNTIME))
        said = stack.enter_context(tempfile.TemporaryFile())
        systemd = subprocess.Popen(
            ["sh", "-c", _IN_GROUPS, "in-groups", *it.command("/usr/lib/systemd/systemd", "--user")],
            env={**os.environ, "GROUPS_OF_IT": " ".join(map(str, groups))},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        stack.callback(systemd.wait, 60)
        stack.callback(it.run, "systemctl", "--user", "exit")
        _wait_for(runtime / "systemd/private", systemd, said)
        done = it.run("systemctl", "--user", "--wait", "is-system-running")
        assert done.stdout == "running\n", done.stdout + done.stderr
        # As the start of a desktop does: what is started over the bus is to find the screen too.
        assert it.run("dbus-update-activation-environment", "--systemd", "DISPLAY").returncode == 0
        assert it.run("gnome-keyring-daemon", "--unlock", "--components=secrets", typed=PASSWORD).returncode == 0
        yield it


def _trees_of_groups() -> list[Path]:
    trees = [Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/systemd"), Path("/sys/fs/cgroup/unified")]
    return [tree for tree in trees if (tree / "cgroup.procs").is_file()]


@contextmanager
def _control_group(tree: Path) -> Iterator[Path]:
    """A group that is the person's: their systemd puts what it starts into groups below it."""
    group = tree / f"session-{os.getpid()}"
    group.mkdir()
    for path in (group, group / "cgroup.procs"):
        os.chown(path, USER_ID, USER_ID)
    try:
        yield group
    finally:
        for folder in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
            folder.rmdir()
        group.rmdir()


def _wait_for(socket: Path, systemd: "subprocess.Popen[bytes]", said: IO[bytes], seconds: int = 60) -> None:
    """Until it listens there; what it ``said`` if it does not."""
    end = time.monotonic() + seconds
    while not socket.exists():
        if systemd.poll() is not None or time.monotonic() > end:
            said.seek(0)
            raise AssertionError(f"systemd ended with {systemd.poll()}: {said.read()!r}")
        time.sleep(0.05)
