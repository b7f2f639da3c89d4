"""What is inside the installed app, by where its files came from, and the notice of it. Used by the spec alone."""

import os
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from privacyguard.licences.composing import composed
from privacyguard.licences.notice import LicenceMissing, Part

DOCUMENTS = Path("/usr/share/doc")
COMMON = Path("/usr/share/common-licenses")
"""Whole texts that Debian keeps once for all its packages."""

_NAMES_COMMON = re.compile(rf"{COMMON}/([A-Za-z0-9.+-]*[A-Za-z0-9])")
MOST_SIGNS = 80
_OTHERS = "see its text"


@dataclass(frozen=True)
class Inside:
    """Where the files came from: packages of Python, and packages of the system."""

    packages: tuple[Distribution, ...]
    system: tuple[str, ...]


def notice(sources: Iterable[str], root: Path) -> tuple[Part, ...]:
    """Every part that these files belong to, Python and the parts inside of packages among them.

    Args:
        sources: the files that go in, by where they were taken from.
        root: the folder of our own sources.

    Raises:
        LicenceMissing: nobody says whose a file is, or a part has no text of its licence.
    """
    found = inside(sources, root)
    parts = composed(found.packages, root / "resources" / "licences", root / "LICENSE")
    system = [system_part(name, DOCUMENTS) for name in found.system]
    return (*parts, python_part(_places_of_licence()), *system, *common_parts(system, COMMON))


def inside(sources: Iterable[str], root: Path, installed: Mapping[str, Distribution] | None = None) -> Inside:
    """Whose these files are. ``installed``: the packages by their files, those of this Python unless they are given.

    Raises:
        LicenceMissing: as for :func:`notice`.
    """
    owners = installed if installed is not None else _owners()
    environment = Path(sysconfig.get_path("purelib"))
    packages: dict[str, Distribution] = {}
    system: set[str] = set()
    for source in sorted(set(sources)):
        path = Path(source)
        owner = owners.get(source)
        if owner is not None:
            packages[owner.name] = owner
        elif path.is_relative_to(environment):
            raise LicenceMissing(source)
        elif not path.is_relative_to(root) and not _is_python(path):
            system.add(system_package(path))
    return Inside(tuple(packages.values()), tuple(sorted(system)))


def system_package(library: Path) -> str:
    """The package of the system that a library was taken from.

    Raises:
        LicenceMissing: it is from none, or this system is not Debian or one that is made from it.
    """
    real = library.resolve()
    for place in dict.fromkeys((library, real, Path(f"/usr{library}"), Path(str(real).removeprefix("/usr")))):
        if sys.platform == "linux":
            done = subprocess.run(["dpkg", "-S", str(place)], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return done.stdout.split(":")[0]
    raise LicenceMissing(library)


def system_part(package: str, documents: Path) -> Part:
    """A package of the system, with what its copyright file says.

    Raises:
        LicenceMissing: it has none.
    """
    file = documents / package / "copyright"
    if not file.is_file():
        raise LicenceMissing(package)
    text = file.read_text("utf-8", "replace")
    return Part(package, _version(package), short_licence(text), text)


def short_licence(copyright_file: str) -> str:
    """The names of the licences in a copyright file of Debian, but for what Debian added; where it has a form for them."""
    names: dict[str, None] = {}
    for paragraph in re.split(r"\n\s*\n", copyright_file):
        files = re.search(r"^Files:\s*(.+?)^\S", paragraph, re.MULTILINE | re.DOTALL)
        name = re.search(r"^License:[ \t]*(\S.*)$", paragraph, re.MULTILINE)
        if files and name and not all(each.startswith("debian/") for each in files[1].split()):
            names[name[1].strip()] = None
    words = ", ".join(names)
    if len(words) > MOST_SIGNS:
        fitting = words[:MOST_SIGNS].rpartition(",")[0]
        words = f"{fitting}, {_OTHERS}" if fitting else ""
    return words or _OTHERS.capitalize()


def common_parts(system: Iterable[Part], folder: Path) -> list[Part]:
    """The whole texts that copyright files only name."""
    named = {name for part in system for name in _NAMES_COMMON.findall(part.text)}
    files = {(folder / name).resolve() for name in named}
    return [Part(f"The text of {file.name}", "", file.name, file.read_text("utf-8")) for file in sorted(files)]


def python_part(places: Iterable[Path]) -> Part:
    """Python itself, with the first of these texts of its licence that is there.

    Raises:
        LicenceMissing: none is.
    """
    for place in places:
        if place.is_file():
            return Part("Python", platform.python_version(), "PSF-2.0", place.read_text("utf-8"))
    raise LicenceMissing("Python")


def _places_of_licence() -> tuple[Path, ...]:
    return Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt")


def _is_python(path: Path) -> bool:
    """Whether a file came with Python itself: its modules, its library, on Windows what lies beside it."""
    folders = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    own = Path(sys.base_prefix)
    is_apart = own not in (Path("/"), Path("/usr"), Path("/usr/local"))
    return any(path.is_relative_to(folder) for folder in [*folders, *([own] if is_apart else [])])


def _owners() -> dict[str, Distribution]:
    return {str(file.locate()): package for package in distributions() for file in package.files or ()}


def _version(package: str) -> str:
    words = ["dpkg-query", "--show", "--showformat=${Version}", package]
    return subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout
