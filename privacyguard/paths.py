"""The folders we use, also inside a frozen app. Only ``app`` and ``cli`` ask; everything below gets plain paths."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from privacyguard.errors import VaultUnwritable

HOME_VARIABLE = "PRIVACYGUARD_HOME"

OBEYED_LIBRARIES = "LD_LIBRARY_PATH_ORIG"
"""Where the installed app's starter keeps the LD_LIBRARY_PATH that it found, behind its own folder."""

_FOREIGN_PLACES = frozenset(
    {
        "LD_LIBRARY_PATH",
        OBEYED_LIBRARIES,
        "QT_PLUGIN_PATH",
        "QT_QPA_PLATFORM_PLUGIN_PATH",
        "QML_IMPORT_PATH",
        "QML2_IMPORT_PATH",
        "OPENCV_VIDEOIO_PLUGIN_PATH",
    }
)


@dataclass(frozen=True)
class Paths:
    """Where things are.

    ``home``: settings, vault, index and log; ``runtime``: temporary files and sockets, in memory where the system
    has such a folder; ``is_moved``: ``PRIVACYGUARD_HOME`` is set, so this home stands apart (tests, portable use).
    """

    home: Path
    runtime: Path
    is_moved: bool

    @property
    def settings(self) -> Path:
        """settings.toml."""
        return self.home / "settings.toml"

    @property
    def log(self) -> Path:
        """The folder of the log files."""
        return self.home / "log"

    @property
    def obeys_redirections(self) -> bool:
        """Whether settings may point a source at this computer: only in a moved home, never in an installed app."""
        return self.is_moved and not is_frozen()


def find_paths(environment: Mapping[str, str]) -> Paths:
    """The folders that this environment asks for. Nothing is made."""
    moved = environment.get(HOME_VARIABLE, "")
    if moved:
        home = Path(moved).expanduser().absolute()
    else:
        from platformdirs import user_data_path

        home = user_data_path("privacyguard", appauthor=False)
    in_memory = environment.get("XDG_RUNTIME_DIR", "")
    runtime = Path(in_memory) / "privacyguard" if _is_ours(in_memory) else home / "runtime"
    return Paths(home, runtime, bool(moved))


def make_private(folder: Path) -> None:
    """Make the folder, its parents too, so that only its owner can look inside.

    Raises:
        VaultUnwritable: it cannot be made, or belongs to somebody else.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError:
        raise VaultUnwritable("the folder cannot be made") from None


@contextmanager
def temporary_files(runtime: Path) -> Iterator[Path]:
    """A folder of this process for temporary files below ``runtime``, gone at the end; what others left is removed.

    Libraries get it too: TMPDIR and ``tempfile`` point at it meanwhile. Where ``runtime`` cannot be made, the system's
    own temporary folder serves, so that ``doctor`` can still say what is wrong.
    """
    own = _own_folder(runtime)
    before, variable = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(own)
    try:
        yield own
    finally:
        tempfile.tempdir = before
        if variable is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = variable
        shutil.rmtree(own, ignore_errors=True)
        with suppress(OSError):  # another copy still uses it
            runtime.rmdir()


def _own_folder(runtime: Path) -> Path:
    own = runtime / f"tmp-{os.getpid()}"
    try:
        make_private(runtime)
        for left in runtime.glob("tmp-*"):
            if not _is_running(left.name.removeprefix("tmp-")):
                shutil.rmtree(left, ignore_errors=True)
        make_private(own)
    except VaultUnwritable:
        return Path(tempfile.mkdtemp(prefix="privacyguard-"))
    return own


@contextmanager
def throw_away_folder(prefix: str) -> Iterator[Path]:
    """A folder of ours for temporary files, gone at the end."""
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)


def resources() -> Path:
    """The folder of our own texts, icons and catalogues."""
    return program() / "resources"


def program() -> Path:
    """The folder that holds the program: of the frozen app, or of the sources."""
    return Path(getattr(sys, "_MEIPASS", Path(__file__).parent.parent))


def is_frozen() -> bool:
    """Whether this is an installed app rather than the sources."""
    return bool(getattr(sys, "frozen", False))


def names_foreign_places(variable: str) -> bool:
    """Whether an environment variable would bring libraries or code into the app that are not its own (threat model, 10)."""
    return variable in _FOREIGN_PLACES or variable.startswith(("PYTHON", "DYLD_"))


def _is_ours(folder: str) -> bool:
    if not folder or not os.path.isabs(folder) or os.name != "posix":
        return False
    try:
        status = os.stat(folder)
    except OSError:
        return False
    # The specification asks for both; a folder that others can write is no place for a socket.
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _is_running(process_id: str) -> bool:
    """Whether a process with this number runs; on systems where asking would end it, the answer is no."""
    if not process_id.isdecimal() or os.name != "posix":
        return False
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
