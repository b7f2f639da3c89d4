"""What a worker says that it gave up is checked, and without it pictures from the web are not looked at."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard import doctor
from privacyguard.analysis import worker
from privacyguard.analysis.confine_macos import profile
from privacyguard.analysis.confinement import Confinement, Network, confinement_of, ready_message
from privacyguard.analysis.messages import BadAnswer
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Box, Candidate, Face, PictureAnalysis, Quality, Unreadable
from privacyguard.model.progress import CancelToken
from tests.conftest import Portraits
from tests.support import evil_workers

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no filter to go without")
WHOLE = Confinement(7, True, 3 * 1024**3, Network.NONE)


FACE = Face(Box(0, 0, 9, 9), ((0.0, 0.0),) * 5, Quality(9, 100.0, 50.0, 0.0, 0.9))


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnalysisPool]:
    """A pool on a computer whose system cannot filter calls, and says so."""
    monkeypatch.setattr(worker, "run", evil_workers.is_open_to_the_web)
    with AnalysisPool(workers=1) as pool:
        yield pool


@on_linux
def test_pictures_from_the_web_are_not_looked_at_without_a_filter(
    unfiltered: AnalysisPool, free_portraits: Portraits
) -> None:
    content = free_portraits.astronaut.read_bytes()
    for look in (
        lambda: unfiltered.analyse(content),
        lambda: unfiltered.cut(content, FACE),
    ):
        with pytest.raises(PictureUnreadable) as told:
            look()
        assert told.value.reason is Unreadable.NOT_CONFINED
    items = [Candidate(path=free_portraits.astronaut), Candidate(content=content)]
    done = {item.path: result for item, result in unfiltered.analyse_each(items, CancelToken())}
    assert isinstance(done[free_portraits.astronaut], PictureAnalysis)
    assert done[None] is Unreadable.NOT_CONFINED


@on_linux
def test_own_pictures_are_looked_at_without_a_filter(unfiltered: AnalysisPool, free_portraits: Portraits) -> None:
    content = free_portraits.astronaut.read_bytes()
    assert len(unfiltered.analyse(free_portraits.astronaut).faces) == 1
    assert len(unfiltered.analyse(content, own=True).faces) == 1
    assert unfiltered.prepare_upload(content).startswith(b"\xff\xd8\xff")


@on_linux
def test_doctor_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.worker_limits().ok
    assert "calls filtered" in doctor.worker_limits().detail
    monkeypatch.setattr(worker, "run", evil_workers.is_open_to_the_web)
    told = doctor.worker_limits()
    assert not told.ok
    assert "calls not filtered" in told.detail
    assert "pictures from the web are not looked at" in told.detail
    monkeypatch.setattr(worker, "run", evil_workers.dies_at_the_start)
    assert doctor.worker_limits() == doctor.Check("worker limits", False, "a worker does not start")


# --- the first message ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [WHOLE, Confinement(0, False, 0, Network.BEST_EFFORT)])
def test_what_was_given_up_arrives_as_it_was_told(told: Confinement) -> None:
    assert confinement_of(ready_message(told)) == told


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("landlock", True),
        ("landlock", -1),
        ("landlock", "7"),
        ("landlock", 1e9),
        ("seccomp", 1),
        ("seccomp", None),
        ("memory_bytes", -1),
        ("memory_bytes", 2**60),
        ("memory_bytes", 3.5),
        ("network", "everything"),
        ("network", ["none"]),
        ("network", None),
    ],
)
def test_first_message_in_another_form_is_refused(part: str, value: object) -> None:
    parts = json.loads(ready_message(WHOLE))["ready"]
    with pytest.raises(BadAnswer):
        confinement_of(json.dumps({"ready": {**parts, part: value}}).encode())


@pytest.mark.parametrize("message", [b"", b"[]", b'{"ready": true}', b'{"ready": []}', b'{"faces": []}', b"\x80\x04."])
def test_other_first_messages_are_refused(message: bytes) -> None:
    with pytest.raises(BadAnswer):
        confinement_of(message)


@on_linux
def test_on_linux_only_a_filter_is_enough_for_the_web() -> None:
    assert WHOLE.holds_for_the_web
    assert Confinement(0, True, 1, Network.NONE).holds_for_the_web
    assert not Confinement(7, False, 1, Network.BEST_EFFORT).holds_for_the_web


def test_pool_tells_what_its_workers_gave_up() -> None:
    with AnalysisPool(workers=1) as pool:
        told = pool.confinement()
        assert told == pool.confinement()
    assert told.memory_bytes <= 3 * 1024**3
    assert told.network is (Network.NONE if told.seccomp else Network.BEST_EFFORT)


# --- macOS: what can be seen from elsewhere --------------------------------------------------------------------------


def test_rules_for_macos_close_the_home_before_they_open_the_program(tmp_path: Path) -> None:
    strange = tmp_path / 'a "b" \\c'
    rules = profile(tmp_path, [strange]).splitlines()
    assert rules[0] == "(version 1)"
    for closed in ("network*", "process-exec*", "process-fork", "file-write*"):
        assert f"(deny {closed})" in rules
    home, program = rules[-2:]
    assert home == f'(deny file-read* (subpath "{tmp_path}"))'
    assert program == f'(allow file-read* (subpath "{tmp_path}/a \\"b\\" \\\\c"))'
