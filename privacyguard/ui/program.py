"""What the program with a window and the resting one do alike: one of them for each home, ended by signals."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QSettings, QSocketNotifier, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from privacyguard.again import become
from privacyguard.errors import VaultUnwritable
from privacyguard.net.instance import Instance, Role, claim
from privacyguard.paths import Paths, make_private, resources
from privacyguard.startup import Started


def go_on(arguments: Sequence[str]) -> int:
    """Go on as this program with these arguments; the exit status where there is none to be started any more."""
    from privacyguard.guards import own_program  # here: a window that opens needs none of it before it is painted

    program = own_program()
    if program is not None:
        become(program, arguments)
    return 1


@contextmanager
def first_window(paths: Paths) -> Iterator[Instance | None]:
    """Be the window that later starts bring to the front. None where there is one, or no folder for a socket."""
    try:
        make_private(paths.home)
        make_private(paths.runtime)
        instance = claim(paths.runtime, paths.home, Role.WINDOW)
    except (OSError, VaultUnwritable):  # the vault says what is wrong when it is opened
        instance = None
    if instance is None:
        yield None
        return
    with instance:
        yield instance


@contextmanager
def ends_on_signal(close: Callable[[], None], application: QApplication) -> Iterator[None]:
    """SIGTERM ends the program. On POSIX without a timer: one would wake the computer all day only to look for it."""

    def end() -> None:
        close()
        application.quit()

    # From the loop, also where that begins only now: a signal comes in the middle of other code, and a quit before it is lost.
    signal.signal(signal.SIGTERM, lambda *_: QTimer.singleShot(0, end))
    if sys.platform == "win32":
        awake = QTimer()  # lets Python see signals
        awake.timeout.connect(lambda: None)
        awake.start(500)
        yield
        return
    read, write = os.pipe()
    for descriptor in (read, write):
        os.set_blocking(descriptor, False)
    before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    notifier = QSocketNotifier(read, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: os.read(read, 64))  # Python sees the signal then
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        notifier.setEnabled(False)
        os.close(read)
        os.close(write)


def icon(name: str) -> QIcon:
    """Our picture of this name."""
    return QIcon(str(resources() / "icons" / f"{name}.svg"))


def application(start: Started) -> QApplication:
    """The one of this process, without looks."""
    # Qt's file dialog writes the folders that were chosen to its settings: they go to memory, and are gone at the end.
    for kind in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(start.temporary))
    made = QApplication(sys.argv[:1])
    made.setApplicationName("PrivacyGuard")
    made.setDesktopFileName("privacyguard")
    made.setWindowIcon(icon("privacyguard"))
    made.setQuitOnLastWindowClosed(False)  # a question beside the clock may be the last window that closes
    return made
