"""The digest of a file's content: the whole of it up to 256 MiB; of longer ones parts from the beginning to the end."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.errors import PictureUnreadable
from privacyguard.pictures.files import WHOLE_BYTES, content_sha256


def digest(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return content_sha256(descriptor)
    finally:
        os.close(descriptor)


@pytest.fixture
def long_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "long.mkv"
    path.touch()
    os.truncate(path, WHOLE_BYTES + 100_000_000)  # holes: takes no room
    yield path
    path.unlink()


@pytest.mark.parametrize("content", [b"", b"a", bytes(3_000_000) + b"end"])
def test_it_is_the_plain_digest_of_a_picture(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    assert digest(path) == hashlib.sha256(content).hexdigest()


def test_the_next_reader_starts_at_the_beginning_and_so_does_this_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"content")
    descriptor = os.open(path, os.O_RDONLY)
    os.read(descriptor, 3)
    assert content_sha256(descriptor) == hashlib.sha256(b"content").hexdigest()
    assert os.read(descriptor, 20) == b"content"
    os.close(descriptor)


def test_up_to_the_limit_every_byte_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.touch()
    os.truncate(path, WHOLE_BYTES)
    before = digest(path)
    with path.open("r+b") as file:
        file.seek(WHOLE_BYTES // 2 + 12_345)
        file.write(b"x")
    assert digest(path) != before


def test_a_long_file_is_known_by_size_ends_and_blocks_between(long_file: Path) -> None:
    size = long_file.stat().st_size
    plain = digest(long_file)
    found = {plain}
    for place in (0, 64 * 2**20 - 1, 64 * 2**20, size - 64 * 2**20 - 1, size - 64 * 2**20, size - 1):
        with long_file.open("r+b") as file:
            file.seek(place)
            file.write(b"x")
            file.flush()
            found.add(digest(long_file))
            file.seek(place)
            file.write(b"\0")
    assert len(found) == 7
    assert digest(long_file) == plain
    os.truncate(long_file, size + 1)
    assert digest(long_file) != plain


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(PictureUnreadable):
            content_sha256(descriptor)
    finally:
        os.close(descriptor)
