"""The page "Looking": how far each place is, and why one of them takes long."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QProgressBar
from pytestqt.qtbot import QtBot

from privacyguard.model.progress import Progress, SourceState
from privacyguard.model.source import Limit
from privacyguard.ui import theme
from privacyguard.ui.main_window import MainWindow
from privacyguard.ui.presenters.looking import looking_row
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import LookingRow, Step
from tests.gui.pages_under_test import SCREENS, filled_window

ROW = LookingRow("xposedornot", "XposedOrNot", "Waiting")
WHY = "About 3 hours left, because we ask this place 25 times an hour at most. You can stop; the next checkup goes on."
WAITING = Progress("xposedornot", SourceState.RUNNING, 25, 100, 2, 3 * 3600.0, Limit(25, 3600.0))


@pytest.fixture(params=[1.0, 2.0])
def window(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """A window at the page, with text of one and of two sizes."""
    theme.apply(qapp, theme.LIGHT, request.param)
    shown = filled_window()
    qtbot.addWidget(shown)
    shown.show()
    SCREENS["checkup-7-looking"](shown)
    assert shown.wizard.step is Step.LOOKING
    yield shown
    theme.apply(qapp, theme.LIGHT)


def test_a_place_that_makes_us_wait_says_how_long_and_why_and_fits(window: MainWindow, qtbot: QtBot) -> None:
    looking = window.wizard.looking
    looking.show_rows([LookingRow("folders", "Folders", "240 looked at", True), looking_row(ROW, WAITING)])
    qtbot.wait(50)
    (words,) = [label for label in looking.findChildren(Text) if WHY in label.text()]
    assert words.text() == f"25 of 100 looked at, 2 found\n{WHY}"
    assert words.isVisible()
    assert words.height() >= words.heightForWidth(words.width())
    assert words.width() <= looking.width()
    (bar,) = [each for each in looking.findChildren(QProgressBar) if each.accessibleName() == "XposedOrNot"]
    assert (bar.value(), bar.maximum(), bar.isTextVisible()) == (250, 1000, False)
    assert WHY in bar.accessibleDescription()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("x", SourceState.RUNNING, 25, 100, 2, 30.0, Limit(2, 1.0)), "25 of 100 looked at, 2 found"),
        (Progress("x", SourceState.RUNNING, 240, None, 3), "240 looked at, 3 found"),
        (Progress("x", SourceState.CHECKED, 100, 100, 2), "Done. 100 of 100 looked at, 2 found"),
        (
            Progress("x", SourceState.SKIPPED, 40, 100, 2, left=60),
            "Stopped.\nAsked about so far: 40 of 100. The next checkup goes on from there.",
        ),
        (
            Progress("x", SourceState.FAILED, 40, 100, 2, left=60),
            "This did not work. The others go on.\nAsked about so far: 40 of 100. The next checkup goes on from there.",
        ),
        (Progress("x", SourceState.FAILED, 3, None, 0), "This did not work. The others go on."),
        (Progress("x", SourceState.SKIPPED), "Not asked"),
    ],
)
def test_each_state_has_its_words(progress: Progress, words: str) -> None:
    row = looking_row(ROW, progress)
    assert row.words == words
    assert row.is_failed == (progress.state is SourceState.FAILED)
    assert (row.fraction is None) == (progress.state is not SourceState.RUNNING or progress.total is None)
