"""Many addresses: each is asked once in a round, in the pace of the service, over stops, kills and restarts.

The service is a real HTTP server, the vault a real one; only time is the tests' own, so that days take seconds.
"""

import json
import os
import signal
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import STOPPED, Parts, run_checkup
from privacyguard.errors import NoNetwork, ServiceDown, UnexpectedReply
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.model.progress import Progress, SourceState
from privacyguard.model.source import Limit
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.breaches.xposedornot import XposedOrNot
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.own_time import OwnTime, PatientToken
from tests.support.servers import Answer, Seen, Server

HOUR_S, DAY_S = 3600.0, 86400.0
LEAKY = 10
"""Every so many-th address is in a leak of its own."""

pytestmark = pytest.mark.timeout(300)


def address(number: int) -> str:
    return f"jane.{number:03}@mail.example.org"


class Service:
    """XposedOrNot as it answers, and when it was asked what, in the test's time. ``broken``: address to another answer."""

    def __init__(self, time: OwnTime) -> None:
        self.asked: list[tuple[float, str]] = []
        self.broken: dict[str, Answer] = {}
        self._time = time

    def answer(self, seen: Seen) -> Answer:
        asked = unquote(urlsplit(seen.path).path.removeprefix("/v1/check-email/"))
        self.asked.append((self._time.s, asked))
        if asked in self.broken:
            return self.broken[asked]
        number = int(asked[5:8])
        if number % LEAKY:
            return Answer(404, json.dumps({"Error": "No breaches found", "email": None}).encode())
        return Answer(200, json.dumps({"breaches": [[f"Leak{number}"]], "email": asked}).encode())

    @property
    def addresses(self) -> list[str]:
        return [asked for _at, asked in self.asked]


class Person:
    """Somebody with many addresses, whose computer is restarted now and then. No picture is opened here."""

    def __init__(self, home: Path, url: str, time: OwnTime, addresses: int) -> None:
        self.time = time
        self.progress: list[tuple[float, Progress]] = []
        self._home, self._url, self._keys = home, url, MemoryKeyStore()
        with self.vault() as vault:
            self.person_id = vault.add_person("Jane", Relation.ME, True).person_id
            identifiers = [Identifier(IdentifierKind.EMAIL, address(number)) for number in range(addresses)]
            assert vault.add_identifiers(self.person_id, identifiers) == addresses

    @contextmanager
    def vault(self) -> Iterator[Vault]:
        with Vault.open(self._home, self._keys, clock=self.time.now) as vault:
            yield vault

    def parts(self, vault: Vault) -> Parts:
        network = Network(
            vault.record,
            NetSettings("PrivacyGuard/test", {"xposedornot": self._url}),
            clock=self.time.now,
            monotonic_s=self.time.steady_s,
            pace_store=vault.pace,
        )
        pool = AnalysisPool(workers=1)  # starts nothing before a picture comes
        return Parts(vault, (XposedOrNot(self._url),), network, pool, self.time.now, lambda _source_id: None)

    def check(self, until_s: float = float("inf"), told: Callable[[Progress], None] = lambda progress: None) -> Checkup:
        """A checkup after a start of the program, stopped at ``until_s`` in the test's time."""

        def tell(progress: Progress) -> None:
            self.progress.append((self.time.s, progress))
            told(progress)

        with self.vault() as vault:
            plan = CheckupPlan(self.person_id, frozenset({"xposedornot"}))
            checkup = run_checkup(plan, self.parts(vault), tell, PatientToken(self.time, until_s))
            assert vault.last_checkup() == checkup
        return checkup

    def findings(self) -> set[str]:
        with self.vault() as vault:
            return {finding.key for finding in vault.findings(self.person_id)}


@pytest.fixture
def time() -> OwnTime:
    return OwnTime()


@pytest.fixture
def service(time: OwnTime) -> Service:
    return Service(time)


@pytest.fixture
def person(service: Service, time: OwnTime, tmp_path: Path) -> Iterator[Callable[[int], Person]]:
    with Server(service.answer) as server:
        yield lambda addresses: Person(tmp_path / "home", server.url, time, addresses)


def outcome(checkup: Checkup) -> Outcome:
    (only,) = checkup.outcomes
    return only


def most_in(times: list[float], seconds: float) -> int:
    """The most requests in any time of this length."""
    return max(number + 1 - bisect_right(times, at - seconds + 1e-6) for number, at in enumerate(times))


def test_a_hundred_addresses_over_five_days_with_restarts_keep_the_pace_and_are_asked_once_a_round(
    service: Service, person: Callable[[int], Person], time: OwnTime
) -> None:
    jane = person(100)
    ended_at: list[float] = []
    stopped = 0
    while time.s < 5 * DAY_S:
        checkup = jane.check(until_s=min(time.s + 5 * HOUR_S, 5 * DAY_S))
        if checkup.cancelled:
            stopped += 1
            continue
        ended_at.append(time.s)
        assert outcome(checkup).status is Status.CHECKED
        assert (outcome(checkup).seen, outcome(checkup).left) == (100, 0)
        assert set(outcome(checkup).findings) == jane.findings()
        assert len(jane.findings()) == 100 // LEAKY
    times = [at for at, _asked in service.asked]
    for limit in XposedOrNot.info.limits:
        assert most_in(times, limit.seconds) <= limit.count
    everybody = [address(number) for number in range(100)]
    assert len(ended_at) == 5
    assert [sorted(service.addresses[start : start + 100]) for start in range(0, 500, 100)] == [everybody] * 5
    # 25 an hour: three hours of waiting in a round; 100 a day: a round begins a day after the one before.
    assert ended_at == pytest.approx([day * DAY_S + 3 * HOUR_S for day in range(5)], abs=15)
    assert stopped >= 15


def test_a_stopped_checkup_says_how_far_it_came_and_the_next_one_goes_on(
    service: Service, person: Callable[[int], Person], time: OwnTime
) -> None:
    jane = person(60)
    first = jane.check(until_s=1.5 * HOUR_S)
    assert first.cancelled
    assert outcome(first).status is Status.SKIPPED
    assert outcome(first).problem == STOPPED
    assert (outcome(first).seen, outcome(first).left) == (50, 10)
    assert set(first.new) == set(outcome(first).findings) == jane.findings()
    assert len(first.new) == 5
    second = jane.check()
    assert outcome(second).status is Status.CHECKED
    assert (outcome(second).seen, outcome(second).left) == (60, 0)
    assert len(second.new) == 1
    assert set(outcome(second).findings) == {*first.new, *second.new} == jane.findings()
    assert sorted(service.addresses) == [address(number) for number in range(60)]
    assert jane.check().new == ()
    assert len(service.asked) == 120


def test_the_time_that_is_left_is_the_time_that_it_takes(person: Callable[[int], Person], time: OwnTime) -> None:
    jane = person(60)
    jane.check(until_s=0.5 * HOUR_S)
    jane.check()
    told = [(at, told.remaining_s, told.limit) for at, told in jane.progress if told.remaining_s is not None]
    assert len(told) >= 60
    for at, remaining_s, _limit in told:
        assert at + remaining_s == pytest.approx(time.s, abs=1)
    assert told[0][2] == Limit(25, HOUR_S)
    assert jane.progress[-1][1].state is SourceState.CHECKED
    assert jane.progress[-1][1].remaining_s is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [(Answer(500, b"oops"), ServiceDown), (Answer(200, b"", headers={"Connection": "close"}), None)],
)
def test_a_service_that_breaks_in_the_middle_is_asked_for_the_rest_next_time(
    service: Service, person: Callable[[int], Person], answer: Answer, error: type[ServiceDown] | None
) -> None:
    jane = person(15)
    if error is None:
        service.broken = {address(number): answer for number in range(6, 15)}
    else:
        service.broken = {address(6): answer}
    first = jane.check()
    assert not first.cancelled
    assert outcome(first).status is Status.FAILED
    assert outcome(first).problem == (error or UnexpectedReply).title
    assert (outcome(first).seen, outcome(first).left) == (6, 9)
    assert jane.progress[-1][1].left == 9
    asked_in_vain = service.addresses[6:]
    assert asked_in_vain == [address(6)] if error else [address(6), address(7), address(8)]
    service.broken.clear()
    service.asked.clear()
    second = jane.check()
    assert outcome(second).status is Status.CHECKED
    assert service.addresses == [address(number) for number in range(6, 15)]
    assert set(outcome(second).findings) == jane.findings()


