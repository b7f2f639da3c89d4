"""What holds for every screen: names for assistive technology, the keyboard, doubled text, contrast, plain text."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QColor, QTextLayout, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from privacyguard.model.advice import Level
from privacyguard.ui import theme
from privacyguard.ui.main_window import MainWindow
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import Step
from tests.gui.pages_under_test import SCREENS, filled_window

TURNS_AT_MOST = 20
CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QTableWidget, FaceThumb)


@pytest.fixture(scope="module", params=list(SCREENS))
def screen(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[MainWindow]:
    """Each screen, once for all that is looked for in it."""
    theme.apply(qapp, theme.LIGHT)
    yield from shown(request.param)


@pytest.fixture(scope="module")
def doubled_text(qapp: QApplication) -> Iterator[QApplication]:
    """Text twice as large, set once: each change is told to every widget that some test left behind."""
    theme.apply(qapp, theme.LIGHT, 2.0)
    yield qapp
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture(scope="module", params=list(SCREENS))
def doubled(request: pytest.FixtureRequest, doubled_text: QApplication) -> Iterator[MainWindow]:
    """The same with text twice as large."""
    yield from shown(request.param)


def shown(name: str) -> Iterator[MainWindow]:
    window = filled_window()
    window.show()
    SCREENS[name](window)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    rest(window)
    yield window
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def rest(window: MainWindow) -> None:
    """Wait until the layouts have come to rest."""
    before: list[int] = []
    for _turn in range(TURNS_AT_MOST):
        QTest.qWait(50)
        heights = [each.height() for each in visible(window, QWidget)]
        if heights == before:
            return
        before = heights


def visible(window: MainWindow, *kinds: type[QWidget]) -> list[QWidget]:
    return [each for kind in kinds for each in window.findChildren(kind) if each.isVisible()]


def controls(window: MainWindow) -> list[QWidget]:
    found = visible(window, *CONTROLS)
    return [each for each in found if each.focusPolicy() != Qt.FocusPolicy.NoFocus and not _is_part(each)]


def _is_part(widget: QWidget) -> bool:
    """A part that Qt makes for its own widgets (a table's corner, say)."""
    return type(widget).__name__ == "QTableCornerButton" or isinstance(widget.parent(), QComboBox)


def test_every_control_has_a_name_for_assistive_technology(screen: MainWindow) -> None:
    for each in controls(screen):
        interface = QAccessible.queryAccessibleInterface(each)
        assert interface.text(QAccessible.Text.Name), each


def test_every_line_to_type_in_has_a_label(screen: MainWindow) -> None:
    buddies = {label.buddy() for label in screen.findChildren(QLabel)}
    for each in visible(screen, QLineEdit):
        assert each in buddies, each.accessibleName()


def test_the_tab_key_reaches_every_control(screen: MainWindow, qtbot: QtBot) -> None:
    wanted = {each for each in controls(screen) if each.isEnabled() and not _is_other_choice(each)}
    reached: set[QWidget] = set()
    for _ in range(4 * len(wanted) + 20):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus)
        if wanted <= reached:
            return
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert not wanted - reached, [each.accessibleName() for each in wanted - reached]


def _is_other_choice(widget: QWidget) -> bool:
    """Of several answers Tab reaches the chosen one; the arrow keys reach the others."""
    return isinstance(widget, QAbstractButton) and widget.autoExclusive() and not widget.isChecked()


def test_controls_are_large_enough_for_a_finger(screen: MainWindow) -> None:
    for each in controls(screen):
        assert each.height() >= 42, (each, each.height())
        assert each.width() >= 44, each


def test_no_label_reads_its_text_as_more_than_text(screen: MainWindow) -> None:
    for label in screen.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text(), label.text()


def test_doubled_text_is_not_clipped(doubled: MainWindow) -> None:
    for label in visible(doubled, Text):
        assert isinstance(label, QLabel)
        if not label.text():
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        assert label.height() >= needed - 2, (label.text(), label.size(), needed)
        if not label.wordWrap():
            assert label.width() >= label.sizeHint().width() - 2, label.text()
    for button in visible(doubled, QAbstractButton):
        assert isinstance(button, QAbstractButton)
        if button.text():
            assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()), button.text()


