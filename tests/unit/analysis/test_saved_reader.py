"""A saved page is read by a closed-off worker: nothing is fetched, no other file is opened, and a lie costs that page."""

import json
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import chdir
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any

import pytest

from privacyguard.analysis import saved_worker
from privacyguard.analysis.messages import REPLY_BYTES, BadAnswer
from privacyguard.analysis.saved_folder import DEPTH, files_beside
from privacyguard.analysis.saved_messages import NAME_LETTERS, answer_of, saved_of
from privacyguard.analysis.saved_pages import PICTURES, Inside, Saved
from privacyguard.analysis.saved_reader import opened_page
from privacyguard.errors import Cancelled
from privacyguard.model.progress import CancelToken
from privacyguard.model.saved import (
    NoSavedPage,
    SavedPageNotOpened,
    SavedPageTooLarge,
    SavedPageUnreadable,
    SavedPicture,
)
from tests.support import attacks, evil_page_readers, evil_workers
from tests.support import saved_pages as made
from tests.support.saved_pages import ADDRESS, Result
from tests.unit.analysis.test_confine import PATIENCE_S, Place, child_of, needs_both
from tests.unit.analysis.test_saved_pages import CLUB, png
from tests.unit.test_light_imports import modules_after

LARGE = png(1) + os.urandom(3 * 2**20)
"""More than goes over the pipe at once."""


def pictures(page: Path) -> list[SavedPicture]:
    with opened_page(page, CancelToken()) as opened:
        found = list(opened.pictures())
        assert (len(found), opened.lost) == (opened.page.count, 0)
        return found


def test_one_file_gives_its_pictures_whole(tmp_path: Path) -> None:
    page = tmp_path / "a.mhtml"
    page.write_bytes(made.mhtml([Result(LARGE, CLUB), Result(png(2), None, "https://cdn.example.com/b.png")]))
    before = set(multiprocessing.active_children())
    with opened_page(page, CancelToken()) as opened:
        assert (opened.page.title, opened.page.address, opened.page.count) == ("Results", ADDRESS, 2)
        found = list(opened.pictures())
    assert found == [
        SavedPicture(LARGE, "https://cdn.example.com/a.png", CLUB),
        SavedPicture(png(2), "https://cdn.example.com/b.png", ADDRESS),
    ]
    assert set(multiprocessing.active_children()) == before


@pytest.mark.parametrize("ending", ["_files", "-Dateien", ".files", "_fichiers", " files"])
def test_the_folder_beside_is_found_whatever_the_browser_calls_it(tmp_path: Path, ending: str) -> None:
    page = made.with_folder(tmp_path, [Result(png(1), CLUB), Result(png(2))], ending=ending)
    assert pictures(page) == [SavedPicture(png(1), None, CLUB), SavedPicture(png(2), None, ADDRESS)]


def test_pictures_beside_count_also_where_the_page_does_not_name_them(tmp_path: Path) -> None:
    page = made.with_folder(tmp_path, [Result(png(1))])
    page.write_text(made.html("a script made them"), "utf-8")
    assert [each.content for each in pictures(page)] == [png(1)]


# --- other files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../secret.png", "Results_files/../secret.png", "%2e%2e/secret.png", "secret.png", "file:///{}/secret.png",
     "/{}/secret.png", "Results_files/link.png",
     "Results_files/way/secret.png", r"..\secret.png", "Other_files/secret.png", "/dev/zero"],
)  # fmt: skip
def test_no_name_in_a_page_leads_to_another_file(tmp_path: Path, name: str) -> None:
    top = tmp_path / "downloads"
    top.mkdir()
    secret = png(99)
    for place in (tmp_path, top, top / "Other_files"):
        place.mkdir(exist_ok=True)
        (place / "secret.png").write_bytes(secret)
    page = made.with_folder(top, [Result(png(1))])
    (top / "Results_files" / "link.png").symlink_to(top / "secret.png")
    (top / "Results_files" / "way").symlink_to(tmp_path)
    page.write_text(made.html(made.linked(name.format(tmp_path), CLUB)), "utf-8")
    assert [each.content for each in pictures(page)] == [png(1)]


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "a.png").write_bytes(png())
    (tmp_path / "Results_files").symlink_to(tmp_path / "private")
    page = tmp_path / "Results.html"
    page.write_text(made.html("x"), "utf-8")
    assert files_beside(page) == {}
    assert pictures(page) == []


@pytest.mark.parametrize(
    "folder", ["Results", "Resultsfiles", "Results_files_of_mine/..", "Other_files", "Results_" + "x" * 40]
)
def test_a_folder_of_another_name_is_not_the_pages(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True) if ".." not in folder else (tmp_path / "Results-a-b").mkdir()
    for each in tmp_path.iterdir():
        (each / "a.png").write_bytes(png())
    assert files_beside(tmp_path / "Results.html") == {}


def test_only_so_deep(tmp_path: Path) -> None:
    folder = tmp_path / "Results_files"
    for _level in range(DEPTH + 2):
        folder.mkdir()
        (folder / "a.png").write_bytes(png())
        folder = folder / "in"
    assert len(files_beside(tmp_path / "Results.html")) == DEPTH


def test_what_is_no_plain_file_beside_is_passed_over(tmp_path: Path) -> None:
    page = made.with_folder(tmp_path, [Result(png(1))])
    os.mkfifo(tmp_path / "Results_files" / "pipe.png")
    (tmp_path / "Results_files" / "odd\n\u202e.png").write_bytes(png(2))
    assert [each.content for each in pictures(page)] == [png(1), png(2)]


