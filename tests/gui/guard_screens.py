"""The screens of the regular check, filled with invented states."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from privacyguard.checkup import guarding
from privacyguard.model.guard import Pace
from privacyguard.ui.main_window import HOME, SETTINGS, MainWindow
from privacyguard.ui.pages.guard_views import RegularView
from privacyguard.ui.presenters.guard import reached_words, store_words
from privacyguard.ui.wizard.views import Step
from privacyguard.vault.keystore import StoreDescription

PACES = tuple((pace.value, guarding.pace_words(pace)) for pace in Pace)
ON = RegularView(
    True,
    "Next check: tomorrow, 09:12.",
    "Last check: today, 09:12",
    paces=PACES,
    starts=True,
    reached=reached_words(True, has_tray=True, starts=True),
    store=store_words(StoreDescription("invented", opens_without_password=False)),
)
OFF = RegularView(
    False, "The regular check is off.", paces=PACES, starts=False, reached=reached_words(False, True, False)
)
LOCKED_STORE = replace(ON, words=guarding.locked_view().words)
NEW = replace(ON, news="2 things are new.", trouble="A place did not answer for a long time.")
NO_TRAY = replace(
    ON,
    words="The regular check is paused until tomorrow, 09:12.",
    is_paused=True,
    pace="monthly",
    gives_notices=False,
    reached=reached_words(True, has_tray=False, starts=True),
)
NO_START = replace(
    ON,
    store=store_words(StoreDescription("invented", opens_without_password=True)),
    starts=None,
    reached=reached_words(True, has_tray=False, starts=False),
)


def _settings(view: RegularView) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.settings.show_view(view)
        window.show_page(SETTINGS)
        return window

    return show


def _home(view: RegularView) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.home.regular.show_view(view)
        window.show_page(HOME)
        return window

    return show


def _results_off(window: MainWindow) -> QWidget:
    window.wizard.results.regular.show_view(OFF)
    window.show_checkup()
    window.wizard.go_to(Step.RESULTS)
    return window


GUARD_SCREENS: dict[str, Callable[[MainWindow], QWidget]] = {
    "settings-off": _settings(OFF),
    "settings-no-tray": _settings(NO_TRAY),
    "settings-no-start": _settings(NO_START),
    "home-new": _home(NEW),
    "home-store-locked": _home(LOCKED_STORE),
    "checkup-8-turn-on": _results_off,
}
