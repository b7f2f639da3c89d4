"""An export is read by a closed-off worker that then ends. It can do nothing else; whatever it answers, the app lives on."""

import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import chdir
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any

import pytest

from privacyguard.analysis import export_worker, landlock
from privacyguard.analysis.export_messages import read_of
from privacyguard.analysis.export_reader import read_in_worker
from privacyguard.analysis.messages import BadAnswer
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import Cancelled
from privacyguard.model.export import ExportEmpty, ExportNotOpened, ExportTooLarge, ExportUnknown, ExportUnreadable
from privacyguard.model.progress import CancelToken
from privacyguard.selftest import closed_off
from tests.support import attacks, children, evil_readers, evil_workers
from tests.unit.analysis.test_confine import PATIENCE_S, Place, child_of, needs_both
from tests.unit.analysis.test_exports import CANARIES, EXPORTS, PASSWORD, USER, written
from tests.unit.test_light_imports import modules_after

EXPORT = written(*EXPORTS["chrome"]).encode()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "Chrome Passwords.csv"
    path.write_bytes(EXPORT)
    return path


def test_a_file_is_read_and_the_worker_is_gone_afterwards(export: Path) -> None:
    before = set(multiprocessing.active_children())
    read = read_in_worker(export, False, CancelToken())
    assert (read.kind, read.sites, read.names) == ("chrome", ("example.com",), ("Example Gym",))
    assert set(multiprocessing.active_children()) == before
    assert export.read_bytes() == EXPORT


def test_the_worker_ends_by_itself_after_its_one_answer() -> None:
    worker = WorkerProcess(export_worker.run)
    try:
        worker.start(CancelToken())
        assert b"example.com" in worker.ask({"wants_passwords": False}, EXPORT, PATIENCE_S, CancelToken())
        children.wait_for_end(worker._process.pid or 0)
    finally:
        worker.kill()


@pytest.mark.parametrize("wants_passwords", [False, True])
def test_nothing_of_the_other_columns_leaves_the_worker(export: Path, wants_passwords: bool) -> None:
    worker = WorkerProcess(export_worker.run)
    descriptor = os.open(export, os.O_RDONLY)
    try:
        worker.start(CancelToken())
        answer = worker.ask({"wants_passwords": wants_passwords}, descriptor, PATIENCE_S, CancelToken()).decode()
    finally:
        os.close(descriptor)
        worker.kill()
    told = json.loads(answer)
    assert set(told) == {"kind", "sites", "names", "passwords", "rows", "left_out"}
    assert len(told["passwords"]) == (2 if wants_passwords else 0)
    told["passwords"] = [label for label, _code in told["passwords"]]
    plain = json.dumps(told).lower()
    assert [each for each in (USER, PASSWORD, *CANARIES) if each.lower() in plain] == []


def test_the_reader_loads_no_library_of_pictures_and_none_of_the_network() -> None:
    """So that there is little that a file could misuse."""
    loaded = modules_after(
        "from privacyguard.analysis.export_worker import SAMPLE, ExportReader\n"
        "ExportReader().answer({'wants_passwords': True}, SAMPLE.encode())"
    )
    assert {"publicsuffixlist", "idna"} <= loaded
    assert not loaded & {
        "numpy",
        "cv2",
        "PIL",
        "requests",
        "urllib3",
        "keyring",
        "sqlcipher3",
        "PySide6",
        "ssl",
        "http",
    }


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (b"", ExportEmpty, None),
        (b"first,last\nzoe,q\n", ExportUnknown, None),
        (b'url\nhttps://example.com\n"', ExportUnreadable, 3),
        (b"url\n" + b"".join(b"https://example%d.com\n" % each for each in range(60_000)), ExportTooLarge, None),
    ],
)
def test_what_the_reader_refuses_arrives_as_it_said_it(
    tmp_path: Path, content: bytes, kind: type[ExportUnreadable], line: int | None
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ExportUnreadable) as told:
        read_in_worker(tmp_path / "a.csv", False, CancelToken())
    assert type(told.value) is kind
    assert told.value.line == line


def test_only_a_plain_file_of_up_to_64_mb_is_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to("/dev/zero")
    with pytest.raises(ExportTooLarge):
        read_in_worker(tmp_path / "large.csv", False, CancelToken())
    for path in (tmp_path, tmp_path / "missing.csv", tmp_path / "pipe.csv", tmp_path / "link.csv", Path("/dev/zero")):
        with pytest.raises(ExportNotOpened) as told:
            read_in_worker(path, False, CancelToken())
        assert str(path) not in f"{told.value} {told.value.title} {told.value.remedy}"


