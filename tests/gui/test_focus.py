"""Where the keyboard is: the ring around it, and the row of a finding after each look at the list."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from privacyguard.ui import theme
from privacyguard.ui.main_window import FINDINGS, MainWindow
from privacyguard.ui.on_guard import goes_on_box
from privacyguard.ui.widgets.focus_ring import FocusRing
from privacyguard.ui.widgets.layout import column
from tests.gui.pages_under_test import FACE_DETAIL, RESULTS, ROWS, SCREENS, filled_window


class Two(QWidget):
    """A window with two buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = QPushButton("One"), QPushButton("Other")
        self.setLayout(column(self.one, self.other))


@pytest.fixture
def two(qtbot: QtBot, qapp: QApplication) -> Two:
    theme.apply(qapp, theme.LIGHT)
    window = Two()
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    return window


def test_the_ring_goes_with_the_keyboard_until_it_ends(two: Two, qapp: QApplication) -> None:
    ring = FocusRing(qapp)
    for each in (two.other, two.one, two.other):
        each.setFocus()
        assert ring.isVisible()
        assert ring.geometry().contains(each.geometry())
    ring.end()
    assert not ring.isVisible()
    assert ring.parentWidget() is None
    ring.end()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    two.one.setFocus()
    assert two.one.hasFocus()
    assert [each for each in QApplication.allWidgets() if isinstance(each, FocusRing)] == []


def test_the_ring_outlives_a_window_that_had_the_keyboard(two: Two, qapp: QApplication, qtbot: QtBot) -> None:
    """Also where the desktop tells late that the keyboard is elsewhere: the window is gone by then."""
    ring, gone = FocusRing(qapp), Two()
    gone.show()
    with qtbot.waitActive(gone):
        gone.activateWindow()
    gone.one.setFocus()
    assert ring.isVisible() and ring.window() is gone
    qapp.focusChanged.disconnect(ring._follow)
    gone.close()
    gone.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    ring._follow(None, two.other)
    assert ring.isVisible() and ring.geometry().contains(two.other.geometry())
    qapp.focusChanged.connect(ring._follow)
    ring.end()


def test_the_ring_outlives_a_box_that_had_the_keyboard(two: Two, qapp: QApplication, qtbot: QtBot) -> None:
    """Its buttons are gone before the ring is told that it hides."""
    ring, box = FocusRing(qapp), goes_on_box(lambda: None)
    box.show()
    with qtbot.waitActive(box):
        box.activateWindow()
    assert ring.isVisible() and ring.window() is box
    box.close()
    box.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with qtbot.waitActive(two):
        two.activateWindow()
    two.one.setFocus()
    assert ring.isVisible() and ring.geometry().contains(two.one.geometry())
    ring.end()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    theme.apply(qapp, theme.LIGHT)
    shown = filled_window()
    qtbot.addWidget(shown)
    shown.show()
    with qtbot.waitActive(shown):
        shown.activateWindow()
    shown.show_page(FINDINGS)
    qtbot.wait(50)
    yield shown


def test_the_keyboard_stays_on_the_row_of_the_finding_that_is_shown(window: MainWindow) -> None:
    page = window.findings
    page.rows["breach-2"].setFocus()
    page.show_rows(ROWS)
    page.show_detail(FACE_DETAIL)
    assert page.rows[FACE_DETAIL.key].hasFocus()
    page.show_rows(ROWS[:1])
    page.show_detail(None)
    assert page.filter.hasFocus()


def test_the_keyboard_is_not_taken_from_elsewhere(window: MainWindow) -> None:
    elsewhere = window.side.buttons[FINDINGS]
    elsewhere.setFocus()
    window.findings.show_rows(ROWS)
    window.findings.show_detail(FACE_DETAIL)
    assert elsewhere.hasFocus()


def test_the_last_page_of_a_checkup_is_gone_through_as_it_is_seen(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)
    window = filled_window()
    qtbot.addWidget(window)
    SCREENS["checkup-8-results"](window)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    page = window.wizard.results
    page.show_results(RESULTS)  # anew, as after each checkup
    shown = (page.disclosures, page.regular.settings, page.findings, page.report)
    page.disclosures.setFocus()
    for each in shown:
        assert each.hasFocus()
        qtbot.keyClick(each, Qt.Key.Key_Tab)
    heights = [each.mapTo(page, QPoint(0, 0)).y() for each in shown[:3]]
    assert heights == sorted(set(heights))
