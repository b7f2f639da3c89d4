"""Somebody at the window who has a keyboard and nothing else, and the program that runs for them in this process."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.startup import started
from privacyguard.ui.widgets.inputs import Chooser
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import Step

MOST_TABS = 250


class Person:
    """Presses keys, reads what is on the screen, and waits for it."""

    def __init__(self, qtbot: QtBot, app: App) -> None:
        self.qtbot = qtbot
        self.app = app
        self.window = app.window
        self.wizard = app.window.wizard

    def wait(self, condition: Callable[[], bool], seconds: int = 60) -> None:
        self.qtbot.waitUntil(condition, timeout=seconds * 1000)

    def at(self, step: Step) -> None:
        """Wait for this page, until the keyboard is on its first control."""
        self.wait(lambda: self.wizard.step is step)
        QApplication.processEvents()

    @property
    def focused(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None, "the keyboard is nowhere"
        return focus

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.focused, key)

    def tab_to(self, widget: QWidget) -> None:
        for _ in range(MOST_TABS):
            if QApplication.focusWidget() is widget:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"the keyboard does not reach {widget.accessibleName()!r}")

    def activate(self, widget: QWidget) -> None:
        assert widget.isEnabled(), widget.accessibleName()
        self.tab_to(widget)
        self.press(Qt.Key.Key_Space)

    def type_into(self, widget: QLineEdit, text: str) -> None:
        self.tab_to(widget)
        self.qtbot.keyClicks(widget, text)
        self.press(Qt.Key.Key_Return)

    def choose(self, chooser: Chooser, value: str) -> None:
        """Go down a list of choices, from its first, to this one."""
        self.tab_to(chooser)
        self.press(Qt.Key.Key_Home)
        for _ in range(chooser.count()):
            if chooser.chosen == value:
                return
            self.press(Qt.Key.Key_Down)
        raise AssertionError(f"{value!r} is not among the choices")

    def go_on(self) -> None:
        self.activate(self.wizard.forward)

    def open_page(self, key: str) -> None:
        """A page of the main window, by its line at the left."""
        self.activate(self.window.side.buttons[key])

    def button(self, inside: QWidget, words: str) -> QPushButton:
        """The one button that is seen there and read out so, or begins so."""
        QApplication.processEvents()
        found = [each for each in inside.findChildren(QPushButton) if each.isVisible()]
        named = [each for each in found if each.accessibleName().startswith(words)]
        assert len(named) == 1, [each.accessibleName() for each in found]
        return named[0]

    def answer(self, inside: QWidget, words: str) -> None:
        """Answer the question that was asked, with the keyboard that is on it."""
        boxes = [each for each in inside.findChildren(QMessageBox) if each.isVisible()]
        assert len(boxes) == 1
        self.wait(lambda: boxes[0].isAncestorOf(self.focused))
        self.activate(next(each for each in boxes[0].findChildren(QPushButton) if each.text() == words))
        self.wait(lambda: not [each for each in inside.findChildren(QMessageBox) if each.isVisible()])
        with self.qtbot.waitActive(self.window):  # what a window manager does, of which there is none here
            self.window.activateWindow()

    def read(self, inside: QWidget) -> str:
        """All words that are seen there."""
        QApplication.processEvents()  # new rows are shown a moment later
        return "\n".join(label.text() for label in inside.findChildren(Text) if label.isVisible())

    def sees(self, part: QWidget) -> None:
        """Wait until all of it is on the screen, not above or below what is scrolled to."""
        self.wait(lambda: part.isVisible() and part.visibleRegion().boundingRect() == part.rect(), seconds=5)

    def leave(self) -> None:
        """Close the window, which ends the program."""
        self.window.close()
        self.app.end()


@contextmanager
def programs(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., Person]]:
    """Starts the program as ``privacyguard`` does, as often as wanted; ``clock``: its time, the real one without it."""
    with ExitStack() as running:

        def begin(clock: Callable[[], datetime] | None = None) -> Person:
            app = App(running.enter_context(started(os.environ)), qapp)
            running.callback(app.end)
            running.callback(app.window.close)
            if clock is not None:
                app.session.clock = clock
            app.window.show()
            with qtbot.waitActive(app.window):
                app.window.activateWindow()
            app.open_vault()
            return Person(qtbot, app)

        yield begin
