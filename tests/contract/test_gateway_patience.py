"""A host that asks to be left alone, and the pace of one: within a run, across runs, and as a service itself allows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from privacyguard.errors import ServiceDown, SourceError, TooManyRequests
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Limit, PaceRecord, SourceInfo
from privacyguard.net.gateway import TRIES
from privacyguard.net.pacing import PaceStore
from privacyguard.vault.vault import Vault
from tests.support.doors import NOW, Door, Impatient, card
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Answer, Server


class Kept:
    """Records in memory, in place of the vault."""

    def __init__(self) -> None:
        self.records: dict[str, PaceRecord] = {}

    def load(self, host: str) -> PaceRecord:
        return self.records.get(host, PaceRecord((), None))

    def save(self, host: str, record: PaceRecord) -> None:
        self.records[host] = record


class Clockwork(CancelToken):
    """Waiting moves its clocks on, so nobody waits."""

    def __init__(self, start: datetime = NOW) -> None:
        super().__init__()
        self.start = start
        self.passed_s = 0.0

    def wait(self, seconds: float) -> None:
        self.check()
        self.passed_s += seconds

    def clock(self) -> datetime:
        return self.start + timedelta(seconds=self.passed_s)

    def door(self, base: str, kept: PaceStore, *limits: Limit) -> Door:
        info = replace(card("service.example.org"), limits=limits or (Limit(1000, 60.0),))
        return Door(
            base,
            info=info,
            cancel=self,
            pace_store=kept,
            clock=self.clock,
            monotonic_s=lambda: self.passed_s,
        )


def card_of(door: Door) -> SourceInfo:
    return door.gateway._info


@pytest.fixture
def busy() -> Iterator[Server]:
    """Asks for an hour's rest, whatever it is asked."""
    with Server(lambda _: Answer(429, headers={"Retry-After": "3600"})) as server:
        yield server


def test_host_that_asked_for_an_hour_is_not_asked_before_not_even_by_the_next_run(busy: Server) -> None:
    kept = Kept()
    first = Clockwork().door(busy.url, kept)
    for _ in range(2):
        error = first.failure(TooManyRequests)
        assert "up to an hour" in error.title
    later = Clockwork(NOW + timedelta(minutes=30)).door(busy.url, kept)
    again = later.failure(TooManyRequests)
    assert isinstance(again, TooManyRequests)
    assert again.wait_s == pytest.approx(1800, abs=1)
    assert len(busy.requests) == len(first.recorded) == 1
    assert later.recorded == []
    over = Clockwork(NOW + timedelta(minutes=60, seconds=1)).door(busy.url, kept)
    over.failure(TooManyRequests)
    assert len(busy.requests) == 2


def test_the_other_sources_of_the_same_host_leave_it_alone_too_and_other_hosts_are_asked(busy: Server) -> None:
    with Server(lambda _: Answer(200, b"{}")) as other:
        door = Door(resolve={"a.example.org": f"127.0.0.1:{busy.port}", "b.example.org": f"127.0.0.1:{other.port}"})
        one, two = card("a.example.org"), replace(card("a.example.org", "b.example.org"), id="second")
        with pytest.raises(TooManyRequests):
            door.network.bind(one, CancelToken()).get("http://a.example.org/", what="a", purpose="b")
        second = door.network.bind(two, CancelToken())
        with pytest.raises(TooManyRequests):
            second.get("http://a.example.org/", what="a", purpose="b")
        assert second.get("http://b.example.org/", what="a", purpose="b").status == 200
    assert len(busy.requests) == 1


@pytest.mark.parametrize("header", ["7200", format_datetime(NOW + timedelta(hours=2), usegmt=True)])
@pytest.mark.parametrize(("status", "kind"), [(429, TooManyRequests), (503, ServiceDown)])
def test_both_forms_and_both_statuses_are_remembered(header: str, status: int, kind: type[SourceError]) -> None:
    kept = Kept()
    with Server(lambda _: Answer(status, headers={"Retry-After": header})) as server:
        Clockwork().door(server.url, kept).failure(kind)
        assert "some hours" in Clockwork().door(server.url, kept).failure(TooManyRequests).title
        assert len(server.requests) == 1
    (record,) = kept.records.values()
    assert record.not_before == NOW + timedelta(hours=2)


def test_no_more_than_a_day_is_remembered() -> None:
    kept = Kept()
    with Server(lambda _: Answer(429, headers={"Retry-After": "99999999"})) as server:
        assert "until tomorrow" in Clockwork().door(server.url, kept).failure(TooManyRequests).title
    (record,) = kept.records.values()
    assert record.not_before == NOW + timedelta(days=1)