def test_doubled_text_scrolls_one_way_only(doubled: MainWindow) -> None:
    for area in visible(doubled, QScrollArea):
        assert isinstance(area, QScrollArea)
        inner = area.widget()
        assert inner is not None
        assert inner.width() <= area.viewport().width() + 1, type(area).__name__


def test_no_cell_of_a_table_is_cut(screen: MainWindow) -> None:
    check_cells(screen)


def test_no_cell_of_a_table_is_cut_with_doubled_text(doubled: MainWindow) -> None:
    check_cells(doubled)


def check_cells(window: MainWindow) -> None:
    for table in visible(window, QTableWidget):
        assert isinstance(table, QTableWidget)
        headings = table.horizontalHeader()
        for column in range(table.columnCount()):
            assert headings.sectionSizeFromContents(column).width() <= headings.sectionSize(column)
            for row in range(table.rowCount()):
                check_cell(table, table.model().index(row, column))


def check_cell(table: QTableWidget, index: QModelIndex) -> None:
    """As it is drawn: each line fits into the width (or its middle is left out), all lines into the height."""
    option = QStyleOptionViewItem()
    table.initViewItemOption(option)
    option.rect = cell = table.visualRect(index)
    delegate = table.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    delegate.initStyleOption(option, index)
    assert table.viewport().rect().left() <= cell.left() <= cell.right() <= table.viewport().rect().right()
    style = table.style()
    room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, table)
    room.adjust(margin := 1 + style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, table), 0, -margin, 0)
    layout = QTextLayout(option.text, option.font)
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(wrapping)
    height = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        assert line.naturalTextWidth() <= room.width(), option.text
        height += line.height()
    layout.endLayout()
    assert height <= cell.height(), option.text


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_contrast_of_text_and_signs(tokens: theme.Tokens) -> None:
    text = [
        (tokens.ink, tokens.background),
        (tokens.ink, tokens.card),
        (tokens.soft_ink, tokens.background),
        (tokens.soft_ink, tokens.card),
        (tokens.accent, tokens.background),
        (tokens.accent, tokens.accent_wash),
        (tokens.on_accent, tokens.accent),
        (tokens.ink, tokens.do_today_wash),
        *((tokens.level(level), tokens.card) for level in Level),
        *((tokens.level(level), tokens.background) for level in Level),
    ]
    for ink, ground in text:
        assert contrast(ink, ground) >= 4.5, (ink, ground)
    for sign, ground in ((tokens.accent, tokens.background), (tokens.soft_ink, tokens.card)):
        assert contrast(sign, ground) >= 3.0


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""

    def luminance(name: str) -> float:
        colour = QColor(name)
        channels = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_escape_three_times_hides_the_window_and_clears_our_clipboard(qtbot: QtBot, qapp: QApplication) -> None:
    window = filled_window()
    qtbot.addWidget(window)
    window.show()
    QApplication.clipboard().setText("ours")
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    with qtbot.waitSignal(window.hidden_at_once):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert QApplication.clipboard().text() == ""


def test_a_found_face_is_blurred_until_it_is_wanted(qtbot: QtBot, qapp: QApplication) -> None:
    window = filled_window()
    qtbot.addWidget(window)
    window.show()
    SCREENS["findings-face"](window)
    (thumb,) = [
        each for each in window.findings.findChildren(FaceThumb) if each.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert thumb.is_blurred
    qtbot.keyClick(thumb, Qt.Key.Key_Space)
    assert not thumb.is_blurred


def test_consent_boxes_are_unticked_and_needed(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow("GB")
    window.add_pages()
    qtbot.addWidget(window)
    window.show()
    window.show_checkup()
    window.wizard.show_state(window.wizard.state)
    window.wizard.go_to(Step.PERMISSION)
    assert [tick.is_ticked for tick in window.wizard.permission.ticks] == [False, False]
    assert not window.wizard.forward.isEnabled()
    for tick in window.wizard.permission.ticks:
        tick.box.click()
    assert window.wizard.forward.isEnabled()


def test_window_title_tells_nothing(screen: MainWindow) -> None:
    assert screen.windowTitle() == "PrivacyGuard"
