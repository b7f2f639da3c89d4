"""What the notice of the installed app says of files that are of no package of Python."""

import shutil
import sys
import sysconfig
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from privacyguard.licences.notice import LicenceMissing
from tests.support.commands import ROOT
from tests.support.making import module

inside = module("inside")

DEP5 = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: somebody
License: LGPL-2.1+
 On Debian systems the text is in /usr/share/common-licenses/LGPL-2.1.

Files: debian/*
Copyright: a packager
License: GPL-3

Files: one.c
  debian/two.c
Copyright: somebody else
License: Expat
"""


def owners(*names: str) -> dict[str, Distribution]:
    return {str(file.locate()): distribution(name) for name in names for file in distribution(name).files or ()}


def test_a_file_is_of_the_package_that_brought_it() -> None:
    known = owners("requests", "idna")
    source = next(place for place in known if place.endswith("requests/sessions.py"))
    ours = str(ROOT / "privacyguard" / "app.py")
    of_python = str(Path(sysconfig.get_path("stdlib")) / "json" / "decoder.py")
    found = inside.inside([source, ours, of_python], ROOT, known)
    assert [package.name for package in found.packages] == ["requests"]
    assert found.system == ()


def test_a_file_that_no_package_brought_stops_it() -> None:
    stray = str(Path(sysconfig.get_path("purelib")) / "stray.so")
    with pytest.raises(LicenceMissing, match=r"stray\.so"):
        inside.inside([stray], ROOT, {})


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="not Debian")
def test_a_library_of_the_system_is_of_its_package() -> None:
    library = next(Path("/usr/lib").glob("*/libdbus-1.so.3"))
    for place in (library, Path("/", *library.parts[2:])):  # with and without /usr
        assert inside.inside([str(place)], ROOT, {}).system == ("libdbus-1-3",)


def test_a_library_from_nowhere_stops_it(tmp_path: Path) -> None:
    with pytest.raises(LicenceMissing, match="libnobody"):
        inside.inside([str(tmp_path / "libnobody.so.1")], ROOT, {})


def test_a_package_of_the_system_without_a_copyright_file_stops_it(tmp_path: Path) -> None:
    with pytest.raises(LicenceMissing, match="libdbus-1-3"):
        inside.system_part("libdbus-1-3", tmp_path)


@pytest.mark.skipif(not Path("/usr/share/doc/libdbus-1-3/copyright").is_file(), reason="not Debian")
def test_a_package_of_the_system_is_told_as_its_copyright_file_says() -> None:
    part = inside.system_part("libdbus-1-3", inside.DOCUMENTS)
    assert part.text == Path("/usr/share/doc/libdbus-1-3/copyright").read_text("utf-8")
    assert "AFL-2.1" in part.licence
    assert part.version


def test_the_short_name_leaves_out_what_a_packager_added() -> None:
    assert inside.short_licence(DEP5) == "LGPL-2.1+, Expat"
    assert inside.short_licence("This package was made by somebody.\n\nLicense: free") == "See its text"


def test_a_short_name_is_short() -> None:
    many = "\n\n".join(f"Files: {n}\nCopyright: n\nLicense: A-licence-with-number-{n}\n" for n in range(20))
    assert len(inside.short_licence(many)) < 100
    assert inside.short_licence(many).endswith(", see its text")


def test_the_texts_that_copyright_files_name_are_added_once(tmp_path: Path) -> None:
    (tmp_path / "LGPL-2.1").write_text("The whole text.", "utf-8")
    (tmp_path / "LGPL").symlink_to("LGPL-2.1")
    texts = [f"See {inside.COMMON}/{name}." for name in ("LGPL-2.1", "LGPL")]
    parts = [inside.Part("a", "1", "x", text) for text in (*texts, DEP5)]
    added = inside.common_parts(parts, tmp_path)
    assert [(part.name, part.text) for part in added] == [("The text of LGPL-2.1", "The whole text.")]


def test_without_the_licence_of_python_there_is_no_notice(tmp_path: Path) -> None:
    with pytest.raises(LicenceMissing, match="Python"):
        inside.python_part([tmp_path / "LICENSE.txt"])
    (tmp_path / "LICENSE.txt").write_text("PSF", "utf-8")
    part = inside.python_part([tmp_path / "none", tmp_path / "LICENSE.txt"])
    assert (part.version, part.text) == (sys.version.split()[0], "PSF")
