"""clean: a copy without hidden details; the photo stays; nothing is written over."""

import os
import stat
from pathlib import Path

import pytest

from privacyguard.model.provenance import HiddenKind
from privacyguard.pictures.blocks import read_blocks
from privacyguard.pictures.metadata import hidden_details
from tests.support.commands import CommandLine
from tests.support.photos import SECRETS, drawing, encoded, exif, jpeg, phone_jpeg


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(phone_jpeg(6))
    return path


def test_copy_holds_nothing_and_says_what_went(privacyguard: CommandLine, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.JPG"
    old = os.umask(0)
    try:
        done = privacyguard("clean", photo, "--out", out, "--json")
    finally:
        os.umask(old)
    assert (done.status, done.json) == (0, {"out": str(out), "removed": [kind.value for kind in HiddenKind]})
    assert hidden_details(read_blocks(out.read_bytes(), whole=True)).kinds == frozenset()
    assert not any(secret in out.read_bytes() for secret in SECRETS)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert photo.read_bytes() == phone_jpeg(6)


def test_words_name_what_the_copy_does_not_tell(privacyguard: CommandLine, photo: Path, tmp_path: Path) -> None:
    done = privacyguard("clean", photo, "--out", tmp_path / "copy.jpg")
    assert done.status == 0
    assert "The photo itself stays as it is." in done.out
    assert "where it was taken, when it was taken" in done.out
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(jpeg())
    assert "We found nothing hidden" in privacyguard("clean", plain, "--out", tmp_path / "copy-2.jpg").out


def test_heic_becomes_jpeg_and_the_ending_has_to_say_so(privacyguard: CommandLine, tmp_path: Path) -> None:
    photo = tmp_path / "photo.heic"
    photo.write_bytes(encoded(drawing(), "HEIF", exif=b"Exif\0\0" + exif()))
    refused = privacyguard("clean", photo, "--out", tmp_path / "copy.png")
    assert refused.status == 2
    assert ".jpg or .jpeg" in refused.err
    assert not (tmp_path / "copy.png").exists()
    assert privacyguard("clean", photo, "--out", tmp_path / "copy.jpg").status == 0


def test_nothing_is_written_over(privacyguard: CommandLine, photo: Path, tmp_path: Path) -> None:
    there, link = tmp_path / "there.jpg", tmp_path / "link.jpg"
    there.write_bytes(b"mine")
    link.symlink_to(tmp_path / "nowhere.jpg")
    for out in (there, link, photo):
        done = privacyguard("clean", photo, "--out", out)
        assert done.status == 1
        assert "We do not write over files." in done.err
    assert there.read_bytes() == b"mine"
    assert not (tmp_path / "nowhere.jpg").exists()
    assert photo.read_bytes() == phone_jpeg(6)


def test_what_cannot_be_done_is_said(privacyguard: CommandLine, photo: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("no picture")
    pages = tmp_path / "pages.tiff"
    pages.write_bytes(encoded(drawing(), "TIFF", save_all=True, append_images=[drawing()]))
    cases = (
        (text, tmp_path / "a.jpg", 1, "not a kind of picture that we open"),
        (tmp_path / "gone.jpg", tmp_path / "a.jpg", 1, "it is not there any more"),
        (pages, tmp_path / "a.png", 1, "more than one picture"),
        (photo, tmp_path / "no-folder" / "a.jpg", 1, "This file cannot be written."),
        (photo, tmp_path / "a.txt", 2, "A copy ends in .jpg, .png, .webp or .gif."),
    )
    for source, out, status, words in cases:
        done = privacyguard("clean", source, "--out", out)
        assert (done.status, words in done.err) == (status, True), done.err
        assert not out.exists()
    assert privacyguard("clean", photo).status == 2
