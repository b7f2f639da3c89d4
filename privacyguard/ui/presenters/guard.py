"""The presenter of the regular check: the page Settings, and its card on Home and on the last page of a checkup."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from privacyguard import wording
from privacyguard.checkup import guarding, notices
from privacyguard.checkup.guarding import GuardView
from privacyguard.checkup.regular import Guard
from privacyguard.desktop.conditions import Waking, senses
from privacyguard.errors import PrivacyGuardError, VaultClosed
from privacyguard.guards import guard_of, own_program, own_starting
from privacyguard.i18n import _, ngettext
from privacyguard.model.guard import NewsKind, Pace, Waits
from privacyguard.model.progress import CancelToken
from privacyguard.session import Session
from privacyguard.ui.main_window import DETAILS, FINDINGS, HOME, SETTINGS, MainWindow
from privacyguard.ui.pages.guard_views import RegularView
from privacyguard.ui.tasks import Report, TaskRunner
from privacyguard.vault.keystore import StoreDescription

_SHOWN_ON = frozenset({HOME, SETTINGS})
_FINDINGS = frozenset({NewsKind.NEW, NewsKind.RETURNED, NewsKind.REMINDER})
_SEEN_ON = {FINDINGS: _FINDINGS, DETAILS: frozenset({NewsKind.LETTER}), HOME: frozenset({NewsKind.COULD_NOT_CHECK})}


@dataclass(frozen=True)
class _Known:
    """What was asked of the vault and of the system, off the GUI thread."""

    view: GuardView
    starts: bool | None
    gives_notices: bool
    store: StoreDescription | None


class GuardPresenter(QObject):
    """Joins the pages with the regular check. ``changed``: the person changed when it is due or whether it runs, or saw
    what was new; ``check_now_requested``: they want one in the background. ``guard``: what is looked at; one of its own
    over ``session.turn`` where none is given.
    """

    check_now_requested = Signal()
    changed = Signal()

    def __init__(
        self, window: MainWindow, session: Session, tasks: TaskRunner, parent: QObject, guard: Guard | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._session, self._tasks = window, session, tasks
        self._guard = guard or guard_of(session, senses().now, session.turn, Waking(session.clock).since)
        self._ways, self._program = own_starting(session.paths), own_program()
        self._has_tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable
        self._at_system = threading.Lock()  # one question or order at a time, in their order
        self._is_asked, self._is_asked_again = False, False
        self._store: StoreDescription | None = None
        page, cards = window.settings, (window.home.regular, window.wizard.results.regular)
        self._problems = (page.problem, *(card.problem for card in cards))
        page.switched.connect(self.switch)
        page.pace_chosen.connect(lambda pace: self._do(lambda: guarding.set_pace(self._guard.vault, Pace(pace))))
        page.starting_switched.connect(self._switch_starting)
        page.notices_switched.connect(lambda wanted: self._do(lambda: notices.want(self._guard.vault, wanted)))
        page.pause_requested.connect(self._pause)
        page.check_requested.connect(self.check_now_requested)
        for card in cards:
            card.switch_on_requested.connect(lambda: self.switch(True))
        window.page_opened.connect(self._opened)
        window.findings.mark_requested.connect(lambda key, _kind: self._see_one(key))
        window.installEventFilter(self)
        self.show()

    def show(self) -> None:
        """Bring the pages up to date. What the system is asked for may take seconds, so it is asked in a thread."""
        self._is_asked_again = self._is_asked
        if self._is_asked:
            return
        self._is_asked = True

        def ask(token: CancelToken, report: Report) -> object:
            with self._at_system:
                view = guarding.view(self._guard)
                starts = None if self._ways is None or self._program is None else self._ways.is_on()
                return _Known(view, starts, notices.are_wanted(self._guard.vault), self._described_store())

        self._tasks.start(ask, done=self._show_known, failed=self._not_known, cancelled=self._asked)

    def _described_store(self) -> StoreDescription | None:
        """Asked once: it does not change while we run. None where it does not answer; the vault tells of that."""
        if self._store is None:
            with suppress(PrivacyGuardError):
                self._store = self._session.keys.describe()
        return self._store

    def switch(self, is_on: bool) -> None:
        """Switch the regular check on or off, and with it that the computer starts it."""
        self._do(lambda: guarding.switch(self._guard.vault, is_on, self._session.clock()))
        self._switch_starting(is_on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window came to the front: what it shows may be old, and the person sees it now."""
        if event.type() is QEvent.Type.WindowActivate:
            self._see(self._window.current_page)
            self.show()
        return super().eventFilter(watched, event)

    def _opened(self, page: str) -> None:
        self._see(page)
        if page in _SHOWN_ON:
            self.show()

    def _see(self, page: str) -> None:
        """Keep that the person saw what is new on this page."""
        kinds = _SEEN_ON.get(page)
        if kinds is None or not self._window.isVisible():
            return
        try:
            vault = self._guard.vault
            about = [one.about for one in vault.guard.unseen() if one.kind in kinds]
            if about:
                vault.guard.seen(about, self._session.clock())
                self.changed.emit()
        except VaultClosed:
            return  # all was forgotten, or the program ends: nothing is left to be seen

    def _see_one(self, key: str) -> None:
        self._do(lambda: self._guard.vault.guard.seen([key], self._session.clock()))

    def _pause(self, is_wanted: bool) -> None:
        vault = self._guard.vault
        if is_wanted:
            self._do(lambda: guarding.pause_for_a_day(vault, self._session.clock()))
        else:
            self._do(lambda: guarding.end_pause(vault))

    def _do(self, change: Callable[[], object]) -> None:
        for each in self._problems:
            each.clear()
        try:
            change()
        except PrivacyGuardError as error:
            self._show_problem(error)
        self.changed.emit()
        self.show()

    def _show_problem(self, error: PrivacyGuardError, details: str = "") -> None:
        """Beside each of the places where it can be switched: the person is at one of them."""
        for each in self._problems:
            each.show_error(error, details)

    def _switch_starting(self, is_on: bool) -> None:
        ways, program = self._ways, self._program
        if ways is None or program is None:
            return

        def switch(token: CancelToken, report: Report) -> object:
            with self._at_system:
                if is_on:
                    ways.switch_on(program)
                else:
                    ways.switch_off()
                return None

        self._tasks.start(switch, done=lambda _nothing: self.show(), failed=self._not_started)

    def _not_started(self, error: PrivacyGuardError, details: str) -> None:
        self._show_problem(error, details)
        self.show()

    def _show_known(self, known: object) -> None:
        assert isinstance(known, _Known)
        view = regular_view(known.view, known.starts, known.gives_notices, self._has_tray(), self._session.clock())
        view = replace(view, store=store_words(known.store))
        self._window.settings.show_view(view)
        for card in (self._window.home.regular, self._window.wizard.results.regular):
            card.show_view(view)
        self._asked()

    def _not_known(self, error: PrivacyGuardError, details: str) -> None:
        if not isinstance(error, VaultClosed):  # then all was forgotten, or the program ends
            self._show_problem(error, details)
        self._asked()

    def _asked(self) -> None:
        self._is_asked = False
        if self._is_asked_again:
            self.show()


