"""The window is painted at once with its opening page; all else comes after that."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from privacyguard.ui import theme
from privacyguard.ui.main_window import HELP, NOT_PAINTED_MS, MainWindow


def test_the_opening_page_is_there_before_all_others(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)
    window = MainWindow("GB")
    qtbot.addWidget(window)
    told: list[bool] = []
    window.painted.connect(lambda: told.append(window.opening.words.isVisible()))
    with qtbot.waitSignal(window.painted, timeout=NOT_PAINTED_MS // 2):
        window.show()
    before = window.grab().toImage()
    window.add_pages()
    qapp.processEvents()
    assert window.grab().toImage() == before
    pages = window.findChildren(QWidget)
    window.add_pages()
    assert window.findChildren(QWidget) == pages
    qtbot.mouseClick(window.side.help, Qt.MouseButton.LeftButton)
    assert window.help.isVisible() and not window.current_page
    qtbot.wait(50)
    assert told == [True]


def test_a_window_that_nobody_sees_is_told_as_painted_all_the_same(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow("GB")
    qtbot.addWidget(window)
    window.paintEvent = lambda event: None  # type: ignore[method-assign]  # as where no screen shows it
    with qtbot.waitSignal(window.painted, timeout=3 * NOT_PAINTED_MS):
        window.showMinimized()
    window.add_pages()
    window.show_page(HELP)


def test_the_quick_exit_works_before_there_is_any_page(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow("GB")
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.hidden_at_once):
        qtbot.mouseClick(window.side.hide_button, Qt.MouseButton.LeftButton)
    assert not window.isVisible()