def test_a_picture_that_is_gone_meanwhile_is_counted(tmp_path: Path) -> None:
    page = made.with_folder(tmp_path, [Result(png(1)), Result(png(2))])
    with opened_page(page, CancelToken()) as opened:
        (tmp_path / "Results_files" / "a b0.png").unlink()
        assert [each.content for each in opened.pictures()] == [png(2)]
        assert opened.lost == 1


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """A server that the page names everywhere is never asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        names = [
            f"<img src='{address}/a.png' srcset='{address}/b.png 2x'><link rel=stylesheet href='{address}/c.css'>",
            f"<base href='{address}/'><script src='{address}/d.js'></script><iframe src='{address}/e'></iframe>",
        ]
        page = tmp_path / "a.html"
        page.write_text(made.html("".join(names)), "utf-8")
        assert pictures(page) == []
        (tmp_path / "a.mhtml").write_bytes(made.message([made.html_part("".join(names))]))
        assert pictures(tmp_path / "a.mhtml") == []
        with pytest.raises(TimeoutError):
            server.accept()


def test_only_a_plain_file_of_up_to_64_mb_is_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.html").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "link.html").symlink_to("/dev/zero")
    (tmp_path / "text.html").write_text("no page", "utf-8")
    for name, kind in (
        ("large.html", SavedPageTooLarge),
        ("pipe.html", SavedPageNotOpened),
        ("link.html", SavedPageNotOpened),
        ("missing.html", SavedPageNotOpened),
        ("text.html", NoSavedPage),
    ):
        with pytest.raises(SavedPageUnreadable) as told, opened_page(tmp_path / name, CancelToken()):
            pass
        assert type(told.value) is kind, name
        assert name not in f"{told.value} {told.value.title} {told.value.remedy}"


def test_the_reader_loads_no_library_of_pictures_and_none_of_the_network() -> None:
    loaded = modules_after(
        "from privacyguard.analysis.saved_worker import SAMPLE, SavedPageReader\n"
        "SavedPageReader().answer({'do': 'read'}, SAMPLE.encode())"
    )
    assert {"email", "html", "publicsuffixlist"} <= loaded
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


# --- attacks ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, dict[str, Any], bytes]]:
    """A confined reader that tried everything: where, what came of it, and its answer to a request afterwards."""
    home, folder = tmp_path_factory.mktemp("home-of-somebody"), tmp_path_factory.mktemp("downloads")
    (home / attacks.SECRET).parent.mkdir()
    (home / attacks.SECRET).write_bytes(b"secret")
    given = folder / attacks.GIVEN
    given.write_bytes(made.mhtml([Result(png(1), CLUB)]))
    given.chmod(0o644)
    with child_of(evil_page_readers.confined, str(home), str(folder)) as (pipe, process), given.open("rb") as file:
        send_handle(pipe, file.fileno(), process)
        assert pipe.poll(PATIENCE_S)
        told = json.loads(pipe.recv_bytes(100_000))
        pipe.send_bytes(json.dumps({"token": "t", "has_content": False, "do": "read"}).encode())
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
    told = saved_of(answer.removeprefix(b"t"))
    assert [each.page for each in told.inside] == [CLUB]
    assert [path.name for path in place.folder.iterdir()] == [attacks.GIVEN]
    assert [path.name for path in place.home.iterdir()] == [".ssh"]


@pytest.mark.parametrize(
    "evil",
    [
        evil_workers.pickles_when_ready,
        evil_workers.announces_gigabytes,
        evil_workers.dies_at_the_start,
        evil_page_readers.gives_short_pieces,
        evil_page_readers.gives_nothing,
        evil_page_readers.gives_more,
        evil_page_readers.dies_between,
    ],
)
def test_an_evil_reader_costs_one_page(evil: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(saved_worker, "run", evil)
    page = tmp_path / "a.mhtml"
    page.write_bytes(made.mhtml([Result(png(1))]))
    before, files = set(multiprocessing.active_children()), set(tmp_path.iterdir())
    with (
        chdir(tmp_path),
        pytest.raises(SavedPageUnreadable) as told,
        opened_page(page, CancelToken(), timeout_s=3.0) as opened,
    ):
        list(opened.pictures())
    assert type(told.value) is SavedPageUnreadable
    assert set(tmp_path.iterdir()) == files  # nothing was unpickled
    assert set(multiprocessing.active_children()) == before


@pytest.mark.parametrize("lie", evil_page_readers.LIES)
def test_no_lie_has_the_agreed_form(lie: str) -> None:
    with pytest.raises(BadAnswer):
        saved_of(json.dumps(evil_page_readers.LIES[lie]).encode())


def test_what_the_lies_differ_from_is_believed() -> None:
    told = saved_of(json.dumps(evil_page_readers.GOOD).encode())
    assert [each.size for each in told.inside] == [3]
    assert told.beside == {"R_files/a.png": evil_page_readers.A}


def test_long_addresses_are_left_out_before_a_picture_is() -> None:
    address = "https://club.example.org/" + "ü" * 470
    inside = [Inside(b"x", address, address)] * PICTURES
    saved = Saved(None, None, inside, {f"{n}.png": address for n in range(5_000)} | {"x" * (NAME_LETTERS + 1): CLUB})
    answer = answer_of(saved)
    assert len(answer) <= REPLY_BYTES
    told = saved_of(answer)
    assert len(told.inside) == PICTURES
    assert told.inside[0].page == address
    assert told.inside[-1].page is None


def test_the_person_may_stop_at_any_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = made.with_folder(tmp_path, [Result(png(1))])
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled), opened_page(page, stopped):
        pass
    monkeypatch.setattr(saved_worker, "run", evil_workers.is_silent)
    token = CancelToken()
    threading.Timer(0.5, token.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled), opened_page(page, token):
        pass
    assert time.monotonic() - start < 10.0
