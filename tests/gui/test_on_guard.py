"""The regular check of the window: what it tells by a notice, shown by a real dunst, and where a click leads."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.checkup import guarding
from privacyguard.checkup.changes import Quiet, Silent, Speak
from privacyguard.checkup.waking import LONGEST, Woken
from privacyguard.desktop.notices import SENTENCE
from privacyguard.model.guard import Icon, News, NewsKind
from privacyguard.model.person import Relation
from privacyguard.model.progress import CancelToken
from privacyguard.net.instance import Wish
from privacyguard.ui import on_guard
from privacyguard.ui.background import _Looked as Looked
from privacyguard.ui.main_window import DETAILS, FINDINGS, HOME
from privacyguard.ui.on_guard import OnGuard
from privacyguard.ui.tasks import Report
from tests.gui.opened_app import opened_app
from tests.support import vault_samples
from tests.support.keyring_session import Session
from tests.support.notice_daemon import Daemon, notice_daemon

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def daemon(secret_service: Session, tmp_path: Path, display: str) -> Iterator[Daemon]:
    with notice_daemon(os.environ, tmp_path) as running:
        yield running


@pytest.fixture
def app(qtbot: QtBot, qapp: QApplication, daemon: Daemon, tmp_path: Path) -> Iterator[App]:
    with opened_app(qtbot, qapp, tmp_path / "home") as made:
        made.window.show_page(DETAILS)
        yield made


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


def with_a_new_finding(app: App) -> str:
    """A finding that the person has not seen yet; its key."""
    vault, now = app.session.vault, app.session.clock()
    person = vault.add_person("me", Relation.ME, is_adult=True)
    found = vault_samples.finding(person.person_id, vault_samples.breach())
    (key,) = vault.save_outcome(person.person_id, vault_samples.outcome("hibp", found.key), [found])
    vault.guard.add_news([News(NewsKind.NEW, person.person_id, key, now)])
    return key


def test_a_start_for_news_opens_the_finding(app: App) -> None:
    key = with_a_new_finding(app)
    app.window.hide()
    app.asked.emit(Wish.SHOW)
    assert app.window.isVisible() and app.window.current_page == DETAILS
    app.window.hide()
    app.asked.emit(Wish.NEWS)
    assert app.window.isVisible() and app.window.current_page == FINDINGS
    assert app.pages._open == key and not app.session.vault.guard.unseen()


def test_a_start_for_news_without_any_opens_the_start_page(app: App) -> None:
    app.asked.emit(Wish.NEWS)
    assert app.window.current_page == HOME


def test_what_is_new_is_seen_when_the_window_comes_to_the_front(app: App, qtbot: QtBot) -> None:
    app.window.show_page(FINDINGS)
    app.window.hide()
    with_a_new_finding(app)
    assert app.session.vault.guard.unseen()
    app.window.come_to_front()
    qtbot.waitUntil(lambda: not app.session.vault.guard.unseen(), timeout=20_000)


def test_no_notice_while_the_person_looks_at_the_window(app: App, daemon: Daemon, qtbot: QtBot) -> None:
    background, vault = guard_of(app).background, app.session.vault
    with_a_new_finding(app)
    app.window.show_page(DETAILS)
    looked = Looked(Woken(None, None, Speak(vault.guard.untold()), timedelta(hours=1)), Icon.NEW)
    app.window.come_to_front()
    qtbot.waitUntil(app.window.isActiveWindow, timeout=20_000)
    background._looked(looked)
    assert background._notice is None and vault.guard.untold()
    app.window.hide()
    qtbot.waitUntil(lambda: not app.window.isActiveWindow(), timeout=20_000)
    background._looked(looked)
    qtbot.waitUntil(lambda: not vault.guard.untold(), timeout=20_000)
    assert SENTENCE in daemon.printed.read_text("utf-8")


def test_an_own_checkup_takes_over_a_regular_one(app: App, qtbot: QtBot) -> None:
    background = guard_of(app).background
    qtbot.waitUntil(lambda: background._task is None, timeout=20_000)
    app.session.vault.add_person("me", Relation.ME, is_adult=True)
    began, stopped = threading.Event(), threading.Event()

    def slow(token: CancelToken, report: Report, at_once: bool) -> Looked:
        with app.session.turn:
            began.set()
            try:
                token.wait(60)
            finally:
                stopped.set()
        raise AssertionError

    background._look = slow  # type: ignore[method-assign]
    background.check_now()
    assert began.wait(20) and app.session.turn.locked()
    app.checkup.began.emit()
    assert stopped.wait(20)
    qtbot.waitUntil(lambda: not app.session.turn.locked(), timeout=20_000)
    assert guard_of(app).tray.icon is Icon.LOOKING  # the person's own


@pytest.mark.parametrize("wait", [timedelta(days=7), timedelta(minutes=31)])
def test_the_timer_is_short_as_it_stands_still_in_sleep(app: App, qtbot: QtBot, wait: timedelta) -> None:
    background = guard_of(app).background
    qtbot.waitUntil(lambda: background._task is None, timeout=20_000)
    background._next(wait)
    assert background._timer.isActive() and background._timer.interval() <= LONGEST.total_seconds() * 1000
    looks: list[bool] = []

    def look(token: CancelToken, report: Report, at_once: bool) -> Looked:
        looks.append(at_once)
        return Looked(Woken(None, None, Silent(Quiet.NOTHING_NEW), None), Icon.RESTING)

    background._look = look  # type: ignore[method-assign]
    background._timer.timeout.emit()
    qtbot.waitUntil(lambda: looks == [False], timeout=20_000)


def test_a_hidden_window_rests_when_nothing_needs_it(app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_guard, "RESTS_AFTER_S", 0)
    monkeypatch.setattr(on_guard, "LOOKS_AT_REST_S", 0)
    guard, rested = guard_of(app), list[bool]()
    qtbot.waitUntil(lambda: not app.tasks.is_busy, timeout=20_000)
    guard.rest_requested.disconnect()
    guard.rest_requested.connect(lambda: rested.append(True))
    goes_on = threading.Event()
    app.tasks.start(lambda token, report: goes_on.wait(60))
    app.window.hidden_on_guard.emit()  # and it was opened again at once
    QTest.qWait(300)
    app.window.hide()
    app.window.hidden_on_guard.emit()
    QTest.qWait(300)
    assert not rested
    goes_on.set()
    qtbot.waitUntil(lambda: bool(rested), timeout=20_000)


def test_a_vault_that_opens_after_the_end_keeps_nothing_alive(app: App, qtbot: QtBot) -> None:
    vault = app.session.vault
    guarding.switch(vault, True, app.session.clock())
    app.end()
    app.guard = None
    app._opened(vault)
    assert app.guard is None and not app.window.stays()
    qtbot.waitUntil(lambda: not app.tasks.is_busy, timeout=20_000)
    app.open_vault()
    assert not app.tasks.is_busy
    with qtbot.waitSignal(app.window.closing):
        app.window.close()


def test_a_notice_that_is_still_there_does_not_hold_up_the_end(app: App, daemon: Daemon, qtbot: QtBot) -> None:
    background = guard_of(app).background
    background._say(background.guard, Speak(()))
    qtbot.waitUntil(lambda: SENTENCE in daemon.printed.read_text("utf-8"), timeout=20_000)
    app.end()
    assert not app.tasks._running or not any(thread.is_alive() for thread in app.tasks._running.values())
