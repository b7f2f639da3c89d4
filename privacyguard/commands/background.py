"""background: the regular check without a window. It asks the person nothing, and gives way to a window that opens."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from privacyguard.again import NEWS
from privacyguard.checkup import guarding, notices, regular, schedule, waking
from privacyguard.checkup.changes import ONE_IN, Silent, Speak
from privacyguard.checkup.regular import Guard, Ran
from privacyguard.commands.call import CANCELLED, DONE, NOT_ALL_DONE, Call, Subparsers, cancellable, person_or_me
from privacyguard.commands.checkups import Telling, show_checkup, status_of
from privacyguard.commands.giving_way import GivingWay, first_in_background
from privacyguard.desktop.conditions import Waking, senses
from privacyguard.desktop.memory import close_memory
from privacyguard.desktop.notices import Ended, Notices, NoticesMissing, Sent
from privacyguard.desktop.notices import notices as notices_of_desktop
from privacyguard.desktop.opening import open_window
from privacyguard.desktop.priority import step_back
from privacyguard.errors import Cancelled, PasswordStoreLocked, UsageError, VaultError, VaultInUse
from privacyguard.guards import guard_of, own_program
from privacyguard.i18n import _
from privacyguard.model.checkup import Checkup
from privacyguard.model.guard import Conditions, GuardState, Waits, WaitUntil
from privacyguard.model.progress import CancelToken
from privacyguard.paths import make_private
from privacyguard.session import Session

CLICK_S = 600.0
"""So long a check that a timer started waits for a click on its notice. The vault is closed meanwhile."""


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("background", _("the regular check, without a window"), _background)
    parser.add_argument("--once", action="store_true", help=_("do one check now and end"))
    parser.add_argument("--when-due", action="store_true", help=_("with --once: only if one is due (for timers)"))


def _background(call: Call) -> int:
    if call.arguments.when_due and not call.arguments.once:
        raise UsageError(_("--when-due goes with --once."))
    close_memory()
    make_private(call.session.paths.home)
    with cancellable(call) as cancel, first_in_background(call.session.paths) as giving_way:
        if giving_way is None and not call.arguments.once:
            call.out.note(_("PrivacyGuard already waits in the background."))
            return DONE
        background = _Background(call, giving_way or GivingWay(), cancel)
        if not call.arguments.once:
            return background.stay()
        return background.once_when_due() if call.arguments.when_due else background.once_now()


@dataclass(frozen=True)
class _Turn:
    """What one look brought. ``done``: what ran, or why nothing did; ``next_in_s``: None while the regular check is off;
    ``sent``: the notice that was given.
    """

    done: Ran | WaitUntil
    next_in_s: float | None = None
    sent: Sent | None = None


class _Background:
    """One process in the background. Each look has a session of its own: between them the vault is closed."""

    def __init__(self, call: Call, giving_way: GivingWay, cancel: CancelToken) -> None:
        self._call = call
        self._giving_way = giving_way
        self._cancel = cancel
        self._senses = senses()
        self._waking = Waking(call.session.clock)
        self._notices: Notices = notices_of_desktop()
        self._turn = threading.Lock()

    def once_now(self) -> int:
        """One check, due or not."""
        if self._senses.now().keyring_locked:
            raise PasswordStoreLocked("it would ask the person")
        turn = self._look(self._check_now)
        self._show(turn)
        return self._status(turn)

    def once_when_due(self) -> int:
        """One check if one is due. To wait is no fault of anything."""
        turn = self._look_when_due()
        self._show(turn)
        if turn.sent is not None:
            self._open_on_click(turn.sent, CLICK_S)
        return self._status(turn) if isinstance(turn.done, Ran) else DONE

    def stay(self) -> int:
        """Check whenever one is due, until the session ends or the regular check is switched off."""
        while True:
            turn = self._look_whatever_happens()
            if isinstance(turn.done, Ran) or turn.next_in_s is None:
                self._show(turn)
            if turn.next_in_s is None:
                return DONE
            if turn.sent is not None:
                # A thread of its own: the click may come days later, and ends nothing.
                listens = (turn.sent, ONE_IN.total_seconds())
                threading.Thread(target=self._open_on_click, args=listens, name="notice", daemon=True).start()
            try:
                self._cancel.wait(turn.next_in_s)
            except Cancelled:
                return CANCELLED

    def _look_whatever_happens(self) -> _Turn:
        try:
            return self._look_when_due()
        except VaultError as error:  # the password store may start later in the session, the disk be freed
            self._call.out.problem(_(error.title), _(error.remedy))
            return self._later(Waits.KEYRING_LOCKED)

    def _look_when_due(self) -> _Turn:
        if not any(self._call.session.paths.home.glob("vault.*")):
            return _Turn(WaitUntil(None, Waits.SWITCHED_OFF))
        if self._senses.now().keyring_locked:
            return self._later(Waits.KEYRING_LOCKED)
        try:
            return self._look(self._check_when_due)
        except VaultInUse:  # by a window, which looks itself, or by a command
            return self._later(Waits.CHECKING)

    def _later(self, reason: Waits) -> _Turn:
        wait = schedule.LOOK_AGAIN
        return _Turn(WaitUntil(self._call.session.clock() + wait, reason), wait.total_seconds())

    def _look(self, work: Callable[[Session, CancelToken], _Turn]) -> _Turn:
        """Open the vault for this work and close it again. In a thread below normal priority, where no window starts."""
        result: list[_Turn] = []
        failure: list[BaseException] = []

        def look() -> None:
            with suppress(OSError):  # some containers forbid it, and the work is the same
                step_back()
            given = self._call.session
            try:
                with (
                    self._giving_way.turn(self._cancel) as cancel,
                    Session(given.paths, given.personal, given.clock) as session,
                ):
                    result.append(work(session, cancel))
            except BaseException as error:  # noqa: BLE001  (raised in the thread that waits)
                failure.append(error)

        thread = threading.Thread(target=look, name="check")
        thread.start()
        thread.join()
        for error in failure:
            raise error
        return result[0]

    def _check_now(self, session: Session, cancel: CancelToken) -> _Turn:
        person_or_me(replace(self._call, session=session))
        # Somebody waits for it: it does not stand still while they are busy.
        guard = self._guard(session, lambda: replace(self._senses.now(), busy=False))
        done = regular.run_due(guard, cancel, Telling(self._call).show, at_once=True)
        return _Turn(done, sent=self._say(guard, notices.to_say(guard)))

    def _check_when_due(self, session: Session, cancel: CancelToken) -> _Turn:
        guard = self._guard(session, self._senses.now)
        woken = waking.wake(guard, cancel, Telling(self._call).show)
        done = woken.ran or WaitUntil(None, woken.waits or Waits.NOT_DUE)
        next_in_s = None if woken.next_in is None else woken.next_in.total_seconds()
        return _Turn(done, next_in_s, self._say(guard, woken.says))

    def _guard(self, session: Session, conditions: Callable[[], Conditions]) -> Guard:
        return guard_of(session, conditions, self._turn, self._waking.since)

    def _say(self, guard: Guard, says: Speak | Silent) -> Sent | None:
        """Give the notice. Where the desktop shows none it counts as not given, and the next look tries again."""
        if isinstance(says, Silent):
            return None
        try:
            sent = self._notices.send()
        except NoticesMissing as error:
            self._call.out.problem(_(error.title), _(error.remedy))
            return None
        notices.told(guard, says)
        return sent

    def _open_on_click(self, sent: Sent, patience_s: float) -> None:
        self._cancel.on_cancel(sent.close)
        try:
            program = own_program()
            if sent.wait(patience_s) is Ended.OPENED and program is not None:
                open_window(program, Path.home(), os.environ, sent.activation_token, [NEWS])
        finally:
            self._cancel.forget(sent.close)
            sent.close()

    def _show(self, turn: _Turn) -> None:
        """As ``check`` does; where nothing ran, why."""
        call, now = self._call, self._call.session.clock()
        if isinstance(turn.done, Ran):
            show_checkup(call, _as_one(turn.done.checkups, now))
            return
        times = {"started_at": now.isoformat(), "finished_at": now.isoformat()}
        call.out.give({**times, "outcomes": [], "new": [], "waits": turn.done.reason.value})
        call.out.say(guarding.words(turn.done, GuardState(), now.astimezone()))

    def _status(self, turn: _Turn) -> int:
        if isinstance(turn.done, WaitUntil):
            return NOT_ALL_DONE
        return status_of(_as_one(turn.done.checkups, self._call.session.clock()), ())


def _as_one(checkups: tuple[Checkup, ...], now: datetime) -> Checkup:
    """The checkups of several people as one answer, yours first."""
    return Checkup(
        min((one.started_at for one in checkups), default=now),
        max((one.finished_at for one in checkups), default=now),
        tuple(outcome for one in checkups for outcome in one.outcomes),
        new=tuple(key for one in checkups for key in one.new),
        cancelled=any(one.cancelled for one in checkups),
    )
