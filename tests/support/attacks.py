"""What a worker that a hostile picture took over would try (threat model, T6). Importable by ``spawn``: plain functions.

``python -m tests.support.attacks HOME FOLDER`` tries the same without any confinement, in a child of a process that nobody
needs, because some of it is aimed at the parent, and prints what came of it as JSON.
"""

import ctypes
import errno
import json
import multiprocessing
import os
import resource
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path

from privacyguard.analysis import confine, landlock, worker

SECOND_OPINION = b"start the second opinion"
SECRET, GIVEN, MADE = ".ssh/x", "given.jpg", "made"
"""In the home: a file that nobody handed over. In the folder: the one that was, and what an attack would leave."""

ARM = os.uname().machine == "aarch64"
PTRACE_SEIZE, CLONE_NEWUSER, AF_VSOCK, OF_THIS_PROCESS = 0x4206, 0x10000000, 40, -2


@dataclass(frozen=True)
class Target:
    """What there is to attack. ``given``: the descriptor that was handed over."""

    parent: int
    home: Path
    folder: Path
    given: int


Attack = Callable[[Target], object]


def libc(name: str, *arguments: object, through: tuple[int, ...] = ()) -> int:
    """Call a function of the C library; an error whose number is in ``through`` still means that the kernel did it."""
    function = ctypes.CDLL(None, use_errno=True)[name]
    function.restype = ctypes.c_int
    done: int = function(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if done < 0 and ctypes.get_errno() not in through:
        raise OSError(ctypes.get_errno(), name)
    return done


def connect(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def pair_of_sockets(target: Target) -> None:
    for end in socket.socketpair():
        end.close()


def connect_to(target: Target) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", 9))


def fork(target: Target) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def new_program(target: Target) -> None:
    """No program is at that place: "not found" says that it was looked for."""
    libc("execve", b"/nowhere/at/all", None, None, through=(errno.ENOENT, errno.EFAULT))


def start_program(target: Target) -> None:
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def memory_of_parent(target: Target) -> None:
    here = ctypes.create_string_buffer(8)
    span = (ctypes.c_void_p * 2)(ctypes.addressof(here), 8)
    libc("process_vm_readv", target.parent, span, 1, span, 1, 0, through=(errno.EFAULT,))


def limit_of_parent(target: Target) -> None:
    same = resource.prlimit(target.parent, resource.RLIMIT_CORE)
    resource.prlimit(target.parent, resource.RLIMIT_CORE, same)


def file_without_a_name(target: Target) -> None:
    descriptor = os.memfd_create("x")
    os.write(descriptor, b"x")
    os.close(descriptor)


def write(path: Path) -> None:
    path.write_bytes(b"x")
    path.unlink()


def write_through_given(target: Target) -> None:
    os.close(os.open(f"/proc/self/fd/{target.given}", os.O_RDWR))


def next_to_given(target: Target) -> None:
    os.close(os.open("..", os.O_RDONLY, dir_fd=os.open(target.folder, os.O_PATH)))


def name(target: Target, make: Callable[[Path, Path], object]) -> None:
    made = target.folder / MADE
    make(target.folder / GIVEN, made)
    made.unlink()


def new_folder(target: Target) -> None:
    (target.folder / MADE).mkdir()
    (target.folder / MADE).rmdir()


def command_to_given(target: Target) -> None:
    """Asks for the file's flags (FS_IOC_GETFLAGS); setting them is a command of the same kind."""
    answer = ctypes.create_string_buffer(8)
    libc("ioctl", target.given, 0x80086601, answer, through=(errno.ENOTTY,))


def rename(target: Target) -> None:
    (target.folder / GIVEN).rename(target.folder / MADE)
    (target.folder / MADE).rename(target.folder / GIVEN)


def fork_by_number(target: Target) -> None:
    """clone() without a thread, past the C library's own."""
    child = libc("syscall", 220 if ARM else 56, 17, 0, 0, 0, 0)  # 17: SIGCHLD, as fork does
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


ON_FILES = (
    "read what was not handed over|read the file that was, by its name|write the file that was|read next to it|"
    "read /etc/passwd|list /|list the home|memory of the parent by file|environment of the parent|"
    "open files of the parent|list all processes|write in the home|write in /tmp|write in /dev/shm|a folder|a link|"
    "a symbolic link|another name|start a program"
).split("|")
"""What Landlock refuses by itself."""

ATTACKS: dict[str, Attack] = {
    "socket inet": lambda t: connect(socket.AF_INET, socket.SOCK_STREAM),
    "socket inet6": lambda t: connect(socket.AF_INET6, socket.SOCK_STREAM),
    "socket udp": lambda t: connect(socket.AF_INET, socket.SOCK_DGRAM),
    "socket unix": lambda t: connect(socket.AF_UNIX, socket.SOCK_STREAM),
    "socket netlink": lambda t: connect(socket.AF_NETLINK, socket.SOCK_RAW),
    "socket vsock": lambda t: connect(AF_VSOCK, socket.SOCK_STREAM),
    "a pair of sockets": pair_of_sockets,
    "connect": connect_to,
    "look up a name": lambda t: socket.getaddrinfo("localhost", 443),
    "io_uring": lambda t: libc("syscall", 425, 1, None, through=(errno.EFAULT,)),
    "read what was not handed over": lambda t: (t.home / SECRET).read_bytes(),
    "read the file that was, by its name": lambda t: (t.folder / GIVEN).read_bytes(),
    "write the file that was": write_through_given,
    "change its rights": lambda t: os.fchmod(t.given, 0o600),
    "change its times": lambda t: os.utime(t.given),
    "note something on it": lambda t: os.setxattr(t.given, "user.x", b"x"),
    "read next to it": next_to_given,
    "read /etc/passwd": lambda t: Path("/etc/passwd").read_bytes(),
    "list /": lambda t: list(Path("/").iterdir()),
    "list the home": lambda t: list(t.home.iterdir()),
    "memory of the parent by file": lambda t: open(f"/proc/{t.parent}/mem", "rb").close(),
    "environment of the parent": lambda t: Path(f"/proc/{t.parent}/environ").read_bytes(),
    "open files of the parent": lambda t: list(Path(f"/proc/{t.parent}/fd").iterdir()),
    "list all processes": lambda t: list(Path("/proc").iterdir()),
    "memory of the parent": memory_of_parent,
    "write in the home": lambda t: write(t.home / MADE),
    "write in /tmp": lambda t: write(Path(f"/tmp/{MADE}-{os.getpid()}")),
    "write in /dev/shm": lambda t: write(Path(f"/dev/shm/{MADE}-{os.getpid()}")),
    "a folder": new_folder,
    "a link": lambda t: name(t, lambda given, made: made.hardlink_to(given)),
    "a symbolic link": lambda t: name(t, lambda given, made: made.symlink_to(given)),
    "another name": rename,
    "memory as a file": file_without_a_name,
    "memory shared by name": lambda t: libc("shmctl", libc("shmget", 0, 4096, 0o1600), 0, None),
    "fork": fork,
    "fork by number": fork_by_number,
    "execve": new_program,
    "start a program": start_program,
    "a signal to the parent": lambda t: os.kill(t.parent, 0),
    "a signal to a thread of the parent": lambda t: libc("syscall", 131 if ARM else 234, t.parent, t.parent, 0),
    "a handle of the parent": lambda t: os.close(os.pidfd_open(t.parent)),
    "ptrace": lambda t: libc("ptrace", PTRACE_SEIZE, t.parent, None, None),
    "limits of the parent": limit_of_parent,
    "cores of the parent": lambda t: os.sched_setaffinity(t.parent, os.sched_getaffinity(t.parent)),
    "priority of the parent": lambda t: os.setpriority(os.PRIO_PROCESS, t.parent, os.getpriority(0, t.parent)),
    "outlive the parent": lambda t: libc("prctl", 1, 0, 0, 0, 0),
    "be looked into": lambda t: libc("prctl", 4, 1, 0, 0, 0),
    "keys of the kernel": lambda t: libc("syscall", 217 if ARM else 248, b"user", b"x", b"y", 1, OF_THIS_PROCESS),
    "watch files": lambda t: os.close(libc("inotify_init1", 0)),
    "a command to a file": command_to_given,
    "x32": lambda t: libc("syscall", 0x40000000 + 39),
    "a call of tomorrow": lambda t: libc("syscall", 500),
    "unshare": lambda t: libc("unshare", CLONE_NEWUSER),
}


def attempt(target: Target) -> dict[str, str | None]:
    """What came of each attack: None where it succeeded, otherwise the error's name."""
    results: dict[str, str | None] = {}
    for attack, act in ATTACKS.items():
        try:
            act(target)
        except OSError as error:
            results[attack] = errno.errorcode.get(error.errno or 0, str(error))
        else:
            results[attack] = None
    return results


def confined(connection: Connection, parent: int, home: str, folder: str) -> None:
    """A real worker, but for its requests: first all attacks, then pictures' contents, answered as usual."""
    looker, _told = worker.prepare(connection, parent)
    target = Target(parent, Path(home), Path(folder), recv_handle(connection))
    connection.send_bytes(json.dumps(attempt(target)).encode())
    while True:
        try:
            content = connection.recv_bytes()
        except EOFError:
            return
        if content == SECOND_OPINION:
            # Only now: numpy starts threads, which Landlock does not bind.
            from privacyguard.faces import second_opinion

            connection.send_bytes(second_opinion.start().encode())
        else:
            connection.send_bytes(looker.answer({"do": "analyse", "cuts": False}, content))


def behind_landlock(connection: Connection, parent: int, home: str, folder: str) -> None:
    """The same attacks where only files were closed off, and system calls are not filtered yet."""
    confine.begin(parent, connection.fileno())
    target = Target(parent, Path(home), Path(folder), recv_handle(connection))
    connection.send_bytes(json.dumps(attempt(target)).encode())


def behind_each_landlock(connection: Connection, parent: int) -> None:
    """The rules of every version that this kernel knows, from the oldest on: which it took, and what can be read then."""
    libc("prctl", 38, 1, 0, 0, 0)  # no new privileges
    for version in range(1, (known := landlock.version()) + 1):
        landlock.only_read([Path("/usr"), Path("/dev/null"), Path("/nowhere")], version)
    readable = [place for place in ("/usr/bin", "/etc", "/dev/null", "/dev/zero") if can_read(Path(place))]
    connection.send_bytes(json.dumps({"known": known, "readable": readable}).encode())


def can_read(place: Path) -> bool:
    try:
        os.close(os.open(place, os.O_RDONLY))
    except PermissionError:
        return False
    return True


def unconfined(connection: Connection, parent: int, home: str, folder: str) -> None:
    """The same attacks from a child that gave up nothing."""
    target = Target(parent, Path(home), Path(folder), recv_handle(connection))
    connection.send_bytes(json.dumps(attempt(target)).encode())


def main(home: str, folder: str) -> None:
    """Print what an unconfined child of this process achieves."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=unconfined, args=(theirs, os.getpid(), home, folder), daemon=True)
    child.start()
    given = os.open(Path(folder, GIVEN), os.O_RDONLY)
    send_handle(ours, given, child.pid or 0)
    print(ours.recv_bytes(100_000).decode())
    child.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
