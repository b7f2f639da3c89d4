"""Pictures and videos in folders: each is found once, by its content; nothing ends the search or is silently lost."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from privacyguard.model.picture import Candidate, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.folder import Folders, recognise

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


def _no_record(_: object) -> None:
    pytest.fail("a search in folders asked the network")


def walk(*places: Path) -> Iterator[Candidate]:
    source = Folders()
    gateway = Network(_no_record, NetSettings("PrivacyGuard/test")).bind(source.info, CancelToken())
    return source.search(PictureQuery(folders=places), gateway)


def search(*places: Path) -> list[Candidate]:
    """What a first scan is given: every file of the walk that is recognised."""
    return [found for candidate in walk(*places) if (found := recognise(candidate)) is not None]


def names(found: list[Candidate], top: Path) -> list[str]:
    return [str(item.path.relative_to(top)) for item in found if item.path and item.unreadable is None]


def unreadable(found: list[Candidate], top: Path) -> dict[str, Unreadable]:
    return {str(item.path.relative_to(top)): item.unreadable for item in found if item.path and item.unreadable}


def write(top: Path, name: str, content: bytes = PNG) -> Path:
    path = top / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_pictures_of_all_depths_come_in_the_order_of_their_folders(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "sub/z.png", "sub/deep/er/c.png", "other/d.png"):
        write(tmp_path, name)
    found = search(tmp_path)
    assert names(found, tmp_path) == ["a.jpg", "b.png", "other/d.png", "sub/z.png", "sub/deep/er/c.png"]
    assert found == search(tmp_path)
    assert unreadable(found, tmp_path) == {}


def test_size_and_time_come_along_so_that_an_unchanged_file_can_be_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, "a.png")
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    (found,) = search(tmp_path)
    assert (found.size, found.mtime_ns) == (48, 1_700_000_000_123_456_789)


def test_picture_with_another_name_is_found_by_its_content(tmp_path: Path) -> None:
    for name in ("letter.txt", "without", "movie.mp4", ".hidden"):
        write(tmp_path, name, JPEG)
    assert set(names(search(tmp_path), tmp_path)) == {"letter.txt", "without", "movie.mp4", ".hidden"}


def test_text_that_is_named_like_a_picture_is_said_to_be_none(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.HEIC", "empty.png"):
        write(tmp_path, name, b"" if name.startswith("empty") else b"a letter, no picture")
    found = search(tmp_path)
    assert names(found, tmp_path) == []
    assert unreadable(found, tmp_path) == dict.fromkeys(("a.jpg", "b.HEIC", "empty.png"), Unreadable.NOT_A_PICTURE)


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.txt", "b.pdf", "c", "d.py"):
        write(tmp_path, name, b"something else entirely")
    os.mkfifo(tmp_path / "pipe")
    assert search(tmp_path) == []


def test_pipe_and_link_to_a_file_that_are_named_like_pictures_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    write(tmp_path, "whole.png")
    (tmp_path / "link.png").symlink_to("whole.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    found = search(tmp_path)
    assert names(found, tmp_path) == ["whole.png"]
    told = unreadable(found, tmp_path)
    assert told == dict.fromkeys(("pipe.jpg", "link.png", "zero.png"), Unreadable.NOT_A_FILE)


def test_broken_link_does_not_end_the_search(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to("nowhere")
    (tmp_path / "b").symlink_to("nowhere-either")
    write(tmp_path, "c.png")
    found = search(tmp_path)
    assert names(found, tmp_path) == ["c.png"]
    assert set(unreadable(found, tmp_path)) == {"a.jpg"}


def test_links_in_a_circle_end_and_each_picture_comes_once(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.png")
    (tmp_path / "sub" / "up").symlink_to("..")
    (tmp_path / "sub" / "self").symlink_to(".")
    (tmp_path / "zz").symlink_to("sub")
    assert len(names(search(tmp_path), tmp_path)) == 1


def test_link_to_a_folder_elsewhere_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/a.png")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to("../elsewhere")
    assert names(search(tmp_path / "here"), tmp_path) == ["here/link/a.png"]


def test_folder_within_another_one_is_looked_at_once(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.png")
    assert len(search(tmp_path, tmp_path / "sub", tmp_path)) == 1
    assert len(search(tmp_path / "sub", tmp_path)) == 1


def test_folder_that_may_not_be_read_is_told_and_the_others_are_looked_at(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the system lets root read everything")
    write(tmp_path, "open/a.png")
    closed = write(tmp_path, "closed/b.png").parent
    closed.chmod(0)
    try:
        found = search(tmp_path)
    finally:
        closed.chmod(0o700)
    assert names(found, tmp_path) == ["open/a.png"]
    assert unreadable(found, tmp_path) == {"closed": Unreadable.NO_PERMISSION}


def test_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.png")
    found = search(tmp_path / "gone", tmp_path)
    assert unreadable(found, tmp_path) == {"gone": Unreadable.GONE}
    assert names(found, tmp_path) == ["a.png"]


def test_file_that_the_person_named_is_looked_at_or_told(tmp_path: Path) -> None:
    assert names(search(write(tmp_path, "a.png")), tmp_path) == ["a.png"]
    letter = write(tmp_path, "letter.txt", b"no picture at all")
    assert unreadable(search(letter), tmp_path) == {"letter.txt": Unreadable.NOT_A_PICTURE}


@pytest.mark.parametrize("name", [b"two\nlines.png", b"\xff\xfe.png", b"esc\x1b[31m.png", "é中.png".encode(), b" .png"])
def test_every_name_that_the_system_allows_is_found(tmp_path: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    path.write_bytes(PNG)
    (found,) = search(tmp_path)
    assert found.path == path
    assert found.path.read_bytes() == PNG


def test_very_deep_folders_are_looked_at(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*["d"] * 300)
    deepest.mkdir(parents=True)
    write(deepest, "a.png")
    assert len(search(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\2\0"),
        ("b.mov", b"\0\0\0\x14ftypqt  \0\0\0\0"),
        ("no name", b"\x1a\x45\xdf\xa3" + bytes(12)),
        ("d.avi", b"RIFF\0\0\0\0AVI LIST"),
    ],
)
def test_videos_are_found_by_their_content(tmp_path: Path, name: str, head: bytes) -> None:
    write(tmp_path, name, head + bytes(40))
    write(tmp_path, "song.m4a", b"\0\0\0\x20ftypM4A \0\0\2\0" + bytes(40))
    assert names(search(tmp_path), tmp_path) == [name]


def test_text_that_is_named_like_a_video_is_said_to_be_none(tmp_path: Path) -> None:
    write(tmp_path, "a.mkv", b"a letter, no film")
    assert unreadable(search(tmp_path), tmp_path) == {"a.mkv": Unreadable.NOT_A_PICTURE}


def test_the_walk_opens_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.png", "sub/b.jpg", "letter.txt"):
        write(tmp_path, name)
    opened: list[object] = []
    real_open = os.open

    def noted(path: str, *arguments: int) -> int:
        opened.append(path)
        return real_open(path, *arguments)

    monkeypatch.setattr(os, "open", noted)
    found = list(walk(tmp_path))
    assert [(item.size, item.unreadable) for item in found] == [(48, None)] * 3
    assert opened == []
    assert [item for item in map(recognise, found) if item is not None] == found  # all are PNG
    assert len(opened) == 3


def test_what_changed_since_the_walk_is_told_as_it_is_now(tmp_path: Path) -> None:
    for name in ("gone.png", "grown.png", "text.png", "gone.txt"):
        write(tmp_path, name)
    found = list(walk(tmp_path))
    (tmp_path / "gone.png").unlink()
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "grown.png").write_bytes(PNG + b"more")
    (tmp_path / "text.png").write_bytes(b"no picture any more")
    now = [item for candidate in found if (item := recognise(candidate)) is not None]
    assert unreadable(now, tmp_path) == {"gone.png": Unreadable.GONE, "text.png": Unreadable.NOT_A_PICTURE}
    (grown,) = [item for item in now if item.unreadable is None]
    assert grown.size == 52


def test_search_is_lazy(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path, f"{number}.png")
    coming = walk(tmp_path)
    next(coming)
    remove: Callable[[], None] = (tmp_path / "4.png").unlink
    remove()
    assert len([item for item in coming if item.unreadable is None]) == 3
