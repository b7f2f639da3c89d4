"""The notice says of every package what it is and the whole text of its licence, or there is no notice."""

from collections.abc import Callable
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from privacyguard.licences.composing import composed, locked_names, parts_inside, plain_name, told
from privacyguard.licences.notice import LicenceMissing, Part, holding, read, written
from privacyguard.paths import resources
from tests.support.commands import ROOT

TOLD = """
[package.told-only]
licence = "MIT OR Apache-2.0"
texts = ["MIT.txt"]
words = "Where it says so: nowhere in the package."
crates = "*told.*"

[package.words-only]
licence = "MIT"
words = "Words are no licence."

[[part]]
name = "Weights"
inside = "Told_Only"
licence = "CC0-1.0"
texts = ["MIT.txt"]
"""

Install = Callable[..., Distribution]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "licences"
    (folder / "texts").mkdir(parents=True)
    (folder / "told.toml").write_text(TOLD, "utf-8")
    (folder / "texts" / "MIT.txt").write_text("Permission is granted.", "utf-8")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    own = tmp_path / "LICENSE"
    own.write_text("Our licence.", "utf-8")
    return own


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Puts a package there: its name, what its metadata says more, and its files."""

    def install(name: str, *said: str, **files: bytes) -> Distribution:
        site = tmp_path / "site"
        place = site / f"{name}-1.0.dist-info"
        contents = {path.replace("__", "/").replace("_DOT_", "."): content for path, content in files.items()}
        head = "\n".join([f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0", *said, "", ""])
        contents[f"{place.name}/METADATA"] = head.encode()
        for path, content in contents.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(content)
        (place / "RECORD").write_text("".join(f"{path},,\n" for path in contents), "utf-8")
        return PathDistribution(place)

    return install


def by_name(parts: tuple[Part, ...]) -> dict[str, Part]:
    return {part.name: part for part in parts}


def test_a_package_is_told_with_its_own_texts(install: Install, folder: Path, own: Path) -> None:
    package = install(
        "good",
        "License-Expression: MIT AND Zlib",
        good__LICENSE_DOT_txt=b"One text.",
        good__inside__COPYING=b"Another \xff text.",
        good__again__LICENSE=b"One text.",
        good__license_DOT_py=b"code",
    )
    part = by_name(composed([package], folder, own))["good"]
    assert (part.version, part.licence) == ("1.0", "MIT AND Zlib")
    assert part.text.count("One text.") == 1
    assert "Another � text." in part.text
    assert "code" not in part.text


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ("License: BSD", "BSD"),
        (f"License: {'a whole text ' * 9}\nClassifier: License :: OSI Approved :: MIT License", "MIT License"),
        ("Classifier: License :: OSI Approved :: BSD License", "BSD License"),
    ],
)
def test_the_short_name_is_where_the_package_has_it(
    install: Install, folder: Path, own: Path, said: str, licence: str
) -> None:
    package = install("named", said, LICENSE=b"A text.")
    assert by_name(composed([package], folder, own))["named"].licence == licence


def test_what_no_package_says_is_told(install: Install, folder: Path, own: Path) -> None:
    crate = b"\0/root/.cargo/registry/src/index-1a/serde_json-1.0.2/src/lib.rs\0"
    parts = composed([install("Told.Only", libtold_DOT_so=crate, libtold_DOT_txt=crate)], folder, own)
    assert [part.name for part in parts] == ["PrivacyGuard", "Told.Only", "Weights"]
    ours, package, weights = parts
    assert "Our licence." in ours.text
    assert package.licence == "MIT OR Apache-2.0"
    assert package.text.split("\n\n") == [
        "Where it says so: nowhere in the package.",
        "serde_json-1.0.2",
        "Permission is granted.",
    ]
    assert (weights.version, weights.licence, weights.text) == ("1.0", "CC0-1.0", "Permission is granted.")


def test_a_part_of_a_package_that_is_not_inside_is_not_told(install: Install, folder: Path, own: Path) -> None:
    parts = composed([install("good", "License: MIT", LICENSE=b"A text.")], folder, own)
    assert "Weights" not in by_name(parts)


@pytest.mark.parametrize(
    ("name", "said", "files"),
    [
        ("no-text", "License: MIT", {"README": b"Nothing."}),
        ("words-only", "License: MIT", {}),
        ("no-name", "Summary: good", {"LICENSE": b"A text."}),
    ],
)
def test_without_a_licence_there_is_no_notice(
    install: Install, folder: Path, own: Path, name: str, said: str, files: dict[str, bytes]
) -> None:
    with pytest.raises(LicenceMissing, match=name):
        composed([install(name, said, **files)], folder, own)


def test_a_notice_is_read_as_it_was_written() -> None:
    parts = (Part("One: two", "", "MIT", "A\n\nName: x\n\fB"), Part("Other", "1.0", "see its text", ""))
    again = read(written(parts))
    assert again == (Part("One: two", "", "MIT", "A\n\nName: x\nB"), parts[1])


def test_letters_find_a_part_by_name_and_licence() -> None:
    parts = (Part("Qt", "6.11", "LGPL-3.0", "Zlib"), Part("lxml", "6.1", "BSD-3-Clause", ""))
    assert holding(parts, " lgpl ") == parts[:1]
    assert holding(parts, "LXML") == parts[1:]
    assert holding(parts, "") == parts
    assert holding(parts, "zlib") == ()


def test_the_installed_app_reads_what_was_composed(tmp_path: Path) -> None:
    parts = (Part("Inside", "1", "MIT", "A text."),)
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "notice.txt").write_text(written(parts), "utf-8")
    assert parts_inside(tmp_path) == parts


def test_from_the_sources_everything_in_the_lock_is_told() -> None:
    names = {plain_name(part.name) for part in parts_inside(resources())}
    for_other_systems = {"colorama", "dlib", "pywin32-ctypes"}
    assert {plain_name(name) for name in locked_names(ROOT / "requirements.lock")} - names <= for_other_systems
    assert {"yunet, the weights that find faces", "public suffix list"} <= names


def test_the_portraits_of_the_self_test_are_told() -> None:
    ours = parts_inside(resources())[0].text
    portraits = [file.stem for file in (resources() / "selftest").glob("*-*.jpg") if not file.stem.endswith("-again")]
    assert len(portraits) == 2
    assert [name for name in portraits if name.replace("-", " ").title() not in ours] == []


def test_every_told_package_and_text_is_used() -> None:
    known = told(ROOT / "resources" / "licences")
    locked = {plain_name(name) for name in locked_names(ROOT / "requirements.lock")}
    freezing = {plain_name(name) for name in locked_names(ROOT / "packaging" / "requirements" / "freeze.lock")}
    assert set(known.packages) <= locked | freezing
    assert {plain_name(part["inside"]) for part in known.parts} <= locked
    used = {name for entry in (*known.packages.values(), *known.parts) for name in entry.get("texts", ())}
    assert used == {file.name for file in (known.folder / "texts").iterdir()}
