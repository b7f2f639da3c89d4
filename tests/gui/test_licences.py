"""What PrivacyGuard is made of, from Settings, with the keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.licences.composing import locked_names, parts_inside, plain_name
from privacyguard.paths import resources
from privacyguard.ui import theme
from privacyguard.ui.main_window import LICENCES, SETTINGS
from tests.gui.keyboard import Person
from tests.gui.opened_app import opened_app
from tests.support.commands import ROOT
from tests.support.keyring_session import Session

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication, tmp_path: Path, secret_service: Session) -> Iterator[Person]:
    """At the page of licences, opened from Settings."""
    theme.apply(qapp, theme.LIGHT)
    with opened_app(qtbot, qapp, tmp_path / "home") as app:
        person = Person(qtbot, app)
        app.window.show_page(SETTINGS)
        with qtbot.waitActive(app.window):
            app.window.activateWindow()
        person.activate(app.window.settings.licences)
        person.wait(lambda: not app.tasks.is_busy and app.window.licences.table.rowCount() > 0)
        yield person


def column(person: Person, place: int) -> list[str]:
    table = person.window.licences.table
    items = [table.item(row, place) for row in range(table.rowCount())]
    return [item.text() for item in items if item is not None]


def test_the_list_has_every_part(person: Person) -> None:
    parts = parts_inside(resources())
    assert column(person, 0) == [part.name for part in parts]
    assert column(person, 1) == [part.licence for part in parts]
    installed = {plain_name(part.name) for part in parts}
    for_other_systems = {"colorama", "dlib", "pywin32-ctypes"}
    assert {plain_name(name) for name in locked_names(ROOT / "requirements.lock")} - for_other_systems <= installed
    assert f"{len(parts)} parts" in person.read(person.window.licences)


def test_a_text_is_found_read_and_left_with_the_keyboard(person: Person) -> None:
    page = person.window.licences
    assert person.focused is page.filter
    assert not page.text.isVisible()
    person.qtbot.keyClicks(page.filter, "sqlcipher")
    assert column(person, 0) == ["sqlcipher3"]
    person.tab_to(page.table)
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Return)
    person.wait(lambda: person.focused is page.text)
    assert "ZETETIC LLC" in page.text.toPlainText()
    assert page.title.text().startswith("sqlcipher3 ")
    person.sees(page.title)
    person.sees(page.text.viewport())
    person.activate(page.back)
    assert person.window.current_page == SETTINGS
    assert person.window.settings.licences.hasFocus()


def test_letters_that_are_nowhere_are_told(person: Person) -> None:
    person.qtbot.keyClicks(person.window.licences.filter, "zzzz")
    assert column(person, 0) == []
    assert "Nothing in this list has these letters." in person.read(person.window.licences)


def test_a_click_opens_a_text_and_other_letters_close_it(person: Person) -> None:
    page = person.window.licences
    place = page.table.visualRect(page.table.model().index(0, 0)).center()
    person.qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Copyright (c) 2026 The PrivacyGuard developers" in page.text.toPlainText()
    page.filter.setText("qt")
    assert not page.text.isVisible()
    assert person.window.current_page == LICENCES
