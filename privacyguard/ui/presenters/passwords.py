"""The presenter of "Test a password". Passwords and what is found of them live as long as the page is seen, no longer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject

from privacyguard.checkup.passwords import look_up
from privacyguard.checkup.plan import CheckupPlan, reason_to_skip
from privacyguard.errors import PrivacyGuardError, SourceError
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.person import Person
from privacyguard.model.progress import CancelToken
from privacyguard.session import Session
from privacyguard.sources.base import PasswordSource
from privacyguard.sources.breaches.passwords import PwnedPasswords, sha1_of
from privacyguard.ui.pages.passwords import PasswordsPage
from privacyguard.ui.pages.views import PasswordResult, PasswordsView
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.widgets.text import one_line
from privacyguard.wording_by_hand import remedy_by_hand

SENDS = N_("We send the first 5 of 40 signs of a fingerprint, never the password. It is free.")


@dataclass(frozen=True)
class Answers:
    """``times``: how often each fingerprint is in the list; ``sites``: the sites of each, none for a typed password;
    ``problem``: why the others were not tested, or None."""

    sites: Mapping[str, Sequence[str]] = field(repr=False)
    times: Mapping[str, int] = field(repr=False)
    problem: SourceError | None = None


class PasswordsPresenter(QObject):
    """Joins the page with the source. ``person``: whose computer it is; only a grown-up's own passwords are asked about."""

    def __init__(
        self,
        page: PasswordsPage,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks, self._person = page, session, tasks, person
        self._running: Task | None = None
        page.switched.connect(self._switch)
        page.test_requested.connect(self._test_typed)
        page.file_chosen.connect(self._test_file)
        page.cancel_requested.connect(self._stop)
        page.left.connect(self._leave)

    def show(self) -> None:
        """Show who would be asked and whether they may be."""
        info = PwnedPasswords.info
        view = PasswordsView(_(info.name), _(SENDS), self._session.is_on(info), self._why_not())
        self._page.show_view(view)

    def _why_not(self) -> str:
        person, info = self._person(), PwnedPasswords.info
        if person is None:
            return _("Start a checkup first, so that we know who this is for.")
        plan = CheckupPlan(person.person_id, frozenset({info.id}))
        return _(reason_to_skip(info, person, plan, has_folders=True) or "")

    def _switch(self, is_on: bool) -> None:
        self._session.switch({PwnedPasswords.info.id: is_on})
        self.show()

    def _test_typed(self, password: str) -> None:
        code = sha1_of(password)
        self._start(lambda token, report: self._ask({code: ()}, token, report), typed_results)

    def _test_file(self, path: str) -> None:
        def work(token: CancelToken, report: Report) -> object:
            from privacyguard.analysis.export_reader import read_in_worker

            sites: dict[str, list[str]] = {}
            for site, code in read_in_worker(Path(path), True, token).passwords:
                sites.setdefault(code, []).append(site)
            return self._ask(sites, token, report)

        words = _("Now delete the export file: it holds your passwords. Its name: {file}")
        self._start(work, file_results, words.format(file=one_line(Path(path).name)))

    def _ask(self, sites: Mapping[str, Sequence[str]], token: CancelToken, report: Report) -> Answers:
        source = self._session.source(PwnedPasswords.info.id)
        assert isinstance(source, PasswordSource)
        gateway = self._session.network.bind(source.info, token)
        answer = look_up(sites, source, gateway, lambda done, count: report((done, count)))
        return Answers(sites, answer.times, answer.problem)

    def _start(
        self,
        work: Callable[[CancelToken, Report], object],
        told: Callable[[Answers], Sequence[PasswordResult]],
        reminder: str = "",
    ) -> None:
        if self._running is not None or self._why_not() or not self._session.is_on(PwnedPasswords.info):
            return
        self._page.show_running(True)

        def tell(tested: object) -> None:
            assert isinstance(tested, Answers)
            if self._end(task):
                self._page.show_results(told(tested), reminder)
                if tested.problem is not None:
                    self._page.problem.show_error(tested.problem, remedy=remedy_by_hand(tested.problem))
                else:
                    self._page.password.setText("")

        def fail(error: PrivacyGuardError, details: str) -> None:
            if self._end(task):
                self._page.problem.show_error(error, details)

        task = self._running = self._tasks.start(
            work, done=tell, failed=fail, progressed=self._show_progress, cancelled=lambda: self._end(task)
        )

    def _show_progress(self, progress: object) -> None:
        assert isinstance(progress, tuple)
        done, total = progress
        if self._running is not None and total > 1:
            words = _("{done} of {total} passwords").format(done=done, total=total)
            self._page.working.show_progress(done, total, words)

    def _end(self, task: Task) -> bool:
        """Whether the page still waits for this task; one that was left does not."""
        if self._running is not task:
            return False
        self._running = None
        self._page.show_running(False)
        return True

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _leave(self) -> None:
        self._stop()
        self._running = None


def typed_results(tested: Answers) -> tuple[PasswordResult, ...]:
    """What the list says of the one password that was typed."""
    return tuple(PasswordResult(_typed_words(times), times > 0) for times in tested.times.values())


def _typed_words(times: int) -> str:
    if not times:
        return _("This password is not in the list. Nobody has every list, so this is not a promise.")
    return ngettext(
        "This password is in the list, {times} time. Do not use it any more.",
        "This password is in the list, {times} times. Do not use it any more.",
        times,
    ).format(times=f"{times:,}")


def file_results(tested: Answers) -> tuple[PasswordResult, ...]:
    """A line for each site whose password is in the list, the most seen first; then how many are not, and not tested."""
    listed = sorted(
        ((times, site) for code, times in tested.times.items() if times for site in tested.sites[code]),
        key=lambda pair: (-pair[0], pair[1]),
    )
    results = [PasswordResult(_site_words(site, times), True) for times, site in dict.fromkeys(listed)]
    rest = sum(not times for times in tested.times.values())
    if rest:
        words = ngettext(
            "{count} password is not in the list. Nobody has every list, so this is not a promise.",
            "{count} passwords are not in the list. Nobody has every list, so this is not a promise.",
            rest,
        )
        results.append(PasswordResult(words.format(count=rest), False))
    missing = len(tested.sites) - len(tested.times)
    if missing:
        words = ngettext("{count} password was not tested.", "{count} passwords were not tested.", missing)
        results.append(PasswordResult(words.format(count=missing), None))
    return tuple(results) or (PasswordResult(_("There is no password in this file."), None),)


def _site_words(site: str, times: int) -> str:
    where = one_line(site) or _("An entry without a site")
    return ngettext(
        "{site}: its password is in the list, {times} time. Change it there.",
        "{site}: its password is in the list, {times} times. Change it there.",
        times,
    ).format(site=where, times=f"{times:,}")
