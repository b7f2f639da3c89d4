"""The documents of the Debian package."""

from pathlib import Path

import pytest

from tests.support.making import module

build_deb = module("linux/build_deb")


def test_the_notice_of_everything_inside_lies_beside_the_copyright_file(tmp_path: Path) -> None:
    build_deb.write_papers(tmp_path / "usr/share", None)
    documents = tmp_path / "usr/share/doc/privacyguard"
    assert "/usr/share/doc/privacyguard/licences.txt" in (documents / "copyright").read_text("utf-8")
    with pytest.raises(FileNotFoundError):
        (documents / "licences.txt").read_text("utf-8")
    inside = tmp_path / "usr/lib/privacyguard/_internal/resources/licences"
    inside.mkdir(parents=True)
    (inside / "notice.txt").write_text("everything", "utf-8")
    assert (documents / "licences.txt").read_text("utf-8") == "everything"
    assert not (documents / "licences.txt").readlink().is_absolute()
