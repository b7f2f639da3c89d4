"""Only regular files are opened, whatever else carries a picture's name; nothing hangs, nothing is followed."""

import os
import socket
import time
from pathlib import Path

import pytest

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.files import MAX_FILE_BYTES, head_of, is_picture, is_video, open_regular, read_bounded


def reason(path: Path) -> Unreadable:
    start = time.monotonic()
    with pytest.raises(PictureUnreadable) as told:
        read_bounded(path)
    assert time.monotonic() - start < 2.0
    assert str(path) not in str(told.value)
    return Unreadable(told.value.reason)


def test_regular_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"content")
    assert read_bounded(path) == b"content"
    descriptor = open_regular(path)
    assert os.read(descriptor, 3) == b"con"
    assert not os.get_inheritable(descriptor)
    os.close(descriptor)


def test_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES)
    assert len(read_bounded(path)) == MAX_FILE_BYTES
    with path.open("r+b") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert reason(path) is Unreadable.TOO_LARGE


def test_pipe_folder_socket_and_device_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.jpg"))
        for path in (pipe, tmp_path, tmp_path / "s.jpg", Path("/dev/zero"), Path("/dev/null")):
            assert reason(path) is Unreadable.NOT_A_FILE


def test_links_are_not_followed(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jpg"
    whole.write_bytes(b"content")
    for name, target in (("zero.jpg", "/dev/zero"), ("other.jpg", "whole.jpg"), ("loop.jpg", "loop.jpg")):
        link = tmp_path / name
        link.symlink_to(target)
        assert reason(link) is Unreadable.NOT_A_FILE


def test_link_to_nothing_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").symlink_to("nowhere")
    assert reason(tmp_path / "broken.jpg") in {Unreadable.NOT_A_FILE, Unreadable.GONE}


def test_missing_file_is_gone_and_a_name_that_cannot_be_is_no_file(tmp_path: Path) -> None:
    assert reason(tmp_path / "gone.jpg") is Unreadable.GONE
    assert reason(tmp_path / "with\0zero") is Unreadable.NOT_A_FILE
    assert reason(tmp_path / ("x" * 300)) is Unreadable.NOT_A_FILE
    (tmp_path / "file").write_bytes(b"x")
    assert reason(tmp_path / "file" / "below.jpg") is Unreadable.NOT_A_FILE


def test_file_that_may_not_be_read_is_told_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the system lets root read everything")
    path = tmp_path / "mine.jpg"
    path.write_bytes(b"content")
    path.chmod(0)
    assert reason(path) is Unreadable.NO_PERMISSION


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in (tmp_path, Path("/dev/null"), tmp_path / "gone"):
        with pytest.raises(PictureUnreadable):
            read_bounded(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(12), True),
        (b"\xff\xd8" + bytes(14), False),
        (b"\x89PNG\r\n\x1a\n" + bytes(8), True),
        (b"\x89PNG\n\n\x1a\n" + bytes(8), False),
        (b"GIF89a" + bytes(10), True),
        (b"GIF90a" + bytes(10), False),
        (b"II*\0" + bytes(12), True),
        (b"MM\0*" + bytes(12), True),
        (b"II*" + b"text of a letter"[:13], False),
        (b"RIFF\0\0\0\0WEBPVP8 ", True),
        (b"RIFF\0\0\0\0WAVEfmt ", False),
        (b"\0\0\0\x18ftypheic\0\0\0\0", True),
        (b"\0\0\0\x18ftypavif\0\0\0\0", True),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", True),
        (b"\0\0\0\x18ftypisom\0\0\0\0", False),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", False),
        (b"BM" + bytes(8) + b"\x36\0\0\0" + bytes(2), True),
        (b"BMW is a maker of", False),
        (b"BM", False),
        (b"", False),
    ],
)
def test_pictures_are_known_by_their_first_bytes(head: bytes, is_one: bool) -> None:
    assert is_picture(head[:16]) is is_one


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"\0\0\0\x18ftypisom\0\0\0\0", True),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", True),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", True),
        (b"\0\0\0\x18ftypheic\0\0\0\0", False),
        (b"\0\0\0\x18ftypavis\0\0\0\0", False),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", False),
        (b"\0\0\0\x18ftypcrx \0\0\0\0", False),
        (b"\0\0\0\x08wide\0\0\0\0mdat", True),
        (b"\0\0\0\x01mdat" + bytes(8), True),
        (b"\0\x10\0\0moov\0\0\0\x6cmvhd", True),
        (b"The wide open sea", False),
        (b"all free software", False),
        (b"\x1a\x45\xdf\xa3" + bytes(12), True),
        (b"\x1a\x45\xdf\xa4" + bytes(12), False),
        (b"RIFF\0\0\0\0AVI LIST", True),
        (b"RIFF\0\0\0\0WEBPVP8 ", False),
        (b"\0\0\0\x18ftyp", False),
        (b"", False),
    ],
)
def test_videos_are_known_by_their_first_bytes(head: bytes, is_one: bool) -> None:
    assert is_video(head[:16]) is is_one
    assert not (is_one and is_picture(head[:16]))


def test_open_file_is_read_from_its_start_and_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"content that is longer than a head")
    descriptor = open_regular(path)
    assert head_of(descriptor) == b"content that is "
    for _ in range(2):
        assert read_bounded(descriptor) == path.read_bytes()
    os.close(descriptor)  # raises if it is closed already
    with pytest.raises(PictureUnreadable) as told:
        head_of(descriptor)
    assert told.value.reason is Unreadable.BROKEN
