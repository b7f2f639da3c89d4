"""A picture of every screen, light and dark, some with doubled text: ``make screenshots``.

Those that software centres show: ``python -m tests.gui.screenshots --out resources/screenshots --look light --size 1248x702``,
then the names of the screens that packaging/linux/deb/privacyguard.metainfo.xml tells.
"""

import argparse
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from privacyguard.ui import theme
from privacyguard.ui.main_window import MainWindow
from privacyguard.ui.on_guard import goes_on_box
from privacyguard.ui.widgets.focus_ring import FocusRing
from tests.gui.pages_under_test import SCREENS, filled_window

DOUBLED = (
    "home",
    "findings-face",
    "findings-leak",
    "my-details",
    "my-details-organisations",
    "letter",
    "passwords",
    "what-left",
    "checkup-4-face",
    "checkup-5-accounts",
    "checkup-6-where",
    "checkup-6-where-photo",
    "checkup-6-statement",
    "checkup-6-sending",
    "checkup-6-sending-face",
    "where-pages",
    "where-profiles",
    "statement-waits",
    "get-help-now",
    "findings-web",
    "findings-web-archive",
    "findings-fake-profile",
    "clean",
    "visits",
    "visit-pimeyes-leaving",
    "visit-found",
    "settings",
    "settings-no-tray",
    "settings-no-start",
    "licences",
    "licences-text",
    "home-new",
)

BOXES: dict[str, Callable[[], QWidget]] = {"box-goes-on": lambda: goes_on_box(lambda: None)}
"""Windows of their own beside the program's."""

TURNS_AT_MOST = 12


LOOKS = {
    "light": (theme.LIGHT, 1.0, (*SCREENS, *BOXES)),
    "dark": (theme.DARK, 1.0, (*SCREENS, *BOXES)),
    "doubled": (theme.LIGHT, 2.0, (*DOUBLED, *BOXES)),
}


def take(
    out: Path, application: QApplication, look: str, wanted: Collection[str] = (), size: tuple[int, int] | None = None
) -> list[Path]:
    """Write the pictures of one look below ``out``; the paths.

    ``wanted``: the names of screens, without any all that there are. ``size``: of the window in pixels, not its own.
    """
    out.mkdir(parents=True, exist_ok=True)
    tokens, scale, screens = LOOKS[look]
    theme.apply(application, tokens, scale)
    written = []
    for name in screens:
        if wanted and name not in wanted:
            continue
        shown = BOXES[name]() if name in BOXES else filled_window()
        if size is not None:
            shown.resize(*size)
        shown.show()
        if isinstance(shown, MainWindow):
            SCREENS[name](shown)
        written.append(_written(shown, out / f"{name}-{look}.png"))
    return written


def _written(window: QWidget, path: Path) -> Path:
    if not _settled(window).save(str(path)):
        raise SystemExit(f"{path} cannot be written")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return path


def _settled(window: QWidget) -> QPixmap:
    """The window when its layouts have come to rest, which takes longer on a computer that is at work."""
    before = None
    for _turn in range(TURNS_AT_MOST):
        loop = QEventLoop()
        QTimer.singleShot(80, loop.quit)
        loop.exec()
        now = window.grab().toImage()
        if now == before:
            break
        before = now
    return QPixmap.fromImage(now)


def main() -> None:
    """Take the pictures off-screen unless there is a display."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--look", choices=LOOKS, action="append", help="one of them, not all")
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split("x"))), help="of the window, as 1248x702")
    parser.add_argument("screen", nargs="*", help="the ones that are wanted, not all")
    asked = parser.parse_args()
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    ring = FocusRing(application)
    for look in asked.look or LOOKS:
        for path in take(asked.out, application, look, asked.screen, asked.size):
            print(path)
    ring.end()


if __name__ == "__main__":
    main()
