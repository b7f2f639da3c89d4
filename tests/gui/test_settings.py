"""Settings and the regular check on a real vault: each switch is kept, and the pages say so."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.checkup import guarding, notices
from privacyguard.desktop.program import Program
from privacyguard.errors import DiskFull, PasswordStoreLocked
from privacyguard.model.guard import News, NewsKind, Pace
from privacyguard.model.person import Relation
from privacyguard.paths import Paths
from privacyguard.session import Session
from privacyguard.startup import started
from privacyguard.ui import theme
from privacyguard.ui.main_window import DETAILS, HOME, SETTINGS, MainWindow
from privacyguard.ui.presenters.guard import GuardPresenter, reached_words, store_words
from privacyguard.ui.tasks import TaskRunner
from privacyguard.vault.keystore import StoreDescription
from tests.support.keyring_session import Session as KeyringSession

pytestmark = pytest.mark.timeout(120)


class Ways:
    """A system that starts us."""

    def __init__(self) -> None:
        self.on = False

    def is_on(self) -> bool:
        return self.on

    def switch_on(self, program: Program) -> None:
        self.on = True

    def switch_off(self) -> bool:
        self.on = False
        return True


class Open:
    """The window over an open vault, and its presenter."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot, self.session = qtbot, session
        self.tasks = TaskRunner()
        self.window = MainWindow("GB")
        self.window.add_pages()
        self.ways = Ways()
        self.guard = GuardPresenter(self.window, session, self.tasks, self.window)
        self.rest()
        self.guard._ways = self.ways  # type: ignore[assignment]
        self.guard._program = Program(Path("/usr/bin/privacyguard"), below_home=False)
        self.window.show()
        self.window.show_page(SETTINGS)
        self.rest()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.is_busy and not self.guard._is_asked, timeout=30_000)


@pytest.fixture
def opened(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, secret_service: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    theme.apply(qapp, theme.LIGHT)
    with started(os.environ) as start, Session(start.paths, start.personal) as session:
        assert isinstance(start.paths, Paths) and session.vault is not None
        made = Open(qtbot, session)
        yield made
        made.tasks.end_all()
        made.window.close()
        made.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_each_switch_is_kept_and_shown(opened: Open, qtbot: QtBot) -> None:
    page, vault = opened.window.settings, opened.session.vault
    assert not page.regular.is_ticked and not page.check.isVisible() and not page.starts.isEnabled()
    with qtbot.waitSignal(opened.guard.changed):
        qtbot.keyClick(page.regular.box, Qt.Key.Key_Space)
    opened.rest()
    assert vault.guard.state().is_on and opened.ways.on and page.starts.is_ticked
    page.pace.setCurrentIndex(page.pace.findData("monthly"))
    page.pace.activated.emit(page.pace.currentIndex())
    page.starts.box.click()
    page.notices.box.click()
    opened.rest()
    assert vault.guard.state().pace is Pace.MONTHLY and page.pace.chosen == "monthly"
    assert [opened.ways.on, page.starts.is_ticked] == [False, False]
    assert not notices.are_wanted(vault) and not page.notices.is_ticked
    page.regular.box.click()
    opened.rest()
    assert not vault.guard.state().is_on and not page.check.isVisible()


def test_a_pause_begins_and_ends_and_the_keyboard_stays(opened: Open) -> None:
    page, vault = opened.window.settings, opened.session.vault
    opened.guard.switch(True)
    opened.rest()
    page.pause.setFocus()
    page.pause.click()
    opened.rest()
    assert vault.guard.state().paused_until is not None and not page.pause.isVisible()
    assert "paused" in page.words.text()
    page.go_on.click()
    opened.rest()
    assert vault.guard.state().paused_until is None and page.pause.isVisible()


def test_check_now_is_asked_for(opened: Open, qtbot: QtBot) -> None:
    opened.guard.switch(True)
    opened.rest()
    with qtbot.waitSignal(opened.guard.check_now_requested):
        opened.window.settings.check.click()


def test_home_and_the_last_page_of_a_checkup_turn_it_on(opened: Open) -> None:
    opened.window.show_page(HOME)
    opened.rest()
    card = opened.window.wizard.results.regular
    card.switch_on.click()
    opened.rest()
    assert opened.session.vault.guard.state().is_on
    for each in (card, opened.window.home.regular):
        assert each.switch_on.isHidden() and not each.settings.isHidden() and each.words.text()
    opened.window.home.regular.settings.click()
    assert opened.window.current_page == SETTINGS


def test_news_are_seen_on_their_page_and_on_no_other(opened: Open) -> None:
    vault = opened.session.vault
    person = vault.add_person("me", Relation.ME, True)
    vault.guard.add_news([News(NewsKind.LETTER, person.person_id, "letter-1", datetime.now(UTC))])
    opened.window.show_page(HOME)
    assert vault.guard.unseen()
    opened.window.show_page(DETAILS)
    assert not vault.guard.unseen()


def test_a_closed_vault_is_no_problem_to_tell_of(opened: Open) -> None:
    opened.session.vault.close()
    opened.guard.show()
    opened.rest()
    assert opened.window.settings.problem.isHidden()


def test_how_the_app_is_reached_depends_on_the_desktop() -> None:
    assert "beside the clock. Click" in reached_words(True, has_tray=True, starts=True)
    assert "by itself" in reached_words(True, has_tray=False, starts=True)
    assert "only while" in reached_words(True, has_tray=False, starts=False)
    assert reached_words(False, has_tray=True, starts=True) == "When you close the window, PrivacyGuard ends."


def test_a_locked_password_store_is_told_of_with_what_waits_for_it(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow("GB")
    window.add_pages()
    qtbot.addWidget(window)
    window.opening.show_problem(PasswordStoreLocked())
    assert not window.opening.waits.isHidden()
    window.opening.show_problem(DiskFull())
    assert window.opening.waits.isHidden()


def test_what_does_not_work_on_a_card_is_said_on_it(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.window.show_page(HOME)
    opened.rest()
    card = opened.window.home.regular
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise DiskFull

        patch.setattr(guarding, "switch", full)
        card.switch_on.click()
        opened.rest()
    assert card.problem.isVisible() and card.switch_on.isVisible()
    card.switch_on.click()
    opened.rest()
    assert not card.problem.isVisible() and opened.session.vault.guard.state().is_on


def test_settings_say_whether_the_password_store_asks_for_a_password(opened: Open) -> None:
    told = opened.session.keys.describe().opens_without_password
    assert told is False  # the store of the tests has a password, in a file that shows it
    assert opened.window.settings.store.text() == store_words(StoreDescription("any", told))
    assert opened.window.settings.store.isVisible()


def test_a_store_without_a_password_is_no_comfort() -> None:
    said = {told: store_words(StoreDescription("any", told)) for told in (True, False, None)}
    assert "can read" in said[True] and "cannot read" in said[False] and "cannot tell" in said[None]
    assert store_words(None) == ""
