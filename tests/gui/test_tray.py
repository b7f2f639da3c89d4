"""The sign beside the clock, with a real place for it (trayer) and with none."""

import os
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.checkup import guarding
from privacyguard.model.guard import Icon
from privacyguard.model.person import Relation
from privacyguard.net.instance import Wish
from privacyguard.ui.on_guard import OnGuard
from privacyguard.ui.tray import Tray
from tests.gui.opened_app import opened_app
from tests.support import children
from tests.support.keyring_session import Session

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def place(qtbot: QtBot, qapp: QApplication) -> Iterator[None]:
    """A place for signs, on the screen of the tests."""
    assert not Tray.is_there()
    host = children.start(["trayer", "--edge", "top", "--align", "right", "--height", "24"], os.environ)
    try:
        qtbot.waitUntil(Tray.is_there, timeout=20_000)
        yield
    finally:
        children.end(host)
        qtbot.waitUntil(lambda: not Tray.is_there(), timeout=20_000)


@pytest.fixture
def app(
    qtbot: QtBot, qapp: QApplication, secret_service: Session, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """The program with an open vault; nothing is asked, as nobody said yet where to look."""
    with opened_app(qtbot, qapp, tmp_path_factory.mktemp("tray") / "home") as made:
        made.session.vault.add_person("me", Relation.ME, is_adult=True)
        yield made


def guard_of(app: App) -> OnGuard:
    assert app.guard is not None
    return app.guard


def switch_on(app: App) -> None:
    guarding.switch(app.session.vault, True, app.session.clock())


def test_closing_leaves_the_sign_and_says_so_once(place: None, app: App, qtbot: QtBot) -> None:
    guard = guard_of(app)
    switch_on(app)
    qtbot.waitUntil(lambda: guard.tray.sign.geometry().width() > 0, timeout=20_000)
    app.window.close()
    assert not app.window.isVisible() and guard.told is not None and guard.told.isVisible()
    told, guard.told = guard.told, None
    told.close()
    app.session.vault.people()  # the vault is open
    guard.tray.menu.actions()[0].trigger()
    assert app.window.isVisible()
    app.window.close()
    assert not app.window.isVisible() and guard.told is None


def test_quit_in_the_menu_ends_all(place: None, app: App, qtbot: QtBot) -> None:
    guard = guard_of(app)
    switch_on(app)
    with qtbot.waitSignal(guard.quit_requested):
        guard.tray.menu.actions()[-1].trigger()
    assert not guard.tray.sign.isVisible() and not guard.stays()


@pytest.mark.parametrize("is_on", [False, True])
def test_without_a_place_or_while_it_is_off_closing_ends(app: App, qtbot: QtBot, is_on: bool) -> None:
    if is_on:
        switch_on(app)
    with qtbot.waitSignal(app.window.closing):
        app.window.close()
    assert guard_of(app).told is None


def test_while_it_is_off_closing_ends_also_with_a_place(place: None, app: App, qtbot: QtBot) -> None:
    with qtbot.waitSignal(app.window.closing):
        app.window.close()


def test_the_quick_exit_ends_all_also_with_a_place(place: None, app: App, qtbot: QtBot) -> None:
    switch_on(app)
    app.window.hide_at_once()
    assert not guard_of(app).tray.sign.isVisible() and not app.window.isVisible() and not guard_of(app).stays()


def test_the_signs_differ_in_shape_and_say_nothing(app: App) -> None:
    tray = guard_of(app).tray
    pictures, tips = set(), set()
    for icon in Icon:
        tray.show_icon(icon)
        grey = tray.sign.icon().pixmap(22, 22).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pictures.add(bytes(grey.constBits()))
        tips.add(tray.sign.toolTip())
    assert len(pictures) == len(Icon) and tips == {"PrivacyGuard is on."}


def test_the_menu(app: App, qtbot: QtBot) -> None:
    guard = guard_of(app)
    assert [each.text() for each in guard.tray.menu.actions()] == ["Open", "Check now", "Pause for a day", "", "Quit"]
    switch_on(app)
    guard.tray.menu.actions()[2].trigger()
    assert app.session.vault.guard.state().paused_until is not None
    with qtbot.waitSignal(guard.background.finished, timeout=60_000):
        guard.tray.menu.actions()[1].trigger()
    assert app.session.vault.guard.state().last_end_at is not None


def test_a_later_start_shows_the_window(app: App, qtbot: QtBot) -> None:
    app.window.hide()
    app.asked.emit(Wish.SHOW)
    qtbot.waitUntil(app.window.isVisible)