def test_one_address_that_the_service_cannot_answer_does_not_keep_the_others_from_being_asked(
    service: Service, person: Callable[[int], Person]
) -> None:
    jane = person(15)
    service.broken[address(3)] = Answer(200, b'{"Error": "what is this"}')
    for _ in range(2):
        failed = jane.check()
        assert outcome(failed).status is Status.FAILED
        assert (outcome(failed).seen, outcome(failed).left) == (14, 1)
    assert service.addresses == [*(address(number) for number in range(15)), address(3)]
    service.broken.clear()
    assert outcome(jane.check()).status is Status.CHECKED


def test_an_address_that_is_named_meanwhile_is_asked_in_the_same_round_and_one_that_is_removed_is_not(
    service: Service, person: Callable[[int], Person]
) -> None:
    jane = person(30)
    jane.check(until_s=0.5 * HOUR_S)
    service.asked.clear()
    with jane.vault() as vault:
        vault.remove_identifier(jane.person_id, Identifier(IdentifierKind.EMAIL, address(29)))
        vault.add_identifier(jane.person_id, Identifier(IdentifierKind.EMAIL, address(40)))
    checkup = jane.check()
    assert outcome(checkup).seen == 30
    assert sorted(service.addresses) == [address(number) for number in (25, 26, 27, 28, 40)]
    assert set(outcome(checkup).findings) == jane.findings()


def test_a_round_that_is_too_old_begins_anew(service: Service, person: Callable[[int], Person], time: OwnTime) -> None:
    jane = person(30)
    jane.check(until_s=0.5 * HOUR_S)
    time.s += 8 * DAY_S
    service.asked.clear()
    assert outcome(jane.check()).status is Status.CHECKED
    assert sorted(service.addresses) == [address(number) for number in range(30)]


@pytest.mark.parametrize("killed_at", [0, 1, 7, 14])
def test_a_killed_program_loses_no_answer_and_asks_nothing_twice(
    service: Service, person: Callable[[int], Person], killed_at: int
) -> None:
    jane = person(15)

    def die(progress: Progress) -> None:
        if progress.seen == killed_at and progress.total is not None:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        jane.check(told=die)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    checkup = jane.check()
    assert outcome(checkup).status is Status.CHECKED
    assert outcome(checkup).seen == 15
    assert set(outcome(checkup).findings) == jane.findings()
    assert len(jane.findings()) == 2
    assert service.addresses == [address(number) for number in range(15)]


def test_without_a_connection_nothing_is_asked_and_nothing_counts_as_asked(
    person: Callable[[int], Person], time: OwnTime
) -> None:
    jane = person(3)
    with jane.vault() as vault:
        parts = jane.parts(vault)
        nobody = NetSettings("PrivacyGuard/test", {"xposedornot": "http://127.0.0.1:1"})
        network = Network(vault.record, nobody, clock=time.now, monotonic_s=time.steady_s)
        parts = replace(parts, network=network, sources=(XposedOrNot("http://127.0.0.1:1"),))
        plan = CheckupPlan(jane.person_id, frozenset({"xposedornot"}))
        failed = run_checkup(plan, parts, lambda progress: None, PatientToken(time))
    assert outcome(failed).problem == NoNetwork.title
    assert (outcome(failed).seen, outcome(failed).left, outcome(failed).findings) == (0, 0, ())