def test_post_that_is_refused_for_now_is_remembered_and_not_sent_again(busy: Server) -> None:
    door = Clockwork().door(busy.url, Kept())
    for _ in range(2):
        with pytest.raises(TooManyRequests):
            door.post()
    assert len(busy.requests) == 1


def test_unnamed_wait_backs_off_twice_as_long_each_time_and_half_of_it_by_chance() -> None:
    with Server(lambda _: Answer(429)) as server:
        for chance, waits in ((0.0, [0.5, 1.0]), (0.5, [0.75, 1.5]), (1.0, [1.0, 2.0])):
            cancel = Impatient()
            Door(server.url, cancel=cancel, chance=lambda chance=chance: chance).failure(TooManyRequests)
            assert cancel.waits == waits
        assert len(server.requests) == 3 * TRIES


def test_a_hundred_addresses_take_as_long_as_foreseen_and_go_on_after_a_restart() -> None:
    limits = (Limit(2, 1.0), Limit(25, 3600.0))
    kept, first = Kept(), Clockwork()
    with Server(lambda _: Answer(200, b"{}")) as server:
        door = first.door(server.url, kept, *limits)
        foreseen_s = door.network.remaining_s(card_of(door), None, 100) or 0.0
        for _ in range(40):
            door.get()
        second = Clockwork(NOW + timedelta(seconds=first.passed_s))
        door = second.door(server.url, kept, *limits)
        assert door.network.remaining_s(card_of(door), None, 60) == pytest.approx(foreseen_s - first.passed_s, abs=0.1)
        for _ in range(60):
            door.get()
        assert first.passed_s + second.passed_s == pytest.approx(foreseen_s, abs=0.1)
        assert foreseen_s == pytest.approx(3 * 3600, abs=30)
        assert len(server.requests) == 100


def test_what_the_service_itself_allows_counts_for_this_run_in_place_of_the_card() -> None:
    cancel = Clockwork()
    with Server(lambda _: Answer(200, b"{}")) as server:
        door = cancel.door(server.url, Kept(), Limit(1, 60.0))
        info = card_of(door)
        assert door.network.remaining_s(info, None, 3) == 120.0
        door.gateway.allow((Limit(100, 60.0),))
        assert door.gateway.limits == (Limit(100, 60.0),)
        assert door.network.remaining_s(info, None, 3) == 0.0
        for _ in range(3):
            door.get()
        assert cancel.passed_s == 0.0
        again = door.network.bind(info, cancel)
        assert again.limits == (Limit(1, 60.0),)
        assert door.network.remaining_s(info, None, 1) == 60.0
    for none in ((), (Limit(0, 60.0),), (Limit(1, 0.0),)):
        with pytest.raises(ValueError, match="limit"):
            again.allow(none)


def test_remaining_time_is_of_the_named_host_or_the_base_or_the_first_host() -> None:
    info = replace(card("b.example.org", "a.example.org"), limits=(Limit(1, 10.0),))
    door = Door(info=info)
    door.network.pace.wait_turn("a.example.org", info.limits, CancelToken())
    left = [door.network.remaining_s(info, host, 1) for host in (None, "a.example.org", "b.example.org")]
    assert left == [pytest.approx(10.0, abs=1), pytest.approx(10.0, abs=1), 0.0]
    based = Door("http://127.0.0.1:9", info=info)
    based.network.pace.wait_turn("127.0.0.1:9", info.limits, CancelToken())
    assert (based.network.remaining_s(info, None, 1) or 0.0) > 9
    assert Door(info=card()).network.remaining_s(card(), None, 5) == 0.0


def test_a_reply_within_the_pace_is_not_waited_for() -> None:
    with Server(lambda _: Answer(200, b"{}")) as server:
        cancel = Impatient()
        door = Door(server.url, cancel=cancel)
        for _ in range(5):
            door.get()
        assert cancel.waits == []


def test_the_vault_itself_keeps_the_pace_and_the_wish_to_be_left_alone(busy: Server, tmp_path: Path) -> None:
    keys, limits = MemoryKeyStore(), (Limit(25, 3600.0),)
    with Server(lambda _: Answer(200, b"{}")) as server:
        for restart, (asks, expected_s) in enumerate([(20, 0.0), (10, 3600.0)]):
            cancel = Clockwork()
            vault = Vault.open(tmp_path, keys, clock=cancel.clock)
            door = cancel.door(server.url, vault.pace, *limits)
            for _ in range(asks):
                door.get()
            vault.close()
            assert cancel.passed_s == pytest.approx(expected_s, abs=1), restart
        assert len(server.requests) == 30
    for _ in range(2):
        cancel = Clockwork(NOW + timedelta(days=2))
        vault = Vault.open(tmp_path, keys, clock=cancel.clock)
        cancel.door(busy.url, vault.pace).failure(TooManyRequests)
        vault.close()
    assert len(busy.requests) == 1
