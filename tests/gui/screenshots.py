"""A picture of every screen, light and dark, some with doubled text: ``make screenshots``."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from privacyguard.ui import theme
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


def take(out: Path, application: QApplication) -> list[Path]:
    """Write the pictures below ``out``; the paths."""
    out.mkdir(parents=True, exist_ok=True)
    looks = [("light", theme.LIGHT, 1.0, tuple(SCREENS)), ("dark", theme.DARK, 1.0, tuple(SCREENS))]
    looks.append(("doubled", theme.LIGHT, 2.0, DOUBLED))
    written = []
    for name, tokens, scale, screens in looks:
        theme.apply(application, tokens, scale)
        for screen in screens:
            window = filled_window()
            window.show()
            SCREENS[screen](window)
            written.append(_written(window, out / f"{screen}-{name}.png"))
        for box, made in BOXES.items():
            shown = made()
            shown.show()
            written.append(_written(shown, out / f"{box}-{name}.png"))
    return written


def _written(window: QWidget, path: Path) -> Path:
    if not _settled(window).save(str(path)):
        raise SystemExit(f"{path} cannot be written")
    window.close()
    window.deleteLater()
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
    out = parser.parse_args().out
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    ring = FocusRing(application)
    for path in take(out, application):
        print(path)
    ring.deleteLater()


if __name__ == "__main__":
    main()