def regular_view(
    view: GuardView, starts: bool | None, gives_notices: bool, has_tray: bool, now: datetime
) -> RegularView:
    """From what is known to what is shown."""
    news = ngettext("{count} thing is new.", "{count} things are new.", view.new).format(count=view.new)
    last = ""
    if view.last_at is not None:
        last = _("Last check: {when}").format(when=wording.moment(view.last_at, now.astimezone(view.last_at.tzinfo)))
    return RegularView(
        view.is_on,
        view.words,
        last,
        _trouble(view),
        news if view.new else "",
        view.pace.value,
        tuple((pace.value, guarding.pace_words(pace)) for pace in Pace),
        view.waits is Waits.PAUSED,
        starts,
        gives_notices,
        reached_words(view.is_on, has_tray, bool(starts)),
    )


def store_words(store: StoreDescription | None) -> str:
    """What the password store means for somebody who takes the computer."""
    if store is None:
        return ""
    if store.opens_without_password is None:
        return _(
            "We cannot tell if the password store of this computer asks for a password."
            " If it does not, who takes this computer can read what PrivacyGuard keeps."
        )
    if store.opens_without_password:
        return _(
            "The password store of this computer opens without a password."
            " So who takes this computer can read what PrivacyGuard keeps. Give the store a password to change that."
        )
    return _(
        "The password store of this computer asks for a password."
        " So who takes this computer while it is off cannot read what PrivacyGuard keeps."
    )


def reached_words(is_on: bool, has_tray: bool, starts: bool) -> str:
    """What closing the window does, and how the app is reached then."""
    if not is_on:
        return _("When you close the window, PrivacyGuard ends.")
    if has_tray:
        return _("When you close the window, its sign stays beside the clock. Click it to open the window again.")
    if starts:
        return _(
            "When you close the window, PrivacyGuard ends. This desktop has no place for its sign beside the clock."
            " The computer starts the check by itself. To see what is new, open PrivacyGuard as always."
        )
    return _(
        "When you close the window, PrivacyGuard ends. This desktop has no place for its sign beside the clock."
        " So it looks only while its window is open."
    )


def _trouble(view: GuardView) -> str:
    if view.is_overdue:
        return _("It could not look for a long time.")
    return _("A place did not answer for a long time.") if view.has_trouble else ""