# --- attacks --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, dict[str, Any], bytes]]:
    """A confined reader that tried everything: where, what came of it, and its answer to a request afterwards."""
    home, folder = tmp_path_factory.mktemp("home-of-somebody"), tmp_path_factory.mktemp("downloads")
    (home / attacks.SECRET).parent.mkdir()
    (home / attacks.SECRET).write_bytes(b"secret")
    given = folder / attacks.GIVEN
    given.write_bytes(EXPORT)
    given.chmod(0o644)
    with child_of(evil_readers.confined, str(home), str(folder)) as (pipe, process), given.open("rb") as file:
        send_handle(pipe, file.fileno(), process)
        assert pipe.poll(PATIENCE_S)
        told = json.loads(pipe.recv_bytes(100_000))
        pipe.send_bytes(json.dumps({"token": "t", "has_content": False, "wants_passwords": False}).encode())
        send_handle(pipe, file.fileno(), process)
        assert pipe.poll(PATIENCE_S)
        yield Place(home, folder, given), told, pipe.recv_bytes(2**20)


@needs_both
@pytest.mark.parametrize("attack", attacks.ATTACKS)
def test_attack_fails_in_the_reader(attacked: tuple[Place, dict[str, Any], bytes], attack: str) -> None:
    """That they succeed where nothing was given up is shown in test_confine.py."""
    assert attacked[1][attack] is not None


@needs_both
def test_a_reader_that_tried_everything_left_no_trace_and_still_reads(
    attacked: tuple[Place, dict[str, Any], bytes],
) -> None:
    place, _told, answer = attacked
    assert read_of(answer.removeprefix(b"t"), False).sites == ("example.com",)
    assert [path.name for path in place.folder.iterdir()] == [attacks.GIVEN]
    assert [path.name for path in place.home.iterdir()] == [".ssh"]
    assert place.given.read_bytes() == EXPORT


@pytest.mark.skipif(sys.platform != "linux" or not landlock.version(), reason="this system has no Landlock")
def test_files_are_closed_off_as_far_as_the_kernel_can() -> None:
    worker = WorkerProcess(export_worker.run)
    try:
        assert worker.start(CancelToken()).landlock == landlock.version()
    finally:
        worker.kill()


# --- evil readers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evil",
    [
        evil_workers.pickles,
        evil_workers.pickles_without_a_token,
        evil_workers.pickles_when_ready,
        evil_workers.floods,
        evil_workers.babbles,
        evil_workers.lies,
        evil_workers.answers_for_another,
        evil_workers.says_nothing_of_use,
        evil_workers.announces_gigabytes,
        evil_workers.sends_gigabytes,
        evil_workers.dies,
        evil_workers.dies_at_the_start,
        evil_workers.is_silent,
        evil_workers.stops_within_an_answer,
    ],
)
def test_an_evil_reader_costs_one_export(evil: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(export_worker, "run", evil)
    before = set(multiprocessing.active_children())
    with chdir(tmp_path), pytest.raises(ExportUnreadable) as told:
        read_in_worker(EXPORT, False, CancelToken(), timeout_s=2.0)
    assert type(told.value) is ExportUnreadable
    assert told.value.line is None
    assert list(tmp_path.iterdir()) == []  # nothing was unpickled
    assert set(multiprocessing.active_children()) == before


@pytest.mark.parametrize("lie", ["sites as one text", "passwords that nobody asked for", "a text as a line"])
def test_a_lying_reader_is_not_believed(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_worker, "run", evil_readers.lies)
    with pytest.raises(ExportUnreadable):
        read_in_worker(lie.encode(), False, CancelToken())


@pytest.mark.parametrize("lie", evil_readers.LIES)
def test_no_lie_has_the_agreed_form(lie: str) -> None:
    with pytest.raises(BadAnswer):
        read_of(json.dumps(evil_readers.LIES[lie]).encode(), False)


@pytest.mark.parametrize("lie", evil_readers.LIES_ABOUT_PASSWORDS)
def test_no_lie_about_passwords_has_the_agreed_form(lie: str) -> None:
    with pytest.raises(BadAnswer):
        read_of(json.dumps(evil_readers.LIES_ABOUT_PASSWORDS[lie]).encode(), True)


def test_what_the_lies_differ_from_is_believed() -> None:
    good = evil_readers.GOOD | {"sites": ["a.com", "b.com"], "names": ["Example Gym"]}
    assert read_of(json.dumps(good).encode(), False).sites == ("a.com", "b.com")
    good["passwords"] = [["", evil_readers.CODE], ["Example Gym", evil_readers.CODE], ["a.com", evil_readers.CODE]]
    assert len(read_of(json.dumps(good).encode(), True).passwords) == 3


def test_the_person_may_stop_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        read_in_worker(EXPORT, False, stopped)
    monkeypatch.setattr(export_worker, "run", evil_workers.is_silent)
    before, token = set(multiprocessing.active_children()), CancelToken()
    threading.Timer(0.5, token.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        read_in_worker(EXPORT, False, token)
    assert time.monotonic() - start < 10.0
    assert set(multiprocessing.active_children()) == before


def test_the_self_test_says_whether_lists_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert closed_off.exports().ok
    monkeypatch.setattr(export_worker, "run", evil_workers.dies_at_the_start)
    assert not closed_off.exports().ok
    monkeypatch.setattr(closed_off, "EXPORT", "url\nhttps://example.com\n")
    monkeypatch.undo()
    monkeypatch.setattr(closed_off, "EXPORT", "name,url,username,password\nA,https://example.org,a,b\n")
    assert closed_off.exports().detail == "read, and not as they are"
