"""The regular check of the window: what it tells by a notice, shown by a real dunst, and where a click leads."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.checkup.changes import Speak
from privacyguard.desktop.notices import SENTENCE
from privacyguard.model.guard import News, NewsKind
from privacyguard.model.person import Relation
from privacyguard.startup import started
from privacyguard.ui.main_window import DETAILS, FINDINGS, HOME
from privacyguard.ui.on_guard import OnGuard
from tests.support.keyring_session import Session
from tests.support.notice_daemon import Daemon, notice_daemon

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def daemon(secret_service: Session, tmp_path: Path, display: str) -> Iterator[Daemon]:
    with notice_daemon(os.environ, tmp_path) as running:
        yield running


@pytest.fixture
def app(qtbot: QtBot, qapp: QApplication, daemon: Daemon, tmp_path: Path) -> Iterator[App]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIVACYGUARD_HOME", str(home))
        with started(os.environ) as start:
            made = App(start, qapp)
            made.window.show()
            made.open_vault()
            qtbot.waitUntil(lambda: made.guard is not None, timeout=30_000)
            made.window.show_page(DETAILS)
            yield made
            made.end()
            made.window.close()
            made.window.deleteLater()
            made.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def guard_of(app: App) -> OnGuard:
    assert app.guard is not None
    return app.guard


@pytest.mark.parametrize(("count", "page"), [(1, FINDINGS), (2, HOME)])
def test_a_click_opens_the_finding_or_the_start_page(
    app: App, daemon: Daemon, qtbot: QtBot, count: int, page: str
) -> None:
    background, vault = guard_of(app).background, app.session.vault
    person = vault.add_person("me", Relation.ME, is_adult=True)
    now = app.session.clock()
    news = tuple(News(NewsKind.NEW, person.person_id, f"canary-{number}", now) for number in range(count))
    vault.guard.add_news(news)
    app.window.hide()
    background._say(background.guard, Speak(news))
    qtbot.waitUntil(lambda: SENTENCE in daemon.printed.read_text("utf-8"), timeout=20_000)
    assert "canary" not in daemon.printed.read_text("utf-8")
    qtbot.waitUntil(lambda: not vault.guard.untold(), timeout=20_000)
    with qtbot.waitSignal(background.opened, timeout=20_000):
        daemon.control("action")
    assert app.window.isVisible() and app.window.current_page == page


def test_a_notice_that_is_still_there_does_not_hold_up_the_end(app: App, daemon: Daemon, qtbot: QtBot) -> None:
    background = guard_of(app).background
    background._say(background.guard, Speak(()))
    qtbot.waitUntil(lambda: SENTENCE in daemon.printed.read_text("utf-8"), timeout=20_000)
    app.end()
    assert not app.tasks._running or not any(thread.is_alive() for thread in app.tasks._running.values())
