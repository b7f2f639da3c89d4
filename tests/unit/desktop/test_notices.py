"""Notices, shown by a real daemon (dunst) on a bus and a screen of the test's own."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.desktop.activity import NOTIFICATIONS
from privacyguard.desktop.bus import Which, opened
from privacyguard.desktop.notices import (
    SENTENCE,
    CommandNotices,
    DesktopNotices,
    Ended,
    NoticesMissing,
)
from tests.support.fakes.bus_services import Service, on_bus
from tests.support.notice_daemon import NAME, Daemon, notice_daemon


@pytest.fixture
def daemon(bus: str, tmp_path: Path) -> Iterator[Daemon]:
    with notice_daemon(os.environ, tmp_path) as running:
        yield running


def shown(daemon: Daemon, sentence: str) -> str:
    """What the daemon wrote down, when the sentence is in it."""
    deadline = time.monotonic() + 20
    while sentence not in (text := daemon.printed.read_text("utf-8")):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    return text


def test_the_sentence_is_shown_quietly(daemon: Daemon) -> None:
    sent = DesktopNotices().send()
    text = shown(daemon, SENTENCE)
    sent.close()
    assert "appname: 'PrivacyGuard'" in text and "summary: 'PrivacyGuard'" in text
    assert "urgency: LOW" in text


def test_a_click_is_heard(daemon: Daemon) -> None:
    sent = DesktopNotices().send()
    assert sent.wait(0.2) is Ended.STILL_THERE
    shown(daemon, SENTENCE)
    daemon.control("action")
    assert sent.wait(20) is Ended.OPENED
    sent.close()
    sent.close()


def test_a_notice_that_is_taken_away_is_not_opened(daemon: Daemon) -> None:
    sent = DesktopNotices().send()
    shown(daemon, SENTENCE)
    daemon.control("close-all")
    assert sent.wait(20) is Ended.CLOSED
    sent.close()


def test_what_becomes_of_another_programs_notice_is_not_ours(daemon: Daemon) -> None:
    ours = DesktopNotices().send()
    with opened(Which.SESSION) as bus:
        body: tuple[object, ...] = ("Mail", 0, "", "New mail", "", [], {}, -1)
        (other,) = bus.call(NOTIFICATIONS, "Notify", "susssasa{sv}i", body)
        bus.call(NOTIFICATIONS, "CloseNotification", "u", (other,))
    assert ours.wait(0.5) is Ended.STILL_THERE
    ours.close()


def test_who_waits_is_woken_by_closing(daemon: Daemon) -> None:
    sent = DesktopNotices().send()
    ended: list[Ended] = []
    waiting = threading.Thread(target=lambda: ended.append(sent.wait(20)))
    waiting.start()
    time.sleep(0.2)
    began = time.monotonic()
    sent.close()
    waiting.join(20)
    assert ended == [Ended.CLOSED] and time.monotonic() - began < 5


def test_do_not_disturb_is_the_daemons_own(daemon: Daemon) -> None:
    daemon.control("set-paused", "true")
    sent = DesktopNotices().send()
    assert daemon.control("count", "displayed").strip() == "0"
    assert daemon.control("count", "waiting").strip() == "1"
    daemon.control("set-paused", "false")
    shown(daemon, SENTENCE)
    sent.close()


def test_who_shows_them_has_a_name(daemon: Daemon) -> None:
    assert DesktopNotices().shown_by() == "dunst"


def test_a_bus_without_a_daemon(bus: str) -> None:
    assert DesktopNotices().shown_by() is None
    with pytest.raises(NoticesMissing):
        DesktopNotices().send()


def test_no_bus(no_bus: None) -> None:
    assert DesktopNotices().shown_by() is None
    with pytest.raises(NoticesMissing):
        DesktopNotices().send()


def test_a_daemon_that_hangs_or_answers_nonsense(bus: str) -> None:
    interface = NAME
    for service in (
        Service(NAME, silent=frozenset({"GetCapabilities"})),
        Service(NAME, methods={(interface, "GetCapabilities"): ("as", []), (interface, "Notify"): ("s", "one")}),
    ):
        with on_bus(bus, service), pytest.raises(NoticesMissing):
            DesktopNotices().send()


def test_a_daemon_without_clicks_gets_no_action(bus: str) -> None:
    service = Service(NAME, methods={(NAME, "GetCapabilities"): ("as", ["body"]), (NAME, "Notify"): ("u", 7)})
    with on_bus(bus, service):
        sent = DesktopNotices().send()
        assert sent.wait(0.1) is Ended.STILL_THERE
        sent.close()
    (_, _, _, _, body, actions, hints, _) = service.bodies["Notify"]
    assert (body, actions) == (SENTENCE, [])
    assert hints["urgency"] == ("y", 0) and hints["desktop-entry"] == ("s", "privacyguard")


def test_the_sentence_holds_nothing_that_changes() -> None:
    assert "{" not in SENTENCE and "%" not in SENTENCE


def test_a_program_of_the_system_gets_the_sentence_by_its_environment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    CommandNotices(["sh", "-c", f'printf %s "$PRIVACYGUARD_WORDS" > {out}']).send()
    assert out.read_text() == SENTENCE
    with pytest.raises(NoticesMissing):
        CommandNotices(["false"]).send()
    with pytest.raises(NoticesMissing):
        CommandNotices(["/nowhere/at/all"]).send()
